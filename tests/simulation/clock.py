"""Virtual time: one heap of actions for the world, and the two clocks that each host reads."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from supvisors.model.identity import Now

Action = Callable[..., None]


class Scheduler:
    """Actions in order of virtual time, then of insertion.

    Nothing is ever cancelled: an action checks that it still applies.
    """

    __slots__ = ('_heap', '_sequence', 'executed', 'now', 'stopped')

    def __init__(self) -> None:
        self.now = 0.0
        self.executed = 0
        self.stopped = False
        self._heap: list[tuple[float, int, Action, tuple[Any, ...]]] = []
        self._sequence = 0

    def at(self, time: float, action: Action, *args: Any) -> None:
        """Run the action at this virtual time, or now if it has passed."""
        self._sequence += 1
        heapq.heappush(self._heap, (time if time > self.now else self.now, self._sequence, action, args))

    def after(self, delay: float, action: Action, *args: Any) -> None:
        self.at(self.now + delay, action, *args)

    def stop(self) -> None:
        """Make `run_until` return at once."""
        self.stopped = True

    def run_until(self, end: float) -> None:
        heap = self._heap
        pop = heapq.heappop
        while heap and not self.stopped and heap[0][0] <= end:
            self.now, _, action, args = pop(heap)
            self.executed += 1
            action(*args)
        if not self.stopped:
            self.now = max(self.now, end)

    def __len__(self) -> int:
        return len(self._heap)


class HostClock:
    """What one host reads: its clocks start anywhere and run a little fast or slow. The wall clock can be stepped."""

    __slots__ = ('mono_offset', 'rate', 'wall_offset')

    def __init__(self, mono_offset: float = 0.0, wall_offset: float = 0.0, rate: float = 1.0) -> None:
        self.mono_offset = mono_offset
        self.wall_offset = wall_offset
        self.rate = rate

    def read(self, virtual: float) -> Now:
        elapsed = virtual * self.rate
        return Now(self.mono_offset + elapsed, self.wall_offset + elapsed)

    def virtual(self, mono: float) -> float:
        """The virtual time at which the monotonic clock of the host shows this."""
        return (mono - self.mono_offset) / self.rate

    def step_wall(self, delta: float) -> None:
        self.wall_offset += delta
