"""A plugin of supervisord that counts, from inside, the processes that each pass of the main loop spawns.

    [rpcinterface:probe]
    supervisor.rpcinterface_factory = benchmarks.scale_probe:make_probe
"""
from __future__ import annotations

import time
from typing import Any

from supervisor import events


class Counter:
    """One per supervisord. A pass of the main loop goes from one poll to the next."""

    def __init__(self, supervisord: Any) -> None:
        self.passes = 0
        self.spawned = 0
        """In the present pass."""
        self.most = 0
        self.events: list[tuple[str, str, float]] = []
        poller = supervisord.options.poller
        self._poll = poller.poll
        poller.poll = self._passed
        events.subscribe(events.ProcessStateStartingEvent, self._starting)
        events.subscribe(events.ProcessStateRunningEvent, self._running)

    def _passed(self, timeout: float) -> Any:
        self.passes += 1
        self.spawned = 0
        return self._poll(timeout)

    def _starting(self, event: Any) -> None:
        self.spawned += 1
        self.most = max(self.most, self.spawned)
        self._note('STARTING', event)

    def _running(self, event: Any) -> None:
        self._note('RUNNING', event)

    def _note(self, state: str, event: Any) -> None:
        self.events.append((state, event.process.config.name, time.monotonic()))


class Probe:
    """The RPC namespace."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def most(self) -> int:
        """Return the most processes that one pass has spawned."""
        return self._counter.most

    def passes(self) -> int:
        return self._counter.passes

    def events(self) -> list[tuple[str, str, float]]:
        """Return the starts: (STARTING or RUNNING, name of the process, time of the monotonic clock)."""
        return self._counter.events


def make_probe(supervisord: Any) -> Probe:
    """Called by supervisord for each of its HTTP servers: all of them share one counter."""
    counter = getattr(supervisord, 'scale_counter', None)
    if counter is None:
        counter = supervisord.scale_counter = Counter(supervisord)
    return Probe(counter)
