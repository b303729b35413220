"""Where a process can be started: pure functions over a snapshot of the instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from supvisors.model.enums import StartingStrategy

FULL = 100
"""The expected loading of the processes of one node never exceeds this, in %."""


@attrs.frozen
class Candidate:
    """One instance that the rules allow. `reason` says why it cannot take the process; empty if it can."""

    identifier: str
    node: str
    reason: str = ''


@attrs.frozen
class Choice:
    """The instance chosen (empty if none), and why the others cannot be, by identifier."""

    identifier: str
    refusals: Mapping[str, str]

    def why(self) -> str:
        return (
            '; '.join(f'{name}: {reason}' for name, reason in self.refusals.items())
            or 'no instance is allowed by the rules'
        )


def choose(
    strategy: StartingStrategy,
    candidates: Sequence[Candidate],
    loading: int,
    loads: Mapping[str, int],
    nodes: Mapping[str, str],
    local: str,
) -> Choice:
    """Choose among candidates in the order of the rules.

    `loads`: load of each instance in %, what is on its way included; `nodes`: node of each instance; `local`: what
    LOCAL means.
    Ties: the first candidate, but the last one for MOST_LOADED and MOST_LOADED_NODE.
    """
    node_loads: dict[str, int] = {}
    for identifier, load in loads.items():
        node = nodes[identifier]
        node_loads[node] = node_loads.get(node, 0) + load
    refusals, valid = {}, []
    for candidate in candidates:
        reason = candidate.reason or _too_much(node_loads.get(candidate.node, 0), loading)
        if not reason and strategy is StartingStrategy.LOCAL and candidate.identifier != local:
            reason = f'not the local instance ({local})'
        if reason:
            refusals[candidate.identifier] = reason
        else:
            valid.append(candidate)
    if not valid:
        return Choice('', refusals)

    def instance_first(candidate: Candidate) -> tuple[int, int]:
        return loads.get(candidate.identifier, 0), node_loads.get(candidate.node, 0)

    def node_first(candidate: Candidate) -> tuple[int, int]:
        return node_loads.get(candidate.node, 0), loads.get(candidate.identifier, 0)

    pick: dict[StartingStrategy, Callable[[], Candidate]] = {
        StartingStrategy.CONFIG: lambda: valid[0],
        StartingStrategy.LOCAL: lambda: valid[0],
        StartingStrategy.LESS_LOADED: lambda: min(valid, key=instance_first),
        StartingStrategy.MOST_LOADED: lambda: max(reversed(valid), key=instance_first),
        StartingStrategy.LESS_LOADED_NODE: lambda: min(valid, key=node_first),
        StartingStrategy.MOST_LOADED_NODE: lambda: max(reversed(valid), key=node_first),
    }
    return Choice(pick[strategy]().identifier, refusals)


def _too_much(present: int, added: int) -> str:
    return f'{present} + {added} > {FULL}' if present + added > FULL else ''
