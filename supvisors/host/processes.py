"""Records of the local processes, out of supervisord's objects."""
from __future__ import annotations

import time
from collections.abc import Container, Iterator
from typing import Any

import attrs
from supervisor.rpcinterface import SupervisorNamespaceRPCInterface

from supvisors.host.programs import Programs
from supvisors.model.enums import ProcessState
from supvisors.model.process import ProcessRecord, split_namespec

_STARTS = frozenset((ProcessState.STARTING, ProcessState.BACKOFF))
_STOPS = frozenset((ProcessState.STOPPED, ProcessState.EXITED))
_ENDED = frozenset((ProcessState.STOPPED, ProcessState.EXITED, ProcessState.BACKOFF, ProcessState.FATAL))

Key = tuple[str, str]


def key_of(process: Any) -> Key:
    return process.group.config.name, process.config.name


@attrs.define
class Notes:
    """What supervisord does not keep of a process."""
    program_name: str
    process_index: int
    config: Any
    """Its configuration as the file gives it, with nothing in force beyond (see `overrides`)."""
    extra_args: str = ''
    former_args: str | None = None
    """What `extra_args` were, until the process has reached RUNNING with the present ones."""
    args_wanted: bool = False
    """The present ones are those that a user wants."""
    held_back: set[str] = attrs.field(factory=set)
    """Why supervisord must not start it by itself."""
    runs: int = 0
    """How often it has reached RUNNING."""
    expected: bool = True
    start_mono: float = 0.0
    stop_mono: float = 0.0
    event_mono: float = 0.0


class Processes:
    """Notes are kept aside, by names: process objects of supervisord are not hashable."""

    def __init__(self, supervisord: Any, programs: Programs, disabled: Container[str] = ()) -> None:
        """`disabled`: names of programs."""
        self._supervisord = supervisord
        self._programs = programs
        self._disabled = disabled
        self._interface = SupervisorNamespaceRPCInterface(supervisord)
        self._notes: dict[Key, Notes] = {}

    def find(self, namespec: str) -> Any:
        """The process object of supervisord, or None."""
        group_name, name = split_namespec(namespec)
        group = self._supervisord.process_groups.get(group_name)
        return None if group is None else group.processes.get(name)

    def all(self) -> list[Any]:
        """Sorted by group and name."""
        return sorted(self._all(), key=key_of)

    def of_program(self, program: str) -> list[Any]:
        """Those that come from this program, in all groups, sorted by group and name."""
        return [process for process in self.all() if self.notes(process).program_name == program]

    def program_names(self) -> set[str]:
        """The programs that supervisord has now."""
        return {self.notes(process).program_name for process in self._all()}

    def records(self) -> tuple[ProcessRecord, ...]:
        """Sorted by group and name."""
        return tuple(map(self.record, self.all()))

    def of_group(self, group_name: str) -> list[Any]:
        return sorted(self._supervisord.process_groups[group_name].processes.values(), key=key_of)

    def records_of(self, group_name: str) -> tuple[ProcessRecord, ...]:
        return tuple(map(self.record, self.of_group(group_name)))

    def forget(self, group_name: str) -> list[Key]:
        """Supervisord has removed the group: forget its processes and return what was known of them."""
        keys = sorted(key for key in self._notes if key[0] == group_name)
        for key in keys:
            del self._notes[key]
        return keys

    def drop(self, key: Key) -> None:
        """The process is removed from its group."""
        self._notes.pop(key, None)

    def notes(self, process: Any) -> Notes:
        key = key_of(process)
        if key not in self._notes:
            self._notes[key] = Notes(*self._programs.lookup(*key), config=process.config)
        return self._notes[key]

    def stamp(self, process: Any, expected: bool) -> ProcessRecord:
        """The process has just entered its state."""
        notes = self.notes(process)
        notes.event_mono = time.monotonic()
        notes.expected = expected if process.state == ProcessState.EXITED else True
        notes.runs += process.state == ProcessState.RUNNING
        if process.state in _STARTS:
            notes.start_mono = notes.event_mono
        if process.state in _STOPS:
            notes.stop_mono = notes.event_mono
        return self.record(process)

    def record(self, process: Any) -> ProcessRecord:
        notes, config = self.notes(process), process.config
        return ProcessRecord(
            group=process.group.config.name, name=config.name, state=process.state, expected=notes.expected,
            spawnerr=process.spawnerr or '', description=self._description(process), pid=_pid(process),
            start=int(process.laststart), start_mono=notes.start_mono, stop=int(process.laststop),
            stop_mono=notes.stop_mono, event_mono=notes.event_mono, startsecs=config.startsecs,
            stopwaitsecs=config.stopwaitsecs, extra_args=notes.extra_args,
            disabled=notes.program_name in self._disabled, program_name=notes.program_name,
            process_index=notes.process_index, has_stdout=bool(config.stdout_logfile),
            has_stderr=bool(config.stderr_logfile))

    def _all(self) -> Iterator[Any]:
        for group in self._supervisord.process_groups.values():
            yield from group.processes.values()

    def _description(self, process: Any) -> str:
        info = {'name': process.config.name, 'state': process.state, 'pid': _pid(process),
                'start': int(process.laststart), 'stop': int(process.laststop), 'now': int(time.time()),
                'spawnerr': process.spawnerr or ''}
        return str(self._interface._interpretProcessInfo(info))


def _pid(process: Any) -> int:
    # supervisord resets it only after the event that tells the end of the process
    return 0 if process.state in _ENDED else int(process.pid)
