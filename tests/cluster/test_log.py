"""Where a daemon logs what Supvisors does: its own file, supervisord's, the terminal; and the level at run time."""
from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, wait_for
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-log')]

TIME = r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}'
OURS = re.compile(rf'{TIME};(CRIT|ERRO|WARN|INFO|DEBG|TRAC|BLAT);.+')
THEIRS = re.compile(rf'{TIME} (CRIT|ERRO|WARN|INFO|DEBG|TRAC|BLAT) .+')
STATE = 'Supvisors is in OPERATION'
REQUEST = 'accepted: start_process task'

Start = Callable[..., Daemon]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts one daemon, in OPERATION, with these options of Supvisors: `start(silent=True, **options)`."""
    with ExitStack() as stack:
        def make(silent: bool = True, **options: str) -> Daemon:
            layout = Layout(nicks=('solo',), programs=(Program('task'),), options=options)
            cluster: LocalCluster = stack.enter_context(running(layout, start=False))
            conf = cluster[0].conf
            if not silent:
                conf.write_text(conf.read_text().replace('silent=true', 'silent=false'))
            cluster.start()
            return cluster[0]

        yield make


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def own(daemon: Daemon) -> Path:
    return daemon.folder / 'supvisors.log'


def main(daemon: Daemon) -> Path:
    return daemon.folder / 'supervisord.log'


def work(daemon: Daemon) -> None:
    """A request, which is told at info."""
    assert daemon.call('supvisors.start_process', 'CONFIG', 'task') is True
    assert daemon.call('supvisors.stop_process', 'task') is True


def requests(path: Path) -> int:
    return path.read_text().count(REQUEST)


def test_own_file(start: Start) -> None:
    daemon = start(logfile='%%(here)s/supvisors.log')
    written = lines(own(daemon))
    assert all(OURS.fullmatch(line) for line in written), written
    assert any(f';WARN;{STATE}' in line for line in written)
    theirs = lines(main(daemon))
    assert not any(STATE in line for line in theirs)
    assert all(THEIRS.fullmatch(line) for line in theirs), theirs
    assert (daemon.folder / 'console.log').read_text() == ''


def test_shared_with_supervisord(start: Start) -> None:
    daemon = start()
    written = lines(main(daemon))
    assert all(THEIRS.fullmatch(line) for line in written), written
    assert any(line.endswith(f' WARN supvisors: {STATE}') for line in written)
    assert any('INFO supervisord started with pid' in line for line in written)
    assert not own(daemon).exists()


def test_none(start: Start) -> None:
    daemon = start(logfile='none')
    assert not any('OPERATION' in line for line in lines(main(daemon)))
    assert not any(path.name.lower() == 'none' for path in daemon.folder.iterdir())


def test_level_changed_at_run_time(start: Start) -> None:
    daemon = start(logfile='%%(here)s/supvisors.log', loglevel='warn')
    work(daemon)
    assert requests(own(daemon)) == 0
    for number, level in enumerate(('info', 'DEBUG', 5), start=1):
        assert daemon.call('supvisors.change_log_level', level) is True
        work(daemon)
        assert requests(own(daemon)) == number
    assert daemon.call('supvisors.change_log_level', 30) is True
    work(daemon)
    assert requests(own(daemon)) == 3
    # supervisord's own level is left alone
    assert not any(' TRAC ' in line or ' DEBG ' in line for line in lines(main(daemon)))


def test_level_of_a_shared_log_and_its_end(start: Start) -> None:
    daemon = start(loglevel='critical')
    work(daemon)
    assert requests(main(daemon)) == 1
    assert daemon.call('supvisors.change_log_level', 'trace') is True
    daemon.call('supervisor.getState')
    traced = 'TRAC XML-RPC method called: supervisor.getState()'
    assert any(traced in line for line in lines(main(daemon)))
    assert daemon.call('supvisors.change_log_level', 'error') is True
    size = main(daemon).stat().st_size
    work(daemon)
    assert main(daemon).stat().st_size == size
    # a reload of supervisord reads its level again
    assert daemon.call('supervisor.restart') is True
    wait_for(lambda: main(daemon).read_text().count(STATE) == 2, 30.0, 'OPERATION after the reload')
    work(daemon)
    assert requests(main(daemon)) == 2


def test_rotation(start: Start) -> None:
    daemon = start(logfile='%%(here)s/supvisors.log', logfile_maxbytes='1KB', logfile_backups='2')
    for _ in range(15):
        work(daemon)
    assert sorted(path.name for path in daemon.folder.glob('supvisors.log*')) == [
        'supvisors.log', 'supvisors.log.1', 'supvisors.log.2']
    for path in daemon.folder.glob('supvisors.log*'):
        assert path.stat().st_size < 1300
        assert all(OURS.fullmatch(line) for line in lines(path))


def test_reopened_on_sigusr2(start: Start) -> None:
    daemon = start(logfile='%%(here)s/supvisors.log', logfile_maxbytes='0')
    moved = own(daemon).rename(own(daemon).with_name('moved.log'))
    work(daemon)
    assert requests(moved) == 1
    daemon.signal(signal.SIGUSR2)
    wait_for(own(daemon).exists, 10.0, 'a new supvisors.log')
    work(daemon)
    assert (requests(own(daemon)), requests(moved)) == (1, 1)


@pytest.mark.parametrize('logfile', ['%%(here)s/supvisors.log', 'NONE'])
def test_echoed_in_the_foreground(start: Start, logfile: str) -> None:
    daemon = start(silent=False, logfile=logfile)
    console = lines(daemon.folder / 'console.log')
    assert any(OURS.fullmatch(line) and STATE in line for line in console)
    # supervisord's own lines come along, as they are
    assert any(THEIRS.fullmatch(line) for line in console)
    assert daemon.call('supvisors.change_log_level', 'error') is True
    work(daemon)
    assert requests(daemon.folder / 'console.log') == 0


def test_closed_at_the_end(start: Start) -> None:
    """The last words are there, and the file is not held any more."""
    daemon = start(logfile='%%(here)s/supvisors.log')
    daemon.signal(signal.SIGTERM)
    daemon.wait(10.0)
    assert 'FINAL' in lines(own(daemon))[-1]


def test_without_syslog_the_daemon_says_so(start: Start) -> None:
    daemon = start(logfile='syslog')
    told = any('no syslog on this machine' in line for line in lines(main(daemon)))
    assert told != any(Path(path).exists() for path in ('/dev/log', '/var/run/syslog', '/var/run/log'))
    assert not any(path.name.lower() == 'syslog' for path in daemon.folder.iterdir())


def test_a_file_that_cannot_be_opened_ends_the_start() -> None:
    layout = Layout(nicks=('solo',), options={'logfile': '%%(here)s/missing/supvisors.log'})
    with LocalCluster(layout) as cluster:
        cluster.spawn()
        assert cluster[0].wait(10.0) == 2
        assert 'create its folder' in cluster.tails()
