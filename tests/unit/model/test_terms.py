"""Numbers of elections: they grow, and no two instances have the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supvisors.model.terms import OWNER_BITS, election_number, next_term

owners = st.text(min_size=1, max_size=30)
known = st.integers(min_value=0, max_value=1 << 62)


@given(known, owners)
def test_a_term_is_that_of_the_next_election(above: int, owner: str) -> None:
    term = next_term(above, owner)
    assert term > above
    assert election_number(term) == election_number(above) + 1


@given(known, known, owners, owners)
def test_the_terms_of_two_instances_are_never_the_same(above: int, other: int, owner: str, rival: str) -> None:
    if owner != rival:
        assert next_term(above, owner) != next_term(other, rival)


def test_the_owners_of_a_large_system_are_told_apart() -> None:
    names = [f'host{number}.example.org:{port}' for number in range(1000) for port in (60000, 60001)]
    assert len({next_term(0, name) for name in names}) == len(names)


def test_a_term_is_the_same_in_each_process_and_fits_the_wire() -> None:
    assert 1 << OWNER_BITS < next_term(0, 'a:1') < 2 << OWNER_BITS
    assert next_term(0, 'a:1') == (1 << OWNER_BITS) + 1149934159
    assert next_term(((1 << 31) - 2) << OWNER_BITS, 'a:1') < 1 << 63


def test_the_elections_are_counted() -> None:
    term = 0
    for number in range(1, 20):
        term = next_term(term, 'b:1')
        assert election_number(term) == number
