"""Ends of supervisord's own delays. It looks at them at each pass of its loop: once a second when nothing happens."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import attrs

from supvisors.model.enums import ProcessState

MARGIN = 0.002
"""Transitions require that the date is past, by wall clock: a hair later than the date itself."""

_DUE: dict[int, Callable[[Any], float]] = {
    ProcessState.STARTING: lambda process: process.laststart + process.config.startsecs,
    ProcessState.BACKOFF: lambda process: process.delay,
    ProcessState.STOPPING: lambda process: process.delay,
}


@attrs.define
class _Pending:
    process: Any
    mono: float


class Deadlines:
    """Asks to be woken when a delay of a process ends.

    Delays are dates of the wall clock and wake-ups are monotonic: when the clock was slewed or set back meanwhile,
    or when supervisord has prolonged the delay without an event (SIGKILL), the wake-up is asked for again.
    """

    def __init__(self, wake_at: Callable[[float], None]) -> None:
        self._wake_at = wake_at
        self._pending: dict[tuple[str, str], _Pending] = {}

    def watch(self, key: tuple[str, str], process: Any) -> None:
        """The process has changed its state."""
        due = _DUE.get(process.state)
        if due is None:
            self._pending.pop(key, None)
        else:
            self._arm(key, process, due(process) - time.time())

    def forget(self, key: tuple[str, str]) -> None:
        self._pending.pop(key, None)

    def check(self) -> None:
        """The loop was woken: what should be past now, and is not, is asked for again."""
        mono, wall = time.monotonic(), time.time()
        for key, pending in list(self._pending.items()):
            if pending.mono <= mono:
                due = _DUE.get(pending.process.state)
                if due is None:
                    del self._pending[key]
                elif due(pending.process) >= wall:
                    self._arm(key, pending.process, due(pending.process) - wall)

    def _arm(self, key: tuple[str, str], process: Any, remaining: float) -> None:
        mono = time.monotonic() + max(0.0, remaining) + MARGIN
        self._pending[key] = _Pending(process, mono)
        self._wake_at(mono)
