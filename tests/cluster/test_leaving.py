"""Reload, restart and shutdown: a daemon goes without leaving a trace, and its programs are never doubled."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest

from supvisors.demo import Daemon, LocalCluster, wait_for
from supvisors.demo.waiting import NOT_YET
from tests.cluster.layouts import TRIO, home_of

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]

RELOADS = 20


def starts(daemon: Daemon) -> int:
    """How many times supervisord has started, reloads included."""
    return (daemon.folder / 'supervisord.log').read_text().count('supervisord started with pid')


def reload_once(cluster: LocalCluster, daemon: Daemon) -> None:
    before = starts(daemon)
    assert 'Restarted' in daemon.ctl('reload')
    wait_for(lambda: starts(daemon) == before + 1, 30, f'{daemon.nick} started again')
    cluster.wait_operation()


def held(daemon: Daemon) -> tuple[int, int]:
    """The descriptors and the threads of a daemon."""
    process = psutil.Process(daemon.pid)
    return process.num_fds(), process.num_threads()


def settled(daemon: Daemon) -> tuple[int, int]:
    """What a daemon holds, once nothing comes or goes any more: the same in twenty looks in a row."""
    looks: list[tuple[int, int]] = []

    def steady() -> bool:
        looks.append(held(daemon))
        return len(looks) >= 20 and len(set(looks[-20:])) == 1

    wait_for(steady, 20, f'{daemon.nick} at rest', period=0.1)
    return looks[-1]


def back_to(daemon: Daemon, before: tuple[int, int]) -> None:
    """The link of an instance that has left is kept for a moment: wait until a daemon holds what it held before."""
    looks: list[tuple[int, int]] = []

    def same() -> bool:
        looks.append(held(daemon))
        return looks[-1] == before

    try:
        wait_for(same, 20, '', period=0.1)
    except TimeoutError:
        raise AssertionError(f'{daemon.nick} holds {looks[-1]} descriptors and threads, not {before}') from None


@contextmanager
def traffic(cluster: LocalCluster) -> Iterator[list[int]]:
    """Reads and actions, at all instances, one after the other, as long as the block lasts; yields their count."""
    end = threading.Event()
    done = [0]

    def work() -> None:
        while not end.is_set():
            for daemon in cluster:
                for method, *arguments in (
                    ('get_all_process_info',), ('start_process', 'CONFIG', 'homes:home1', '', False),
                    ('get_all_instances_info',), ('stop_process', 'homes:home1', False),
                ):
                    with suppress(*NOT_YET):
                        daemon.call(f'supvisors.{method}', *arguments, timeout=5.0)
                        done[0] += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield done
    finally:
        end.set()
        worker.join()


@pytest.mark.slow
def test_twenty_reloads_under_traffic(cluster: LocalCluster) -> None:
    daemon = cluster['sv02']
    reload_once(cluster, daemon)
    before = {other.nick: settled(other) for other in cluster}
    with traffic(cluster) as done:
        for _ in range(RELOADS):
            reload_once(cluster, daemon)
    assert done[0] > RELOADS
    for other in cluster:
        back_to(other, before[other.nick])
        children = psutil.Process(other.pid).children()
        assert not [child for child in children if child.status() == psutil.STATUS_ZOMBIE]


def test_a_reloaded_master_comes_back(cluster: LocalCluster) -> None:
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    master = cluster.master()
    reload_once(cluster, master)
    for nick in TRIO:
        cluster.wait_running(home_of(nick), timeout=20)


def copies(cluster: LocalCluster) -> int:
    """The living copies of the program that needs 4 s to stop, over all daemons."""
    count = 0
    for daemon in cluster.alive:
        with suppress(psutil.Error):
            children = psutil.Process(daemon.pid).children()
            count += sum(child.cmdline()[-1:] == ['slow_stop'] for child in children)
    return count


@pytest.mark.parametrize('way', ['reload', 'shutdown'])
def test_a_slow_program_is_never_doubled(cluster: LocalCluster, way: str) -> None:
    leaving = cluster['sv02']
    assert leaving.call('supvisors.start_process', 'CONFIG', 'slow:stopper') is True
    cluster.wait_running('slow:stopper', on=[leaving])
    survivors = cluster.others(leaving)
    leaving.ctl(way)
    stopped = []

    def runs_again() -> bool:
        count = copies(cluster)
        assert count <= 1
        if count == 0:
            stopped.append(True)
        (info,) = survivors[0].call('supvisors.get_process_info', 'slow:stopper')
        assert len(info['identifiers']) <= 1
        return bool(stopped) and count == 1 and info['statename'] == 'RUNNING'

    wait_for(runs_again, 30, 'slow:stopper RUNNING again')
    home = cluster.wait_running('slow:stopper', asked=survivors[0])
    assert way == 'reload' or home is not leaving


@pytest.mark.parametrize('nick', TRIO)
def test_restart_of_the_whole_from_any_instance(cluster: LocalCluster, nick: str) -> None:
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    assert cluster[nick].call('supvisors.restart') is True
    wait_for(lambda: all(starts(daemon) == 2 for daemon in cluster), 60, 'every supervisord started again')
    cluster.wait_operation(timeout=60)
    assert all(daemon.alive for daemon in cluster)


@pytest.mark.parametrize('nick', TRIO)
def test_shutdown_of_the_whole_from_any_instance(cluster: LocalCluster, nick: str) -> None:
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    assert cluster[nick].call('supvisors.shutdown') is True
    for daemon in cluster:
        assert daemon.wait(30) == 0
    assert cluster.leftovers() == []
