"""Who does not follow the same Master as we do, and who of both gives in."""

from __future__ import annotations

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.handshake import is_stranger
from supvisors.engine.cluster.membership import Membership
from supvisors.engine.cluster.peers import Peer, Peers
from supvisors.engine.cluster.system import System
from supvisors.engine.core import Core
from supvisors.engine.messages import Envelope, Hello
from supvisors.model.enums import SupvisorsState
from supvisors.model.terms import election_number

_LEADERLESS = (SupvisorsState.SYNCHRONIZATION, SupvisorsState.ELECTION)


class Rivals:
    def __init__(self, core: Core, peers: Peers, membership: Membership, election: Election, system: System) -> None:
        self.core = core
        self.peers = peers
        self.membership = membership
        self.election = election
        self.system = system

    def hello(self, peer: Peer, envelope: Envelope, body: Hello) -> None:
        peer.claim = body.claim
        if is_stranger(peer, body, self.membership.agreement):
            self.membership.hello(peer, body)
        elif body.evicted == self.core.incarnation:
            self._evicted(peer, envelope, body)
        elif self.election.leading and (
            body.claim.master == peer.name or (peer.running and envelope.term > self.core.term)
        ):
            self.met(peer, envelope.term)
        elif self._waits_for_nothing(peer, envelope, body):
            self._rejoin(f'{peer.name}, which was counted out, leads {body.claim.size} instances')
        else:
            self.membership.hello(peer, body)

    def _waits_for_nothing(self, peer: Peer, envelope: Envelope, body: Hello) -> bool:
        """A Master that was counted out here lives, and leads others: they will never vote for one of us."""
        waiting = self.system.state in _LEADERLESS and not self.election.master
        return waiting and body.claim.master == peer.name and peer.lost == envelope.incarnation

    def _evicted(self, peer: Peer, envelope: Envelope, body: Hello) -> None:
        """That instance counts us out. We join anew, unless it is the one that will."""
        if self.election.leading:
            self.met(peer, envelope.term)
            if self.election.leading and peer.running and body.claim.master:
                # it is no member of ours: as long as it counts as one, our claim is larger than it is
                self.membership.count_out(peer, f'it has counted us out, and follows {body.claim.master}')
        elif peer.name == self.election.master or (
            not self.election.master and (body.claim.master or peer.name < self.core.name)
        ):
            self._rejoin(f'counted out by {peer.name}')

    def met(self, peer: Peer, term: int) -> None:
        """While we lead, an instance is met that does not follow us.

        A member that has left alone is counted out; one that has left with others proves that we were replaced while
        we did not look (a frozen daemon that resumes); one that has no Master yet will be one or the other. Otherwise
        two sides of a partition meet: the larger claim stays.
        """
        if peer.running and not peer.claim.master:
            self._deserted(peer)
        elif peer.running and term > self.core.term:
            if peer.claim.master == peer.name and peer.claim.size == 1:
                self.membership.count_out(peer, f'it has left for election {election_number(term)}')
            else:
                self._rejoin(f'{peer.name} follows {peer.claim.master} in election {election_number(term)}')
        elif peer.claim.master == peer.name and self.election.beaten_by(peer, term):
            for member in self.peers.other_members():
                hello = Hello(peer.claim, member.incarnation, self.membership.agreement)
                self.core.send((member.name,), hello, member.incarnation)
            self._rejoin(f'Master {peer.name} leads {peer.claim.size} instances')

    def _deserted(self, peer: Peer) -> None:
        """A member has counted us out and has no Master yet: if that lasts, it must join anew."""
        peer.deserted = min(peer.deserted, self.core.mono)
        if self.core.mono - peer.deserted > self.core.options.failure_timeout:
            peer.expected = self.core.mono + self.core.options.failure_timeout
            self.membership.count_out(peer, 'it has counted us out and finds no Master')

    def _rejoin(self, reason: str) -> None:
        self.core.log('warn', f'joining anew: {reason}')
        self.election.step_down(hold=True)
        self.membership.rejoin()
        self.peers.local.incarnation = self.core.incarnation
        self.system.evaluate(None)
