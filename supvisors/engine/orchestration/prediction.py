"""What a start would do, worked out on what is known now. Nothing is changed, nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.jobs import Jobs
from supvisors.engine.orchestration.tasks import Task
from supvisors.engine.view import Prediction
from supvisors.model.enums import ProcessState, StartingFailureStrategy
from supvisors.model.process import split_namespec
from supvisors.model.rules import Rules


class Oracle:
    """Goes through the ranks of a start as a job does, with the same choices, on a plan of its own."""

    def __init__(self, inventory: Inventory, jobs: Jobs, rules: Rules) -> None:
        self.inventory = inventory
        self.jobs = jobs
        self.rules = rules

    def predict(self, ranks: Sequence[Sequence[Task]], local: str) -> list[Prediction]:
        """Return what becomes of each process that would be started, sorted by group then name."""
        plan = self.jobs.plan()
        placer = self.jobs.placer
        found: list[Prediction] = []
        given_up, stopped = '', ''
        for rank in ranks:
            ended = []
            for task in rank:
                if self.inventory.running_where(task.namespec):
                    continue
                for name in self.inventory.where(task.namespec):
                    # it is waited for: its room is free again by then
                    plan.loads[name] = plan.loads.get(name, 0) - placer.loading(task.namespec)
                if given_up:
                    found.append(_made(task, ProcessState.STOPPED, given_up))
                    continue
                choice = placer.choose(task.namespec, task.strategy, local, plan)
                if not choice.identifier:
                    found.append(_made(task, ProcessState.FATAL, f'No resource available ({choice.why()})'))
                    continue
                plan.add(task.namespec, choice.identifier, placer.loading(task.namespec))
                state = ProcessState.EXITED if task.wait_exit else ProcessState.RUNNING
                found.append(_made(task, state, '', choice.identifier))
                if task.wait_exit:
                    ended.append(task.namespec)
            for namespec in ended:
                plan.remove(namespec, placer.loading(namespec))
            if not given_up:
                given_up, stopped = self._given_up(rank, found)
        if stopped:
            found = [_stopped(one, stopped) for one in found]
        return sorted(found, key=lambda one: (one.group, one.name))

    def _given_up(self, rank: Sequence[Task], found: Sequence[Prediction]) -> tuple[str, str]:
        """Why the next ranks would not be started, and why what was started is stopped; empty if it is not so."""
        failed = {(one.group, one.name) for one in found if one.state == ProcessState.FATAL}
        given_up = stopped = ''
        for task in rank:
            group, name = split_namespec(task.namespec)
            rules = self.rules.program(group, name or '')
            strategy = rules.starting_failure_strategy
            if (group, name) in failed and rules.required and strategy is not StartingFailureStrategy.CONTINUE:
                given_up = given_up or f'not started, since {task.namespec} failed ({strategy.name})'
                if strategy is StartingFailureStrategy.STOP:
                    stopped = stopped or f'stopped, since {task.namespec} failed (STOP)'
        return given_up, stopped


def _stopped(one: Prediction, reason: str) -> Prediction:
    """What becomes of it when the whole application is stopped: what has ended by itself stays as it is."""
    if one.state != ProcessState.RUNNING:
        return one
    return attrs.evolve(one, state=int(ProcessState.STOPPED), reason=reason, identifiers=())


def _made(task: Task, state: ProcessState, reason: str, identifier: str = '') -> Prediction:
    group, name = split_namespec(task.namespec)
    # what has exited runs nowhere any more, and yet it is there that it would have run
    return Prediction(group, name or '', int(state), reason, (identifier,) if identifier else ())
