"""Administrators: they disable and enable programs, and remove processes and add them again, here and there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import attrs

from supvisors.engine.commands import ADOPT_START, ADOPT_STOP, Command
from supvisors.engine.effects import Effect, Spawn
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.program import Program

QUIET = 20.0
"""For so long there must have been no fault, for what the engine does to need an explanation."""


def administrate(world: World) -> Iterator[tuple[float, Callable[[], None]]]:
    """What is to be scheduled, and when."""
    administrators = Administrators(world)
    for at in world.scenario.administrations:
        yield at, administrators.act


class Administrators:
    def __init__(self, world: World) -> None:
        self.world = world
        self._rng = random.Random(f'{world.scenario.seed}/administrators')

    def act(self) -> None:
        """One thing on one instance whose main loop runs, if there is something of the kind to do."""
        contrary = self.world.scenario.contrary
        kind = self._rng.choice(('disable', 'enable', 'remove', 'remove lazily', 'add'))
        found = [
            (node, namespec)
            for node in self.world.alive()
            if node.state == 'up' and not node.blocked and node.index != contrary
            for namespec in sorted(_CANDIDATES[kind](node))
        ]
        if found:
            node, namespec = self._rng.choice(found)
            self.world.note('administer', f'{kind} {namespec} on {node.name}')
            self.world.stats.faults[kind] += 1
            _ACTS[kind](self, node, namespec)

    def disable(self, node: Node, namespec: str) -> None:
        """What runs is stopped as if a user had asked for it."""
        node.host.disable(namespec, True)
        if node.host.programs[namespec].running:
            self.world.clients.ask(node, Command(ADOPT_STOP, namespec, origin=node.name))

    def enable(self, node: Node, namespec: str) -> None:
        """With autostart, it starts as if a user had asked for it."""
        node.host.disable(namespec, False)
        if self._autostarts(namespec):
            self.world.clients.ask(node, Command(ADOPT_START, namespec, origin=node.name))

    def remove(self, node: Node, namespec: str, lazy: bool) -> None:
        self.world.removed[namespec] = self.world.now
        node.host.remove(namespec, lazy)

    def add(self, node: Node, namespec: str) -> None:
        autostart = not node.host.removed[namespec].disabled and self._autostarts(namespec)
        if autostart:
            self.world.autostarted[namespec] = self.world.now
        node.host.add(namespec, autostart)

    def _autostarts(self, namespec: str) -> bool:
        return self._rng.random() < 0.5 and not self.world.clients.runs(namespec)


_CANDIDATES: dict[str, Callable[[Node], list[str]]] = {
    'disable': lambda node: [key for key, one in node.host.programs.items() if not one.disabled and not one.obsolete],
    'enable': lambda node: [key for key, one in node.host.programs.items() if one.disabled],
    'remove': lambda node: [key for key, one in node.host.programs.items() if not one.obsolete],
    'remove lazily': lambda node: [key for key, one in node.host.programs.items() if one.running and not one.obsolete],
    'add': lambda node: list(node.host.removed),
}
_ACTS: dict[str, Callable[[Administrators, Node, str], None]] = {
    'disable': Administrators.disable,
    'enable': Administrators.enable,
    'remove': lambda one, node, namespec: one.remove(node, namespec, False),
    'remove lazily': lambda one, node, namespec: one.remove(node, namespec, True),
    'add': Administrators.add,
}


@attrs.define
class End:
    time: float
    node: Node
    life: int


class Removals(Invariant):
    """What ended because it was removed is not started elsewhere, unless somebody asks for it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._ends: dict[str, End] = {}

    def changed(self, node: Node, program: Program) -> None:
        if program.running:
            self._ends.pop(program.namespec, None)
        elif program.obsolete and not program.present and node.state == 'up':
            self._ends[program.namespec] = End(self.world.now, node, node.life)

    def executes(self, node: Node, effect: Effect) -> None:
        end = self._ends.get(effect.namespec) if isinstance(effect, Spawn) else None
        if end is None or end.node.life != end.life or not self.world.health.quiet_since(self.world.now - QUIET):
            return
        self.world.stats.checks['removals'] += 1
        asked = any(
            one.starts and effect.namespec in one.namespecs and one.ended >= end.time
            for one in self.world.clients.submissions
        )
        if not asked:
            self.world.failed(
                'needless start',
                f'{node.name} starts {effect.namespec}, which was removed from {end.node.name} at {end.time:.3f}, '
                'and nobody has asked for it since',
            )
