"""What the local instance knows of every instance, itself included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView

import attrs

from supvisors.engine.cluster.tables import INSTANCE_TABLE, InstanceEvent
from supvisors.engine.core import Core
from supvisors.engine.messages import Claim, Info, Status, Times
from supvisors.model.enums import InstanceState
from supvisors.model.identity import Identity, Incarnation, Now

NEVER = float('-inf')
FOREVER = float('inf')
STALLED = 2.0
"""A main loop that has not turned for so long, in seconds, counts as stalled."""
NO_TIMES = Times(0, 0.0, 0.0)


@attrs.define(eq=False)
class Peer:
    identity: Identity
    name: str = attrs.field(init=False)
    """Its identifier."""
    state: InstanceState = InstanceState.STOPPED
    incarnation: Incarnation | None = None
    lost: Incarnation | None = None
    """The last incarnation that was counted out: it is told so if it speaks again."""
    past: dict[str, int] = attrs.field(factory=dict)
    """The boots before the present one, and the last epoch of each: what arrives late of them is not believed."""
    namesake: float = NEVER
    """When two daemons were last heard under this one name."""
    linked: bool = False
    problem: str = ''
    problem_due: float = FOREVER
    """When a problem of its link that lasts is worth a line in the log."""
    info: Info | None = None
    status: Status = attrs.field(factory=Status)
    claim: Claim = attrs.field(factory=Claim)
    term: int = 0
    times: Times = NO_TIMES
    received: tuple[int, float, float] = (0, 0.0, 0.0)
    """Local counter and clocks when `times` was received."""
    loop_age: float = 0.0
    seq: int = 0
    """Number of the last update of its inventory that was applied."""
    ledger: tuple[int, int] = (0, 0)
    last_heard: float = NEVER
    greeted: float = NEVER
    told_claim: Claim = attrs.field(factory=Claim)
    """What it was told last of the leadership, while it is not a member."""
    told: float = NEVER
    """When it was last told that it is counted out."""
    asked_snapshot: float = NEVER
    probe_at: float = FOREVER
    """When its HTTP port is probed again, as long as the link stays down."""
    probe_delay: float = 0.0
    suspect: bool = False
    refused: str = ''
    """Why it is refused: where its configuration contradicts the local one."""
    agreed: bool = False
    """Its configuration is known, and does not contradict the local one."""
    deserted: float = FOREVER
    """Since when it says that it has counted us out, and has no Master."""
    expected: float = NEVER
    """Until when it is expected to join anew: it was counted out although it lives, and what it runs still runs."""
    left: float = NEVER
    """When it said goodbye, if it left on purpose."""

    @name.default
    def _identifier(self) -> str:
        return self.identity.identifier

    @property
    def running(self) -> bool:
        return self.state is InstanceState.RUNNING

    @property
    def stalled(self) -> bool:
        """Its bus beats, but its main loop hangs: it is no loss, and nothing can be expected of it."""
        return self.loop_age > STALLED


class Peers(Mapping[str, Peer]):
    """All known instances, in the order of the configuration, then of their discovery."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._peers = {identity.identifier: Peer(identity) for identity in core.settings.instances}
        self.local = self._peers[core.name]
        self._identities: tuple[int, dict[str, Identity]] | None = None
        self._members: tuple[int, tuple[Peer, ...]] | None = None
        self._states: tuple[int, dict[str, int]] | None = None
        self._others = tuple(peer for peer in self._peers.values() if peer is not self.local)
        self.changes = 0
        """Counts the changes of state: what depends on the members is worked out anew when it grows."""

    def add(self, identity: Identity) -> None:
        """One more instance, discovered."""
        self._peers[identity.identifier] = peer = Peer(identity)
        self._others += (peer,)
        self.changes += 1

    def __getitem__(self, name: str) -> Peer:
        return self._peers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._peers)

    def __len__(self) -> int:
        return len(self._peers)

    def values(self) -> ValuesView[Peer]:
        # those of Mapping look each one up
        return self._peers.values()

    def others(self) -> tuple[Peer, ...]:
        return self._others

    def members(self) -> tuple[Peer, ...]:
        """The instances that are RUNNING, the local one included."""
        # asked for several times in each turn, and it changes when a state does
        if self._members is None or self._members[0] != self.changes:
            self._members = self.changes, tuple(peer for peer in self._peers.values() if peer.running)
        return self._members[1]

    def other_members(self) -> list[Peer]:
        return [peer for peer in self.members() if peer is not self.local]

    def states(self) -> dict[str, int]:
        """The state of each instance. It is shared: not to be changed."""
        if self._states is None or self._states[0] != self.changes:
            self._states = self.changes, {name: int(peer.state) for name, peer in self._peers.items()}
        return self._states[1]

    def seq(self, name: str) -> int:
        """How far the inventory of an instance is known."""
        return self.core.inventory_seq if name == self.core.name else self._peers[name].seq

    def identities(self) -> dict[str, Identity]:
        """Identities with what the instances have said of themselves since."""
        if self._identities is None or self._identities[0] != self.changes:
            self._identities = self.changes, {name: self.identity(name) for name in self._peers}
        return self._identities[1]

    def identity(self, name: str) -> Identity:
        peer = self._peers[name]
        if peer.info is None:
            return peer.identity
        return attrs.evolve(
            peer.identity,
            nick=peer.identity.nick or peer.info.nick,
            # who is refused does not say who is a Core instance
            stereotypes=(peer.agreed and peer.info.stereotypes) or peer.identity.stereotypes,
        )

    def step(self, peer: Peer, event: InstanceEvent) -> bool:
        """Apply an event of the life cycle; False when it changes nothing."""
        target = INSTANCE_TABLE[peer.state, event]
        if target is peer.state:
            return False
        peer.state = target
        self.changes += 1
        return True

    def heard(self, peer: Peer, now: Now) -> None:
        peer.last_heard = max(peer.last_heard, now.mono)

    def timed(self, peer: Peer, times: Times, now: Now) -> None:
        peer.times = times
        peer.received = (self.local.times.counter, now.mono, now.wall)
