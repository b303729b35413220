"""What goes on around the variants: beacons, users that end the synchronization, a file that is corrected."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from supvisors.engine.commands import Refused
from supvisors.model.enums import InstanceState, SupvisorsState
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node

BEACON = 2.0
FIRST_BEACONS = (0.05, 0.3, 0.7, 1.2)
"""After a boot: the newcomer tells, and is told, where the others are."""
ANSWER = 3.0


def around_variant(world: World) -> Iterator[tuple[float, Callable[[], None]]]:
    """What is to be scheduled, and when."""
    scenario = world.scenario
    rng = random.Random(f'{scenario.seed}/formation')
    if scenario.variant == 'discovery':
        for node in world.nodes.values():
            beacons = Beacons(world, rng, node)
            world.invariants.append(beacons)
            yield scenario.boots[node.index] + BEACON, beacons.send
    elif scenario.variant == 'user':
        yield max(scenario.boots) + rng.uniform(0.0, 10.0), Answers(world, rng).answer
    elif scenario.variant == 'contrary':
        yield scenario.corrected, Correction(world, world.nodes[world.names[scenario.contrary]]).correct


class Beacons(Invariant):
    """One instance tells the multicast group where it is."""

    def __init__(self, world: World, rng: random.Random, node: Node) -> None:
        super().__init__(world)
        self.rng = rng
        self.node = node

    def booted(self, node: Node) -> None:
        for delay in FIRST_BEACONS:
            self.world.scheduler.after(delay, self._tell)

    def send(self) -> None:
        self._tell()
        self.world.scheduler.after(BEACON * self.rng.uniform(0.8, 1.2), self.send)

    def _tell(self) -> None:
        world, node = self.world, self.node
        if node.alive and not node.frozen and node.engine is not None:
            identity = world.scenario.identities[node.index]
            for other in world.nodes.values():
                if other is not node and world.network.passes(node.name, other.name) and self.rng.random() < 0.9:
                    other.bus.beacon(identity)


class Answers:
    """Users who see a system that waits for them, and answer on one instance or another, now and then."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world = world
        self.rng = rng

    def answer(self) -> None:
        waiting = [
            node
            for node in self.world.alive()
            if node.engine and node.engine.state is SupvisorsState.SYNCHRONIZATION and not node.blocked
        ]
        for node in waiting:
            if self.rng.random() < 0.5:
                self._end_sync(node)
        self.world.scheduler.after(ANSWER, self.answer)

    def _end_sync(self, node: Node) -> None:
        assert node.engine is not None
        engine = node.engine
        running = [name for name in engine.identifiers() if engine.instance(name).state is InstanceState.RUNNING]
        master = self.rng.choice(('', '', *running))
        try:
            node.engine.end_sync(master, node.now())
            self.world.stats.requests['end_sync'] += 1
            self.world.note('end_sync', f'{node.name}: {master or "any"}')
        except Refused as refused:
            self.world.stats.requests[f'end_sync refused {refused.code}'] += 1
        node.wake()


class Correction:
    """An administrator corrects the file of one instance, and restarts it as soon as that is possible."""

    def __init__(self, world: World, node: Node) -> None:
        self.world = world
        self.node = node

    def correct(self) -> None:
        node = self.node
        if node.alive and (node.state != 'up' or node.blocked):
            self.world.scheduler.after(1.0, self.correct)
        elif node.alive:
            self.world.note('correct', node.name)
            node.leave(restart=True)
