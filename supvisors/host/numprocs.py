"""The number of processes of a program, changed while supervisord runs."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from supvisors.host.numprocs_plan import Change, make_plan
from supvisors.host.overrides import OBSOLETE, Overrides
from supvisors.host.plain_requests import Adopt
from supvisors.host.processes import Key, Processes, key_of
from supvisors.host.programs import Programs
from supvisors.host.spawning import OBEYED, Outcome, Work
from supvisors.host.stopping import Stopping
from supvisors.model.enums import FaultCode, ProcessState
from supvisors.model.process import make_namespec

_OVER = frozenset((ProcessState.STOPPED, ProcessState.EXITED, ProcessState.FATAL, ProcessState.BACKOFF))
"""Nothing runs any more."""


class Numprocs:
    """Processes are added to the groups of supervisord, and removed from them. Their configurations are left alone:
    `supervisorctl update` compares these with the file, and would restart the groups.

    What is in excess is *obsolete* until it has ended: held back, and removed in the next turn of the loop, before
    supervisord could start it again. Never from within an event: supervisord goes through its groups then.
    """

    def __init__(self, supervisord: Any, programs: Programs, processes: Processes, overrides: Overrides,
                 stopping: Stopping, adopt: Adopt, appeared: Callable[[Sequence[Any]], None],
                 removed: Callable[[Key], None]) -> None:
        """`appeared` is told of processes that are in their group now, `removed` of those that are not any more."""
        self._supervisord = supervisord
        self._programs = programs
        self._processes = processes
        self._overrides = overrides
        self._stopping = stopping
        self._adopt = adopt
        self._appeared = appeared
        self._removed = removed
        self._obsolete: dict[Key, Any] = {}

    def update(self, program: str, numprocs: int, lazy: bool) -> Work:
        """In all groups that use the program, or in none. Raises `Refused`.

        Ended when what was added is there, and what is in excess, unless `lazy`, is removed.
        """
        changes = make_plan(self._supervisord.process_groups, self._programs, program, numprocs)
        for change in changes:
            self._log(program, numprocs, change)
            self._revive(change.kept)
            self._add(change)
        excess = [process for change in changes for process in change.excess]
        stopped = self._retire(excess, lazy)
        return lambda: self._follow(changes, () if lazy else excess, stopped)

    def settle(self) -> None:
        """Remove what is obsolete and has ended. To be called in each turn of the loop."""
        for key, process in list(self._obsolete.items()):
            if process.state in _OVER:
                self._remove(key, process)

    def forget(self, group: str) -> None:
        """supervisord has removed the group."""
        for key in [key for key in self._obsolete if key[0] == group]:
            del self._obsolete[key]

    # ---- more

    def _add(self, change: Change) -> None:
        for process in change.added:
            change.group.processes[process.config.name] = process
            self._programs.add(change.group.config.name, process.config)
        if change.added:
            self._appeared(change.added)

    def _revive(self, processes: Iterable[Any]) -> None:
        for process in processes:
            if self._obsolete.pop(key_of(process), None) is not None:
                self._overrides.release(process, OBSOLETE)
                self._start_again(process)

    def _start_again(self, process: Any) -> None:
        # what is stopping follows its autostart as a new one does: supervisord starts what has never been started
        if process.state == ProcessState.STOPPING and process.config.autostart:
            self._adopt(True, make_namespec(*key_of(process)), self._processes.notes(process).extra_args)
            process.laststart = 0

    # ---- less

    def _retire(self, processes: Sequence[Any], lazy: bool) -> Work:
        for process in processes:
            self._obsolete[key_of(process)] = process
            self._overrides.hold_back(process, OBSOLETE)
        # what is left to end by itself is wanted until then: it is neither stopped by the Master, nor started elsewhere
        stopped = self._stopping.stop(() if lazy else processes)
        self.settle()
        return stopped

    def _remove(self, key: Key, process: Any) -> None:
        del self._obsolete[key]
        del process.group.processes[process.config.name]
        self._processes.drop(key)
        self._removed(key)

    # ---- the outcome

    def _follow(self, changes: Iterable[Change], excess: Iterable[Any], stopped: Work) -> Outcome | None:
        wanted = [process for change in changes for process in change.wanted]
        if missing := [process for process in wanted if not self._is_there(process) or self._is_obsolete(process)]:
            return FaultCode.FAILED.value, f'removed meanwhile: {_names(missing)}'
        if back := [process for process in excess if self._is_there(process) and not self._is_obsolete(process)]:
            return FaultCode.FAILED.value, f'wanted again meanwhile: {_names(back)}'
        outcome = stopped()
        left = any(map(self._is_there, excess))
        # what has stopped is removed in the next turn
        return None if outcome == OBEYED and left else outcome

    def _is_there(self, process: Any) -> bool:
        return self._processes.find(make_namespec(*key_of(process))) is process

    def _is_obsolete(self, process: Any) -> bool:
        return self._obsolete.get(key_of(process)) is process

    def _log(self, program: str, numprocs: int, change: Change) -> None:
        if change.added or change.excess:
            self._supervisord.options.logger.info(
                f'supvisors: {program} has numprocs={numprocs} in the group {change.group.config.name}, until '
                f'supervisord restarts: {len(change.added)} processes more, {len(change.excess)} in excess')


def _names(processes: Iterable[Any]) -> str:
    return ', '.join(make_namespec(*key_of(process)) for process in processes)
