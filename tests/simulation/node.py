"""One daemon: a host, a bus and a real engine, driven as the plugin drives it."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.engine.effects import (
    AddPeer,
    Effect,
    Log,
    ProbeTcp,
    RestartHost,
    Send,
    SetBeat,
    ShutdownHost,
    Spawn,
    Stop,
    Wake,
)
from supvisors.engine.engine import Engine
from supvisors.engine.events import Event
from supvisors.engine.messages import Envelope
from supvisors.engine.settings import Settings
from supvisors.model.identity import Now
from tests.simulation.bus import Bus
from tests.simulation.clock import HostClock, Scheduler
from tests.simulation.host import Host
from tests.simulation.links import Links
from tests.simulation.program import Behaviour, Program

WAKE_DELAY = 0.0002
"""From a wake-up to the main loop."""
SPIN_MAX = 2000
"""Runs of the main loop within one virtual second, without any input, that prove a loop without end."""


class Watcher(Protocol):
    """What looks at a node from outside: the tracer and the invariants."""

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None: ...

    def receives(self, node: Node, envelope: Envelope) -> None: ...

    def executes(self, node: Node, effect: Effect) -> None: ...

    def changed(self, node: Node, program: Program) -> None: ...

    def ran(self, node: Node) -> None: ...

    def failed(self, kind: str, text: str) -> None: ...


class Node:
    """`state` is 'down', 'up' or 'leaving'. A frozen node does nothing at all; a stalled one has only its bus."""

    engine_class: Callable[[Settings, Now], Engine] = Engine

    def __init__(
        self,
        index: int,
        name: str,
        scheduler: Scheduler,
        clock: HostClock,
        links: Links,
        rng: random.Random,
        programs: Mapping[str, Behaviour],
        watcher: Watcher,
        refuses: Callable[[str, str], bool],
        slice_size: int,
    ) -> None:
        self.index = index
        self.name = name
        self.state = 'down'
        self.frozen = False
        self.stalled = False
        self.was_blocked = False
        self._unblocked = -1e9
        self.engine: Engine | None = None
        self.boot = ''
        self.life = 0
        self.restart_wanted = False
        self.on_gone: Callable[[Node, bool], None] = lambda node, restart: None
        self.clock = clock
        self.settings: Settings | None = None
        self._scheduler = scheduler
        self._watcher = watcher
        self._rng = rng
        self._slice = slice_size
        self._inbox: list[tuple[Envelope | Event, Now]] = []
        self._deferred: list[Callable[[], None]] = []
        self._loop_due = False
        self._armed = float('inf')
        self._last_loop = 0.0
        self._spin = (0, 0)
        self._executing = False
        self.host = Host(scheduler, clock, rng, programs, self.observe, self.run_main)
        self.host.on_change = lambda program: watcher.changed(self, program)
        self.bus = Bus(
            name,
            20000 + index,
            scheduler,
            clock,
            links,
            rng,
            self,
            lambda target: refuses(name, target),
            lambda to, envelope: watcher.sends(self, to, envelope),
        )

    # --- life

    @property
    def alive(self) -> bool:
        return self.state != 'down'

    @property
    def blocked(self) -> bool:
        return self.frozen or self.stalled

    def unblocked_since(self, time: float) -> bool:
        return self._unblocked >= time

    def now(self) -> Now:
        return self.clock.read(self._scheduler.now)

    def boot_up(self, settings: Settings) -> None:
        """supervisord starts: the plugin is built, then the programs, the bus and the links come up."""
        assert self.state == 'down'
        self.life += 1
        self.state = 'up'
        self.boot = settings.boot
        self.settings = settings
        self.restart_wanted = False
        self._last_loop = self._scheduler.now
        self._armed = float('inf')
        self._loop_due = False
        self._guard(self._build, settings)
        self.host.start()
        self.bus.start(
            (identity.identifier for identity in settings.instances), settings.options.multicast_group is not None
        )

    def _build(self, settings: Settings) -> None:
        self.engine = self.engine_class(settings, self.now())

    def crash(self) -> None:
        """SIGKILL of supervisord; the programs end with it."""
        self._end()
        self.host.kill()

    def leave(self, restart: bool) -> None:
        """SIGTERM or `reload`: the programs end one by one, and then supervisord."""
        if self.state != 'up':
            self.restart_wanted = self.restart_wanted or restart
            return
        self.restart_wanted = restart
        self.state = 'leaving'
        self.host.leave(self._left)

    def _left(self) -> None:
        self._loop()  # the last effects
        self._scheduler.after(0.05, self._close, self.life)

    def _close(self, life: int) -> None:
        if life == self.life and self.alive:
            self._end()
            self.host.kill()
            self.on_gone(self, self.restart_wanted)

    def _end(self) -> None:
        self.life += 1
        self.state = 'down'
        self.frozen = self.stalled = False
        self.engine = None
        self._inbox.clear()
        self._deferred.clear()
        self.bus.close()

    def freeze(self) -> None:
        self.frozen = True
        self.bus.freeze()

    def stall(self) -> None:
        self.stalled = True

    def resume(self) -> None:
        """The end of a freeze or of a stall: what has waited is done at once, the bus or supervisord first."""
        frozen, self.frozen, self.stalled = self.frozen, False, False
        self.was_blocked = True
        self._unblocked = self._scheduler.now
        host_first = self._rng.random() < 0.5
        if host_first:
            self._run_deferred()
        if frozen and self.alive:
            self.bus.resume()
        if self.alive:
            self._loop()
        self._run_deferred()
        self.wake()

    def _run_deferred(self) -> None:
        deferred, self._deferred = self._deferred, []
        for action in deferred:
            action()

    # --- the main loop

    def run_main(self, action: Callable[[], None]) -> None:
        if self.blocked:
            self._deferred.append(action)
        else:
            action()

    def loop_age(self) -> float:
        return max(0.0, self._scheduler.now - self._last_loop) if self.blocked else 0.0

    def take(self, item: Envelope | Event, now: Now) -> None:
        """From the bus: kept until the main loop runs."""
        self._inbox.append((item, now))
        self.wake()

    def observe(self, event: Event) -> None:
        """From the local supervisord, in the main loop."""
        if self.engine is not None:
            self._guard(self.engine.observe, event, self.now())
            self.wake()

    def request(self, command: Command) -> Ticket | Refused | None:
        """From a client; None if the engine failed."""
        assert self.engine is not None and not self.blocked
        try:
            return self.engine.request(command, self.now())
        except Refused as refused:
            return refused
        except Exception:
            self._watcher.failed('exception', f'{self.name} {command}\n{traceback.format_exc()}')
            return None
        finally:
            self.wake()

    def wake(self) -> None:
        if not self._loop_due and not self.blocked and self.alive:
            self._loop_due = True
            self._scheduler.after(WAKE_DELAY, self._due, self.life)

    def _due(self, life: int) -> None:
        if life == self.life:
            self._loop_due = False
            if not self.blocked:
                self._loop()

    def _loop(self) -> None:
        engine = self.engine
        if engine is None:
            return
        self._last_loop = self._scheduler.now
        inbox, self._inbox = self._inbox, []
        for item, now in inbox:
            if isinstance(item, Envelope):
                self._watcher.receives(self, item)
                self._guard(engine.receive, item, now)
            else:
                self._guard(engine.observe, item, now)
        self._guard(engine.tick, self.now())
        self._drain(engine)
        if self.engine is engine:
            self._watcher.ran(self)
            self._arm(engine)
            self._check_spin(bool(inbox))

    def _drain(self, engine: Engine) -> None:
        """One slice of effects; the others at the next run of the loop."""
        effects = self._guard(engine.drain, self._slice) or []
        if len(effects) > self._slice:
            self._watcher.failed('slice', f'{self.name} drained {len(effects)} effects for {self._slice}')
        for effect in effects:
            if self.engine is not engine:
                return
            self._watcher.executes(self, effect)
            _EXECUTE[type(effect)](self, effect)
        if effects:
            self.wake()

    def _arm(self, engine: Engine) -> None:
        due = self.clock.virtual(engine.next_deadline)
        if due < self._armed:
            self._armed = due
            self._scheduler.at(due + WAKE_DELAY, self._deadline, self.life, due)

    def _deadline(self, life: int, due: float) -> None:
        if life == self.life and due == self._armed:
            self._armed = float('inf')
            if not self.blocked:
                self._loop()

    def _check_spin(self, inputs: bool) -> None:
        second, count = self._spin
        now = int(self._scheduler.now)
        self._spin = (now, 0 if second != now else count + (not inputs))
        if count > SPIN_MAX:
            self._watcher.failed(
                'spin',
                f'{self.name} ran {count} times in one second, next deadline '
                f'{self.engine.next_deadline if self.engine else 0} at {self.now().mono}',
            )

    def _guard(self, call: Callable[..., Any], *args: Any) -> Any:
        try:
            return call(*args)
        except Exception:
            self._watcher.failed('exception', f'{self.name} {args[0]!r:.2000}\n{traceback.format_exc()}')
            return None

    def _restart(self, restart: bool) -> None:
        life = self.life
        self._scheduler.after(0.01, lambda: self.run_main(lambda: self.leave(restart) if life == self.life else None))


def _nothing(node: Node, effect: Any) -> None:
    """Seen by the watcher only."""


_EXECUTE: dict[type, Callable[[Node, Any], None]] = {
    Send: lambda node, effect: node.bus.send(effect.to, effect.envelope),
    SetBeat: lambda node, effect: node.bus.set_beat(effect.to, effect.envelope),
    AddPeer: lambda node, effect: node.bus.add_peer(effect.identity.identifier),
    ProbeTcp: lambda node, effect: node.bus.probe_tcp(effect.identifier),
    Spawn: lambda node, effect: node.host.spawn(effect.number, effect.namespec, effect.extra_args),
    Stop: lambda node, effect: node.host.halt(effect.number, effect.namespec),
    Wake: _nothing,
    Log: _nothing,
    RestartHost: lambda node, effect: node._restart(True),
    ShutdownHost: lambda node, effect: node._restart(False),
}
