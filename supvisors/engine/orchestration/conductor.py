"""The work of the Master.

Requests accepted, replicated, carried out, and answered; the automatic start; the end of the system.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from supvisors.engine import commands
from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.system import ENDING
from supvisors.engine.commands import Command, Refused
from supvisors.engine.core import Core
from supvisors.engine.orchestration.failures import Failures
from supvisors.engine.orchestration.jobs import Job, Jobs
from supvisors.engine.orchestration.ledger import Ledger, intent_item, request_item, request_of, subject_of
from supvisors.engine.orchestration.plans import NoResource, Planner, Stages
from supvisors.engine.orchestration.replication import Replication
from supvisors.engine.orchestration.upkeep import Upkeep
from supvisors.model.enums import FaultCode, SupvisorsState
from supvisors.model.ledger import Item, RequestRecord

ENDING_STATES = {commands.RESTART: SupvisorsState.RESTARTING, commands.SHUTDOWN: SupvisorsState.SHUTTING_DOWN}


@attrs.define(eq=False)
class Work:
    """One request being carried out. It begins once enough others hold it."""

    request: str
    command: Command
    index: int
    stages: Stages | None = None
    jobs: list[Job] = attrs.field(factory=list)
    """The jobs of the current stage and of those before."""
    current: list[Job] = attrs.field(factory=list)


class Conductor:
    def __init__(
        self,
        core: Core,
        peers: Peers,
        ledger: Ledger,
        election: Election,
        replication: Replication,
        jobs: Jobs,
        planner: Planner,
        upkeep: Upkeep,
        failures: Failures,
    ) -> None:
        self.core = core
        self.peers = peers
        self.ledger = ledger
        self.election = election
        self.replication = replication
        self.jobs = jobs
        self.planner = planner
        self.upkeep = upkeep
        self.failures = failures
        self.system_state = SupvisorsState.DISTRIBUTION
        self.ending = SupvisorsState.OFF
        self._works: dict[str, Work] = {}
        self._refused: dict[str, tuple[Refused, float]] = {}
        """The requests refused lately, oldest first, and until when that is remembered."""
        self._begun = False

    @property
    def starting(self) -> bool:
        return any(job.start for job in self.jobs.jobs)

    @property
    def stopping(self) -> bool:
        return any(not job.start for job in self.jobs.jobs)

    def reset(self) -> None:
        """The Master has changed: what was under way here is resumed from the ledger, by whoever leads."""
        self.jobs.clear()
        self._works.clear()
        self.planner.waiting.clear()
        self.upkeep.reset()
        self._begun = False
        self.system_state = SupvisorsState.DISTRIBUTION

    # -- requests
    def submit(self, request: str, command: Command) -> None:
        """Accept a request, once: sent again, it is followed by its record in the ledger. Raises `Refused`."""
        if self.ledger.request(request) is not None:
            return
        if request in self._refused:
            raise self._refused[request][0]
        try:
            command = self._checked(request, command)
        except Refused as refused:
            # a copy that arrives later must not be carried out: the client has been told
            self._refused[request] = refused, self.core.mono + self.core.timing.request_memory
            if isinstance(refused, NoResource):
                for namespec, why in refused.whys.items():
                    self.failures.note(namespec, why)
            raise
        if command.kind in ENDING_STATES:
            command = attrs.evolve(command, boots=self._boots())
        for namespec, intent in self.planner.intents(request, command):
            self.replication.write(intent_item(namespec, self.replication.version(), intent))
        record = RequestRecord(command.to_dict())
        self.replication.write(request_item(request, self.replication.version(), record))
        self.core.log('info', f'request {request} accepted: {command.kind} {command.target}')

    def _checked(self, request: str, command: Command) -> Command:
        """The command as it is recorded. Raises `Refused`."""
        if self.ledger.forgotten(request):
            raise Refused(FaultCode.FAILED, 'the request has ended long ago: its outcome is forgotten')
        if self.ending in ENDING and command.kind not in ENDING_STATES:
            raise Refused(FaultCode.BAD_SUPVISORS_STATE, f'Supvisors is in {self.system_state.name}')
        command = self.planner.settle(command)
        self.planner.check(command)
        return command

    def _boots(self) -> Iterable[str]:
        return (peer.incarnation.boot for peer in self.peers.members() if peer.incarnation)

    def noticed(self, items: Iterable[Item]) -> None:
        """The ledger has changed, here or because a member brought what it held: look at what that concerns."""
        for item in items:
            request = request_of(item)
            if item.failure is not None:
                # shown, and nothing is done about it
                continue
            if request is None:
                self.upkeep.noticed(subject_of(item))
            elif self._begun and item.request and not item.request.done and request not in self._works:
                self._take(request, Command.from_dict(item.request.command))

    def _take(self, request: str, command: Command) -> None:
        if command.kind in ENDING_STATES and self.core.incarnation.boot not in command.boots:
            # it was asked of a system that has ended: who has started since must not end again
            self._write_done(request, command, 0, '', {})
            return
        self._works[request] = Work(request, command, self.replication.index)
        self.planner.waiting.add(request)
        if command.kind in ENDING_STATES:
            self._begin_ending(command)

    def _begin_ending(self, command: Command) -> None:
        if self.ending in ENDING:
            return
        self.ending = self.system_state = ENDING_STATES[command.kind]
        self.jobs.cancel_starts(f'Supvisors is in {self.system_state.name}')

    # -- progress
    def prepare(self) -> None:
        """Know what is open, before anything is done about it."""
        if self.election.ready and not self._begun:
            self._begin()

    def evaluate(self) -> None:
        """Move everything on, as far as it goes now."""
        self.prepare()
        if not self.election.ready:
            return
        for work in list(self._works.values()):
            self._advance(work)
        if self.ending not in ENDING:
            self.upkeep.evaluate()
        ended = self.jobs.advance()
        for task in self.jobs.untold():
            self.failures.note(task.namespec, task.reason)
        for job in ended:
            self._ended(job)
        for work in list(self._works.values()):
            self._advance(work)
        if ended:
            # what was waiting for them begins at once
            self.core.wake_by(self.core.mono)
        self._evaluate_state()
        self._forget()

    def _begin(self) -> None:
        """A new Master takes over what the ledger says is open."""
        self._begun = True
        self.ending = SupvisorsState.OFF
        for request, record in self.ledger.open_requests():
            # written anew, so that enough others hold it before this Master acts on it
            self.replication.write(request_item(request, self.replication.version(), record))
        if self.ending not in ENDING:
            self.upkeep.begin()

    def _advance(self, work: Work) -> None:
        if work.stages is None:
            if not self.replication.held(work.index):
                return
            work.stages = self.planner.stages(work.request, work.command)
            self.planner.waiting.discard(work.request)
            begun = RequestRecord(work.command.to_dict(), begun=True)
            self.replication.write(request_item(work.request, self.replication.version(), begun))
        while all(job.ended for job in work.current):
            if not work.stages:
                self._finish(work)
                return
            work.current = work.stages.pop(0)
            work.jobs += work.current
            for job in work.current:
                self.jobs.add(job)

    def _finish(self, work: Work) -> None:
        if work.command.kind in ENDING_STATES:
            self.system_state = SupvisorsState.FINAL
            return
        del self._works[work.request]
        code, text = self.planner.outcome(work.command, work.jobs, work.request)
        if code:
            for namespec, intent in self.planner.undone(work.request, work.command, work.jobs):
                self.replication.write(intent_item(namespec, self.replication.version(), intent))
        seen = {
            task.target: self.peers.seq(task.target) for job in work.jobs for task in job.all_tasks() if task.target
        }
        self._write_done(work.request, work.command, int(code), text, seen)
        self.core.log(
            'info', f'request {work.request} ended: {work.command.kind} {work.command.target} {text or "done"}'
        )

    def _write_done(self, request: str, command: Command, code: int, text: str, seen: dict[str, int]) -> None:
        record = RequestRecord(command.to_dict(), True, True, code, text, seen)
        self.replication.write(request_item(request, self.replication.version(), record))

    def _ended(self, job: Job) -> None:
        for text in job.failures():
            self.core.log('warn', text)
        if job.start:
            self.upkeep.start_ended(job)
            if job.stop_application:
                self.jobs.add(self.planner.stop_job(job.application))

    def _evaluate_state(self) -> None:
        if self.system_state is SupvisorsState.DISTRIBUTION and not self.upkeep.distributing:
            self.system_state = SupvisorsState.OPERATION

    def _forget(self) -> None:
        while self._refused and next(iter(self._refused.values()))[1] <= self.core.mono:
            del self._refused[next(iter(self._refused))]
