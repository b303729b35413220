"""A start that failed, where no event of the process tells it: it is shown FATAL everywhere, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import (
    ADOPT_START,
    ADOPT_STOP,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
    Ticket,
)
from supvisors.engine.messages import Replicate, SubmitRefused
from supvisors.engine.view import ProcessView
from supvisors.model.enums import ApplicationState as Ap
from supvisors.model.enums import FaultCode, RunningFailureStrategy, SynchroOption
from supvisors.model.enums import ProcessState as P
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y = 'app:x', 'app:y'
REASON = 'No resource available (c:1: program disabled)'
GENUINE = {('STOPPED', '')}


def one(program: Program | None = None, start_sequence: int = 0, **values: Any) -> World:
    """x can only run on c, y anywhere; a is the Master."""
    rules = ProgramRules(
        identifiers=('c',), running_failure_strategy=RunningFailureStrategy.RESTART_PROCESS, **values
    )
    every = {X: program or Program(), Y: Program()}
    return operation('abc', managed(app=application(start_sequence, x=rules, y=0)), programs=every)


def refused(**values: Any) -> World:
    """x is disabled on c, and somebody has asked to start it."""
    world = one(**values)
    world['c'].disable(X)
    world.run(0.1)
    ticket = world['b'].request(START_PROCESS, X)
    assert world.outcome(ticket) == (FaultCode.ABNORMAL_TERMINATION, f'{X}: {REASON}')
    assert shown(world, 'b') == {('FATAL', REASON)}  # as soon as it is told
    world.run(0.1)
    return world


def done(world: World, ticket: Ticket) -> None:
    assert world.outcome(ticket) == (0, '')
    world.run(0.1)


def seen(world: World, letter: str, namespec: str = X) -> ProcessView:
    group, _, name = namespec.partition(':')
    view = world[letter].engine.process(group, name)
    assert view is not None
    return view


def shown(world: World, letters: str = '') -> set[tuple[str, str]]:
    """(state, reason) of x, on these instances or on all."""
    views = [seen(world, letter) for letter in letters or [node.letter for node in world.up()]]
    return {(P(view.state).name, view.reason) for view in views}


# -- what is shown
def test_a_start_that_finds_no_instance_is_shown_on_all_of_them() -> None:
    world = refused()
    assert shown(world) == {('FATAL', REASON)}
    view = seen(world, 'c')
    assert (view.expected_exit, view.identifiers, view.extra_args) == (True, (), '')
    assert world['a'].engine.inventory.view(X).state == P.STOPPED


@pytest.mark.parametrize(('values', 'failures'), [({}, (False, True)), ({'required': True}, (True, False))])
def test_it_is_a_failure_of_its_application(values: dict[str, Any], failures: tuple[bool, bool]) -> None:
    world = refused(**values)
    view = world['b'].engine.application('app')
    assert view is not None
    assert (view.state, view.major_failure, view.minor_failure) == (Ap.STOPPED, *failures)
    assert [one.major_failure for one in world['c'].engine.applications()] == [failures[0]]


def test_a_whole_application_without_resource_is_shown_too() -> None:
    rules = managed(app=application(x=ProgramRules(identifiers=('c',), start_sequence=1)))
    world = operation('abc', rules, only={letter: {X: Program(disabled=letter == 'c')} for letter in 'abc'})
    assert world.outcome(world['b'].request(START_APPLICATION, 'app'))[0] == FaultCode.ABNORMAL_TERMINATION
    world.run(0.1)
    assert shown(world) == {('FATAL', REASON)}


def test_the_automatic_start_shows_what_it_could_not_place() -> None:
    rules = ProgramRules(identifiers=('c',), start_sequence=1)
    world = operation('abc', managed(app=application(1, x=rules)), programs={X: Program(disabled=True)})
    world.run(0.1)
    assert shown(world) == {('FATAL', REASON)}


def test_a_repair_that_finds_no_instance_tells_why() -> None:
    world = one()
    done(world, world['b'].request(START_PROCESS, X))
    world['c'].crash()
    world.run(5.0)
    assert shown(world) == {('FATAL', 'No resource available (c:1: STOPPED)')}


def test_an_order_that_is_not_obeyed_is_shown() -> None:
    world = one()
    world['c'].silent_orders = True
    ticket = world['b'].request(START_PROCESS, X)
    assert world.outcome(ticket)[0] == FaultCode.NOT_RUNNING
    world.run(0.1)
    assert shown(world) == {('FATAL', 'c:1 did not obey within 10 s')}


def test_a_start_that_takes_too_long_is_shown_until_it_runs() -> None:
    world = one(Program(slow=8.0))
    ticket = world['b'].request(START_PROCESS, X)
    assert world.outcome(ticket)[0] == FaultCode.NOT_RUNNING
    world.run(0.1)
    assert shown(world) == {('FATAL', 'not RUNNING on c:1 in time')}
    assert seen(world, 'b').identifiers == ('c:1',)
    world.run(5.0)
    assert shown(world) == {('RUNNING', '')}


def test_an_order_that_is_refused_is_shown_with_what_the_instance_says() -> None:
    world = one(Program(fault=FaultCode.SPAWN_ERROR))
    assert world.outcome(world['b'].request(START_PROCESS, X)) == (FaultCode.NOT_RUNNING, f'{X}: c:1: SPAWN_ERROR')
    world.run(0.1)
    assert shown(world) == {('FATAL', 'c:1: SPAWN_ERROR')}


def test_a_target_that_is_lost_while_nobody_else_can_take_it() -> None:
    world = one(Program(startsecs=20))
    world['b'].request(START_PROCESS, X)
    world.run(1.0)
    world['c'].crash()
    world.run(5.0)
    assert shown(world) == {('FATAL', 'No resource available (c:1: STOPPED)')}


def test_what_fails_with_an_event_is_shown_as_it_is_with_what_supervisord_says() -> None:
    world = one(Program(fatal=True))
    assert world.outcome(world['b'].request(START_PROCESS, X))[0] == FaultCode.NOT_RUNNING
    world['c'].show(X, P.FATAL, spawnerr='Exited too quickly')
    world.run(0.1)
    assert world['b'].engine.ledger.failure(X) is None
    assert shown(world) == {('FATAL', 'Exited too quickly')}
    assert seen(world, 'b').expected_exit


def test_a_stop_that_did_not_work_is_never_shown_as_stopped() -> None:
    world = one(Program(stopwaitsecs=1, stop_time=float('inf')))
    done(world, world['b'].request(START_PROCESS, X))
    assert world.outcome(world['b'].request(STOP_PROCESS, X))[0] == FaultCode.STILL_RUNNING
    world.run(0.1)
    assert shown(world) == {('STOPPING', '')}


# -- until when
def test_it_is_over_once_the_program_is_enabled() -> None:
    world = refused()
    world['c'].disable(X, False)
    world.run(0.1)
    assert shown(world) == GENUINE


def test_another_program_that_is_enabled_or_disabled_changes_nothing() -> None:
    world = refused()
    world['c'].disable(Y)
    world['b'].disable(X)
    world.run(0.1)
    assert shown(world) == {('FATAL', REASON)}


def test_it_is_over_once_anything_happens_to_the_process() -> None:
    world = refused()
    world['b'].spawn(X)
    world.run(0.1)
    assert shown(world) == {('STARTING', '')}
    world['b'].halt(X)
    world.run(2.0)
    assert shown(world) == GENUINE


def test_it_does_not_come_back_when_the_instance_where_it_ran_since_starts_again() -> None:
    world = refused()
    world['b'].spawn(X)
    world.run(2.0)
    world['b'].halt(X)
    world.run(2.0)
    assert shown(world) == GENUINE
    world['b'].crash()
    world['b'].boot()
    world.run(5.0)
    assert world['a'].engine.inventory.record(X, 'b:1').event_mono == 0.0  # type: ignore[union-attr]
    assert shown(world) == GENUINE


@pytest.mark.parametrize('letter', 'bc')
def test_an_instance_that_starts_again_and_knows_nothing_has_no_say(letter: str) -> None:
    world = refused()
    world['c'].programs[X].disabled = True
    world[letter].crash()
    world.run(4.0)
    world[letter].boot()
    world.run(6.0)
    assert shown(world) == {('FATAL', REASON)}


def test_it_outlives_the_master() -> None:
    world = refused()
    world['a'].crash()
    world.run(6.0)
    assert world.leaders() == 'b'
    assert shown(world) == {('FATAL', REASON)}
    world['c'].disable(X, False)
    world.run(0.1)
    assert shown(world) == GENUINE


def test_it_is_told_to_who_joins() -> None:
    rules = managed(app=application(x=ProgramRules(identifiers=('c',)), y=0))
    programs = {X: Program(disabled=True), Y: Program()}
    options = {'synchro_options': frozenset((SynchroOption.TIMEOUT,)), 'synchro_timeout': 1.0}
    world = World('abc', rules, programs=programs, boot='ac', **options)
    world.run_until(world.operating)
    world.outcome(world['c'].request(START_PROCESS, X))
    world['b'].boot()
    world.run(5.0)
    assert world.operating()
    assert shown(world) == {('FATAL', REASON)}


def test_a_stop_of_its_application_shows_the_genuine_state_again() -> None:
    world = refused()
    done(world, world['b'].request(START_PROCESS, Y))
    done(world, world['b'].request(STOP_APPLICATION, 'app'))
    assert shown(world) == GENUINE


def test_a_stop_that_is_refused_changes_nothing() -> None:
    world = refused()
    assert world.outcome(world['b'].request(STOP_PROCESS, X))[0] == FaultCode.NOT_RUNNING
    world.run(0.1)
    assert shown(world) == {('FATAL', REASON)}


@pytest.mark.parametrize('kind', [ADOPT_START, ADOPT_STOP])
def test_what_a_user_does_by_himself_shows_the_genuine_state_again(kind: str) -> None:
    world = refused()
    done(world, world['c'].request(kind, X))
    assert shown(world) == GENUINE


def test_the_next_start_that_fails_has_its_own_reason() -> None:
    world = refused()
    world['c'].crash()
    world.run(5.0)
    world.outcome(world['b'].request(START_PROCESS, X))
    world.run(0.1)
    assert shown(world) == {('FATAL', 'No resource available (c:1: STOPPED)')}


def test_the_same_failure_is_written_once() -> None:
    world = refused()
    before = world['a'].engine.replication.index
    world.outcome(world['b'].request(START_PROCESS, X))
    world.run(5.0)
    assert world['a'].engine.replication.index == before


def test_a_process_that_is_removed_takes_it_along() -> None:
    world = refused()
    for letter in 'abc':
        world[letter].remove(X)
    world.run(0.1)
    for letter in 'abc':
        world[letter].restore(X)
    world.run(0.1)
    assert shown(world) == GENUINE


# -- it is shown, and nothing else
def test_who_is_refused_has_been_told_what_is_shown() -> None:
    world = refused()
    to_b = [type(envelope.body) for source, target, envelope in world.sent if (source, target) == ('a', 'b')]
    assert Replicate in to_b[max(0, to_b.index(SubmitRefused) - 1) : to_b.index(SubmitRefused)]


def test_an_application_that_lives_is_not_started_again_whatever_is_shown() -> None:
    world = one(Program(slow=30.0))
    world.outcome(world['b'].request(START_PROCESS, X))
    world.run(0.1)
    view = world['b'].engine.application('app')
    assert view is not None
    assert view.state is Ap.STOPPED
    assert world.outcome(world['b'].request(START_APPLICATION, 'app'))[0] == FaultCode.ALREADY_STARTED


def test_a_successful_start_ends_it() -> None:
    world = one(Program(startsecs=3))
    world['c'].silent_orders = True
    world.outcome(world['b'].request(START_PROCESS, X))
    world.run(0.1)
    assert shown(world) == {('FATAL', 'c:1 did not obey within 10 s')}
    world['c'].silent_orders = False
    ticket = world['b'].request(START_PROCESS, X)
    world.run(0.5)
    assert shown(world) == {('STARTING', '')}
    done(world, ticket)
    assert shown(world) == {('RUNNING', '')}
