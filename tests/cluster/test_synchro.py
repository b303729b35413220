"""How a system forms, and what becomes of it when the instances that it needs are not there any more."""
from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, automatic

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

SLOW_START = Program('slow', options={'startsecs': '30'})


def formed_by(synchro: str, **options: str) -> Layout:
    return attrs.evolve(automatic(TRIO), options={'synchro_options': synchro, **options})


def state(daemon: Daemon) -> dict[str, Any]:
    answer: dict[str, Any] = daemon.call('supvisors.get_supvisors_state')
    return answer


def in_state(cluster: LocalCluster, name: str, daemons: list[Daemon] | None = None, timeout: float = 20.0) -> None:
    asked = cluster.alive if daemons is None else daemons
    wait_for(lambda: all(state(daemon)['fsm_statename'] == name for daemon in asked), timeout,
             f'{name} of {[daemon.nick for daemon in asked]}')


def first(daemons: Iterable[Daemon]) -> Daemon:
    """The one that the election prefers: the smallest identifier. The ports are drawn, so it may be any of them."""
    return min(daemons, key=lambda daemon: daemon.identifier)


def all_meet(cluster: LocalCluster) -> None:
    """Every living instance sees the living ones RUNNING."""
    alive = {daemon.identifier for daemon in cluster.alive}

    def met() -> bool:
        views = [state(daemon)['instance_states'] for daemon in cluster.alive]
        return all({name for name, seen in view.items() if seen == 'RUNNING'} == alive for view in views)

    wait_for(met, 20, 'all see each other')


# -- USER
@pytest.mark.parametrize('chosen, asked', [('sv03', 'sv02'), ('', 'sv03')])
def test_a_user_ends_the_synchronization(make_cluster: MakeCluster, chosen: str, asked: str) -> None:
    cluster = make_cluster(formed_by('USER'), start=False)
    cluster.spawn()
    all_meet(cluster)
    in_state(cluster, 'SYNCHRONIZATION')
    assert not any(state(daemon)['master_identifier'] for daemon in cluster)
    assert not any(daemon.programs() for daemon in cluster)
    assert cluster[asked].call('supvisors.end_sync', chosen) is True
    master = cluster.wait_operation()
    assert master is (cluster[chosen] if chosen else first(cluster))
    cluster.wait_running('auto:task')
    with pytest.raises(xmlrpc.client.Fault) as refused:
        cluster[asked].call('supvisors.end_sync', chosen)
    assert refused.value.faultCode == 101


def test_who_comes_late_needs_no_user(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(formed_by('USER'), start=False)
    for nick in ('sv02', 'sv03'):
        cluster[nick].spawn()
    all_meet(cluster)
    cluster['sv02'].call('supvisors.end_sync')
    master = cluster.wait_operation([cluster['sv02'], cluster['sv03']])
    cluster['sv01'].spawn()
    assert cluster.wait_operation() is master


def test_a_loss_calls_the_user_again(make_cluster: MakeCluster) -> None:
    """USER with RESYNC: back to the synchronization, and no dead end there."""
    cluster = make_cluster(formed_by('USER', supvisors_failure_strategy='RESYNC', failure_timeout='1'), start=False)
    cluster.spawn()
    all_meet(cluster)
    cluster['sv01'].call('supvisors.end_sync')
    cluster.wait_operation()
    home = cluster.wait_running('auto:task')
    lost = next(daemon for daemon in cluster if daemon is not home)
    lost.kill()
    in_state(cluster, 'SYNCHRONIZATION')
    assert home.programs(), 'what runs goes on'
    left = cluster.others(lost)
    left[0].call('supvisors.end_sync', left[1].nick)
    assert cluster.wait_operation(left) is left[1]


# -- CORE
def test_the_core_instances_are_enough(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(formed_by('CORE', core_identifiers='sv03,@web'), start=False)
    cluster.rewrite(attrs.evolve(cluster.layout, own={'sv02': {'stereotypes': '@web'}}))
    cluster['sv03'].spawn()
    in_state(cluster, 'SYNCHRONIZATION')
    assert state(cluster['sv03'])['degraded_mode'] is True
    cluster['sv02'].spawn()
    core = [cluster['sv02'], cluster['sv03']]
    master = cluster.wait_operation(core)
    assert master is first(core)
    assert not any(state(daemon)['degraded_mode'] for daemon in core)
    names = [item['nick_identifier'] for item in cluster['sv03'].call('supvisors.get_core_identifiers')]
    assert names == ['sv03', 'sv02']
    cluster['sv01'].spawn()
    assert cluster.wait_operation() is master, 'the Master stays, whatever the name of who has come'
    cluster['sv03'].kill()
    wait_for(lambda: all(state(daemon)['degraded_mode'] for daemon in cluster.alive), 10, 'degraded mode')
    in_state(cluster, 'OPERATION')


# -- TIMEOUT and LIST
@pytest.mark.parametrize('synchro', ['TIMEOUT', 'LIST,TIMEOUT', 'STRICT,TIMEOUT', 'CORE,TIMEOUT'])
def test_the_time_ends_the_synchronization(make_cluster: MakeCluster, synchro: str) -> None:
    layout = formed_by(synchro, synchro_timeout='3', core_identifiers='sv01')
    cluster = make_cluster(layout, start=False)
    there = [cluster['sv02'], cluster['sv03']]
    for daemon in there:
        daemon.spawn()
    cluster.wait_operation(there)
    assert state(there[0])['degraded_mode'] is (synchro != 'TIMEOUT')


def test_all_of_the_list(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(formed_by('LIST'))
    assert not any(state(daemon)['degraded_mode'] for daemon in cluster)


# -- the initial conditions are lost
def _with_slow_start(options: Mapping[str, str]) -> Layout:
    """An automatic start that takes half a minute: the system stays in DISTRIBUTION meanwhile."""
    rules = rules_file([application('auto', {'slow': {'start_sequence': 1, 'identifiers': 'sv01'}}, start_sequence=1)])
    return Layout(nicks=TRIO, programs=(SLOW_START,), groups={'auto': ('slow',)}, rules=rules, options=options)


def test_resync_during_the_distribution(make_cluster: MakeCluster) -> None:
    """An instance is lost while the automatic start goes on: back to the synchronization, and on when it returns."""
    options = {'synchro_options': 'STRICT', 'supvisors_failure_strategy': 'RESYNC', 'failure_timeout': '1'}
    cluster = make_cluster(_with_slow_start(options), start=False)
    cluster.spawn()
    in_state(cluster, 'DISTRIBUTION')
    cluster['sv03'].kill()
    in_state(cluster, 'SYNCHRONIZATION', cluster.alive)
    assert cluster['sv01'].programs(), 'what runs goes on'
    cluster['sv03'].spawn()
    wait_for(lambda: all(state(daemon)['fsm_statename'] in ('DISTRIBUTION', 'OPERATION') for daemon in cluster), 20,
             'all are at work again')
    assert len({state(daemon)['master_identifier'] for daemon in cluster}) == 1


def test_resync_in_operation_when_the_master_is_lost(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(formed_by('LIST', supvisors_failure_strategy='RESYNC', failure_timeout='1'))
    cluster['sv01'].kill()
    in_state(cluster, 'SYNCHRONIZATION')
    assert not any(state(daemon)['master_identifier'] for daemon in cluster.alive)
    cluster['sv01'].spawn()
    cluster.wait_operation()


def test_a_short_absence_is_no_loss(make_cluster: MakeCluster) -> None:
    """Restarted on purpose and back in time: nobody goes back to the synchronization."""
    cluster = make_cluster(formed_by('STRICT', supvisors_failure_strategy='RESYNC', failure_timeout='5'))
    assert 'Restarted' in cluster['sv03'].ctl('reload')
    wait_for(lambda: (cluster['sv03'].folder / 'supervisord.log').read_text().count('started with pid') == 2, 20,
             'sv03 started again')
    cluster.wait_operation()
    logs = '\n'.join((daemon.folder / 'supervisord.log').read_text() for daemon in cluster)
    assert 'RESYNC' not in logs


def _in_order(**options: str) -> Layout:
    """Two applications that stop one after the other, as their stop sequence says."""
    rules = rules_file([
        application('front', {'web': {'start_sequence': 1}}, start_sequence=2),
        application('back', {'db': {'start_sequence': 1}}, start_sequence=1),
    ])
    command = """/bin/sh -c 'trap "echo $0 told; sleep 0.5; echo $0 ends; exit 0" TERM; while :; do sleep 0.1; done' """
    told = {'stopwaitsecs': '10', 'stdout_logfile': '%(here)s/told.log'}
    return Layout(nicks=TRIO, programs=tuple(Program(name, command + name, options=told) for name in ('web', 'db')),
                  groups={'front': ('web',), 'back': ('db',)}, rules=rules,
                  options={'synchro_options': 'CORE', 'core_identifiers': 'sv01,sv02', **options})


def test_shutdown_is_not_caused_by_a_join_but_by_a_loss_and_in_order(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(_in_order(supvisors_failure_strategy='SHUTDOWN', failure_timeout='1'), start=False)
    core = [cluster['sv01'], cluster['sv02']]
    for daemon in core:
        daemon.spawn()
    cluster.wait_operation(core)
    for namespec in ('front:web', 'back:db'):
        cluster.wait_running(namespec, on=[cluster['sv01']])
    cluster['sv03'].spawn()
    cluster.wait_operation()
    cluster['sv02'].kill()
    for daemon in (cluster['sv01'], cluster['sv03']):
        assert daemon.wait(30) == 0
    told = (cluster['sv01'].folder / 'told.log').read_text().splitlines()
    assert told == ['web told', 'web ends', 'db told', 'db ends']


# -- dead ends
def test_nicks_of_supervisord_alone_elect_one_master_and_are_known_everywhere(make_cluster: MakeCluster) -> None:
    """The list has no nick: each instance learns those of the others, and none of them decides of anything."""
    cluster = make_cluster(automatic(TRIO), start=False)
    bare = ','.join(f'127.0.0.1:{daemon.port}' for daemon in cluster)
    own = {daemon.nick: {'local_identifier': daemon.identifier} for daemon in cluster}
    cluster.rewrite(attrs.evolve(cluster.layout, own=own, options={
        'supvisors_list': bare, 'synchro_options': 'CORE', 'core_identifiers': 'sv02,sv03'}))
    cluster.spawn()
    assert cluster.wait_operation().nick in ('sv02', 'sv03')
    for asked in cluster:
        for other in cluster:
            (info,) = asked.call('supvisors.get_instance_info', other.nick)
            assert (info['identifier'], info['nick_identifier']) == (other.identifier, other.nick)


def test_a_conflict_keeps_nobody_out(make_cluster: MakeCluster) -> None:
    """A process runs twice when the Master is lost and when an instance joins: the system goes on."""
    cluster = make_cluster(automatic(TRIO))
    for nick in ('sv02', 'sv03'):
        cluster[nick].call('supervisor.startProcess', 'auto:task')
    wait_for(lambda: len(cluster['sv03'].call('supvisors.get_process_info', 'auto:task')[0]['identifiers']) > 1, 10,
             'a conflict')
    cluster['sv01'].kill()

    def led(members: list[Daemon]) -> bool:
        views = [state(daemon) for daemon in members]
        return len({view['master_identifier'] for view in views} - {'', cluster['sv01'].identifier}) == 1 and all(
            view['fsm_statename'] in ('OPERATION', 'CONCILIATION') for view in views)

    wait_for(lambda: led(cluster.alive), 20, 'another Master')
    cluster['sv01'].spawn()
    wait_for(lambda: all(
        seen['statename'] == 'RUNNING'
        for daemon in cluster for seen in daemon.call('supvisors.get_all_instances_info')
    ) and all(
        state(daemon)['fsm_statename'] in ('OPERATION', 'CONCILIATION') for daemon in cluster
    ), 20, 'the joiner is at work with the others')
