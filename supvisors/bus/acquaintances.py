"""Who was heard on the multicast group: bounded, whatever is sent there."""
from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

LIMIT = 10_000
"""Far above any cluster; some megabytes when someone without a secret to respect fills it."""
FORGOTTEN_AFTER = 60.0
"""Makes room for the living when it was filled with what does not exist."""
TELL_PERIOD = 1.0


class Meeting(NamedTuple):
    first: bool
    """This boot was not heard before."""
    tell: bool
    """Nothing was told of this identifier for `TELL_PERIOD`."""


class _Known(NamedTuple):
    boot: str
    heard: float
    told: float


class Acquaintances:
    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._known: OrderedDict[str, _Known] = OrderedDict()  # the one heard last is the last

    def __len__(self) -> int:
        return len(self._known)

    def meet(self, identifier: str, boot: str, now: float) -> Meeting | None:
        """Return None when there are too many to remember this one."""
        self._forget(now)
        known = self._known.get(identifier)
        if known is None and len(self._known) >= self._limit:
            return None
        tell = known is None or now - known.told >= TELL_PERIOD
        self._known[identifier] = _Known(boot, now, now if known is None or tell else known.told)
        self._known.move_to_end(identifier)
        return Meeting(known is None or known.boot != boot, tell)

    def _forget(self, now: float) -> None:
        while self._known and now - next(iter(self._known.values())).heard > FORGOTTEN_AFTER:
            self._known.popitem(last=False)
