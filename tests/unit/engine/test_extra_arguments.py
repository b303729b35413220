"""Extra arguments are part of what a user wants: whatever restarts a process, and wherever, uses those last given."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import (
    ADOPT_START,
    RESTART_APPLICATION,
    RESTART_PROCESS,
    START_ANY_PROCESS,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
)
from supvisors.model.enums import FaultCode, RunningFailureStrategy
from supvisors.model.ledger import Intent
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y = 'app:x', 'app:y'
RULE = ProgramRules(
    identifiers=('c', 'd', 'b'), start_sequence=1, running_failure_strategy=RunningFailureStrategy.RESTART_PROCESS
)


def one(program: Program | None = None, letters: str = 'abcd') -> World:
    """x can run anywhere but on a, the Master; c first."""
    return operation(letters, managed(app=application(x=RULE, y=0)), programs={X: program or Program(), Y: Program()})


def ask(world: World, kind: str, target: str = X, extra_args: str = '', letter: str = 'b') -> int:
    code, _ = world.outcome(world[letter].request(kind, target, 0, extra_args))
    world.run(0.1)
    return code


def adopted(world: World) -> None:
    """A user starts it through `supervisor.startProcess`, after `start_args`."""
    world['c'].spawn(X, '--one')
    assert ask(world, ADOPT_START, X, '--one', 'c') == 0


def started(world: World) -> None:
    assert ask(world, START_PROCESS, X, '--one') == 0


def restarted(world: World) -> None:
    assert ask(world, START_PROCESS, X, '--zero') == 0
    assert ask(world, RESTART_PROCESS, X, '--one') == 0


def any_started(world: World) -> None:
    assert ask(world, START_ANY_PROCESS, '^app:x$', '--one') == 0


GIVEN = pytest.mark.parametrize('give', [started, restarted, any_started, adopted])


def runs_with(world: World) -> tuple[str, str]:
    """Where it runs, and its arguments there."""
    where = world.where(X)
    return where, world[where[0]].records[X].extra_args if where else ''


def intents(world: World) -> set[str]:
    found = [node.engine.ledger.intent(X) for node in world.up()]
    return {intent.extra_args if intent else 'none' for intent in found}


@GIVEN
def test_they_are_those_of_a_restart_elsewhere(give: Any) -> None:
    world = one()
    give(world)
    assert runs_with(world) == ('c', '--one')
    world['c'].crash()
    world.run(6.0)
    assert runs_with(world) == ('d', '--one')
    world['d'].crash()
    world.run(6.0)
    assert runs_with(world) == ('b', '--one')


@GIVEN
def test_a_join_does_not_change_them(give: Any) -> None:
    world = one()
    world['d'].crash()
    world.run(5.0)
    give(world)
    world['d'].boot()
    world.run(5.0)
    assert intents(world) == {'--one'}
    world['c'].crash()
    world.run(6.0)
    assert runs_with(world) == ('d', '--one')


@GIVEN
def test_an_election_does_not_change_them(give: Any) -> None:
    world = one()
    give(world)
    world['a'].crash()
    world.run(5.0)
    world['c'].crash()
    world.run(6.0)
    assert runs_with(world) == ('d', '--one')


@GIVEN
def test_master_and_instance_lost_together_do_not_change_them(give: Any) -> None:
    world = one()
    give(world)
    world['a'].crash()
    world['c'].crash()
    world.run(8.0)
    assert runs_with(world) == ('d', '--one')


def test_a_daemon_that_starts_again_gets_those_of_the_ledger() -> None:
    world = one(letters='abc')
    started(world)
    world['c'].crash()
    world['c'].boot()
    world.run(8.0)
    assert runs_with(world) == ('c', '--one')


@pytest.mark.parametrize('large', [True, False])
def test_those_given_on_one_side_of_a_partition_hold_after_the_heal(large: bool) -> None:
    world = one()
    world.split('abc', 'd')
    world.run(10.0)
    letter = 'b' if large else 'd'
    assert ask(world, START_PROCESS, X, '--one', letter) == 0
    world.heal()
    world.run(15.0)
    assert world.operating()
    assert intents(world) == {'--one'}
    assert ask(world, STOP_PROCESS) == 0
    assert ask(world, START_APPLICATION, 'app') == 0
    assert runs_with(world) == ('c', '--one')


def test_of_those_given_on_both_sides_one_holds_everywhere() -> None:
    world = one()
    world.split('abc', 'd')
    world.run(10.0)
    assert ask(world, START_PROCESS, X, '--large', 'b') == 0
    assert ask(world, START_PROCESS, X, '--small', 'd') == 0
    world.heal()
    world.run(15.0)
    (kept,) = intents(world)
    assert kept in ('--large', '--small')
    assert ask(world, RESTART_APPLICATION, 'app') == 0
    world.run(10.0)
    assert runs_with(world)[1] == kept


# -- who uses the last ones, who gives others
@pytest.mark.parametrize(
    ('kind', 'target', 'used'),
    [
        (START_APPLICATION, 'app', '--one'),
        (RESTART_APPLICATION, 'app', '--one'),
        (START_PROCESS, X, ''),
        (RESTART_PROCESS, X, ''),
        (START_ANY_PROCESS, X, ''),
        (START_PROCESS, 'app:*', ''),
    ],
)
def test_a_start_of_the_application_uses_the_last_ones_and_an_empty_string_resets_them(
    kind: str, target: str, used: str
) -> None:
    world = one()
    started(world)
    assert ask(world, STOP_APPLICATION, 'app') == 0
    assert ask(world, kind, target) == 0
    assert runs_with(world) == ('c', used)
    assert intents(world) == {used}


def test_a_stop_keeps_them() -> None:
    world = one()
    started(world)
    assert ask(world, STOP_PROCESS, X, '--two') == 0
    assert intents(world) == {'--one'}


def test_each_process_has_its_own() -> None:
    world = one()
    started(world)
    assert ask(world, START_PROCESS, Y, '--two') == 0
    assert intents(world) == {'--one'}


def test_what_waits_for_its_turn_gets_those_given_meanwhile() -> None:
    programs = {X: Program(startsecs=5), Y: Program()}
    world = World('abc', managed(app=application(1, x=1, y=2)), programs=programs)
    world.run_until(lambda: world.where(X))
    assert ask(world, ADOPT_START, Y, '--two') == 0
    assert world.where(Y) == ''
    world.run(6.0)
    assert world['a'].records[Y].extra_args == '--two'


def test_a_repair_that_is_tried_again_gets_those_given_meanwhile() -> None:
    """It cannot be done; then a user gives other arguments."""
    world = one(letters='abc')
    started(world)
    world['b'].disable(X)
    world['c'].crash()
    world.run(6.0)
    assert ask(world, ADOPT_START, X, '--two') == 0
    world['b'].disable(X, False)
    world.run(60.0)
    assert runs_with(world) == ('b', '--two')


# -- a call that is refused or fails
@pytest.mark.parametrize('kind', [START_PROCESS, START_ANY_PROCESS])
def test_a_call_that_is_refused_changes_nothing(kind: str) -> None:
    world = one()
    started(world)
    before = world['a'].engine.ledger.intent(X)
    assert ask(world, kind, X, '--two') in (FaultCode.ALREADY_STARTED, FaultCode.FAILED)
    assert world['a'].engine.ledger.intent(X) == before
    world['c'].crash()
    world.run(6.0)
    assert runs_with(world) == ('d', '--one')


def test_a_call_without_resource_changes_nothing() -> None:
    world = one()
    started(world)
    assert ask(world, STOP_PROCESS) == 0
    before = world['a'].engine.ledger.intent(X)
    for letter in 'bcd':
        world[letter].disable(X)
    world.run(0.1)
    assert ask(world, START_PROCESS, X, '--two') == FaultCode.ABNORMAL_TERMINATION
    assert world['a'].engine.ledger.intent(X) == before


@pytest.mark.parametrize('kind', [START_PROCESS, RESTART_PROCESS])
@pytest.mark.parametrize('program', [Program(fatal=True), Program(fault=FaultCode.INCORRECT_PARAMETERS)])
def test_a_call_that_fails_changes_nothing(kind: str, program: Program) -> None:
    world = one()
    started(world)
    if kind == START_PROCESS:
        assert ask(world, STOP_PROCESS) == 0
    for letter in 'bcd':
        world[letter].programs[X] = program
    assert ask(world, kind, X, '--two') == FaultCode.NOT_RUNNING
    assert intents(world) == {'--one'}
    for letter in 'bcd':
        world[letter].programs[X] = Program()
    assert ask(world, START_APPLICATION, 'app') == 0
    assert runs_with(world) == ('c', '--one')


def test_of_several_processes_only_those_that_failed_keep_their_former_ones() -> None:
    world = one()
    started(world)
    assert ask(world, STOP_PROCESS) == 0
    world['c'].programs[X] = Program(fatal=True)
    assert ask(world, START_PROCESS, 'app:*', '--two') == FaultCode.NOT_RUNNING
    assert intents(world) == {'--one'}
    ticket = world['a'].engine.ledger.intent(X)
    assert world['a'].engine.ledger.intent(Y) == Intent(True, '--two', ticket.request if ticket else '')


def test_a_new_master_takes_them_back_too() -> None:
    world = one(Program(startsecs=4))
    started(world)
    assert ask(world, STOP_PROCESS) == 0
    for letter in 'bcd':
        world[letter].programs[X] = Program(startsecs=4, fatal=True)
    ticket = world['b'].request(START_PROCESS, X, 0, '--two')
    world.run(1.0)
    world['a'].crash()
    assert world.outcome(ticket)[0] == FaultCode.NOT_RUNNING
    world.run(0.5)
    assert intents(world) == {'--one'}
