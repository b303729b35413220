"""Restarts: what runs is stopped first, by rank, then all is started again; whoever leads in the meantime."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import (
    RESTART_APPLICATION,
    RESTART_PROCESS,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
)
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y, Z = 'app:x', 'app:y', 'app:z'
ON_C = ProgramRules(identifiers=('c', 'b'), start_sequence=1)
THEN_ON_C = ProgramRules(identifiers=('c', 'b'), start_sequence=2)


def world_of(letters: str = 'abcd', rules: Any = None, **programs: Program) -> World:
    """x then y, on c or else on b; the Master a runs nothing. z is not in the start sequence."""
    rules = rules or application(x=ON_C, y=THEN_ON_C, z=ProgramRules(identifiers=('c', 'b')))
    named = {f'app:{name}': programs.get(name, Program(2, stop_time=2.0)) for name in 'xyz'}
    return operation(letters, managed(app=rules), programs=named)


def started(world: World, namespec: str = '', extra_args: str = '') -> World:
    """The whole application, or one of its processes, runs since a user has asked for it."""
    kind = START_PROCESS if namespec else START_APPLICATION
    assert world.outcome(world['b'].request(kind, namespec or 'app', 0, extra_args)) == (0, '')
    world.history.clear()
    return world


def events(world: World) -> list[str]:
    return [f'{namespec} {state}' for _, _, namespec, state in world.history]


RESTARTED = [
    f'{Y} STOPPING', f'{Y} STOPPED', f'{X} STOPPING', f'{X} STOPPED',
    f'{X} STARTING', f'{X} RUNNING', f'{Y} STARTING', f'{Y} RUNNING',
]  # fmt: skip


@pytest.fixture
def by_rank() -> Any:
    return application(
        x=ProgramRules(identifiers=('c', 'b'), start_sequence=1, stop_sequence=1),
        y=ProgramRules(identifiers=('c', 'b'), start_sequence=2, stop_sequence=2),
    )


# -- an application
def test_an_application_is_stopped_by_reverse_rank_then_started_by_rank(by_rank: Any) -> None:
    world = started(world_of(rules=by_rank))
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert events(world) == RESTARTED


def test_nothing_of_the_application_starts_before_all_of_it_has_stopped() -> None:
    world = started(world_of(x=Program(stop_time=1.0), y=Program(stop_time=6.0)))
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert world.time_of(X, 'STARTING') >= max(world.time_of(X, 'STOPPED'), world.time_of(Y, 'STOPPED'))


def test_a_process_that_is_not_in_the_start_sequence_is_stopped_and_not_started() -> None:
    world = started(started(world_of()), Z)
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert (world.where(X), world.where(Y), world.where(Z)) == ('c', 'c', '')


def test_an_application_of_which_nothing_runs_is_just_started() -> None:
    world = world_of()
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert events(world) == [f'{X} STARTING', f'{X} RUNNING', f'{Y} STARTING', f'{Y} RUNNING']


def test_what_had_failed_is_started_with_the_rest() -> None:
    world = started(world_of(y=Program(fatal=True), x=Program()))
    world['c'].programs[Y].fatal = False
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert (world.where(X), world.where(Y)) == ('c', 'c')


def test_the_place_is_chosen_anew_with_the_strategy_of_the_request() -> None:
    rule = ProgramRules(identifiers=('c', 'b'), start_sequence=1, expected_loading=10)
    world = started(world_of(rules=application(x=rule)))
    world['c'].programs[X].disabled = True
    world['c'].show(X, 20, disabled=True)
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app', S.CONFIG)) == (0, '')
    assert world.where(X) == 'b'
    assert world.outcome(world['b'].request(RESTART_APPLICATION, 'app', S.LOCAL)) == (0, '')
    assert [event for event in events(world) if event == f'{X} STARTING'] == [f'{X} STARTING'] * 2


def test_the_room_that_the_stop_makes_can_be_used() -> None:
    rule = ProgramRules(identifiers=('c',), start_sequence=1, expected_loading=80)
    world = started(world_of(rules=application(x=rule)))
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert events(world) == [f'{X} {state}' for state in ('STOPPING', 'STOPPED', 'STARTING', 'RUNNING')]


def test_the_arguments_of_the_last_start_are_kept_by_a_restart_of_the_application() -> None:
    world = started(world_of(), X, '-v 3')
    assert world.outcome(world['d'].request(RESTART_APPLICATION, 'app', 0, 'ignored')) == (0, '')
    assert world['c'].records[X].extra_args == '-v 3'


# -- one process
def test_a_process_is_stopped_then_started_and_its_siblings_are_left_alone() -> None:
    world = started(world_of())
    assert world.outcome(world['d'].request(RESTART_PROCESS, X, 0, '-new')) == (0, '')
    assert events(world) == [f'{X} {state}' for state in ('STOPPING', 'STOPPED', 'STARTING', 'RUNNING')]
    assert world['c'].records[X].extra_args == '-new'


def test_a_restart_without_arguments_drops_those_of_before() -> None:
    world = started(world_of(), X, '-v 3')
    assert world.outcome(world['d'].request(RESTART_PROCESS, X)) == (0, '')
    assert world['c'].records[X].extra_args == ''


def test_a_process_that_does_not_run_is_just_started() -> None:
    world = world_of()
    assert world.outcome(world['d'].request(RESTART_PROCESS, X, 0, '-new')) == (0, '')
    assert events(world) == [f'{X} STARTING', f'{X} RUNNING']


def test_a_process_is_stopped_wherever_it_runs_and_started_once() -> None:
    world = started(world_of(), X)
    world['b'].spawn(X)
    world['d'].spawn(X)
    world.run(3.0)
    assert world.outcome(world['d'].request(RESTART_PROCESS, X)) == (0, '')
    assert world.where(X) == 'c'
    assert events(world).count(f'{X} STOPPED') == 3


def test_all_the_processes_of_a_group_are_restarted_at_once() -> None:
    world = started(world_of())
    assert world.outcome(world['d'].request(RESTART_PROCESS, 'app:*')) == (0, '')
    assert {key: world.where(key) for key in (X, Y, Z)} == {X: 'c', Y: 'c', Z: 'c'}
    assert world.time_of(X, 'STARTING') == world.time_of(Y, 'STARTING')


def test_a_process_that_does_not_end_is_not_said_to_be_restarted() -> None:
    world = started(world_of(x=Program(stopwaitsecs=3, stop_time=float('inf'))), X)
    code, text = world.outcome(world['d'].request(RESTART_PROCESS, X))
    assert code == F.NOT_RUNNING
    assert f'{X}: still running on c:1' in text
    assert events(world) == [f'{X} STOPPING']


# -- what is refused
@pytest.mark.parametrize(
    ('kind', 'target', 'code', 'text'),
    [
        (RESTART_APPLICATION, 'none', F.BAD_NAME, 'application none unknown'),
        (RESTART_APPLICATION, 'lone', F.NOT_MANAGED, 'application lone has no rules'),
        (RESTART_APPLICATION, 'idle', F.ABNORMAL_TERMINATION, 'application idle has no process with a start_sequence'),
        (
            RESTART_APPLICATION, 'app', F.ABNORMAL_TERMINATION,
            'app:x: No resource available (a:1: program disabled; b:1: 0 + 101 > 100)',
        ),
        (RESTART_PROCESS, 'none:*', F.BAD_NAME, 'process none:* unknown'),
        (
            RESTART_PROCESS, 'app:x', F.ABNORMAL_TERMINATION,
            'app:x: No resource available (a:1: program disabled; b:1: 0 + 101 > 100)',
        ),
    ],
)  # fmt: skip
def test_refused(kind: str, target: str, code: F, text: str) -> None:
    heavy = ProgramRules(start_sequence=1, expected_loading=101)
    only = {letter: {X: Program(disabled=letter == 'a'), 'lone': Program(), 'idle:x': Program()} for letter in 'ab'}
    world = operation('ab', managed(app=application(x=heavy), idle=application(x=0)), only=only)
    assert world.outcome(world['b'].request(kind, target)) == (code, text)
    assert world.starts() == []


# -- what comes in between
@pytest.mark.parametrize('after', [0.0, 1.0, 2.5, 4.5, 6.0])
@pytest.mark.parametrize(
    ('restart', 'stop', 'target'),
    [(RESTART_APPLICATION, STOP_APPLICATION, 'app'), (RESTART_PROCESS, STOP_PROCESS, X)],
)
def test_a_stop_asked_for_later_has_the_last_word(restart: str, stop: str, target: str, after: float) -> None:
    """Neither now nor after the next ordinary stop is anything started by the restart."""
    world = started(world_of())
    first = world['d'].request(restart, target)
    world.run(after)
    assert world.outcome(world['b'].request(stop, target))[0] in (0, F.NOT_RUNNING)
    world.outcome(first)
    world.run(20.0)
    assert world.where(X) == ''
    begun = len(world.starts())
    assert world.outcome(world['b'].request(START_PROCESS, X)) == (0, '')
    assert world.outcome(world['b'].request(STOP_PROCESS, X)) == (0, '')
    world.run(20.0)
    assert world.where(X) == ''
    assert len(world.starts()) == begun + 1


def test_a_restart_that_found_no_room_is_over_and_the_next_stop_is_only_a_stop() -> None:
    world = started(world_of(), X)
    for letter in 'bc':
        world[letter].show(X, 20 if letter == 'c' else 0, disabled=True)
    code, text = world.outcome(world['d'].request(RESTART_PROCESS, X))
    assert code == F.NOT_RUNNING
    assert text == f'{X}: No resource available (c:1: program disabled; b:1: program disabled)'
    for letter in 'bc':
        world[letter].show(X, 0, disabled=False)
    assert world.outcome(world['d'].request(START_PROCESS, X)) == (0, '')
    assert world.outcome(world['d'].request(STOP_PROCESS, X)) == (0, '')
    world.run(20.0)
    assert world.where(X) == ''


@pytest.mark.parametrize('after', [0.0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])
def test_a_new_master_goes_on_with_the_restart_of_an_application(after: float, by_rank: Any) -> None:
    """Each process is stopped once and started once, wherever the old Master was."""
    world = started(world_of(rules=by_rank))
    ticket = world['d'].request(RESTART_APPLICATION, 'app')
    world.run(after)
    world['a'].crash()
    assert world.outcome(ticket) == (0, '')
    world.run(10.0)
    assert (world.leaders(), world.where(X), world.where(Y)) == ('b', 'c', 'c')
    assert events(world) == RESTARTED


@pytest.mark.parametrize('after', [0.0, 0.5, 1.5, 2.5, 3.5])
def test_a_new_master_goes_on_with_the_restart_of_a_process(after: float) -> None:
    world = started(world_of(), X, '-old')
    ticket = world['d'].request(RESTART_PROCESS, X, 0, '-new')
    world.run(after)
    world['a'].crash()
    assert world.outcome(ticket) == (0, '')
    world.run(10.0)
    assert events(world) == [f'{X} {state}' for state in ('STOPPING', 'STOPPED', 'STARTING', 'RUNNING')]
    assert world['c'].records[X].extra_args == '-new'


@pytest.mark.parametrize('after', [0.0, 1.0, 3.0, 5.0])
def test_a_join_does_not_disturb_a_restart(after: float, by_rank: Any) -> None:
    world = started(world_of('abcde', rules=by_rank))
    world['e'].crash()
    world.run(5.0)
    ticket = world['d'].request(RESTART_APPLICATION, 'app')
    world.run(after)
    world['e'].boot()
    assert world.outcome(ticket) == (0, '')
    assert events(world) == RESTARTED


@pytest.mark.parametrize('after', [0.5, 2.5, 4.5])
def test_the_instance_that_is_lost_during_a_restart_is_replaced(after: float) -> None:
    world = started(world_of(), X)
    ticket = world['d'].request(RESTART_PROCESS, X)
    world.run(after)
    world['c'].crash()
    assert world.outcome(ticket)[0] == 0
    world.run(10.0)
    assert world.where(X) == ('b' if after < 4.0 else '')
