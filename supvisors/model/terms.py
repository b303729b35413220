"""Numbers of elections: they grow, and each belongs to one instance.

The high bits count the elections, the low ones are a digest of the identifier of the candidate: so two instances never
lead in the same term, even if they do not know the same instances (two sides of a partition, discovery).
"""

from __future__ import annotations

import hashlib

OWNER_BITS = 32
"""Two of 100 instances share their digest once in a million clusters; terms stay under 2**63 for 2**31 elections."""


def next_term(above: int, owner: str) -> int:
    """Return the term of this instance in the election that follows that of `above`."""
    mine = int.from_bytes(hashlib.blake2b(owner.encode(), digest_size=OWNER_BITS // 8).digest(), 'big')
    return (election_number(above) + 1) << OWNER_BITS | mine


def election_number(term: int) -> int:
    """Return how many elections there were up to this term: what is shown to users."""
    return term >> OWNER_BITS
