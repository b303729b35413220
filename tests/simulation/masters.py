"""At most one Master per term, and never two for long that reach each other; orders of the past are never obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supvisors.engine.effects import Effect, Spawn, Stop
from supvisors.engine.messages import Envelope, Heartbeat, Order, Replicate
from supvisors.model.enums import SupvisorsFailureStrategy
from supvisors.model.identity import Incarnation
from tests.simulation.health import MEMORY
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node

MEETING = 8.0
"""For how long two Masters that reach each other may need to see that they are two."""
AFTERWARDS = 0.05
"""How long the effects of one turn may take, in slices."""
ACTING = 1.5
"""A Master acts at least once in this time: its heartbeat."""


class Masters(Invariant):
    """An instance acts as Master when it sends an order, a replication or a heartbeat that claims the lead."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._of_term: dict[int, tuple[str, str]] = {}
        self._acted: dict[str, float] = {}
        self._since: dict[str, float] = {}
        self._highest = 0
        self._leader = '', ''

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        body = envelope.body
        if isinstance(body, (Order, Replicate)) or (isinstance(body, Heartbeat) and body.claim.master == node.name):
            self._acts(node, envelope.term)

    def _acts(self, node: Node, term: int) -> None:
        now = self.world.now
        known = self._of_term.setdefault(term, (node.name, node.boot))
        if known[0] != node.name:
            self.world.failed('two masters', f'{known[0]} and {node.name} have both led in term {term}')
        if term > self._highest:
            self._check_needed(node)
            self._highest, self._leader = term, (node.name, node.boot)
        if now - self._acted.get(node.name, -1e9) > ACTING:
            self._since[node.name] = now
        self._acted[node.name] = now
        for other, acted in self._acted.items():
            if other != node.name and now - acted < ACTING:
                since = max(self._since[other], self._since[node.name], now - MEETING)
                if since <= now - MEETING and self._reach(node.name, other, since):
                    self.world.failed(
                        'two masters', f'{node.name} and {other} have reached each other for {MEETING} s and both lead'
                    )

    def _check_needed(self, node: Node) -> None:
        """A join interrupts nothing: a Master that is well keeps the lead, if no fault came between some members."""
        former, boot = self._leader
        world = self.world
        booting = world.now < max(world.scenario.boots) + 25.0
        # there, the user asks for it
        resyncs = world.scenario.options.supvisors_failure_strategy is SupvisorsFailureStrategy.RESYNC
        if not resyncs and former not in (node.name, '') and world.nodes[former].boot == boot and not booting:
            leader = world.nodes[former]
            if leader.state == 'up' and not leader.blocked and world.health.quiet_since(world.now - 2 * MEMORY):
                since = world.now - self._acted[former]
                if since < ACTING and not leader.unblocked_since(world.now - 2 * MEMORY):
                    world.failed('needless election', f'{node.name} replaces {former}, which was well')

    def _reach(self, one: str, other: str, since: float) -> bool:
        nodes = self.world.nodes[one], self.world.nodes[other]
        return (
            not self.world.health.bad_since(one, other, since)
            and all(node.alive and not node.blocked and not node.unblocked_since(since) for node in nodes)
            and self.world.links.is_up(one, other)
            and self.world.links.is_up(other, one)
        )

    def finish(self) -> None:
        self.world.stats.checks['terms'] += len(self._of_term)


class Orders(Invariant):
    """Each spawn or stop of an engine answers one order that was valid when it was received."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._term: dict[tuple[str, Incarnation], int] = {}
        """The highest term that each incarnation has spoken in."""
        self._incarnation: dict[str, Incarnation] = {}
        self._valid: dict[str, dict[tuple[int, int], Order]] = {}
        self._led: dict[str, float] = {}

    def booted(self, node: Node) -> None:
        self._valid[node.name] = {}

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        key = node.name, envelope.incarnation
        self._term[key] = max(self._term.get(key, 0), envelope.term)
        self._incarnation[node.name] = envelope.incarnation

    def receives(self, node: Node, envelope: Envelope) -> None:
        order = envelope.body
        if not isinstance(order, Order):
            return
        incarnation = self._incarnation.get(node.name)
        if order.target == incarnation and envelope.term >= self._term.get((node.name, incarnation), 0):
            self._valid[node.name].setdefault((envelope.term, order.number), order)

    def executes(self, node: Node, effect: Effect) -> None:
        if not isinstance(effect, (Spawn, Stop)):
            return
        self.world.stats.checks['orders'] += 1
        self.world.stats.spawns += isinstance(effect, Spawn)
        orders = self._valid[node.name]
        start = isinstance(effect, Spawn)
        for key, order in orders.items():
            if order.namespec == effect.namespec and order.start == start and order.number >= 0:
                orders[key] = Order(-1, order.target, '', start)  # obeyed once
                return
        if not self._has_led(node):
            self.world.failed(
                'order',
                f'{node.name} executes {effect} although it has received no valid order for it, '
                f'or has obeyed it already',
            )

    def ran(self, node: Node) -> None:
        if node.engine is not None and node.engine.master == node.name:
            self._led[node.name] = self.world.now

    def _has_led(self, node: Node) -> bool:
        """What a Master orders of itself is carried out after some other effects: it may just have been replaced."""
        leads = node.engine is not None and node.engine.master == node.name
        return leads or self.world.now - self._led.get(node.name, -1e9) < AFTERWARDS
