"""What is in force on a local process beyond its configuration: extra arguments, and no automatic start."""
from __future__ import annotations

import copy
from typing import Any

from supvisors.host.processes import Processes

DISABLED = 'disabled'
OBSOLETE = 'obsolete'


class Overrides:
    """The only place that writes `process.config`: a copy of the original one with all that is in force.

    On the original, which the group compares with the file, `update` would see a change and restart the group.
    Everything composes and is undone one by one: a process with extra arguments may be held back for two reasons,
    and has its own configuration object again once nothing is in force any more.
    """

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def set_extra_args(self, process: Any, extra_args: str) -> None:
        """Append these to its command at each start from now on, by whomever; empty: none."""
        self._processes.notes(process).extra_args = extra_args
        self._apply(process)

    def hold_back(self, process: Any, reason: str) -> None:
        """Have supervisord not start it by itself: no autostart, no autorestart, no retry. Repeating is no error.

        It does not stop the process, nor refuse a start that is asked for.
        """
        self._processes.notes(process).held_back.add(reason)
        self._apply(process)

    def release(self, process: Any, reason: str) -> None:
        """The reason does not hold any more; the process stays held back as long as there is another one."""
        self._processes.notes(process).held_back.discard(reason)
        self._apply(process)

    def _apply(self, process: Any) -> None:
        notes = self._processes.notes(process)
        changes: dict[str, Any] = {}
        if notes.extra_args:
            changes['command'] = f'{notes.config.command} {notes.extra_args}'
        if notes.held_back:
            # with -1, the first failure is the last
            changes |= {'autostart': False, 'autorestart': False, 'startretries': -1}
        process.config = copy.copy(notes.config) if changes else notes.config
        vars(process.config).update(changes)
