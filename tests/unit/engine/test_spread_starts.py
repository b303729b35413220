"""The signs `@` and `#` in real starts: which instance each member goes to, alone or with its application."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.engine.commands import (
    RESTART_APPLICATION,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
    Command,
)
from supvisors.engine.events import ProcessRemoved
from supvisors.model.enums import DistributionRule
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ApplicationRules, ProgramRules
from supvisors.model.spreading import Spread
from tests.unit.engine.harness import A, B, Program, World, application, idents, managed, operation

NAMES = ('x0', 'x1', 'x2')
X0, X1, X2 = (f'app:{name}' for name in NAMES)


def members(count: int = 3, **values: Any) -> dict[str, Program]:
    return {f'app:x{index}': Program(section='x', index=index, **values) for index in range(count)}


def spread(sign: str, identifiers: str = 'ba', rank: int = 1, **more: Any) -> ProgramRules:
    return ProgramRules(identifiers=tuple(identifiers), start_sequence=rank, spread=Spread(sign), **more)


def world_of(rule: ProgramRules, count: int = 3, letters: str = 'abc', **values: Any) -> World:
    rules = application(**{f'x{index}': rule for index in range(count)})
    return operation(letters, managed(app=rules), **{'programs': members(count), **values})


def places(world: World, count: int = 3) -> list[str]:
    return [world.where(f'app:x{index}') for index in range(count)]


def start(world: World, target: str = 'app', strategy: S = S.CONFIG) -> tuple[int, str]:
    kind = START_PROCESS if ':' in target else START_APPLICATION
    return world.outcome(world['c'].request(kind, target, strategy))


# -- programs
@pytest.mark.parametrize(('sign', 'placed'), [('@', ['b', 'a', '']), ('#', ['b', 'a', 'b'])])
@pytest.mark.parametrize('strategy', S)
def test_each_member_has_its_instance_whatever_the_strategy(sign: str, placed: list[str], strategy: S) -> None:
    world = world_of(spread(sign))
    if strategy is S.LOCAL:
        assert start(world, 'app', strategy)[0] == F.ABNORMAL_TERMINATION  # c is not the instance of any
        return
    assert start(world, 'app', strategy) == (0, '')
    assert places(world) == placed


@pytest.mark.parametrize(('sign', 'placed'), [('@', ['b', 'a', '']), ('#', ['b', 'a', 'b'])])
@pytest.mark.parametrize('index', [0, 1, 2])
def test_a_member_can_be_started_alone_before_its_application_was(sign: str, placed: list[str], index: int) -> None:
    world = world_of(spread(sign))
    code, text = start(world, f'app:x{index}')
    assert world.where(f'app:x{index}') == placed[index]
    if placed[index]:
        assert (code, text) == (0, '')
    else:
        assert code == F.ABNORMAL_TERMINATION
        assert text == 'app:x2: No resource available (no instance is allowed by the rules)'


@pytest.mark.parametrize('sign', ['@', '#'])
def test_all_instances_agree_and_asking_assigns_nothing(sign: str) -> None:
    world = world_of(spread(sign))
    shown = [[node.engine.process_rules('app', name).identifiers for name in NAMES] for node in world.nodes.values()]
    last = (B,) if sign == '#' else ()
    assert shown == [[(B,), (A,), last]] * 3
    for letter in 'abc':
        world[letter].engine.predict(Command(START_APPLICATION, 'app', origin=A))
    world['a'].show(X0, 20)
    world.settle()
    assert world['c'].engine.process_rules('app', 'x0').identifiers == (A,)  # where it is, not where it was asked of


@pytest.mark.parametrize('sign', ['@', '#'])
def test_a_member_that_runs_already_is_not_moved_and_the_others_make_way(sign: str) -> None:
    world = world_of(spread(sign), 2)
    world['b'].spawn(X1)
    world.run(2.0)
    assert start(world, X0) == (0, '')
    assert places(world, 2) == ['a', 'b']


@pytest.mark.parametrize('sign', ['@', '#'])
def test_a_member_comes_back_to_where_it_was(sign: str) -> None:
    """x1 was on b, and has ended: it keeps b, and x0 goes to a."""
    world = world_of(spread(sign), 2)
    world['b'].spawn(X1)
    world.run(2.0)
    assert world.outcome(world['c'].request(STOP_PROCESS, X1)) == (0, '')
    assert start(world) == (0, '')
    assert places(world, 2) == ['a', 'b']
    assert world.outcome(world['c'].request(RESTART_APPLICATION, 'app')) == (0, '')
    assert places(world, 2) == ['a', 'b']


def test_a_program_that_grows_moves_nobody() -> None:
    world = world_of(spread('#', 'bac'), 5, programs=members(2))
    assert start(world) == (0, '')
    for node in world.nodes.values():
        grown = members(5)
        node.programs.update({key: grown[key] for key in list(grown)[2:]})
        for key in list(grown)[2:]:
            node.records[key] = attrs.evolve(node.records[X0], name=key[4:], process_index=grown[key].index, state=0)
            node.show(key, 0, start=0, pid=0)
    world.settle()
    for index in (2, 3, 4):
        assert start(world, f'app:x{index}') == (0, '')
    assert places(world, 5) == ['b', 'a', 'c', 'b', 'a']


def test_members_are_those_of_one_program_in_the_order_of_their_index() -> None:
    """Ten sorts after nine by index, and before it by name; another program counts for itself."""
    programs = {f'app:x{n}': Program(section='x', index=n - 9) for n in (9, 10)} | {'app:z': Program(section='z')}
    rules = application(x9=spread('@'), x10=spread('@'), z=spread('@'))
    world = operation('abc', managed(app=rules), programs=programs)
    assert start(world) == (0, '')
    assert {key: world.where(key) for key in programs} == {'app:x9': 'b', 'app:x10': 'a', 'app:z': 'b'}


def test_members_with_another_sign_or_none_are_no_members() -> None:
    rules = application(x0=spread('@'), x1=spread('#'), x2=ProgramRules(('c',), start_sequence=1))
    world = operation('abc', managed(app=rules), programs=members())
    assert start(world) == (0, '')
    assert places(world) == ['b', 'b', 'c']


@pytest.mark.parametrize(('sign', 'text'), [('@', 'a:1: program disabled'), ('#', 'a:1: program disabled')])
def test_the_instance_of_a_member_is_not_replaced_by_another_one(sign: str, text: str) -> None:
    world = world_of(spread(sign))
    world['a'].show(X1, 0, disabled=True)
    world.settle()
    assert start(world, X1) == (F.ABNORMAL_TERMINATION, f'{X1}: No resource available ({text})')


def test_the_instance_of_a_member_can_be_full() -> None:
    world = world_of(spread('#', expected_loading=60))
    code, text = start(world)
    assert (code, text) == (0, '')
    assert places(world) == ['b', 'a', '']
    assert start(world, X2) == (F.ABNORMAL_TERMINATION, f'{X2}: No resource available (b:1: 60 + 60 > 100)')


def test_unknown_instances_leave_a_member_without_any() -> None:
    world = world_of(spread('#', 'z'))
    assert start(world, X0) == (
        F.ABNORMAL_TERMINATION,
        f'{X0}: No resource available (no instance is allowed by the rules)',
    )


@pytest.mark.parametrize('sign', ['@', '#'])
def test_a_member_that_is_removed_before_its_rank_holds_nothing_up(sign: str) -> None:
    rules = application(w=1, x0=spread(sign, rank=2), x1=spread(sign, rank=2))
    world = operation('abc', managed(app=rules), programs={'app:w': Program(5), **members(2)})
    ticket = world['c'].request(START_APPLICATION, 'app')
    world.run(2.0)
    for node in world.nodes.values():
        del node.records[X0], node.programs[X0]
        node.observe(ProcessRemoved(X0))
    code, text = world.outcome(ticket)
    assert (code, text) == (0, '')
    assert world.where(X1) in ('a', 'b')
    assert world.operating()


# -- applications
def numbered(identifiers: str, distribution: DistributionRule = DistributionRule.SINGLE_INSTANCE) -> ApplicationRules:
    return attrs.evolve(
        application(x=1, y=2), distribution=distribution, identifiers=tuple(identifiers), spread=Spread.EVENLY
    )


@pytest.mark.parametrize('distribution', [DistributionRule.SINGLE_INSTANCE, DistributionRule.SINGLE_NODE])
def test_the_number_of_an_application_is_its_instance(distribution: DistributionRule) -> None:
    """The list begins again behind its last instance; zeros before the number do not count."""
    placed = {'app-1': 'c', 'app-02': 'a', 'app_3': 'c', 'app_4': 'a'}
    rules = managed(**{name: numbered('ca', distribution) for name in placed})
    programs = {f'{name}:{key}': Program() for name in placed for key in 'xy'}
    world = operation('abc', rules, programs=programs)
    for name in placed:
        assert world.outcome(world['b'].request(START_APPLICATION, name, S.LESS_LOADED)) == (0, '')
    assert {name: (world.where(f'{name}:x'), world.where(f'{name}:y')) for name in placed} == {
        name: (letter, letter) for name, letter in placed.items()
    }
    shown = world['b'].engine.process_rules('app_4', 'y').identifiers
    assert shown == tuple(idents('a'))


def test_a_process_of_a_numbered_application_can_be_started_alone() -> None:
    rules = managed(**{'app-2': numbered('ca')})
    world = operation('abc', rules, programs={'app-2:x': Program(), 'app-2:y': Program()})
    assert world.outcome(world['b'].request(START_PROCESS, 'app-2:y')) == (0, '')
    assert world.where('app-2:y') == 'a'
    assert world.outcome(world['b'].request(STOP_APPLICATION, 'app-2')) == (0, '')


def test_an_application_without_a_number_has_no_instance() -> None:
    world = operation('abc', managed(app=numbered('ca')), programs={'app:x': Program(), 'app:y': Program()})
    assert world.outcome(world['b'].request(START_APPLICATION, 'app')) == (
        F.ABNORMAL_TERMINATION,
        'app:x: No resource available (no instance is allowed by the rules)',
    )


def test_the_sign_of_an_application_that_may_be_anywhere_does_not_count() -> None:
    rules = managed(**{'app-2': numbered('ca', DistributionRule.ALL_INSTANCES)})
    world = operation('abc', rules, programs={'app-2:x': Program(), 'app-2:y': Program()})
    assert world.outcome(world['c'].request(START_APPLICATION, 'app-2', S.LOCAL)) == (0, '')
    assert (world.where('app-2:x'), world.where('app-2:y')) == ('c', 'c')
