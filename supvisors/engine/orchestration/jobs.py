"""The Master starts or stops the processes of one application, rank after rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs

from supvisors.engine.cluster.peers import Peer, Peers
from supvisors.engine.core import Core
from supvisors.engine.messages import Order, OrderResult
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.engine.orchestration.placement import Choice
from supvisors.engine.orchestration.placer import Placer, Plan
from supvisors.engine.orchestration.sites import Sites
from supvisors.engine.orchestration.tasks import REMOVED, Task, TaskState, start_outcome
from supvisors.model.enums import DistributionRule, FaultCode, ProcessState, StartingFailureStrategy, StartingStrategy
from supvisors.model.identity import Incarnation
from supvisors.model.process import split_namespec
from supvisors.model.rules import Rules

ORDERS_PER_TURN = 20
"""A start order is a fork for who obeys it, and a choice among all instances for the Master."""
LONGEST_BACKOFF = 120.0
"""Seconds without an event after which supervisord is not expected to try again: it pauses n seconds after n tries."""
EXIT_PATIENCE = 60.0
"""Seconds for which the system stays in DISTRIBUTION only to wait for programs that must end by themselves."""
_NOT_YET = (ProcessState.STARTING, ProcessState.BACKOFF)


@attrs.define(eq=False)
class Job:
    """`ranks`: for a start, the tasks of each rank; for a stop, the processes of each rank."""

    application: str
    start: bool
    request: str = ''
    start_ranks: list[list[Task]] = attrs.field(factory=list)
    stop_ranks: list[list[str]] = attrs.field(factory=list)
    tasks: dict[tuple[str, str], Task] = attrs.field(factory=dict)
    """The stop tasks, by process and instance."""
    wanted: dict[str, str] = attrs.field(factory=dict)
    """The requests that the processes to stop were wanted by when the stop began."""
    rank: int = 0
    awaited_since: float | None = None
    """Since when there is nothing left to do in the rank but to wait for programs that must end by themselves."""
    ended: bool = False
    stop_application: bool = False
    """A required process failed with the strategy STOP: what was started must be stopped."""

    def all_tasks(self) -> Iterable[Task]:
        if self.start:
            return (task for rank in self.start_ranks for task in rank)
        return self.tasks.values()

    def failures(self) -> list[str]:
        return [f'{task.namespec}: {task.reason}' for task in self.all_tasks() if task.state is TaskState.FAILED]


class Jobs:
    def __init__(
        self,
        core: Core,
        peers: Peers,
        inventory: Inventory,
        ledger: Ledger,
        rules: Rules,
        send_order: Callable[[Peer, Order], None],
    ) -> None:
        self.core = core
        self.peers = peers
        self.inventory = inventory
        self.ledger = ledger
        self.rules = rules
        self.sites = Sites(peers, inventory, ledger, rules)
        self.placer = Placer(peers, inventory, self.sites, rules, self._held)
        self.send_order = send_order
        self.jobs: list[Job] = []
        self._starts: dict[str, list[Task]] = {}
        self._number = 0
        self._pending: Plan | None = None
        """While jobs advance: what is on its way to the instances."""
        self._advancing = False
        self._room = 0
        """Orders that may still be given in this turn."""
        self._ordered: dict[int, Task] = {}
        self._unanswered: dict[str, tuple[str, Incarnation, int]] = {}
        """Starts given up without an answer: the process may still start there, so it must not start elsewhere."""
        self._untold: list[Task] = []

    def clear(self) -> None:
        self.jobs.clear()
        self._starts.clear()
        self._ordered.clear()
        self._unanswered.clear()
        self._untold.clear()

    def untold(self) -> list[Task]:
        """The starts that have failed since the last call, and whose processes have no event that tells it."""
        untold, self._untold = self._untold, []
        return untold

    def add(self, job: Job) -> None:
        self.jobs.append(job)
        job.wanted = {namespec: self._wanted_by(namespec) for rank in job.stop_ranks for namespec in rank}
        for task in job.all_tasks() if job.start else ():
            self._starts.setdefault(task.namespec, []).append(task)

    def starting(self, namespec: str) -> bool:
        """True if a start of the process has not ended."""
        return any(not task.finished for task in self._starts.get(namespec, ()))

    def cancel_starts(self, reason: str) -> None:
        for job in self.jobs:
            if job.start:
                self._abandon(job, reason)

    # -- progress
    def advance(self) -> list[Job]:
        """Move all jobs on; return those that have ended."""
        self._pending, self._advancing, self._room = None, True, ORDERS_PER_TURN
        for job in self.jobs:
            (self._advance_start if job.start else self._advance_stop)(job)
        self._pending, self._advancing = None, False
        ended = [job for job in self.jobs if job.ended]
        if ended:
            self._ordered = {key: task for key, task in self._ordered.items() if task.state is TaskState.ORDERED}
            self.jobs = [job for job in self.jobs if not job.ended]
            self._starts = {
                key: [task for task in tasks if not task.finished]
                for key, tasks in self._starts.items()
                if not all(task.finished for task in tasks)
            }
        return ended

    def _advance_start(self, job: Job) -> None:
        while not job.ended:
            if job.rank >= len(job.start_ranks):
                job.ended = True
                return
            tasks = job.start_ranks[job.rank]
            for task in tasks:
                self._advance_start_task(task, job.request)
            if not all(task.finished for task in tasks):
                return
            job.rank += 1
            self._apply_starting_failure(job, tasks)

    def _apply_starting_failure(self, job: Job, tasks: Sequence[Task]) -> None:
        for task in tasks:
            rules = self.rules.program(*_pair(task.namespec))
            if task.state is TaskState.FAILED and rules.required:
                strategy = rules.starting_failure_strategy
                if strategy is not StartingFailureStrategy.CONTINUE:
                    job.stop_application |= strategy is StartingFailureStrategy.STOP
                    self._abandon(job, f'not started, since {task.namespec} failed ({strategy.name})')
                    self.core.log(
                        'warn', f'{task.namespec} is required and failed to start: {strategy.name} {job.application}'
                    )

    def _abandon(self, job: Job, reason: str) -> None:
        for task in job.all_tasks():
            if not task.finished:
                task.fail(reason)
        job.rank = len(job.start_ranks)

    def _advance_start_task(self, task: Task, request: str) -> None:
        if task.state is TaskState.WAITING:
            self._order_start(task, request)
        if task.in_flight and self._target_lost(task) and self.core.mono < self.peers[task.target].expected:
            self.core.wake_by(self.peers[task.target].expected)
            return
        if task.in_flight and self._target_lost(task):
            self.core.log('warn', f'{task.target} lost while {task.namespec} was starting there: choosing again')
            task.retry()
            self._order_start(task, request)
        if task.state is TaskState.ORDERED:
            self._insist(task)
        elif task.state is TaskState.OBEYED:
            self._follow_start(task)

    def _order_start(self, task: Task, request: str) -> None:
        intent = self.ledger.intent(task.namespec)
        if intent is not None and (not intent.running or (request and intent.request != request)):
            task.fail('a later request has taken over')
            return
        if task.namespec not in self.inventory:
            task.fail(REMOVED)
            return
        running = self.inventory.running_where(task.namespec)
        if running:
            task.target = running[0]
            task.incarnation = self.peers[task.target].incarnation
            task.deadline = self._start_deadline(task)
            task.effect_seq = 0
            task.state = TaskState.OBEYED
        elif self.inventory.where(task.namespec) or self._in_flight(task.namespec):
            self._wait_for_room(task)
        elif self._room <= 0:
            self.core.wake_by(self.core.mono)
        elif due := self._expected_by(task.namespec):
            self.core.wake_by(due)
        else:
            choice = self.choose(task.namespec, task.strategy, task.local)
            if choice.identifier:
                task.target = choice.identifier
                # those of now: the user may have given others since the start was planned
                task.extra_args = intent.extra_args if intent is not None else ''
                self._send(task)
                if self._pending is not None:
                    self._pending.add(task.namespec, task.target, self.placer.loading(task.namespec))
            else:
                self._fail(task, f'No resource available ({choice.why()})')

    def _in_flight(self, namespec: str) -> bool:
        """Another job is starting it: two orders must never be out for one process."""
        return any(task.in_flight for task in self._starts.get(namespec, ()))

    def _expected_by(self, namespec: str) -> float:
        """Until when the instance where it was placed may join anew: it lives, and what it runs still runs. Else 0."""
        placement = self.ledger.placement(namespec)
        peer = self.peers.get(placement.identifier) if placement else None
        return peer.expected if peer is not None and not peer.running and self.core.mono < peer.expected else 0.0

    def _wait_for_room(self, task: Task) -> None:
        """It is stopping, or being started by another job: look again when that has ended, but not for ever."""
        if task.deadline == 0.0:
            records = [self.inventory.record(task.namespec, name) for name in self.inventory.where(task.namespec)]
            stopping = max((record.stopwaitsecs for record in records if record), default=0)
            task.deadline = self.core.mono + stopping + self.core.timing.order_timeout + self.core.timing.stop_margin
        self._expire(task, 'it was neither stopped nor started in time')

    def _follow_start(self, task: Task) -> None:
        if self.peers.seq(task.target) < task.effect_seq:
            self._expire(task, 'its effect is not known')
            return
        state, reason = start_outcome(task, self.inventory.record(task.namespec, task.target))
        if state is TaskState.FAILED:
            task.fail(reason)
        elif state is TaskState.DONE:
            task.done()
        elif self._state(task) in _NOT_YET:
            self._await_running(task)
        elif self.core.options.wait_exit_timeout:
            self._await_exit(task, self.core.options.wait_exit_timeout)

    def _await_running(self, task: Task) -> None:
        """Each try of supervisord has its time, and so has the pause before the next one."""
        record = self.inventory.record(task.namespec, task.target)
        if record is not None and (record.state, record.event_mono) != task.tried:
            task.tried = record.state, record.event_mono
            pause = LONGEST_BACKOFF if record.state == ProcessState.BACKOFF else 0.0
            task.deadline = self._start_deadline(task) + pause
        self._expire(task, f'not RUNNING on {task.target} in time')

    def _await_exit(self, task: Task, timeout: float) -> None:
        """It runs, and must end by itself. It is left running if it does not: only a user knows whether it is stuck."""
        if not task.exit_by:
            task.exit_by = self.core.mono + timeout
        if self.core.mono >= task.exit_by:
            task.fail(f'has not ended on {task.target} within wait_exit_timeout ({timeout:g} s)')
        else:
            self.core.wake_by(task.exit_by)

    def awaits_exits(self, job: Job) -> bool:
        """All that is left of its rank runs, and has been expected to end by itself for long."""
        tasks = [task for task in job.start_ranks[job.rank] if not task.finished] if not job.ended else []
        if not tasks or not all(task.wait_exit and self._state(task) == ProcessState.RUNNING for task in tasks):
            job.awaited_since = None
            return False
        if job.awaited_since is None:
            job.awaited_since = self.core.mono
        self.core.wake_by(job.awaited_since + EXIT_PATIENCE)
        return self.core.mono >= job.awaited_since + EXIT_PATIENCE

    def _state(self, task: Task) -> int | None:
        record = self.inventory.record(task.namespec, task.target)
        return record.state if record else None

    def _advance_stop(self, job: Job) -> None:
        while not job.ended:
            if job.rank >= len(job.stop_ranks):
                job.ended = True
                return
            namespecs = [key for key in job.stop_ranks[job.rank] if not self._wanted_since(key, job)]
            for namespec in namespecs:
                for name in self.inventory.where(namespec):
                    job.tasks.setdefault((namespec, name), Task(namespec, False, name))
            tasks = [task for task in job.tasks.values() if task.namespec in namespecs]
            for task in tasks:
                self._advance_stop_task(task)
            if not all(task.finished for task in tasks) or self._still_starting(namespecs):
                return
            job.rank += 1

    def _wanted_since(self, namespec: str, job: Job) -> bool:
        """A later request has started it: what an earlier one still has to stop does not include it any more."""
        return bool(job.request) and self._wanted_by(namespec) not in ('', job.request, job.wanted.get(namespec))

    def _wanted_by(self, namespec: str) -> str:
        """The request that wants it to run; empty when there is none."""
        intent = self.ledger.intent(namespec)
        return intent.request if intent is not None and intent.running else ''

    def _still_starting(self, namespecs: Sequence[str]) -> bool:
        return any(self._in_flight(namespec) for namespec in namespecs)

    def _advance_stop_task(self, task: Task) -> None:
        record = self.inventory.record(task.namespec, task.target)
        if task.finished:
            return
        lost = self._target_lost(task)
        answered = task.state is not TaskState.ORDERED
        if lost or (answered and (record is None or record.stopped)):
            task.done()
        elif task.state is TaskState.WAITING:
            self._send(task)
        elif task.state is TaskState.ORDERED:
            self._insist(task)
        else:
            self._expire(task, f'still running on {task.target}')

    # -- orders
    def _send(self, task: Task) -> None:
        peer = self.peers[task.target]
        self._number += 1
        self._room -= 1
        task.number, task.incarnation, task.state = self._number, peer.incarnation, TaskState.ORDERED
        task.deadline = self.core.mono + self.core.timing.order_timeout
        self._ordered[task.number] = task
        self._transmit(task)

    def _transmit(self, task: Task) -> None:
        assert task.incarnation is not None
        task.sent = self.core.mono
        self.core.wake_by(task.sent + self.core.timing.resend)
        self.send_order(
            self.peers[task.target], Order(task.number, task.incarnation, task.namespec, task.start, task.extra_args)
        )

    def _insist(self, task: Task) -> None:
        if self.core.mono >= task.deadline:
            self._ordered.pop(task.number, None)
            if task.start and task.incarnation is not None:
                self._unanswered[task.namespec] = (task.target, task.incarnation, task.number)
            self._fail(task, f'{task.target} did not obey within {self.core.timing.order_timeout:.0f} s')
        elif self.core.mono >= task.sent + self.core.timing.resend:
            self._transmit(task)
        else:
            self.core.wake_by(task.sent + self.core.timing.resend)

    def result(self, sender: str, body: OrderResult) -> None:
        """An order was obeyed or refused."""
        task = self._ordered.pop(body.number, None)
        self._unanswered = {
            key: value for key, value in self._unanswered.items() if (value[0], value[2]) != (sender, body.number)
        }
        if task is None or task.state is not TaskState.ORDERED or task.target != sender:
            return
        self._unanswered.pop(task.namespec, None)
        if body.code:
            self._fail(task, f'{sender}: {_refusal(body)}', body.code)
            return
        task.state, task.effect_seq = TaskState.OBEYED, body.inventory_seq
        task.deadline = self._start_deadline(task) if task.start else self._stop_deadline(task)

    def _start_deadline(self, task: Task) -> float:
        record = self.inventory.record(task.namespec, task.target)
        return self.core.mono + (record.startsecs if record else 0) + self.core.timing.start_margin

    def _stop_deadline(self, task: Task) -> float:
        record = self.inventory.record(task.namespec, task.target)
        return self.core.mono + (record.stopwaitsecs if record else 0) + self.core.timing.stop_margin

    def _expire(self, task: Task, reason: str) -> None:
        if self.core.mono >= task.deadline:
            self._fail(task, reason)
        else:
            self.core.wake_by(task.deadline)

    def _fail(self, task: Task, reason: str, code: int = FaultCode.NOT_RUNNING) -> None:
        """It fails, and its process may show nothing of it."""
        task.fail(reason, code)
        if task.start:
            self._untold.append(task)

    def _target_lost(self, task: Task) -> bool:
        if not task.target:
            return False
        peer = self.peers[task.target]
        return not peer.running or (task.incarnation is not None and peer.incarnation != task.incarnation)

    # -- placement
    def choose(self, namespec: str, strategy: StartingStrategy, local: str = '') -> Choice:
        """Where a process would start now. `local`: what LOCAL means, by default the Master."""
        plan = self._pending or self.plan()
        if self._advancing:
            # worked out once a turn, and only in those that place something: there may be a thousand tasks
            self._pending = plan
        return self.placer.choose(namespec, strategy, local or self.core.name, plan)

    def _held(self, namespec: str, name: str) -> str:
        held = self._unanswered.get(namespec)
        if held and held[0] != name and self.peers[held[0]].incarnation == held[1]:
            return f'{held[0]} has not answered an earlier order to start it'
        return ''

    def plan(self) -> Plan:
        """What is on its way to the instances, and not in their inventories yet."""
        plan = Plan()
        for job in self.jobs:
            if job.start:
                follow = self.rules.application(job.application).distribution is not DistributionRule.ALL_INSTANCES
                for task in job.all_tasks():
                    self._add_to(plan, task, follow)
        return plan

    def _add_to(self, plan: Plan, task: Task, follow: bool) -> None:
        """`follow`: the rest of the application goes where this one went, even if it has ended since."""
        if task.in_flight:
            record = self.inventory.record(task.namespec, task.target)
            if not (record and record.running):
                ended = record is not None and record.stopped and self._seen(task)
                plan.add(task.namespec, task.target, 0 if ended else self.placer.loading(task.namespec))
        elif follow and task.state is TaskState.DONE and not self._target_lost(task):
            plan.places.setdefault(task.namespec, task.target)

    def _seen(self, task: Task) -> bool:
        """The inventory of its target shows what came of the order."""
        return task.state is TaskState.OBEYED and self.peers.seq(task.target) >= task.effect_seq


def _pair(namespec: str) -> tuple[str, str]:
    group, name = split_namespec(namespec)
    return group, name or ''


def _refusal(result: OrderResult) -> str:
    return REMOVED if result.code == FaultCode.BAD_NAME else result.text
