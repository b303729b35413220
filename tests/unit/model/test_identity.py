"""Names of instances."""

from __future__ import annotations

import pytest

from supvisors.model.identity import Identity, Incarnation, resolve

INSTANCES = {
    identity.identifier: identity
    for identity in (
        Identity('h1', 60000, 'one', ('web', 'all')),
        Identity('h2', 60000, 'two', ('db', 'all')),
        Identity('h3', 60000, '', ('web', 'all', 'one')),
    )
}
H1, H2, H3 = INSTANCES


@pytest.mark.parametrize(
    ('host', 'identifier'),
    [('h1', 'h1:60000'), ('10.0.0.1', '10.0.0.1:60000'), ('::1', '[::1]:60000'), ('fe80::1', '[fe80::1]:60000')],
)
def test_identifier(host: str, identifier: str) -> None:
    assert Identity(host, 60000).identifier == identifier


def test_the_nick_is_the_identifier_unless_given() -> None:
    assert Identity('h', 1).nick_identifier == 'h:1'
    assert Identity('h', 1, 'nick').nick_identifier == 'nick'


@pytest.mark.parametrize(
    ('names', 'found'),
    [
        ([], []),
        ([H2], [H2]),
        (['two'], [H2]),
        (['db'], [H2]),
        (['web'], [H1, H3]),
        (['*'], [H1, H2, H3]),
        (['two', 'one'], [H2, H1]),  # the order of the names
        (['two', '*'], [H2, H1, H3]),
        (['one', H1, 'all', 'one'], [H1, H2, H3]),  # once each
        (['one'], [H1]),  # a nick hides a stereotype
        ([H3], [H3]),
        (['unknown', 'two', ''], [H2]),
        (['h1'], []),
    ],
)
def test_resolve(names: list[str], found: list[str]) -> None:
    assert resolve(names, INSTANCES) == found


def test_nothing_is_resolved_among_no_instances() -> None:
    assert resolve(['*', H1], {}) == []


def test_incarnations_of_one_boot_are_ordered_by_epoch() -> None:
    assert Incarnation('x', 1) > Incarnation('x', 0)
    assert Incarnation('x', 0) != Incarnation('y', 0)
