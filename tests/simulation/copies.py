"""No process is started on an instance while it lives on another one that the Master could reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supvisors.engine.effects import Effect, Spawn
from supvisors.engine.messages import Envelope, Order
from supvisors.model.enums import ProcessState
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.program import Program

USER_RACE = 5.0
"""The Master may not know yet that a user, or supervisord itself, has just started the process elsewhere."""


class Copies(Invariant):
    """`doubled`: the processes that run twice for a reason that is not the engine's: they are left to the users."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._ordered_by: dict[tuple[str, str], str] = {}
        self._started: dict[tuple[str, str], float] = {}
        self._ordered_copy: dict[tuple[str, str], str] = {}
        self.doubled: set[str] = set()

    def receives(self, node: Node, envelope: Envelope) -> None:
        order = envelope.body
        if isinstance(order, Order) and order.start:
            self._ordered_by[node.name, order.namespec] = envelope.sender

    def changed(self, node: Node, program: Program) -> None:
        if program.state == ProcessState.STARTING:
            self._started[node.name, program.namespec] = self.world.now
            others = [other for other in self._elsewhere(node, program.namespec)]
            if others and program.last_spawn_by != 'engine':
                self.doubled.add(program.namespec)

    def executes(self, node: Node, effect: Effect) -> None:
        if not isinstance(effect, Spawn):
            return
        world = self.world
        master = self._ordered_by.get((node.name, effect.namespec), node.name)
        if node.engine is not None and node.engine.master == node.name:
            master = node.name
        world.stats.checks['copies'] += 1
        for other in self._elsewhere(node, effect.namespec):
            program = other.host.programs[effect.namespec]
            others_master = self._ordered_copy.get((other.name, effect.namespec), master)
            parties = sorted({master, node.name, other.name, others_master})
            hidden = any(world.health.hidden(one, two) for one in parties for two in parties if one < two)
            racing = (
                program.last_spawn_by != 'engine'
                and world.now - self._started.get((other.name, program.namespec), 0.0) < USER_RACE
            )
            if hidden or racing:
                self.doubled.add(effect.namespec)
            else:
                world.failed(
                    'two copies',
                    f'{node.name} starts {effect.namespec} by order of {master}, while it is '
                    f'{program.state.name} on {other.name} (ordered by {others_master})',
                )
        self._ordered_copy[node.name, effect.namespec] = master

    def _elsewhere(self, node: Node, namespec: str) -> list[Node]:
        return [
            other
            for other in self.world.nodes.values()
            if other is not node and namespec in other.host.programs and other.host.programs[namespec].present
        ]

    def finish(self) -> None:
        """A process that runs twice must have been explained."""
        for namespec in self.world.scenario.programs:
            where = [
                node.name
                for node in self.world.alive()
                if namespec in node.host.programs and node.host.programs[namespec].present
            ]
            if len(where) > 1 and namespec not in self.doubled:
                self.world.failed('two copies', f'{namespec} runs on {where}, which no fault explains')
