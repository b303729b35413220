"""Which program a process comes from, and its rank in it: supervisord expands programs and forgets them."""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from supervisor.options import ProcessConfig

from supvisors.config.places import endless
from supvisors.host.shield import Shield


class Programs:
    """Listens to supervisord while it turns program sections into process configurations.

    The configuration is read once more at start, by supervisord's own code on a throw-away copy of its options, since
    it has been read before the plugin is built; later readings (`reloadConfig`) are listened to as they happen.
    """

    def __init__(self, options: Any, shield: Shield) -> None:
        self._options = options
        self._table: dict[tuple[str, str], tuple[str, int]] = {}
        if pipes := endless(options.configfile or ''):
            # supervisord has read them to their end: nobody will write into them again
            options.logger.warn(f'supvisors: {", ".join(pipes)} cannot be read twice: program names may be wrong')
        else:
            with shield('reading the programs of the configuration file: program names may be wrong'):
                self._read()
        options.processes_from_section = self._listening(options.processes_from_section)

    def close(self) -> None:
        self._options.__dict__.pop('processes_from_section', None)

    def lookup(self, group: str, name: str) -> tuple[str, int]:
        """The name of the program, and the rank of the process within it."""
        return self._table.get((group, name), (name, 0))

    def _read(self) -> None:
        reader = copy.copy(self._options)
        reader.configroot = copy.copy(reader.configroot)
        reader.configroot.supervisord = copy.copy(reader.configroot.supervisord)
        reader.environ_expansions = dict(reader.environ_expansions)
        reader.parse_criticals, reader.parse_warnings, reader.parse_infos = [], [], []
        reader.processes_from_section = self._listening(reader.processes_from_section)
        reader.read_config(reader.configfile)

    def _listening(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def processes_from_section(parser: Any, section: str, group_name: str, klass: Any = None) -> Any:
            names: list[str] = []

            def make_config(options: Any, **params: Any) -> Any:
                # made in the order of process_num, then sorted by name ('x_10' before 'x_2')
                names.append(params['name'])
                return (klass or ProcessConfig)(options, **params)

            configs = original(parser, section, group_name, make_config)
            program = section.split(':', 1)[1].strip()
            for index, name in enumerate(names):
                self._table[group_name, name] = program, index
            return configs

        return processes_from_section
