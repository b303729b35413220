"""Where two configurations differ."""

from __future__ import annotations

import pytest

from supvisors.model.agreement import RULES, Agreement, Difference, differences

OURS: Agreement = {'core': {'x': '1', 'y': '2'}, RULES: {'application app': 'd1'}}


@pytest.mark.parametrize(
    ('theirs', 'expected'),
    [
        (OURS, []),
        ({}, []),
        ({'core': {}}, []),
        ({'core': {'x': '1', 'z': '3'}, 'more': {'m': '1'}}, []),
        ({'core': {'x': '2', 'y': '2'}}, [Difference('core', 'x', '1', '2')]),
        ({'core': {'x': '', 'y': '2'}}, [Difference('core', 'x', '1', '')]),
        (
            {'core': {'y': '0', 'x': '0'}},
            [Difference('core', 'x', '1', '0'), Difference('core', 'y', '2', '0')],
        ),
        ({RULES: {}}, [Difference(RULES, 'application app', 'd1', '')]),
        (
            {RULES: {'application new': 'd2', 'application app': 'd1'}},
            [Difference(RULES, 'application new', '', 'd2')],
        ),
        (
            {RULES: {'application app': 'd2'}, 'core': {'x': '2'}},
            [Difference('core', 'x', '1', '2'), Difference(RULES, 'application app', 'd1', 'd2')],
        ),
    ],
)
def test_what_both_sides_know_is_compared_and_rules_are_whole(theirs: Agreement, expected: list[Difference]) -> None:
    found = differences(OURS, theirs)
    assert found == expected
    # the other side sees the same, with the values the other way round
    mirrored = [Difference(one.topic, one.key, one.theirs, one.mine) for one in differences(theirs, OURS)]
    assert sorted(mirrored, key=str) == sorted(found, key=str)


@pytest.mark.parametrize(
    ('difference', 'text'),
    [
        (Difference('core', 'x', '1', '2'), 'x is 1 here and 2 there'),
        (Difference('core', 'x', '', '2'), 'x is not set here and 2 there'),
        (Difference(RULES, 'application app', 'd1', ''), 'the rules of application app are d1 here and not set there'),
    ],
)
def test_a_difference_in_words(difference: Difference, text: str) -> None:
    assert str(difference) == text
    assert difference.told('on a:1', 'on b:1') == text.replace(' there', ' on b:1').replace(' here', ' on a:1')
