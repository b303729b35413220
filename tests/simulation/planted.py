"""Bugs planted in the real engine, one at a time: the simulator must catch each of them, or it proves nothing.

`PLANTED` maps a name to the bug and to a few seeds: at least one of them must fail, by one of the violations listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.membership import Membership
from supvisors.engine.cluster.monitor import Monitor
from supvisors.engine.cluster.peers import Peer
from supvisors.engine.cluster.synchro import Synchro
from supvisors.engine.effects import Wake
from supvisors.engine.engine import Engine
from supvisors.engine.orchestration.jobs import Jobs
from supvisors.engine.orchestration.obedience import Obedience
from supvisors.engine.orchestration.placer import Placer
from supvisors.engine.orchestration.requests import Requests
from supvisors.engine.orchestration.upkeep import Upkeep
from tests.simulation.scenario import focus
from tests.simulation.scenario_base import Scenario

SEEDS = tuple(range(0, 40, 2))
"""Enough for each bug, several times: the first violation of the right kind ends the search."""
Patch = Callable[[Any, str, Any], None]


@attrs.frozen
class Plant:
    """A bug: how it is planted, which seeds show it, and which violations it may cause."""

    apply: Callable[[Patch], None]
    seeds: tuple[int, ...]
    kinds: frozenset[str]
    faults: tuple[str, ...]
    """The kinds of faults that bring it to light: the scenarios get many of them; none: they are left as drawn."""

    def focus(self, scenario: Scenario) -> Scenario:
        return focus(scenario, self.faults, 14) if self.faults else scenario


@contextmanager
def planted(plant: Plant) -> Iterator[None]:
    """The engine has this bug inside the block, in this process only."""
    undo: list[tuple[Any, str, Any]] = []

    def patch(owner: Any, name: str, value: Any) -> None:
        undo.append((owner, name, owner.__dict__[name]))
        setattr(owner, name, value)

    plant.apply(patch)
    try:
        yield
    finally:
        for owner, name, value in reversed(undo):
            setattr(owner, name, value)


def _votes_twice(patch: Patch) -> None:
    """Terms are shared by all, and a vote is given to whoever asks."""
    patch(Election, '_next_term', lambda self: self.core.term + 1)
    patch(Election, '_refusal', lambda self, peer, envelope, state: '' if peer.running else 'not a member here')


def _obeys_the_past(patch: Patch) -> None:
    """An order of any term is obeyed."""
    real = Obedience.order

    def order(self: Obedience, master: str, term: int, order: Any) -> None:
        real(self, master, self.core.term, order)

    patch(Obedience, 'order', order)


def _lost_at_once(patch: Patch) -> None:
    """Who is silent is lost, whatever the others say."""

    def conclude(self: Monitor, peer: Peer, probe: Any) -> None:
        del self._probes[peer.name]
        self.count_out(peer, 'silent')

    patch(Monitor, '_conclude', conclude)


def _answers_twice(patch: Patch) -> None:
    """The outcome of a request is told twice."""
    real = Requests._settle

    def settle(self: Requests, ticket: Any, code: int, text: str) -> None:
        real(self, ticket, code, text)
        self.core.effects.append(Wake(ticket.request))

    patch(Requests, '_settle', settle)


def _forgets_intents(patch: Patch) -> None:
    """What the users want is forgotten when the Master changes."""
    real = Election._set_master

    def set_master(self: Election, name: str) -> None:
        if name != self.master:
            vars(type(self.ledger))['__init__'](self.ledger)
        real(self, name)

    patch(Election, '_set_master', set_master)


def _does_not_wait(patch: Patch) -> None:
    """All ranks are started at once."""

    def advance(self: Jobs, job: Any) -> None:
        for tasks in job.start_ranks:
            for task in tasks:
                self._advance_start_task(task, job.request)
        job.ended = all(task.finished for tasks in job.start_ranks for task in tasks)

    patch(Jobs, '_advance_start', advance)


def _obeys_again(patch: Patch) -> None:
    """An order that is sent again is obeyed again."""
    real = Obedience.order

    def order(self: Obedience, *arguments: Any) -> None:
        self._by_order.clear()
        real(self, *arguments)

    patch(Obedience, 'order', order)


def _leaving_is_lost(patch: Patch) -> None:
    """An instance that says that it leaves is counted out before its programs have ended."""
    real = Membership.update

    def update(self: Membership, peer: Peer, envelope: Any, body: Any, now: Any) -> None:
        real(self, peer, envelope, body, now)
        if peer.status.leaving:
            peer.past[envelope.incarnation.boot] = 1000
            self.count_out(peer, 'it leaves')

    patch(Membership, 'update', update)


def _joins_interrupt(patch: Patch) -> None:
    """The Master steps down whenever an instance joins."""
    real = Engine._member

    def member(self: Engine, peer: Peer) -> None:
        real(self, peer)
        if self.election.leading:
            self.election.step_down(hold=True)

    patch(Engine, '_member', member)


def _trusts_suspects(patch: Patch) -> None:
    """An instance that only others can hear gets new work."""
    real = Placer._candidate

    def candidate(self: Placer, namespec: str, name: str, more: str = '') -> Any:
        found = real(self, namespec, name, more)
        return attrs.evolve(found, reason='') if found.reason == 'does not answer' else found

    patch(Placer, '_candidate', candidate)


def _skips_gaps(patch: Patch) -> None:
    """Updates that were missed are not asked for."""
    patch(Membership, 'check_gap', lambda self, peer, seq: None)


def _never_repairs(patch: Patch) -> None:
    """What was lost with its instance is not started again."""
    patch(Upkeep, '_repair', lambda self, *arguments: None)


def _both_groups_go_on(patch: Patch) -> None:
    """Of two groups that refuse each other, none waits for the other."""
    patch(Synchro, '_is_held_back', lambda self: False)


def _joins_are_losses(patch: Patch) -> None:
    """As long as somebody joins, the initial conditions count as lost, and at once."""

    def lost(self: Synchro, strategy: Any) -> bool:
        joining = any(peer.linked and not peer.running for peer in self.peers.others())
        return joining and self.core.options.supvisors_failure_strategy is strategy

    patch(Synchro, 'lost', lost)


def _scatters(patch: Patch) -> None:
    """The processes of an application that must stay together start anywhere."""
    patch(Placer, '_on_one_instance', Placer._anywhere)
    patch(Placer, '_on_one_node', Placer._anywhere)


def _drops_arguments(patch: Patch) -> None:
    """The arguments that the users gave are left out of the orders."""
    real = Jobs._transmit

    def transmit(self: Jobs, task: Any) -> None:
        task.extra_args = ''
        real(self, task)

    patch(Jobs, '_transmit', transmit)


def _moves_removed(patch: Patch) -> None:
    """What has ended on an instance that lives is started elsewhere, whatever the reason."""
    real = Upkeep._look_at_ended

    def look_at_ended(self: Upkeep, namespec: str, placement: Any) -> None:
        if self.inventory.record(namespec, placement.identifier) is None:
            self._repair(namespec, placement)
        else:
            real(self, namespec, placement)

    patch(Upkeep, '_look_at_ended', look_at_ended)


def _plant(apply: Callable[[Patch], None], faults: str, kinds: str, seeds: tuple[int, ...] = SEEDS) -> Plant:
    return Plant(apply, seeds, frozenset(kinds.split(', ')), tuple(faults.split()))


PLANTED = {
    'votes_twice': _plant(_votes_twice, 'partition one_way crash', 'two masters, not settled, two copies'),
    'obeys_the_past': _plant(_obeys_the_past, 'freeze stall', 'order, two copies'),
    'lost_at_once': _plant(_lost_at_once, 'mute one_way', 'two copies'),
    'answers_twice': _plant(_answers_twice, 'crash', 'outcome'),
    'forgets_intents': _plant(_forgets_intents, 'crash', 'stop undone, liveness running', (30, 34, *SEEDS)),
    'does_not_wait': _plant(_does_not_wait, 'crash', 'rank'),
    'obeys_again': _plant(_obeys_again, 'stall lossy', 'order'),
    'leaving_is_lost': _plant(_leaving_is_lost, 'leave', 'two copies'),
    'joins_interrupt': _plant(_joins_interrupt, 'crash leave', 'needless election'),
    'trusts_suspects': _plant(_trusts_suspects, 'mute one_way', 'suspect'),
    'skips_gaps': _plant(_skips_gaps, 'lossy mute', 'not settled, liveness views, two copies'),
    'both_groups_go_on': _plant(_both_groups_go_on, 'clock_step', 'two copies', (32, 62, 64, 128)),
    'joins_are_losses': _plant(_joins_are_losses, '', 'not settled, liveness cluster', (5, 13, 46, 52)),
    'scatters': _plant(_scatters, '', 'apart', (100, 128, 138)),
    'drops_arguments': _plant(_drops_arguments, '', 'arguments', (48, 92)),
    'moves_removed': _plant(_moves_removed, '', 'needless start', (8, 12)),
    'never_repairs': _plant(_never_repairs, 'crash power_off', 'liveness running'),
}
