"""Orders to start and stop local processes, straight to supervisord's process objects: nothing here waits."""
from __future__ import annotations

import copy
import shlex
from collections.abc import Callable
from typing import Any

from supervisor.options import NotFound, ProcessException
from supervisor.states import SupervisorStates

from supvisors.host.processes import Processes
from supvisors.model.enums import RUNNING_STATES, STOPPED_STATES, FaultCode, ProcessState
from supvisors.model.process import ProcessRecord

Outcome = tuple[int, str]
OBEYED: Outcome = (0, '')


class Spawning:
    """An outcome is (0, '') or a fault code and its text, without the name of the fault."""

    def __init__(self, supervisord: Any, processes: Processes, changed: Callable[[ProcessRecord], None]) -> None:
        self._supervisord = supervisord
        self._processes = processes
        self._changed = changed

    def start(self, namespec: str, extra_args: str) -> Outcome:
        process = self._processes.find(namespec)
        if process is None:
            return FaultCode.BAD_NAME.value, namespec
        if self._supervisord.options.mood < SupervisorStates.RUNNING:
            return FaultCode.SHUTDOWN_STATE.value, namespec
        if process.state in RUNNING_STATES:
            return OBEYED
        refusal = _NOT_STARTABLE.get(process.state)
        if refusal:
            return refusal[0].value, f'{namespec} {refusal[1]}'
        try:
            shlex.split(extra_args)
        except ValueError as error:
            return FaultCode.INCORRECT_PARAMETERS.value, f'extra arguments {extra_args!r} of {namespec}: {error}'
        self._set_extra_args(process, extra_args)
        return self._spawn(process)

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

    def _set_extra_args(self, process: Any, extra_args: str) -> None:
        notes = self._processes.notes(process)
        notes.extra_args = extra_args
        command = f'{notes.command} {extra_args}' if extra_args else notes.command
        if command != process.config.command:
            # on a copy: the group compares its configurations with the file, and `update` would restart it
            process.config = copy.copy(process.config)
            process.config.command = command

    def _spawn(self, process: Any) -> Outcome:
        try:
            process.get_execv_args()
        except ProcessException as error:
            self._give_up(process, str(error))
            code = FaultCode.NO_FILE if isinstance(error, NotFound) else FaultCode.NOT_EXECUTABLE
            return code.value, str(error)
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
        if process.state == ProcessState.FATAL:
            self._changed(self._processes.stamp(process, True))
        else:
            process.change_state(ProcessState.FATAL.value)


_NOT_STARTABLE = {
    ProcessState.STOPPING: (FaultCode.STILL_RUNNING, 'is stopping'),
    ProcessState.UNKNOWN: (FaultCode.FAILED, 'is in an unknown process state'),
}
