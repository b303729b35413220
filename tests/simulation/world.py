"""All nodes, the network between them, and what is noted of what happens."""

from __future__ import annotations

import random
import zlib
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import attrs

from supvisors.engine.effects import Effect, Log
from supvisors.engine.messages import Envelope
from tests.simulation.clients import Clients
from tests.simulation.clock import HostClock, Scheduler
from tests.simulation.faults import MASTER, inject
from tests.simulation.health import Health
from tests.simulation.links import Links
from tests.simulation.network import Network
from tests.simulation.node import Node
from tests.simulation.program import Program
from tests.simulation.scenario_base import Scenario

QUIET = 62.0
"""Virtual seconds after the last fault, and after the last boot that follows from it."""
SETTLED = 30.0
"""By when the views must be equal."""
FINALE = 100.0
"""Virtual seconds for the whole system to end, and to come back if it was asked to restart."""
KEPT = 400
"""Lines kept of what has just happened, for the report of a failure."""


@attrs.define
class Stats:
    faults: Counter[str] = attrs.field(factory=Counter)
    messages: Counter[str] = attrs.field(factory=Counter)
    requests: Counter[str] = attrs.field(factory=Counter)
    checks: Counter[str] = attrs.field(factory=Counter)
    spawns: int = 0


@attrs.frozen
class Violation:
    """A property that does not hold: which, when and what was seen."""

    kind: str
    time: float
    text: str


class Invariant:
    """Base of what watches the world. Every method may be left out."""

    def __init__(self, world: World) -> None:
        self.world = world

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None: ...

    def receives(self, node: Node, envelope: Envelope) -> None: ...

    def executes(self, node: Node, effect: Effect) -> None: ...

    def changed(self, node: Node, program: Program) -> None: ...

    def ran(self, node: Node) -> None: ...

    def booted(self, node: Node) -> None: ...

    def unsettled(self) -> str:
        """What is not as it must be once all is calm; it may still become so."""
        return ''

    def finish(self) -> None:
        """A minute after the last fault, and again after the finale."""


class World:
    """The whole simulation of one scenario. It stops at the first violation."""

    def __init__(self, scenario: Scenario, engine_class: Any = None, verbose: bool = False) -> None:
        self.scenario = scenario
        self.scheduler = Scheduler()
        self.stats = Stats()
        self.violation: Violation | None = None
        self.verbose = verbose
        self.recent: deque[str] = deque(maxlen=KEPT)
        self.invariants: list[Invariant] = []
        self.around: list[tuple[float, Callable[[], None]]] = []
        """What else happens, and when."""
        self.removed: dict[str, float] = {}
        """The processes that were removed from an instance, and when that was last done."""
        self.autostarted: dict[str, float] = {}
        """The processes that came back, and started by themselves, and when."""
        self.hash = 0
        self.calm = float('inf')
        """When the last fault and its consequences for the daemons were over."""
        self.settled = float('inf')
        """How long after `calm` the views were equal, once and for all."""
        self.finale = False
        self._coming = 0
        self.names = [identity.identifier for identity in scenario.identities]
        self._boots = random.Random(f'{scenario.seed}/boots')
        self.network = Network(random.Random(f'{scenario.seed}/network'), self.names, scenario.profile)
        self.links = Links(self.scheduler, random.Random(f'{scenario.seed}/links'), self.network)
        self.nodes = {name: self._node(index, name, engine_class) for index, name in enumerate(self.names)}
        self.health = Health(self.scheduler, self.names, lambda name: self.nodes[name].alive, scenario.profile.loss > 0)
        self.clients = Clients(self, random.Random(f'{scenario.seed}/clients'))
        self.links.add([node.bus for node in self.nodes.values()])

    def _node(self, index: int, name: str, engine_class: Any) -> Node:
        rng = random.Random(f'{self.scenario.seed}/node{index}')
        clock = HostClock(rng.uniform(0.0, 1e6), 1.7e9 + rng.uniform(-600.0, 600.0), 1.0 + rng.uniform(-2e-4, 2e-4))
        node = Node(
            index,
            name,
            self.scheduler,
            clock,
            self.links,
            rng,
            self.scenario.programs_of(index),
            self,
            self._refuses,
            self.scenario.slice_size,
        )
        if engine_class is not None:
            node.engine_class = engine_class
        node.on_gone = self._gone
        return node

    @property
    def now(self) -> float:
        return self.scheduler.now

    def alive(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.alive]

    def by_index(self, index: int) -> Node | None:
        """The node of a fault: a number, or the Master of the moment."""
        if index != MASTER:
            return self.nodes[self.names[index]]
        votes = Counter(node.engine.master for node in self.alive() if node.engine is not None and not node.blocked)
        best = max(votes, key=lambda name: (votes[name], name), default='')
        return self.nodes.get(best)

    # --- running

    def run(self) -> None:
        scenario = self.scenario
        for node, at in zip(self.nodes.values(), scenario.boots, strict=True):
            self.scheduler.at(at, self.boot, node)
        for fault in scenario.faults:
            self.scheduler.at(fault.at, inject, self, fault)
        for at in scenario.requests:
            self.scheduler.at(at, self.clients.act)
        for at, action in self.around:
            self.scheduler.at(at, action)
        self._run_to(scenario.calm)
        while self._unfinished() and self.now < scenario.calm + 90.0 and self.violation is None:
            self._run_to(self.now + 1.0)
        self.calm = self.now
        self._watch_settling()
        self.check()
        if scenario.finale and self.violation is None:
            self.finale = True
            if scenario.finale == 'lost':
                self.nodes[self.names[scenario.needed]].crash()
            else:
                self.clients.end_all(scenario.finale)
            self._run_to(self.now + FINALE)
            self.check()

    def _unfinished(self) -> bool:
        """True while a daemon ends by itself, or is about to come back."""
        return bool(self._coming) or any(node.state == 'leaving' for node in self.nodes.values())

    def _watch_settling(self) -> None:
        while self.now < self.calm + QUIET and self.violation is None:
            if self.settled == float('inf') and not self._problem():
                self.settled = self.now - self.calm
            elif self.now > self.calm + SETTLED and self.settled > SETTLED:
                self.failed('not settled', self._problem())
            self._run_to(self.now + 1.0)

    def _problem(self) -> str:
        return next(filter(None, (invariant.unsettled() for invariant in self.invariants)), '')

    def _run_to(self, time: float) -> None:
        if self.violation is None:
            self.scheduler.run_until(time)

    def check(self) -> None:
        """What must hold once all is calm. A process may be changing right now: it is then looked at again."""
        for _ in range(3):
            if self._problem():
                self._run_to(self.now + 1.0)
        for invariant in self.invariants:
            if self.violation is None:
                invariant.finish()

    def boot(self, node: Node) -> None:
        if not node.alive:
            self.note('boot', node.name)
            node.boot_up(self.scenario.settings(node.index, f'{self._boots.getrandbits(64):016x}', self.now))
            for invariant in self.invariants:
                invariant.booted(node)

    def _gone(self, node: Node, restart: bool) -> None:
        self.note('gone', node.name)
        if restart:
            self._coming += 1
            self.scheduler.after(0.5, self._come_back, node)

    def _come_back(self, node: Node) -> None:
        self._coming -= 1
        self.boot(node)

    def _refuses(self, source: str, target: str) -> bool:
        return self.network.works(source, target) and not self.nodes[target].alive

    # --- what happens, told by the nodes

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        kind = str(envelope.body.__struct_config__.tag)
        self.stats.messages[kind] += len(to)
        line = f'{self.scheduler.now:.6f} {node.name} {to} {kind} {envelope.term} {envelope.inventory_seq}'
        self.hash = zlib.crc32(line.encode(), self.hash)
        if self.verbose:
            self.note('send', f'{node.name} > {" ".join(to)} t{envelope.term} {envelope.body}')
        for invariant in self.invariants:
            invariant.sends(node, to, envelope)

    def receives(self, node: Node, envelope: Envelope) -> None:
        if self.verbose:
            self.note('receive', f'{node.name} < {envelope.sender} t{envelope.term} {envelope.body}')
        for invariant in self.invariants:
            invariant.receives(node, envelope)

    def executes(self, node: Node, effect: Effect) -> None:
        if isinstance(effect, Log):
            if effect.level != 'debug' or self.verbose:
                self.note('log', f'{node.name} {effect.level}: {effect.text}')
        elif self.verbose and not hasattr(effect, 'envelope'):
            self.note('effect', f'{node.name} {effect}')
        for invariant in self.invariants:
            invariant.executes(node, effect)

    def changed(self, node: Node, program: Program) -> None:
        self.note(
            'process',
            f'{node.name} {program.namespec} {program.state.name}'
            f'{" by " + program.last_spawn_by if program.state == 10 else ""}',
        )
        for invariant in self.invariants:
            invariant.changed(node, program)

    def ran(self, node: Node) -> None:
        for invariant in self.invariants:
            invariant.ran(node)

    def failed(self, kind: str, text: str) -> None:
        """A property does not hold: the first one ends the run."""
        if self.violation is None:
            self.violation = Violation(kind, self.now, text)
            self.note('VIOLATION', f'{kind}: {text}')
            self.scheduler.stop()

    def note(self, kind: str, text: str) -> None:
        line = f'{self.scheduler.now:10.4f} {kind:8} {text}'
        self.hash = zlib.crc32(line.encode(), self.hash)
        if self.verbose:
            print(line)
        self.recent.append(line)
