"""Requests: what is carried to the engine, and what its ticket becomes."""
from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.model.enums import FaultCode, SupvisorsState
from tests.unit.rpc.dispatcher import WAITING, Dispatcher
from tests.unit.rpc.world import LOCAL, Daemon, World

CALLS: dict[str, tuple[Any, ...]] = {
    'start_application': (1, 'backup'),
    'stop_application': ('web',),
    'start_process': (1, 'backup', ''),
    'stop_process': ('web:api',),
    'restart_application': (1, 'web'),
    'restart_process': (1, 'web:api', ''),
    'start_any_process': (1, 'web', ''),
    'restart_sequence': (),
}
VALUES = {'start_any_process': 'web:cache'}
"""The results that are not True: what the Master has made of the target."""


def value_of(method: str) -> object:
    return VALUES.get(method, True)


def ticket_of(method: str, **state: Any) -> Ticket:
    return Ticket('r1', Command(method), target=VALUES.get(method, ''), **state)


@pytest.mark.parametrize(('method', 'arguments', 'command'), [
    ('start_application', (4, 'backup'), Command('start_application', 'backup', 4)),
    ('stop_application', ('web', False), Command('stop_application', 'web')),
    ('start_process', ('LOCAL', 'backup'), Command('start_process', 'backup', 3)),
    ('start_process', (0, 'backup:backup', '-v'), Command('start_process', 'backup', 0, '-v')),
    ('start_process', (0, 'backup:mirror', '-v', False), Command('start_process', 'backup:mirror', 0, '-v')),
    ('start_process', (0, 'backup:'), Command('start_process', 'backup:*')),
    ('start_process', (0, 'web:cache'), Command('start_process', 'web:cache')),
    ('stop_process', ('web:*',), Command('stop_process', 'web:*')),
    ('stop_process', ('web:api',), Command('stop_process', 'web:api')),
    ('restart_application', ('LOCAL', 'backup'), Command('restart_application', 'backup', 3)),
    ('restart_application', (0, 'web', False), Command('restart_application', 'web')),
    ('restart_process', (5, 'web:api'), Command('restart_process', 'web:api', 5)),
    ('restart_process', ('LOCAL', 'web:', '-v', False), Command('restart_process', 'web:*', 3, '-v')),
    ('start_any_process', ('MOST_LOADED', '^web:c.*'), Command('start_any_process', '^web:c.*', 2)),
    ('start_any_process', (0, '', '-v', False), Command('start_any_process', '', 0, '-v')),
    ('restart_sequence', (), Command('restart_sequence')),
    ('restart_sequence', (False,), Command('restart_sequence')),
    ('restart', (), Command('restart')),
    ('shutdown', (), Command('shutdown')),
])
def test_command(rpc: Dispatcher, daemon: Daemon, world: World, method: str, arguments: tuple[Any, ...],
                 command: Command) -> None:
    rpc.send(method, *arguments)
    assert daemon.wakes == [True]
    assert [one.to_dict() for one in world.requests] == [{**command.to_dict(), 'origin': LOCAL.identifier}]


@pytest.mark.parametrize('method', [*CALLS, 'restart', 'shutdown'])
def test_refused(rpc: Dispatcher, world: World, method: str) -> None:
    world.outcome = Refused(FaultCode.BAD_SUPVISORS_STATE, 'not now')
    with pytest.raises(Fault) as caught:
        rpc.call(method, *CALLS.get(method, ()))
    assert (caught.value.faultCode, caught.value.faultString) == (101, 'BAD_SUPVISORS_STATE: not now')


@pytest.mark.parametrize('method', ['restart', 'shutdown'])
def test_restart_and_shutdown_do_not_wait(rpc: Dispatcher, world: World, method: str) -> None:
    assert rpc.call(method) is True
    world.outcome = Ticket('r1', Command(method), done=True, code=101, text='late')
    with pytest.raises(Fault, match='BAD_SUPVISORS_STATE: late'):
        rpc.call(method)


@pytest.mark.parametrize(('arguments', 'master'), [((), ''), (('',), ''), (('alpha',), 'alpha'), (('edge',), 'edge')])
def test_end_of_synchronization(rpc: Dispatcher, daemon: Daemon, world: World, arguments: tuple[str, ...],
                                master: str) -> None:
    world.state = SupvisorsState.SYNCHRONIZATION
    assert rpc.call('end_sync', *arguments) is True
    assert (world.masters, daemon.wakes) == ([master], [True])


@pytest.mark.parametrize('code', [101, 104, 10, 2, 70])
def test_end_of_synchronization_refused(rpc: Dispatcher, daemon: Daemon, world: World, code: int) -> None:
    world.state = SupvisorsState.SYNCHRONIZATION
    world.outcome = Refused(FaultCode(code), 'why')
    with pytest.raises(Fault) as caught:
        rpc.call('end_sync', 'alpha')
    assert (caught.value.faultCode, caught.value.faultString) == (code, f'{FaultCode(code).name}: why')
    assert daemon.wakes == []


@pytest.mark.parametrize('method', CALLS)
def test_wait(rpc: Dispatcher, world: World, method: str) -> None:
    ticket = world.outcome = ticket_of(method)
    exchange = rpc.send(method, *CALLS[method])
    assert exchange.poll() is WAITING
    ticket.accepted = True
    assert exchange.poll() is WAITING
    ticket.done = True
    assert exchange.poll() == value_of(method)


@pytest.mark.parametrize('method', CALLS)
def test_no_wait(rpc: Dispatcher, world: World, method: str) -> None:
    ticket = world.outcome = ticket_of(method)
    exchange = rpc.send(method, *CALLS[method], False)
    assert exchange.poll() is WAITING
    ticket.accepted = True
    assert exchange.poll() == value_of(method)


@pytest.mark.parametrize('method', CALLS)
def test_an_outcome_that_is_known_at_once(rpc: Dispatcher, world: World, method: str) -> None:
    world.outcome = ticket_of(method, accepted=True, done=True)
    assert rpc.call(method, *CALLS[method]) == value_of(method)
    world.outcome = ticket_of(method, accepted=True)
    assert rpc.call(method, *CALLS[method], False) == value_of(method)


def outcome(rpc: Dispatcher, world: World, method: str, wait: bool, deferred: bool, **state: Any) -> int:
    """The fault code of an outcome that is known before the call (or when it is polled); 0 without fault."""
    ticket = world.outcome = ticket_of(method, **({} if deferred else state))
    try:
        exchange = rpc.send(method, *CALLS[method], wait)
        for name, value in state.items():
            setattr(ticket, name, value)
        value = exchange.poll()
    except Fault as error:
        code, text = error.faultCode, error.faultString
    else:
        assert value == value_of(method)
        return 0
    assert text == f'{FaultCode(code).name}: why'
    return code


@pytest.mark.parametrize('deferred', [False, True])
@pytest.mark.parametrize('wait', [False, True])
@pytest.mark.parametrize(('method', 'code'), [
    ('start_application', 40), ('start_application', 60), ('start_application', 102),
    ('stop_application', 70), ('start_process', 40), ('start_process', 60), ('stop_process', 70), ('stop_process', 10),
    # no Master could be reached: the ticket is closed as a whole, accepted or not
    *((method, 30) for method in CALLS),
    ('restart_application', 40), ('restart_application', 102), ('restart_process', 40), ('restart_process', 10),
    ('start_any_process', 2), ('restart_sequence', 101), ('restart_sequence', 40),
])
def test_immediate_failures(rpc: Dispatcher, world: World, method: str, code: int, wait: bool, deferred: bool) -> None:
    for accepted in (False, True):
        assert outcome(rpc, world, method, wait, deferred, accepted=accepted, done=True, code=code, text='why') == code


@pytest.mark.parametrize('deferred', [False, True])
@pytest.mark.parametrize(('method', 'code'), [
    ('start_application', 70), ('start_process', 70), ('stop_application', 91), ('stop_process', 91),
    ('restart_application', 70), ('restart_process', 70), ('start_any_process', 70),
])
def test_late_failures(rpc: Dispatcher, world: World, method: str, code: int, deferred: bool) -> None:
    """Only for who waits: the answer does not depend on whether the end came before the poll."""
    state = {'accepted': True, 'done': True, 'code': code, 'text': 'why'}
    assert outcome(rpc, world, method, True, deferred, **state) == code
    assert outcome(rpc, world, method, False, deferred, **state) == 0
    assert outcome(rpc, world, method, False, deferred, **{**state, 'accepted': False}) == code


def test_multicall_with_deferred_answers(rpc: Dispatcher, world: World) -> None:
    """supervisord runs the calls one after the other, each when the one before has its answer."""
    tickets = [Ticket('r1', Command('start_process')), Ticket('r2', Command('stop_process')),
               Ticket('r3', Command('start_application'))]
    world.outcome = tickets[0]
    exchange = rpc.send('system.multicall', [
        {'methodName': 'supvisors.get_api_version', 'params': []},
        {'methodName': 'supvisors.start_process', 'params': [0, 'backup']},
        {'methodName': 'supvisors.stop_process', 'params': ['web:api']},
        {'methodName': 'supvisors.stop_process', 'params': ['nobody']},
        {'methodName': 'supvisors.start_application', 'params': [0, 'backup', False]},
        {'methodName': 'supvisors.start_application', 'params': [0, 'backup', 'x']},
        {'methodName': 'supvisors.get_master_identifier'},
    ])
    assert exchange.poll() is WAITING
    assert len(world.requests) == 1
    world.outcome = tickets[1]
    tickets[0].done = True
    assert exchange.poll() is WAITING
    world.outcome = tickets[2]
    tickets[1].done, tickets[1].code, tickets[1].text = True, 91, 'web:api'
    assert exchange.poll() is WAITING
    tickets[2].accepted = True
    assert exchange.poll() == [
        '1.0.0', True, {'faultCode': 91, 'faultString': 'STILL_RUNNING: web:api'},
        {'faultCode': 10, 'faultString': "BAD_NAME: application 'nobody' is unknown"}, True,
        {'faultCode': 2, 'faultString': "INCORRECT_PARAMETERS: wait: 'x' (str) given, expected a boolean"},
        {'identifier': '10.0.0.1:61000', 'nick_identifier': 'alpha'},
    ]
    assert [command.kind for command in world.requests] == ['start_process', 'stop_process', 'start_application']


def test_deferred_answers_are_polled_slowly(rpc: Dispatcher, world: World) -> None:
    assert rpc.send('start_process', 0, 'backup').producer.delay == 0.5


@pytest.mark.parametrize(('method', 'arguments', 'command'), [
    ('test_start_application', ('MOST_LOADED', 'backup'), Command('start_application', 'backup', 2)),
    ('test_start_application', (3, 'web'), Command('start_application', 'web', 3)),
    ('test_start_process', ('LOCAL', 'backup'), Command('start_process', 'backup', 3)),
    ('test_start_process', (0, 'backup:'), Command('start_process', 'backup:*')),
])
def test_a_prediction_asks_for_nothing(rpc: Dispatcher, daemon: Daemon, world: World, method: str,
                                       arguments: tuple[Any, ...], command: Command) -> None:
    assert len(rpc.call(method, *arguments)) == 2
    assert [one.to_dict() for one in world.predicted] == [{**command.to_dict(), 'origin': LOCAL.identifier}]
    assert (world.requests, daemon.wakes) == ([], [])


@pytest.mark.parametrize('method', ['test_start_application', 'test_start_process'])
def test_a_prediction_that_is_refused(rpc: Dispatcher, world: World, method: str) -> None:
    world.outcome = Refused(FaultCode.ALREADY_STARTED, 'it runs')
    with pytest.raises(Fault) as caught:
        rpc.call(method, 0, 'backup')
    assert (caught.value.faultCode, caught.value.faultString) == (60, 'ALREADY_STARTED: it runs')


def test_the_namespec_that_was_chosen_fits_xml(rpc: Dispatcher, world: World) -> None:
    world.outcome = Ticket('r1', Command('start_any_process'), accepted=True, target='web:a\x00')
    assert rpc.call('start_any_process', 0, 'web', '', False) == 'web:a?'
