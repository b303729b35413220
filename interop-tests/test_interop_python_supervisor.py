"""The namespaces `supervisor` and `system` through the Python SDK: answers equal to those of `xmlrpc.client`, and every
fault typed."""
from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from interop_answers import as_sent
from interop_python import ACCOUNTS, ACTS, READS, layout, python_name, wait_log

from supvisors.demo import Daemon, LocalCluster, wait_for
from supvisors_client import (
    AbnormalTerminationFault,
    AlreadyAddedFault,
    AlreadyStartedFault,
    BadArgumentsFault,
    BadNameFault,
    BadSignalFault,
    CantRereadFault,
    FailedFault,
    Fault,
    LogTail,
    NoFileFault,
    NotExecutableFault,
    NotRunningFault,
    ProcessState,
    ProcessStatus,
    ReloadResult,
    SignatureUnsupportedFault,
    SpawnErrorFault,
    StillRunningFault,
    SupervisordState,
    SupvisorsClient,
)
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop_python'), pytest.mark.timeout(120)]

Act = Callable[[SupvisorsClient], object]

@pytest.fixture(scope='module', params=['open', 'password'])
def cluster(request: pytest.FixtureRequest) -> Iterator[LocalCluster]:
    """One daemon; each test leaves it with `web` running, and nothing else."""
    with running(layout(*ACCOUNTS[request.param])) as cluster:
        with cluster[0].client() as client:
            client.supervisor.start_process_group('web')
            wait_log(client, 'web:echo', 'ready')
        yield cluster


@pytest.fixture
def daemon(cluster: LocalCluster) -> Daemon:
    return cluster[0]


@pytest.fixture
def client(daemon: Daemon) -> Iterator[SupvisorsClient]:
    with daemon.client() as client:
        yield client


def steady(value: Any) -> Any:
    """An answer without what changes from one second to the next."""
    if isinstance(value, dict):
        assert isinstance(value.get('now', 0), int)
        return {key: steady(item) for key, item in value.items() if key != 'now'}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return re.sub(r'uptime \S+$', 'uptime', value) if isinstance(value, str) else value


def test_nothing_is_left_out(client: SupvisorsClient) -> None:
    served = {name for name in client.system.list_methods() if name.startswith('supervisor.')}
    assert served == {f'supervisor.{name}' for name in {*READS, *ACTS}}
    for name in served:
        assert hasattr(client.supervisor, python_name(name.partition('.')[2]))


@pytest.mark.parametrize('name', READS)
def test_answers_are_those_of_xmlrpc_client(daemon: Daemon, client: SupvisorsClient, name: str) -> None:
    arguments = READS[name]
    ours = as_sent(getattr(client.supervisor, python_name(name))(*arguments))
    assert steady(ours) == steady(daemon.call(f'supervisor.{name}', *arguments))


def test_answers_say_something(daemon: Daemon, client: SupvisorsClient) -> None:
    """The comparison above is not one of empty answers."""
    info = client.supervisor.get_process_info('web:echo')
    assert (info.state, info.statename, info.exitstatus) == (ProcessState.RUNNING, 'RUNNING', 0)
    assert info.pid in {program.pid for program in daemon.programs()}
    assert info.stdout_logfile == info.logfile == str(daemon.folder / 'echo.out')
    assert client.supervisor.get_state().statecode is SupervisordState.RUNNING
    assert client.supervisor.get_pid() == daemon.pid
    alone = next(config for config in client.supervisor.get_all_config_info() if config.name == 'alone')
    assert (alone.exitcodes, alone.process_prio, alone.uid, alone.inuse) == ((0, 3), 7, 'none', True)
    assert len(client.supervisor.get_all_process_info()) == 9


def test_system(daemon: Daemon, client: SupvisorsClient) -> None:
    names = client.system.list_methods()
    assert names == daemon.call('system.listMethods')
    for name in ('supervisor.startProcess', 'supvisors.start_process', 'system.multicall'):
        assert client.system.method_help(name) == daemon.call('system.methodHelp', name)
        assert client.system.method_signature(name) == daemon.call('system.methodSignature', name)
    for ask in (client.system.method_help, client.system.method_signature):
        with pytest.raises(SignatureUnsupportedFault):
            ask('supervisor.nope')
    assert client.system.multicall([('supervisor.getPID', ()), ('supervisor.getState', [])]) == [
        daemon.pid, {'statecode': 1, 'statename': 'RUNNING'}]


def test_multicall(daemon: Daemon, client: SupvisorsClient) -> None:
    batch = client.multicall()
    state = batch.add(client.get_supvisors_state)
    unknown = batch.add(client.supervisor.get_process_info, 'nope')
    started = batch.add(client.supervisor.start_process, 'alone')
    info = batch.add(client.supervisor.get_process_info, 'alone')
    stopped = batch.add(client.supervisor.stop_process_group, 'alone')
    again = batch.add(client.supervisor.stop_process, 'alone')
    signature = batch.add(client.system.method_signature, 'supervisor.getPID')
    nothing = batch.add(client.call, 'supvisors.nope')
    batch.run()
    assert state.result().identifier == daemon.identifier
    with pytest.raises(BadNameFault, match='nope'):
        unknown.result()
    assert started.result() is True
    assert info.result().state is ProcessState.RUNNING
    assert [bool(status) for status in stopped.result()] == [True]
    with pytest.raises(NotRunningFault):
        again.result()
    assert signature.result() == ['int']
    with pytest.raises(Fault) as caught:
        nothing.result()
    assert caught.value.code == 1


def test_start_stop_and_signal(daemon: Daemon, client: SupvisorsClient) -> None:
    assert client.supervisor.start_process('alone') is True
    assert daemon.call('supervisor.getProcessInfo', 'alone')['statename'] == 'RUNNING'
    assert client.supervisor.signal_process('alone', 'CONT') is True
    assert client.supervisor.stop_process('alone') is True
    assert daemon.call('supervisor.getProcessInfo', 'alone')['statename'] == 'STOPPED'
    assert client.supervisor.start_process('alone', wait=False) is True
    wait_for(lambda: client.supervisor.get_process_info('alone').state is ProcessState.RUNNING, 20, 'alone RUNNING')
    assert client.supervisor.stop_process('alone', False) is True
    wait_for(lambda: client.supervisor.get_process_info('alone').state is ProcessState.STOPPED, 20, 'alone STOPPED')


@pytest.mark.parametrize(('stop', 'start', 'arguments'), [
    ('stopProcessGroup', 'startProcessGroup', ('web',)),
    ('stopAllProcesses', 'startAllProcesses', ()),
])
def test_many_at_once(
    daemon: Daemon, client: SupvisorsClient, stop: str, start: str, arguments: tuple[str, ...]
) -> None:
    def ours(name: str) -> dict[str, Any]:
        return by_name(as_sent(getattr(client.supervisor, python_name(name))(*arguments, False)))

    def plain(name: str) -> dict[str, Any]:
        return by_name(daemon.call(f'supervisor.{name}', *arguments, False))

    def by_name(statuses: list[Any]) -> dict[str, Any]:
        assert statuses
        return {status['name']: status for status in statuses}

    def settled() -> None:
        moving = {ProcessState.STOPPING, ProcessState.BACKOFF}
        wait_for(lambda: not any(
            info.state in moving or (info.state is ProcessState.STARTING and info.name != 'late')
            for info in client.supervisor.get_all_process_info()), 20, 'no process between two states')

    answers = []
    for call in (ours, plain):
        answers.append(call(stop))
        settled()
        answers.append(call(start))
        settled()
        for info in client.supervisor.get_all_process_info():
            if info.group != 'web' and info.state in (ProcessState.RUNNING, ProcessState.STARTING):
                client.supervisor.stop_process(f'{info.group}:{info.name}')
    assert answers[:2] == answers[2:]
    if not arguments:
        refused = {name: status['status'] for name, status in answers[1].items() if status['status'] != 80}
        assert {'absent': 20, 'closed': 21}.items() <= refused.items()
    wait_log(client, 'web:echo', 'ready')


def test_signals_to_many(daemon: Daemon, client: SupvisorsClient) -> None:
    done = client.supervisor.signal_process_group('web', 'CONT')
    assert as_sent(done) == daemon.call('supervisor.signalProcessGroup', 'web', 'CONT')
    assert {(status.name, bool(status), status.status_name) for status in done} == {
        ('echo', True, 'SUCCESS'), ('quiet', True, 'SUCCESS')}
    refused: list[ProcessStatus] = client.supervisor.signal_all_processes('NOPE')
    assert as_sent(refused) == daemon.call('supervisor.signalAllProcesses', 'NOPE')
    assert [type(status.fault) for status in refused] == [BadSignalFault, BadSignalFault]


def test_input_and_logs(daemon: Daemon, client: SupvisorsClient) -> None:
    supervisor = client.supervisor
    assert supervisor.clear_process_logs('web:echo') is True
    assert supervisor.send_process_stdin('web:echo', 'h\u00e9 & <b>\n') is True
    wait_log(client, 'web:echo', 'h\u00e9 & <b>\n')
    wait_for(lambda: bool(supervisor.read_process_stderr_log('web:echo', 0, 0)), 20, 'the standard error')
    size = len('h\u00e9 & <b>\n'.encode())
    assert supervisor.tail_process_log('web:echo', 0, 100) == LogTail(
        text='h\u00e9 & <b>\n', offset=size, overflow=False)
    assert supervisor.tail_process_log('web:echo', 0, 4) == LogTail(text='<b>\n', offset=size, overflow=True)
    assert supervisor.send_process_stdin('web:echo', 'more\n') is True
    wait_for(lambda: supervisor.read_process_log('web:echo', size, 0) == 'more\n', 20, 'what follows')
    whole = LogTail(text='h\u00e9 & <b>\nmore\n', offset=size + 5, overflow=False)
    assert supervisor.tail_process_log('web:echo', size, 100) == whole
    assert supervisor.tail_process_log('web:echo', size + 5, 100).text == ''
    assert supervisor.clear_process_log('web:echo') is True
    assert supervisor.read_process_log('web:echo', 0, 0) == ''
    (daemon.folder / 'echo.out').write_text('\x1b[31mred\x1b[0m\n')
    assert supervisor.read_process_log('web:echo', 0, 0) == '\ufffd[31mred\ufffd[0m\n'
    cleared = supervisor.clear_all_process_logs()
    assert len(cleared) == 9 and all(cleared)
    assert {'name': 'echo', 'group': 'web', 'status': 80, 'description': 'OK'} in as_sent(cleared)
    assert supervisor.send_remote_comm_event('kind', 'd\u00e9tails') is True
    assert supervisor.clear_log() is True
    assert 'supervisord started' not in supervisor.read_log(0, 0)


FAULTS: list[tuple[Act, type[Fault]]] = [
    (lambda c: c.supervisor.get_process_info('nope'), BadNameFault),
    (lambda c: c.supervisor.get_process_info('web:*'), BadNameFault),
    (lambda c: c.supervisor.start_process('web:nope'), BadNameFault),
    (lambda c: c.supervisor.start_process('absent'), NoFileFault),
    (lambda c: c.supervisor.start_process('closed'), NotExecutableFault),
    (lambda c: c.supervisor.start_process('crash'), SpawnErrorFault),
    (lambda c: c.supervisor.start_process('web:echo'), AlreadyStartedFault),
    (lambda c: c.supervisor.start_process_group('nope'), BadNameFault),
    (lambda c: c.supervisor.stop_process('nope'), BadNameFault),
    (lambda c: c.supervisor.stop_process('alone'), NotRunningFault),
    (lambda c: c.supervisor.stop_process_group('nope'), BadNameFault),
    (lambda c: c.supervisor.signal_process('web:echo', 'NOPE'), BadSignalFault),
    (lambda c: c.supervisor.signal_process('nope', 'HUP'), BadNameFault),
    (lambda c: c.supervisor.signal_process('alone', 'HUP'), NotRunningFault),
    (lambda c: c.supervisor.signal_process_group('nope', 'HUP'), BadNameFault),
    (lambda c: c.supervisor.send_process_stdin('nope', 'x'), BadNameFault),
    (lambda c: c.supervisor.send_process_stdin('alone', 'x'), NotRunningFault),
    (lambda c: c.supervisor.add_process_group('web'), AlreadyAddedFault),
    (lambda c: c.supervisor.add_process_group('nope'), BadNameFault),
    (lambda c: c.supervisor.remove_process_group('nope'), BadNameFault),
    (lambda c: c.supervisor.remove_process_group('web'), StillRunningFault),
    (lambda c: c.supervisor.read_log(0, -1), BadArgumentsFault),
    (lambda c: c.supervisor.read_main_log(-1, 5), BadArgumentsFault),
    (lambda c: c.supervisor.clear_process_log('nope'), BadNameFault),
    (lambda c: c.supervisor.clear_process_logs('web:*'), BadNameFault),
    *((read, fault) for name in ('read_process_log', 'read_process_stdout_log', 'read_process_stderr_log')
      for read, fault in (
          (lambda c, n=name: getattr(c.supervisor, n)('nope', 0, 1), BadNameFault),
          (lambda c, n=name: getattr(c.supervisor, n)('web:echo', 0, -1), BadArgumentsFault),
          (lambda c, n=name: getattr(c.supervisor, n)('web:quiet', 0, 1), NoFileFault))),
    *((lambda c, n=name: getattr(c.supervisor, n)('nope', 0, 1), BadNameFault)
      for name in ('tail_process_log', 'tail_process_stdout_log', 'tail_process_stderr_log')),
]


@pytest.mark.parametrize('number', range(len(FAULTS)))
def test_faults(client: SupvisorsClient, number: int) -> None:
    act, fault = FAULTS[number]
    with pytest.raises(fault) as caught:
        act(client)
    assert type(caught.value) is fault


def test_faults_of_files(daemon: Daemon, client: SupvisorsClient) -> None:
    supervisor = client.supervisor
    cases: list[tuple[str, Callable[[], str], Callable[[], bool], bool]] = [
        ('echo.out', lambda: supervisor.read_process_log('web:echo', 0, 0),
         lambda: supervisor.clear_process_logs('web:echo'), False),
        ('supervisord.log', lambda: supervisor.read_log(0, 0), supervisor.clear_log, True),
    ]
    for name, read, clear, must_be_there in cases:
        path = daemon.folder / name
        path.unlink()
        path.mkdir()
        for act in (read, clear):
            with pytest.raises(FailedFault):
                act()
        path.rmdir()
        for act in (read, clear) if must_be_there else (read,):
            with pytest.raises(NoFileFault):
                act()
        path.touch()
        assert clear() is True


def test_input_that_nobody_reads(client: SupvisorsClient) -> None:
    client.supervisor.start_process('deaf')
    wait_log(client, 'deaf', 'ready')

    def refused() -> bool:
        try:
            client.supervisor.send_process_stdin('deaf', 'x')
        except NoFileFault:
            return True
        return False

    wait_for(refused, 20, 'NO_FILE for a process that has closed its input')
    client.supervisor.stop_process('deaf')


def seconds_since(daemon: Daemon, name: str) -> int:
    info = daemon.call('supervisor.getProcessInfo', name)
    return int(info['now'] - info['start'])


def test_a_start_that_is_stopped(daemon: Daemon, client: SupvisorsClient) -> None:
    """It takes a minute to be RUNNING; the limit of the client does not apply to a call that waits."""
    ended: list[BaseException] = []

    def start() -> None:
        with daemon.client(timeout=0.5) as impatient:
            try:
                impatient.supervisor.start_process('late')
            except Fault as fault:
                ended.append(fault)

    waiter = threading.Thread(target=start)
    waiter.start()
    wait_for(lambda: client.supervisor.get_process_info('late').state is ProcessState.STARTING, 20, 'late STARTING')
    wait_for(lambda: not ended and waiter.is_alive() and seconds_since(daemon, 'late') >= 2, 20, 'more than its limit')
    client.supervisor.stop_process('late')
    waiter.join(20)
    assert [type(fault) for fault in ended] == [AbnormalTerminationFault]


def test_groups_and_configuration(daemon: Daemon, client: SupvisorsClient) -> None:
    text = daemon.conf.read_text()
    fresh = '[program:fresh]\ncommand=/bin/sleep 5\nautostart=false\n'
    changed = text.replace('[program:alone]', f'{fresh}\n[program:alone]').replace(
        'exitcodes=0,3', 'exitcodes=0,4').replace('[program:absent]', '[program:gone]')
    try:
        daemon.conf.write_text(changed)
        assert client.supervisor.reload_config() == ReloadResult(
            added=('fresh', 'gone'), changed=('alone',), removed=('absent',))
        inuse = {config.group: config.inuse for config in client.supervisor.get_all_config_info()}
        assert inuse['fresh'] is False and inuse['web'] is True
        daemon.conf.write_text(text.replace('exitcodes=0,3', 'exitcodes=many'))
        with pytest.raises(CantRereadFault, match='many'):
            client.supervisor.reload_config()
    finally:
        daemon.conf.write_text(text)
    assert as_sent(client.supervisor.reload_config()) == daemon.call('supervisor.reloadConfig') == [[[], [], []]]
    assert client.supervisor.remove_process_group('alone') is True
    with pytest.raises(BadNameFault):
        client.supervisor.get_process_info('alone')
    assert client.supervisor.add_process_group('alone') is True
    assert client.supervisor.get_process_info('alone').state is ProcessState.STOPPED
