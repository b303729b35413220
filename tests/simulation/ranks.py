"""Rank k+1 of an application never starts before rank k has ended its start.

Checked during the starts that nothing disturbs: the first one of each application, and each `start_application`, as
long as no fault and no other request touches the application.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from supvisors.engine.commands import START_APPLICATION
from supvisors.engine.effects import Effect, Spawn
from supvisors.model.enums import DistributionRule, InstanceState, ProcessState
from supvisors.model.process import split_namespec
from tests.simulation.scenario import is_installed
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.clients import Submission
    from tests.simulation.node import Node
    from tests.simulation.program import Program

_ANYWHERE = DistributionRule.ALL_INSTANCES
ENDED = (ProcessState.RUNNING, ProcessState.EXITED, ProcessState.FATAL, ProcessState.STOPPED)


@attrs.define
class Window:
    """One undisturbed start: how far each process has gone. `faults`, `requests`: what had happened when it began."""

    faults: int
    requests: int
    states: dict[str, ProcessState] = attrs.field(factory=dict)
    ended: set[str] = attrs.field(factory=set)
    submission: Submission | None = None


class Ranks(Invariant):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._windows: dict[str, Window] = {}
        self._seen = 0
        self._started: set[str] = set()

    def _disturbances(self, group: str, count: int | None = None) -> tuple[int, int]:
        submissions = self.world.clients.submissions[:count]
        touching = sum(split_namespec(one.command.target)[0] == group for one in submissions)
        return sum(self.world.stats.faults.values()), touching

    def _watch_requests(self) -> None:
        submissions = self.world.clients.submissions
        while self._seen < len(submissions):
            submission = submissions[self._seen]
            self._seen += 1
            if submission.command.kind == START_APPLICATION and not self._anything_runs(submission):
                open_ones = [
                    one
                    for one in submissions[: self._seen - 1]
                    if one.outcome is None and not one.lost and set(one.namespecs) & set(submission.namespecs)
                ]
                quiet = self.world.health.quiet_since(self.world.now - 20.0)
                if not open_ones and quiet:
                    faults, requests = self._disturbances(submission.command.target, self._seen)
                    self._windows[submission.command.target] = Window(faults, requests, submission=submission)

    def _anything_runs(self, submission: Submission) -> bool:
        return any(
            node.host.programs[key].present
            for node in self.world.alive()
            for key in submission.namespecs
            if key in node.host.programs
        )

    def booted(self, node: Node) -> None:
        """What could not be placed may be now: the starts under way are not simple any more."""
        self._windows.clear()

    def changed(self, node: Node, program: Program) -> None:
        window = self._windows.get(program.group)
        if window is not None:
            window.states[program.namespec] = program.state
            if program.state in ENDED:
                window.ended.add(program.namespec)

    def executes(self, node: Node, effect: Effect) -> None:
        if not isinstance(effect, Spawn):
            return
        self._watch_requests()
        group, name = split_namespec(effect.namespec)
        rules = self.world.scenario.rules.application(group)
        rank = rules.program(name or '').start_sequence
        if group not in self._started:
            self._started.add(group)
            if not self.world.stats.faults and not any(
                one.namespecs and split_namespec(one.namespecs[0])[0] == group for one in self.world.clients.submissions
            ):
                self._windows[group] = Window(*self._disturbances(group))
        window = self._windows.get(group)
        if window is None or not rank:
            return
        if (window.faults, window.requests) != self._disturbances(group) or (
            window.submission is not None and window.submission.outcome is not None
        ):
            del self._windows[group]
            return
        self.world.stats.checks['ranks'] += 1
        for namespec in self.world.scenario.programs:
            if namespec.partition(':')[0] == group:
                self._check(node, window, effect, namespec, rank)

    def _members(self, node: Node) -> Iterator[Node]:
        """The living instances that this one counts in: others may be refused, or not discovered yet."""
        assert node.engine is not None
        known = set(node.engine.identifiers())
        for other in self.world.alive():
            if other.name in known and node.engine.instance(other.name).state is InstanceState.RUNNING:
                yield other

    def _check(self, node: Node, window: Window, effect: Spawn, namespec: str, rank: int) -> None:
        scenario = self.world.scenario
        group, name = split_namespec(namespec)
        earlier = scenario.rules.program(group, name or '').start_sequence
        state = window.states.get(namespec)
        if not 0 < earlier < rank or namespec in window.ended:
            return
        possible = any(
            is_installed(scenario, namespec, other.index) and other.host.can_run(namespec)
            for other in self._members(node)
        )
        # one that must stay with the others may find no instance that has all of them
        if state is not None or (possible and scenario.rules.application(group).distribution is _ANYWHERE):
            self.world.failed(
                'rank',
                f'{effect.namespec} (rank {rank}) starts while {namespec} (rank {earlier}) is '
                f'{state.name if state is not None else "not started"}',
            )
