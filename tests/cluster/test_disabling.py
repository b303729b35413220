"""Programs disabled and enabled on real daemons: what starts, what is refused, and what a restart remembers."""
from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import attrs
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from supvisors.model.enums import FaultCode
from tests.cluster.layouts import TRIO
from tests.cluster.runs import running
from tests.contract.checker import load_contract

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('disabling'), pytest.mark.timeout(120)]

METHODS: dict[str, Any] = load_contract()['methods']
FILE = 'disabled.json'
MANY = ('left:many_0', 'left:many_1', 'right:many_0', 'right:many_1')


def layout() -> Layout:
    """Three instances.

    auto      without rules, on sv01: started and restarted by supervisord
    left, right   without rules: each two processes of the program `many`; `left` has `other` too
    app       managed: `placed` prefers sv02, then sv01
    stubborn  without rules: killed by supervisord after a second
    """
    programs = (
        Program('auto', on=('sv01',), options={'autostart': 'true', 'autorestart': 'true'}), Program('other'),
        Program('many', options={'numprocs': '2', 'process_name': '%(program_name)s_%(process_num)d'}),
        Program('placed'),
        Program('stubborn', """/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'""",
                options={'stopwaitsecs': '1', 'startsecs': '1'}),
    )
    return Layout(
        nicks=TRIO, programs=programs, groups={'left': ('many', 'other'), 'right': ('many',), 'app': ('placed',)},
        rules=rules_file([application('app', {'placed': {'identifiers': 'sv02,sv01'}})]))


def path_of(daemon: Daemon) -> Path:
    """Below a file, as on sv03, there is no place for another one."""
    return (daemon.conf if daemon.nick == 'sv03' else daemon.folder) / FILE


@pytest.fixture(scope='module')
def cluster() -> Iterator[LocalCluster]:
    with running(layout(), start=False) as cluster:
        own = {daemon.nick: {'disabilities_file': str(path_of(daemon))} for daemon in cluster}
        cluster.rewrite(attrs.evolve(cluster.layout, own=own))
        cluster.start()
        yield cluster


@pytest.fixture
def daemon(cluster: LocalCluster) -> Daemon:
    return cluster['sv01']


@pytest.fixture(autouse=True)
def left_as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything is enabled, and nothing but `auto` runs."""
    yield
    if 'cluster' not in request.fixturenames:
        return
    cluster: LocalCluster = request.getfixturevalue('cluster')
    for daemon in cluster:
        infos = daemon.call('supvisors.get_all_local_process_info')
        for program in sorted({info['program_name'] for info in infos if info['disabled']}):
            daemon.call('supvisors.enable', program)
        daemon.call('supervisor.stopAllProcesses')
    if state(cluster['sv01'], 'auto') != 'RUNNING':
        cluster['sv01'].call('supervisor.startProcess', 'auto')


def call(daemon: Daemon, method: str, *arguments: Any) -> Any:
    return daemon.call(f'supvisors.{method}', *arguments)


def fault_of(daemon: Daemon, method: str, *arguments: Any) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        daemon.call(method, *arguments)
    space, _, name = method.partition('.')
    if space == 'supvisors':
        assert caught.value.faultCode in {fault['code'] for fault in METHODS[name]['faults']}
    return caught.value.faultCode, caught.value.faultString


def state(daemon: Daemon, namespec: str) -> str:
    return str(call(daemon, 'get_local_process_info', namespec)['statename'])


def disabled(daemon: Daemon) -> set[str]:
    """The processes that are disabled on this instance, as it says itself."""
    infos = call(daemon, 'get_all_local_process_info')
    return {f'{info["group"]}:{info["name"]}' for info in infos if info['disabled']}


def known(cluster: LocalCluster, of: Daemon) -> list[set[str]]:
    """The same, as each instance says."""
    told = [call(daemon, 'get_all_inner_process_info', of.identifier) for daemon in cluster]
    return [{f'{info["group"]}:{info["name"]}' for info in infos if info['disabled']} for infos in told]


def content(daemon: Daemon) -> dict[str, bool]:
    found: dict[str, bool] = json.loads(path_of(daemon).read_text())
    return found


def start_again(cluster: LocalCluster, daemon: Daemon) -> None:
    daemon.signal(signal.SIGTERM)
    daemon.wait(10.0)
    daemon.spawn()
    cluster.wait_operation()


# ---- faults

@pytest.mark.parametrize('method', ['enable', 'disable'])
def test_faults(cluster: LocalCluster, daemon: Daemon, method: str) -> None:
    for arguments in ((), (1,), (True,), (['auto'],), ('auto', 1), ('auto', True, True)):
        assert fault_of(daemon, f'supvisors.{method}', *arguments)[0] == FaultCode.INCORRECT_PARAMETERS, arguments
    for name in ('nope', '', 'left', 'left:other', 'left:*', 'many_0'):
        assert fault_of(daemon, f'supvisors.{method}', name) \
            == (10, f"BAD_NAME: the local supervisord has no program '{name}'")
    # `auto` is a program of sv01 alone
    assert fault_of(cluster['sv02'], f'supvisors.{method}', 'auto')[0] == FaultCode.BAD_NAME
    assert not path_of(daemon).exists() and not disabled(daemon)


def test_only_in_operation() -> None:
    """An instance that waits for another one. Starting a local process is not refused there."""
    with running(Layout(nicks=('one', 'two'), programs=(Program('task'),)), start=False) as pair:
        one = pair['one']
        one.spawn()
        wait_for(lambda: synchronizing(one), 20.0, 'SYNCHRONIZATION')
        for method in ('enable', 'disable'):
            assert fault_of(one, f'supvisors.{method}', 'task')[0] == FaultCode.BAD_SUPVISORS_STATE
        assert call(one, 'start_args', 'task', '1') is True
        assert state(one, 'task') == 'RUNNING'
        # the wish of the user is carried to the Master once there is one
        pair['two'].spawn()
        pair.wait_operation()
        wait_for(lambda: call(one, 'get_process_info', 'task')[0]['identifiers'] == [one.identifier], 5.0,
                 'task on one')
        assert call(one, 'get_process_info', 'task')[0]['extra_args'] == '1'


def synchronizing(daemon: Daemon) -> bool:
    try:
        return bool(call(daemon, 'get_supvisors_state')['fsm_statename'] == 'SYNCHRONIZATION')
    except (OSError, Fault):
        return False


def test_a_file_that_cannot_be_written(cluster: LocalCluster) -> None:
    daemon = cluster['sv03']
    assert daemon.call('supervisor.startProcess', 'left:other') is True
    before = daemon.conf.read_text()
    code, text = fault_of(daemon, 'supvisors.disable', 'other')
    assert code == FaultCode.FAILED
    assert str(path_of(daemon)) in text and 'cannot be written' in text and 'nothing has changed' in text
    # what is enabled already needs no file
    assert call(daemon, 'enable', 'other') is True
    assert state(daemon, 'left:other') == 'RUNNING' and not disabled(daemon) and daemon.conf.read_text() == before


# ---- disable

def test_all_processes_of_a_program_are_stopped_and_refused(cluster: LocalCluster, daemon: Daemon) -> None:
    for namespec in (*MANY, 'left:other'):
        daemon.call('supervisor.startProcess', namespec)
    assert call(daemon, 'disable', 'many') is True
    assert {state(daemon, namespec) for namespec in MANY} == {'STOPPED'}
    assert state(daemon, 'left:other') == 'RUNNING'
    assert disabled(daemon) == set(MANY)
    wait_for(lambda: known(cluster, daemon) == [set(MANY)] * 3, 5.0, 'known everywhere')
    assert not disabled(cluster['sv02'])
    assert content(daemon) == {'auto': False, 'many': True, 'other': False, 'placed': False, 'stubborn': False}
    # repeated, nothing happens
    assert call(daemon, 'disable', 'many') is True
    # for supervisord's own requests
    for arguments in (('left:many_0',), ('left:many_0', False)):
        assert fault_of(daemon, 'supervisor.startProcess', *arguments) == (103, 'DISABLED: left:many_0')
    daemon.call('supervisor.stopProcess', 'left:other')
    for form in (('supervisor.startProcessGroup', 'left'), ('supervisor.startProcess', 'left:*')):
        results = {result['name']: (result['status'], result['description']) for result in daemon.call(*form)}
        assert results == {'many_0': (103, 'DISABLED: left:many_0'), 'many_1': (103, 'DISABLED: left:many_1'),
                           'other': (80, 'OK')}
        daemon.call('supervisor.stopProcess', 'left:other')
    # for ours
    assert fault_of(daemon, 'supvisors.start_args', 'right:many_1', '') == (103, 'DISABLED: right:many_1')
    # the configuration has not changed for supervisord: `update` restarts nothing
    assert daemon.call('supervisor.reloadConfig') == [[[], [], []]]
    assert call(daemon, 'enable', 'many') is True
    assert not disabled(daemon) and not any(content(daemon).values())
    # they have no autostart
    assert daemon.call('supervisor.startProcess', 'right:many_1') is True


@pytest.mark.parametrize('wait', [True, False])
def test_a_program_that_is_slow_to_stop(daemon: Daemon, wait: bool) -> None:
    daemon.call('supervisor.startProcess', 'stubborn')
    assert call(daemon, 'disable', 'stubborn', wait) is True
    assert state(daemon, 'stubborn') == ('STOPPED' if wait else 'STOPPING')
    assert disabled(daemon) == {'stubborn:stubborn'}
    wait_for(lambda: state(daemon, 'stubborn') == 'STOPPED', 5.0, 'SIGKILL')


def test_it_is_started_elsewhere_or_nowhere(cluster: LocalCluster) -> None:
    first, second = cluster['sv02'], cluster['sv01']
    assert call(second, 'start_process', 'CONFIG', 'app:placed') is True
    assert cluster.where('app:placed', second) == ['sv02']
    assert call(first, 'disable', 'placed') is True
    # a user has stopped it: nobody else starts it
    wait_for(lambda: cluster.where('app:placed', second) == [], 5.0, 'stopped, as sv01 sees it')
    assert call(second, 'start_process', 'CONFIG', 'app:placed') is True
    assert cluster.where('app:placed', second) == ['sv01']
    assert call(second, 'disable', 'placed') is True
    wait_for(lambda: [len(one) for one in known(cluster, second)] == [1, 1, 1], 5.0, 'disabled, as all see it')
    code, text = fault_of(cluster['sv03'], 'supvisors.start_process', 'CONFIG', 'app:placed')
    assert code == FaultCode.ABNORMAL_TERMINATION
    assert f'{first.identifier}: program disabled' in text and f'{second.identifier}: program disabled' in text
    assert call(first, 'enable', 'placed') is True
    wait_for(lambda: known(cluster, first) == [set()] * 3, 5.0, 'enabled, as all see it')
    # nothing is left of the failure
    wait_for(lambda: call(second, 'get_process_info', 'app:placed')[0]['statename'] == 'STOPPED', 5.0, 'no FATAL')
    assert call(second, 'start_process', 'CONFIG', 'app:placed') is True
    assert cluster.where('app:placed', second) == ['sv02']


# ---- enable

def age(daemon: Daemon, namespec: str) -> float:
    """Since it was started, in seconds; 0 when it does not run."""
    info = call(daemon, 'get_local_process_info', namespec)
    return float(info['now_monotonic'] - info['start_monotonic']) if info['statename'] == 'RUNNING' else 0.0


def test_what_has_autostart_starts_with_the_mark_gone(cluster: LocalCluster, daemon: Daemon) -> None:
    assert state(daemon, 'auto') == 'RUNNING'
    assert call(daemon, 'disable', 'auto') is True
    assert state(daemon, 'auto') == 'STOPPED'
    assert call(daemon, 'enable', 'auto') is True
    # and stays: what the Master enforces, it does after 2 s
    wait_for(lambda: age(daemon, 'auto') > 2.5, 8.0, 'auto running for a while')
    assert all('against a request to stop it' not in one.tail(100_000) for one in cluster)
    # repeated, it starts nothing
    daemon.call('supervisor.stopProcess', 'auto')
    assert call(daemon, 'enable', 'auto') is True
    assert call(daemon, 'get_local_process_info', 'auto')['start'] > 0 and state(daemon, 'auto') == 'STOPPED'


# ---- the file

def test_a_restart_remembers(cluster: LocalCluster, daemon: Daemon) -> None:
    assert call(daemon, 'disable', 'auto') is True
    marks = content(daemon)
    # a program of another time
    path_of(daemon).write_text(json.dumps({**marks, 'former': True}))
    start_again(cluster, daemon)
    assert disabled(daemon) == {'auto:auto'}
    assert state(daemon, 'auto') == 'STOPPED' and call(daemon, 'get_local_process_info', 'auto')['start'] == 0
    assert fault_of(daemon, 'supvisors.start_args', 'auto', '') == (103, 'DISABLED: auto')
    assert call(daemon, 'enable', 'auto') is True
    wait_for(lambda: state(daemon, 'auto') == 'RUNNING', 5.0, 'auto')
    assert content(daemon) == {**marks, 'auto': False, 'former': True}


def test_a_corrupt_file_is_survived(cluster: LocalCluster, daemon: Daemon) -> None:
    path = path_of(daemon)
    path.write_text('{"auto": true,\n"many": tru')
    start_again(cluster, daemon)
    wait_for(lambda: state(daemon, 'auto') == 'RUNNING', 5.0, 'auto')
    kept = Path(f'{path}.corrupt-1')
    assert not path.exists() and kept.read_text() == '{"auto": true,\n"many": tru'
    warning, = (line for line in daemon.tail(100_000).splitlines() if 'is corrupt' in line)
    assert 'WARN' in warning and 'line 2 column 9' in warning and str(kept) in warning
    assert call(daemon, 'disable', 'many') is True
    assert content(daemon)['many'] is True and content(daemon)['auto'] is False
