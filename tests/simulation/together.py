"""The processes of an application that must stay together start where the others are: on their instance, or node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supvisors.engine.effects import Effect, Spawn
from supvisors.model.enums import DistributionRule, ProcessState
from supvisors.model.process import split_namespec
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.program import Program

QUIET = 20.0
"""For so long there must have been no fault: behind a cut, the others cannot be seen."""
NEWS = 12.0
"""What users and administrators have done elsewhere while the order was on its way, to a main loop that hung."""


class Together(Invariant):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._distributed = {
            name: rules.distribution
            for name, rules in world.scenario.rules.applications.items()
            if rules.distribution is not DistributionRule.ALL_INSTANCES
        }
        self._started: dict[tuple[str, str], float] = {}

    def changed(self, node: Node, program: Program) -> None:
        if program.state == ProcessState.STARTING and program.last_spawn_by != 'engine':
            self._started[node.name, program.namespec] = self.world.now

    def executes(self, node: Node, effect: Effect) -> None:
        group = split_namespec(effect.namespec)[0] if isinstance(effect, Spawn) else ''
        distribution = self._distributed.get(group)
        if distribution is None or not isinstance(effect, Spawn):
            return
        homes = self._homes(group, effect.namespec)
        since = self.world.now - NEWS
        recent = any(started > since for started in homes.values())
        if not homes or recent or not self.world.health.quiet_since(self.world.now - QUIET):
            return
        self.world.stats.checks['together'] += 1
        if self._place(node, distribution) not in {self._place(self.world.nodes[name], distribution) for name in homes}:
            self.world.failed(
                'apart',
                f'{node.name} starts {effect.namespec}, and the others of {group} are on {sorted(homes)} '
                f'({distribution.name})',
            )

    def _place(self, node: Node, distribution: DistributionRule) -> str:
        single = distribution is DistributionRule.SINGLE_INSTANCE
        return node.name if single else self.world.scenario.machines[node.index]

    def _homes(self, group: str, namespec: str) -> dict[str, float]:
        """Where others of the application live, and when somebody else than the Master has last started one there."""
        return {
            node.name: max(starts)
            for node in self.world.alive()
            if (
                starts := [
                    self._started.get((node.name, key), 0.0)
                    for key, program in node.host.programs.items()
                    if program.group == group and key != namespec and program.present
                ]
            )
        }
