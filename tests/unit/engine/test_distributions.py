"""Where the processes of one application may be: anywhere, on one instance, on one node; now and for ever after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from supvisors.engine.commands import RESTART_PROCESS, START_APPLICATION, START_PROCESS, STOP_PROCESS
from supvisors.engine.orchestration.placement import Choice
from supvisors.model.enums import DistributionRule, RunningFailureStrategy
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ApplicationRules, ProgramRules
from tests.unit.engine.harness import A, Program, World, application, ident, managed, operation

X, Y, Z = 'app:x', 'app:y', 'app:z'
NODES = dict.fromkeys('ace', 'N1') | dict.fromkeys('bdf', 'N2')
RESTART = RunningFailureStrategy.RESTART_PROCESS


def load(value: int, rank: int = 1, **more: Any) -> ProgramRules:
    return ProgramRules(start_sequence=rank, expected_loading=value, **more)


def single(rules: ApplicationRules, identifiers: str = '*', node: bool = False) -> ApplicationRules:
    distribution = DistributionRule.SINGLE_NODE if node else DistributionRule.SINGLE_INSTANCE
    return attrs.evolve(rules, distribution=distribution, identifiers=tuple(identifiers))


def world_of(
    rules: ApplicationRules, letters: str = 'abcd', only: Mapping[str, str] | None = None, **values: Any
) -> World:
    """`only`: the processes of the application that each instance knows, when it is not all of them.

    Each instance also has a program of its own, `other:<letter>`, to give it a load.
    """
    known = {letter: (only or {}).get(letter, ''.join(rules.programs)) for letter in letters}
    programs = {
        letter: {**{f'app:{name}': Program() for name in names}, f'other:{letter}': Program()}
        for letter, names in known.items()
    }
    loads = {letter: values.pop(f'load_{letter}', 0) for letter in 'abcdef'}
    others = application(**{letter: ProgramRules(expected_loading=load) for letter, load in loads.items()})
    return operation(letters, managed(app=rules, other=others), only=programs, **values)


def busy(world: World, letters: str) -> World:
    """The programs that are there to give a load run."""
    for letter in letters:
        world[letter].spawn(f'other:{letter}')
    world.run(2.0)
    world.history.clear()
    return world


def ask(world: World, target: str = 'app', strategy: S = S.CONFIG, letter: str = 'b') -> tuple[int, str]:
    kind = START_PROCESS if ':' in target else START_APPLICATION
    return world.outcome(world[letter].request(kind, target, strategy))


def choice(world: World, namespec: str, strategy: S = S.CONFIG, local: str = A) -> Choice:
    return world['a'].engine.jobs.choose(namespec, strategy, local)


def places(world: World, names: str) -> list[str]:
    return [world.where(f'app:{name}') for name in names]


# -- anywhere
@pytest.mark.parametrize(
    ('strategy', 'chosen'),
    [
        (S.CONFIG, 'b'),
        (S.LESS_LOADED, 'd'),
        (S.MOST_LOADED, 'b'),
        (S.LESS_LOADED_NODE, 'd'),
        (S.MOST_LOADED_NODE, 'b'),
        (S.LOCAL, ''),
    ],
)
@pytest.mark.parametrize('seen', [True, False])
def test_what_runs_and_what_is_on_its_way_count_the_same(strategy: S, chosen: str, seen: bool) -> None:
    """91 on a and 60 on b: three instances share a machine, so that a, c and e would be at 101."""
    rules = application(x=load(10), y=load(91, identifiers=('a',)), z=load(60, identifiers=('b',)))
    world = world_of(rules, 'abcdef', machines=NODES)
    world['a'].silent_orders = world['b'].silent_orders = not seen
    for namespec in (Y, Z):
        world['b'].request(START_PROCESS, namespec)
    world.run(2.0)
    assert bool(world.where(Y)) is seen
    found = choice(world, X, strategy)
    assert found.identifier == (ident(chosen) if chosen else '')
    assert {name: found.refusals[ident(name)] for name in 'ace'} == dict.fromkeys('ace', '91 + 10 > 100')


@pytest.mark.parametrize(
    ('strategy', 'chosen'),
    [
        (S.LESS_LOADED, 'c'),  # c carries nothing, on the node that carries the most
        (S.LESS_LOADED_NODE, 'd'),
        (S.MOST_LOADED, 'b'),  # b carries the most, on the node that carries the least
        (S.MOST_LOADED_NODE, 'e'),
    ],
)
@pytest.mark.parametrize('seen', [True, False])
def test_the_loads_of_instances_and_of_nodes_are_not_taken_for_each_other(strategy: S, chosen: str, seen: bool) -> None:
    rules = application(
        x=load(10),
        y=load(20, identifiers=('a',)),
        z=load(25, identifiers=('e',)),
        w=load(30, identifiers=('b',)),
        v=load(1, identifiers=('d',)),
        u=load(2, identifiers=('f',)),
    )
    world = world_of(rules, 'abcdef', machines=NODES)
    for letter in 'abdef':
        world[letter].silent_orders = not seen
    for name in 'yzwvu':
        world['c'].request(START_PROCESS, f'app:{name}')
    world.run(2.0)
    assert choice(world, X, strategy).identifier == ident(chosen)


@pytest.mark.parametrize(
    ('strategy', 'placed'),
    [
        (S.CONFIG, 'aaaa'),
        (S.LESS_LOADED, 'abcd'),
        (S.MOST_LOADED, 'dddd'),
        (S.LESS_LOADED_NODE, 'abcd'),
        (S.MOST_LOADED_NODE, 'dddd'),
        (S.LOCAL, 'cccc'),
    ],
)
def test_the_processes_of_one_rank_are_placed_one_after_the_other(strategy: S, placed: str) -> None:
    """a and c, b and d share a machine. Each choice sees the ones before; ties take the first, or the last."""
    rules = application(**dict.fromkeys('vwxy', load(10)))
    world = world_of(rules, machines={'a': 'N1', 'c': 'N1', 'b': 'N2', 'd': 'N2'})
    assert ask(world, 'app', strategy, 'c') == (0, '')
    assert ''.join(places(world, 'vwxy')) == placed


def test_two_requests_at_once_do_not_exceed_what_a_node_takes() -> None:
    """All choices are made by one, and count what is only ordered; each requester sees its own outcome."""
    rules = application(x=load(60), y=load(60), z=load(60))
    world = world_of(rules, 'ab')
    tickets = [world[letter].request(START_PROCESS, key) for letter, key in (('a', X), ('b', Y), ('b', Z))]
    world.run(5.0)
    assert sorted(ticket.code for ticket in tickets) == [0, 0, F.NOT_RUNNING]
    assert sorted(world.where(key) for key in (X, Y, Z)) == ['', 'a', 'b']


def test_what_is_stopping_still_takes_its_room() -> None:
    rules = application(x=load(60), y=load(60))
    world = world_of(rules, 'a')
    world['a'].programs[X].stop_time = 4.0
    assert ask(world, X, letter='a') == (0, '')
    world['a'].request(STOP_PROCESS, X)
    world.run(1.0)
    assert choice(world, Y).why() == 'a:1: 60 + 60 > 100'
    world.run(4.0)
    assert choice(world, Y).identifier == A


@pytest.mark.parametrize('single_instance', [True, False])
@pytest.mark.parametrize('others', [0, 1])
def test_what_has_ended_by_itself_leaves_its_room_to_the_next_rank(others: int, single_instance: bool) -> None:
    rules = application(x=load(60, wait_exit=True), y=load(60, 2), **{f'z{n}': load(0) for n in range(others)})
    world = world_of(single(rules) if single_instance else rules, 'a')
    if single_instance:
        # all that will come must fit, were it only one after the other
        assert ask(world, letter='a') == (F.ABNORMAL_TERMINATION, f'{X}: No resource available (a:1: 0 + 120 > 100)')
        return
    world['a'].programs[X].lasts = 1.0
    assert ask(world, letter='a') == (0, '')
    assert places(world, 'xy') == ['', 'a']


# -- one instance
def test_an_instance_must_know_all_processes_and_have_none_disabled() -> None:
    world = world_of(single(application(x=1, y=2, z=0)), only={'a': 'xy'})
    world['b'].show(Z, 0, disabled=True)
    world['c'].crash()
    world.run(5.0)
    found = choice(world, X)
    assert found == Choice(ident('d'), {'a:1': 'app:z not configured', 'b:1': 'app:z disabled', 'c:1': 'STOPPED'})


def test_the_identifiers_of_the_application_count_and_those_of_the_programs_do_not() -> None:
    rules = single(application(x=load(0, identifiers=('a',)), y=load(0, 2, identifiers=('b',))), 'dc')
    world = world_of(rules)
    assert ask(world) == (0, '')
    assert places(world, 'xy') == ['d', 'd']


def test_the_instance_must_have_room_for_all_that_will_come() -> None:
    """50 come (x and y; z is not in the start sequence): b, at 60, cannot take them although x alone would fit."""
    rules = single(application(x=load(20), y=load(30, 2), z=load(40, 0)), 'bc')
    world = busy(world_of(rules, load_b=60), 'b')
    assert choice(world, X) == Choice(ident('c'), {'b:1': '60 + 50 > 100'})
    assert ask(world) == (0, '')
    assert places(world, 'xy') == ['c', 'c']


def test_even_the_start_of_one_process_makes_sure_that_the_others_can_follow() -> None:
    rules = single(application(x=load(20), y=load(30, 2), z=load(40, 0)), 'bc')
    world = busy(world_of(rules, load_b=60), 'b')
    assert ask(world, Y) == (0, '')
    assert world.where(Y) == 'c'


def test_a_process_that_is_not_in_the_sequence_comes_on_top_of_those_that_are() -> None:
    rules = single(application(x=load(20), y=load(30, 2), z=load(40, 0)), 'bc')
    world = busy(world_of(rules, load_b=11), 'b')
    assert choice(world, Z).refusals == {'b:1': '11 + 90 > 100'}
    assert choice(world, X).identifier == ident('b')


def test_where_nothing_has_room_for_all_nothing_starts() -> None:
    rules = single(application(x=load(20), y=load(30, 2)), 'bc')
    world = busy(world_of(rules, load_b=60, load_c=51), 'bc')
    assert ask(world) == (
        F.ABNORMAL_TERMINATION,
        f'{X}: No resource available (b:1: 60 + 50 > 100; c:1: 51 + 50 > 100)',
    )


def test_once_the_application_is_somewhere_only_the_load_of_the_process_counts() -> None:
    rules = single(application(x=load(40), y=load(40, 2), z=load(20, 0)), 'bc')
    world = world_of(rules)
    assert ask(world) == (0, '')
    assert choice(world, Z) == Choice(ident('b'), {'c:1': 'the application is on b:1 (SINGLE_INSTANCE)'})
    assert ask(world, Z) == (0, '')
    assert world.where(Z) == 'b'


@pytest.mark.parametrize('strategy', [S.LESS_LOADED, S.MOST_LOADED, S.LESS_LOADED_NODE, S.MOST_LOADED_NODE, S.CONFIG])
def test_a_later_start_of_one_process_goes_where_its_siblings_are(strategy: S) -> None:
    world = world_of(single(application(x=load(30), y=load(30, 2))), load_a=5, load_d=50)
    assert ask(world, 'app', S.LOCAL, 'c') == (0, '')
    busy(world, 'ad')
    assert world.outcome(world['b'].request(STOP_PROCESS, Y)) == (0, '')
    assert ask(world, Y, strategy) == (0, '')
    assert places(world, 'xy') == ['c', 'c']
    assert world.outcome(world['b'].request(RESTART_PROCESS, X, strategy)) == (0, '')
    assert places(world, 'xy') == ['c', 'c']


def test_a_process_does_not_leave_its_siblings_for_want_of_room() -> None:
    world = world_of(single(application(x=load(30), y=load(30, 2)), 'bc'), load_b=50)
    assert ask(world) == (0, '')
    assert world.outcome(world['b'].request(STOP_PROCESS, Y)) == (0, '')
    busy(world, 'b')
    assert ask(world, Y) == (
        F.ABNORMAL_TERMINATION,
        f'{Y}: No resource available (b:1: 80 + 30 > 100; c:1: the application is on b:1 (SINGLE_INSTANCE))',
    )


def test_local_elsewhere_is_refused_once_the_application_is_somewhere() -> None:
    world = world_of(single(application(x=1, y=2), 'bc'))
    assert ask(world, X) == (0, '')
    code, text = ask(world, Y, S.LOCAL, 'c')
    assert code == F.ABNORMAL_TERMINATION
    assert text.endswith('(b:1: not the local instance (c:1); c:1: the application is on b:1 (SINGLE_INSTANCE))')


def test_a_sibling_that_is_disabled_later_does_not_keep_the_others_from_coming_back() -> None:
    world = world_of(single(application(x=1, y=1, z=1), 'bc'))
    assert ask(world) == (0, '')
    assert world.outcome(world['d'].request(STOP_PROCESS, X)) == (0, '')
    assert world.outcome(world['d'].request(STOP_PROCESS, Y)) == (0, '')
    world['b'].show(Y, 0, disabled=True)
    world.settle()
    assert ask(world, X) == (0, '')
    assert world.where(X) == 'b'


def test_the_next_rank_follows_although_the_first_one_has_ended_by_itself() -> None:
    """x prepares what y needs there. Meanwhile its instance has become the most loaded one."""
    rules = single(application(x=load(10, wait_exit=True), y=load(10, 2)), 'bc')
    world = world_of(rules, load_b=50)
    world['b'].programs[X].lasts = 5.0
    ticket = world['a'].request(START_APPLICATION, 'app', S.LESS_LOADED)
    world.run(3.0)
    assert world.where(X) == 'b'
    world['b'].spawn('other:b')
    assert world.outcome(ticket) == (0, '')
    assert world.where(Y) == 'b'


def test_a_rank_that_could_not_be_started_does_not_make_the_next_one_forget_where_the_application_was() -> None:
    rules = single(application(x=load(10, wait_exit=True), y=load(0, 2), z=load(10, 3)), 'bc')
    world = world_of(rules, load_b=50)
    world['b'].programs[X].lasts = 5.0
    world['b'].programs[Y].fault = F.NO_FILE
    ticket = world['a'].request(START_APPLICATION, 'app', S.LESS_LOADED)
    world.run(3.0)
    world['b'].spawn('other:b')
    assert world.outcome(ticket) == (0, '')
    assert world.where(Z) == 'b'


def test_a_lost_application_moves_as_a_whole() -> None:
    repaired = load(30, running_failure_strategy=RESTART)
    rules = attrs.evolve(
        single(application(x=repaired, y=repaired, z=repaired), 'bcd'), starting_strategy=S.LESS_LOADED
    )
    world = busy(world_of(rules, load_c=20), 'c')
    assert ask(world) == (0, '')
    assert places(world, 'xyz') == ['b', 'b', 'b']
    world['b'].crash()
    world.run(10.0)
    assert places(world, 'xyz') == ['d', 'd', 'd']  # 20 + 90 > 100 on c


# -- one node
NODE = {'a': 'N1', 'b': 'N2', 'c': 'N2', 'd': 'N3'}


def test_each_process_must_be_somewhere_on_the_node() -> None:
    """N1 has no y, and N3 none that is enabled; c has no x, so that x goes to b."""
    world = world_of(
        single(application(x=1, y=2), 'cabd', node=True), only={'a': 'x', 'b': 'x', 'c': 'y'}, machines=NODE
    )
    world['d'].show(Y, 0, disabled=True)
    world.settle()
    assert choice(world, X) == Choice(
        ident('b'), {'a:1': 'app:y not configured', 'd:1': 'app:y disabled', 'c:1': 'program not configured'}
    )
    assert ask(world) == (0, '')
    assert places(world, 'xy') == ['b', 'c']


def test_a_node_whose_only_instance_with_a_process_is_out_of_reach_is_not_chosen() -> None:
    world = world_of(single(application(x=1, y=2), 'bcd', node=True), only={'b': 'x', 'c': 'y'}, machines=NODE)
    world['c'].crash()
    world.run(5.0)
    assert choice(world, X).refusals == {'b:1': 'app:y not configured', 'c:1': 'STOPPED'}
    assert choice(world, X).identifier == ident('d')


def test_a_node_where_the_only_instance_with_a_process_has_it_disabled_is_not_chosen() -> None:
    world = world_of(single(application(x=1, y=2), 'bcd', node=True), only={'b': 'x', 'c': 'y'}, machines=NODE)
    world['c'].show(Y, 0, disabled=True)
    world.settle()
    found = choice(world, X)
    assert (found.identifier, found.refusals['b:1']) == (ident('d'), 'app:y disabled')


def test_the_node_must_have_room_for_all_that_will_come() -> None:
    """b and c share 100: 60 on c leaves no room for 50, wherever they would be."""
    rules = single(application(x=load(20), y=load(30, 2)), 'bcd', node=True)
    world = busy(world_of(rules, load_c=60, machines=NODE), 'c')
    assert choice(world, X) == Choice(ident('d'), {'b:1': '60 + 50 > 100', 'c:1': '60 + 50 > 100'})
    assert ask(world) == (0, '')
    assert places(world, 'xy') == ['d', 'd']


def test_within_the_node_the_processes_are_spread_by_the_strategy() -> None:
    rules = single(application(x=load(10), y=load(10), z=load(10, 2)), 'bcd', node=True)
    world = world_of(rules, machines=NODE)
    assert ask(world, 'app', S.LESS_LOADED) == (0, '')
    assert places(world, 'xyz') == ['b', 'c', 'b']


@pytest.mark.parametrize(
    ('strategy', 'placed'),
    [
        (S.CONFIG, 'bb'),
        (S.LESS_LOADED, 'dd'),  # d carries nothing
        (S.LESS_LOADED_NODE, 'dd'),
        (S.MOST_LOADED, 'cc'),
        (S.MOST_LOADED_NODE, 'cc'),
        (S.LOCAL, 'dd'),
    ],
)
def test_the_node_is_chosen_by_the_strategy(strategy: S, placed: str) -> None:
    rules = single(application(x=load(10), y=load(10)), 'bcd', node=True)
    world = busy(world_of(rules, load_b=10, load_c=20, machines=NODE), 'bc')
    assert ask(world, 'app', strategy, 'd') == (0, '')
    assert ''.join(places(world, 'xy')) == placed


def test_a_later_start_of_one_process_stays_on_the_node() -> None:
    rules = single(application(x=load(40), y=load(40), z=load(20, 0)), 'dbc', node=True)
    world = world_of(rules, machines=NODE)
    assert ask(world, 'app', S.LOCAL, 'b') == (0, '')
    found = choice(world, Z, S.LESS_LOADED)
    assert found == Choice(ident('c'), {'d:1': 'the application is on node N2 (SINGLE_NODE)'})
    assert ask(world, Z, S.LESS_LOADED) == (0, '')
    assert places(world, 'xyz') == ['b', 'b', 'c']


def test_a_repair_stays_on_the_node_and_counts_only_what_is_missing() -> None:
    """x (40) is left on c: y (40) fits beside it, and both together would not."""
    repaired = load(40, running_failure_strategy=RESTART)
    rules = attrs.evolve(single(application(x=repaired, y=repaired), 'cbd', node=True), starting_strategy=S.LESS_LOADED)
    world = world_of(rules, machines=NODE)
    assert ask(world, 'app', S.LESS_LOADED) == (0, '')
    assert places(world, 'xy') == ['c', 'b']
    world['b'].crash()
    world.run(10.0)
    assert places(world, 'xy') == ['c', 'c']


def test_the_next_rank_stays_on_the_node_although_the_first_one_has_ended_by_itself() -> None:
    rules = single(application(x=load(10, wait_exit=True), y=load(10, 2)), 'bcd', node=True)
    world = world_of(rules, load_b=50, machines=NODE)
    world['b'].programs[X].lasts = 5.0
    ticket = world['a'].request(START_APPLICATION, 'app', S.LESS_LOADED_NODE)
    world.run(3.0)
    assert world.where(X) == 'b'
    world['b'].spawn('other:b')
    assert world.outcome(ticket) == (0, '')
    assert world.where(Y) == 'c'


def test_a_node_without_any_room_is_told_instance_by_instance() -> None:
    rules = single(application(x=load(20), y=load(30, 2)), 'abc', node=True)
    world = busy(world_of(rules, load_a=51, load_b=60, machines=NODE), 'ab')
    assert ask(world) == (
        F.ABNORMAL_TERMINATION,
        f'{X}: No resource available (a:1: 51 + 50 > 100; b:1: 60 + 50 > 100; c:1: 60 + 50 > 100)',
    )
