"""Starts that failed where no event of the process tells it: no instance could take it, or the one chosen fell silent.

Such a process is shown FATAL, with the reason, on all instances. That is derived from the ledger and the inventory, and
is never looked at when something is started or stopped.
"""

from __future__ import annotations

from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.ledger import Ledger, failure_item
from supvisors.engine.orchestration.replication import Replication
from supvisors.model.enums import STOPPED_STATES, ProcessState
from supvisors.model.ledger import Failure
from supvisors.model.process import ProcessRecord

_HIDDEN = STOPPED_STATES | {ProcessState.STARTING}
"""The states that a failure hides. What is more than STARTING lives: it is shown as it is."""


class Failures:
    def __init__(self, inventory: Inventory, ledger: Ledger, replication: Replication) -> None:
        self.inventory = inventory
        self.ledger = ledger
        self.replication = replication

    def reason(self, namespec: str) -> str:
        """Why the process is shown FATAL; empty if it is shown as it is."""
        failure = self.ledger.failure(namespec)
        return failure.reason if failure is not None and self._holds(namespec, failure) else ''

    def _holds(self, namespec: str, failure: Failure) -> bool:
        """Nothing has happened to the process since, and nobody has asked for anything."""
        return failure.request == self._request(namespec) and not any(
            _overtaken(failure, name, record) for name, record in self.inventory.records(namespec)
        )

    def _request(self, namespec: str) -> str:
        intent = self.ledger.intent(namespec)
        return intent.request if intent is not None else ''

    # -- at the Master
    def note(self, namespec: str, reason: str) -> None:
        """A start of the process has failed, and no event will tell."""
        records = self.inventory.records(namespec)
        events = {name: record.event_mono for name, record in records if record.event_mono}
        disabled = tuple(sorted(name for name, record in records if record.disabled))
        failure = Failure(reason, self._request(namespec), events, disabled)
        if records and failure != self.ledger.failure(namespec):
            self._write(namespec, failure)

    def look_at(self, namespec: str) -> None:
        """Forget what does not hold any more: the next start of its instance must not make it hold again."""
        failure = self.ledger.failure(namespec)
        if failure is not None and not (namespec in self.inventory and self._holds(namespec, failure)):
            self._write(namespec, Failure())

    def _write(self, namespec: str, failure: Failure) -> None:
        self.replication.write(failure_item(namespec, self.replication.version(), failure))


def _overtaken(failure: Failure, name: str, record: ProcessRecord) -> bool:
    """Something has happened to the process there. A daemon that has just started knows of no event at all."""
    later = record.event_mono not in (0.0, failure.events.get(name, 0.0))
    enabled = name in failure.disabled and not record.disabled
    return later or enabled or record.state not in _HIDDEN
