"""One program under one supervisord: the process that really lives, and the state that supervisord believes.

Both are kept apart: a frozen supervisord does not see that its child has died. What supervisord does is done in its
main loop (`Loop.run`), which may come late; what the child does happens at its time.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

import attrs

from supvisors.model.enums import RUNNING_STATES, FaultCode, ProcessState
from supvisors.model.identity import Now
from supvisors.model.process import ProcessRecord, make_namespec


@attrs.frozen
class Behaviour:
    """What a program is like. Durations are in seconds."""

    startsecs: int = 1
    startretries: int = 3
    stopwaitsecs: int = 10
    autostart: bool = False
    autorestart: bool = False
    crash_at_start: float = 0.0
    """Probability, for each spawn, to die before `startsecs`."""
    lifetime: float = 0.0
    """Mean time before it ends by itself; 0 when it never does."""
    exit_expected: bool = True
    """How it ends by itself."""
    stop_time: float = 0.1
    """How long it takes to end when asked to; above `stopwaitsecs` it is killed."""


class Loop(Protocol):
    """The main loop and the clock of the daemon that owns the program."""

    leaving: bool

    def now(self) -> Now: ...

    def after(self, delay: float, action: Callable[[], None]) -> None:
        """Run at this time exactly, unless the host is lost."""

    def run(self, action: Callable[[], None]) -> None:
        """Run in the main loop: at once, or when it is no longer blocked."""

    def changed(self, program: Program) -> None: ...


class Program:
    """The state machine of supervisord for one process."""

    def __init__(self, group: str, name: str, behaviour: Behaviour, loop: Loop, rng: random.Random) -> None:
        self.group = group
        self.name = name
        self.namespec = make_namespec(group, name)
        self.behaviour = behaviour
        self.state = ProcessState.STOPPED
        self.alive = False
        self.expected = True
        self.extra_args = ''
        self.disabled = False
        self.obsolete = False
        """It is to be removed as soon as it has ended."""
        self.spawns = 0
        self.last_end = ''
        """Why the process last ended: 'asked', 'itself', 'host' (lost or left), or '' when it never did."""
        self.last_spawn_by = ''
        self._loop = loop
        self._rng = rng
        self._life = 0
        self._retries = 0
        self._started = Now(0.0, 0.0)
        self._stopped = Now(0.0, 0.0)
        self._event = Now(0.0, 0.0)

    @property
    def running(self) -> bool:
        return self.state in RUNNING_STATES

    @property
    def present(self) -> bool:
        """True if a process lives, or is about to be spawned again by supervisord."""
        return self.alive or self.state == ProcessState.BACKOFF

    def record(self) -> ProcessRecord:
        behaviour = self.behaviour
        return ProcessRecord(
            group=self.group,
            name=self.name,
            state=int(self.state),
            expected=self.expected,
            pid=1000 + self._life if self.alive else 0,
            start=int(self._started.wall),
            start_mono=self._started.mono,
            stop=int(self._stopped.wall),
            stop_mono=self._stopped.mono,
            event_mono=self._event.mono,
            startsecs=behaviour.startsecs,
            stopwaitsecs=behaviour.stopwaitsecs,
            extra_args=self.extra_args,
            disabled=self.disabled,
            program_name=self.name,
        )

    def start(self, extra_args: str = '', by: str = '') -> tuple[int, str]:
        """As supervisor.startProcess without waiting: a fault code (0 when done) and its text."""
        if self.disabled:
            return FaultCode.DISABLED, self.namespec
        if self.running:
            return FaultCode.ALREADY_STARTED, self.namespec
        if self.alive:
            return FaultCode.FAILED, f'{self.namespec} is still stopping'
        self.extra_args = extra_args
        self._retries = 0
        self._spawn(by)
        return 0, ''

    def stop(self) -> tuple[int, str]:
        """As supervisor.stopProcess without waiting."""
        if not self.running:
            return FaultCode.NOT_RUNNING, self.namespec
        if self.state == ProcessState.BACKOFF:
            self._life += 1
            self._end(ProcessState.STOPPED, 'asked')
            return 0, ''
        self._change(ProcessState.STOPPING)
        life, behaviour = self._life, self.behaviour
        if behaviour.stop_time <= behaviour.stopwaitsecs:
            self._loop.after(behaviour.stop_time, lambda: self._die(life, 'asked'))
        else:  # SIGKILL is sent by the main loop
            self._loop.after(behaviour.stopwaitsecs, lambda: self._loop.run(lambda: self._die(life, 'asked')))
        return 0, ''

    def lose(self) -> bool:
        """The host or its supervisord is gone, and the process with it: true if there was one. Nobody is told."""
        self._life += 1
        there = self.running
        if there:
            self.last_end = 'host'
        self.alive = False
        self.state = ProcessState.STOPPED
        self.expected = True
        self.obsolete = False
        self.extra_args = ''
        self._started = self._stopped = self._event = Now(0.0, 0.0)
        return there

    def _spawn(self, by: str) -> None:
        self._life += 1
        self.spawns += 1
        self.alive = True
        self.last_spawn_by = by
        self._started = self._loop.now()
        self._change(ProcessState.STARTING)
        life, behaviour, draw = self._life, self.behaviour, self._rng
        if behaviour.startsecs and draw.random() < behaviour.crash_at_start:
            self._loop.after(draw.uniform(0.0, behaviour.startsecs * 0.9), lambda: self._die(life, 'itself'))
            return
        if behaviour.startsecs:
            self._loop.after(
                behaviour.startsecs + draw.uniform(0.002, 0.05), lambda: self._loop.run(lambda: self._run(life))
            )
        else:
            self._run(life)
        if behaviour.lifetime:
            self._loop.after(
                behaviour.startsecs + 0.1 + draw.expovariate(1.0 / behaviour.lifetime),
                lambda: self._die(life, 'itself'),
            )

    def _run(self, life: int) -> None:
        """`startsecs` have passed."""
        if life == self._life and self.state == ProcessState.STARTING and self.alive:
            self._change(ProcessState.RUNNING)

    def _die(self, life: int, why: str) -> None:
        """The process ends; supervisord sees it in its main loop."""
        if life == self._life and self.alive:
            self.alive = False
            died = self._loop.now()
            self._loop.run(lambda: self._finish(life, died, why))

    def _finish(self, life: int, died: Now, why: str) -> None:
        if life != self._life:
            return
        if self.state == ProcessState.STOPPING:
            self._end(ProcessState.STOPPED, why)
        elif died.mono - self._started.mono < self.behaviour.startsecs:
            self._fail()
        else:
            if self.state == ProcessState.STARTING:
                self._change(ProcessState.RUNNING)
            self._end(ProcessState.EXITED, why, self.behaviour.exit_expected)
            if self.behaviour.autorestart:
                self._loop.after(0.2, lambda: self._loop.run(lambda: self._again(life, ProcessState.EXITED)))

    def _fail(self) -> None:
        """It died too quickly."""
        life = self._life
        self._retries += 1
        self._change(ProcessState.BACKOFF)
        if life != self._life:  # it was to be removed
            return
        if self._retries > self.behaviour.startretries:
            self._end(ProcessState.FATAL, 'itself')
        else:
            self._loop.after(
                float(self._retries), lambda: self._loop.run(lambda: self._again(life, ProcessState.BACKOFF))
            )

    def _again(self, life: int, state: ProcessState) -> None:
        kept_down = self.disabled or self.obsolete or self._loop.leaving
        if life == self._life and self.state == state and not kept_down:
            self._spawn('supervisord')

    def _end(self, state: ProcessState, why: str, expected: bool = True) -> None:
        self._stopped = self._loop.now()
        self.last_end = 'host' if self._loop.leaving and why == 'asked' else why
        self._change(state, expected)

    def _change(self, state: ProcessState, expected: bool = True) -> None:
        self.state = state
        self.expected = expected
        self._event = self._loop.now()
        self._loop.changed(self)
