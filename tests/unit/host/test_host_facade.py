"""The host on a real supervisord that does not run: events are notified by hand."""
from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from supervisor import events
from supervisor.states import SupervisorStates
from supervisor.xmlrpc import Faults, RPCError, xmlrpc_marshal, xmlrpclib

from supvisors.engine.events import HostTick, ProcessChanged, ProcessRemoved
from supvisors.host import Host, HostError, register_faults
from supvisors.model.enums import FaultCode, ProcessState
from supvisors.model.process import ProcessRecord

Make = Callable[[str], Any]

INET = """
[inet_http_server]
port={port}
"""

PROGRAMS = """
[program:one]
command=/bin/true
autostart=false
[program:two]
command=/bin/true
autostart=false
startsecs=7
stopwaitsecs=9
"""


class Told:
    """Callbacks that keep what they are told."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def ready(self, records: tuple[ProcessRecord, ...]) -> None:
        self.calls.append(('ready', records))

    def observe(self, event: Any) -> None:
        self.calls.append(event)

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        self.calls.append((start, namespec, extra_args))

    def turn(self) -> None:
        self.calls.append('turn')

    def leaving(self) -> None:
        self.calls.append('leaving')

    def closing(self) -> None:
        self.calls.append('closing')


@pytest.fixture
def told() -> Told:
    return Told()


def make_host(supervisord: Any, told: Told, wake_at: Callable[[float], None] = lambda mono: None) -> Host:
    return Host(supervisord, told, wake_at)


@pytest.mark.parametrize(('port', 'address'), [('9001', ('', 9001)), ('*:9001', ('', 9001)), (':9001', ('', 9001)),
                                               ('127.0.0.1:9001', ('127.0.0.1', 9001))])
def test_address_of_the_first_inet_server(make_supervisord: Make, told: Told, port: str, address: Any) -> None:
    host = make_host(make_supervisord('[unix_http_server]\nfile=/tmp/no.sock\n' + INET.format(port=port)), told)
    assert host.inet_address() == address
    assert host.credentials() == ('', '')


def test_credentials(make_supervisord: Make, told: Told) -> None:
    host = make_host(make_supervisord(INET.format(port='9001') + 'username=me\npassword=secret\n'), told)
    assert host.credentials() == ('me', 'secret')


def test_no_inet_server_is_said_with_its_remedy(make_supervisord: Make, told: Told) -> None:
    host = make_host(make_supervisord('[unix_http_server]\nfile=/tmp/no.sock\n'), told)
    with pytest.raises(HostError, match=r'needs an \[inet_http_server\] section'):
        host.inet_address()


def test_records_before_anything_happened(make_supervisord: Make, told: Told) -> None:
    host = make_host(make_supervisord(PROGRAMS), told)
    assert [record.namespec for record in host.records()] == ['one', 'two']
    two = host.record('two')
    assert two == host.record('two:two') and two is not None
    assert (two.state, two.pid, two.start, two.stop, two.event_mono) == (0, 0, 0, 0, 0.0)
    assert (two.startsecs, two.stopwaitsecs, two.description, two.program_name) == (7, 9, 'Not started', 'two')
    assert type(two.state) is int
    assert host.record('three') is None


def test_events_of_a_process_are_stamped_and_told(make_supervisord: Make, told: Told) -> None:
    asked: list[float] = []
    supervisord = make_supervisord(PROGRAMS)
    host = make_host(supervisord, told, asked.append)
    process = supervisord.process_groups['two'].processes['two']
    process.laststart = time.time()
    process.change_state(ProcessState.STARTING.value)
    process.pid = 123
    process.change_state(ProcessState.RUNNING.value)
    process.laststop = process.laststart + 20
    process.spawnerr = 'Bad exit code 1'
    process.change_state(ProcessState.EXITED.value, expected=False)
    starting, running, exited = (call.record for call in told.calls)
    assert [record.state for record in (starting, running, exited)] == [10, 20, 100]
    assert [record.pid for record in (starting, running, exited)] == [0, 123, 0]
    assert [record.expected for record in (starting, running, exited)] == [True, True, False]
    assert starting.start == int(process.laststart) and exited.stop == int(process.laststop)
    assert starting.start_mono == starting.event_mono == running.start_mono == exited.start_mono > 0
    assert running.stop_mono == 0 and exited.stop_mono == exited.event_mono > running.event_mono
    assert running.description.startswith('pid 123, uptime') and exited.spawnerr == 'Bad exit code 1'
    assert len(asked) == 1 and abs(asked[0] - time.monotonic() - 7) < 0.5
    process.change_state(ProcessState.STARTING.value)
    assert told.calls[-1].record.expected is True
    assert host.record('two') == told.calls[-1].record


def test_groups_and_ticks(make_supervisord: Make, told: Told) -> None:
    supervisord = make_supervisord(PROGRAMS)
    host = make_host(supervisord, told)
    group = supervisord.process_groups['one'].config
    host.records()
    assert supervisord.remove_process_group('one')
    assert told.calls.pop() == ProcessRemoved('one')
    assert supervisord.add_process_group(group)
    changed = told.calls.pop()
    assert isinstance(changed, ProcessChanged) and changed.record.namespec == 'one'
    events.notify(events.Tick5Event(5, supervisord))
    events.notify(events.Tick60Event(60, supervisord))
    assert told.calls == [HostTick()]


def test_many_records_are_read_quickly(make_supervisord: Make, told: Told) -> None:
    host = make_host(make_supervisord('[program:p]\ncommand=/bin/true\nnumprocs=500\nprocess_name=%(process_num)d\n'),
                     told)
    assert len(host.records()) == 500
    best = min(_duration(host.records) for _ in range(5))
    # the loop of supervisord is held that long, once
    assert best < 0.1


def _duration(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def test_an_exception_does_not_reach_supervisord(make_supervisord: Make, told: Told, tmp_path: Path) -> None:
    supervisord = make_supervisord(PROGRAMS)
    make_host(supervisord, told)

    def fail(event: Any) -> None:
        raise RuntimeError('planted')

    told.observe = fail  # type: ignore[method-assign]
    events.notify(events.Tick5Event(5, supervisord))
    log = (tmp_path / 'supervisord.log').read_text()
    assert 'error while handling Tick5Event' in log and 'RuntimeError: planted' in log and 'Traceback' in log


@pytest.mark.parametrize('fails', [False, True])
def test_cleanup_closes_once_and_undoes_everything(make_supervisord: Make, told: Told, fails: bool) -> None:
    supervisord = make_supervisord(PROGRAMS)
    options = supervisord.options
    before = set(vars(options))
    make_host(supervisord, told)
    if fails:
        def fail() -> None:
            told.calls.append('closing')
            raise RuntimeError('planted')

        told.closing = fail  # type: ignore[method-assign]
    options.cleanup()
    assert told.calls == ['closing']
    assert events.callbacks == []
    assert set(vars(options)) == before
    options.cleanup()
    assert told.calls == ['closing']


def test_restart_and_shutdown_do_not_change_their_mind(make_supervisord: Make, told: Told) -> None:
    supervisord = make_supervisord(PROGRAMS)
    host = make_host(supervisord, told)
    host.restart()
    assert supervisord.options.mood == SupervisorStates.RESTARTING
    host.shutdown()
    assert supervisord.options.mood == SupervisorStates.RESTARTING
    assert host.start('one', '') == (FaultCode.SHUTDOWN_STATE, 'one')
    assert host.stop('one') == (0, '')


@pytest.mark.parametrize(('state', 'outcome'), [
    (ProcessState.STARTING, (0, '')), (ProcessState.RUNNING, (0, '')), (ProcessState.BACKOFF, (0, '')),
    (ProcessState.STOPPING, (91, 'one is stopping')),
    (ProcessState.UNKNOWN, (30, 'one is in an unknown process state'))])
def test_start_in_states_where_it_spawns_nothing(make_supervisord: Make, told: Told, state: int, outcome: Any) -> None:
    supervisord = make_supervisord(PROGRAMS)
    host = make_host(supervisord, told)
    process = supervisord.process_groups['one'].processes['one']
    process.state = state
    assert host.start('one', 'more') == outcome
    assert (process.state, process.config.command, told.calls) == (state, '/bin/true', [])


def test_stop_in_backoff(make_supervisord: Make, told: Told) -> None:
    supervisord = make_supervisord(PROGRAMS)
    host = make_host(supervisord, told)
    process = supervisord.process_groups['one'].processes['one']
    process.state = ProcessState.BACKOFF.value
    assert host.stop('one') == (0, '')
    assert [call.record.state for call in told.calls] == [ProcessState.STOPPED]


def test_faults_have_our_names() -> None:
    register_faults()
    register_faults()
    assert RPCError(101, 'not now').text == 'BAD_SUPVISORS_STATE: not now'
    assert RPCError(105).text == 'NOT_INSTALLED'
    assert RPCError(10).text == 'BAD_NAME'
    assert type(Faults.DISABLED) is int
    assert xmlrpc_marshal(xmlrpclib.Fault(Faults.DISABLED, 'DISABLED'))
