"""Versions of the ledger: the larger wins."""

from __future__ import annotations

from supvisors.model.ledger import Version


def test_the_term_counts_first_then_the_master_then_the_sequence() -> None:
    ordered = [
        Version(1, 'a', 1),
        Version(1, 'a', 2),
        Version(1, 'a', 10),
        Version(1, 'b', 1),
        Version(2, 'a', 1),
        Version(10, 'a', 0),
    ]
    assert sorted(reversed(ordered)) == ordered
