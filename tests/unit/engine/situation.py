"""The parts of one engine that say when the system may begin and how it is led, put in a situation by hand."""

from __future__ import annotations

from typing import Any

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.synchro import Synchro
from supvisors.engine.cluster.system import System
from supvisors.engine.cluster.tables import InstanceEvent
from supvisors.engine.core import Core
from supvisors.engine.effects import Log
from supvisors.engine.messages import Claim, Status
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.enums import SynchroOption
from supvisors.model.identity import Now
from tests.unit.engine.builders import ident, identity, settings

READY = 100.0
"""When the host was ready."""
MEMBER = (InstanceEvent.MET, InstanceEvent.WELCOMED, InstanceEvent.ACTIVATED)
LOST = (InstanceEvent.LOST, InstanceEvent.ACKNOWLEDGED)


class Situation:
    """The system as the first of these instances sees it."""

    def __init__(
        self,
        *options: SynchroOption,
        letters: str = 'abc',
        core: str = '',
        joined: bool | None = True,
        **values: Any,
    ) -> None:
        """`joined`: what the bus says of the multicast group at first, if there is one; None: nothing."""
        values |= {'synchro_options': frozenset(options), 'core_identifiers': tuple(core)}
        self.core = Core(settings(letters[0], letters, **values), Now(READY, 0.0))
        self.peers = Peers(self.core)
        self.synchro = Synchro(self.core, self.peers)
        self.election = Election(self.core, self.peers, Ledger(), self.synchro.preferred, lambda: None)
        self.system = System(self.core, self.synchro, self.election)
        self.system.ready()
        if self.core.options.multicast_group is not None and joined is not None:
            self.synchro.group_joined(joined)
        self.join(letters[0])

    def _step(self, letters: str, events: tuple[InstanceEvent, ...]) -> None:
        for letter in letters:
            for event in events:
                self.peers.step(self.peers[ident(letter)], event)

    def join(self, letters: str) -> None:
        self._step(letters, MEMBER)

    def lose(self, letters: str) -> None:
        self._step(letters, LOST)

    def meet(self, letters: str) -> None:
        self._step(letters, MEMBER[:1])

    def refuse(self, letter: str, master: str = '', size: int = 1, begun: bool = False) -> None:
        """That instance is refused, and says whom it follows, and how far it is."""
        self._step(letter, (InstanceEvent.MET, InstanceEvent.REFUSED))
        peer = self.peers[ident(letter)]
        peer.linked, peer.refused = True, 'this is 1 here and 2 there'
        peer.claim = Claim(ident(master) if master else '', size, begun)

    def discover(self, letters: str) -> None:
        for letter in letters:
            self.peers.add(identity(letter))

    def status(self, letter: str, **values: Any) -> None:
        self.peers[ident(letter)].status = Status(**values)

    def at(self, seconds: float) -> None:
        """So long after the host was ready."""
        self.core.now = Now(READY + seconds, 0.0)

    def synchronized(self, seconds: float = 0.0) -> bool:
        self.at(seconds)
        return self.synchro.synchronized()

    def logs(self, *levels: str) -> list[str]:
        """At these levels, or all."""
        return [
            one.text for one in self.core.effects if isinstance(one, Log) and (not levels or one.level in levels)
        ]
