"""Processes that are removed, disabled, and come back while the system works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supvisors.engine.commands import (
    ADOPT_START,
    ADOPT_STOP,
    RESTART_APPLICATION,
    RESTART_PROCESS,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
)
from supvisors.model.enums import FaultCode, RunningFailureStrategy
from supvisors.model.enums import ProcessState as P
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y = 'app:x', 'app:y'
RULE = ProgramRules(
    identifiers=('c', 'b'), start_sequence=1, running_failure_strategy=RunningFailureStrategy.RESTART_PROCESS
)
RULES = managed(app=application(x=RULE, y=2))


def only_c(program: Program | None = None) -> World:
    """x is configured on c alone."""
    plain = {Y: Program()}
    return operation('abc', RULES, only={'a': plain, 'b': plain, 'c': {X: program or Program(), **plain}})


def everywhere(program: Program | None = None) -> World:
    return operation('abc', RULES, programs={X: program or Program(), Y: Program()})


def ask(world: World, kind: str, target: str = X, letter: str = 'b') -> tuple[int, str]:
    outcome = world.outcome(world[letter].request(kind, target))
    world.run(0.1)
    return outcome


def remove(world: World, letter: str = 'c') -> None:
    """As update_numprocs does: what runs is stopped first, by the host."""
    if world[letter].records[X].running:
        world[letter].halt(X)
        world.run_until(lambda: world[letter].records[X].stopped)
    world[letter].remove(X)
    world.run(0.1)


def wanted(world: World) -> set[bool | None]:
    intents = [node.engine.ledger.intent(X) for node in world.up()]
    return {intent.running if intent else None for intent in intents}


# -- removed from the only instance that knew it
@pytest.mark.parametrize('kind', [START_PROCESS, STOP_PROCESS])
def test_what_nobody_knows_any_more_leaves_nothing_behind(kind: str) -> None:
    world = only_c()
    assert ask(world, START_PROCESS)[0] == 0
    if kind == STOP_PROCESS:
        assert ask(world, STOP_PROCESS)[0] == 0
    assert wanted(world) == {kind == START_PROCESS}
    remove(world)
    for node in world.up():
        assert node.engine.process('app', 'x') is None
        assert [view.name for view in node.engine.processes('app')] == ['y']
    assert wanted(world) == {None}
    assert all(node.engine.ledger.placement(X) is None for node in world.up())


def test_an_application_without_processes_is_gone() -> None:
    world = operation('ab', managed(app=application(x=1)), only={'a': {Y: Program()}, 'b': {X: Program()}})
    assert world['b'].engine.application('app') is not None
    world['a'].remove(Y)
    world['b'].remove(X)
    world.run(0.1)
    assert [node.engine.application('app') for node in world.up()] == [None, None]
    assert world['a'].engine.applications() == []


@pytest.mark.parametrize('before', [(), (START_PROCESS,), (START_PROCESS, STOP_PROCESS)])
@pytest.mark.parametrize('autostart', [True, False])
def test_what_comes_back_starts_once_if_it_has_autostart_and_is_left_alone(
    before: tuple[str, ...], autostart: bool
) -> None:
    world = only_c()
    for kind in before:
        assert ask(world, kind)[0] == 0
    remove(world)
    starts = len(world.starts())
    world['c']._removed[X].autostart = autostart
    world['c'].restore(X)
    world.run(20.0)
    assert world.where(X) == ('c' if autostart else '')
    assert len(world.starts()) == starts + autostart


def test_what_comes_back_obeys_users_again() -> None:
    world = only_c()
    assert ask(world, START_PROCESS)[0] == 0
    assert ask(world, STOP_PROCESS)[0] == 0
    remove(world)
    world['c'].restore(X)
    world.run(0.1)
    assert ask(world, START_PROCESS)[0] == 0
    assert wanted(world) == {True}
    assert ask(world, STOP_PROCESS)[0] == 0
    world['c'].spawn(X)
    world.run(6.0)
    assert world.where(X) == ''


def test_a_new_master_forgets_what_was_removed_while_nobody_led() -> None:
    world = only_c()
    assert ask(world, START_PROCESS)[0] == 0
    world['a'].crash()
    world.run(0.02)
    remove(world)
    world.run(8.0)
    assert world.leaders() == 'b'
    assert wanted(world) == {None}


def test_an_instance_that_comes_back_without_it_is_not_asked_to_run_it() -> None:
    world = only_c()
    assert ask(world, START_PROCESS)[0] == 0
    world['c'].crash()
    world.run(5.0)
    assert wanted(world) == {True}
    assert world['a'].engine.process('app', 'x') is not None  # the instance is lost, its configuration is not
    del world['c'].programs[X]
    world['c'].boot()
    world.run(10.0)
    assert wanted(world) == {None}
    before = len(world.logs('a'))
    world.run(200.0)
    assert not [text for text in world.logs('a')[before:] if X in text]


# -- removed from one of those that know it
def test_others_still_know_it_and_it_is_not_moved_there() -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    remove(world)
    world.run(10.0)
    assert (world.where(X), wanted(world)) == ('', {True})
    assert ask(world, START_PROCESS)[0] == 0
    assert world.where(X) == 'b'


@pytest.mark.parametrize('last', ['crash', 'leave'])
def test_it_is_not_repaired_when_its_former_instance_is_lost_later(last: str) -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    remove(world)
    getattr(world['c'], last)()
    world.run(15.0)
    assert world.where(X) == ''


def test_it_is_not_repaired_when_its_instance_leaves_at_the_same_time() -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    world['c'].show(X, P.STOPPED)
    world['c'].remove(X)
    world['c'].leave()
    world.run(15.0)
    assert world.where(X) == ''


def test_a_lazy_removal_neither_stops_it_nor_moves_it() -> None:
    """It runs on, is never spawned again, and disappears when it has ended."""
    world = everywhere(Program(lasts=10.0, expected=False))
    assert ask(world, START_PROCESS)[0] == 0
    world.run(5.0)
    assert world.where(X) == 'c'
    world.run_until(lambda: world['c'].records[X].stopped)
    world['c'].remove(X)
    world.run(15.0)
    assert world.where(X) == ''
    assert [letter for letter, _ in world.starts()] == ['c']


# -- removed while something is asked of it
def hold(world: World, letter: str = 'c') -> None:
    world[letter].silent_orders = True


@pytest.mark.parametrize(('kind', 'target'), [(START_PROCESS, X), (START_PROCESS, 'app:*'), (START_APPLICATION, 'app')])
@pytest.mark.parametrize('after', [0.0, 0.5, 2.5])
def test_a_start_of_what_is_removed_fails_and_disturbs_nothing(kind: str, target: str, after: float) -> None:
    world = everywhere(Program(startsecs=2))
    other = world['a'].request(START_PROCESS, 'app:y') if target == X else None
    ticket = world['b'].request(kind, target)
    world.run(after)
    remove(world)
    code, text = world.outcome(ticket)
    if kind == START_APPLICATION:
        # the rest of it starts; while x is being stopped by its host, the application is STOPPING
        assert code in (0, FaultCode.NOT_RUNNING)
    elif after > 2.0:
        assert (code, text) == (0, '')
    else:
        assert code == FaultCode.NOT_RUNNING
        assert X in text
    world.run(5.0)
    if other is not None:
        assert (other.done, other.code) == (True, 0)
        assert world.where(Y) == 'a'
    assert not any(world.state(letter).name != 'OPERATION' for letter in 'abc')
    assert ask(world, STOP_APPLICATION, 'app')[0] in (0, FaultCode.NOT_RUNNING)


def test_an_order_that_finds_the_process_removed_says_so() -> None:
    world = only_c()
    ticket = world['b'].request(START_PROCESS, X)
    world['c'].remove(X)
    assert world.outcome(ticket) == (FaultCode.NOT_RUNNING, f'{X} has been removed')


def test_a_process_that_is_removed_while_it_starts_says_so() -> None:
    world = only_c(Program(startsecs=5))
    ticket = world['b'].request(START_PROCESS, X)
    world.run(1.0)
    world['c'].remove(X)
    assert world.outcome(ticket) == (FaultCode.NOT_RUNNING, f'{X}: the process has been removed')


@pytest.mark.parametrize(('kind', 'target'), [(RESTART_PROCESS, X), (RESTART_APPLICATION, 'app')])
def test_a_restart_of_what_is_removed_between_stop_and_start(kind: str, target: str) -> None:
    world = only_c(Program(stop_time=3.0))
    assert ask(world, START_PROCESS)[0] == 0
    ticket = world['b'].request(kind, target)
    world.run(1.0)
    world['c'].remove(X)
    code, text = world.outcome(ticket)
    if kind == RESTART_PROCESS:
        assert (code, text) == (FaultCode.NOT_RUNNING, f'{X}: the process has been removed')
    else:
        assert code == 0
        assert world.where(Y) == 'a'


@pytest.mark.parametrize('after', [0.0, 0.5, 4.0])
def test_a_stop_of_what_is_removed_succeeds(after: float) -> None:
    world = only_c(Program(stop_time=3.0))
    assert ask(world, START_PROCESS)[0] == 0
    ticket = world['b'].request(STOP_PROCESS, X)
    world.run(after)
    world['c'].remove(X)
    assert world.outcome(ticket) == (0, '')


def test_a_whole_application_that_is_removed_while_it_starts() -> None:
    rules = managed(app=application(x=1, y=2), other=application(z=1))
    programs = {X: Program(startsecs=3), Y: Program()}
    world = operation('ab', rules, only={'a': {'other:z': Program(startsecs=6)}, 'b': programs})
    other = world['a'].request(START_APPLICATION, 'other')
    ticket = world['b'].request(START_APPLICATION, 'app')
    world.run(1.0)
    world['b'].remove(X)
    world['b'].remove(Y)
    code, text = world.outcome(ticket)
    assert code == FaultCode.NOT_RUNNING
    assert 'has been removed' in text
    assert world.outcome(other) == (0, '')


# -- disabled and enabled
def disable(world: World, letter: str = 'c') -> None:
    """As the host does: the user's word is told, then the process stops."""
    world[letter].disable(X)
    if world[letter].records[X].running:
        world[letter].request(ADOPT_STOP, X)
        world[letter].halt(X)
    world.run(1.0)


def test_what_is_disabled_is_stopped_and_not_moved() -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    disable(world)
    world.run(10.0)
    assert (world.where(X), wanted(world)) == ('', {False})
    assert ask(world, START_PROCESS)[0] == 0
    assert world.where(X) == 'b'


def test_what_is_enabled_again_with_autostart_runs_and_is_left_alone() -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    disable(world)
    world['c'].disable(X, False)
    world['c'].request(ADOPT_START, X)
    world['c'].spawn(X)
    world.run(10.0)
    assert (world.where(X), wanted(world)) == ('c', {True})


def test_a_lost_process_is_not_started_where_it_is_disabled() -> None:
    world = everywhere()
    assert ask(world, START_PROCESS)[0] == 0
    world['b'].disable(X)
    world['c'].crash()
    world.run(10.0)
    assert world.where(X) == ''
    world['b'].disable(X, False)
    world.run_until(lambda: world.where(X) == 'b', 65.0)


@pytest.mark.parametrize('change', [lambda node: node.disable(X), lambda node: node.remove(X)])
def test_an_order_on_its_way_to_where_it_cannot_start_any_more(change: Callable[..., None]) -> None:
    """The order has left, and the news of its target have not arrived."""
    world = everywhere()
    world.lose = lambda source, target, envelope: source == 'c' and target == 'a' and world.now < start + 0.3
    start = world.now
    change(world['c'])
    ticket = world['a'].request(START_PROCESS, X)
    code, text = world.outcome(ticket)
    assert code == FaultCode.NOT_RUNNING
    assert 'c:1: ' in text
    assert world.states() == {world.state('a')}
