"""The work of the Master: requests accepted, carried out and answered; the end of the system."""

from __future__ import annotations

import pytest

from supvisors.engine import commands
from supvisors.engine.commands import RESTART, SHUTDOWN, START_APPLICATION, START_PROCESS, STOP_PROCESS
from supvisors.engine.messages import Heartbeat, Replicate
from supvisors.model.enums import FaultCode, RunningFailureStrategy, SupvisorsState
from supvisors.model.ledger import Intent
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y = 'app:x', 'app:y'


def world_of(letters: str = 'abc', **values: object) -> World:
    return operation(letters, managed(app=application(x=1, y=2)), programs={X: Program(), Y: Program()}, **values)


# -- requests
def test_a_request_is_recorded_with_its_intents_then_with_its_outcome() -> None:
    world = world_of()
    ticket = world['c'].request(START_PROCESS, X, 0, '-v')
    world.settle()
    for node in world.nodes.values():
        ledger = node.engine.ledger
        assert ledger.intent(X) == Intent(True, '-v', ticket.request)
        assert [key for key, _ in ledger.open_requests()] == [ticket.request]
    world.run(2.0)
    for node in world.nodes.values():
        record = node.engine.ledger.request(ticket.request)
        assert record is not None
        assert (record.done, record.code) == (True, 0)


def test_a_refused_request_leaves_no_trace() -> None:
    world = world_of()
    before = world['a'].engine.ledger.items()
    ticket = world['c'].request(STOP_PROCESS, X)
    world.settle()
    assert ticket.done
    assert world['a'].engine.ledger.items() == before


@pytest.mark.parametrize('between', [0.0, 0.1])
def test_of_equal_requests_the_first_one_is_carried_out_and_the_others_are_refused(between: float) -> None:
    world = world_of()
    tickets = []
    for letter in 'abc':
        tickets.append(world[letter].request(START_PROCESS, X))
        if between:
            world.run(between)
    world.run(3.0)
    assert sorted(ticket.code for ticket in tickets) == [0, FaultCode.ALREADY_STARTED, FaultCode.ALREADY_STARTED]
    assert len(world.starts()) == 1


def test_a_request_of_a_later_release_is_refused() -> None:
    world = world_of()
    ticket = world['b'].request('dance', X)
    world.settle()
    assert (ticket.done, ticket.code) == (True, FaultCode.FAILED)
    assert 'is its release older?' in ticket.text


def test_what_a_user_did_locally_is_adopted() -> None:
    world = world_of()
    world['c'].spawn(X, '-x')
    started = world['c'].request(commands.ADOPT_START, X, 0, '-x')
    world.run(2.0)
    assert (started.done, started.code) == (True, 0)
    assert world['a'].engine.ledger.intent(X) == Intent(True, '-x', started.request)
    assert len(world.starts()) == 1
    world['c'].halt(X)
    world['c'].request(commands.ADOPT_STOP, X)
    world.run(2.0)
    assert world['a'].engine.ledger.intent(X).running is False  # type: ignore[union-attr]


# -- the automatic start
def test_distribution_until_the_automatic_start_has_ended() -> None:
    rules = managed(app=application(1, x=1, y=2))
    world = World('abc', rules, programs={X: Program(3), Y: Program(3)})
    world.run(5.0)
    assert world.states() == {SupvisorsState.DISTRIBUTION}
    world.run(2.0)
    assert world.operating()
    assert world.where(X) == world.where(Y) == 'a'


def test_without_anything_to_start_operation_comes_at_once() -> None:
    world = world_of()
    assert world.now < 2.0
    assert world.starts() == []


# -- the end
@pytest.mark.parametrize(('kind', 'state'), [(RESTART, 'RESTARTING'), (SHUTDOWN, 'SHUTTING_DOWN')])
def test_nothing_is_accepted_any_more_while_ending(kind: str, state: str) -> None:
    world = operation('abc', programs={X: Program(stop_time=5.0), Y: Program()})
    world['a'].spawn(X)
    world.run(2.0)
    world['b'].request(kind)
    world.run(1.0)
    ticket = world['c'].request(START_PROCESS, Y)
    world.settle()
    assert (ticket.done, ticket.code) == (True, FaultCode.BAD_SUPVISORS_STATE)
    assert ticket.text == f'Supvisors is in {state}'


def test_a_start_under_way_is_cancelled_by_the_end() -> None:
    world = operation('abc', managed(app=application(x=1, y=2)), programs={X: Program(3, stop_time=3.0), Y: Program()})
    ticket = world['c'].request(START_APPLICATION, 'app')
    world.run(1.0)
    world['b'].request(SHUTDOWN)
    world.run(1.0)
    assert ticket.done
    assert 'Supvisors is in SHUTTING_DOWN' in ticket.text
    world.run(20.0)
    assert Y not in [namespec for _, namespec in world.starts()]
    assert world.up() == []


def test_the_applications_end_in_the_order_of_their_stop_sequences() -> None:
    rules = managed(
        one=application(stop=1, x=0),
        two=application(stop=2, x=ProgramRules(stop_sequence=1), y=ProgramRules(stop_sequence=5)),
    )
    programs = {key: Program(stop_time=1.0) for key in ('one:x', 'two:x', 'two:y', 'free')}
    world = operation('abc', rules, programs=programs)
    for letter, namespec in zip('abca', programs, strict=True):
        world[letter].spawn(namespec)
    world.run(2.0)
    world['c'].request(RESTART)
    world.run(6.0)
    stops = [namespec for _, _, namespec, state in world.history if state == 'STOPPING']
    assert stops == ['two:y', 'two:x', 'one:x', 'free']
    assert world.ends[-1] == 'a'


def test_a_second_request_to_end_changes_nothing() -> None:
    world = operation('abc', programs={X: Program(stop_time=2.0)})
    world['a'].spawn(X)
    world.run(2.0)
    world['b'].request(RESTART)
    world.run(0.5)
    world['c'].request(SHUTDOWN)
    world.run(0.5)
    assert world.states() == {SupvisorsState.RESTARTING}
    world.run(10.0)
    assert sorted(world.ends) == ['a', 'b', 'c']


def test_what_crashes_while_ending_is_not_repaired() -> None:
    rule = ProgramRules(running_failure_strategy=RunningFailureStrategy.RESTART_PROCESS, identifiers=('c', 'b'))
    world = operation('abc', managed(app=application(x=rule)), programs={X: Program(), 'slow': Program(stop_time=6.0)})
    world['b'].request(START_PROCESS, X)
    world['a'].spawn('slow')
    world.run(2.0)
    world['b'].request(SHUTDOWN)
    world.run(0.01)
    world['c'].crash()
    world.run(5.0)
    assert [letter for letter, namespec in world.starts() if namespec == X] == ['c']


def test_the_end_is_published_before_the_master_ends() -> None:
    world = operation('abc')
    world['a'].request(SHUTDOWN)
    world.run(1.0)
    assert world.ends[-1] == 'a'
    heard = [body.system_state for body in world.bodies(Heartbeat, 'a')]
    assert SupvisorsState.FINAL in heard


def test_one_that_does_not_hear_the_end_does_not_hold_the_master_for_long() -> None:
    world = operation('abcd')
    world['d'].stalled = True
    world['a'].request(SHUTDOWN)
    world.run(4.0)
    assert sorted(world.ends) == ['a', 'b', 'c']


# -- a new Master
@pytest.mark.parametrize('way', ['crash', 'leave'])
@pytest.mark.parametrize('after', [0.0, 0.5, 1.5, 3.5])
def test_an_application_start_is_resumed_where_it_stood(after: float, way: str) -> None:
    rules = managed(app=application(x=1, y=2, z=3))
    programs = {X: Program(2), Y: Program(2), 'app:z': Program(2)}
    world = operation('abcd', rules, only={letter: programs for letter in 'bcd'})
    ticket = world['c'].request(START_APPLICATION, 'app')
    world.settle()
    world.run(after)
    getattr(world['a'], way)()
    world.run_until(lambda: ticket.done, 30.0)
    assert ticket.code == 0
    assert [namespec for _, namespec in world.starts()] == [X, Y, 'app:z']
    assert world.time_of('app:z', 'STARTING') >= world.time_of(Y, 'RUNNING')


def test_a_stop_is_resumed_by_the_next_master() -> None:
    programs = {X: Program(stop_time=3.0)}
    world = operation('abcd', managed(app=application(x=0)), only=dict.fromkeys('bcd', programs))
    start = world['c'].request(START_PROCESS, X)
    world.run_until(lambda: start.done)
    stop = world['c'].request(STOP_PROCESS, X)
    world.run(0.5)
    world['a'].crash()
    world.run_until(lambda: stop.done, 30.0)
    assert (stop.code, world.where(X)) == (0, '')
    world.run(20.0)
    assert len(world.starts()) == 1


def test_a_request_that_only_the_lost_master_held_is_carried_out_once() -> None:
    """Accepted and not replicated: nothing was done, and the next Master gets it anew."""
    world = operation('abcd', managed(app=application(x=0)), only={letter: {X: Program()} for letter in 'bcd'})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Replicate)
    ticket = world['c'].request(START_PROCESS, X)
    world.run(2.0)
    assert not ticket.accepted
    assert world.starts() == []
    world.lose = lambda source, target, envelope: False
    world['a'].crash()
    world.run_until(lambda: ticket.done, 20.0)
    assert ticket.code == 0
    assert len(world.starts()) == 1


def test_a_shutdown_ends_only_those_it_was_asked_of() -> None:
    """d is frozen during the shutdown, and resumes once the others have been started again."""
    world = operation('abcd')
    world.lose = lambda source, target, envelope: target == 'd' and isinstance(envelope.body, Heartbeat)
    world['a'].request(SHUTDOWN)
    world.run(0.05)
    assert world['d'].engine.ledger.open_requests()
    world['d'].frozen = True
    world.run(10.0)
    assert sorted(world.ends) == ['a', 'b', 'c']
    world.lose = lambda source, target, envelope: False
    for letter in 'abc':
        world[letter].boot()
    world.run(10.0)
    world['d'].resume()
    world.run(20.0)
    # d may still end, if it leads alone before it meets the others: it was asked to; nobody else was
    assert sorted(letter for letter in world.ends if letter != 'd') == ['a', 'b', 'c']
    assert {node.letter for node in world.up()} >= set('abc')
    assert world['a'].engine.ledger.open_requests() == []
