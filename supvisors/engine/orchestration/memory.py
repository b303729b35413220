"""How long finished requests are remembered.

Long enough for one sent again to get the first outcome, and not for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from supvisors.engine.core import Core
from supvisors.engine.orchestration.ledger import Ledger, request_of
from supvisors.model.ledger import Item


class Memory:
    """Each instance forgets by itself: finished requests do not count in the digest of the ledger."""

    def __init__(self, core: Core, ledger: Ledger) -> None:
        self.core = core
        self.ledger = ledger
        self._due: deque[tuple[float, str]] = deque()

    def recorded(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.request is not None and item.request.done:
                self._due.append((self.core.mono + self.core.timing.request_memory, request_of(item) or ''))

    def evaluate(self) -> None:
        while self._due and self.core.mono >= self._due[0][0]:
            self.ledger.forget(self._due.popleft()[1])
