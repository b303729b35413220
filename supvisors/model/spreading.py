"""The signs `@` and `#`: which instance each member of a homogeneous group is given.

All is computed from what is told, and nothing is kept: two instances that know the same give the same answer, and
asking changes nothing. What is assigned stays: instances and members that come later move nobody.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum

NUMBER = re.compile(r'[-_]([0-9]{1,9})\Z')
"""How the name of an application ends that `#` gives an instance to."""


class Spread(str, Enum):
    """The sign in the identifiers of a rule."""

    NONE = ''
    ONE_EACH = '@'
    """At most one member on each instance; the others are given none."""
    EVENLY = '#'
    """As many members on each instance, but for one."""


def spread_members(sign: Spread, instances: Sequence[str], members: Sequence[str],
                   assigned: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Return the instance of each member, None when there is none for it (with `NONE`: when it has none already).

    :param instances: those of the rule, in its order
    :param members: in the order of their process index
    :param assigned: the instance of the members that have one, because it was assigned or because they run there
    """
    known = assigned or {}
    instances = tuple(dict.fromkeys(instances))
    result: dict[str, str | None] = {member: known.get(member) for member in members}
    taken = dict.fromkeys(instances, 0)
    for identifier in known.values():
        if identifier in taken:
            taken[identifier] += 1
    for member in (member for member, identifier in result.items() if identifier is None):
        found = _fewest(instances, taken) if sign is not Spread.NONE else None
        if found is None or (sign is Spread.ONE_EACH and taken[found]):
            break
        result[member] = found
        taken[found] += 1
    return result


def _fewest(instances: Sequence[str], taken: Mapping[str, int]) -> str | None:
    """The instance with the fewest members, the first one of those in the list."""
    return min(instances, key=lambda identifier: taken[identifier], default=None)


def application_number(name: str) -> int | None:
    """Return N when the name ends with `-N` or `_N` and N is 1 or more, else None."""
    match = NUMBER.search(name)
    return int(match[1]) or None if match else None


def spread_application(name: str, instances: Sequence[str]) -> str | None:
    """Return the instance that `#` gives to an application: the N-th, starting again behind the last.

    None when the name has no number, or when there is no instance.
    """
    number = application_number(name)
    instances = tuple(dict.fromkeys(instances))
    return instances[(number - 1) % len(instances)] if number and instances else None
