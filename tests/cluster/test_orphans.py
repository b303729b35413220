"""Programs survive the SIGKILL of their supervisord, and the next one finds them.

The three daemons differ by the option `orphans`, which gives them their names. Each test restarts its own one.
"""
from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from supvisors.demo.leftovers import marked
from supvisors.host.survivors import path_beside
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.timeout(120), pytest.mark.xdist_group('orphans')]

NICKS = ('report', 'stop', 'ignore')
AUTO = {'autostart': 'true'}


def shell(script: str) -> str:
    return f'/bin/sh -c {shlex.quote(script)}'


LAYOUT = Layout(
    nicks=NICKS,
    programs=(
        Program('auto', options=AUTO), Program('hand'),
        Program('stubborn', shell('trap "" TERM; while :; do sleep 0.1; done'), ('stop',),
                {**AUTO, 'stopwaitsecs': '1'}),
        Program('slow', shell('trap "sleep 1; exit" TERM; while :; do sleep 0.1; done'), ('stop',)),
    ),
    groups={'app': ('hand',), 'work': ('slow',)},
    rules=rules_file([application('work', {'slow': {'running_failure_strategy': 'RESTART_PROCESS'}})]),
    own={nick: {'orphans': nick} for nick in NICKS},
)


@pytest.fixture(scope='module')
def cluster() -> Iterator[LocalCluster]:
    with running(LAYOUT) as cluster:
        yield cluster


def record(daemon: Daemon) -> Path:
    return path_beside(str(daemon.folder / 'supervisord.pid'), daemon.identifier)


def orphans(cluster: LocalCluster, of: Daemon) -> list[dict[str, Any]]:
    """Those of one instance, on which all must agree."""
    told = [daemon.call('supvisors.get_instance_info', of.nick)[0]['orphans'] for daemon in cluster]
    return told[0] if all(one == told[0] for one in told) else [{'namespec': 'they do not agree', 'pid': 0}]


def heads(cluster: LocalCluster, daemon: Daemon) -> dict[str, set[int]]:
    """The pids of the programs of a daemon, by process name, whoever has started them."""
    found: dict[str, set[int]] = {}
    for process in marked(cluster.mark):
        try:
            environ, cwd = process.environ(), process.cwd()
            name = environ.get('SUPERVISOR_PROCESS_NAME')
            if name and cwd == str(daemon.folder) and os.getpgid(process.pid) == process.pid:
                found.setdefault(name, set()).add(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def running_here(daemon: Daemon) -> dict[str, int]:
    """The pids that supervisord knows, by process name, of what is RUNNING."""
    infos = daemon.call('supervisor.getAllProcessInfo')
    return {info['name']: info['pid'] for info in infos if info['statename'] == 'RUNNING'}


def recorded(daemon: Daemon) -> set[int]:
    try:
        return {one['pid'] for one in json.loads(record(daemon).read_text())['processes']}
    except OSError:
        return set()


def kill(cluster: LocalCluster, daemon: Daemon) -> None:
    """Kill the daemon once its record is up to date, as it is a moment after any start."""
    if daemon.nick != 'ignore':
        wait_for(lambda: recorded(daemon) >= set(running_here(daemon).values()), 5, 'the record is up to date')
    daemon.kill()


def start_again(cluster: LocalCluster, daemon: Daemon) -> None:
    daemon.spawn()
    cluster.wait_operation()


def stop(daemon: Daemon) -> None:
    daemon.call('supervisor.shutdown')
    daemon.wait(15)


def warnings(daemon: Daemon) -> list[str]:
    lines = (daemon.folder / 'supervisord.log').read_text().splitlines()
    return [line for line in lines if ' WARN supvisors: ' in line and 'survived' in line]


def end(pid: int) -> None:
    os.kill(pid, 9)


def test_nothing_is_left_by_a_clean_end_or_a_reload(cluster: LocalCluster) -> None:
    daemon = cluster['report']
    wait_for(lambda: recorded(daemon) == set(running_here(daemon).values()) != set(), 5, 'the record is there')
    stop(daemon)
    assert not record(daemon).exists()
    start_again(cluster, daemon)
    before = running_here(daemon)['auto']
    daemon.call('supervisor.restart')
    wait_for(lambda: running_here(daemon).get('auto', before) != before, 20, 'the reload')
    cluster.wait_operation()
    assert orphans(cluster, daemon) == [] and warnings(daemon) == []
    assert len(heads(cluster, daemon)['auto']) == 1


def test_orphans_are_reported_everywhere_until_they_end(cluster: LocalCluster) -> None:
    daemon = cluster['report']
    assert daemon.call('supervisor.startProcess', 'app:hand') is True
    pids = running_here(daemon)
    kill(cluster, daemon)
    start_again(cluster, daemon)
    wait_for(lambda: len(orphans(cluster, daemon)) == 2, 5, 'the orphans are known everywhere')
    found = orphans(cluster, daemon)
    assert [(one['namespec'], one['pid']) for one in found] == [('app:hand', pids['hand']), ('auto', pids['auto'])]
    for one in found:
        assert abs(one['start'] - psutil.Process(one['pid']).create_time()) < 2
        (warning,) = [line for line in warnings(daemon) if f'{one["namespec"]} (pid {one["pid"]})' in line]
        assert 'runs twice' in warning and 'orphans = stop' in warning
    assert all(orphans(cluster, cluster[nick]) == [] for nick in ('stop', 'ignore'))
    # supervisord starts beside it what starts by itself, as it would without Supvisors
    wait_for(lambda: len(heads(cluster, daemon)['auto']) == 2, 5, 'a second one')
    with daemon.client() as client:
        (info,) = client.get_instance_info('report')
        assert [one.pid for one in info.orphans] == [pids['hand'], pids['auto']]
    # they are known to the next one as well, once more
    kill(cluster, daemon)
    second = next(iter(heads(cluster, daemon)['auto'] - {pids['auto']}))
    start_again(cluster, daemon)
    wait_for(lambda: {one['pid'] for one in orphans(cluster, daemon)} == {*pids.values(), second}, 5, 'all three')
    for pid in (pids['auto'], second):
        end(pid)
    wait_for(lambda: [one['pid'] for one in orphans(cluster, daemon)] == [pids['hand']], 10, 'two have ended')
    end(pids['hand'])
    wait_for(lambda: orphans(cluster, daemon) == [], 10, 'all have ended')
    assert len(warnings(daemon)) == 5


def test_orphans_are_stopped_before_they_are_started_again(cluster: LocalCluster) -> None:
    daemon = cluster['stop']
    assert daemon.call('supvisors.start_process', 'LOCAL', 'work:slow') is True
    assert daemon.call('supervisor.startProcess', 'app:hand') is True
    pids = running_here(daemon)
    assert set(pids) == {'auto', 'hand', 'stubborn', 'slow'}
    kill(cluster, daemon)
    daemon.spawn()
    most: dict[str, int] = {}

    def once_again() -> bool:
        alive = heads(cluster, daemon)
        for name, each in alive.items():
            most[name] = max(most.get(name, 0), len(each))
        now = running_here(daemon)
        # the Master starts what ran, and supervisord what starts by itself; who started `hand` is gone
        return {'auto', 'stubborn', 'slow'} <= set(now) and alive.keys() == now.keys()

    wait_for(once_again, 30, 'each runs again')
    assert set(most.values()) == {1}, most
    assert not set(running_here(daemon).values()) & set(pids.values())
    assert all(not psutil.pid_exists(pid) or psutil.Process(pid).status() == 'zombie' for pid in pids.values())
    cluster.wait_operation()
    wait_for(lambda: orphans(cluster, daemon) == [], 10, 'none is shown any more')
    log = (daemon.folder / 'supervisord.log').read_text()
    assert f'killing stubborn (pid {pids["stubborn"]}) with SIGKILL' in log and log.count('with SIGKILL: it has') == 1


def test_ignored_orphans_go_on(cluster: LocalCluster) -> None:
    daemon = cluster['ignore']
    pids = running_here(daemon)
    kill(cluster, daemon)
    start_again(cluster, daemon)
    wait_for(lambda: heads(cluster, daemon)['auto'] > set(pids.values()), 5, 'a second one')
    assert orphans(cluster, daemon) == [] and not record(daemon).exists() and warnings(daemon) == []
    end(pids['auto'])


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A program of somebody else."""
    with subprocess.Popen(['/bin/sleep', '100000'], start_new_session=True) as program:
        yield program
        program.kill()


def test_who_has_got_the_pid_of_a_program_is_left_alone(cluster: LocalCluster,
                                                       stranger: subprocess.Popen[bytes]) -> None:
    daemon = cluster['stop']
    kill(cluster, daemon)
    left = json.loads(record(daemon).read_text())
    assert all(one['pid'] != stranger.pid for one in left['processes'])
    left['processes'] += [{**one, 'pid': stranger.pid} for one in left['processes']]
    record(daemon).write_text(json.dumps(left))
    start_again(cluster, daemon)
    wait_for(lambda: orphans(cluster, daemon) == [], 10, 'the others have been stopped')
    assert stranger.poll() is None
    assert f'pid {stranger.pid}' not in (daemon.folder / 'supervisord.log').read_text()


@pytest.mark.parametrize('hostile', ['corrupt', 'writable by all'])
def test_a_file_that_cannot_be_believed_is_kept_aside(cluster: LocalCluster, stranger: subprocess.Popen[bytes],
                                                      hostile: str) -> None:
    daemon = cluster['stop']
    path = record(daemon)
    wait_for(lambda: recorded(daemon) != set(), 5, 'the record is there')
    boot = json.loads(path.read_text())['boot']
    stop(daemon)
    stat = Path(f'/proc/{stranger.pid}/stat').read_text()
    entry = {'pid': stranger.pid, 'start': int(stat.rsplit(')', 1)[1].split()[19]), 'namespec': 'auto'}
    path.write_text(json.dumps({'boot': boot, 'processes': [entry]})[:None if hostile != 'corrupt' else -2])
    path.chmod(0o666 if hostile != 'corrupt' else 0o600)
    start_again(cluster, daemon)
    wait_for(lambda: recorded(daemon) == set(running_here(daemon).values()), 5, 'a new record')
    assert orphans(cluster, daemon) == [] and stranger.poll() is None
    assert f'{path} is not believed' in warnings(daemon)[-1] and f'kept as {path}.bad' in warnings(daemon)[-1]
    assert str(stranger.pid) in path.with_name(f'{path.name}.bad').read_text()
