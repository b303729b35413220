"""The programs of one instance, through each of the three clients: their arguments, their number, and disabled ones."""
from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from interop_clients import Client, Failed, PlainClient, three_clients

from supvisors.demo import Daemon, LocalCluster, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]

NAMES = ('plain', 'sdk', 'java')
ARGS = 'tools:args'
ODD = ['two words', '', '"', "it's", 'd\u00e9j\u00e0 \u3042', '\\', '$HOME', '*', '; # a', '-x=\t1\n2', '%(here)s', '%']


def failure(client: Client, raw: bool, *call: Any) -> tuple[int, str]:
    with pytest.raises(Failed) as caught:
        (client.raw if raw else client.call)(*call)
    return caught.value.code, caught.value.text


def local(daemon: Daemon, namespec: str) -> dict[str, Any]:
    """The information about a process of the local supervisord, once the three clients agree on it."""
    told = [client.call('get_local_process_info', namespec) for client in three_clients(daemon).values()]
    fields = ('statename', 'pid', 'extra_args', 'disabled', 'program_name', 'process_index')
    first, *others = [{name: one[name] for name in fields} for one in told]
    assert others == [first, first]
    return first


def command_line(daemon: Daemon) -> list[str]:
    return psutil.Process(local(daemon, ARGS)['pid']).cmdline()


def workers(daemon: Daemon) -> list[str]:
    infos = daemon.call('supvisors.get_all_local_process_info')
    return [info['name'] for info in infos if info['program_name'] == 'worker']


@pytest.fixture
def daemon(shared: LocalCluster) -> Iterator[Daemon]:
    """Nothing of `tools` runs there at the end, and it is as configured."""
    yield shared['sv03']
    plain = PlainClient(shared['sv03'])
    for program in ('args', 'worker', 'lonely'):
        plain.call('enable', program)
    plain.call('update_numprocs', 'worker', 2)
    plain.raw('supervisor.stopProcessGroup', 'tools')


@pytest.mark.parametrize('name', NAMES)
def test_arguments_of_one_process(shared: LocalCluster, daemon: Daemon, name: str) -> None:
    client = three_clients(daemon)[name]
    assert client.call('start_args', ARGS, '-x  "1 2"') is True
    info = local(daemon, ARGS)
    assert (info['statename'], info['extra_args']) == ('RUNNING', '-x  "1 2"')
    assert command_line(daemon)[-2:] == ['-x', '1 2']
    for other in shared:
        assert shared.wait_running(ARGS, asked=other) is daemon
        (seen,) = other.call('supvisors.get_process_info', ARGS)
        assert seen['extra_args'] == '-x  "1 2"'

    # what runs keeps its own
    assert failure(client, False, 'start_args', ARGS, 'other') == (60, f'ALREADY_STARTED: {ARGS}')
    assert local(daemon, ARGS) == info

    # what is left out replaces the former ones too
    assert PlainClient(daemon).raw('supervisor.stopProcess', ARGS) is True
    assert client.call('start_args', ARGS, '', False) is True
    shared.wait_running(ARGS, [daemon], daemon)
    assert local(daemon, ARGS)['extra_args'] == ''
    assert command_line(daemon)[-1] == 'import signal; signal.pause()'


@pytest.mark.parametrize('name', NAMES)
@pytest.mark.parametrize('method', ['start_args', 'start_process', 'restart_process', 'start_any_process'])
def test_arguments_arrive_as_they_are(daemon: Daemon, name: str, method: str) -> None:
    client = three_clients(daemon)[name]
    where = {'start_args': [ARGS], 'start_any_process': ['LOCAL', f'^{ARGS}$']}.get(method, ['LOCAL', ARGS])
    given = shlex.join(ODD) if name == 'plain' else ODD
    assert client.call(method, *where, given, True) == (ARGS if method == 'start_any_process' else True)
    wait_for(lambda: local(daemon, ARGS)['statename'] == 'RUNNING', 10, f'{ARGS} RUNNING')
    assert local(daemon, ARGS)['extra_args'] == shlex.join(ODD)
    # the fork is there before the program is
    wait_for(lambda: command_line(daemon)[3:] == ODD, 10, f'the arguments {ODD} of {sys.executable}')


@pytest.mark.parametrize('name', NAMES)
def test_number_of_processes(shared: LocalCluster, daemon: Daemon, name: str) -> None:
    client = three_clients(daemon)[name]
    assert client.call('update_numprocs', 'worker', 4) is True
    assert workers(daemon) == [f'worker_{index}' for index in range(4)]
    assert local(daemon, 'tools:worker_3')['process_index'] == 3
    assert client.call('start_args', 'tools:worker_3') is True
    for other in shared:
        assert shared.wait_running('tools:worker_3', asked=other) is daemon

    # what runs is kept as long as it does, and wanted again
    assert client.call('update_numprocs', 'worker', 3, True, True) is True
    assert local(daemon, 'tools:worker_3')['statename'] == 'RUNNING'
    assert client.call('update_numprocs', 'worker', 4, False) is True
    assert client.call('update_numprocs', 'worker', 2, True, False) is True
    assert workers(daemon) == ['worker_0', 'worker_1']
    wait_for(lambda: not any('worker_3' in _known(other) for other in shared), 10, 'worker_3 forgotten everywhere')


def _known(daemon: Daemon) -> set[str]:
    return {info['process_name'] for info in daemon.call('supvisors.get_process_info', 'tools:*')}


@pytest.mark.parametrize('name', NAMES)
def test_a_disabled_program(shared: LocalCluster, daemon: Daemon, name: str) -> None:
    client = three_clients(daemon)[name]
    assert client.call('start_args', ARGS) is True
    assert client.call('disable', 'args') is True
    info = local(daemon, ARGS)
    assert (info['statename'], info['disabled']) == ('STOPPED', True)
    assert failure(client, False, 'start_args', ARGS) == (103, f'DISABLED: {ARGS}')
    assert failure(client, True, 'supervisor.startProcess', ARGS)[0] == 103
    assert failure(client, False, 'start_process', 'LOCAL', ARGS)[0] == 40
    # here, not elsewhere
    assert local(shared['sv01'], ARGS)['disabled'] is False
    assert client.call('disable', 'args', False) is True
    assert client.call('enable', 'args') is True
    assert client.call('enable', 'args', True) is True
    assert local(daemon, ARGS)['disabled'] is False
    assert client.call('start_args', ARGS, '', True) is True


@pytest.mark.parametrize('name', NAMES)
def test_what_has_autostart_starts_when_it_is_enabled(shared: LocalCluster, daemon: Daemon, name: str) -> None:
    client = three_clients(daemon)[name]
    assert client.call('disable', 'lonely') is True
    assert local(daemon, 'tools:lonely')['statename'] == 'STOPPED'
    assert client.call('enable', 'lonely', False) is True
    for other in shared:
        assert shared.wait_running('tools:lonely', asked=other) is daemon


@pytest.mark.parametrize(('call', 'code'), [
    (('start_args', 'nope'), 10),
    (('start_args', 'tools:nope', ''), 10),
    (('start_args', 'tools:*'), 10),
    (('start_args', 'only3:there', '', False), 10),
    (('start_args', ARGS, 'a "b'), 21),
    (('start_args', 'badly:crash', '', True), 50),
    (('update_numprocs', 'nope', 2), 10),
    (('update_numprocs', 'tools', 2), 10),
    (('update_numprocs', 'nope', 0), 10),
    (('update_numprocs', 'worker', 0), 2),
    (('update_numprocs', 'worker', -1, False, True), 2),
    (('update_numprocs', 'args', 2), 104),
    (('update_numprocs', 'worker', 1_000_000), 30),
    (('enable', 'nope'), 10),
    (('enable', 'worker_0', False), 10),
    (('disable', 'tools:args'), 10),
    (('disable', '', False), 10),
], ids=lambda value: '-'.join(map(str, value)) if isinstance(value, tuple) else str(value))
def test_typed_faults(shared: LocalCluster, call: tuple[Any, ...], code: int) -> None:
    _compare(shared['sv02'], False, call, code)


@pytest.mark.parametrize(('call', 'code'), [
    (('supvisors.start_args',), 2),
    (('supvisors.start_args', 5), 2),
    (('supvisors.start_args', ARGS, 5), 2),
    (('supvisors.start_args', ARGS, '', 1), 2),
    (('supvisors.update_numprocs', 'worker'), 2),
    (('supvisors.update_numprocs', 'worker', '3'), 2),
    (('supvisors.update_numprocs', 'worker', 3.0), 2),
    (('supvisors.update_numprocs', 'worker', True), 2),
    (('supvisors.update_numprocs', 'worker', 3, 'x'), 2),
    (('supvisors.update_numprocs', 'worker', 3, True, 0), 2),
    (('supvisors.enable', 'worker', 'x'), 2),
    (('supvisors.disable', True), 2),
    (('supvisors.disable', 'worker', True, True), 2),
], ids=lambda value: '-'.join(map(str, value)) if isinstance(value, tuple) else str(value))
def test_untyped_faults(shared: LocalCluster, call: tuple[Any, ...], code: int) -> None:
    _compare(shared['sv01'], True, call, code)


def _compare(daemon: Daemon, raw: bool, call: tuple[Any, ...], code: int) -> None:
    before = _workers_and_arguments(daemon)
    seen = {name: failure(client, raw, *call) for name, client in three_clients(daemon).items()}
    assert seen['sdk'] == seen['plain']
    assert seen['java'] == seen['plain']
    assert seen['plain'][0] == code
    assert _workers_and_arguments(daemon) == before


def _workers_and_arguments(daemon: Daemon) -> tuple[list[str], dict[str, Any]]:
    return workers(daemon), local(daemon, ARGS)
