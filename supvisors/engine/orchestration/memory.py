"""How long finished requests are remembered, and processes that were removed.

Long enough for a request sent again to get the first outcome, and not for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from supvisors.engine.core import Core
from supvisors.engine.orchestration.ledger import Ledger, is_emptied
from supvisors.model.ledger import Item


class Memory:
    """Each instance forgets by itself: what is over does not count in the digest of the ledger."""

    def __init__(self, core: Core, ledger: Ledger) -> None:
        self.core = core
        self.ledger = ledger
        self._due: deque[tuple[float, str]] = deque()

    def recorded(self, items: Iterable[Item]) -> None:
        due = self.core.mono + self.core.timing.request_memory
        self._due.extend((due, item.key) for item in items if is_emptied(item) or (item.request and item.request.done))

    def evaluate(self) -> None:
        while self._due and self.core.mono >= self._due[0][0]:
            self.ledger.forget(self._due.popleft()[1])
