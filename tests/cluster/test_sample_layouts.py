"""The usual ways to lay out a system, each as an administrator would write it."""
from __future__ import annotations

import random

import attrs
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, automatic

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]


def discovering(cluster: LocalCluster, layout: Layout, **options: str) -> Layout:
    """Nobody has a list: each knows its own name only, and a group and port that are its own among all tests."""
    draw = random.SystemRandom()
    group = f'239.{draw.randrange(1, 255)}.{draw.randrange(255)}.1:{draw.randrange(20000, 60000)}'
    own = {daemon.nick: {'supvisors_list': f'<{daemon.nick}>{daemon.identifier}'} for daemon in cluster}
    return attrs.evolve(layout, own=own, options={
        'multicast_group': group, 'multicast_interface': '127.0.0.1', 'synchro_options': 'LIST', **options})


def test_several_daemons_on_one_host(make_cluster: MakeCluster) -> None:
    """One list for all, a nick and a port for each."""
    cluster = make_cluster(automatic(TRIO))
    states = cluster['sv02'].call('supvisors.get_all_instances_info')
    assert [(item['nick_identifier'], item['statename']) for item in states] == [
        (daemon.nick, 'RUNNING') for daemon in sorted(cluster, key=lambda daemon: daemon.identifier)]
    cluster.wait_running('auto:task')


def test_discovery(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    cluster.rewrite(discovering(cluster, automatic(TRIO)))
    cluster.spawn()
    cluster.wait_operation()
    for daemon in cluster:
        view = daemon.call('supvisors.get_supvisors_state')
        assert view['discovery_mode'] is True
        assert len(view['instance_states']) == 3
        (found,) = daemon.call('supvisors.get_instance_info', 'sv03')
        assert found['identifier'] == cluster['sv03'].identifier
    assert cluster.wait_running('auto:task')


def test_discovery_of_who_comes_late_and_of_who_comes_back(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    cluster.rewrite(discovering(cluster, automatic(TRIO)))
    early = [cluster['sv01'], cluster['sv03']]
    for daemon in early:
        daemon.spawn()
    master = cluster.wait_operation(early)
    cluster['sv02'].spawn()
    assert cluster.wait_operation() is master
    master.kill(programs=True)
    left = cluster.others(master)
    names = {daemon.identifier for daemon in left}
    # for a moment there is none
    wait_for(lambda: left[0].call('supvisors.get_supvisors_state')['master_identifier'] in names, 20, 'another Master')
    master.spawn()
    cluster.wait_operation()


def test_core_instances_found_by_stereotype_in_discovery(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    layout = discovering(cluster, automatic(TRIO), synchro_options='CORE,TIMEOUT', core_identifiers='@SERVER',
                         synchro_timeout='20')
    own = {nick: {**options, **({'stereotypes': '@SERVER'} if nick != 'sv01' else {})}
           for nick, options in layout.own.items()}
    cluster.rewrite(attrs.evolve(layout, own=own))
    cluster.spawn()
    assert cluster.wait_operation().nick in ('sv02', 'sv03')


def test_the_secret_keeps_strangers_out_of_the_discovery(make_cluster: MakeCluster) -> None:
    """Another password: its beacons are counted and ignored, and it stays alone."""
    cluster = make_cluster(attrs.evolve(automatic(TRIO), username='toto', password='one'), start=False)
    layout = discovering(cluster, cluster.layout)
    cluster.rewrite(layout)
    conf = cluster['sv03'].conf
    conf.write_text(conf.read_text().replace('password=one', 'password=other'))
    cluster['sv03'].password = 'other'
    cluster.spawn()
    cluster.wait_operation([cluster['sv01'], cluster['sv02']])
    cluster.wait_operation([cluster['sv03']])
    for daemon in cluster:
        known = {item['nick_identifier'] for item in daemon.call('supvisors.get_all_instances_info')}
        assert known == ({'sv03'} if daemon.nick == 'sv03' else {'sv01', 'sv02'})
    log = cluster['sv01'].folder / 'supervisord.log'
    wait_for(lambda: 'beacon' in log.read_text(), 20, 'sv01 says that it ignores beacons')


NOWHERE = '203.0.113.7'
"""An address that no interface of this machine has."""


def log_of(daemon: Daemon) -> str:
    return (daemon.folder / 'supervisord.log').read_text()


def wait_told(daemon: Daemon, words: str) -> None:
    wait_for(lambda: words in log_of(daemon), 20, f'{words!r} in the log of {daemon.nick}')


def fsm_state(daemon: Daemon) -> str:
    state: str = daemon.call('supvisors.get_supvisors_state')['fsm_statename']
    return state


def late_network(make_cluster: MakeCluster, **options: str) -> LocalCluster:
    """The interface of sv03 does not exist; the two others are at work."""
    cluster = make_cluster(automatic(TRIO), start=False)
    layout = discovering(cluster, automatic(TRIO), **options)
    own = {**layout.own, 'sv03': {**layout.own['sv03'], 'multicast_interface': NOWHERE}}
    cluster.rewrite(attrs.evolve(layout, own=own))
    cluster.spawn()
    cluster.wait_operation([cluster['sv01'], cluster['sv02']])
    cluster.wait_running('auto:task', asked=cluster['sv01'])
    return cluster


def test_who_cannot_join_the_group_waits_and_starts_nothing(make_cluster: MakeCluster) -> None:
    cluster = late_network(make_cluster)
    late = cluster['sv03']
    wait_told(late, f'on interface {NOWHERE}')
    wait_told(late, 'the discovery does not work')
    # it would have begun alone two seconds after its start; the TICKs show that this time is over
    wait_for(lambda: late.call('supvisors.get_instance_info', 'sv03')[0]['local_sequence_counter'] >= 2, 20,
             'ten seconds of sv03')
    assert fsm_state(late) == 'SYNCHRONIZATION'
    assert not late.programs()
    late.conf.write_text(late.conf.read_text().replace(NOWHERE, '127.0.0.1'))
    late.ctl('reload')
    cluster.wait_operation()
    home = cluster.wait_running('auto:task')
    assert [daemon for daemon in cluster if daemon.programs()] == [home]


def test_the_time_of_a_user_ends_the_wait_for_the_group(make_cluster: MakeCluster) -> None:
    cluster = late_network(make_cluster, synchro_options='LIST,TIMEOUT', synchro_timeout='5')
    late = cluster['sv03']
    wait_told(late, 'CRIT')
    cluster.wait_operation([late])
    (told,) = [line for line in log_of(late).splitlines() if 'CRIT' in line and 'discovery' in line]
    assert 'the discovery does not work after synchro_timeout (5 s)' in told


def test_names_of_supervisord_that_no_list_could_hold_are_discovered(make_cluster: MakeCluster) -> None:
    """Identifiers of supervisord are free text."""
    cluster = make_cluster(automatic(TRIO), start=False)
    layout = discovering(cluster, automatic(TRIO))
    own = {daemon.nick: {'supvisors_list': '', 'local_identifier': daemon.identifier} for daemon in cluster}
    cluster.rewrite(attrs.evolve(layout, own=own))
    names = {'sv01': 'first host', 'sv02': 'user@host', 'sv03': 'c++'}
    for nick, name in names.items():
        conf = cluster[nick].conf
        text = conf.read_text()
        assert f'identifier={nick}\n' in text
        conf.write_text(text.replace(f'identifier={nick}\n', f'identifier={name}\n'))
    cluster.spawn()
    cluster.wait_operation()
    for asked in cluster:
        for nick, name in names.items():
            (found,) = asked.call('supvisors.get_instance_info', name)
            assert (found['identifier'], found['nick_identifier']) == (cluster[nick].identifier, name)
