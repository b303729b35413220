"""Whether an application is operational: its formula, its required processes; and what has a say in a state."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.engine.commands import START_APPLICATION, STOP_APPLICATION
from supvisors.model.enums import ApplicationState, SynchroOption
from supvisors.model.enums import ProcessState as P
from supvisors.model.formula import parse_formula
from supvisors.model.rules import ApplicationRules, ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

NAMES = ('p', 'q', 'r')
TIMEOUT = frozenset((SynchroOption.TIMEOUT,))


def world_of(formula: str = '', start_sequence: int = 0, **rules: ProgramRules) -> World:
    programs = {name: rules.get(name, ProgramRules(start_sequence=1)) for name in NAMES}
    app = application(start_sequence, **programs)
    return operation(
        'ab', managed(app=with_formula(app, formula)), programs={f'app:{name}': Program() for name in NAMES}
    )


def with_formula(rules: ApplicationRules, formula: str) -> ApplicationRules:
    return attrs.evolve(rules, formula=parse_formula(formula)) if formula else rules


def show(world: World, p: P = P.RUNNING, q: P = P.RUNNING, r: P = P.RUNNING, expected: bool = True) -> World:
    for name, state in zip(NAMES, (p, q, r), strict=True):
        world['a'].show(f'app:{name}', state, start=1, expected=expected)
    world.settle()
    return world


def failures(world: World) -> tuple[bool, bool]:
    """(major, minor), the same for both instances."""
    (views,) = {
        (view.major_failure, view.minor_failure)
        for view in (world[letter].engine.application('app') for letter in 'ab')
        if view is not None
    }
    return views


@pytest.mark.parametrize(
    ('formula', 'major'),
    [
        ("all('.*')", False),
        (r"all('p|q') and not 'r'", True),
        ("'.*'", True),  # a list is no boolean
        ("'zz'", True),
        ("'P'", True),
        ("all('p.*') or 'absent'", True),  # nothing is skipped
        ("'p' and ('q' or 'absent.*')", True),
        ("any('p|q') and 'r'", False),
    ],
)
def test_the_formula_tells_the_major_failure(formula: str, major: bool) -> None:
    assert failures(show(world_of(formula))) == (major, False)


@pytest.mark.parametrize(
    ('state', 'expected', 'works'),
    [
        (P.STARTING, True, True),
        (P.BACKOFF, True, True),
        (P.RUNNING, True, True),
        (P.EXITED, True, True),
        (P.EXITED, False, False),
        (P.STOPPING, True, False),
        (P.STOPPED, True, False),
        (P.FATAL, True, False),
        (P.UNKNOWN, True, False),
    ],
)
def test_a_process_is_true_as_long_as_it_works(state: P, expected: bool, works: bool) -> None:
    world = world_of("'q'")
    world['a'].show('app:p', P.RUNNING, start=1)
    world['a'].show('app:q', state, start=1, expected=expected)
    world.settle()
    assert failures(world)[0] is not works


@pytest.mark.parametrize('formula', ["all('.*')", "'absent'", "'.*'", ''])
def test_a_stopped_application_is_no_failure_whatever_its_formula(formula: str) -> None:
    """Before it was ever started, and once a user has stopped it."""
    world = world_of(formula, p=ProgramRules(start_sequence=1, required=True))
    assert failures(world) == (False, False)
    assert world.outcome(world['b'].request(START_APPLICATION, 'app')) == (0, '')
    assert failures(world) == (formula in ("'absent'", "'.*'"), False)
    assert world.outcome(world['b'].request(STOP_APPLICATION, 'app')) == (0, '')
    assert failures(world) == (False, False)


@pytest.mark.parametrize('formula', ["all('.*')", "'absent'"])
def test_what_a_user_has_stopped_is_not_started_again_because_of_its_formula(formula: str) -> None:
    """Not even when an instance joins."""
    rules = managed(app=with_formula(application(1, p=1, q=1), formula))
    world = World('abc', rules, programs={'app:p': Program(), 'app:q': Program()}, boot='ab',
                  synchro_options=TIMEOUT, synchro_timeout=1.0)  # fmt: skip
    world.run_until(world.operating)
    assert world.where('app:p') == 'a'
    assert world.outcome(world['b'].request(STOP_APPLICATION, 'app')) == (0, '')
    world['c'].boot()
    world.run(15.0)
    assert (world.where('app:p'), world.where('app:q')) == ('', '')
    assert len(world.starts()) == 2


def test_with_a_formula_a_failed_process_is_minor_as_long_as_it_holds() -> None:
    world = world_of("any('.*')", q=ProgramRules(start_sequence=1, required=True))
    assert failures(show(world, q=P.FATAL)) == (False, True)
    assert failures(show(world, p=P.FATAL, q=P.FATAL, r=P.STARTING)) == (False, True)


@pytest.mark.parametrize(
    ('q', 'r', 'expected', 'found'),
    [
        (P.RUNNING, P.RUNNING, True, (False, False)),
        (P.FATAL, P.RUNNING, True, (True, False)),
        (P.EXITED, P.RUNNING, False, (True, False)),
        (P.EXITED, P.RUNNING, True, (False, False)),
        (P.STOPPED, P.RUNNING, True, (True, False)),  # required, and the rest of it runs
        (P.RUNNING, P.FATAL, True, (False, True)),
        (P.RUNNING, P.STOPPED, True, (False, False)),
        (P.FATAL, P.FATAL, True, (True, False)),
        (P.UNKNOWN, P.RUNNING, True, (True, False)),
    ],
)
def test_without_a_formula_its_required_processes_count(q: P, r: P, expected: bool, found: tuple[bool, bool]) -> None:
    world = world_of(q=ProgramRules(start_sequence=1, required=True))
    world['a'].show('app:p', P.RUNNING, start=1)
    for name, state in (('q', q), ('r', r)):
        world['a'].show(f'app:{name}', state, start=1, expected=expected or state != P.EXITED)
    world.settle()
    assert failures(world) == found


def test_an_application_without_rules_never_fails() -> None:
    world = operation('ab', programs={'app:p': Program(fatal=True)})
    world['a'].spawn('app:p')
    world.run(5.0)
    assert failures(world) == (False, False)


# -- what has a say in a state
@pytest.mark.parametrize(('state', 'expected'), [(P.FATAL, True), (P.EXITED, False), (P.EXITED, True)])
def test_an_instance_where_a_process_never_ran_has_no_say_in_its_state(state: P, expected: bool) -> None:
    rules = managed(app=application(p=ProgramRules(start_sequence=1, required=True), q=1))
    world = World('abc', rules, programs={'app:p': Program(), 'app:q': Program()}, boot='ab',
                  synchro_options=TIMEOUT, synchro_timeout=1.0)  # fmt: skip
    world.run_until(world.operating)
    world['b'].show('app:p', P.STARTING)
    world['b'].show('app:p', state, expected=expected)
    world['a'].spawn('app:q')
    world.run(2.0)
    world['c'].boot()
    world.run(5.0)
    for letter in 'abc':
        view: Any = world[letter].engine.process('app', 'p')
        assert (view.state, view.expected_exit) == (state, expected)
        application_view: Any = world[letter].engine.application('app')
        assert application_view.major_failure is (state != P.EXITED or not expected)
        assert application_view.state is ApplicationState.RUNNING


def test_of_those_where_it_ran_the_last_one_to_say_something_counts() -> None:
    world = world_of()
    for letter, state in (('a', P.FATAL), ('b', P.STOPPED)):
        world[letter].show('app:p', P.STARTING)
        world[letter].show('app:p', state)
        world.settle()
        assert {world[one].engine.process('app', 'p').state for one in 'ab'} == {state}  # type: ignore[union-attr]


def test_processes_that_run_twice_are_told_for_managed_applications() -> None:
    world = operation('abc', managed(app=application(p=0)), programs={'app:p': Program(), 'free:p': Program()})
    for letter in 'ab':
        world[letter].spawn('app:p')
        world[letter].spawn('free:p')
    world.run(3.0)
    for letter in 'abc':
        (conflict,) = world[letter].engine.conflicts()
        assert (conflict.group, conflict.name, conflict.identifiers) == ('app', 'p', ('a:1', 'b:1'))
    world['b'].halt('app:p')
    world.run(3.0)
    assert world['c'].engine.conflicts() == []
