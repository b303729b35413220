"""When the main loop wants to be woken."""
from __future__ import annotations

import heapq
import threading


class Timers:
    """A heap of times, written by the main thread and read by the bus thread. The lock is held for microseconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heap: list[float] = []
        self._pending: set[float] = set()

    def add(self, mono: float) -> bool:
        """Return True when it is earlier than all others: only then must the bus thread be told."""
        with self._lock:
            if mono in self._pending:  # the same deadline is asked for at each turn of the main loop
                return False
            self._pending.add(mono)
            heapq.heappush(self._heap, mono)
            return self._heap[0] == mono

    def next(self) -> float | None:
        with self._lock:
            return self._heap[0] if self._heap else None

    def expire(self, now: float) -> bool:
        """Forget the times that have come; return True if there were some."""
        with self._lock:
            due = False
            while self._heap and self._heap[0] <= now:
                self._pending.discard(heapq.heappop(self._heap))
                due = True
            return due
