"""Orders to start and stop local processes, straight to supervisord's process objects: nothing here waits."""
from __future__ import annotations

import time
from collections.abc import Callable, Container
from typing import Any

from supervisor.options import NotFound, ProcessException
from supervisor.states import SupervisorStates

from supvisors.engine.commands import Refused
from supvisors.host.arguments import Arguments, brief, unusable
from supvisors.host.holding import holder
from supvisors.host.processes import Processes
from supvisors.model.enums import RUNNING_STATES, STOPPED_STATES, FaultCode, ProcessState
from supvisors.model.process import ProcessRecord

Outcome = tuple[int, str]
HOLD_MARGIN = 5.0
"""Added to `stopwaitsecs`, when an orphan is killed: seconds after which a start is not awaited any more."""
OBEYED: Outcome = (0, '')
Work = Callable[[], Outcome | None]
"""What was begun: None as long as it goes on, then its outcome. It never raises."""


class Spawning:
    """An outcome is (0, '') or a fault code and its text, without the name of the fault."""

    def __init__(self, supervisord: Any, processes: Processes, arguments: Arguments, disabled: Container[str],
                 changed: Callable[[ProcessRecord], None]) -> None:
        self._supervisord = supervisord
        self._processes = processes
        self._arguments = arguments
        self._disabled = disabled
        self._changed = changed

    # -- orders of the Master
    def start(self, namespec: str, extra_args: str) -> Outcome:
        process = self._processes.find(namespec)
        if process is None:
            return FaultCode.BAD_NAME.value, namespec
        refusal = self._refusal(process, namespec)
        if refusal != OBEYED:
            # what runs already is what the Master wants
            return OBEYED if refusal[0] == FaultCode.ALREADY_STARTED else refusal
        if reason := unusable(extra_args):
            text = f'extra arguments {brief(extra_args)!r} of {namespec}: {reason}'
            return FaultCode.INCORRECT_PARAMETERS.value, text
        outcome = self._prepare(process, extra_args)
        return self._spawn(process) if outcome == OBEYED else outcome

    def stop(self, namespec: str) -> Outcome:
        process = self._processes.find(namespec)
        if process is None:
            return FaultCode.BAD_NAME.value, namespec
        if process.state in STOPPED_STATES or process.state == ProcessState.STOPPING:
            return OBEYED
        if self._supervisord.options.mood < SupervisorStates.RUNNING:
            return FaultCode.SHUTDOWN_STATE.value, namespec
        error = process.stop()
        return (FaultCode.FAILED.value, f'{namespec}: {error}') if error else OBEYED

    # -- requests of a user
    def start_args(self, namespec: str, extra_args: str) -> Work:
        """Ended when the process has reached RUNNING, or cannot any more. Raises `Refused`."""
        process = self._processes.find(namespec)
        if process is None:
            raise Refused(FaultCode.BAD_NAME, f'process {namespec[:60]!r} is unknown to the local supervisord')
        _succeed(self._refusal(process, namespec))
        if reason := unusable(extra_args):
            command = f'{self._processes.notes(process).config.command} {extra_args}'
            raise Refused(FaultCode.NOT_EXECUTABLE, f"can't parse command {brief(command)!r}: {reason}")
        _succeed(self._prepare(process, extra_args))
        runs, begun = self._processes.notes(process).runs, time.monotonic()
        self._arguments.want(process)
        _succeed(self._spawn(process))
        # the pid is known after the event only
        self._changed(self._processes.record(process))
        return lambda: self._follow(process, namespec, runs, begun)

    def _follow(self, process: Any, namespec: str, runs: int, begun: float) -> Outcome | None:
        if self._processes.find(namespec) is not process:
            return FaultCode.SPAWN_ERROR.value, f'{namespec}: removed from supervisord'
        if self._processes.notes(process).runs > runs:
            # whatever has become of it since
            return OBEYED
        hold = holder(process)
        if process.state == ProcessState.BACKOFF and hold is not None:
            # an orphan that nothing ends would hold the answer too
            late = time.monotonic() > begun + process.config.stopwaitsecs + HOLD_MARGIN
            return (FaultCode.SPAWN_ERROR.value, f'{namespec}: {hold.reason()}') if late else None
        # without an error, BACKOFF is a start that is put off
        if process.state == ProcessState.STARTING or (process.state == ProcessState.BACKOFF and not process.spawnerr):
            return None
        return FaultCode.SPAWN_ERROR.value, f'{namespec}: {process.spawnerr or ProcessState(process.state).name}'

    # -- both
    def _refusal(self, process: Any, namespec: str) -> Outcome:
        """Why it cannot be started now, whatever its arguments."""
        if self._supervisord.options.mood < SupervisorStates.RUNNING:
            return FaultCode.SHUTDOWN_STATE.value, namespec
        if self._processes.notes(process).program_name in self._disabled:
            return FaultCode.DISABLED.value, namespec
        if process.state in RUNNING_STATES:
            return FaultCode.ALREADY_STARTED.value, namespec
        refusal = _NOT_STARTABLE.get(process.state)
        return (refusal[0].value, f'{namespec} {refusal[1]}') if refusal else OBEYED

    def _prepare(self, process: Any, extra_args: str) -> Outcome:
        """Give the process its arguments; where the command cannot be executed, it keeps those that it had."""
        self._arguments.give(process, extra_args)
        try:
            process.get_execv_args()
        except ProcessException as error:
            reason = brief(str(error))
            self._give_up(process, reason)
            code = FaultCode.NO_FILE if isinstance(error, NotFound) else FaultCode.NOT_EXECUTABLE
            return code.value, reason
        return OBEYED

    def _spawn(self, process: Any) -> Outcome:
        # what a former series of failures has left would count among the retries of this one
        process.backoff = 0
        try:
            process.spawn()
        except (OSError, ValueError) as error:
            # the socket of a FastCGI group
            self._give_up(process, str(error))
            return FaultCode.SPAWN_ERROR.value, str(error)
        return (FaultCode.SPAWN_ERROR.value, process.spawnerr) if process.spawnerr else OBEYED

    def _give_up(self, process: Any, reason: str) -> None:
        """Show in FATAL what supervisord would leave as it is."""
        process.spawnerr = reason
        self._arguments.give_back(process)
        if process.state == ProcessState.FATAL:
            self._changed(self._processes.stamp(process, True))
        else:
            process.change_state(ProcessState.FATAL.value)


_NOT_STARTABLE = {
    ProcessState.STOPPING: (FaultCode.STILL_RUNNING, 'is stopping'),
    ProcessState.UNKNOWN: (FaultCode.FAILED, 'is in an unknown process state'),
}


def _succeed(outcome: Outcome) -> None:
    if outcome != OBEYED:
        raise Refused(FaultCode(outcome[0]), outcome[1])
