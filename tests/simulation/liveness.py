"""What must come true once all is calm: one Master, equal and true views, nothing pending, and what is wanted runs."""

from __future__ import annotations

from supvisors.engine.messages import Envelope, Heartbeat, Replicate
from supvisors.model.enums import DistributionRule, InstanceState, ProcessState, RunningFailureStrategy, SupvisorsState
from supvisors.model.process import split_namespec
from tests.simulation.copies import Copies
from tests.simulation.node import Node
from tests.simulation.program import Program
from tests.simulation.scenario import is_installed
from tests.simulation.world import Invariant, World

SPREADS_IN = 3.0
"""Virtual seconds within which a write of the Master is told by the heartbeats of all."""


class Liveness(Invariant):
    def __init__(self, world: World, copies: Copies) -> None:
        super().__init__(world)
        self._copies = copies
        self._ledgers: dict[str, tuple[int, int]] = {}
        self._written = 0.0
        self._last_end: dict[str, str] = {}
        self._last_run: dict[str, float] = {}

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        if isinstance(envelope.body, Heartbeat):
            self._ledgers[node.name] = envelope.body.ledger_index, envelope.body.ledger_digest
        elif isinstance(envelope.body, Replicate):
            self._written = self.world.now

    def finish(self) -> None:
        if self.world.finale and self.world.scenario.ends:
            left = [node.name for node in self.world.alive()]
            if left:
                self.world.failed('shutdown', f'{left} have not been shut down')
            return
        for check in (self._cluster, self._views, self._jobs, self._ledger, self._failures, self._running):
            problem = check()
            self.world.stats.checks[f'liveness {check.__name__[1:]}'] += 1
            if problem:
                self.world.failed(f'liveness {check.__name__[1:]}', problem)
                return

    def unsettled(self) -> str:
        return (
            '' if self.world.finale and self.world.scenario.ends else self._cluster() or self._views()
        )

    def _cluster(self) -> str:
        nodes = self.world.alive()
        masters = {node.engine.master for node in nodes if node.engine}
        if len(masters) != 1 or '' in masters or not self.world.nodes[next(iter(masters))].alive:
            return f'the Masters are {[(node.name, node.engine.master) for node in nodes if node.engine]}'
        states = {
            node.name: node.engine.state.name
            for node in nodes
            if node.engine and node.engine.state is not SupvisorsState.OPERATION
        }
        return f'not in OPERATION: {states}' if states else ''

    def _views(self) -> str:
        truth = {
            name: InstanceState.RUNNING if node.alive else InstanceState.STOPPED
            for name, node in self.world.nodes.items()
        }
        for node in self.world.alive():
            assert node.engine is not None
            engine, known = node.engine, set(node.engine.identifiers())
            seen = {
                name: engine.instance(name).state if name in known else InstanceState.STOPPED
                for name in self.world.names
            }
            wrong = {name: state.name for name, state in seen.items() if state != truth[name]}
            if wrong:
                return f'{node.name} sees {wrong}'
            for namespec in self.world.scenario.programs:
                view = node.engine.process(*_pair(namespec))
                where = tuple(
                    sorted(
                        other.name
                        for other in self.world.alive()
                        if namespec in other.host.programs
                        and (
                            other.host.programs[namespec].present
                            or other.host.programs[namespec].state == ProcessState.STOPPING
                        )
                    )
                )
                if tuple(view.identifiers if view else ()) != where:
                    return f'{node.name} sees {namespec} on {view.identifiers if view else None}, it is on {where}'
        return ''

    def _jobs(self) -> str:
        for node in self.world.alive():
            assert node.engine is not None
            if list(node.engine.starting_instances) or list(node.engine.stopping_instances):
                jobs = list(node.engine.starting_instances), list(node.engine.stopping_instances)
                return f'{node.name} sees jobs, starting and stopping: {jobs}'
        return ''

    def _ledger(self) -> str:
        # a process that ends by itself is noted at any time, even right before the end of the run
        if self.world.now - self._written < SPREADS_IN:
            return ''
        seen = {node.name: self._ledgers.get(node.name) for node in self.world.alive()}
        digests = {value[1] for value in seen.values() if value is not None}
        return f'the ledgers differ: {seen}' if len(digests) > 1 else ''

    def _failures(self) -> str:
        """What could not be started is shown with the same reason everywhere."""
        for namespec in self.world.scenario.programs:
            shown = {node.name: node.engine.failures.reason(namespec) for node in self.world.alive() if node.engine}
            if len(set(shown.values())) > 1:
                return f'{namespec} is FATAL for different reasons: {shown}'
        return ''

    # --- what is wanted runs

    def changed(self, node: Node, program: Program) -> None:
        if program.running:
            self._last_end.pop(program.namespec, None)
            self._last_run[program.namespec] = self.world.now
        elif program.state != ProcessState.STOPPING:
            self._last_end[program.namespec] = program.last_end

    def _running(self) -> str:
        rules = self.world.scenario.rules
        for namespec in self.world.scenario.programs:
            group, name = _pair(namespec)
            where = [
                node.name
                for node in self.world.alive()
                if namespec in node.host.programs and node.host.programs[namespec].present
            ]
            if (
                where
                or rules.program(group, name).running_failure_strategy is not RunningFailureStrategy.RESTART_PROCESS
            ):
                continue
            # once removed, it is another one, that nobody has asked for
            if not rules.application(group).managed or namespec in self.world.removed or not self._wanted(namespec):
                continue
            if self._has_room(namespec):
                return f'{namespec} was lost with its instance, nobody asked to stop it, and it runs nowhere'
        return ''

    def _wanted(self, namespec: str) -> bool:
        """True if it ended with its instance, and the last request about it, if any, was a start that succeeded."""
        if self.world.finale or self._last_end.get(namespec) != 'host':
            return False
        touching = [one for one in self.world.clients.submissions if namespec in one.namespecs]
        if not touching:
            return True
        last = touching[-1]
        return (
            last.starts
            and last.outcome is not None
            and last.outcome[0] == 0
            and all(one.ended < last.time for one in touching[:-1])
            # a start of a whole application may succeed without it
            and self._last_run.get(namespec, 0.0) >= last.time
        )

    def _has_room(self, namespec: str) -> bool:
        rules, scenario = self.world.scenario.rules, self.world.scenario
        if rules.application(_pair(namespec)[0]).distribution is not DistributionRule.ALL_INSTANCES:
            return False  # there may be no instance, or no node, that has all of the application
        for node in self.world.alive():
            if is_installed(scenario, namespec, node.index) and node.host.can_run(namespec):
                machine = scenario.machines[node.index]
                load = sum(
                    rules.program(*_pair(key)).expected_loading
                    for other in self.world.alive()
                    if scenario.machines[other.index] == machine
                    for key, program in other.host.programs.items()
                    if program.present
                )
                if load + rules.program(*_pair(namespec)).expected_loading <= 100:
                    return True
        return False


def _pair(namespec: str) -> tuple[str, str]:
    group, name = split_namespec(namespec)
    return group, name or ''
