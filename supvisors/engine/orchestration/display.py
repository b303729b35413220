"""What users are shown of processes and applications: the inventory, and the starts that failed without an event."""

from __future__ import annotations

import attrs

from supvisors.engine.orchestration.applications import application_view
from supvisors.engine.orchestration.failures import Failures
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.view import ApplicationView, ProcessView
from supvisors.model.enums import ProcessState
from supvisors.model.rules import Rules


class Display:
    def __init__(self, inventory: Inventory, failures: Failures, rules: Rules) -> None:
        self.inventory = inventory
        self.failures = failures
        self.rules = rules

    def process(self, namespec: str) -> ProcessView:
        view = self.inventory.view(namespec)
        reason = self.failures.reason(namespec)
        if not reason:
            return view
        return attrs.evolve(view, state=int(ProcessState.FATAL), reason=reason)

    def application(self, name: str) -> ApplicationView:
        views = [self.process(namespec) for namespec in self.inventory.group(name)]
        return application_view(name, self.rules.application(name), views)
