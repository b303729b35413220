"""Which program a process comes from, and its rank in it: supervisord expands programs and forgets them."""
from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import attrs
from supervisor.options import ProcessConfig

from supvisors.config.places import endless
from supvisors.host.shield import Shield

_ORIGIN = 'supvisors_origin'
"""An attribute of the process configurations of supervisord, which compares others."""


@attrs.frozen(eq=False)
class Section:
    """The section of a program, as supervisord has read it for one of the groups that use it."""
    parser: Any
    name: str
    group: str
    klass: Any

    @property
    def program(self) -> str:
        return self.name.split(':', 1)[1].strip()

    @property
    def numbered(self) -> bool:
        """True if the names of the processes depend on their number: supervisord looks at it the same way."""
        return '%(process_num)' in self._process_name

    @property
    def steady(self) -> bool:
        """True if the name of a process depends neither on `numprocs` nor on its environment, which may."""
        return not any(f'%({name}' in self._process_name for name in ('numprocs', 'ENV_'))

    @property
    def _process_name(self) -> str:
        return str(self.parser.saneget(self.name, 'process_name', '', do_expand=False))


@attrs.frozen
class Origin:
    section: Section
    index: int


class Programs:
    """Listens to supervisord while it turns program sections into process configurations.

    The configuration is read once more at start, by supervisord's own code on a throw-away copy of its options, since
    it has been read before the plugin is built; later readings (`reloadConfig`) are listened to as they happen. What
    they say is marked on the configurations that they make, and holds once a group is made of these: a file that was
    only read again changes nothing.
    """

    def __init__(self, options: Any, shield: Shield) -> None:
        self._options = options
        self._original: Callable[..., Any] = options.processes_from_section
        self._table: dict[tuple[str, str], Origin] = {}
        if pipes := endless(options.configfile or ''):
            # supervisord has read them to their end: nobody will write into them again
            options.logger.warn(f'supvisors: {", ".join(pipes)} cannot be read twice: program names may be wrong')
        else:
            with shield('reading the programs of the configuration file: program names may be wrong'):
                self._read()
        options.processes_from_section = self._listening(options)

    def close(self) -> None:
        self._options.__dict__.pop('processes_from_section', None)

    # ---- what holds

    def lookup(self, group: str, name: str) -> tuple[str, int]:
        """The name of the program, and the rank of the process within it."""
        origin = self._table.get((group, name))
        return (origin.section.program, origin.index) if origin else (name, 0)

    def sections(self, program: str) -> list[Section]:
        """The section of a program, for each group that uses it."""
        found = {id(origin.section): origin.section for origin in self._table.values()
                 if origin.section.program == program}
        return sorted(found.values(), key=lambda section: section.group)

    def members(self, section: Section) -> dict[int, str]:
        """The names of its processes, by rank; those that were removed one by one too."""
        return {origin.index: name for (_, name), origin in self._table.items() if origin.section is section}

    def expand(self, section: Section, numprocs: int, first: int, count: int) -> list[Any]:
        """Some of the process configurations of the section if it had this `numprocs`; nothing is changed.

        They are those of the ranks from `first`, fewer where there are not so many. Raises ValueError, as supervisord
        does at a file that it refuses.
        """
        made: list[Any] = []
        warnings = len(self._options.parse_warnings)
        make_config = _noting(section, made, first, count)
        with suppress(_Enough):
            try:
                self._original(_Numbered(section.parser, numprocs, first), section.name, section.group, make_config)
            finally:
                del self._options.parse_warnings[warnings:]
        return made

    # ---- what supervisord does

    def follow(self, group: Any) -> None:
        """supervisord has made a group of this configuration."""
        for config in group.process_configs:
            self.add(group.name, config)

    def forget(self, group: str) -> None:
        """supervisord has removed the group."""
        for key in [key for key in self._table if key[0] == group]:
            del self._table[key]

    def add(self, group: str, config: Any) -> None:
        origin = getattr(config, _ORIGIN, None)
        if origin is not None:
            self._table[group, config.name] = origin

    def _read(self) -> None:
        reader = copy.copy(self._options)
        reader.configroot = copy.copy(reader.configroot)
        reader.configroot.supervisord = copy.copy(reader.configroot.supervisord)
        reader.environ_expansions = dict(reader.environ_expansions)
        reader.parse_criticals, reader.parse_warnings, reader.parse_infos = [], [], []
        reader.processes_from_section = self._listening(reader)
        reader.read_config(reader.configfile)
        for group in reader.configroot.supervisord.process_group_configs:
            self.follow(group)
        for group in self._options.process_group_configs:
            self._mark(group)

    def _mark(self, group: Any) -> None:
        # those that supervisord had read itself, before anybody listened
        for config in group.process_configs:
            if origin := self._table.get((group.name, config.name)):
                setattr(config, _ORIGIN, origin)

    def _listening(self, options: Any) -> Callable[..., Any]:
        original: Callable[..., Any] = options.processes_from_section

        def processes_from_section(parser: Any, section: str, group_name: str, klass: Any = None) -> Any:
            return original(parser, section, group_name, _noting(Section(parser, section, group_name, klass), []))

        return processes_from_section


class _Enough(Exception):
    """Ends an expansion of supervisord."""


def _noting(section: Section, made: list[Any], first: int = 0, count: int = 0) -> Callable[..., Any]:
    """What makes the process configurations of a section, and notes where each comes from.

    With a `count`, it raises `_Enough` once it has made so many.
    """
    def make_config(options: Any, **params: Any) -> Any:
        # made in the order of process_num, then sorted by name ('x_10' before 'x_2')
        config = (section.klass or ProcessConfig)(options, **params)
        setattr(config, _ORIGIN, Origin(section, first + len(made)))
        made.append(config)
        if len(made) == count:
            raise _Enough
        return config

    return make_config


class _Numbered:
    """A parser of supervisord, as if the file had this `numprocs`, and its processes began with the one of a rank."""

    def __init__(self, parser: Any, numprocs: int, first: int) -> None:
        self._parser = parser
        self._numprocs = str(numprocs)
        self._first = first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    def saneget(self, section: str, option: str, *args: Any, **kwargs: Any) -> Any:
        if option == 'numprocs':
            return self._numprocs
        value = self._parser.saneget(section, option, *args, **kwargs)
        return str(int(value) + self._first) if option == 'numprocs_start' else value
