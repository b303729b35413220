"""The state of the system as the local instance sees it.

The synchronisation options, then what the Master publishes; and back to the synchronization when the initial conditions
are lost and RESYNC says so.
"""

from __future__ import annotations

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.synchro import Synchro
from supvisors.engine.cluster.tables import SYSTEM_TABLE, SystemEvent
from supvisors.engine.core import Core
from supvisors.model.enums import SupvisorsFailureStrategy, SupvisorsState

MASTER_EVENTS = {
    SupvisorsState.DISTRIBUTION: SystemEvent.MASTER_DISTRIBUTES,
    SupvisorsState.OPERATION: SystemEvent.MASTER_OPERATES,
    SupvisorsState.RESTARTING: SystemEvent.MASTER_RESTARTS,
    SupvisorsState.SHUTTING_DOWN: SystemEvent.MASTER_SHUTS_DOWN,
    SupvisorsState.FINAL: SystemEvent.MASTER_ENDS,
}
ENDING = (SupvisorsState.RESTARTING, SupvisorsState.SHUTTING_DOWN)
AT_WORK = (SupvisorsState.ELECTION, SupvisorsState.DISTRIBUTION, SupvisorsState.OPERATION, SupvisorsState.CONCILIATION)


class System:
    def __init__(self, core: Core, synchro: Synchro, election: Election) -> None:
        self.core = core
        self.synchro = synchro
        self.election = election
        self.state = SupvisorsState.OFF
        self.ended_by = SupvisorsState.OFF
        """The state that led to FINAL: RESTARTING or SHUTTING_DOWN."""
        self.resuming = False
        """In ELECTION: the next Master ends what the lost one had begun, whatever the conditions."""

    def step(self, event: SystemEvent) -> bool:
        """Apply an event; False when it changes nothing."""
        target = SYSTEM_TABLE[self.state, event]
        if target is self.state:
            return False
        if target is SupvisorsState.FINAL and self.state in ENDING:
            self.ended_by = self.state
        self.core.log('warn', f'Supvisors is in {target.name}')
        self.resuming = target is SupvisorsState.ELECTION and self.state in ENDING
        self.state = target
        self.election.begun = target not in (SupvisorsState.OFF, SupvisorsState.SYNCHRONIZATION)
        return True

    def ready(self) -> None:
        self.synchro.ready()
        self.step(SystemEvent.HOST_READY)

    def evaluate(self, master_state: SupvisorsState | None) -> None:
        """Move on.

        `master_state` is what the Master publishes (or what the local Master works at); None when there is none.
        """
        if self.state is SupvisorsState.SYNCHRONIZATION and master_state is None and self.synchro.synchronized():
            self.step(SystemEvent.SYNCHRONIZED)
        event = SystemEvent.NO_MASTER if master_state is None else MASTER_EVENTS.get(master_state)
        if event is not None:
            self.step(event)
        if self.state in AT_WORK and not self.resuming:
            self.synchro.watch()
            if master_state is None and self.synchro.lost(SupvisorsFailureStrategy.RESYNC):
                self.resync()

    def resync(self) -> None:
        """Back to the synchronization, without a Master: what runs goes on."""
        self.core.log('warn', 'the initial conditions are lost: RESYNC')
        self.election.step_down()
        self.step(SystemEvent.CONDITIONS_LOST)
        self.synchro.begin()
