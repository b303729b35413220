"""The requests that the local instance received: carried to the Master until their outcome is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from supvisors.engine import commands
from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.engine.core import Core
from supvisors.engine.effects import Wake
from supvisors.engine.messages import Submit, SubmitRefused
from supvisors.engine.orchestration.ledger import Ledger, request_of
from supvisors.model.enums import FaultCode
from supvisors.model.ledger import Item, RequestRecord

_STARTS = (
    commands.START_APPLICATION,
    commands.START_PROCESS,
    commands.RESTART_APPLICATION,
    commands.RESTART_PROCESS,
    commands.START_ANY_PROCESS,
    commands.RESTART_SEQUENCE,
)
_STOPS = (commands.STOP_APPLICATION, commands.STOP_PROCESS)

_ENDS = (commands.RESTART, commands.SHUTDOWN)

SHOWN_WAIT = 2.0
"""An outcome is told at the latest after this, in seconds, even if our view of an instance lags behind it."""


class Requests:
    def __init__(
        self, core: Core, peers: Peers, election: Election, ledger: Ledger, submit: Callable[[str, Command], None]
    ) -> None:
        self.core = core
        self.peers = peers
        self.election = election
        self.ledger = ledger
        self.submit = submit
        self._open: dict[str, Ticket] = {}
        self._sent: dict[str, float] = {}
        self._outcomes: dict[str, tuple[RequestRecord, float]] = {}
        """Outcomes not told yet, and until when they wait for our inventories to show them."""
        self._opened: dict[str, float] = {}
        self._led = core.mono
        """When there was last a Master."""
        self._number = 0

    @property
    def starting(self) -> bool:
        return any(ticket.command.kind in _STARTS for ticket in self._open.values())

    @property
    def stopping(self) -> bool:
        return any(ticket.command.kind in _STOPS for ticket in self._open.values())

    def open(self, command: Command) -> Ticket:
        """Follow a new request. Its identity is the incarnation that received it, and a number."""
        self._number += 1
        incarnation = self.core.incarnation
        ticket = Ticket(f'{self.core.name}/{incarnation.boot}/{self._number}', command)
        self._open[ticket.request] = ticket
        self._opened[ticket.request] = self.core.mono
        self._carry(ticket)
        return ticket

    def _carry(self, ticket: Ticket) -> None:
        self._sent[ticket.request] = self.core.mono
        self.core.wake_by(self.core.mono + self.core.timing.resend)
        if self.election.ready:
            try:
                self.submit(ticket.request, ticket.command)
            except Refused as refused:
                self._settle(ticket, refused.code, refused.text)
        elif self.election.master and not self.election.leading:
            self.core.send((self.election.master,), Submit(ticket.request, ticket.command.to_dict()))

    def evaluate(self) -> None:
        """Send again what was not accepted (the ledger carries the rest), and give up what has no chance any more."""
        self._tell_outcomes()
        if self.election.master:
            self._led = self.core.mono
        for ticket in list(self._open.values()):
            # whichever way the record came: a new Master gets some with its votes
            record = self.ledger.request(ticket.request)
            if record is not None and ticket.request not in self._outcomes:
                self._follow(ticket, record)
            if ticket.done:
                continue
            if self.core.mono - self._led > self.core.timing.masterless_timeout:
                self._settle(ticket, FaultCode.FAILED, 'no Master could be reached: the outcome is unknown')
            elif (
                not ticket.accepted
                and self.core.mono - self._opened[ticket.request] > self.core.timing.masterless_timeout
            ):
                self._settle(ticket, FaultCode.FAILED, 'the Master does not answer: the outcome is unknown')
            else:
                self._insist(ticket)

    def _insist(self, ticket: Ticket) -> None:
        # an accepted one too, though rarely: the Master may have forgotten it while we were cut off
        period = self.core.timing.masterless_timeout if ticket.accepted else self.core.timing.resend
        if self.core.mono >= self._sent[ticket.request] + period:
            self._carry(ticket)
        self.core.wake_by(self._sent.get(ticket.request, self.core.mono) + period)

    def master_changed(self) -> None:
        """Tell the new Master at the next evaluation."""
        for request in self._sent:
            self._sent[request] = self.core.mono - self.core.timing.resend

    # -- outcomes
    def recorded(self, items: Iterable[Item]) -> None:
        """The ledger has changed: it holds the state of the requests that the Master has accepted."""
        for item in items:
            ticket = self._open.get(request_of(item) or '')
            if ticket is not None and item.request is not None:
                self._follow(ticket, item.request)

    def _follow(self, ticket: Ticket, record: RequestRecord) -> None:
        ticket.target = str(record.command.get('target', ''))
        if record.done:
            self._outcomes[ticket.request] = record, self.core.mono + SHOWN_WAIT
            self._tell_outcomes()
        elif record.begun and not ticket.accepted:
            ticket.accepted = True
            self.core.effects.append(Wake(ticket.request))

    def _tell_outcomes(self) -> None:
        for request, (record, deadline) in list(self._outcomes.items()):
            if self.core.mono >= deadline or all(self._shown(name, seq) for name, seq in record.seen.items()):
                del self._outcomes[request]
                self._settle(self._open[request], record.code, record.text)
            else:
                self.core.wake_by(deadline)

    def _shown(self, name: str, seq: int) -> bool:
        peer = self.peers.get(name)
        return peer is None or not peer.running or self.peers.seq(name) >= seq

    def refused(self, body: SubmitRefused) -> None:
        ticket = self._open.get(body.request)
        if ticket is not None:
            self._settle(ticket, body.code, body.text)

    def _settle(self, ticket: Ticket, code: int, text: str) -> None:
        del self._open[ticket.request]
        self._outcomes.pop(ticket.request, None)
        self._sent.pop(ticket.request, None)
        self._opened.pop(ticket.request, None)
        ticket.accepted, ticket.done = True, True
        ticket.code, ticket.text = int(code), text
        if code and ticket.command.kind in _ENDS:
            self.core.log('error', f'{ticket.command.kind} was answered True, but not carried out: {text}')
        self.core.effects.append(Wake(ticket.request))
