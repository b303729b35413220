"""The methods of the local supervisord: when they are answered, and what becomes of the work and of its refusal."""
from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.engine.commands import Refused
from supvisors.model.enums import FaultCode, SupvisorsState
from tests.unit.rpc.dispatcher import WAITING, Dispatcher
from tests.unit.rpc.world import Daemon, Here

CALLS: dict[str, tuple[Any, ...]] = {
    'start_args': ('web:api', '-x'), 'update_numprocs': ('backup', 2), 'enable': ('backup',), 'disable': ('backup',),
}
EACH = pytest.mark.parametrize('method', CALLS)


@pytest.fixture
def here(daemon: Daemon) -> Here:
    return daemon.here


def fault(rpc: Dispatcher, method: str, *arguments: Any) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        rpc.call(method, *arguments)
    return caught.value.faultCode, caught.value.faultString


@pytest.mark.parametrize(('method', 'arguments', 'work'), [
    ('start_args', ('web:api',), ('start_args', 'web:api', '')),
    ('start_args', ('web:api', "-x 'y z'", False), ('start_args', 'web:api', "-x 'y z'")),
    ('update_numprocs', ('backup', 3), ('update_numprocs', 'backup', 3, False)),
    ('update_numprocs', ('backup', 1, False, True), ('update_numprocs', 'backup', 1, True)),
    ('enable', ('backup',), ('enable', 'backup')), ('enable', ('backup', False), ('enable', 'backup')),
    ('disable', ('backup',), ('disable', 'backup')), ('disable', ('backup', False), ('disable', 'backup')),
])
def test_work(rpc: Dispatcher, daemon: Daemon, method: str, arguments: tuple[Any, ...], work: Any) -> None:
    assert rpc.call(method, *arguments) is True
    assert daemon.here.begun == [work]
    # nothing is carried to the Master
    assert daemon.world.requests == []


@EACH
def test_answered_when_the_work_has_ended(rpc: Dispatcher, here: Here, method: str) -> None:
    here.outcome = None
    exchange = rpc.send(method, *CALLS[method])
    assert exchange.poll() is WAITING and exchange.poll() is WAITING
    here.outcome = 0, ''
    assert exchange.poll() is True


@EACH
def test_work_that_fails_later(rpc: Dispatcher, here: Here, method: str) -> None:
    here.outcome = None
    exchange = rpc.send(method, *CALLS[method])
    assert exchange.poll() is WAITING
    here.outcome = FaultCode.STILL_RUNNING.value, 'web:api does not stop: é'
    with pytest.raises(Fault) as caught:
        exchange.poll()
    assert (caught.value.faultCode, caught.value.faultString) \
        == (91, 'STILL_RUNNING: web:api does not stop: \\xe9')


@EACH
def test_work_that_has_failed_already(rpc: Dispatcher, here: Here, method: str) -> None:
    here.outcome = FaultCode.SPAWN_ERROR.value, 'web:api'
    assert fault(rpc, method, *CALLS[method]) == (50, 'SPAWN_ERROR: web:api')


WITHOUT_WAIT = pytest.mark.parametrize(('method', 'arguments'), [
    *((method, (*arguments, False)) for method, arguments in CALLS.items()),
    ('update_numprocs', ('backup', 1, True, True)), ('update_numprocs', ('backup', 1, False, True)),
])


@WITHOUT_WAIT
@pytest.mark.parametrize('outcome', [None, (0, '')])
def test_without_wait_the_outcome_is_looked_at_once(rpc: Dispatcher, here: Here, method: str,
                                                    arguments: tuple[Any, ...], outcome: Any) -> None:
    here.outcome = outcome
    assert rpc.call(method, *arguments) is True
    assert here.polls == 1


@WITHOUT_WAIT
def test_without_wait_what_has_failed_already_is_told(rpc: Dispatcher, here: Here, method: str,
                                                      arguments: tuple[Any, ...]) -> None:
    here.outcome = FaultCode.FAILED.value, 'removed meanwhile: backup:backup_2'
    assert fault(rpc, method, *arguments) == (30, 'FAILED: removed meanwhile: backup:backup_2')


@EACH
@pytest.mark.parametrize('wait', [True, False])
def test_a_refusal_is_told_at_once(rpc: Dispatcher, daemon: Daemon, method: str, wait: bool) -> None:
    daemon.here.refusal = Refused(FaultCode.DISABLED, 'web:api')
    assert fault(rpc, method, *CALLS[method], wait) == (103, 'DISABLED: web:api')
    assert daemon.errors == [] and daemon.here.begun == []


@pytest.mark.parametrize('state', SupvisorsState)
@EACH
def test_states(rpc: Dispatcher, daemon: Daemon, method: str, state: SupvisorsState) -> None:
    daemon.world.state = state
    if method == 'start_args' or state is SupvisorsState.OPERATION:
        assert rpc.call(method, *CALLS[method]) is True
    else:
        assert fault(rpc, method, *CALLS[method])[0] == FaultCode.BAD_SUPVISORS_STATE
        assert daemon.here.begun == []


def test_nothing_is_started_while_supervisord_stops(rpc: Dispatcher, daemon: Daemon) -> None:
    daemon.stopping = True
    assert fault(rpc, 'start_args', 'nobody') == (6, 'SHUTDOWN_STATE: the local supervisord is stopping')
    assert daemon.here.begun == []
