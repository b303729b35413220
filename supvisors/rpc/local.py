"""The methods that act on the local supervisord alone, and are never carried to the Master."""
from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from supervisor.http import NOT_DONE_YET

from supvisors.model.enums import FaultCode
from supvisors.rpc.deferred import POLL_DELAY, Answer
from supvisors.rpc.faults import fault

Work = Callable[[], 'tuple[int, str] | None']
"""Work that goes on: None until it has ended, then (0, '') or a fault code and its text. It never raises."""


class LocalHost(Protocol):
    """What the host offers. Each raises `Refused` when nothing can be done; nothing has changed then.

    The host has the deferred answers polled each time that one of its processes changes.
    """

    def start_args(self, namespec: str, extra_args: str) -> Work:
        """Ended when the process has reached RUNNING, or cannot any more."""
        ...

    def update_numprocs(self, program_name: str, numprocs: int, lazy: bool) -> Work:
        """Ended when the new processes are there and those in excess, unless lazy, are removed."""
        ...

    def enable(self, program_name: str) -> Work: ...

    def disable(self, program_name: str) -> Work:
        """Ended when the processes of the program have stopped."""
        ...


class Local:
    """Arguments have the right types, and the state allows the call."""

    def __init__(self, host: LocalHost, is_stopping: Callable[[], bool]) -> None:
        self._host = host
        self._is_stopping = is_stopping

    def start_args(self, namespec: str, extra_args: str, wait: bool) -> Answer:
        if self._is_stopping():
            raise fault(FaultCode.SHUTDOWN_STATE, 'the local supervisord is stopping')
        return _answer(self._host.start_args(namespec, extra_args), wait)

    def update_numprocs(self, program_name: str, numprocs: int, wait: bool, lazy: bool) -> Answer:
        return _answer(self._host.update_numprocs(program_name, numprocs, lazy), wait and not lazy)

    def enable(self, program_name: str, wait: bool) -> Answer:
        return _answer(self._host.enable(program_name), wait)

    def disable(self, program_name: str, wait: bool) -> Answer:
        return _answer(self._host.disable(program_name), wait)


def _answer(work: Work, wait: bool) -> Answer:
    """Whoever does not wait is told what has failed already, and nothing more."""
    def poll() -> object:
        outcome = work()
        if outcome is None:
            return NOT_DONE_YET
        code, text = outcome
        if code:
            raise fault(code, text)
        return True

    if poll() is not NOT_DONE_YET or not wait:
        return True
    poll.delay = POLL_DELAY  # type: ignore[attr-defined]
    return poll
