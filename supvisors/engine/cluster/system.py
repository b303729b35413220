"""The state of the system as the local instance sees it.

The synchronisation options, then what the Master publishes.
"""

from __future__ import annotations

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.tables import SYSTEM_TABLE, SystemEvent
from supvisors.engine.core import Core
from supvisors.model.enums import SupvisorsState, SynchroOption
from supvisors.model.identity import resolve

MASTER_EVENTS = {
    SupvisorsState.DISTRIBUTION: SystemEvent.MASTER_DISTRIBUTES,
    SupvisorsState.OPERATION: SystemEvent.MASTER_OPERATES,
    SupvisorsState.RESTARTING: SystemEvent.MASTER_RESTARTS,
    SupvisorsState.SHUTTING_DOWN: SystemEvent.MASTER_SHUTS_DOWN,
    SupvisorsState.FINAL: SystemEvent.MASTER_ENDS,
}
ENDING = (SupvisorsState.RESTARTING, SupvisorsState.SHUTTING_DOWN)


class System:
    def __init__(self, core: Core, peers: Peers, election: Election) -> None:
        self.core = core
        self.peers = peers
        self.election = election
        self.state = SupvisorsState.OFF
        self.ended_by = SupvisorsState.OFF
        """The state that led to FINAL: RESTARTING or SHUTTING_DOWN."""
        self._started = core.mono

    def step(self, event: SystemEvent) -> bool:
        """Apply an event; False when it changes nothing."""
        target = SYSTEM_TABLE[self.state, event]
        if target is self.state:
            return False
        if target is SupvisorsState.FINAL and self.state in ENDING:
            self.ended_by = self.state
        self.core.log('warn', f'Supvisors is in {target.name}')
        self.state = target
        return True

    def ready(self) -> None:
        self._started = self.core.mono
        self.step(SystemEvent.HOST_READY)

    def evaluate(self, master_state: SupvisorsState | None) -> None:
        """Move on.

        `master_state` is what the Master publishes (or what the local Master works at); None when there is none.
        """
        if self.state is SupvisorsState.SYNCHRONIZATION and master_state is None and self.synchronized():
            self.step(SystemEvent.SYNCHRONIZED)
        event = SystemEvent.NO_MASTER if master_state is None else MASTER_EVENTS.get(master_state)
        if event is not None:
            self.step(event)

    # -- initial conditions
    def synchronized(self) -> bool:
        """True when one of the selected options is satisfied."""
        options = self.core.options.synchro_options
        if SynchroOption.TIMEOUT in options:
            due = self._started + self.core.options.synchro_timeout
            if self.core.mono >= due:
                return True
            self.core.wake_by(due)
        return any(self._satisfied(option) for option in options)

    @property
    def degraded(self) -> bool:
        """True when an option about expected instances is selected and not satisfied."""
        expected = (SynchroOption.STRICT, SynchroOption.LIST, SynchroOption.CORE)
        return any(option in self.core.options.synchro_options and not self._satisfied(option) for option in expected)

    def _satisfied(self, option: SynchroOption) -> bool:
        members = {peer.name for peer in self.peers.members() if not peer.status.leaving}
        if option is SynchroOption.CORE:
            cores = set(resolve(self.core.options.core_identifiers, self.peers.identities()))
            return bool(cores) and cores <= members
        if option in (SynchroOption.STRICT, SynchroOption.LIST):
            return members >= set(self.peers)
        return False
