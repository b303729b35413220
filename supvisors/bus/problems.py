"""What deserves a line in the log, seldom enough to be read."""
from __future__ import annotations

import time
from collections import deque

PERIOD = 60.0
KEPT = 50


class Problems:
    """Sentences from the bus thread to the main thread, at most one per topic and minute."""

    def __init__(self) -> None:
        self._sentences: deque[str] = deque(maxlen=KEPT)
        self._last: dict[str, float] = {}

    def add(self, topic: str, sentence: str) -> bool:
        """Return True when the sentence was kept."""
        now = time.monotonic()
        if now - self._last.get(topic, -PERIOD) < PERIOD:
            return False
        self._last[topic] = now
        self._sentences.append(sentence)
        return True

    def take(self) -> list[str]:
        taken = []
        while True:
            try:
                taken.append(self._sentences.popleft())
            except IndexError:
                return taken
