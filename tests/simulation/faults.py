"""What goes wrong: each kind of fault, how it begins and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from tests.simulation.network import Pair, around, split

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.world import World

MASTER = -1
"""As target: the instance that is Master when the fault begins."""


@attrs.frozen
class Fault:
    """`targets` are indexes of instances. `amount`, by kind: a probability, seconds, or 1 for "do not come back"."""

    kind: str
    at: float
    duration: float
    targets: tuple[int, ...] = ()
    amount: float = 0.0

    @property
    def end(self) -> float:
        return self.at + self.duration

    def __str__(self) -> str:
        return f'{self.kind} at {self.at:.1f} for {self.duration:.1f} s on {list(self.targets)} ({self.amount:.2f})'


def inject(world: World, fault: Fault) -> None:
    """Begin the fault; its end is scheduled. A fault that makes no sense any more (the target is down) is left out."""
    begin = KINDS[fault.kind]
    nodes = [world.by_index(index) for index in fault.targets]
    if begin(world, fault, [node for node in nodes if node is not None]):
        world.stats.faults[fault.kind] += 1
        world.note('fault', str(fault))


def _later(world: World, fault: Fault, action: Callable[[], None]) -> None:
    world.scheduler.after(fault.duration, action)


def _crash(world: World, fault: Fault, nodes: list[Node]) -> bool:
    node = nodes[0] if nodes else None
    if node is None or not node.alive:
        return False
    node.crash()
    if not fault.amount:
        _later(world, fault, lambda: world.boot(node))
    return True


def _power_off(world: World, fault: Fault, nodes: list[Node]) -> bool:
    node = nodes[0] if nodes else None
    if node is None or not node.alive:
        return False
    pairs = around(node.name, world.names)
    world.network.block(pairs)
    world.health.begin(pairs)
    node.crash()

    def back() -> None:
        world.network.unblock(pairs)
        world.health.end(pairs)
        world.boot(node)

    _later(world, fault, back)
    return True


def _leave(world: World, fault: Fault, nodes: list[Node]) -> bool:
    node = nodes[0] if nodes else None
    if node is None or node.state != 'up' or node.blocked:
        return False
    node.leave(restart=True)
    return True


def _blocked(world: World, fault: Fault, pairs: list[Pair]) -> bool:
    if not pairs:
        return False
    world.network.block(pairs)
    world.health.begin(pairs)

    def lift() -> None:
        world.network.unblock(pairs)
        world.health.end(pairs)
        world.note('heal', str(fault))

    _later(world, fault, lift)
    return True


def _partition(world: World, fault: Fault, nodes: list[Node]) -> bool:
    side = {node.name for node in nodes}
    return _blocked(world, fault, split([sorted(side), [name for name in world.names if name not in side]]))


def _one_way(world: World, fault: Fault, nodes: list[Node]) -> bool:
    """The first cannot send to the others any more; TCP then fails both ways."""
    return len(nodes) > 1 and _blocked(
        world, fault, [(nodes[0].name, node.name) for node in nodes[1:] if node is not nodes[0]]
    )


def _mute(world: World, fault: Fault, nodes: list[Node]) -> bool:
    """What the first sends to the others is lost, and nothing tells: the links stay up."""
    return len(nodes) > 1 and _lost(
        world, fault, [(nodes[0].name, node.name) for node in nodes[1:] if node is not nodes[0]], 1.0
    )


def _lossy(world: World, fault: Fault, nodes: list[Node]) -> bool:
    pairs = [pair for node in nodes for pair in around(node.name, world.names)]
    return _lost(world, fault, pairs, fault.amount)


def _lost(world: World, fault: Fault, pairs: list[Pair], loss: float) -> bool:
    if not pairs:
        return False
    world.network.degrade(pairs, loss)
    world.health.begin(pairs)

    def lift() -> None:
        world.network.restore(pairs)
        world.health.end(pairs)
        world.note('heal', str(fault))

    _later(world, fault, lift)
    return True


def _freeze(world: World, fault: Fault, nodes: list[Node]) -> bool:
    node = nodes[0] if nodes else None
    if node is None or not node.alive or node.blocked:
        return False
    pairs, life = around(node.name, world.names), node.life
    node.freeze()
    world.health.begin(pairs)

    def resume() -> None:
        world.health.end(pairs)
        if node.life == life:
            world.note('resume', node.name)
            node.resume()

    _later(world, fault, resume)
    return True


def _stall(world: World, fault: Fault, nodes: list[Node]) -> bool:
    node = nodes[0] if nodes else None
    if node is None or not node.alive or node.blocked:
        return False
    life = node.life
    node.stall()

    def resume() -> None:
        if node.life == life:
            world.note('resume', node.name)
            node.resume()

    _later(world, fault, resume)
    return True


def _clock_step(world: World, fault: Fault, nodes: list[Node]) -> bool:
    for node in nodes:
        node.clock.step_wall(fault.amount)
    return bool(nodes)


KINDS: dict[str, Callable[[World, Fault, list[Node]], bool]] = {
    'crash': _crash,
    'power_off': _power_off,
    'leave': _leave,
    'partition': _partition,
    'one_way': _one_way,
    'mute': _mute,
    'lossy': _lossy,
    'freeze': _freeze,
    'stall': _stall,
    'clock_step': _clock_step,
}
"""Each begins a fault and says whether it did."""
