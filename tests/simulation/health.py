"""Which instances had a reason not to reach each other, and when: what may explain that one was taken for lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from tests.simulation.clock import Scheduler
from tests.simulation.network import Pair

MEMORY = 10.0
"""For how long a fault explains its consequences once it is over."""


class Health:
    """Declared faults, by unordered pair. A stalled loop or a crash explains nothing: neither hides an instance."""

    def __init__(
        self, scheduler: Scheduler, names: Iterable[str], alive: Callable[[str], bool], lossy: bool = False
    ) -> None:
        self._scheduler = scheduler
        self._names = tuple(names)
        self._alive = alive
        self._lossy = lossy
        self._ongoing: defaultdict[Pair, int] = defaultdict(int)
        self._until: dict[Pair, float] = {}

    def begin(self, pairs: Iterable[Pair]) -> None:
        for pair in {_key(*pair) for pair in pairs}:
            self._ongoing[pair] += 1

    def end(self, pairs: Iterable[Pair]) -> None:
        for pair in {_key(*pair) for pair in pairs}:
            self._ongoing[pair] -= 1
            self._until[pair] = self._scheduler.now

    def bad_since(self, one: str, other: str, time: float) -> bool:
        """True if a fault has stood between both at any time since then."""
        pair = _key(one, other)
        return self._ongoing.get(pair, 0) > 0 or self._until.get(pair, -MEMORY) >= time

    def hidden(self, one: str, other: str) -> bool:
        """True if one may have taken the other for lost recently: nothing passed, and nobody asked could help.

        Three others are asked: a single good one among them is enough, so three must be bad ones (or all).
        Where messages are lost now and then, none of them is good enough.
        """
        since = self._scheduler.now - MEMORY
        if one == other or not self.bad_since(one, other, since):
            return False
        if self._lossy:
            return True
        good = bad = 0
        for relay in self._names:
            if relay not in (one, other):
                if not self._alive(relay):
                    continue
                if self.bad_since(one, relay, since) or self.bad_since(relay, other, since):
                    bad += 1
                else:
                    good += 1
        return good == 0 or bad >= 3

    def quiet_since(self, time: float) -> bool:
        """True if no fault has stood between any two instances since then."""
        return not any(self._ongoing.values()) and all(until < time for until in self._until.values())


def _key(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
