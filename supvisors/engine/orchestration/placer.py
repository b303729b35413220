"""Where a process would start now: the rules, the distribution of its application, and the load of the instances."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from supvisors.engine.cluster.peers import Peer, Peers
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.placement import Candidate, Choice, choose
from supvisors.engine.orchestration.sites import Sites
from supvisors.model.enums import DistributionRule, StartingStrategy
from supvisors.model.process import split_namespec
from supvisors.model.rules import Rules

Held = Callable[[str, str], str]
"""From a process and an instance: why it must not start there now, although the rules say nothing against it."""


@attrs.define
class Plan:
    """What is on its way and not seen yet: where processes will be, and the load that they bring."""

    places: dict[str, str] = attrs.field(factory=dict)
    loads: dict[str, int] = attrs.field(factory=dict)

    def add(self, namespec: str, identifier: str, loading: int) -> None:
        self.places[namespec] = identifier
        self.loads[identifier] = self.loads.get(identifier, 0) + loading

    def remove(self, namespec: str, loading: int) -> None:
        """It has ended: its load is gone, and the rest of its application follows it all the same."""
        self.loads[self.places[namespec]] -= loading


class Placer:
    def __init__(self, peers: Peers, inventory: Inventory, sites: Sites, rules: Rules, held: Held) -> None:
        self.peers = peers
        self.inventory = inventory
        self.sites = sites
        self.rules = rules
        self.held = held

    def choose(self, namespec: str, strategy: StartingStrategy, local: str, plan: Plan) -> Choice:
        """Where a process would start. `local` is what LOCAL means; nothing is changed."""
        group = split_namespec(namespec)[0]
        pick = {
            DistributionRule.ALL_INSTANCES: self._anywhere,
            DistributionRule.SINGLE_INSTANCE: self._on_one_instance,
            DistributionRule.SINGLE_NODE: self._on_one_node,
        }[self.rules.application(group).distribution]
        return pick(namespec, _Query(group, strategy, local, plan))

    # -- the three distributions
    def _anywhere(self, namespec: str, query: _Query) -> Choice:
        candidates = [self._candidate(namespec, name) for name in self.sites.of_process(namespec, query.plan.places)]
        return self._pick(candidates, self.loading(namespec), query)

    def _on_one_instance(self, namespec: str, query: _Query) -> Choice:
        """Where the others are; or else where all of them can be, and have room together."""
        homes = self._homes(namespec, query)
        candidates = [
            self._candidate(namespec, name, self._not_home(name, homes) if homes else self._lacks(query.group, [name]))
            for name in self.sites.of_process(namespec)
        ]
        return self._pick(candidates, self._needed(namespec, query, bool(homes)), query)

    def _on_one_node(self, namespec: str, query: _Query) -> Choice:
        """The node of the others, or else one chosen for all of them; then an instance of it for this process."""
        names = self.sites.of_process(namespec)
        nodes = {self._node_of(name) for name in self._homes(namespec, query)}
        refusals: dict[str, str] = {}
        if not nodes:
            everywhere = [self._node_candidate(query.group, name, names) for name in names]
            whole = self._pick(everywhere, self._needed(namespec, query, False), query)
            if not whole.identifier:
                return whole
            nodes, refusals = {self._node_of(whole.identifier)}, dict(whole.refusals)
        here = [self._candidate(namespec, name) for name in names if self._node_of(name) in nodes]
        choice = self._pick(here, self.loading(namespec), query)
        other = f'the application is on node {", ".join(sorted(nodes))} (SINGLE_NODE)'
        elsewhere = {name: refusals.get(name, other) for name in names if self._node_of(name) not in nodes}
        return Choice(choice.identifier, {**elsewhere, **choice.refusals})

    def _pick(self, candidates: list[Candidate], loading: int, query: _Query) -> Choice:
        members = self.peers.members()
        nodes = {peer.name: self._node(peer) for peer in members}
        loads = {peer.name: self.inventory.load(peer.name) + query.plan.loads.get(peer.name, 0) for peer in members}
        return choose(query.strategy, candidates, loading, loads, nodes, query.local)

    # -- the application
    def _homes(self, namespec: str, query: _Query) -> set[str]:
        """Where its other processes are, or will be."""
        others = [key for key in self.inventory.group(query.group) if key != namespec]
        planned = {query.plan.places[key] for key in others if key in query.plan.places}
        return planned.union(*(self.inventory.where(key) for key in others))

    def _not_home(self, name: str, homes: set[str]) -> str:
        if not homes or name in homes:
            return ''
        return f'the application is on {", ".join(sorted(homes))} (SINGLE_INSTANCE)'

    def _needed(self, namespec: str, query: _Query, begun: bool) -> int:
        """Its own load once the application is somewhere; before, that of all that will come."""
        if begun:
            return self.loading(namespec)
        rules = self.rules.application(query.group)
        coming = {key for key in self.inventory.group(query.group) if rules.program(_name(key)).start_sequence}
        return sum(self.loading(key) for key in coming | {namespec})

    def _lacks(self, group: str, names: Iterable[str]) -> str:
        """What these instances cannot run of the application; empty if nothing."""
        for key in self.inventory.group(group):
            records = [self.inventory.record(key, name) for name in names]
            if not any(records):
                return f'{key} not configured'
            if all(record is None or record.disabled for record in records):
                return f'{key} disabled'
        return ''

    def _node_candidate(self, group: str, name: str, names: list[str]) -> Candidate:
        """An instance, for the node that it is on: the whole application must find what it needs there."""
        node = self._node_of(name)
        here = [other for other in names if self._node_of(other) == node and not self._unfit(self.peers[other])]
        return Candidate(name, node, self._unfit(self.peers[name]) or self._lacks(group, here))

    # -- one instance
    def _candidate(self, namespec: str, name: str, more: str = '') -> Candidate:
        peer = self.peers[name]
        record = self.inventory.record(namespec, name)
        reason = self._unfit(peer)
        if not reason and record is None:
            reason = 'program not configured'
        if not reason and record is not None and record.disabled:
            reason = 'program disabled'
        return Candidate(name, self._node(peer), reason or self.held(namespec, name) or more)

    def _unfit(self, peer: Peer) -> str:
        if not peer.running:
            return peer.state.name
        if peer.status.leaving:
            return 'leaving'
        if peer.suspect:
            return 'does not answer'
        return f'its main loop is stalled for {peer.loop_age:.0f} s' if peer.stalled else ''

    def _node(self, peer: Peer) -> str:
        return (peer.info.machine_id if peer.info else '') or peer.identity.host_id

    def _node_of(self, name: str) -> str:
        return self._node(self.peers[name])

    def loading(self, namespec: str) -> int:
        group, name = split_namespec(namespec)
        return self.rules.program(group, name or '').expected_loading


@attrs.frozen
class _Query:
    """What is asked, beside the process."""

    group: str
    strategy: StartingStrategy
    local: str
    plan: Plan


def _name(namespec: str) -> str:
    return split_namespec(namespec)[1] or ''
