"""The enumerations are those of the contract: names, values and order."""

from __future__ import annotations

import json
from enum import IntEnum
from pathlib import Path

import pytest

from supvisors.model import enums
from supvisors.model.enums import RUNNING_STATES, STOPPED_STATES, ProcessState

CONTRACT = json.loads((Path(__file__).parents[3] / 'contract' / 'api.json').read_text(encoding='utf-8'))

NAMES = {
    enums.SupvisorsState: 'SupvisorsStates',
    enums.InstanceState: 'SupvisorsInstanceStates',
    enums.ApplicationState: 'ApplicationStates',
    enums.ProcessState: 'ProcessStates',
    enums.StartingStrategy: 'StartingStrategies',
    enums.ConciliationStrategy: 'ConciliationStrategies',
    enums.StartingFailureStrategy: 'StartingFailureStrategies',
    enums.RunningFailureStrategy: 'RunningFailureStrategies',
    enums.DistributionRule: 'DistributionRules',
    enums.SupvisorsFailureStrategy: 'SupvisorsFailureStrategies',
}


def listed(enum: type[IntEnum]) -> list[tuple[str, int]]:
    return [(member.name, member.value) for member in enum]


@pytest.mark.parametrize(('enum', 'name'), NAMES.items(), ids=NAMES.values())
def test_the_enumeration_is_that_of_the_contract(enum: type[IntEnum], name: str) -> None:
    assert listed(enum) == list(CONTRACT['enums'][name].items())


def test_the_fault_codes_are_those_of_the_contract() -> None:
    assert listed(enums.FaultCode) == list(CONTRACT['faults'].items())


def test_every_process_state_is_in_one_family_but_stopping() -> None:
    assert not RUNNING_STATES & STOPPED_STATES
    assert set(ProcessState) - RUNNING_STATES - STOPPED_STATES == {ProcessState.STOPPING}
    assert {state.name for state in RUNNING_STATES} == {'STARTING', 'RUNNING', 'BACKOFF'}
