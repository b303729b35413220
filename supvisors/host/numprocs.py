"""The number of processes of a program, changed while supervisord runs."""
from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from supvisors.engine.commands import Refused
from supvisors.host import child_logs
from supvisors.host.numprocs_plan import Change, make_plan, prepare
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
_MOST_LISTED = 20
SLICE = 0.01
"""Seconds of the loop that are taken at one go: the rest follows in the next turns."""


@attrs.define(eq=False)
class _Update:
    program: str
    changes: list[Change]
    lazy: bool
    steps: Iterator[None] = attrs.field(init=False)
    """What is left to do."""
    stops: list[Work] = attrs.field(init=False, factory=list)
    refused: Refused | None = attrs.field(init=False, default=None)
    done: bool = attrs.field(init=False, default=False)


class Numprocs:
    """Processes are added to the groups of supervisord, and removed from them. Their configurations are left alone:
    `supervisorctl update` compares these with the file, and would restart the groups.

    What is in excess is *obsolete* until it has ended: held back, and removed in the next turn of the loop, before
    supervisord could start it again. Never from within an event: supervisord goes through its groups then.

    Updates are made in steps, one update after the other: all that may fail first, and nothing of it is seen then.
    """

    def __init__(self, supervisord: Any, programs: Programs, processes: Processes, overrides: Overrides,
                 stopping: Stopping, adopt: Adopt, appeared: Callable[[Sequence[Any]], None],
                 removed: Callable[[Key], None], wake: Callable[[], None]) -> None:
        """`appeared` is told of processes that are in their group now, `removed` of those that are not any more.

        `wake` has `settle` called soon.
        """
        self._supervisord = supervisord
        self._programs = programs
        self._processes = processes
        self._overrides = overrides
        self._stopping = stopping
        self._adopt = adopt
        self._appeared = appeared
        self._removed = removed
        self._wake = wake
        self._obsolete: dict[Key, Any] = {}
        self._updates: deque[_Update] = deque()

    def update(self, program: str, numprocs: int, lazy: bool) -> Work:
        """In all groups that use the program, or in none. Raises `Refused`.

        Ended when what was added is there, and what is in excess, unless `lazy`, is removed.
        """
        if any(update.program == program for update in self._updates):
            raise Refused(FaultCode.FAILED, f'another update_numprocs of {program} goes on: call again once it has '
                                            'ended; nothing has changed')
        changes = make_plan(self._supervisord.process_groups, self._programs, program, numprocs)
        update = _Update(program, changes, lazy)
        update.steps = self._steps(update, numprocs)
        self._updates.append(update)
        self.settle()
        if update.refused:
            raise update.refused
        return lambda: self._follow(update)

    def settle(self) -> None:
        """Go on with the updates, and remove what is obsolete and has ended. To be called in each turn of the loop."""
        end = time.monotonic() + SLICE
        while self._updates:
            self._advance(self._updates[0])
            if time.monotonic() >= end:
                break
        over = [(key, process) for key, process in self._obsolete.items() if process.state in _OVER]
        for count, (key, process) in enumerate(over):
            if count and time.monotonic() >= end:
                self._wake()
                break
            self._remove(key, process)
        if self._updates:
            self._wake()

    def _advance(self, update: _Update) -> None:
        try:
            next(update.steps)
            return
        except StopIteration:
            pass
        except Refused as refused:
            self._supervisord.options.logger.info(f'supvisors: update_numprocs refused: {refused.text}')
            update.refused = refused
        except Exception:
            update.refused = Refused(FaultCode.FAILED, 'unexpected error, see the log of supervisord')
            self._updates.popleft()
            raise
        update.done = True
        self._updates.popleft()

    def _steps(self, update: _Update, numprocs: int) -> Iterator[None]:
        yield from prepare(self._supervisord.process_groups, self._programs, update.changes)
        for change in update.changes:
            self._log(update.program, numprocs, change)
            self._revive(change.kept)
            yield from self._add(change)
        for process in [process for change in update.changes for process in change.excess]:
            self._retire(process, update)
            yield

    def forget(self, group: str) -> None:
        """supervisord has removed the group."""
        for key in [key for key in self._obsolete if key[0] == group]:
            del self._obsolete[key]

    # ---- more

    def _add(self, change: Change) -> Iterator[None]:
        for config in change.configs.values():
            if self._supervisord.process_groups.get(change.section.group) is not change.group:
                child_logs.remove(config)
            else:
                process = config.make_process(change.group)
                change.group.processes[config.name] = process
                change.added.append(process)
                self._programs.add(change.section.group, config)
                self._appeared([process])
            yield

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

    def _retire(self, process: Any, update: _Update) -> None:
        if not self._is_there(process):
            return
        self._obsolete[key_of(process)] = process
        self._overrides.hold_back(process, OBSOLETE)
        # what is left to end by itself is wanted until then: it is neither stopped by the Master, nor started elsewhere
        if not update.lazy:
            update.stops.append(self._stopping.stop([process]))

    def _remove(self, key: Key, process: Any) -> None:
        del self._obsolete[key]
        del process.group.processes[process.config.name]
        self._processes.drop(key)
        child_logs.remove(process.config)
        self._removed(key)

    # ---- the outcome

    def _follow(self, update: _Update) -> Outcome | None:
        if update.refused:
            return int(update.refused.code), update.refused.text
        if not update.done:
            return None
        if missing := _names(process for process in _wanted(update)
                             if not self._is_there(process) or self._is_obsolete(process)):
            return FaultCode.FAILED.value, f'removed meanwhile: {missing}'
        if update.lazy:
            return OBEYED
        excess = [process for change in update.changes for process in change.excess]
        if back := _names(process for process in excess
                          if self._is_there(process) and not self._is_obsolete(process)):
            return FaultCode.FAILED.value, f'wanted again meanwhile: {back}'
        outcome = _all_of(update.stops)
        # what has stopped is removed in the next turn
        return None if outcome == OBEYED and any(map(self._is_there, excess)) else outcome

    def _is_there(self, process: Any) -> bool:
        return self._processes.find(make_namespec(*key_of(process))) is process

    def _is_obsolete(self, process: Any) -> bool:
        return self._obsolete.get(key_of(process)) is process

    def _log(self, program: str, numprocs: int, change: Change) -> None:
        if change.configs or change.excess:
            self._supervisord.options.logger.info(
                f'supvisors: {program} has numprocs={numprocs} in the group {change.group.config.name}, until '
                f'supervisord restarts: {len(change.configs)} processes more, {len(change.excess)} in excess')


def _wanted(update: _Update) -> list[Any]:
    return [process for change in update.changes for process in (*change.kept, *change.added)]


def _all_of(works: Iterable[Work]) -> Outcome | None:
    outcomes = [work() for work in works]
    if None in outcomes:
        return None
    failed = [outcome for outcome in outcomes if outcome is not None and outcome != OBEYED]
    return (failed[0][0], _listed(text for _, text in failed)) if failed else OBEYED


def _names(processes: Iterable[Any]) -> str:
    return _listed(make_namespec(*key_of(process)) for process in processes)


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f' and {len(listed) - _MOST_LISTED} more' if len(listed) > _MOST_LISTED else ''
    return ', '.join(listed[:_MOST_LISTED]) + more
