"""Extra arguments on trial: a process keeps its former ones aside until it has reached RUNNING with the new ones."""
from __future__ import annotations

import os
import shlex
from typing import Any

from supvisors.host.overrides import Overrides
from supvisors.host.plain_requests import Adopt
from supvisors.host.processes import Processes, key_of
from supvisors.model.enums import ProcessState
from supvisors.model.process import make_namespec

MAX_ARGUMENT = 128 * 1024
"""MAX_ARG_STRLEN of Linux, in bytes, with the final NUL: no program is executed with a longer one."""
_SHOWN = 200


class Arguments:
    """Retries of a start have the arguments of that start. Where it is given up, the process has its former ones."""

    def __init__(self, processes: Processes, overrides: Overrides, adopt: Adopt) -> None:
        self._processes = processes
        self._overrides = overrides
        self._adopt = adopt

    def give(self, process: Any, extra_args: str) -> None:
        """To be called before a start."""
        notes = self._processes.notes(process)
        notes.former_args, notes.args_wanted = notes.extra_args, False
        self._overrides.set_extra_args(process, extra_args)

    def want(self, process: Any) -> None:
        """A user has given them. To be called before the start too: the Master would stop what is not wanted."""
        notes = self._processes.notes(process)
        notes.args_wanted = True
        self._adopt(True, make_namespec(*key_of(process)), notes.extra_args)

    def follow(self, process: Any) -> None:
        """The process has entered its state."""
        if process.state == ProcessState.RUNNING:
            self._processes.notes(process).former_args = None
        elif process.state == ProcessState.FATAL:
            self.give_back(process)
        elif process.state == ProcessState.STOPPED:
            # who has stopped it does not want it to run
            self._processes.notes(process).args_wanted = False
            self.give_back(process)

    def give_back(self, process: Any) -> None:
        """The start is given up: nobody must start the process with these arguments."""
        notes = self._processes.notes(process)
        former, notes.former_args = notes.former_args, None
        if former is None or former == notes.extra_args:
            return
        self._overrides.set_extra_args(process, former)
        if notes.args_wanted:
            self.want(process)


def unusable(extra_args: str) -> str:
    """Why no program can have these arguments; empty when one can."""
    try:
        words = shlex.split(extra_args)
        longest = max((len(os.fsencode(word)) for word in words), default=0)
    except ValueError as error:
        return brief(str(error))
    if longest >= MAX_ARGUMENT:
        return f'an argument of {longest} bytes (at most {MAX_ARGUMENT - 1})'
    return 'a NUL character' if '\0' in extra_args else ''


def brief(text: str) -> str:
    """For messages, which also reach the log and the other instances."""
    return text if len(text) <= _SHOWN else f'{text[:_SHOWN]}... ({len(text)} characters)'
