"""The Master is lost while the whole is ending: the next one resumes it, and keeps the order of the stops."""
from __future__ import annotations

from pathlib import Path

import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO

pytestmark = [pytest.mark.live, pytest.mark.timeout(150)]

# it tells the folder of the cluster when it is told to stop, and when it ends, three seconds later
TELLS = """/bin/sh -c 'trap "echo $0 told >> ../told; sleep 3; echo $0 ends >> ../told; exit 0" TERM; """ \
        """while :; do sleep 0.1; done' """


def slow_to_stop() -> Layout:
    """`agents` stops before `stores`, which supervisord alone would not do; each has a process on either follower.

    The Core instance sv01 is the Master.
    """
    programs = {'agent2': 'sv02', 'agent3': 'sv03', 'store2': 'sv02', 'store3': 'sv03'}
    rules = rules_file([
        application(name, {program: {'start_sequence': 1, 'identifiers': home} for program, home in programs.items()
                           if program.startswith(kind)}, start_sequence=rank)
        for name, kind, rank in (('agents', 'agent', 2), ('stores', 'store', 1))])
    return Layout(
        nicks=TRIO, programs=tuple(Program(name, TELLS + name, options={'stopwaitsecs': '10'}) for name in programs),
        groups={'agents': ('agent2', 'agent3'), 'stores': ('store2', 'store3')}, rules=rules,
        options={'core_identifiers': 'sv01', 'failure_timeout': '1'})


def all_run(cluster: LocalCluster) -> None:
    for name in ('agents:agent', 'stores:store'):
        for nick in ('sv02', 'sv03'):
            assert cluster.wait_running(f'{name}{nick[-1]}', asked=cluster['sv02']).nick == nick


def told(cluster: LocalCluster) -> list[str]:
    path: Path = cluster.folder / 'told'
    return path.read_text().splitlines() if path.exists() else []


def lose_the_master_in_the_middle(cluster: LocalCluster, method: str, state: str) -> None:
    """A follower is asked; the Master is killed once the first application has been told to stop."""
    all_run(cluster)
    master, asked = cluster['sv01'], cluster['sv03']
    assert cluster.master() is master
    assert asked.call(f'supvisors.{method}') is True
    wait_for(lambda: {'agent2 told', 'agent3 told'} <= set(told(cluster)), 10, 'the first application is told to stop')
    wait_for(lambda: {daemon.call('supvisors.get_supvisors_state')['fsm_statename'] for daemon in cluster} == {state},
             2, f'all are in {state}')
    assert len(told(cluster)) == 2, 'the first application is still there'
    master.kill()


def stopped_in_order(cluster: LocalCluster) -> None:
    """Each was told once, and nothing of the second application before the first one had ended."""
    lines = told(cluster)
    assert len(lines) == 8 and len(set(lines)) == 8, lines
    assert all(line.startswith('agent') for line in lines[:4]), lines


def starts(daemon: Daemon) -> int:
    return (daemon.folder / 'supervisord.log').read_text().count('supervisord started with pid')


def test_the_next_master_ends_the_shutdown(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(slow_to_stop())
    lose_the_master_in_the_middle(cluster, 'shutdown', 'SHUTTING_DOWN')
    for nick in ('sv02', 'sv03'):
        assert cluster[nick].wait(40) == 0
    stopped_in_order(cluster)


def test_the_next_master_ends_the_restart(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(slow_to_stop())
    lose_the_master_in_the_middle(cluster, 'restart', 'RESTARTING')
    wait_for(lambda: [starts(cluster[nick]) for nick in ('sv02', 'sv03')] == [2, 2], 40, 'both started again')
    stopped_in_order(cluster)
    cluster['sv01'].spawn()
    cluster.wait_operation()
    all_run(cluster)
    assert [starts(daemon) for daemon in cluster] == [2, 2, 2], 'who comes back is not ended with the others'
    assert len(told(cluster)) == 8, 'nothing was stopped since'
