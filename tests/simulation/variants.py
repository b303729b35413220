"""Other ways to form a system than a list that must be complete: a third of the seeds get one of them.

core        CORE, and a strategy when a Core instance is missing
user        USER: somebody answers `end_sync`, here or there
resync      STRICT or LIST, and back to the synchronization when somebody is missing
discovery   each knows itself only, and hears the beacons of the others
shutdown    CORE and SHUTDOWN: a late join is no loss, and the loss of a Core instance ends everything
contrary    one instance has another configuration until it is corrected and restarted
"""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs

from supvisors.model.enums import SupvisorsFailureStrategy, SynchroOption
from tests.simulation.scenario_base import Scenario

SHARE = 0.35
GROUP = ('239.0.0.1', 1234)
_STRATEGIES = (SupvisorsFailureStrategy.CONTINUE, SupvisorsFailureStrategy.RESYNC)


def vary(scenario: Scenario) -> Scenario:
    """The scenario, or a variant of it, as its seed says. Nobody stays away for good: conditions must come true."""
    rng = random.Random(f'{scenario.seed}/variant')
    if rng.random() >= SHARE:
        return scenario
    name = rng.choice(sorted(VARIANTS))
    coming_back = tuple(fault for fault in scenario.faults if not (fault.kind == 'crash' and fault.amount))
    return VARIANTS[name](rng, attrs.evolve(scenario, variant=name, faults=coming_back))


def _with(scenario: Scenario, *synchro: SynchroOption, **options: object) -> Scenario:
    changed = attrs.evolve(scenario.options, synchro_options=frozenset(synchro), **options)
    return attrs.evolve(scenario, options=changed)


def _core(rng: random.Random, scenario: Scenario) -> Scenario:
    chosen = rng.sample(scenario.identities, min(rng.randint(1, 3), len(scenario.identities)))
    cores = tuple(rng.choice((one.identifier, one.nick_identifier)) for one in chosen)
    return _with(
        scenario, SynchroOption.CORE, core_identifiers=cores, supvisors_failure_strategy=rng.choice(_STRATEGIES)
    )


def _user(rng: random.Random, scenario: Scenario) -> Scenario:
    return _with(scenario, SynchroOption.USER, supvisors_failure_strategy=rng.choice(_STRATEGIES))


def _resync(rng: random.Random, scenario: Scenario) -> Scenario:
    option = rng.choice((SynchroOption.STRICT, SynchroOption.LIST))
    return _with(scenario, option, supvisors_failure_strategy=SupvisorsFailureStrategy.RESYNC)


def _discovery(rng: random.Random, scenario: Scenario) -> Scenario:
    option = rng.choice((SynchroOption.LIST, SynchroOption.TIMEOUT))
    return _with(scenario, option, multicast_group=GROUP, synchro_timeout=5.0)


def _shutdown(rng: random.Random, scenario: Scenario) -> Scenario:
    late, *cores = rng.sample(range(len(scenario.identities)), 3)
    boots = tuple(at + 25.0 if index == late else at for index, at in enumerate(scenario.boots))
    changed = attrs.evolve(
        scenario, boots=boots, faults=(), calm=max(boots) + 20.0, requests=(), finale='lost', needed=cores[0]
    )
    return _with(
        changed,
        SynchroOption.CORE,
        core_identifiers=tuple(scenario.identities[index].identifier for index in cores),
        supvisors_failure_strategy=SupvisorsFailureStrategy.SHUTDOWN,
    )


def _contrary(rng: random.Random, scenario: Scenario) -> Scenario:
    corrected = max(scenario.boots) + rng.uniform(5.0, 40.0)
    changed = attrs.evolve(
        scenario,
        contrary=rng.randrange(len(scenario.identities)),
        corrected=corrected,
        calm=max(scenario.calm, corrected + 15.0),
    )
    return _with(changed, SynchroOption.TIMEOUT)


VARIANTS: dict[str, Callable[[random.Random, Scenario], Scenario]] = {
    'core': _core,
    'user': _user,
    'resync': _resync,
    'discovery': _discovery,
    'contrary': _contrary,
    'shutdown': _shutdown,
}
