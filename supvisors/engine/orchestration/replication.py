"""How the ledger reaches all.

Written by the Master, acknowledged by two others (or all there are) before it acts on a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import NEVER, Peer, Peers
from supvisors.engine.core import Core
from supvisors.engine.messages import Heartbeat, LedgerOffer, Replicate, ReplicateAck
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.ledger import Item, Version

COPIES = 2
"""How many others must hold a request before the Master acts on it."""


class Replication:
    def __init__(
        self, core: Core, peers: Peers, ledger: Ledger, election: Election, on_items: Callable[[Iterable[Item]], None]
    ) -> None:
        self.core = core
        self.peers = peers
        self.ledger = ledger
        self.election = election
        self.on_items = on_items
        self.index = 0
        self._term = 0
        self._acked: dict[str, int] = {}
        self._resent: dict[str, float] = {}
        self._pending: list[Item] = []
        self._offered = NEVER

    def reset(self) -> None:
        """The Master has changed: indexes start again."""
        self.index = self._term = 0
        self._acked.clear()
        self._resent.clear()
        self._pending.clear()
        self._offered = NEVER

    # -- at the Master
    def version(self) -> Version:
        """The version of the next write: larger than all there are, even those of a former rival in a higher term."""
        self._begin()
        self.index += 1
        return Version(self._term, self.core.name, self.index)

    def _begin(self) -> None:
        if not self._term:
            self._term = max(self.core.term, self.ledger.top + 1)

    def write(self, item: Item) -> None:
        self.ledger.merge((item,))
        self._pending.append(item)
        self.on_items((item,))

    def flush(self) -> None:
        """Send what was written, and again to those that have not acknowledged in time."""
        if self._pending:
            self.core.send(
                [peer.name for peer in self.peers.other_members()], Replicate(self.index, tuple(self._pending))
            )
            self._pending.clear()
            for peer in self.peers.other_members():
                self._resent.setdefault(peer.name, self.core.mono)
        for peer in self.peers.other_members():
            self._resend(peer)

    def _resend(self, peer: Peer) -> None:
        if self.index == 0 or self._acked.get(peer.name, -1) >= self.index:
            self._resent.pop(peer.name, None)
            return
        due = self._resent.setdefault(peer.name, self.core.mono) + self.core.timing.resend
        if self.core.mono >= due:
            self.send_whole(peer)
            due = self.core.mono + self.core.timing.resend
        self.core.wake_by(due)

    def send_whole(self, peer: Peer) -> None:
        self._resent[peer.name] = self.core.mono
        self.core.send((peer.name,), Replicate(self.index, self.ledger.items(), whole=True), peer.incarnation)

    def acknowledged(self, peer: Peer, body: ReplicateAck, term: int) -> None:
        if term == self.core.term:
            self._acked[peer.name] = max(self._acked.get(peer.name, 0), body.index)
            self._resent[peer.name] = self.core.mono

    def forget(self, name: str) -> None:
        self._acked.pop(name, None)
        self._resent.pop(name, None)

    def held(self, index: int) -> bool:
        """True when enough others hold the ledger up to this index."""
        others = [peer for peer in self.peers.other_members() if not (peer.suspect or peer.stalled)]
        copies = sum(self._acked.get(peer.name, 0) >= index for peer in others)
        return copies >= min(COPIES, len(others))

    def offered(self, peer: Peer, items: Iterable[Item]) -> None:
        """A member brings what it holds: what is newer is taken and passed on."""
        self._begin()
        for item in self.ledger.merge(items):
            if item.version.term >= self._term:
                self._term = item.version.term + 1
            self.index += 1
            self._pending.append(item)
            self.on_items((item,))
        self.send_whole(peer)

    # -- at the others
    def replicate(self, peer: Peer, body: Replicate, term: int) -> None:
        if peer.name != self.election.master or term != self.core.term:
            return
        contiguous = body.whole or body.index - len(body.items) <= self.index
        self.on_items(self.ledger.merge(body.items))
        if contiguous:
            self.index = max(self.index, body.index)
        self.core.send((peer.name,), ReplicateAck(self.index), peer.incarnation)

    def compare(self, peer: Peer, body: Heartbeat) -> None:
        """The Master tells how far its ledger is: offer ours when it differs although nothing is on its way."""
        behind = body.ledger_index > self.index
        differs = body.ledger_index == self.index and body.ledger_digest != self.ledger.digest
        if (behind or differs) and self.core.mono - self._offered > self.core.timing.resend:
            self._offered = self.core.mono
            self.core.send((peer.name,), LedgerOffer(self.ledger.items() if differs else ()), peer.incarnation)
