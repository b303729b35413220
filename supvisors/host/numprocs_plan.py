"""What becomes of the processes of a program when its number of processes changes: all checked, nothing done yet."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from supvisors.engine.commands import Refused
from supvisors.host import child_logs
from supvisors.host.programs import Programs, Section
from supvisors.model.enums import FaultCode, ProcessState

MAX_NUMPROCS = 2000
"""In each group."""
_STEP = 4
"""Processes that supervisord expands at one go, a few milliseconds."""


class Change:
    """In one group. Everything is in the order of the process numbers."""

    def __init__(self, group: Any, section: Section, numprocs: int, members: Mapping[int, str]) -> None:
        self.group = group
        self.section = section
        self.numprocs = numprocs
        self.members = {index: group.processes[name] for index, name in sorted(members.items())
                        if name in group.processes}
        self.missing = [index for index in range(min(numprocs, MAX_NUMPROCS + 1)) if index not in self.members]
        self.configs: dict[int, Any] = {}
        """Of what is missing, as far as it is expanded."""
        self.added: list[Any] = []
        """Processes that were not in the group before."""

    @property
    def kept(self) -> list[Any]:
        return [process for index, process in self.members.items() if index < self.numprocs]

    @property
    def excess(self) -> list[Any]:
        return [process for index, process in self.members.items() if index >= self.numprocs]

    def check_excess(self) -> None:
        for process in self.excess:
            if process.state == ProcessState.UNKNOWN:
                name = f'{self.section.group}:{process.config.name}'
                _fail(f'{name} is in an unknown process state: supervisord cannot stop it')

    def expand(self, programs: Programs) -> Iterator[None]:
        """In steps. Raises `Refused`."""
        names: dict[str, int] = {}
        # where the names depend on numprocs, those of the others are looked at too
        indexes = self.missing if self.section.steady else range(self.numprocs)
        for first, count in _runs(indexes):
            for config in self._expand(programs, first, count):
                index = first
                first += 1
                self._check_name(index, config.name, names)
                if index not in self.members:
                    self.configs[index] = config
            yield

    def _expand(self, programs: Programs, first: int, count: int) -> list[Any]:
        try:
            return programs.expand(self.section, self.numprocs, first, count)
        except (ValueError, OSError) as error:
            _fail(str(error))

    def _check_name(self, index: int, name: str, names: dict[str, int]) -> None:
        if names.setdefault(name, index) != index:
            self._refuse(f'processes {names[name]} and {index} would have the name {name!r}')
        if index in self.members:
            if name != (present := self.members[index].config.name):
                self._refuse(f'{present!r} would have the name {name!r}')
        elif name in self.group.processes:
            self._refuse(f'the group {self.section.group} has another process with the name {name!r}')

    def check_names(self) -> None:
        """Once more: the group may have got others while all was expanded."""
        for config in self.configs.values():
            if config.name in self.group.processes:
                self._refuse(f'the group {self.section.group} has another process with the name {config.name!r}')

    def _refuse(self, reason: str) -> NoReturn:
        _fail(f'with numprocs={self.numprocs}, {reason}: change the process_name of [{self.section.name}]')


def make_plan(groups: Mapping[str, Any], programs: Programs, program: str, numprocs: int) -> list[Change]:
    """One change for each group that uses the program. Raises `Refused`."""
    sections = [section for section in programs.sections(program) if section.group in groups]
    if not sections:
        raise Refused(FaultCode.BAD_NAME, f'the local supervisord has no program {program[:60]!r}')
    if numprocs <= 0:
        raise Refused(FaultCode.INCORRECT_PARAMETERS, f'numprocs {numprocs} of {program}: an integer > 0 is expected')
    changes = [Change(groups[section.group], section, numprocs, programs.members(section)) for section in sections]
    missing = [change for change in changes if change.missing]
    if missing:
        _check_number(program, numprocs, missing[0])
    for change in changes:
        change.check_excess()
    return changes


def prepare(groups: Mapping[str, Any], programs: Programs, changes: Sequence[Change]) -> Iterator[None]:
    """Make all that is missing, in steps, without giving it to supervisord. Raises `Refused`."""
    made: list[Any] = []
    try:
        for change in changes:
            for _ in change.expand(programs):
                yield
                _check_groups(groups, changes)
        for config in [config for change in changes for config in change.configs.values()]:
            _make_logs(config)
            made.append(config)
            yield
        _check_groups(groups, changes)
        for change in changes:
            change.check_names()
    except Refused:
        for config in made:
            child_logs.remove(config)
            yield
        raise


def _check_groups(groups: Mapping[str, Any], changes: Sequence[Change]) -> None:
    for change in changes:
        if groups.get(change.section.group) is not change.group:
            _fail(f'the group {change.section.group} has been removed meanwhile')


def _check_number(program: str, numprocs: int, change: Change) -> None:
    if not change.section.numbered:
        raise Refused(FaultCode.NOT_APPLICABLE, f'the process_name of {program} does not depend on the process number: '
                                                f'put %(process_num)d in the process_name of [{change.section.name}]')
    if numprocs > MAX_NUMPROCS:
        _fail(f'numprocs {numprocs} of {program}: at most {MAX_NUMPROCS} processes in a group')


def _runs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First index and length of short runs without a gap."""
    for _, run in itertools.groupby(enumerate(indexes), lambda pair: (pair[1] - pair[0], pair[0] // _STEP)):
        first, *others = [index for _, index in run]
        yield first, 1 + len(others)


def _make_logs(config: Any) -> None:
    try:
        child_logs.make(config)
    except OSError as error:
        _fail(f'the log files of {config.name} cannot be made in childlogdir {config.options.childlogdir}: '
              f'{error.strerror or error}')


def _fail(reason: str) -> NoReturn:
    raise Refused(FaultCode.FAILED, f'{reason}; nothing has changed')
