"""Whether the initial conditions still hold once the system is at work."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.model.enums import SupvisorsFailureStrategy as Strategy
from supvisors.model.enums import SynchroOption as O
from tests.unit.engine.situation import READY, Situation

RESYNC: dict[str, Any] = {'supvisors_failure_strategy': Strategy.RESYNC}


@pytest.mark.parametrize(
    ('options', 'members', 'degraded'),
    [
        ([O.STRICT], 'b', True),
        ([O.STRICT], 'bc', False),
        ([O.CORE], 'b', False),
        ([O.CORE], 'c', True),
        ([O.CORE, O.LIST], 'b', True),
        ([O.USER, O.LIST], 'b', True),
        ([O.TIMEOUT], '', False),
        ([O.USER], '', False),
    ],
)
def test_degraded_means_that_an_expected_instance_is_missing(options: list[O], members: str, degraded: bool) -> None:
    situation = Situation(*options, core='b')
    situation.join(members)
    assert situation.synchro.degraded is degraded


def lost(situation: Situation, seconds: float) -> bool:
    """Whether the conditions count as lost at that time, as the system asks for it."""
    situation.at(seconds)
    situation.synchro.watch()
    return situation.synchro.lost(Strategy.RESYNC)


@pytest.mark.parametrize(
    ('options', 'gone', 'fails'),
    [
        ((O.STRICT,), 'b', True),
        ((O.LIST,), 'b', True),
        ((O.CORE,), 'b', True),
        ((O.CORE,), 'c', False),
        ((O.USER,), 'c', True),
        # the first one in the order USER, CORE, STRICT, LIST decides
        ((O.CORE, O.STRICT), 'c', False),
        ((O.CORE, O.LIST), 'c', False),
        ((O.USER, O.CORE), 'c', True),
        ((O.TIMEOUT,), 'bc', False),
        ((), 'bc', False),
    ],
)
def test_the_first_selected_option_decides_whether_the_conditions_are_lost(
    options: tuple[O, ...], gone: str, fails: bool
) -> None:
    situation = Situation(*options, core='b', failure_timeout=3.0, **RESYNC)
    situation.join('bc')
    assert not lost(situation, 10.0)
    situation.lose(gone)
    assert not lost(situation, 20.0)
    assert lost(situation, 23.0) is fails


def test_strict_decides_before_list() -> None:
    situation = Situation(O.STRICT, O.LIST, failure_timeout=3.0, **RESYNC)
    situation.discover('d')
    situation.join('bcd')
    situation.lose('d')  # a discovered one: nothing to STRICT
    assert not lost(situation, 20.0)
    assert not lost(situation, 30.0)


def test_for_a_user_those_that_were_there_must_stay_and_no_more() -> None:
    situation = Situation(O.USER, failure_timeout=3.0, **RESYNC)
    situation.join('b')
    for seconds in (10.0, 20.0):
        assert not lost(situation, seconds)  # c was never there
    situation.join('c')
    assert not lost(situation, 30.0)
    situation.lose('c')
    assert not lost(situation, 40.0)
    assert lost(situation, 43.0)


def test_the_loss_counts_once_it_has_lasted() -> None:
    situation = Situation(O.STRICT, failure_timeout=3.0, **RESYNC)
    situation.join('b')
    situation.core.deadline = 1e9
    assert not lost(situation, 10.0)
    assert situation.core.deadline == READY + 13.0  # and the engine wants to be called then
    assert not lost(situation, 12.9)
    situation.join('c')
    assert not lost(situation, 13.0)  # it is back
    situation.lose('c')
    assert not lost(situation, 14.0)
    assert not lost(situation, 16.9)
    assert lost(situation, 17.0)


@pytest.mark.parametrize('strategy', list(Strategy))
def test_only_the_strategy_asked_for_counts(strategy: Strategy) -> None:
    situation = Situation(O.STRICT, failure_timeout=3.0, supvisors_failure_strategy=Strategy.SHUTDOWN)
    situation.synchro.watch()
    situation.synchro.lost(strategy)
    situation.at(10.0)
    assert situation.synchro.lost(strategy) is (strategy is Strategy.SHUTDOWN)


def test_one_that_joins_or_is_being_met_is_no_loss() -> None:
    situation = Situation(O.CORE, core='ab', letters='abc', failure_timeout=3.0, **RESYNC)
    situation.join('b')
    situation.meet('c')
    for seconds in (10.0, 14.0):
        assert not lost(situation, seconds)


def test_the_synchronization_that_begins_again_forgets_who_was_there() -> None:
    situation = Situation(O.USER, failure_timeout=3.0, **RESYNC)
    situation.join('bc')
    lost(situation, 10.0)
    situation.lose('c')
    lost(situation, 20.0)
    situation.synchro.begin()
    assert not lost(situation, 30.0)
    assert not lost(situation, 40.0)
