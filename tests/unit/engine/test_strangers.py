"""An instance that is no member, and never was, is no reason to shut down or to start again."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine import events
from supvisors.model.enums import SupvisorsFailureStrategy as Strategy
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from supvisors.model.identity import Identity
from tests.unit.engine.harness import World

OURS = {'strategies': {'starting_strategy': 'CONFIG'}}
THEIRS = {'strategies': {'starting_strategy': 'LOCAL'}}
GROUP: dict[str, Any] = {'multicast_group': ('239.0.0.1', 7777), 'synchro_options': frozenset((O.LIST,))}


def stay(world: World) -> None:
    for _ in range(100):
        world.run(0.2)
        assert {world.state(letter) for letter in 'ab'} == {S.OPERATION}


@pytest.mark.parametrize('strategy', [Strategy.RESYNC, Strategy.SHUTDOWN])
def test_a_beacon_of_one_that_never_joins_loses_no_conditions(strategy: Strategy) -> None:
    """Beacons are not authenticated: one datagram would end the whole system."""
    world = World('ab', **GROUP, supvisors_failure_strategy=strategy)
    world.run(5.0)
    assert world.operating()
    for letter in 'ab':
        world[letter].observe(events.Discovered(Identity('x', 1, 'x')))
    stay(world)


@pytest.mark.parametrize('strategy', [Strategy.RESYNC, Strategy.SHUTDOWN])
def test_one_that_is_discovered_and_refused_loses_no_conditions(strategy: Strategy) -> None:
    own = {'c': {'agreement': THEIRS}}
    world = World('abc', known={'a': 'ab', 'b': 'ab', 'c': 'c'}, boot='ab', own=own, agreement=OURS, **GROUP,
                  supvisors_failure_strategy=strategy)
    world.run(5.0)
    assert world.operating()
    world['c'].boot()
    for letter in 'ab':
        world[letter].hears_beacon(world['c'])
        world['c'].hears_beacon(world[letter])
    stay(world)


@pytest.mark.parametrize('strategy', [Strategy.RESYNC, Strategy.SHUTDOWN])
def test_the_core_stereotype_of_one_that_is_refused_loses_no_conditions(strategy: Strategy) -> None:
    own = {'a': {'stereotypes': ('@core',)}, 'c': {'stereotypes': ('@core',), 'agreement': THEIRS}}
    world = World('abc', boot='ab', own=own, agreement=OURS, core_identifiers=('@core',),
                  synchro_options=frozenset((O.CORE,)), supvisors_failure_strategy=strategy)
    world.run(5.0)
    assert world.operating() and world.leaders() == 'a'
    world['c'].boot()
    stay(world)
