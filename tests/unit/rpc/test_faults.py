"""The text of faults, and what becomes of an error of ours."""
from __future__ import annotations

import re
from xmlrpc.client import Fault

import pytest
from supervisor.xmlrpc import Faults, RPCError

from supvisors.engine.commands import Command, Ticket
from supvisors.model.enums import FaultCode
from supvisors.rpc.faults import fault
from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import Daemon, World


@pytest.mark.parametrize('code', FaultCode)
@pytest.mark.parametrize('registered', [False, True])
def test_text(monkeypatch: pytest.MonkeyPatch, code: FaultCode, registered: bool) -> None:
    if registered:
        monkeypatch.setattr(Faults, code.name, int(code), raising=False)
    error = fault(code, 'why')
    assert isinstance(error, RPCError)
    assert (error.code, error.text) == (int(code), f'{code.name}: why')
    assert type(error.code) is int
    assert fault(code).text == code.name


def test_code_of_another_release() -> None:
    assert (fault(106, 'why').code, fault(106, 'why').text) == (106, 'UNKNOWN: why')


def test_text_is_ascii_on_one_line(rpc: Dispatcher, world: World) -> None:
    ticket = world.outcome = Ticket('r1', Command('start_process'))
    exchange = rpc.send('start_process', 0, 'backup')
    ticket.done, ticket.code, ticket.text = True, 70, 'café\n\ud800'
    with pytest.raises(Fault) as caught:
        exchange.poll()
    assert caught.value.faultString == 'NOT_RUNNING: caf\\xe9\\n\\ud800'


@pytest.mark.parametrize('error', [TypeError('boom'), KeyError('boom'), RecursionError('boom'), OSError('boom')])
def test_an_error_of_ours_is_a_fault_and_a_line_in_the_log(daemon: Daemon, rpc: Dispatcher, error: Exception) -> None:
    daemon.world.outcome = error
    with pytest.raises(Fault) as caught:
        rpc.call('start_process', 0, 'backup')
    assert caught.value.faultCode == 30
    found = re.fullmatch(rf'FAILED: start_process: internal error {type(error).__name__}, reference ([0-9a-f]{{8}})',
                         caught.value.faultString)
    assert found
    [logged] = daemon.errors
    assert logged.startswith(f'supvisors.start_process failed, reference {found[1]}\nTraceback')
    assert 'boom' in logged


def test_a_log_that_fails_does_not_hide_the_fault(daemon: Daemon, rpc: Dispatcher) -> None:
    daemon.world.outcome = KeyError('boom')
    daemon.interface._log_error = lambda text: 1 / 0
    with pytest.raises(Fault, match='FAILED'):
        rpc.call('restart')
