"""Who is here: greeting, welcoming, counting out.

An instance that is not a member is greeted (`Hello`) until it answers with all that must be known of it (`Welcome`);
then it counts at
once: a join interrupts nothing. An incarnation that was counted out stays out: it is told so when it speaks, and
joins as a new one.
"""

from __future__ import annotations

from collections.abc import Callable

from supvisors.engine.cluster.handshake import contradiction, digest
from supvisors.engine.cluster.peers import FOREVER, NEVER, Peer, Peers
from supvisors.engine.cluster.tables import InstanceEvent
from supvisors.engine.core import Core
from supvisors.engine.messages import Claim, Envelope, Hello, SnapshotRequest, Status, Update, Welcome
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.model.enums import InstanceState
from supvisors.model.identity import Incarnation, Now

REMEMBERED_BOOTS = 16
NAMESAKE_PERIOD = 60.0
"""Between two lines of log about two daemons of one name, in seconds."""


class Membership:
    def __init__(
        self,
        core: Core,
        peers: Peers,
        inventory: Inventory,
        claim: Callable[[], Claim],
        on_member: Callable[[Peer], None],
        on_lost: Callable[[Peer], None],
    ) -> None:
        self.core = core
        self.peers = peers
        self.inventory = inventory
        self.claim = claim
        self.on_member = on_member
        self.on_lost = on_lost
        self.agreement = digest(core.settings)

    # -- what arrives
    def admit(self, peer: Peer, envelope: Envelope, now: Now) -> bool:
        """Take note of who speaks; True if the message may be handled."""
        incarnation = envelope.incarnation
        if incarnation.boot in peer.past and not self._is_back(peer, incarnation):
            return False
        if peer.lost is not None and incarnation.boot == peer.lost.boot and incarnation.epoch <= peer.lost.epoch:
            self._tell_evicted(peer, incarnation)
            return isinstance(envelope.body, Hello)
        if peer.incarnation != incarnation:
            if (
                peer.incarnation
                and incarnation.boot == peer.incarnation.boot
                and incarnation.epoch < peer.incarnation.epoch
            ):
                return False
            self._new_incarnation(peer, incarnation)
        self.peers.heard(peer, now)
        peer.suspect = False
        peer.term = envelope.term
        return True

    def _is_back(self, peer: Peer, incarnation: Incarnation) -> bool:
        """A boot that was replaced by another one speaks: a message that comes late, or a second daemon of that name.

        It is believed once it has joined anew, which it does when it is told, and when the other one is gone: counted
        out, or not heard any more (a probe would be answered by this one).
        """
        if incarnation.epoch <= peer.past[incarnation.boot]:
            self._tell_evicted(peer, incarnation)
        elif peer.running and self.core.mono - peer.last_heard <= self.core.options.failure_timeout:
            if self.core.mono - peer.namesake > NAMESAKE_PERIOD:
                remedy = 'stop one, or correct its configuration'
                self.core.log('warn', f'two daemons call themselves {peer.name}: {remedy}')
            peer.namesake = self.core.mono
        else:
            del peer.past[incarnation.boot]
            return True
        return False

    def _new_incarnation(self, peer: Peer, incarnation: Incarnation) -> None:
        known = peer.incarnation
        expected = NEVER
        if known is not None and known.boot == incarnation.boot:
            expected = self.core.mono + self.core.options.failure_timeout
            self.count_out(peer, 'it joins anew')
        elif known is not None:
            self.count_out(peer, 'it has started again')
        former = peer.lost
        if former is not None and former.boot != incarnation.boot:
            peer.past[former.boot] = former.epoch
            if len(peer.past) > REMEMBERED_BOOTS:
                del peer.past[next(iter(peer.past))]
        peer.incarnation = incarnation
        peer.lost = None
        peer.seq = 0
        peer.left, peer.expected, peer.deserted = NEVER, expected, FOREVER
        peer.agreed, peer.refused = False, ''
        peer.status = Status()
        self.peers.step(peer, InstanceEvent.MET)

    def hello(self, peer: Peer, body: Hello) -> None:
        if peer.incarnation is None or peer.state is InstanceState.STOPPED:
            return
        if peer.state is not InstanceState.ISOLATED:
            self._welcome(peer, want=not peer.running)
        elif not body.refuses:
            self._welcome(peer, want=False)

    def welcome(self, peer: Peer, envelope: Envelope, body: Welcome, now: Now) -> None:
        if peer.running and envelope.inventory_seq < peer.seq:
            return
        peer.info = body.info
        if not peer.running and (refused := contradiction(self.core.settings, peer)):
            self._refuse(peer, refused, body.want)
            return
        peer.agreed = True
        peer.status, peer.seq = body.status, envelope.inventory_seq
        self.peers.timed(peer, body.times, now)
        self.inventory.replace(peer.name, body.records, now.mono)
        if self.peers.step(peer, InstanceEvent.WELCOMED):
            self.peers.step(peer, InstanceEvent.ACTIVATED)
            self.inventory.membership_changed()
            self.core.log('warn', f'{self._named(peer)} is RUNNING')
            self.on_member(peer)
        if body.want:
            self._welcome(peer, want=False)

    def _refuse(self, peer: Peer, text: str, want: bool) -> None:
        """It stays out until it starts again: only then can its configuration be another one."""
        peer.refused = text
        if self.peers.step(peer, InstanceEvent.REFUSED):
            self.core.log('warn', f'{self._named(peer)} is refused: {text}; correct one of both and restart it')
        if want:
            self._welcome(peer, want=False)

    def update(self, peer: Peer, envelope: Envelope, body: Update, now: Now) -> None:
        if envelope.inventory_seq != peer.seq + 1:
            return
        peer.seq = envelope.inventory_seq
        if body.status is not None:
            peer.status = body.status
        self.inventory.apply(peer.name, body.records, body.removed, now.mono)

    def check_gap(self, peer: Peer, seq: int) -> None:
        """Any message tells how far the inventory of its sender has gone."""
        if peer.running and seq > peer.seq and self.core.mono - peer.asked_snapshot > self.core.timing.resend:
            peer.asked_snapshot = self.core.mono
            self.core.send((peer.name,), SnapshotRequest(), peer.incarnation)

    def snapshot_asked(self, peer: Peer) -> None:
        self._welcome(peer, want=False)

    # -- what goes out
    def _welcome(self, peer: Peer, want: bool) -> None:
        local = self.peers.local
        self.core.send(
            (peer.name,),
            Welcome(
                self.core.settings.info, local.status, local.times, tuple(self.inventory.records_of(local.name)), want
            ),
            peer.incarnation,
        )

    def _tell_evicted(self, peer: Peer, incarnation: Incarnation) -> None:
        if self.core.mono - peer.told > self.core.timing.resend:
            peer.told = self.core.mono
            self.core.send((peer.name,), Hello(self.claim(), incarnation, self.agreement), incarnation)

    def greet(self, wanted: Callable[[Peer], bool]) -> None:
        """Greet those that are not members, each in its own time."""
        for peer in self.peers.others():
            if peer.running or not peer.linked or not wanted(peer):
                continue
            refuses = peer.state is InstanceState.ISOLATED
            period = self.core.timing.greeting_refused if refuses else self.core.timing.hello_period
            # who waits for us to begin, or to end, must know at once
            news = refuses and peer.told_claim != self.claim()
            if news or self.core.mono >= peer.greeted + period:
                peer.greeted, peer.told_claim = self.core.mono, self.claim()
                hello = Hello(self.claim(), peer.lost, self.agreement, refuses)
                self.core.send((peer.name,), hello, peer.incarnation)
            self.core.wake_by(peer.greeted + period)

    # -- the end of an incarnation
    def count_out(self, peer: Peer, reason: str) -> None:
        """This incarnation is over for us, whatever it still says."""
        if peer.incarnation is None:
            return
        was_member = peer.running
        planned = peer.left > NEVER
        peer.lost, peer.incarnation = peer.incarnation, None
        peer.suspect, peer.refused = False, ''
        peer.status = Status()
        peer.claim = Claim()
        if not self.peers.step(peer, InstanceEvent.LOST):
            return
        self.peers.step(peer, InstanceEvent.ACKNOWLEDGED)
        self.inventory.lose(peer.name, self.core.mono)
        self.inventory.membership_changed()
        self.core.log('warn', f'{self._named(peer)} is {"STOPPED" if planned else "lost"}: {reason}')
        if was_member:
            self.on_lost(peer)

    def rejoin(self) -> None:
        """The others have counted us out: start anew, as a new incarnation."""
        core = self.core
        core.incarnation = Incarnation(core.incarnation.boot, core.incarnation.epoch + 1)
        core.term = 0
        for peer in self.peers.others():
            if peer.incarnation is not None:
                self.peers.step(peer, InstanceEvent.LOST)
                self.peers.step(peer, InstanceEvent.ACKNOWLEDGED)
            peer.incarnation = peer.lost = None
            peer.suspect, peer.greeted = False, NEVER
            peer.status, peer.claim = Status(), Claim()
            self.inventory.lose(peer.name, core.mono)
        self.inventory.membership_changed()

    def _named(self, peer: Peer) -> str:
        return self.peers.identity(peer.name).nick_identifier
