"""What `@` and `#` give to each member: the examples of the documentation, and what always holds."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supvisors.model.spreading import Spread, application_number, spread_application, spread_members

EACH, EVENLY = Spread.ONE_EACH, Spread.EVENLY


@pytest.mark.parametrize(('sign', 'expected'), [(EACH, ['b', 'a', None]), (EVENLY, ['b', 'a', 'b'])])
def test_two_instances_and_three_members(sign: Spread, expected: list[str | None]) -> None:
    members = ['x_00', 'x_01', 'x_02']
    assert spread_members(sign, ['b', 'a'], members) == dict(zip(members, expected, strict=True))


@pytest.mark.parametrize(('sign', 'instances', 'members', 'assigned', 'expected'), [
    # k-th unassigned member, k-th instance that is not taken
    (EACH, 'abc', 'xyz', {'y': 'a'}, {'x': 'b', 'y': 'a', 'z': 'c'}),
    (EACH, 'ab', 'xyz', {'z': 'b'}, {'x': 'a', 'y': None, 'z': 'b'}),
    # a member that was left over gets an instance that comes later
    (EACH, 'abc', 'xyz', {'x': 'a', 'y': 'b'}, {'x': 'a', 'y': 'b', 'z': 'c'}),
    # the fewest members, then the first in the list
    (EVENLY, 'abc', 'wxyz', {'w': 'a', 'x': 'b'}, {'w': 'a', 'x': 'b', 'y': 'c', 'z': 'a'}),
    (EVENLY, 'ab', 'wxyz', {'x': 'a', 'y': 'a'}, {'w': 'b', 'x': 'a', 'y': 'a', 'z': 'b'}),
    (EVENLY, 'ba', 'xy', {}, {'x': 'b', 'y': 'a'}),
    # where it is counts even if the rule does not name it, or if it is twice there already
    (EVENLY, 'ab', 'xyz', {'x': 'c'}, {'x': 'c', 'y': 'a', 'z': 'b'}),
    (EACH, 'ab', 'xyz', {'x': 'a', 'y': 'a'}, {'x': 'a', 'y': 'a', 'z': 'b'}),
    # a member that is not among them still takes its instance
    (EACH, 'ab', 'x', {'gone': 'a'}, {'x': 'b'}),
    (EVENLY, '', 'x', {}, {'x': None}), (EACH, '', 'x', {'x': 'a'}, {'x': 'a'}), (EACH, 'ab', '', {}, {}),
    (EACH, 'aab', 'xyz', {}, {'x': 'a', 'y': 'b', 'z': None}),
    (Spread.NONE, 'ab', 'xy', {'x': 'a'}, {'x': 'a', 'y': None}),
])
def test_members(sign: Spread, instances: str, members: str, assigned: dict[str, str],
                 expected: dict[str, str | None]) -> None:
    before = dict(assigned)
    assert spread_members(sign, list(instances), list(members), assigned) == expected
    assert assigned == before


LISTS = st.lists(st.sampled_from('abcdef'), unique=True, max_size=6)
MEMBERS = st.integers(0, 9).map(lambda count: [f'x_{index:02}' for index in range(count)])
SIGNS = st.sampled_from([EACH, EVENLY])


@given(SIGNS, LISTS, MEMBERS)
def test_each_sign_keeps_its_word(sign: Spread, instances: list[str], members: list[str]) -> None:
    result = spread_members(sign, instances, members)
    assert list(result) == members
    given_ = [identifier for identifier in result.values() if identifier is not None]
    assert set(given_) <= set(instances)
    counts = Counter({identifier: 0 for identifier in instances})
    counts.update(given_)
    if sign is EACH:
        assert given_ == instances[:len(members)]
    elif instances:
        assert len(given_) == len(members)
        assert max(counts.values()) - min(counts.values()) <= 1


@given(SIGNS, LISTS, LISTS, MEMBERS, st.integers(0, 5))
def test_what_is_assigned_stays(sign: Spread, instances: list[str], more: list[str], members: list[str],
                                new: int) -> None:
    first = {member: identifier for member, identifier in spread_members(sign, instances, members).items()
             if identifier is not None}
    longer = [*members, *(f'y_{index}' for index in range(new))]
    second = spread_members(sign, [*more, *instances], longer, first)
    assert {member: second[member] for member in first} == first
    if sign is EACH:
        found = [identifier for identifier in second.values() if identifier is not None]
        assert len(found) == len(set(found)) == min(len(longer), len({*more, *instances}))


@given(SIGNS, LISTS, MEMBERS, st.data())
def test_asking_again_changes_nothing(sign: Spread, instances: list[str], members: list[str],
                                      data: st.DataObject) -> None:
    """Whatever is known of the first answer: that of a member is asked alone, or after some of them run."""
    result = spread_members(sign, instances, members)
    assert spread_members(sign, instances, members) == result
    count = data.draw(st.integers(0, len(members)))
    running = {member: identifier for member in members[:count] if (identifier := result[member]) is not None}
    assert spread_members(sign, instances, members, running) == result


@pytest.mark.parametrize(('name', 'number'), [
    ('web-1', 1), ('web_2', 2), ('web-007', 7), ('web_10', 10), ('-1', 1), ('a-1_2', 2), ('web-0', None),
    ('web_00', None), ('web1', None), ('web', None), ('web-1x', None), ('', None), ('web-1\n', None), ('web--3', 3),
    ('web-' + '9' * 5000, None), ('web-\u0661', None),
])
def test_number(name: str, number: int | None) -> None:
    assert application_number(name) == number


@pytest.mark.parametrize(('name', 'instances', 'expected'), [
    ('web-1', 'ba', 'b'), ('web-2', 'ba', 'a'), ('web_03', 'ba', 'b'), ('web-1', 'bba', 'b'), ('web-2', 'bba', 'a'),
    ('web-0', 'ba', None), ('web', 'ba', None), ('web-1', '', None),
])
def test_application(name: str, instances: str, expected: str | None) -> None:
    assert spread_application(name, list(instances)) == expected
