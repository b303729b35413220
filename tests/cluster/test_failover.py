"""An application survives the daemon under it."""
from __future__ import annotations

import signal

import pytest

from supvisors.demo import Daemon, LocalCluster, wait_for
from tests.cluster.layouts import TRIO, home_of

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]


def start_homes(cluster: LocalCluster) -> None:
    """Each instance runs its own process of `homes`."""
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    for nick in TRIO:
        assert cluster.wait_running(home_of(nick)).nick == nick


def a_slave(cluster: LocalCluster, master: Daemon) -> Daemon:
    return next(daemon for daemon in cluster if daemon is not master)


def moved(cluster: LocalCluster, lost: Daemon, survivors: list[Daemon], timeout: float = 20.0) -> Daemon:
    """Wait until every survivor sees the process of the lost instance on one of them, the same one."""
    home = cluster.wait_running(home_of(lost.nick), on=survivors, asked=survivors[0], timeout=timeout)
    for survivor in survivors[1:]:
        assert cluster.wait_running(home_of(lost.nick), asked=survivor) is home
    return home


def stays(cluster: LocalCluster, survivors: list[Daemon]) -> None:
    """The processes of the survivors have not moved, and were not restarted."""
    for survivor in survivors:
        assert cluster.where(home_of(survivor.nick), survivors[0]) == [survivor.nick]


def test_a_slave_is_killed(cluster: LocalCluster) -> None:
    start_homes(cluster)
    master = cluster.master()
    lost = a_slave(cluster, master)
    pids = {daemon.nick: [program.pid for program in daemon.programs()] for daemon in cluster}
    lost.kill()
    survivors = cluster.alive
    moved(cluster, lost, survivors)
    assert cluster.master(survivors[0]) is master
    stays(cluster, survivors)
    for survivor in survivors:
        assert set(pids[survivor.nick]) <= {program.pid for program in survivor.programs()}
    lost.spawn()
    assert cluster.wait_operation() is master


def test_the_master_is_killed(cluster: LocalCluster) -> None:
    start_homes(cluster)
    lost = cluster.master()
    lost.kill()
    survivors = cluster.alive
    moved(cluster, lost, survivors)
    master = cluster.wait_operation(survivors)
    assert master in survivors
    stays(cluster, survivors)
    lost.spawn()
    assert cluster.wait_operation() is master


def test_the_master_is_killed_with_its_programs(cluster: LocalCluster) -> None:
    start_homes(cluster)
    lost = cluster.master()
    lost.kill(programs=True)
    moved(cluster, lost, cluster.alive)


def test_the_master_freezes(cluster: LocalCluster) -> None:
    start_homes(cluster)
    frozen = cluster.master()
    frozen.signal(signal.SIGSTOP)
    survivors = cluster.others(frozen)
    try:
        moved(cluster, frozen, survivors)
        assert cluster.wait_operation(survivors) in survivors
    finally:
        frozen.signal(signal.SIGCONT)
    master = cluster.wait_operation(timeout=30)
    assert master.call('supvisors.get_supvisors_state')['fsm_statename'] == 'OPERATION'
    stays(cluster, survivors)
    # and the system works
    assert frozen.call('supvisors.start_process', 'CONFIG', 'free:two') is True
    assert master.call('supvisors.stop_process', 'free:two') is True


def test_two_of_three_are_killed(cluster: LocalCluster) -> None:
    start_homes(cluster)
    last = cluster['sv03']
    for nick in ('sv01', 'sv02'):
        cluster[nick].kill()
    for nick in TRIO:
        assert cluster.wait_running(home_of(nick), on=[last], asked=last, timeout=30) is last


def test_what_was_stopped_stays_stopped(cluster: LocalCluster) -> None:
    start_homes(cluster)
    lost = cluster.master()
    slave = a_slave(cluster, lost)
    # one that ran on the Master, stopped from a slave, and one that ran on a slave, stopped from the Master
    assert slave.call('supvisors.start_process', 'LOCAL', 'free:two') is True
    assert lost.call('supvisors.stop_process', 'free:two') is True
    assert slave.call('supvisors.stop_process', home_of(lost.nick)) is True
    assert slave.call('supvisors.start_process', 'LOCAL', 'slow:stopper') is True
    lost.kill()
    survivors = cluster.alive
    cluster.wait_operation(survivors)
    # the new Master has done a whole job since: what it wanted to repair, it has begun to
    assert survivors[1].call('supvisors.start_application', 'CONFIG', 'chain') is True
    for survivor in survivors:
        assert cluster.where(home_of(lost.nick), survivor) == []
        assert cluster.where('free:two', survivor) == []
    lost.spawn()
    cluster.wait_operation()
    assert lost.call('supvisors.stop_application', 'chain') is True
    for daemon in cluster:
        assert cluster.where(home_of(lost.nick), daemon) == []
        assert cluster.where('free:two', daemon) == []


def test_a_request_survives_the_master(cluster: LocalCluster) -> None:
    """Accepted at a slave, a start that is under way when the Master is killed is ended by the next one."""
    lost = cluster.master()
    survivors = cluster.others(lost)
    assert survivors[0].call('supvisors.start_application', 'CONFIG', 'chain', False) is True
    wait_for(lambda: survivors[0].call('supvisors.get_supvisors_state')['starting_jobs'], 5, 'the start is under way')
    lost.kill(programs=True)
    cluster.wait_operation(survivors)
    for name in ('first', 'second', 'third'):
        cluster.wait_running(f'chain:{name}', on=survivors, asked=survivors[1], timeout=30)
