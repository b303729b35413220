"""Which instances the rules give to a process, in order: its identifiers, those of its application, or its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supvisors.engine.cluster.peers import Peers
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.enums import DistributionRule
from supvisors.model.identity import resolve
from supvisors.model.process import split_namespec
from supvisors.model.rules import ApplicationRules, Rules
from supvisors.model.spreading import Spread, spread_application, spread_members


class Sites:
    """Worked out anew each time: a pure function of the rules, the instances, and where the members are."""

    def __init__(self, peers: Peers, inventory: Inventory, ledger: Ledger, rules: Rules) -> None:
        self.peers = peers
        self.inventory = inventory
        self.ledger = ledger
        self.rules = rules

    def of_process(self, namespec: str, places: Mapping[str, str] | None = None) -> list[str]:
        """`places`: where processes are about to be, beside where they are."""
        group, name = split_namespec(namespec)
        application = self.rules.application(group)
        if application.distribution is not DistributionRule.ALL_INSTANCES:
            return self.of_application(group, application)
        program = application.program(name or '')
        instances = self._resolve(program.identifiers)
        if program.spread is Spread.NONE:
            return instances
        found = spread_members(
            program.spread, instances, *self._members(namespec, group, application, instances, places or {})
        )
        mine = found.get(namespec)
        return [mine] if mine is not None else []

    def of_application(self, group: str, application: ApplicationRules) -> list[str]:
        instances = self._resolve(application.identifiers)
        if application.spread is Spread.NONE:
            return instances
        found = spread_application(group, instances)
        return [found] if found is not None else []

    def shown(self, namespec: str) -> tuple[str, ...]:
        """As the rules are shown: names as they are written, but for a spread, whose instance is told."""
        group, name = split_namespec(namespec)
        application = self.rules.application(group)
        single = application.distribution is not DistributionRule.ALL_INSTANCES
        rules = application if single else application.program(name or '')
        return rules.identifiers if rules.spread is Spread.NONE else tuple(self.of_process(namespec))

    def _resolve(self, names: Sequence[str]) -> list[str]:
        return resolve(names, self.peers.identities())

    def _members(
        self,
        namespec: str,
        group: str,
        application: ApplicationRules,
        instances: Sequence[str],
        places: Mapping[str, str],
    ) -> tuple[list[str], dict[str, str]]:
        """The processes of the same program that are spread the same way, by index, and where they are already."""
        if namespec not in self.inventory:
            return [], {}
        program, rules = self.inventory.program(namespec), application.program(_name(namespec))
        alike = [
            key
            for key in self.inventory.group(group)
            if self.inventory.program(key)[0] == program[0] and application.program(_name(key)).spread is rules.spread
        ]
        members = sorted(alike, key=lambda key: (self.inventory.program(key)[1], key))
        assigned = {key: place for key in members if (place := self._place(key, instances, places))}
        return members, assigned

    def _place(self, namespec: str, instances: Sequence[str], places: Mapping[str, str]) -> str:
        """Where a member is, will be, or was last: it is not moved."""
        last = self.ledger.last_placement(namespec)
        coming = [places[namespec]] if namespec in places else []
        known = [*self.inventory.where(namespec), *coming, *([last.identifier] if last else [])]
        return next((name for name in known if name in instances), '')


def _name(namespec: str) -> str:
    return split_namespec(namespec)[1] or ''



