"""Who leads: elections with terms.

* A term belongs to one instance (`model.terms`): no two can ever lead in the same one.
* An instance gives at most one vote in a term, only for a higher term than its own, and never while its Master lives.
* A candidate leads when every member that it sees has given its vote: an instance that does not answer is counted out
  first.
* A Master that hears a member speak of a higher term has been replaced, and steps down.
* Two Masters that meet (a partition heals): the one with the larger claim stays, the other steps down and joins anew.
"""

from __future__ import annotations

from collections.abc import Callable

from supvisors.engine.cluster.peers import NEVER, Peer, Peers
from supvisors.engine.core import Core
from supvisors.engine.messages import Claim, Envelope, Heartbeat, Vote, VoteRequest
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.enums import SupvisorsState
from supvisors.model.identity import resolve
from supvisors.model.ledger import Item
from supvisors.model.terms import election_number, next_term

PATIENCE = 6
"""In turns: for how many a candidate that nobody answers, or that a user does not want, leaves room to others."""
_NOT_LEADING = (SupvisorsState.SYNCHRONIZATION, SupvisorsState.FINAL)
"""States that a Master publishes when it is about to give up the lead."""
_NOT_VOTING = (SupvisorsState.OFF, SupvisorsState.FINAL)


class Election:
    def __init__(
        self,
        core: Core,
        peers: Peers,
        ledger: Ledger,
        preferred: Callable[[], str],
        on_change: Callable[[], None],
    ) -> None:
        """`preferred`: the member that a user wants as Master. `on_change`: the Master is another one, or none."""
        self.core = core
        self.peers = peers
        self.ledger = ledger
        self.preferred = preferred
        self.on_change = on_change
        self.master = ''
        self.since = core.mono
        """When there was last a Master, a vote or a rejoin: candidates stand in turn from then on."""
        self.hold_until = NEVER
        self.begun = False
        """The synchronization is over here."""
        self.catching_up: dict[str, int] = {}
        """What a new Master must know of the inventories of its voters before it acts."""
        self._votes: set[str] | None = None
        self._candidacy = 0
        """The term that we last stood for. Ours stays what it was until we are elected: a candidate deposes nobody."""
        self._known = 0
        self._attempts = 0
        self._standing = False
        self._next_try = NEVER

    @property
    def leading(self) -> bool:
        return self.master == self.core.name

    @property
    def ready(self) -> bool:
        """True when the local instance is Master and knows all that its voters have done."""
        return self.leading and not self.catching_up

    def claim(self) -> Claim:
        following = self.master and not self.leading
        return Claim(self.master, 0 if following else len(self.peers.members()), self.begun)

    # -- following
    def heartbeat(self, peer: Peer, envelope: Envelope, body: Heartbeat) -> None:
        peer.claim = body.claim
        mine = (body.members or {}).get(self.core.name) == self.core.incarnation
        if self.leading or body.claim.master != peer.name or not mine or envelope.term < self.core.term:
            return
        if peer.name == self.master and envelope.term > self.core.term:
            self._set_master('')
        if peer.name != self.master and body.system_state not in _NOT_LEADING:
            self.core.term = envelope.term
            self._set_master(peer.name)

    def check_term(self, peer: Peer, envelope: Envelope) -> None:
        """A member that lives in a higher term has voted for another Master."""
        if self.leading and peer.running and envelope.term > self.core.term and peer.claim.master != peer.name:
            number = election_number(envelope.term)
            self.core.log('warn', f'{peer.name} has voted in election {number}: no longer Master')
            self.step_down()

    def lost(self, peer: Peer) -> None:
        if peer.name == self.master:
            self.core.log('warn', f'Master {peer.name} lost')
            self._set_master('')
        if self._votes is not None:
            self._votes.discard(peer.name)
        self.catching_up.pop(peer.name, None)

    def step_down(self, hold: bool = False) -> None:
        if hold:
            self.hold_until = self.core.mono + self.core.options.failure_timeout
        self._votes = None
        self._set_master('')

    def _set_master(self, name: str) -> None:
        self._votes = None
        self.catching_up = {}
        self.since = self.core.mono
        if name != self.master:
            self.master = name
            number = election_number(self.core.term)
            self.core.log('warn', f'Master is {name}, election {number}' if name else 'no Master')
            self.on_change()

    def beaten_by(self, peer: Peer, term: int) -> bool:
        """True if the other Master keeps the lead when both have met."""
        mine = (self.claim().size, self.core.term, peer.name)
        theirs = (peer.claim.size, term, self.core.name)
        return theirs > mine

    # -- standing
    def stand(self, state: SupvisorsState) -> None:
        """Ask for the votes when it is our turn."""
        core, now = self.core, self.core.mono
        if state is not SupvisorsState.ELECTION or self.master:
            self._votes, self._standing = None, False
            return
        if not self._standing:
            self._standing, self.since, self._attempts = True, now, 0
        due = max(self.since + self._turn() * core.timing.vote_wait, self.hold_until, self._next_try)
        if now < due or self._is_led():
            core.wake_by(due if now < due else now + core.timing.vote_wait)
            return
        self._candidacy = self._next_term()
        self._votes = {core.name}
        self.catching_up = {}
        self._attempts += 1
        # longer and longer: a candidate that nobody answers leaves room to the next one
        self._next_try = now + core.timing.vote_wait * min(self._attempts, PATIENCE)
        core.wake_by(self._next_try)
        level = 'info' if self._attempts == 1 else 'debug'
        core.log(level, f'candidate in election {election_number(self._candidacy)}')
        core.send([peer.name for peer in self._voters()], VoteRequest(self._candidacy, self.ledger.digest))
        self._count()

    def _is_led(self) -> bool:
        """A member says that it is Master: its heartbeat will come."""
        return any(peer.status.master == peer.name and not peer.status.leaving for peer in self.peers.other_members())

    def _turn(self) -> float:
        """How long others may stand first: the best candidate stands at once."""
        preferred = self.preferred()
        if preferred:
            return 0.0 if preferred == self.core.name else PATIENCE
        cores = set(resolve(self.core.options.core_identifiers, self.peers.identities()))
        better = 0.0
        for peer in self.peers.other_members():
            if peer.status.leaving or peer.suspect or peer.status.state in _NOT_VOTING:
                continue
            if (peer.name not in cores, peer.name) < (self.core.name not in cores, self.core.name):
                better += 1
        return better

    def _next_term(self) -> int:
        heard = (peer.term for peer in self.peers.other_members())
        return next_term(max(self.core.term, self._candidacy, self._known, *heard), self.core.name)

    def _voters(self) -> list[Peer]:
        return [peer for peer in self.peers.other_members() if not peer.status.leaving and not peer.suspect]

    def vote_asked(self, peer: Peer, body: VoteRequest, state: SupvisorsState) -> str:
        """Give or refuse the vote; the answer says why it is refused, and is empty if it is given."""
        refused = self._refusal(peer, body.term, state)
        items: tuple[Item, ...] = ()
        if not refused:
            self.core.term = body.term
            self._set_master('')
            self.hold_until = max(self.hold_until, self.core.mono + self.core.timing.vote_wait)
            items = self.ledger.items() if self.ledger.digest != body.ledger_digest else ()
        self.core.send(
            (peer.name,), Vote(body.term, refused, max(self.core.term, self._candidacy), items), peer.incarnation
        )
        return refused

    def _refusal(self, peer: Peer, term: int, state: SupvisorsState) -> str:
        master = self.peers.get(self.master)
        if not peer.running:
            return 'not a member here'
        if state in _NOT_VOTING:
            return f'in state {state.name}'
        if master is not None and master is not peer and master.running and not master.status.leaving:
            return 'the Master lives'
        mine = self.core.term if self._votes is None else max(self.core.term, self._candidacy)
        if term <= mine:
            return f'already in election {election_number(mine)}'
        return ''

    def voted(self, peer: Peer, envelope: Envelope, body: Vote) -> None:
        if self._votes is None or body.term != self._candidacy:
            return
        if body.refused:
            self._known = max(self._known, body.known)
            if self._attempts <= PATIENCE:
                self._next_try = min(self._next_try, self.core.mono + self.core.timing.vote_wait / 4)
            self.core.wake_by(self._next_try)
        else:
            self.ledger.merge(body.items)
            self._votes.add(peer.name)
            self.catching_up[peer.name] = envelope.inventory_seq
            self._count()

    def _count(self) -> None:
        if self._votes is not None and all(peer.name in self._votes for peer in self._voters()):
            needed = self.catching_up
            self.core.term = self._candidacy
            self._set_master(self.core.name)
            self.catching_up = needed
            self.check_ready()

    def check_ready(self) -> None:
        """Forget the inventories that have caught up."""
        self.catching_up = {
            name: seq
            for name, seq in self.catching_up.items()
            if self.peers[name].running and self.peers[name].seq < seq
        }
