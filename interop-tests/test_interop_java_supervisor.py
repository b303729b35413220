"""Every method of `supervisor` through the JAR: answers and faults are those of `xmlrpc.client`."""
from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from interop_solo import BROKEN, SLOW, solo
from interop_supervisor import JavaNamespaces, fault_of

from supvisors.demo import Daemon, wait_for
from tests.cluster.layouts import PASSWORD, USER
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]

CLOCK_SLACK = 30
"""The two calls follow each other: the clock of the second may be later by so many seconds."""

TEXT = 'first line é <&>\nsecond line\n'
SIZE = len(TEXT.encode())
FLAGS = ('startProcess', 'stopProcess', 'signalProcess')
"""What these answer for a group is one flag in Java."""
ELSEWHERE = ('addProcessGroup', 'removeProcessGroup', 'shutdown', 'restart')

READS: list[tuple[Any, ...]] = [
    ('getAPIVersion',), ('getVersion',), ('getSupervisorVersion',), ('getIdentification',), ('getState',), ('getPID',),
    ('getAllProcessInfo',), ('getProcessInfo', 'web:echo'), ('getProcessInfo', 'web:quiet'),
    ('getProcessInfo', 'alone'), ('getProcessInfo', 'crash'), ('getAllConfigInfo',), ('reloadConfig',),
    ('readLog', 0, 100), ('readMainLog', 5, 20),
    ('readProcessStdoutLog', 'web:echo', 0, 0), ('readProcessStderrLog', 'web:echo', 0, 10),
    ('readProcessLog', 'web:echo', -9, 0), ('readProcessStdoutLog', 'web:echo', SIZE, 5),
    ('tailProcessStdoutLog', 'web:echo', 0, 10), ('tailProcessStderrLog', 'web:echo', 0, 1000),
    ('tailProcessLog', 'web:echo', SIZE, 10), ('tailProcessStdoutLog', 'web:quiet', 0, 10),
]

# the programs that are running before the call, and the call
ACTS: list[tuple[tuple[str, ...], tuple[Any, ...]]] = [
    ((), ('startProcess', 'web:echo')),
    ((), ('startProcess', 'web:echo', True)),
    ((), ('startProcess', 'alone', False)),
    ((), ('startProcess', 'web:*', True)),
    ((), ('startProcessGroup', 'web')),
    (('web:echo',), ('startProcessGroup', 'web', True)),
    ((), ('startProcessGroup', 'web', False)),
    (('web:echo',), ('startAllProcesses',)),
    ((), ('startAllProcesses', True)),
    ((), ('startAllProcesses', False)),
    (('web:echo',), ('stopProcess', 'web:echo')),
    (('alone',), ('stopProcess', 'alone', True)),
    (('web:quiet',), ('stopProcess', 'web:quiet', False)),
    (('web:quiet', 'web:echo'), ('stopProcess', 'web:*', True)),
    (('web:quiet', 'web:echo'), ('stopProcessGroup', 'web')),
    (('web:echo',), ('stopProcessGroup', 'web', True)),
    (('web:echo',), ('stopProcessGroup', 'web', False)),
    (('web:echo', 'alone'), ('stopAllProcesses',)),
    ((), ('stopAllProcesses', True)),
    (('alone',), ('stopAllProcesses', False)),
    (('web:quiet',), ('signalProcess', 'web:quiet', 'CONT')),
    (('web:quiet',), ('signalProcess', 'web:quiet', '18')),
    (('web:quiet', 'web:echo'), ('signalProcess', 'web:*', 'SIGCONT')),
    (('web:quiet', 'web:echo'), ('signalProcessGroup', 'web', 'CONT')),
    (('web:quiet', 'alone'), ('signalAllProcesses', 'CONT')),
    (('web:echo',), ('sendProcessStdin', 'web:echo', 'some text é\n')),
    ((), ('sendRemoteCommEvent', 'kind', 'data é <&>')),
    ((), ('clearLog',)),
    ((), ('clearProcessLogs', 'web:echo')),
    ((), ('clearProcessLog', 'web:quiet')),
    ((), ('clearAllProcessLogs',)),
]

# the programs that are running before the call, the call, and the fault
REFUSED: list[tuple[tuple[str, ...], tuple[Any, ...], int]] = [
    ((), ('getProcessInfo', 'nope'), 10),
    ((), ('getProcessInfo', 'web:nope'), 10),
    ((), ('readLog', -1, 5), 3),
    ((), ('readMainLog', 0, -1), 3),
    *(((), (f'readProcess{kind}Log', 'nope', 0, 0), 10) for kind in ('', 'Stdout', 'Stderr')),
    *(((), (f'readProcess{kind}Log', 'web:quiet', 0, 0), 20) for kind in ('', 'Stdout', 'Stderr')),
    *(((), (f'readProcess{kind}Log', 'web:echo', -1, 5), 3) for kind in ('', 'Stdout', 'Stderr')),
    *(((), (f'tailProcess{kind}Log', 'nope', 0, 0), 10) for kind in ('', 'Stdout', 'Stderr')),
    ((), ('clearProcessLog', 'nope'), 10),
    ((), ('clearProcessLogs', 'nope'), 10),
    ((), ('startProcess', 'nope'), 10),
    ((), ('startProcess', 'web:nope', False), 10),
    (('alone',), ('startProcess', 'alone', True), 60),
    *(((), ('startProcess', program, True), code) for program, code in BROKEN.items()),
    ((), ('startProcessGroup', 'nope', True), 10),
    ((), ('stopProcess', 'nope'), 10),
    ((), ('stopProcess', 'alone', True), 70),
    ((), ('stopProcessGroup', 'nope'), 10),
    ((), ('signalProcess', 'nope', 'CONT'), 10),
    ((), ('signalProcess', 'alone', 'CONT'), 70),
    (('alone',), ('signalProcess', 'alone', 'NOPE'), 11),
    ((), ('signalProcessGroup', 'nope', 'CONT'), 10),
    ((), ('sendProcessStdin', 'nope', 'x'), 10),
    ((), ('sendProcessStdin', 'web:echo', 'x'), 70),
    ((), ('addProcessGroup', 'nope'), 10),
    ((), ('addProcessGroup', 'web'), 90),
    ((), ('removeProcessGroup', 'nope'), 10),
    (('web:echo',), ('removeProcessGroup', 'web'), 91),
]


def name_of(call: Any) -> str:
    return '-'.join(map(str, call)) if isinstance(call, tuple) else str(call)


def plain_fault(daemon: Daemon, *call: Any) -> tuple[int, str]:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        daemon.call(f'supervisor.{call[0]}', *call[1:])
    return caught.value.faultCode, caught.value.faultString


def stop_all(daemon: Daemon) -> None:
    """Nothing runs, and nothing is about to."""
    def calm() -> bool:
        daemon.call('supervisor.stopAllProcesses', True)
        infos = daemon.call('supervisor.getAllProcessInfo')
        return all(info['pid'] == 0 and info['statename'] != 'BACKOFF' for info in infos)
    wait_for(calm, 15, 'the end of all processes')


def prepare(daemon: Daemon, programs: tuple[str, ...]) -> None:
    stop_all(daemon)
    for program in programs:
        assert daemon.call('supervisor.startProcess', program, True) is True


def same(java: Any, plain: Any) -> None:
    """What grows with time may have grown between the two calls; all else is equal."""
    if isinstance(plain, list):
        assert len(java) == len(plain)
        for one, other in zip(java, plain, strict=True):
            same(one, other)
        return
    if isinstance(plain, dict):
        java, plain = dict(java), dict(plain)
        if 'now' in plain:
            assert java.pop('now') == pytest.approx(plain.pop('now'), abs=CLOCK_SLACK)
        if 'uptime' in str(plain.get('description')):
            shape = r', uptime \d:\d\d:\d\d$'
            assert re.sub(shape, '', java.pop('description')) == re.sub(shape, '', plain.pop('description'))
        if plain.get('uid') == 'none':   # a number in Java
            assert java.pop('uid') is None
            del plain['uid']
    assert java == plain
    assert type(java) is type(plain)


@pytest.fixture
def calm(alone: Daemon) -> Iterator[Daemon]:
    yield alone
    stop_all(alone)


@pytest.fixture(scope='module')
def logged(alone: Daemon) -> Daemon:
    """With something in the logs of `web:echo`, and three states among the processes."""
    prepare(alone, ())
    alone.call('supervisor.clearProcessLogs', 'web:echo')
    prepare(alone, ('web:echo',))
    assert alone.call('supervisor.sendProcessStdin', 'web:echo', TEXT) is True

    def written() -> bool:
        methods = ('supervisor.readProcessStdoutLog', 'supervisor.readProcessStderrLog')
        return all(alone.call(method, 'web:echo', 0, 0) == TEXT for method in methods)

    wait_for(written, 10, 'the text in both logs')
    plain_fault(alone, 'startProcess', 'crash', True)
    return alone


def test_every_method_is_called(alone: Daemon) -> None:
    called = {call[0] for call in READS} | {call[0] for _, call in ACTS} | set(ELSEWHERE)
    methods = alone.call('system.listMethods')
    known = {method.partition('.')[2] for method in methods if method.startswith('supervisor.')}
    assert called == known
    assert len(known) == 37


@pytest.mark.parametrize('call', READS, ids=name_of)
def test_answers_are_equal(logged: Daemon, call: tuple[Any, ...]) -> None:
    expected = logged.call(f'supervisor.{call[0]}', *call[1:])
    assert expected != []
    same(JavaNamespaces(logged).call(*call), expected)


def test_answers_say_something(logged: Daemon) -> None:
    """The comparison above is not one of empty answers."""
    java = JavaNamespaces(logged)
    assert java.call('readProcessStdoutLog', 'web:echo', 0, 0) == TEXT
    assert java.call('tailProcessStderrLog', 'web:echo', 0, 1000) == [TEXT, SIZE, False]
    assert {info['statename'] for info in java.call('getAllProcessInfo')} == {'RUNNING', 'STOPPED', 'FATAL'}
    (config,) = [info for info in java.call('getAllConfigInfo') if info['name'] == 'alone']
    assert (config['exitcodes'], config['stdout_logfile_maxbytes']) == ([0, 3], 3 * 1024 * 1024)


@pytest.mark.parametrize(('programs', 'call'), ACTS, ids=name_of)
def test_acts_are_equal(calm: Daemon, programs: tuple[str, ...], call: tuple[Any, ...]) -> None:
    prepare(calm, programs)
    expected = calm.call(f'supervisor.{call[0]}', *call[1:])
    effect = _settled(calm)
    prepare(calm, programs)
    answer = JavaNamespaces(calm).call(*call)
    assert _settled(calm) == effect
    if call[0] in FLAGS and isinstance(expected, list):
        expected = all(outcome['status'] == 80 for outcome in expected)
    same(_by_name(answer), _by_name(expected))


def _by_name(answer: Any) -> Any:
    """Outcomes come in the order in which the processes have ended."""
    return sorted(answer, key=lambda outcome: str(outcome['name'])) if isinstance(answer, list) else answer


def _settled(daemon: Daemon) -> dict[str, str]:
    """The states once nothing changes any more."""
    def states() -> dict[str, str]:
        infos = daemon.call('supervisor.getAllProcessInfo')
        found = {f'{info["group"]}:{info["name"]}': info['statename'] for info in infos}
        return {} if set(found.values()) & {'STARTING', 'STOPPING', 'BACKOFF'} else found
    settled: dict[str, str] = wait_for(states, 15, 'states that stay')
    return settled


@pytest.mark.parametrize(('programs', 'call', 'code'), REFUSED, ids=name_of)
def test_faults_are_equal(calm: Daemon, programs: tuple[str, ...], call: tuple[Any, ...], code: int) -> None:
    prepare(calm, programs)
    expected = plain_fault(calm, *call)
    assert expected[0] == code
    prepare(calm, programs)
    assert fault_of(JavaNamespaces(calm).call, *call) == expected


def test_text_reaches_the_process(calm: Daemon) -> None:
    prepare(calm, ('web:echo',))
    java = JavaNamespaces(calm)
    assert java.call('clearProcessLogs', 'web:echo') is True
    assert java.call('readProcessStdoutLog', 'web:echo', 0, 0) == ''
    assert java.call('sendProcessStdin', 'web:echo', TEXT) is True
    wait_for(lambda: java.call('readProcessStdoutLog', 'web:echo', 0, 0) == TEXT, 10, 'the text')


def test_main_log_is_cleared(calm: Daemon) -> None:
    java = JavaNamespaces(calm)
    assert 'started with pid' in java.call('readLog', 0, 0) or java.call('clearLog')
    assert java.call('clearLog') is True
    assert 'started with pid' not in java.call('readLog', 0, 0)


def test_groups_come_and_go(calm: Daemon) -> None:
    java = JavaNamespaces(calm)
    before = calm.conf.read_text()
    assert java.call('reloadConfig') == [[[], [], []]]
    try:
        _append(calm.conf, '[program:extra]\ncommand=/bin/sleep 100000\nautostart=false\nstartsecs=0\n')
        assert java.call('reloadConfig') == [[['extra'], [], []]] == calm.call('supervisor.reloadConfig')
        assert not _config(java, 'extra')['inuse']
        assert java.call('addProcessGroup', 'extra') is True
        assert _config(java, 'extra')['inuse']
        assert java.call('startProcess', 'extra') is True

        calm.conf.write_text(before.replace('exitcodes=0,3', 'exitcodes=0,4'))
        assert java.call('reloadConfig') == [[[], ['alone'], ['extra']]] == calm.call('supervisor.reloadConfig')
        assert fault_of(java.call, 'removeProcessGroup', 'extra')[0] == 91
        assert java.call('stopProcess', 'extra') is True
        assert java.call('removeProcessGroup', 'extra') is True
        assert fault_of(java.call, 'getProcessInfo', 'extra')[0] == 10

        _append(calm.conf, '[program:wrong]\n')
        assert fault_of(java.call, 'reloadConfig') == plain_fault(calm, 'reloadConfig')
        assert fault_of(java.call, 'reloadConfig')[0] == 92
    finally:
        calm.conf.write_text(before)
    assert java.call('reloadConfig') == [[[], [], []]]


def _append(path: Path, text: str) -> None:
    path.write_text(f'{path.read_text()}\n{text}')


def _config(java: JavaNamespaces, name: str) -> dict[str, Any]:
    (info,) = [info for info in java.call('getAllConfigInfo') if info['name'] == name]
    return dict(info)


@pytest.mark.parametrize('account', [('', ''), (USER, PASSWORD)], ids=['open', 'password'])
def test_end(jvm: None, account: tuple[str, str]) -> None:
    with running(solo(*account, SLOW)) as cluster:
        daemon = cluster[0]
        java = JavaNamespaces(daemon)
        first = _starts(daemon)
        assert java.call('restart') is True
        wait_for(lambda: _starts(daemon) == first + 1, 30, 'supervisord started again')
        cluster.wait_operation()
        assert java.call('getState') == {'statecode': 1, 'statename': 'RUNNING'}

        assert java.call('startProcess', 'slow') is True
        wait_for(lambda: java.call('readProcessLog', 'slow', 0, 0) == 'ready\n', 10, 'the process')
        assert java.call('shutdown') is True
        refused = fault_of(java.call, 'getAllProcessInfo')
        assert refused == (6, 'SHUTDOWN_STATE') == plain_fault(daemon, 'getAllProcessInfo')
        assert daemon.wait(30) == 0


def _starts(daemon: Daemon) -> int:
    return (daemon.folder / 'supervisord.log').read_text().count('supervisord started with pid')
