"""Starts of local processes with arguments: what is answered, what is refused, and how long the arguments last."""
from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any
from xmlrpc.client import Fault

import psutil
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from supvisors.model.enums import FaultCode
from tests.cluster.layouts import SLOW_STOP, TRIO
from tests.cluster.runs import running
from tests.contract.checker import load_contract

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('start-args'), pytest.mark.timeout(120)]

FAULTS = {fault['code'] for fault in load_contract()['methods']['start_args']['faults']}
SLEEP = ['/bin/sleep', '100000']
SHELL = ['/bin/sh', '-c', 'while :; do sleep 0.2; done']


def layout() -> Layout:
    """Three instances.

    hand, again, missing, folder, crash, short   without rules; supervisord restarts `again`
    left, right   without rules: a program whose command depends on the group
    slow          without rules: needs 4 s to stop
    work          managed: `moved` prefers sv02, then sv03, and is restarted elsewhere when it is lost
    """
    programs = (
        Program('hand'), Program('again', options={'autorestart': 'true'}),
        Program('shared', options={'command': "/bin/sh -c 'while :; do sleep 0.2; done' %(group_name)s"}),
        Program('missing', '/no/such/program'), Program('folder', '/tmp'),
        Program('crash', "/bin/sh -c 'exit 1'", options={'startsecs': '1', 'startretries': '0'}),
        Program('short', "/bin/sh -c 'exit 1'"), Program('slow', SLOW_STOP, options={'startsecs': '1'}),
        Program('moved'),
    )
    rules = {'moved': {'identifiers': 'sv02,sv03', 'running_failure_strategy': 'RESTART_PROCESS'}}
    return Layout(nicks=TRIO, programs=programs, groups={'left': ('shared',), 'right': ('shared',), 'work': ('moved',)},
                  rules=rules_file([application('work', rules)]))


@pytest.fixture(scope='module')
def cluster() -> Iterator[LocalCluster]:
    with running(layout()) as cluster:
        yield cluster


@pytest.fixture
def daemon(cluster: LocalCluster) -> Iterator[Daemon]:
    """Nothing runs there afterwards."""
    yield cluster['sv01']
    cluster['sv01'].call('supervisor.stopAllProcesses')


def start(daemon: Daemon, *arguments: Any) -> None:
    assert daemon.call('supvisors.start_args', *arguments) is True


def refused(daemon: Daemon, *arguments: Any) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        daemon.call('supvisors.start_args', *arguments)
    code = caught.value.faultCode
    assert code in FAULTS
    name, _, text = caught.value.faultString.partition(': ')
    assert name == FaultCode(code).name
    return code, text


def info(daemon: Daemon, namespec: str) -> dict[str, Any]:
    found: dict[str, Any] = daemon.call('supvisors.get_local_process_info', namespec)
    return found


def state(daemon: Daemon, namespec: str) -> str:
    return str(info(daemon, namespec)['statename'])


def command(daemon: Daemon, namespec: str) -> list[str]:
    """What runs; empty until it does."""
    told = info(daemon, namespec)
    try:
        return psutil.Process(told['pid']).cmdline() if told['statename'] == 'RUNNING' else []
    except psutil.NoSuchProcess:
        return []


def wait_command(daemon: Daemon, namespec: str, *wanted: str) -> None:
    # supervisord's own until the child executes it
    wait_for(lambda: command(daemon, namespec) == list(wanted), 15.0, f'{namespec}: {shlex.join(wanted)}')


def told(cluster: LocalCluster, namespec: str) -> set[tuple[str, str, str]]:
    """State, place and arguments of a process, as the living instances say."""
    infos = [daemon.call('supvisors.get_process_info', namespec)[0] for daemon in cluster.alive]
    return {(one['statename'], ','.join(one['identifiers']), one['extra_args']) for one in infos}


# ---- what is answered

def test_arguments_are_split_as_a_shell_does(cluster: LocalCluster, daemon: Daemon) -> None:
    start(daemon, 'hand', """1 '2' "3" \\4""")
    assert state(daemon, 'hand') == 'RUNNING'
    wait_command(daemon, 'hand', *SLEEP, '1', '2', '3', '4')
    wait_for(lambda: told(cluster, 'hand') == {('RUNNING', daemon.identifier, """1 '2' "3" \\4""")}, 5.0,
             'known everywhere')


def test_without_arguments_the_former_ones_are_gone(daemon: Daemon) -> None:
    start(daemon, 'hand', '1')
    daemon.call('supervisor.stopProcess', 'hand')
    # a plain start has them again
    daemon.call('supervisor.startProcess', 'hand')
    wait_command(daemon, 'hand', *SLEEP, '1')
    daemon.call('supervisor.stopProcess', 'hand')
    start(daemon, 'hand')
    wait_command(daemon, 'hand', *SLEEP)
    assert info(daemon, 'hand')['extra_args'] == ''


def test_the_answer_comes_when_it_runs(daemon: Daemon) -> None:
    start(daemon, 'slow', '')
    assert state(daemon, 'slow') == 'RUNNING'
    # while it stops
    daemon.call('supervisor.stopProcess', 'slow', False)
    assert refused(daemon, 'slow', '') == (91, 'slow is stopping')
    wait_for(lambda: state(daemon, 'slow') == 'STOPPED', 10.0, 'slow stopped')
    start(daemon, 'slow', '', False)
    assert state(daemon, 'slow') == 'STARTING'
    daemon.call('supervisor.signalProcess', 'slow', 'KILL')


def test_what_has_run_has_run(daemon: Daemon) -> None:
    start(daemon, 'short', '')
    wait_for(lambda: state(daemon, 'short') == 'EXITED', 5.0, 'short exited')


def test_a_crash_is_a_spawn_error(daemon: Daemon) -> None:
    assert refused(daemon, 'crash', '') == (50, 'crash: Exited too quickly (process log may have details)')
    wait_for(lambda: state(daemon, 'crash') == 'FATAL', 5.0, 'crash given up')
    # begun is begun
    start(daemon, 'crash', '', False)


def test_each_group_has_its_own_command(daemon: Daemon) -> None:
    start(daemon, 'left:shared', '1')
    start(daemon, 'right:shared', '2')
    wait_command(daemon, 'left:shared', *SHELL, 'left', '1')
    wait_command(daemon, 'right:shared', *SHELL, 'right', '2')
    # the configuration has not changed for supervisord: `update` restarts nothing
    assert daemon.call('supervisor.reloadConfig') == [[[], [], []]]


# ---- what is refused

def test_faults_of_parameters(daemon: Daemon) -> None:
    for arguments in ((), (1, ''), ('hand', 1), ('hand', True), ('hand', ['1']), ('hand', '', 1),
                      ('hand', '', True, 1)):
        assert refused(daemon, *arguments)[0] == FaultCode.INCORRECT_PARAMETERS, arguments
    for namespec in ('nope', 'nope:*', 'left', 'left:*', 'left:', 'left:nope', '', ':', 'shared'):
        assert refused(daemon, namespec, '') == (10, f"process '{namespec}' is unknown to the local supervisord")


@pytest.mark.parametrize('wait', [True, False])
@pytest.mark.parametrize(('name', 'code', 'text'), [('missing', 20, "can't find command '/no/such/program'"),
                                                    ('folder', 21, "command at '/tmp' is a directory")])
def test_a_command_that_cannot_be_executed(cluster: LocalCluster, daemon: Daemon, name: str, code: int, text: str,
                                           wait: bool) -> None:
    assert refused(daemon, name, '1', wait) == (code, text)
    wait_for(lambda: told(cluster, name) == {('FATAL', '', '')}, 5.0, 'FATAL everywhere, without the arguments')


def test_a_failed_call_changes_nothing(cluster: LocalCluster, daemon: Daemon) -> None:
    start(daemon, 'again', '1')
    pid = info(daemon, 'again')['pid']
    assert refused(daemon, 'again', '2') == (60, 'again')
    assert info(daemon, 'again')['pid'] == pid
    # supervisord's own restart has the arguments of the call that succeeded
    psutil.Process(pid).kill()
    wait_for(lambda: info(daemon, 'again')['pid'] not in (0, pid), 5.0, 'another life')
    wait_command(daemon, 'again', *SLEEP, '1')
    daemon.call('supervisor.stopProcess', 'again')
    before = info(daemon, 'again')
    assert refused(daemon, 'again', '2 "3') == (
        21, "can't parse command '/bin/sleep 100000 2 \"3': No closing quotation")
    after = info(daemon, 'again')
    clocks = {'now': 0, 'now_monotonic': 0.0}
    assert {**after, **clocks} == {**before, **clocks}
    daemon.call('supervisor.startProcess', 'again')
    wait_command(daemon, 'again', *SLEEP, '1')


# ---- how long they last

def test_they_survive_instances_and_joins(cluster: LocalCluster) -> None:
    """They belong to what the user wants: whoever repairs has them."""
    second, third = cluster['sv02'], cluster['sv03']
    start(second, 'work:moved', "1 '2'")
    wanted = [*SLEEP, '1', '2']
    wait_for(lambda: told(cluster, 'work:moved') == {('RUNNING', second.identifier, "1 '2'")}, 5.0, 'known everywhere')
    second.kill(programs=True)
    assert cluster.wait_running('work:moved', on=[third], asked=cluster['sv01']) is third
    wait_command(third, 'work:moved', *wanted)
    second.spawn()
    cluster.wait_operation()
    assert told(cluster, 'work:moved') == {('RUNNING', third.identifier, "1 '2'")}
    third.kill(programs=True)
    assert cluster.wait_running('work:moved', on=[second], asked=cluster['sv01']) is second
    wait_command(second, 'work:moved', *wanted)
    third.spawn()
    cluster.wait_operation()
    assert cluster['sv01'].call('supvisors.stop_process', 'work:moved') is True
