"""`restart_sequence`: the start sequences once more, for what does not run, and for what users want to run only."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.engine.commands import (
    RESTART_SEQUENCE,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
)
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

ON_C = ProgramRules(identifiers=('c', 'b'), start_sequence=1)
THEN_ON_C = ProgramRules(identifiers=('c', 'b'), start_sequence=2)
NAMES = ('one:x', 'one:y', 'two:x', 'none:x', 'one:z')


def world_of(letters: str = 'abcd', **programs: Any) -> World:
    """Application one (x then y, z is not in the sequence), then two; none is not started automatically."""
    rules = managed(
        one=application(1, x=ON_C, y=THEN_ON_C, z=ProgramRules()),
        two=application(2, x=ON_C),
        none=application(0, x=ON_C),
    )
    named = {name: Program() for name in NAMES} | {key.replace('_', ':'): value for key, value in programs.items()}
    world = operation(letters, rules, programs=named)
    world.history.clear()
    return world


def crash(world: World, *namespecs: str) -> None:
    """These have ended by themselves, unexpectedly."""
    for namespec in namespecs:
        world[world.where(namespec)].show(namespec, 100, expected=False)
    world.run(1.0)


def restart(world: World, letter: str = 'd') -> tuple[int, str]:
    world.history.clear()
    return world.outcome(world[letter].request(RESTART_SEQUENCE))


def test_what_does_not_run_is_started_by_the_ranks_of_applications_and_processes() -> None:
    world = world_of()
    crash(world, 'one:x', 'one:y', 'two:x')
    assert restart(world) == (0, '')
    assert [namespec for _, namespec in world.starts()] == ['one:x', 'one:y', 'two:x']
    assert world.time_of('one:y', 'STARTING') == world.time_of('one:x', 'RUNNING')
    assert world.time_of('two:x', 'STARTING') == world.time_of('one:y', 'RUNNING')


def test_what_runs_is_left_alone() -> None:
    world = world_of()
    crash(world, 'one:y')
    assert restart(world) == (0, '')
    assert world.starts() == [('c', 'one:y')]


def test_when_all_of_it_runs_there_is_nothing_to_do() -> None:
    world = world_of()
    assert restart(world) == (F.ABNORMAL_TERMINATION, 'no application has anything to start')
    assert world.starts() == []


def test_what_a_user_has_stopped_stays_stopped() -> None:
    world = world_of()
    assert world.outcome(world['b'].request(STOP_PROCESS, 'one:x')) == (0, '')
    assert world.outcome(world['b'].request(STOP_APPLICATION, 'two')) == (0, '')
    assert restart(world)[0] == F.ABNORMAL_TERMINATION
    crash(world, 'one:y')
    assert restart(world) == (0, '')
    assert world.starts() == [('c', 'one:y')]


def test_what_a_user_has_stopped_then_started_is_wanted_again_with_its_arguments() -> None:
    world = world_of()
    assert world.outcome(world['b'].request(STOP_PROCESS, 'one:x')) == (0, '')
    assert world.outcome(world['b'].request(START_PROCESS, 'one:x', 0, '-v 3')) == (0, '')
    crash(world, 'one:x')
    assert restart(world) == (0, '')
    assert world['c'].records['one:x'].extra_args == '-v 3'


def test_each_application_has_its_own_strategy() -> None:
    rules = managed(
        one=attrs.evolve(application(1, x=1), starting_strategy=S.MOST_LOADED),
        two=attrs.evolve(application(1, x=1), starting_strategy=S.CONFIG),
    )
    world = operation('abcd', rules, programs={'one:x': Program(), 'two:x': Program()})
    crash(world, 'one:x', 'two:x')
    assert restart(world) == (0, '')
    assert (world.where('one:x'), world.where('two:x')) == ('d', 'a')


@pytest.mark.parametrize('kind', [START_PROCESS, STOP_PROCESS])
@pytest.mark.parametrize('after', [0.0, 0.5])
def test_while_something_is_being_started_or_stopped_it_is_refused(kind: str, after: float) -> None:
    slow = Program(3, stop_time=3.0)
    world = world_of(none_x=slow)
    if kind == STOP_PROCESS:
        assert world.outcome(world['b'].request(START_PROCESS, 'none:x')) == (0, '')
    crash(world, 'one:y')
    world['b'].request(kind, 'none:x')
    world.settle()
    world.run(after)
    assert restart(world) == (F.BAD_SUPVISORS_STATE, 'something is being started or stopped')
    world.run(10.0)
    assert restart(world) == (0, '')


def test_of_two_at_once_the_second_is_refused() -> None:
    world = world_of()
    crash(world, 'one:y')
    tickets = [world[letter].request(RESTART_SEQUENCE) for letter in 'bd']
    world.run(5.0)
    assert sorted(ticket.code for ticket in tickets) == [0, F.BAD_SUPVISORS_STATE]
    assert world.starts() == [('c', 'one:y')]


def test_a_failure_does_not_keep_the_next_applications_from_starting() -> None:
    world = world_of()
    crash(world, 'one:x', 'one:y', 'two:x')
    world['c'].programs['one:x'].fatal = True
    restart(world)
    assert [namespec for _, namespec in world.starts()] == ['one:x', 'one:y', 'two:x']


@pytest.mark.parametrize('after', [0.0, 0.5, 1.5, 2.5])
def test_a_new_master_goes_on(after: float) -> None:
    world = world_of()
    crash(world, 'one:x', 'one:y', 'two:x')
    world.history.clear()
    ticket = world['d'].request(RESTART_SEQUENCE)
    world.run(after)
    world['a'].crash()
    assert world.outcome(ticket) == (0, '')
    world.run(5.0)
    assert [namespec for _, namespec in world.starts()] == ['one:x', 'one:y', 'two:x']
    assert world.time_of('one:x', 'RUNNING') <= world.time_of('one:y', 'STARTING')
    assert world.time_of('one:y', 'RUNNING') <= world.time_of('two:x', 'STARTING')


def test_a_stop_asked_for_meanwhile_holds() -> None:
    world = world_of()
    crash(world, 'one:x', 'one:y', 'two:x')
    ticket = world['d'].request(RESTART_SEQUENCE)
    world.run(0.5)
    world['b'].request(STOP_APPLICATION, 'two')
    world['b'].request(STOP_APPLICATION, 'one')
    world.outcome(ticket)
    world.run(10.0)
    assert [world.where(key) for key in ('one:x', 'one:y')] == ['', '']


def test_what_has_done_its_work_is_not_run_again_while_its_application_runs() -> None:
    world = world_of()
    world[world.where('one:x')].show('one:x', 100, expected=True)
    world.run(1.0)
    assert restart(world)[0] == F.ABNORMAL_TERMINATION
    world[world.where('one:y')].show('one:y', 100, expected=True)
    world.run(1.0)
    assert restart(world) == (0, '')
    assert [namespec for _, namespec in world.starts()] == ['one:x', 'one:y'], 'all of it has ended: from the beginning'
