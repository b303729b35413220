"""What deserves a line in the log, seldom enough to be read."""
from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

PERIOD = 60.0
KEPT = 50
TOPICS = 1000
"""Remembered: some name the connection or the error, so that they could become any number."""


class Problems:
    """Sentences of both threads, for the log that the main thread writes; at most one per topic and minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sentences: deque[str] = deque(maxlen=KEPT)
        self._last: OrderedDict[str, float] = OrderedDict()

    def add(self, topic: str, sentence: str) -> bool:
        """Return True when the sentence was kept."""
        now = time.monotonic()
        with self._lock:
            if now - self._last.get(topic, -PERIOD) < PERIOD:
                return False
            self._last[topic] = now
            self._last.move_to_end(topic)
            if len(self._last) > TOPICS:
                self._last.popitem(last=False)
            self._sentences.append(sentence)
            return True

    def take(self) -> list[str]:
        taken = []
        while True:
            try:
                taken.append(self._sentences.popleft())
            except IndexError:
                return taken
