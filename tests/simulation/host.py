"""One supervisord as the engine sees it: its programs, its events, its ordered end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

from supvisors.engine.events import (
    Event,
    HostLeaving,
    HostLeft,
    HostReady,
    HostTick,
    Obeyed,
    ProcessChanged,
    ProcessRemoved,
)
from supvisors.model.enums import STOPPED_STATES, FaultCode, ProcessState
from supvisors.model.identity import Now
from supvisors.model.process import split_namespec
from tests.simulation.clock import HostClock, Scheduler
from tests.simulation.program import Behaviour, Program

TICK = 5.0


class Host:
    """The programs of one node, over the successive lives of its supervisord.

    `observe` is the door of the engine; `run_main` runs an action in the main loop, as soon as it is not blocked.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        clock: HostClock,
        rng: random.Random,
        programs: Mapping[str, Behaviour],
        observe: Callable[[Event], None],
        run_main: Callable[[Callable[[], None]], None],
    ) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._observe = observe
        self._run_main = run_main
        self._life = 0
        self._told = False
        self.leaving = False
        self.on_change: Callable[[Program], None] = lambda program: None
        self.programs = {namespec: self._program(namespec, behaviour, rng) for namespec, behaviour in programs.items()}
        self.removed: dict[str, Program] = {}
        """What was removed since supervisord has started: its file says otherwise, and counts at the next start."""

    def _program(self, namespec: str, behaviour: Behaviour, rng: random.Random) -> Program:
        group, name = split_namespec(namespec)
        assert name is not None
        return Program(group, name, behaviour, self, rng)

    # --- the life of supervisord

    def start(self) -> None:
        """supervisord is RUNNING: tell all processes, then start those that start by themselves."""
        self._life += 1
        self.leaving = False
        self._told = True
        self._observe(HostReady(tuple(program.record() for program in self.programs.values())))
        for program in self.programs.values():
            if program.behaviour.autostart:
                program.start(by='supervisord')
        self.after(0.0, lambda: self.run(self._tick))

    def kill(self) -> None:
        """supervisord and its programs are gone at once."""
        self._life += 1
        self._told = False
        self.leaving = False
        self.programs.update(self.removed)
        self.removed.clear()
        for program in self.programs.values():
            if program.lose():
                self.on_change(program)

    def leave(self, gone: Callable[[], None]) -> None:
        """Stop the programs group by group, the last one first, then say that all have ended."""
        if self.leaving:
            return
        self.leaving = True
        self._observe(HostLeaving())
        groups = list(dict.fromkeys(program.group for program in self.programs.values()))
        self._leave_step(groups, '', gone)

    def _leave_step(self, groups: list[str], current: str, gone: Callable[[], None]) -> None:
        members = [program for program in self.programs.values() if program.group == current]
        if any(program.present for program in members):
            for program in members:
                if program.running:  # one that was spawned again
                    program.stop()
        elif groups:
            current = groups.pop()
            for program in self._of(current):
                if program.running:
                    program.stop()
        else:
            self._observe(HostLeft())
            gone()
            return
        self.after(0.05, lambda: self.run(lambda: self._leave_step(groups, current, gone)))

    def _of(self, group: str) -> Iterable[Program]:
        return [program for program in self.programs.values() if program.group == group]

    def _tick(self) -> None:
        if not self.leaving:
            self._observe(HostTick())
        wall = self.now().wall
        self.after(TICK - wall % TICK + 0.01, lambda: self.run(self._tick))

    # --- what the engine asks

    def spawn(self, number: int, namespec: str, extra_args: str) -> None:
        code, text = self.user_start(namespec, extra_args, 'engine')
        self._observe(Obeyed(number, int(code), text))

    def halt(self, number: int, namespec: str) -> None:
        code, text = self.user_stop(namespec)
        self._observe(Obeyed(number, int(code), text))

    def user_start(self, namespec: str, extra_args: str = '', by: str = 'user') -> tuple[int, str]:
        program = self.programs.get(namespec)
        if program is None:
            return FaultCode.BAD_NAME, namespec
        if self.leaving:
            return FaultCode.SHUTDOWN_STATE, 'supervisord is stopping'
        return program.start(extra_args, by)

    def user_stop(self, namespec: str) -> tuple[int, str]:
        program = self.programs.get(namespec)
        return program.stop() if program else (FaultCode.BAD_NAME, namespec)

    # --- what administrators do

    def can_run(self, namespec: str) -> bool:
        program = self.programs.get(namespec)
        return program is not None and not program.disabled

    def disable(self, namespec: str, disabled: bool) -> None:
        """The file of the disabled programs outlives supervisord. What runs is left to the caller."""
        program = self.programs[namespec]
        program.disabled = disabled
        self._observe(ProcessChanged(program.record()))

    def remove(self, namespec: str, lazy: bool) -> None:
        """As `update_numprocs` does: at once, or as soon as the process has ended; unless lazy, it is stopped."""
        program = self.programs[namespec]
        if not program.present and program.state in STOPPED_STATES:
            self._drop(program)
            return
        program.obsolete = True
        # supervisord would not spawn it again: what is between two spawns has ended
        if program.state == ProcessState.BACKOFF or (not lazy and program.running):
            program.stop()

    def add(self, namespec: str, autostart: bool) -> None:
        """What was removed is there again, as new."""
        program = self.programs[namespec] = self.removed.pop(namespec)
        self._observe(ProcessChanged(program.record()))
        if autostart:
            program.start(by='supervisord')

    def _drop(self, program: Program) -> None:
        self.removed[program.namespec] = self.programs.pop(program.namespec)
        program.lose()
        if self._told:
            self._observe(ProcessRemoved(program.namespec))

    # --- the main loop, for the programs

    def now(self) -> Now:
        return self._clock.read(self._scheduler.now)

    def after(self, delay: float, action: Callable[[], None]) -> None:
        self._scheduler.after(delay, self._if_alive, self._life, action)

    def _if_alive(self, life: int, action: Callable[[], None]) -> None:
        if life == self._life:
            action()

    def run(self, action: Callable[[], None]) -> None:
        life = self._life
        self._run_main(lambda: self._if_alive(life, action))

    def changed(self, program: Program) -> None:
        self.on_change(program)
        if self._told:
            self._observe(ProcessChanged(program.record()))
        if program.obsolete and (program.state in STOPPED_STATES or program.state == ProcessState.BACKOFF):
            self._drop(program)
