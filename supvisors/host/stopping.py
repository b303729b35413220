"""Local processes stopped as if a user had asked for it, and followed to their end."""
from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import attrs

from supvisors.host.plain_requests import Adopt
from supvisors.host.processes import Processes, key_of
from supvisors.host.spawning import OBEYED, Outcome, Spawning, Work
from supvisors.model.enums import RUNNING_STATES, STOPPED_STATES, FaultCode, ProcessState
from supvisors.model.process import make_namespec

MARGIN = 5.0
"""Added to `stopwaitsecs`, when supervisord kills the program: seconds after which it is said to be still running."""


class Stopping:
    def __init__(self, processes: Processes, spawning: Spawning, adopt: Adopt) -> None:
        self._processes = processes
        self._spawning = spawning
        self._adopt = adopt

    def stop(self, processes: Iterable[Any]) -> Work:
        """Stop those that run. Ended once none of them, and of those that were stopping, is there any more."""
        now = time.monotonic()
        waits = [_Wait(process, make_namespec(*key_of(process)), now, now + process.config.stopwaitsecs + MARGIN)
                 for process in processes if process.state not in STOPPED_STATES]
        for wait in waits:
            if wait.process.state in RUNNING_STATES:
                # first: nobody must take its end for a failure
                self._adopt(False, wait.namespec, '')
                wait.outcome = self._spawning.stop(wait.namespec)
        return lambda: self._follow(waits)

    def _follow(self, waits: Iterable[_Wait]) -> Outcome | None:
        now = time.monotonic()
        left = [wait for wait in waits if not self._ended(wait)]
        if any(wait.outcome == OBEYED and now < wait.deadline for wait in left):
            return None
        if left:
            return FaultCode.STILL_RUNNING.value, '; '.join(wait.outcome[1] or f'{wait.namespec} is still running'
                                                               for wait in left)
        return OBEYED

    def _ended(self, wait: _Wait) -> bool:
        process = wait.process
        if self._processes.find(wait.namespec) is not process:
            return True
        # it may have been started again before anybody looked
        return (process.state in STOPPED_STATES and process.state != ProcessState.UNKNOWN) \
            or self._processes.notes(process).stop_mono >= wait.begun


@attrs.define(eq=False)
class _Wait:
    process: Any
    namespec: str
    begun: float
    deadline: float
    outcome: Outcome = OBEYED
