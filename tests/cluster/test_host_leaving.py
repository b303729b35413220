"""Every way out of supervisord goes through `closing` once, and a reload leaves nothing behind."""
from __future__ import annotations

import contextlib
import os
import signal
import threading
import xmlrpc.client
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.cluster.test_host_daemon import Daemon, wait_for

pytestmark = pytest.mark.live

PROGRAMS = """
[program:one]
command=/bin/sleep 1000
startsecs=0

[program:two]
command=/bin/sh -c "trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.1; done"
startsecs=0
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    daemon = Daemon(tmp_path, PROGRAMS)
    try:
        yield daemon
    finally:
        daemon.kill()


def check_last_words(daemon: Daemon) -> None:
    """The programs are followed to their end between `leaving` and `closing`, each told once."""
    lines = daemon.journal()
    assert len(daemon.journal('leaving')) == len(daemon.journal('closing')) == len(daemon.journal('ready'))
    last = lines[len(lines) - lines[::-1].index('leaving') - 1:]
    assert last[0] == 'leaving' and last[-1] == 'closing', last
    assert {'changed one 0 True 0', 'changed two 0 True 0'} <= set(last)
    assert psutil.pid_exists(daemon.pid) or not daemon.process or daemon.process.poll() in (0, None)


@pytest.mark.parametrize('way', ['SIGTERM', 'rpc', 'order'])
def test_shutdown(daemon: Daemon, way: str) -> None:
    daemon.start()
    wait_for(lambda: daemon.state('two') == 20, 'two running')
    ways: dict[str, Callable[[], object]] = {'SIGTERM': daemon.signal, 'rpc': daemon.rpc.supervisor.shutdown,
                                             'order': lambda: daemon.rpc.probe.leave(False)}
    ways[way]()
    wait_for(daemon.ended, 'the end of supervisord')
    check_last_words(daemon)
    assert 'Traceback' not in daemon.log()


def test_shutdown_with_nothing_to_stop(daemon: Daemon) -> None:
    daemon.write('')
    daemon.start()
    daemon.signal()
    wait_for(daemon.ended, 'the end of supervisord')
    assert daemon.journal()[-2:] == ['leaving', 'closing']
    assert daemon.process is not None and daemon.process.returncode == 0


def test_error_exit_before_running(daemon: Daemon) -> None:
    # the unix server cannot be opened: the plugin is built for the inet one by then
    daemon.config.write_text(daemon.config.read_text().replace('/supervisor.sock', '/nowhere/supervisor.sock'))
    with pytest.raises(AssertionError, match='supervisord has failed'):
        daemon.start()
    assert daemon.journal() == ['factory', 'closing']


def test_error_exit_while_running(daemon: Daemon) -> None:
    daemon.start()
    # the loop ends by an exception of its own when the logger fails
    daemon.rpc.probe.break_loop()
    wait_for(daemon.ended, 'the end of supervisord')
    assert len(daemon.journal('closing')) == 1
    assert daemon.process is not None and daemon.process.returncode != 0


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize('way', ['SIGHUP', 'rpc'])
def test_twenty_reloads_under_traffic_leave_nothing_behind(daemon: Daemon, way: str) -> None:
    daemon.start()
    stop = threading.Event()

    def traffic() -> None:
        proxy = daemon.rpc
        while not stop.is_set():
            with contextlib.suppress(OSError, xmlrpc.client.Error):
                proxy.supervisor.getAllProcessInfo()
                proxy.probe.wake_ups(3)

    def facts() -> tuple[list[str], int, list[str]]:
        process = psutil.Process(daemon.pid)
        children = sorted(child.name() for child in process.children() if child.status() != psutil.STATUS_ZOMBIE)
        return daemon.descriptors(), process.num_threads(), children

    def settled() -> bool:
        with contextlib.suppress(OSError, xmlrpc.client.Error):
            return daemon.state('one') == daemon.state('two') == 20
        return False

    wait_for(settled, 'both programs running')
    wait_for(lambda: not daemon.connections(), 'no connection left')
    before = facts()
    assert before[1:] == (2, ['sh', 'sleep'])
    threads = [threading.Thread(target=traffic) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 21):
            with contextlib.suppress(OSError, xmlrpc.client.Error):
                daemon.signal(signal.SIGHUP) if way == 'SIGHUP' else daemon.rpc.probe.leave(True)
            wait_for(lambda: len(daemon.journal('ready')) == number + 1, f'reload {number}')  # noqa: B023
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    wait_for(settled, 'both programs running again')
    with contextlib.suppress(AssertionError):
        wait_for(lambda: facts() == before, 'the same descriptors and threads')
    assert facts() == before
    assert len(psutil.Process(daemon.pid).children()) == 2
    assert len(daemon.journal('closing')) == len(daemon.journal('leaving')) == 20
    assert len(daemon.journal('factory')) == 42
    log = daemon.log()
    assert 'Traceback' not in log and 'uncaptured' not in log
    # the wake-up still works, and requests are adopted once
    assert daemon.rpc.probe.wake_ups(50) == 50
    daemon.rpc.supervisor.stopProcess('one')
    assert [call for call in daemon.rpc.probe.calls() if call[0] == 'adopt'] == [['adopt', False, 'one', '', 20]]


def test_daemonised(daemon: Daemon) -> None:
    daemon.start(foreground=False)
    assert daemon.process is not None
    assert daemon.process.wait(20) == 0 and daemon.pid != daemon.process.pid
    # not in the process that the plugin was built in
    assert {line.split()[0] for line in (daemon.folder / 'journal').read_text().splitlines() if 'factory' not in line} \
        == {str(daemon.pid)}
    assert os.getsid(daemon.pid) == daemon.pid
    assert daemon.rpc.probe.wake_ups(50) == 50
    assert daemon.rpc.probe.threads() >= 2
    wait_for(lambda: daemon.state('two') == 20, 'two running')
    daemon.rpc.supervisor.restart()
    wait_for(lambda: len(daemon.journal('ready')) == 2, 'the end of the reload')
    wait_for(lambda: daemon.answers() and daemon.state('one') == daemon.state('two') == 20, 'both programs')
    assert daemon.rpc.probe.wake_ups(50) == 50
    daemon.signal()
    wait_for(daemon.ended, 'the end of supervisord')
    check_last_words(daemon)
