"""Where a process can start: the six strategies, the limit of a node, the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supvisors.engine.orchestration.placement import FULL, Candidate, Choice, choose
from supvisors.model.enums import StartingStrategy as S

NODES = {'a': 'N1', 'c': 'N1', 'e': 'N1', 'b': 'N2', 'd': 'N2', 'f': 'N2'}
NONE = dict.fromkeys(NODES, 0)


def choice(
    strategy: S, loads: Mapping[str, int], loading: int = 10, letters: str = 'abcdef', local: str = 'a', **reasons: str
) -> Choice:
    candidates = [Candidate(letter, NODES[letter], reasons.get(letter, '')) for letter in letters]
    return choose(strategy, candidates, loading, loads, NODES, local)


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
def test_worked_example(strategy: S, chosen: str) -> None:
    """N1 carries 91 and would be at 101: a, c and e are out."""
    found = choice(strategy, NONE | {'a': 91, 'b': 60})
    assert found.identifier == chosen
    assert {name: found.refusals[name] for name in 'ace'} == dict.fromkeys('ace', '91 + 10 > 100')


@pytest.mark.parametrize(
    ('strategy', 'chosen', 'reversed_order'),
    [
        (S.CONFIG, 'a', 'f'),
        (S.LESS_LOADED, 'a', 'f'),
        (S.MOST_LOADED, 'f', 'a'),
        (S.LESS_LOADED_NODE, 'a', 'f'),
        (S.MOST_LOADED_NODE, 'f', 'a'),
        (S.LOCAL, 'a', 'a'),
    ],
)
def test_ties_take_the_first_or_the_last_for_the_most_loaded(strategy: S, chosen: str, reversed_order: str) -> None:
    assert choice(strategy, NONE).identifier == chosen
    assert choice(strategy, NONE, letters='fedcba').identifier == reversed_order


@pytest.mark.parametrize(
    ('strategy', 'loads', 'chosen'),
    [
        # instance first: c is idle, although its node carries more
        (S.LESS_LOADED, {'a': 50, 'c': 0, 'e': 1, 'b': 5, 'd': 5, 'f': 5}, 'c'),
        # node first: N2 carries 15, and in it b the least
        (S.LESS_LOADED_NODE, {'a': 50, 'c': 0, 'e': 1, 'b': 3, 'd': 5, 'f': 7}, 'b'),
        (S.MOST_LOADED, {'a': 50, 'c': 0, 'e': 1, 'b': 30, 'd': 30, 'f': 7}, 'a'),
        (S.MOST_LOADED_NODE, {'a': 50, 'c': 0, 'e': 1, 'b': 30, 'd': 31, 'f': 7}, 'd'),
        # equal instances: their nodes decide
        (S.LESS_LOADED, {'a': 20, 'c': 50, 'e': 20, 'b': 20, 'd': 21, 'f': 22}, 'b'),
        (S.MOST_LOADED, {'a': 30, 'c': 30, 'e': 0, 'b': 30, 'd': 0, 'f': 0}, 'c'),
        # equal nodes: the instances decide
        (S.LESS_LOADED_NODE, {'a': 10, 'c': 5, 'e': 5, 'b': 20, 'd': 0, 'f': 0}, 'd'),
        (S.MOST_LOADED_NODE, {'a': 10, 'c': 5, 'e': 5, 'b': 0, 'd': 11, 'f': 9}, 'd'),
    ],
)
def test_instance_and_node_loads(strategy: S, loads: dict[str, int], chosen: str) -> None:
    assert choice(strategy, loads).identifier == chosen


@pytest.mark.parametrize(('present', 'fits'), [(0, True), (59, True), (60, True), (61, False), (100, False)])
def test_a_node_takes_up_to_100(present: int, fits: bool) -> None:
    found = choice(S.CONFIG, {'a': present // 2, 'c': present - present // 2}, loading=40, letters='ac')
    assert bool(found.identifier) is fits


def test_seven_processes_of_40_on_two_nodes_four_are_placed() -> None:
    loads, placed = dict(NONE), []
    for _ in range(7):
        found = choice(S.CONFIG, loads, loading=40).identifier
        placed.append(found)
        if found:
            loads[found] += 40
    assert placed == ['a', 'a', 'b', 'b', '', '', '']


def test_local_takes_the_local_instance_or_nothing() -> None:
    assert choice(S.LOCAL, NONE, local='d').identifier == 'd'
    found = choice(S.LOCAL, NONE, letters='ab', local='d')
    assert found == Choice('', {'a': 'not the local instance (d)', 'b': 'not the local instance (d)'})
    assert choice(S.LOCAL, NONE, local='d', d='leaving').identifier == ''


def test_each_candidate_has_its_reason_and_its_own_comes_before_its_load() -> None:
    found = choice(S.LOCAL, {'a': 95, 'b': 95}, letters='abcd', local='a', b='STOPPED', d='program disabled')
    assert found.identifier == ''
    assert found.refusals == {
        'a': '95 + 10 > 100',
        'b': 'STOPPED',
        'c': '95 + 10 > 100',
        'd': 'program disabled',
    }
    assert found.why() == 'a: 95 + 10 > 100; b: STOPPED; c: 95 + 10 > 100; d: program disabled'


def test_without_candidates_the_rules_are_the_reason() -> None:
    assert choice(S.CONFIG, NONE, letters='').why() == 'no instance is allowed by the rules'


def test_the_refused_are_told_when_another_is_chosen() -> None:
    assert choice(S.CONFIG, NONE, letters='ab', a='leaving') == Choice('b', {'a': 'leaving'})


situations = st.fixed_dictionaries(
    {
        'strategy': st.sampled_from(S),
        'letters': st.permutations('abcdef').flatmap(lambda x: st.integers(0, 6).map(lambda n: ''.join(x[:n]))),
        'loads': st.fixed_dictionaries({letter: st.integers(0, 60) for letter in NODES}),
        'loading': st.integers(0, 100),
        'local': st.sampled_from('abcdef'),
        'refused': st.sets(st.sampled_from('abcdef')),
    }
)


@given(situations)
def test_the_chosen_one_is_allowed_and_fits_and_nobody_is_left_out_without_a_reason(situation: dict[str, Any]) -> None:
    refused = dict.fromkeys(situation.pop('refused'), 'out')
    found = choice(**situation, **refused)
    node_loads = dict.fromkeys(('N1', 'N2'), 0)
    for letter, load in situation['loads'].items():
        node_loads[NODES[letter]] += load
    valid = [
        letter
        for letter in situation['letters']
        if letter not in refused
        and node_loads[NODES[letter]] + situation['loading'] <= FULL
        and (situation['strategy'] is not S.LOCAL or letter == situation['local'])
    ]
    assert found.identifier in valid or (found.identifier == '' and not valid)
    assert list(found.refusals) == [letter for letter in situation['letters'] if letter not in valid]
    assert all(found.refusals.values())


@given(situations, st.randoms(use_true_random=False))
def test_the_choice_depends_on_the_order_of_the_candidates_only(situation: dict[str, Any], random: Random) -> None:
    refused = dict.fromkeys(situation.pop('refused'), 'out')
    loads = list(situation['loads'].items())
    random.shuffle(loads)
    assert choice(**situation, **refused) == choice(**situation | {'loads': dict(loads)}, **refused)


@given(situations)
def test_no_valid_candidate_is_better(situation: dict[str, Any]) -> None:
    refused = dict.fromkeys(situation.pop('refused'), 'out')
    found = choice(**situation, **refused)
    if not found.identifier:
        return
    loads = situation['loads']
    node = {name: sum(load for letter, load in loads.items() if NODES[letter] == name) for name in ('N1', 'N2')}
    keys = {
        letter: (loads[letter], node[NODES[letter]]) for letter in situation['letters'] if letter not in found.refusals
    }
    best = {
        S.LESS_LOADED: min(keys.values()),
        S.MOST_LOADED: max(keys.values()),
        S.LESS_LOADED_NODE: min(key[::-1] for key in keys.values())[::-1],
        S.MOST_LOADED_NODE: max(key[::-1] for key in keys.values())[::-1],
    }
    assert keys[found.identifier] == best.get(situation['strategy'], keys[found.identifier])
