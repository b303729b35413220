"""Programs disabled and enabled: the marks, and what they do to the processes."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from supvisors.engine.commands import Refused
from supvisors.host.disabilities import Disabilities
from supvisors.host.overrides import DISABLED, Overrides
from supvisors.host.plain_requests import Adopt
from supvisors.host.processes import Processes, key_of
from supvisors.host.spawning import OBEYED, Work
from supvisors.host.stopping import Stopping
from supvisors.model.enums import FaultCode, ProcessState
from supvisors.model.process import ProcessRecord, make_namespec


class Disabling:
    """A program is disabled as a whole: each of its processes, in each group, those included that come later."""

    def __init__(self, processes: Processes, disabilities: Disabilities, overrides: Overrides, stopping: Stopping,
                 adopt: Adopt, changed: Callable[[ProcessRecord], None]) -> None:
        self._processes = processes
        self._disabilities = disabilities
        self._overrides = overrides
        self._stopping = stopping
        self._adopt = adopt
        self._changed = changed

    def open(self) -> None:
        """To be called before any program is spawned."""
        self._disabilities.read()
        self.hold_back(self._processes.all())

    def hold_back(self, processes: Iterable[Any]) -> None:
        """These have come: supervisord must not start those that are disabled."""
        for process in processes:
            if self._processes.notes(process).program_name in self._disabilities:
                self._overrides.hold_back(process, DISABLED)

    def disable(self, program: str) -> Work:
        """Ended when its processes have stopped."""
        processes = self._of(program)
        if program not in self._disabilities:
            self._mark(program, True)
            self.hold_back(processes)
            self._tell(processes)
        return self._stopping.stop(processes)

    def enable(self, program: str) -> Work:
        """Ended at once: supervisord starts what has autostart."""
        processes = self._of(program)
        if program in self._disabilities:
            self._mark(program, False)
            for process in processes:
                self._overrides.release(process, DISABLED)
            self._tell(processes)
            for process in processes:
                self._start_by_itself(process)
        return lambda: OBEYED

    def _of(self, program: str) -> list[Any]:
        processes = self._processes.of_program(program)
        if not processes:
            raise Refused(FaultCode.BAD_NAME, f'the local supervisord has no program {program[:60]!r}')
        return processes

    def _mark(self, program: str, disabled: bool) -> None:
        try:
            self._disabilities.set(program, disabled, self._processes.program_names())
        except OSError as error:
            place = f' ({error.filename})' if error.filename not in (None, self._disabilities.path) else ''
            raise Refused(FaultCode.FAILED, f'disabilities_file {self._disabilities.path} cannot be written: '
                                            f'{error.strerror or error}{place}; nothing has changed') from None

    def _tell(self, processes: Iterable[Any]) -> None:
        for process in processes:
            self._changed(self._processes.record(process))

    def _start_by_itself(self, process: Any) -> None:
        """supervisord starts what has never been started. What is still stopping follows once it has stopped."""
        if process.config.autostart and process.state in (ProcessState.STOPPED, ProcessState.STOPPING):
            # a user wants it: the stop that came with the mark is over
            self._adopt(True, make_namespec(*key_of(process)), self._processes.notes(process).extra_args)
            process.laststart = 0
