"""A process runs with the extra arguments that a user has given last, whoever has started it and wherever."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.simulation.clients import GIVE_ARGUMENTS, Submission
from tests.simulation.copies import Copies
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node


class Arguments(Invariant):
    """Where it can be told which arguments are the last ones: requests one after the other, on one side of all cuts."""

    def __init__(self, world: World, copies: Copies) -> None:
        super().__init__(world)
        self._copies = copies
        self._all_down = 0.0

    def booted(self, node: Node) -> None:
        if len(self.world.alive()) == 1:
            self._all_down = self.world.now

    def finish(self) -> None:
        for namespec in self.world.scenario.programs:
            odd = namespec in self._copies.doubled or namespec in self.world.removed
            if not odd and not self.world.finale:
                self._check(namespec)

    def _check(self, namespec: str) -> None:
        touching = [one for one in self.world.clients.submissions if namespec in one.namespecs]
        if not touching or touching[0].time < self._all_down or not self._follow_each_other(touching):
            return
        expected = ''
        for submission in touching:
            if submission.command.kind in GIVE_ARGUMENTS and submission.outcome and submission.outcome[0] == 0:
                expected = submission.command.extra_args
        for node in self.world.alive():
            program = node.host.programs.get(namespec)
            if program is not None and program.running:
                self.world.stats.checks['arguments'] += 1
                if program.extra_args != expected:
                    self.world.failed(
                        'arguments',
                        f'{namespec} runs on {node.name} with {program.extra_args!r}, those asked for are {expected!r}',
                    )

    def _follow_each_other(self, touching: list[Submission]) -> bool:
        """Each has ended before the next one was made, and all were made where the former ones were known."""
        last = touching[-1]
        return (
            all(one.outcome is not None and not one.lost for one in touching)
            and last.outcome is not None
            and last.outcome[0] == 0
            and all(one.ended < other.time for one, other in pairwise(touching))
            and (len(touching) == 1 or not any(map(self._was_cut_off, touching)))
        )

    def _was_cut_off(self, submission: Submission) -> bool:
        """Others may have been asked for something else meanwhile, and neither is the later one."""
        asked = submission.node.name
        since = submission.time - 1.0
        return any(self.world.health.bad_since(asked, name, since) for name in self.world.names if name != asked)
