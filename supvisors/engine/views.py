"""The answers to the reading methods, from the state of the engine (`view.EngineView`)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peer, Peers
from supvisors.engine.cluster.system import System
from supvisors.engine.messages import Status
from supvisors.engine.orchestration.display import Display
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.jobs import Jobs
from supvisors.engine.view import ApplicationView, InnerProcessView, InstanceView, ModesView, ProcessView
from supvisors.model.enums import InstanceState, SupvisorsState
from supvisors.model.identity import Identity, resolve
from supvisors.model.process import ProcessRecord, make_namespec
from supvisors.model.rules import ApplicationRules, ProgramRules

NAMESAKE_SHOWN = 10.0
"""For how long it is shown that two daemons have used one name, in seconds."""


class Views:
    """Base of the engine: what it shows."""

    peers: Peers
    inventory: Inventory
    display: Display
    jobs: Jobs
    election: Election
    system: System

    @property
    def state(self) -> SupvisorsState:
        return self.system.state

    @property
    def local(self) -> Identity:
        return self.identity(self.peers.local.name)

    @property
    def master(self) -> str:
        return self.election.master

    @property
    def starting_instances(self) -> Sequence[str]:
        return [peer.name for peer in self.peers.members() if peer.status.starting]

    @property
    def stopping_instances(self) -> Sequence[str]:
        return [peer.name for peer in self.peers.members() if peer.status.stopping]

    def resolve(self, name: str) -> list[str]:
        return [] if name == '*' else resolve((name,), self.peers.identities())

    def identity(self, identifier: str) -> Identity:
        return self.peers.identity(identifier)

    def identifiers(self) -> Sequence[str]:
        return list(self.peers)

    def core_identifiers(self) -> Sequence[str]:
        return resolve(self.peers.core.options.core_identifiers, self.peers.identities())

    def modes(self, identifier: str) -> ModesView:
        peer = self.peers[identifier]
        status = peer.status if peer.running else Status()
        return ModesView(
            self.identity(identifier),
            SupvisorsState(status.state),
            status.degraded,
            status.discovery,
            status.master,
            status.starting,
            status.stopping,
            {name: InstanceState(state) for name, state in status.instance_states.items()},
        )

    def instance(self, identifier: str) -> InstanceView:
        peer = self.peers[identifier]
        counter, mono, wall = peer.received
        return InstanceView(
            self.identity(identifier),
            peer.state,
            self.inventory.load(identifier) if peer.running else 0,
            peer.running and self.inventory.failed(identifier),
            peer.times.counter,
            peer.times.mono,
            peer.times.wall,
            counter,
            mono,
            wall,
            peer.loop_age,
            self._reason(peer),
            peer.info,
            peer.status.orphans,
        )

    def _reason(self, peer: Peer) -> str:
        if self.peers.core.mono - peer.namesake < NAMESAKE_SHOWN:
            return 'two daemons call themselves so: stop one, or correct its configuration'
        if peer.running:
            return 'silent here, although others reach it: nothing new starts there' if peer.suspect else ''
        if peer.refused:
            return f'REFUSED: {peer.refused}; correct one of both and restart it'
        return peer.problem or ('no answer yet' if peer.lost is None else 'lost, or stopped')

    # -- processes
    def applications(self) -> list[ApplicationView]:
        return [self.display.application(name) for name in self.inventory.groups()]

    def application(self, name: str) -> ApplicationView | None:
        return self.display.application(name) if self.inventory.group(name) else None

    def processes(self, group: str | None = None) -> list[ProcessView]:
        namespecs = self.inventory.namespecs() if group is None else self.inventory.group(group)
        return [self.display.process(namespec) for namespec in namespecs]

    def process(self, group: str, name: str) -> ProcessView | None:
        namespec = make_namespec(group, name)
        return self.display.process(namespec) if namespec in self.inventory else None

    def application_rules(self, name: str) -> ApplicationRules:
        return self.jobs.rules.application(name)

    def process_rules(self, group: str, name: str) -> ProgramRules:
        rules = self.jobs.rules.program(group, name)
        return attrs.evolve(rules, identifiers=self.jobs.sites.shown(make_namespec(group, name)))

    def conflicts(self) -> list[ProcessView]:
        managed = [name for name in self.inventory.groups() if self.jobs.rules.application(name).managed]
        return [view for name in managed for view in self.processes(name) if len(view.identifiers) > 1]

    def local_records(self) -> list[ProcessRecord]:
        return self.inventory.records_of(self.peers.local.name)

    def inner_processes(self, identifier: str) -> list[InnerProcessView]:
        identity = self.identity(identifier)
        return [
            InnerProcessView(identity, entry.record, entry.told, entry.has_crashed)
            for entry in self.inventory.entries_of(identifier)
        ]
