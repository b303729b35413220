"""One daemon: a real engine, the bus that carries its messages, and a table of trivial programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import msgspec

from supvisors.engine import effects, events
from supvisors.engine.commands import Command, Ticket
from supvisors.engine.engine import Engine
from supvisors.engine.messages import (
    Envelope,
    Heartbeat,
    Ping,
    Pong,
)
from supvisors.model.enums import RUNNING_STATES, FaultCode
from supvisors.model.enums import ProcessState as P
from supvisors.model.identity import Identity, Now
from supvisors.model.process import ProcessRecord
from tests.unit.engine.builders import PORT, decode, ident, record

if TYPE_CHECKING:
    from tests.unit.engine.harness import World

BEAT = 1.0
TICK = 5.0
TCP = 0.05
"""How long a TCP probe takes."""


@attrs.define(eq=False)
class Program:
    """How one program behaves: what supervisord would show of it."""

    startsecs: int = 1
    stopwaitsecs: int = 10
    stop_time: float = 0.5
    """From STOPPING to STOPPED; infinite: it never ends."""
    slow: float = 0.0
    """It takes so much longer than `startsecs` to be RUNNING."""
    fatal: bool = False
    """It dies before `startsecs`: BACKOFF, then FATAL."""
    lasts: float | None = None
    """From RUNNING to EXITED."""
    expected: bool = True
    """Whether its exit is."""
    fault: int = 0
    """What the order to start it is answered with, when it cannot be spawned at all."""
    disabled: bool = False
    autostart: bool = False
    section: str = ''
    """The section `[program:...]` that it comes from, when there are several of it."""
    index: int = 0
    """Which of them it is."""


@attrs.define(eq=False)
class Beat:
    to: tuple[str, ...]
    envelope: Envelope
    due: float


class Node:
    """One daemon: programs, bus and engine. Frozen: nothing at all runs. Stalled: only the bus does."""

    def __init__(self, world: World, letter: str, programs: Mapping[str, Program]) -> None:
        self.world = world
        self.letter = letter
        self.name = ident(letter)
        self.offset = 1000.0 * ord(letter)
        """Each host has its own monotonic clock."""
        self.programs = {namespec: attrs.evolve(program) for namespec, program in programs.items()}
        self.records: dict[str, ProcessRecord] = {}
        self._removed: dict[str, Program] = {}
        self.up = False
        self.frozen = self.stalled = False
        self.silent_orders = False
        """Orders are taken, and neither carried out nor answered."""
        self.joins = True
        """In discovery mode: the multicast group is joined at each boot."""
        self.life = 0
        """Changes at each boot and at each end: what was planned in another life does not happen."""
        self.boots = 0
        self.carried_out: list[Any] = []
        """All effects, in order."""

    # -- life
    def boot(self) -> None:
        self.life += 1
        self.boots += 1
        self.up, self.frozen, self.stalled = True, False, False
        self.inbox: list[tuple[Any, Now | None]] = []
        self.awake = True
        self.turned = self.world.now
        self.beat: Beat | None = None
        self.said: Envelope | None = None
        self.records = {
            namespec: attrs.evolve(
                record(namespec, startsecs=program.startsecs, stopwaitsecs=program.stopwaitsecs),
                disabled=program.disabled,
                program_name=program.section,
                process_index=program.index,
            )
            for namespec, program in self.programs.items()
        }
        self.engine = Engine(self.world.settings_of(self), self.now())
        self.engine.observe(events.HostReady(tuple(self.records.values())), self.now())
        if self.engine.core.options.multicast_group is not None and self.joins:
            self.observe(events.DiscoveryJoined(True))
        self._tick_host(self.life)
        for namespec, program in self.programs.items():
            if program.autostart:
                self.spawn(namespec)
        for other in self.world.up():
            if other is not self:
                other.link(self)
                self.link(other)

    def knows(self, other: Node) -> bool:
        return other.name in self.engine.peers

    def link(self, other: Node) -> None:
        """The bus links to those that it knows."""
        if self.knows(other):
            self.observe(events.LinkUp(other.name))

    def hears_beacon(self, other: Node) -> None:
        """A beacon of that instance is received."""
        self.observe(events.Discovered(Identity(other.letter, PORT, other.engine.core.settings.info.nick)))

    def crash(self) -> None:
        """SIGKILL, programs included."""
        self.up = False
        self.life += 1
        for other in self.world.up():
            if self.world.connected(self, other) and other.knows(self):
                other.observe(events.LinkDown(self.name))

    def leave(self) -> None:
        """supervisord stops: its programs end, and then itself."""
        self.observe(events.HostLeaving())
        for namespec, one in self.records.items():
            if one.running:
                self.halt(namespec)
        self._leave_when_done(self.life)

    def _leave_when_done(self, life: int) -> None:
        if life != self.life:
            return
        if any(not one.stopped for one in self.records.values()):
            self.world.after(0.05, lambda: self._leave_when_done(life))
            return
        self.observe(events.HostLeft())
        self.world.settle()
        self.crash()

    def resume(self) -> None:
        """The end of a freeze: what has waited is received now."""
        self.frozen = self.stalled = False
        if self.beat:
            self.beat.due = max(self.beat.due, self.world.now)

    # -- clocks and inputs
    def now(self) -> Now:
        return Now(self.world.now + self.offset, self.world.now + 1e6)

    @property
    def due(self) -> float:
        return self.engine.next_deadline - self.offset

    def observe(self, event: Any) -> None:
        self.inbox.append((event, None if self.frozen else self.now()))

    def deliver(self, data: bytes) -> None:
        envelope = decode(data)
        if isinstance(envelope.body, Ping) and not self.frozen and self.said is not None:
            pong = msgspec.structs.replace(self.said, body=Pong(envelope.body.number), receiver=None)
            self.world.carry(self, (envelope.sender,), pong)
        elif not isinstance(envelope.body, Ping):
            self.inbox.append((envelope, None if self.frozen else self.now()))

    def request(self, kind: str, target: str = '', strategy: int = 0, extra_args: str = '') -> Ticket:
        ticket = self.engine.request(Command(kind, target, strategy, extra_args, self.name), self.now())
        self.awake = True
        return ticket

    def end_sync(self, master: str = '') -> None:
        """A user ends the synchronization here."""
        self.engine.end_sync(master, self.now())
        self.awake = True

    def _tick_host(self, life: int) -> None:
        if life == self.life:
            self.observe(events.HostTick())
            self.world.after(TICK, lambda: self._tick_host(life))

    # -- the loops
    @property
    def busy(self) -> bool:
        held = self.frozen or self.stalled
        return self.up and not held and (self.awake or bool(self.inbox) or self.due <= self.world.now)

    def loop(self) -> None:
        """One turn of the main loop."""
        self.turned = self.world.now
        inbox, self.inbox, self.awake = self.inbox, [], False
        for item, received in inbox:
            put = self.engine.receive if isinstance(item, Envelope) else self.engine.observe
            put(item, received or self.now())
        self.engine.tick(self.now())
        for _ in range(1000):
            wanted = self.engine.drain()
            if not wanted:
                return
            for effect in wanted:
                self.carried_out.append(effect)
                self.carry_out(effect)
            self.engine.tick(self.now())
        raise AssertionError(f'{self.letter} does not come to rest at {self.world.now}: {wanted[-1]}')

    def send_beat(self) -> None:
        if not (self.beat and self.up and not self.frozen and self.world.now >= self.beat.due):
            return
        self.beat.due = self.world.now + BEAT
        body = self.beat.envelope.body
        assert isinstance(body, Heartbeat)
        body = msgspec.structs.replace(body, loop_age=self.world.now - self.turned if self.stalled else 0.0)
        self.world.carry(self, self.beat.to, msgspec.structs.replace(self.beat.envelope, body=body))

    def carry_out(self, effect: Any) -> None:
        if isinstance(effect, effects.Send):
            self.said = effect.envelope
            self.world.carry(self, effect.to, effect.envelope)
        elif isinstance(effect, effects.SetBeat):
            self.said = effect.envelope
            self.beat = Beat(effect.to, effect.envelope, self.world.now)
            self.send_beat()
        elif isinstance(effect, effects.AddPeer):
            other = self.world.nodes.get(effect.identity.identifier)
            if other is not None and other.up:
                self.link(other)
        elif isinstance(effect, effects.ProbeTcp):
            self.world.after(TCP, lambda: self._probed(effect.identifier))
        elif isinstance(effect, effects.Spawn | effects.Stop) and not self.silent_orders:
            code = (
                self.spawn(effect.namespec, effect.extra_args)
                if isinstance(effect, effects.Spawn)
                else self.halt(effect.namespec)
            )
            self.observe(events.Obeyed(effect.number, code, FaultCode(code).name if code else ''))
        elif isinstance(effect, effects.RestartHost | effects.ShutdownHost):
            life = self.life
            self.world.ends.append(self.letter)
            self.world.after(0.01, lambda: self.leave() if life == self.life else None)

    def _probed(self, target: str) -> None:
        if self.up:
            self.observe(events.TcpProbed(target, not self.world.nodes[target].up))

    # -- programs
    def disable(self, namespec: str, disabled: bool = True) -> None:
        """The program is disabled, or enabled again. What runs is left to the test."""
        self.records[namespec] = attrs.evolve(self.records[namespec], disabled=disabled)
        self.observe(events.ProcessChanged(self.records[namespec]))

    def remove(self, namespec: str) -> None:
        """supervisord does not know the process any more."""
        self._removed[namespec] = self.programs.pop(namespec)
        del self.records[namespec]
        self.observe(events.ProcessRemoved(namespec))

    def restore(self, namespec: str) -> None:
        """What was removed is there again, and starts by itself if it has autostart."""
        program = self.programs[namespec] = self._removed.pop(namespec)
        self.records[namespec] = record(namespec, startsecs=program.startsecs, stopwaitsecs=program.stopwaitsecs)
        self.observe(events.ProcessChanged(self.records[namespec]))
        if program.autostart:
            self.spawn(namespec)

    def show(self, namespec: str, state: int, **values: Any) -> None:
        """The process is in this state from now on."""
        now = self.now()
        if state == P.STARTING:
            values.update(start=int(now.wall), start_mono=now.mono, expected=True)
        elif state in (P.STOPPED, P.EXITED):
            values.update(stop=int(now.wall), stop_mono=now.mono)
        self.records[namespec] = attrs.evolve(self.records[namespec], state=int(state), event_mono=now.mono, **values)
        self.world.history.append((self.world.now, self.letter, namespec, P(state).name))
        self.observe(events.ProcessChanged(self.records[namespec]))

    def spawn(self, namespec: str, extra_args: str = '') -> int:
        """Start a program, as supervisord does; also what a user does through `supervisor.startProcess`."""
        program = self.programs.get(namespec)
        if program is None:
            return FaultCode.BAD_NAME
        if program.fault:
            return program.fault
        if self.records[namespec].disabled:
            return FaultCode.DISABLED
        if self.records[namespec].state in RUNNING_STATES:
            return 0
        self.show(namespec, P.STARTING, extra_args=extra_args)
        if program.startsecs + program.slow:
            self._later(program.startsecs + program.slow, namespec, P.BACKOFF if program.fatal else P.RUNNING)
        else:
            self._reach(namespec, P.RUNNING)
        return 0

    def halt(self, namespec: str) -> int:
        if namespec not in self.programs:
            return FaultCode.BAD_NAME
        if self.records[namespec].running:
            self.show(namespec, P.STOPPING)
            if self.programs[namespec].stop_time != float('inf'):
                self._later(self.programs[namespec].stop_time, namespec, P.STOPPED)
        return 0

    def _later(self, delay: float, namespec: str, state: int) -> None:
        life, expected = self.life, self.records[namespec]
        self.world.after(
            delay,
            lambda: (
                self._reach(namespec, state) if (life, expected) == (self.life, self.records.get(namespec)) else None
            ),
        )

    def _reach(self, namespec: str, state: int) -> None:
        program = self.programs[namespec]
        self.show(namespec, state, expected=state != P.EXITED or program.expected)
        if state == P.RUNNING and program.lasts is not None:
            self._later(program.lasts, namespec, P.EXITED)
        elif state == P.BACKOFF:
            self._later(program.startsecs, namespec, P.FATAL)
