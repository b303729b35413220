"""Nothing new starts on an instance that the Master has not heard for long, though others may still reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supvisors.engine.messages import Envelope, Order
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node

MARGIN = 1.5
"""Above `failure_timeout`: the time of the probes, and of a message."""


class Suspects(Invariant):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._heard: dict[tuple[str, str], float] = {}
        self._unblocked: dict[str, float] = {}
        self._seen: set[tuple[str, str, int, int]] = set()

    def receives(self, node: Node, envelope: Envelope) -> None:
        self._heard[node.name, envelope.sender] = self.world.now

    def ran(self, node: Node) -> None:
        """A loop that was blocked holds its own silence against nobody."""
        if node.was_blocked:
            self._unblocked[node.name] = self.world.now
            node.was_blocked = False

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        order = envelope.body
        if not isinstance(order, Order) or not order.start:
            return
        for target in to:
            key = node.name, node.boot, envelope.term, order.number
            if key in self._seen:
                continue
            self._seen.add(key)
            self.world.stats.checks['suspects'] += 1
            limit = self.world.scenario.options.failure_timeout + MARGIN
            since = max(self._heard.get((node.name, target), 0.0), self._unblocked.get(node.name, 0.0))
            if self.world.now - since > limit and not node.was_blocked:
                self.world.failed(
                    'suspect',
                    f'{node.name} starts {order.namespec} on {target}, not heard for {self.world.now - since:.1f} s',
                )
