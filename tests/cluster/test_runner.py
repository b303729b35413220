"""The runner itself, on supervisord without the plugin."""
from __future__ import annotations

import signal
import time

import psutil
import pytest

from supvisors.demo import Layout, LocalCluster, Program, wait_for
from supvisors.demo.ports import Ports, is_free
from tests.cluster.conftest import MakeCluster

pytestmark = pytest.mark.live

AUTOSTART = {'autostart': 'true'}


def plain_layout(*programs: Program) -> Layout:
    return Layout(nicks=('one', 'two'), programs=programs, plugin=False)


def answering(cluster: LocalCluster) -> None:
    for daemon in cluster:
        daemon.spawn()
    wait_for(lambda: all(daemon.call('supervisor.getPID') == daemon.pid for daemon in cluster), 20, 'all daemons up')


def test_ports_are_not_given_twice() -> None:
    mine, other = Ports(), Ports()
    try:
        taken = [ports.take() for _ in range(50) for ports in (mine, other)]
        assert len(set(taken)) == 100
        assert all(is_free(port) for port in taken)
    finally:
        mine.release()
        other.release()


def test_waiting_tells_what_was_awaited() -> None:
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match=r'the moon: not within 0.1 s \(last: 0\)'):
        wait_for(lambda: 0, 0.1, 'the moon')
    assert time.monotonic() - begin < 5


def test_waiting_goes_on_after_errors_of_the_network_only() -> None:
    calls = []

    def probe() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise OSError('down')
        return 7

    assert wait_for(probe, 5, 'an answer') == 7
    with pytest.raises(ZeroDivisionError):
        wait_for(lambda: 1 // 0, 5, 'a mistake')


def test_stop_ends_programs_and_daemons(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(Program('sleeper', options=AUTOSTART)), start=False)
    answering(cluster)
    wait_for(lambda: all(daemon.programs() for daemon in cluster), 20, 'programs')
    ending = cluster.stop()
    assert (ending.stubborn, ending.orphans) == ((), ())
    assert cluster.leftovers() == []
    assert not cluster.alive


def test_stop_removes_the_orphans_of_a_killed_daemon(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(Program('sleeper', options=AUTOSTART)), start=False)
    answering(cluster)
    wait_for(lambda: all(daemon.programs() for daemon in cluster), 20, 'programs')
    (orphan,) = cluster['one'].programs()
    cluster['one'].kill()
    assert orphan.is_running()
    ending = cluster.stop()
    assert ending.orphans == ('/bin/sleep 100000',)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_kill_with_programs_leaves_none(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(Program('sleeper', options=AUTOSTART)), start=False)
    answering(cluster)
    wait_for(lambda: all(daemon.programs() for daemon in cluster), 20, 'programs')
    cluster['one'].kill(programs=True)
    wait_for(lambda: len(cluster.leftovers()) == 2, 10, 'the daemon and the program of two only')


def test_a_frozen_daemon_is_ended(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(), start=False)
    answering(cluster)
    cluster['two'].signal(signal.SIGSTOP)
    assert cluster.stop().stubborn == ()


def test_a_daemon_that_cannot_start_is_told_with_its_console(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(Program('bad', options={'startsecs': 'x'})), start=False)
    cluster['one'].spawn()
    cluster['one'].wait(20)
    with pytest.raises(RuntimeError, match=r'one has ended(.|\n)*program:bad'):
        cluster.wait_operation(timeout=10)


def test_a_killed_daemon_starts_again_on_its_port(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(plain_layout(), start=False)
    answering(cluster)
    for _ in range(3):
        cluster['one'].kill()
        cluster['one'].spawn()
        wait_for(lambda: cluster['one'].call('supervisor.getPID') == cluster['one'].pid, 20, 'one again')
