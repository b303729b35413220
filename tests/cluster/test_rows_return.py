"""Instances that come late, or come back sooner than their loss could be noticed."""
from __future__ import annotations

import psutil
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, home_of, trio

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

STATES = 'supvisors.get_supvisors_state'


def log_of(daemon: Daemon) -> str:
    return (daemon.folder / 'supervisord.log').read_text()


def copies(cluster: LocalCluster, command: str) -> int:
    """The living programs of this command line, over all daemons."""
    lines = []
    for daemon in cluster.alive:
        for program in daemon.programs():
            try:
                lines.append(' '.join(program.cmdline()))
            except psutil.Error:
                continue
    return lines.count(command)


@pytest.mark.parametrize('role', ['slave', 'master'])
def test_killed_and_started_again_at_once(make_cluster: MakeCluster, role: str) -> None:
    """Long before the silence would be noticed: it is a loss and a join all the same, and nothing runs twice."""
    cluster = make_cluster(trio({'failure_timeout': '20'}))
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    for nick in TRIO:
        assert cluster.wait_running(home_of(nick)).nick == nick
    master = cluster.master()
    again = master if role == 'master' else cluster.others(master)[0]
    others = cluster.others(again)
    kept = {daemon.nick: {program.pid for program in daemon.programs()} for daemon in others}
    before = {daemon.nick: len(log_of(daemon)) for daemon in others}
    again.kill(programs=True)
    again.spawn()

    def told() -> bool:
        news = [log_of(daemon)[before[daemon.nick]:] for daemon in others]
        return all(f'{again.nick} is lost' in new and f'{again.nick} is RUNNING' in new for new in news)

    wait_for(told, 10, 'the others have told a loss and a join')
    after = cluster.wait_operation(timeout=15)
    if role == 'slave':
        assert after is master
        assert not any('Supvisors is in' in log_of(daemon)[before[daemon.nick]:] for daemon in others)
    cluster.wait_running(home_of(again.nick))
    for daemon in others:
        assert cluster.where(home_of(daemon.nick)) == [daemon.nick]
        assert kept[daemon.nick] <= {program.pid for program in daemon.programs()}, 'what runs is left alone'
    assert copies(cluster, '/bin/sleep 100000') == len(TRIO), 'one copy of each'


def slow_start() -> Layout:
    """The first application of the automatic start takes six seconds, the second one comes after it."""
    programs = (Program('base', options={'startsecs': '6'}), Program('top'))
    rules = rules_file([
        application('first', {'base': {'start_sequence': 1, 'identifiers': 'sv01'}}, start_sequence=1),
        application('second', {'top': {'start_sequence': 1, 'identifiers': 'sv03,sv01'}}, start_sequence=2),
    ])
    return Layout(nicks=TRIO, programs=programs, groups={'first': ('base',), 'second': ('top',)}, rules=rules,
                  options={'synchro_options': 'CORE', 'core_identifiers': 'sv01,sv02'})


def test_a_late_instance_during_the_automatic_start(make_cluster: MakeCluster) -> None:
    """It counts at once, interrupts nothing, and takes its share of what is still to be started."""
    cluster = make_cluster(slow_start(), start=False)
    core, late = [cluster['sv01'], cluster['sv02']], cluster['sv03']
    for daemon in core:
        daemon.spawn()
    wait_for(lambda: cluster['sv01'].programs(), 20, 'the automatic start has begun')
    (base,) = cluster['sv01'].programs()
    late.spawn()

    def counts() -> bool:
        views = [daemon.call(STATES) for daemon in cluster]
        assert {view['fsm_statename'] for view in views[:2]} == {'DISTRIBUTION'}, 'no state is left for a join'
        return (all(view['instance_states'][late.identifier] == 'RUNNING' for view in views)
                and views[2]['fsm_statename'] == 'DISTRIBUTION')

    wait_for(counts, 5, 'the late instance is RUNNING for all, and in DISTRIBUTION')
    cluster.wait_operation()
    assert cluster.wait_running('first:base').nick == 'sv01'
    assert cluster.wait_running('second:top').nick == 'sv03'
    assert [program.pid for program in cluster['sv01'].programs()] == [base.pid], 'it was not started again'
