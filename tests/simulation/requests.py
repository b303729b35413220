"""Each request ends in exactly one outcome, the outcome is true, and a stop that was answered holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from supvisors.engine.commands import ADOPT_STOP, RESTART, SHUTDOWN, START_PROCESS, STOP_APPLICATION, STOP_PROCESS
from supvisors.engine.effects import Effect, Wake
from supvisors.engine.messages import Envelope, Replicate
from supvisors.model.enums import ProcessState
from tests.simulation.clients import Submission
from tests.simulation.world import Invariant, World

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.program import Program

STOPS = (STOP_PROCESS, STOP_APPLICATION, ADOPT_STOP)
CONTACT = 3.0
"""For how long after an outcome an instance must stay in touch to know of it for sure."""


@attrs.define
class Written:
    """An outcome that a Master has written. `told` once another instance has it."""

    master: str
    excused: bool
    told: bool = False


def _outcomes(body: Replicate) -> Iterator[tuple[str, tuple[int, str], str]]:
    for item in body.items:
        if item.request is not None and item.request.done:
            yield item.key, (item.request.code, item.request.text), item.version.master


class Requests(Invariant):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._seen = 0
        self._by_node: dict[str, list[Submission]] = {}
        self._written: dict[str, dict[tuple[int, str], Written]] = {}
        self._last_running: dict[str, float] = {}
        self._all_down = 0.0
        """When there was last nobody: nothing asked before is remembered."""

    def booted(self, node: Node) -> None:
        if len(self.world.alive()) == 1:
            self._all_down = self.world.now

    def changed(self, node: Node, program: Program) -> None:
        if program.state == ProcessState.RUNNING:
            self._last_running[program.namespec] = self.world.now

    # --- one outcome

    def sends(self, node: Node, to: tuple[str, ...], envelope: Envelope) -> None:
        """Note who writes an outcome, and whether a fault hid from it whoever had written another one before."""
        body = envelope.body
        if not isinstance(body, Replicate) or body.whole:
            return
        for key, outcome, master in _outcomes(body):
            written = self._written.setdefault(key, {})
            if master == node.name and outcome not in written:
                excused = any(self.world.health.hidden(master, other.master) for other in written.values())
                written[outcome] = Written(master, excused)

    def receives(self, node: Node, envelope: Envelope) -> None:
        """An outcome that another instance has been told is the only one, unless a fault explains a second one."""
        body = envelope.body
        if not isinstance(body, Replicate):
            return
        for key, outcome, _ in _outcomes(body):
            written = self._written.get(key, {})
            if outcome in written and not written[outcome].told:
                written[outcome].told = True
                told = {one: by for one, by in written.items() if by.told}
                if len(told) > 1 and not any(by.excused for by in told.values()):
                    self.world.failed('outcome', f'{key} was answered {told}')

    def executes(self, node: Node, effect: Effect) -> None:
        """A ticket wakes its waiter twice at most: when it is accepted, and when it is done."""
        if isinstance(effect, Wake):
            for submission in self._of(node):
                if submission.ticket.request == effect.request:
                    submission.woken += 1
                    if submission.woken > 2:
                        self.world.failed('outcome', f'{submission} was told of {submission.woken} times')

    def ran(self, node: Node) -> None:
        for submission in self._of(node):
            ticket = submission.ticket
            if submission.outcome is None:
                if ticket.done:
                    self._ended(submission)
            elif (ticket.code, ticket.text) != submission.outcome or not ticket.done:
                self.world.failed('outcome', f'the outcome of {submission} was {submission.outcome}, then {ticket}')

    def _of(self, node: Node) -> list[Submission]:
        submissions = self.world.clients.submissions
        while self._seen < len(submissions):
            self._by_node.setdefault(submissions[self._seen].node.name, []).append(submissions[self._seen])
            self._seen += 1
        return [one for one in self._by_node.get(node.name, ()) if not one.lost]

    # --- a true outcome

    def _ended(self, submission: Submission) -> None:
        world, ticket = self.world, submission.ticket
        submission.outcome = ticket.code, ticket.text
        submission.ended = world.now
        world.note('outcome', f'{submission}: {ticket.code} {ticket.text}')
        world.stats.requests['success' if ticket.code == 0 else f'fault {ticket.code}'] += 1
        if ticket.code != 0:
            return
        if submission.command.kind in STOPS:
            world.scheduler.after(CONTACT, self._witness, submission)
            if submission.command.kind != ADOPT_STOP:
                for namespec in submission.namespecs:
                    self._check_stopped(submission, namespec)
        elif submission.command.kind == START_PROCESS:
            for namespec in submission.namespecs:
                world.stats.checks['start is true'] += 1
                if self._last_running.get(namespec, -1.0) < submission.time and not self._where(namespec):
                    world.failed('answer', f'{submission} was answered a success, but it never ran')

    def _check_stopped(self, submission: Submission, namespec: str) -> None:
        world = self.world
        if any(self._concurrent(other, submission, namespec) for other in world.clients.submissions):
            return
        world.stats.checks['stop is true'] += 1
        asked = submission.node
        master = asked.engine.master if asked.engine is not None else ''
        for node in self._where(namespec):
            program = node.host.programs[namespec]
            hidden = any(world.health.hidden(node.name, other) for other in (asked.name, master or asked.name))
            if program.last_spawn_by == 'engine' and node.state == 'up' and not hidden:
                world.failed(
                    'answer',
                    f'{submission} was answered a success, but {namespec} is {program.state.name} on {node.name}',
                )

    def _where(self, namespec: str) -> list[Node]:
        return [
            node
            for node in self.world.alive()
            if namespec in node.host.programs and node.host.programs[namespec].present
        ]

    @staticmethod
    def _concurrent(other: Submission, stop: Submission, namespec: str) -> bool:
        return other.starts and namespec in other.namespecs and other.ended >= stop.time

    # --- a stop holds

    def _witness(self, submission: Submission) -> None:
        """Note who must know of the outcome: those in touch with its receiver since, and for a little before."""
        world, since = self.world, submission.ended - 1.0
        if not submission.lost:
            submission.witnesses = tuple(
                (node.name, node.life)
                for node in world.alive()
                if node is submission.node or not world.health.bad_since(node.name, submission.node.name, since)
            )

    def finish(self) -> None:
        for submission in self.world.clients.submissions:
            if (
                submission.outcome is None
                and not submission.lost
                and submission.command.kind not in (RESTART, SHUTDOWN)
            ):
                self.world.failed('no outcome', f'{submission} has not ended: {submission.ticket}')
            elif (
                submission.command.kind in STOPS
                and submission.outcome
                and submission.outcome[0] == 0
                and not self.world.finale
            ):
                self._check_held(submission)

    def _check_held(self, submission: Submission) -> None:
        world = self.world
        if submission.time < self._all_down or not any(
            world.nodes[name].life == life for name, life in submission.witnesses
        ):
            return
        if submission.command.kind == ADOPT_STOP and submission.one_copy:
            return
        for namespec in submission.namespecs:
            starts = [
                one
                for one in world.clients.submissions
                if one.starts
                and namespec in one.namespecs
                and (
                    one.ended >= submission.time
                    or (one.lost and one.outcome is None)
                    # taken on the other side of a cut: neither is the later one
                    or world.health.bad_since(one.node.name, submission.node.name, one.time)
                )
            ]
            autostarted = world.autostarted.get(namespec, -1.0) >= submission.time
            if starts or autostarted or world.scenario.programs[namespec].autostart:
                continue
            world.stats.checks['stop holds'] += 1
            for node in self._where(namespec):
                world.failed(
                    'stop undone',
                    f'{submission} was answered a success at {submission.ended:.3f}, nothing asked to '
                    f'start {namespec} since, and it runs on {node.name}',
                )
