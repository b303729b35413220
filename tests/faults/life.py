"""Which programs of a run live, from the processes themselves: no daemon is asked."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from supvisors.demo.layout import RUN_MARK
from tests.faults.cluster import NICK

Copies = Mapping[str, tuple[tuple[str, int, bool], ...]]
Key = tuple[int, bytes, bytes]
"""A pid, the name of its program, and when it began."""
_GROUP, _NAME = 'SUPERVISOR_GROUP_NAME', 'SUPERVISOR_PROCESS_NAME'


class Watch:
    """Reads /proc; what the environment of a process says is remembered as long as it runs the same program."""

    def __init__(self, mark: str, daemon_pid: Callable[[str], int]) -> None:
        self._mark = f'{RUN_MARK}={mark}'.encode()
        self._daemon_pid = daemon_pid
        self._known: dict[Key, tuple[str, str] | None] = {}

    def copies(self) -> Copies:
        programs = {pid: (*program, parent) for pid, program, parent in self._living()}
        found: dict[str, list[tuple[str, int, bool]]] = {}
        for pid, (namespec, nick, parent) in sorted(programs.items()):
            # a program may have children of its own: only the one that a daemon has started is a copy
            if parent not in programs:
                found.setdefault(namespec, []).append((nick, pid, parent != self._daemon_pid(nick)))
        return {namespec: tuple(sorted(copies)) for namespec, copies in sorted(found.items())}

    def _living(self) -> Iterator[tuple[int, tuple[str, str], int]]:
        """The processes of programs: pid, namespec and nick name, parent."""
        seen: dict[Key, tuple[str, str] | None] = {}
        for name in os.listdir('/proc'):
            if not name.isdigit():
                continue
            try:
                key, state, parent = _stat(int(name))
                program = self._known[key] if key in self._known else self._program(int(name))
            except (OSError, ValueError, IndexError):
                continue
            seen[key] = program
            if program is not None and state not in b'ZX':
                yield int(name), program, parent
        self._known = seen

    def _program(self, pid: int) -> tuple[str, str] | None:
        with open(f'/proc/{pid}/environ', 'rb') as file:
            lines = file.read().split(b'\0')
        if lines == [b'']:
            # in the midst of exec it has its new name already, and its environment not yet: look again
            raise ValueError(f'{pid} has no environment yet')
        if self._mark not in lines:
            return None
        values = dict(line.decode(errors='replace').partition('=')[::2] for line in lines)
        if _NAME not in values:
            return None
        group, process = values[_GROUP], values[_NAME]
        return (process if group == process else f'{group}:{process}'), values[NICK]


def _stat(pid: int) -> tuple[Key, bytes, int]:
    """What tells a process and its program from all others, its state, and its parent."""
    with open(f'/proc/{pid}/stat', 'rb') as file:
        text = file.read()
    name, _, rest = text.partition(b'(')[2].rpartition(b')')
    fields = rest.split()
    return (pid, name, fields[19]), fields[0], int(fields[1])
