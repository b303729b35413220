"""What the bus thread has for the main thread, in order of arrival: bounded, whatever the main loop does."""
from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from supvisors.bus.counters import Counters
from supvisors.engine.events import Discovered, DiscoveryJoined, LinkDown, LinkProblem, LinkUp, TcpProbed
from supvisors.engine.messages import Envelope, Heartbeat, Tick

Received = Envelope | LinkUp | LinkDown | LinkProblem | TcpProbed | Discovered | DiscoveryJoined
"""What `Bus.drain` gives."""

NEWEST_ONLY = (Heartbeat, Tick)
"""Of these only the newest matters: an older one of the same sender is forgotten."""
BOUND = 10_000
"""Per sender. A main loop that hung for a minute finds all it missed; one that hung for an hour asks for snapshots."""


class Inbox:
    def __init__(self, wake: Callable[[], None], counters: Counters, bound: int = BOUND) -> None:
        self._wake = wake
        self._counters = counters
        self._bound = bound
        self._lock = threading.Lock()
        self._number = 0
        # an ordered dict finds its first key in constant time after many deletions, a plain dict does not
        self._items: OrderedDict[int, tuple[str, Received, float]] = OrderedDict()
        self._newest: dict[tuple[str, type], int] = {}
        self._kept: dict[str, deque[int]] = {}

    def put(self, sender: str, item: Received) -> None:
        """Called by the bus thread. Wakes the main loop when there was nothing before."""
        now = time.monotonic()
        body = item.body if isinstance(item, Envelope) else None
        with self._lock:
            was_empty = not self._items
            self._number += 1
            if isinstance(body, NEWEST_ONLY):
                older = self._newest.get((sender, type(body)))
                if older is not None:
                    del self._items[older]
                self._newest[sender, type(body)] = self._number
            else:
                kept = self._kept.setdefault(sender, deque())
                if len(kept) >= self._bound:
                    del self._items[kept.popleft()]
                    self._counters.overflow_in += 1
                kept.append(self._number)
            self._items[self._number] = (sender, item, now)
        if was_empty:
            self._wake()

    def drain(self, limit: int) -> list[tuple[Received, float]]:
        drained: list[tuple[Received, float]] = []
        with self._lock:
            while self._items and len(drained) < limit:
                _, (sender, item, mono) = self._items.popitem(last=False)
                if isinstance(item, Envelope) and isinstance(item.body, NEWEST_ONLY):
                    del self._newest[sender, type(item.body)]
                else:
                    self._kept[sender].popleft()
                drained.append((item, mono))
        return drained
