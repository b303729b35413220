"""What the Master does unasked, derived from wanted against actual.

The automatic start, placements, repairs, stops that hold.
"""

from __future__ import annotations

import attrs

from supvisors.engine.cluster.peers import NEVER, Peer, Peers
from supvisors.engine.core import Core
from supvisors.engine.orchestration.failures import Failures
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.jobs import Job, Jobs
from supvisors.engine.orchestration.ledger import Ledger, intent_item, placement_item
from supvisors.engine.orchestration.plans import Planner, Stages
from supvisors.engine.orchestration.replication import Replication
from supvisors.model.enums import InstanceState, RunningFailureStrategy
from supvisors.model.ledger import AUTOMATIC, Intent, Placement
from supvisors.model.process import split_namespec
from supvisors.model.rules import Rules

RETRY = 5.0
"""A repair that failed is tried again after this, in seconds, then twice as long, and whenever the members change."""
RETRY_MAX = 60.0


class Upkeep:
    def __init__(
        self,
        core: Core,
        peers: Peers,
        inventory: Inventory,
        ledger: Ledger,
        rules: Rules,
        replication: Replication,
        jobs: Jobs,
        planner: Planner,
        failures: Failures,
    ) -> None:
        self.core = core
        self.peers = peers
        self.inventory = inventory
        self.ledger = ledger
        self.rules = rules
        self.replication = replication
        self.jobs = jobs
        self.planner = planner
        self.failures = failures
        self._stages: Stages = []
        self._current: list[Job] = []
        self._members_changed = -1
        self._revisit: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._against: dict[str, float] = {}
        """Processes that run against their intent, and when they are stopped."""

    def reset(self) -> None:
        self._stages, self._current = [], []
        self._revisit.clear()
        self._against.clear()

    def noticed(self, namespec: str) -> None:
        """What is wanted of a process may have changed."""
        if namespec in self.inventory:
            self.inventory.dirty.add(namespec)

    def begin(self) -> None:
        """The local instance has just become Master."""
        self._members_changed = -1
        self.inventory.dirty.update(self.inventory.namespecs())
        self.inventory.dirty.update(self.ledger.placed())
        self.inventory.dirty.update(self.inventory.removed)

    @property
    def distributing(self) -> bool:
        """True while the automatic start is in progress; to wait long for the end of a program is no progress."""
        left = [job for job in self._current if not job.ended]
        return any(not self.jobs.awaits_exits(job) for job in left) if left else bool(self._stages)

    def evaluate(self) -> None:
        if self._members_changed != self.peers.changes:
            self._members_changed = self.peers.changes
            self._plan_automatic_start()
        self._advance_automatic_start()
        now = self.core.mono
        due = {namespec for namespec, mono in self._revisit.items() if now >= mono}
        looked_at = self.inventory.dirty | due
        self.inventory.dirty.clear()
        for namespec in sorted(looked_at):
            self._revisit.pop(namespec, None)
            self._look_at(namespec)
        for mono in (*self._revisit.values(), *self._against.values()):
            self.core.wake_by(mono)
        for namespec in [namespec for namespec, mono in self._against.items() if now >= mono]:
            self._enforce_stop(namespec)

    # -- automatic start
    def _plan_automatic_start(self) -> None:
        """Start what the start sequences want and nobody has started yet, application rank after rank."""
        ranks: dict[int, list[Job]] = {}
        planned = {task.namespec for stage in self._stages for job in stage for task in job.all_tasks()}
        for application in self.inventory.groups():
            rank = self.rules.application(application).start_sequence
            if not rank:
                continue
            todo = [key for key in self.inventory.group(application) if key not in planned and self._never_started(key)]
            job = self.planner.start_job(application, todo, self.rules.application(application).starting_strategy)
            if job.start_ranks:
                for task in job.all_tasks():
                    self._want(task.namespec)
                ranks.setdefault(rank, []).append(job)
        self._stages += [ranks[rank] for rank in sorted(ranks)]

    def _never_started(self, namespec: str) -> bool:
        intent = self.ledger.intent(namespec)
        return (
            (intent is None or (intent.running and intent.automatic))
            and self.ledger.last_placement(namespec) is None
            and not self.inventory.has_run(namespec)
            and not self.jobs.starting(namespec)
        )

    def _want(self, namespec: str) -> None:
        if self.ledger.intent(namespec) is None:
            self.replication.write(intent_item(namespec, self.replication.version(), Intent(True, '', AUTOMATIC)))

    def _advance_automatic_start(self) -> None:
        while self._stages and all(job.ended for job in self._current):
            self._current = self._stages.pop(0)
            for job in self._current:
                self.jobs.add(job)

    # -- one process
    def _look_at(self, namespec: str) -> None:
        self.failures.look_at(namespec)
        if namespec in self.inventory.removed:
            self._forget(namespec)
            return
        running = self.inventory.running_where(namespec)
        placement = self.ledger.placement(namespec)
        if running:
            self._delays.pop(namespec, None)
            self._note_running(namespec, running, placement)
            return
        self._against.pop(namespec, None)
        if placement is not None and not self.inventory.where(namespec) and not self.jobs.starting(namespec):
            self._look_at_ended(namespec, placement)

    def _forget(self, namespec: str) -> None:
        """It was removed from all instances: if it comes back, it is a new one, and what was wanted of it is over."""
        for timers in (self._revisit, self._delays, self._against):
            timers.pop(namespec, None)
        if self.ledger.last_placement(namespec) is not None:
            self.replication.write(placement_item(namespec, self.replication.version(), None))
        if self.ledger.intent(namespec) is not None:
            self.replication.write(intent_item(namespec, self.replication.version(), None))
            self.core.log('info', f'{namespec} has been removed: what was wanted of it is forgotten')

    def _note_running(self, namespec: str, running: list[str], placement: Placement | None) -> None:
        name = placement.identifier if placement and placement.identifier in running else running[0]
        incarnation = self.peers[name].incarnation or self.core.incarnation
        intent = self.ledger.intent(namespec)
        # it keeps the request that it was started for: a later one may be about to restart it
        request = intent.request if intent and intent.running else placement.request if placement else ''
        current = Placement(name, incarnation.boot, incarnation.epoch, request)
        if placement is None or attrs.evolve(placement, request=request) != current:
            self._place(namespec, current)
        if intent is not None and not intent.running:
            self._against.setdefault(namespec, self.core.mono + self.core.timing.enforce_delay)
        else:
            self._against.pop(namespec, None)

    def _look_at_ended(self, namespec: str, placement: Placement) -> None:
        """It ran there and does not any more: it has ended by itself, or was lost with the instance."""
        peer = self.peers.get(placement.identifier)
        if peer is None or peer.state is InstanceState.CHECKING:
            return
        if peer.running and self._boot(peer) == placement.boot:
            removed = self.inventory.record(namespec, placement.identifier) is None
            if removed or not peer.status.leaving:
                self._end(namespec, placement)
        elif not peer.running and self.core.mono < peer.expected:
            self._revisit[namespec] = peer.expected
        elif not peer.running and peer.left > NEVER and self.core.mono < peer.left + self.core.options.failure_timeout:
            self._revisit[namespec] = peer.left + self.core.options.failure_timeout
        else:
            self._repair(namespec, placement)

    def _boot(self, peer: Peer) -> str:
        return peer.incarnation.boot if peer.incarnation else ''

    def _end(self, namespec: str, placement: Placement) -> None:
        self._place(namespec, attrs.evolve(placement, ended=True))

    def _place(self, namespec: str, placement: Placement) -> None:
        self.replication.write(placement_item(namespec, self.replication.version(), placement))

    def _repair(self, namespec: str, placement: Placement) -> None:
        record = self.ledger.request(placement.request)
        if record is not None and not record.done:
            # the request that started it is still under way: the job that resumes it starts it again
            self._revisit[namespec] = self.core.mono + 1.0
            return
        intent = self.ledger.intent(namespec)
        group, name = split_namespec(namespec)
        rules = self.rules.program(group, name or '')
        if intent is not None and not intent.running:
            self._end(namespec, placement)
        elif rules.running_failure_strategy is not RunningFailureStrategy.RESTART_PROCESS:
            self.core.log(
                'warn',
                f'{namespec} lost with {placement.identifier}: nothing is done, its strategy is '
                f'{rules.running_failure_strategy.name} and only RESTART_PROCESS is applied yet',
            )
            self._end(namespec, placement)
        else:
            self.core.log('warn', f'{namespec} lost with {placement.identifier}: RESTART_PROCESS')
            strategy = self.rules.application(group).starting_strategy
            self.jobs.add(self.planner.single_start([namespec], strategy))

    def start_ended(self, job: Job) -> None:
        """What could not be started again is looked at later."""
        for task in job.all_tasks():
            if self.ledger.placement(task.namespec) is not None and not self.inventory.running_where(task.namespec):
                delay = self._delays.get(task.namespec, RETRY)
                self._delays[task.namespec] = min(2 * delay, RETRY_MAX)
                self._revisit[task.namespec] = self.core.mono + delay

    def _enforce_stop(self, namespec: str) -> None:
        del self._against[namespec]
        intent = self.ledger.intent(namespec)
        if intent is None or intent.running:
            return
        self.core.log('warn', f'{namespec} runs against a request to stop it: stopping it')
        self.jobs.add(Job(split_namespec(namespec)[0], False, stop_ranks=[[namespec]]))
        self._against[namespec] = self.core.mono + self.core.timing.order_timeout + self.core.timing.stop_margin
