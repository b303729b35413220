"""The wire: which host reaches which, and when a packet sent now arrives.

The network knows no connection (see `links`): it delays, loses, duplicates, reorders; whole paths can be blocked.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

import attrs

Pair = tuple[str, str]


@attrs.frozen
class Profile:
    """The weather of the network during a whole run. Delays are in seconds, the others probabilities, by message."""

    delay: float = 0.0005
    jitter: float = 0.002
    spike: float = 0.0
    """Probability of a delay of up to `spike_delay`."""
    spike_delay: float = 0.3
    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0


class Network:
    """Directed paths between hosts. A path may be blocked by several faults at once: it works when all are lifted."""

    def __init__(self, rng: random.Random, hosts: Iterable[str], profile: Profile) -> None:
        self.profile = profile
        self.hosts = tuple(hosts)
        self.changed: Callable[[list[Pair]], None] = lambda pairs: None
        self.lost = self.duplicated = self.reordered = 0
        self._rng = rng
        self._blocked: defaultdict[Pair, int] = defaultdict(int)
        self._extra_loss: dict[Pair, float] = {}
        self._last: dict[Pair, float] = {}

    def passes(self, source: str, target: str) -> bool:
        """True if a packet from the source reaches the target."""
        return not self._blocked.get((source, target))

    def works(self, one: str, other: str) -> bool:
        """True if packets pass both ways."""
        return self.passes(one, other) and self.passes(other, one)

    def loss(self, source: str, target: str) -> float:
        return max(self.profile.loss, self._extra_loss.get((source, target), 0.0))

    def block(self, pairs: Iterable[Pair]) -> None:
        """Drop all from now on; to be lifted by `unblock` with the same pairs."""
        pairs = [pair for pair in pairs if pair[0] != pair[1]]
        for pair in pairs:
            self._blocked[pair] += 1
        self.changed(pairs)

    def unblock(self, pairs: Iterable[Pair]) -> None:
        pairs = [pair for pair in pairs if pair[0] != pair[1]]
        for pair in pairs:
            self._blocked[pair] -= 1
            assert self._blocked[pair] >= 0, pair
        self.changed(pairs)

    def degrade(self, pairs: Iterable[Pair], loss: float) -> None:
        for pair in pairs:
            self._extra_loss[pair] = loss

    def restore(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self._extra_loss.pop(pair, None)

    def arrivals(self, source: str, target: str, now: float) -> list[float]:
        """When the copies of a message sent now arrive: none if it is lost, two if it is duplicated."""
        profile, draw, pair = self.profile, self._rng.random, (source, target)
        loss = self.loss(source, target)
        if loss and draw() < loss:
            self.lost += 1
            return []
        times = [self._arrival(pair, now)]
        if profile.duplication and draw() < profile.duplication:
            self.duplicated += 1
            times.append(times[0] + draw() * 0.5)
        return times

    def _arrival(self, pair: Pair, now: float) -> float:
        profile, draw = self.profile, self._rng.random
        time = now + profile.delay + draw() * profile.jitter
        if profile.spike and draw() < profile.spike:
            time += draw() * profile.spike_delay
        if profile.reordering and draw() < profile.reordering:
            self.reordered += 1
            return time + draw() * 0.1
        last = self._last.get(pair, 0.0)
        if time < last:
            time = last
        self._last[pair] = time
        return time


def split(groups: Iterable[Iterable[str]]) -> list[Pair]:
    """All paths between hosts of different groups."""
    sides = [list(group) for group in groups]
    return [
        (one, other)
        for i, side in enumerate(sides)
        for j, far in enumerate(sides)
        if i != j
        for one in side
        for other in far
    ]


def around(host: str, hosts: Iterable[str]) -> list[Pair]:
    """All paths to and from one host."""
    others = [other for other in hosts if other != host]
    return [(host, other) for other in others] + [(other, host) for other in others]
