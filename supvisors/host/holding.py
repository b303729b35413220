"""A process that supervisord must not spawn for a while, whoever asks for it."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from supvisors.model.enums import ProcessState


class Hold:
    """Takes the place of the `spawn` of one process: a start leads to BACKOFF, and is made when the hold ends.

    BACKOFF is what a start that must be tried again looks like, to supervisord, to its clients and to the Master. The
    wait counts as no retry, and a stop ends it.
    """

    def __init__(self, process: Any, reason: Callable[[], str] = lambda: 'held back') -> None:
        self.process = process
        self.reason = reason
        self._spawn: Callable[[], Any] = process.spawn
        self._covered = process.__dict__.get('spawn')
        self._ended = False
        process.spawn = self

    def __call__(self) -> Any:
        if self._ended:
            return self._spawn()
        process = self.process
        if process.state == ProcessState.BACKOFF:
            # supervisord tries again at each pass of its loop
            return None
        process.killing = process.administrative_stop = process.system_stop = False
        process.spawnerr = process.exitstatus = None
        process.laststart = time.time()
        process.change_state(ProcessState.STARTING.value)
        process.change_state(ProcessState.BACKOFF.value)
        process.backoff = process.delay = 0
        return None

    def end(self) -> None:
        self._ended = True
        if self.process.__dict__.get('spawn') is self:
            del self.process.spawn
            if self._covered is not None:
                self.process.spawn = self._covered


def holder(process: Any) -> Hold | None:
    """The hold in force on a process."""
    spawn = process.__dict__.get('spawn')
    return spawn if isinstance(spawn, Hold) else None
