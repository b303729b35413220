"""What becomes of the processes of a program when its number of processes changes: all checked, nothing done yet."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import attrs
from supervisor.datatypes import Automatic

from supvisors.engine.commands import Refused
from supvisors.host.programs import Programs, Section
from supvisors.model.enums import FaultCode, ProcessState

MAX_NUMPROCS = 2000
"""In each group. supervisord expands them at one go, and does nothing else meanwhile."""


@attrs.frozen
class Change:
    """In one group. Everything is in the order of the process numbers."""
    group: Any
    kept: tuple[Any, ...]
    excess: tuple[Any, ...]
    added: tuple[Any, ...] = ()
    """Processes that are not in the group yet."""

    @property
    def wanted(self) -> tuple[Any, ...]:
        return self.kept + self.added


def make_plan(groups: dict[str, Any], programs: Programs, program: str, numprocs: int) -> list[Change]:
    """One change for each group that uses the program. Raises `Refused`."""
    sections = [section for section in programs.sections(program) if section.group in groups]
    if not sections:
        raise Refused(FaultCode.BAD_NAME, f'the local supervisord has no program {program[:60]!r}')
    if numprocs <= 0:
        raise Refused(FaultCode.INCORRECT_PARAMETERS, f'numprocs {numprocs} of {program}: an integer > 0 is expected')
    parts = [_Part(groups[section.group], section, numprocs, programs.members(section)) for section in sections]
    missing = [part for part in parts if part.missing]
    if missing:
        _check_number(program, numprocs, missing[0])
    for part in parts:
        part.check_excess()
    for part in missing:
        part.expand(programs)
    _make_logs([config for part in missing for config in part.configs])
    return [part.change() for part in parts]


def _check_number(program: str, numprocs: int, part: _Part) -> None:
    if not part.section.numbered:
        raise Refused(FaultCode.NOT_APPLICABLE, f'the process_name of {program} does not depend on the process number: '
                                                f'put %(process_num)d in the process_name of [{part.section.name}]')
    if numprocs > MAX_NUMPROCS:
        _fail(f'numprocs {numprocs} of {program}: at most {MAX_NUMPROCS} processes in a group')


class _Part:
    """What concerns one group."""

    def __init__(self, group: Any, section: Section, numprocs: int, members: dict[int, str]) -> None:
        self.group = group
        self.section = section
        self.numprocs = numprocs
        self.members = {index: group.processes[name] for index, name in sorted(members.items())
                        if name in group.processes}
        self.missing = [index for index in range(min(numprocs, MAX_NUMPROCS + 1)) if index not in self.members]
        self.configs: list[Any] = []
        """Of what is missing."""

    def change(self) -> Change:
        members = self.members.items()
        return Change(
            self.group, tuple(process for index, process in members if index < self.numprocs),
            tuple(process for index, process in members if index >= self.numprocs),
            tuple(config.make_process(self.group) for config in self.configs))

    def check_excess(self) -> None:
        for index, process in self.members.items():
            if index >= self.numprocs and process.state == ProcessState.UNKNOWN:
                _fail(f'{self._name(process.config)} is in an unknown process state: supervisord cannot stop it')

    def expand(self, programs: Programs) -> None:
        try:
            configs = programs.expand(self.section, self.numprocs)
        except (ValueError, OSError) as error:
            _fail(str(error))
        self._check_names([config.name for config in configs])
        self.configs = [configs[index] for index in self.missing]

    def _check_names(self, names: Sequence[str]) -> None:
        name, count = Counter(names).most_common(1)[0]
        if count > 1:
            self._refuse(f'{count} processes would have the name {name!r}')
        for index, process in self.members.items():
            if index < len(names) and names[index] != process.config.name:
                self._refuse(f'{process.config.name!r} would have the name {names[index]!r}')
        for index in self.missing:
            if names[index] in self.group.processes:
                self._refuse(f'the group {self.section.group} has another process with the name {names[index]!r}')

    def _refuse(self, reason: str) -> NoReturn:
        _fail(f'with numprocs={self.numprocs}, {reason}: change the process_name of [{self.section.name}]')

    def _name(self, config: Any) -> str:
        return f'{self.section.group}:{config.name}'


def _make_logs(configs: Iterable[Any]) -> None:
    """The log files that supervisord names itself are made when it starts: all of them, or none."""
    made: list[tuple[Any, str]] = []
    for config in configs:
        made += [(config, kind) for kind in ('stdout_logfile', 'stderr_logfile') if getattr(config, kind) is Automatic]
        try:
            config.create_autochildlogs()
        except OSError as error:
            _remove_logs(made)
            _fail(f'the log files of {config.name} cannot be made in childlogdir {config.options.childlogdir}: '
                  f'{error.strerror or error}')


def _remove_logs(made: Iterable[tuple[Any, str]]) -> None:
    for config, kind in made:
        if (path := getattr(config, kind)) is not Automatic:
            with suppress(OSError):
                config.options.remove(path)


def _fail(reason: str) -> NoReturn:
    raise Refused(FaultCode.FAILED, f'{reason}; nothing has changed')
