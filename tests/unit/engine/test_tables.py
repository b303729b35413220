"""The state machines of the instances and of the system: total, and exactly as written here."""

from __future__ import annotations

from enum import Enum
from itertools import product
from typing import Any

import pytest

from supvisors.engine.cluster.tables import INSTANCE_TABLE, SYSTEM_TABLE, InstanceEvent, SystemEvent, diagram
from supvisors.model.enums import InstanceState, SupvisorsState

INSTANCE = {
    ('STOPPED', 'MET'): 'CHECKING',
    ('CHECKING', 'REFUSED'): 'ISOLATED',
    ('CHECKING', 'WELCOMED'): 'CHECKED',
    ('CHECKED', 'ACTIVATED'): 'RUNNING',
    ('CHECKING', 'LOST'): 'FAILED',
    ('CHECKED', 'LOST'): 'FAILED',
    ('RUNNING', 'LOST'): 'FAILED',
    ('ISOLATED', 'LOST'): 'FAILED',
    ('FAILED', 'ACKNOWLEDGED'): 'STOPPED',
}

FOLLOWERS = ('SYNCHRONIZATION', 'ELECTION', 'DISTRIBUTION', 'OPERATION', 'CONCILIATION', 'RESTARTING', 'SHUTTING_DOWN')
FOLLOWED = {
    'MASTER_DISTRIBUTES': 'DISTRIBUTION',
    'MASTER_OPERATES': 'OPERATION',
    'MASTER_RESTARTS': 'RESTARTING',
    'MASTER_SHUTS_DOWN': 'SHUTTING_DOWN',
}

SYSTEM = {
    ('OFF', 'HOST_READY'): 'SYNCHRONIZATION',
    ('SYNCHRONIZATION', 'SYNCHRONIZED'): 'ELECTION',
    ('DISTRIBUTION', 'NO_MASTER'): 'ELECTION',
    ('OPERATION', 'NO_MASTER'): 'ELECTION',
    ('CONCILIATION', 'NO_MASTER'): 'ELECTION',
    ('RESTARTING', 'NO_MASTER'): 'ELECTION',
    ('SHUTTING_DOWN', 'NO_MASTER'): 'ELECTION',
    ('ELECTION', 'CONDITIONS_LOST'): 'SYNCHRONIZATION',
    ('DISTRIBUTION', 'CONDITIONS_LOST'): 'SYNCHRONIZATION',
    ('OPERATION', 'CONDITIONS_LOST'): 'SYNCHRONIZATION',
    ('CONCILIATION', 'CONDITIONS_LOST'): 'SYNCHRONIZATION',
    ('DISTRIBUTION', 'MASTER_ENDS'): 'FINAL',
    ('OPERATION', 'MASTER_ENDS'): 'FINAL',
    ('CONCILIATION', 'MASTER_ENDS'): 'FINAL',
    ('RESTARTING', 'MASTER_ENDS'): 'FINAL',
    ('SHUTTING_DOWN', 'MASTER_ENDS'): 'FINAL',
    ('OFF', 'HOST_LEAVING'): 'FINAL',
    **{(state, 'HOST_LEAVING'): 'FINAL' for state in FOLLOWERS},
    **{(state, event): target for state in FOLLOWERS for event, target in FOLLOWED.items() if state != target},
}

TABLES = [
    pytest.param(INSTANCE_TABLE, InstanceState, InstanceEvent, INSTANCE, id='instance'),
    pytest.param(SYSTEM_TABLE, SupvisorsState, SystemEvent, SYSTEM, id='system'),
]
Table = dict[tuple[Any, Any], Any]


@pytest.mark.parametrize(('table', 'states', 'events', 'expected'), TABLES)
def test_every_pair_is_defined(table: Table, states: type[Enum], events: type[Enum], expected: Any) -> None:
    assert set(table) == set(product(states, events))
    assert set(table.values()) <= set(states)


@pytest.mark.parametrize(('table', 'states', 'events', 'expected'), TABLES)
def test_the_transitions_are_these_and_no_others(table: Table, states: Any, events: Any, expected: Any) -> None:
    moves = {(state.name, event.name): target.name for (state, event), target in table.items() if target is not state}
    assert moves == expected


def reached(table: Table, start: Any) -> set[Any]:
    found, todo = {start}, [start]
    while todo:
        state = todo.pop()
        new = {target for (source, _), target in table.items() if source is state} - found
        found |= new
        todo += new
    return found


def test_an_instance_can_come_and_go_for_ever() -> None:
    for state in InstanceState:
        assert reached(INSTANCE_TABLE, state) == set(InstanceState)


def test_the_system_reaches_each_state_and_only_final_is_the_end() -> None:
    unused = {SupvisorsState.CONCILIATION}  # no event leads there yet
    assert reached(SYSTEM_TABLE, SupvisorsState.OFF) == set(SupvisorsState) - unused
    ends = [state for state in SupvisorsState if reached(SYSTEM_TABLE, state) == {state}]
    assert ends == [SupvisorsState.FINAL]


def test_the_diagram_shows_each_move_once_and_what_leads_to_the_same_state_on_one_line() -> None:
    lines = diagram(INSTANCE_TABLE).splitlines()
    assert lines[0] == 'stateDiagram-v2'
    assert sorted(lines[1:]) == sorted(
        f'    {source} --> {target}: {event}' for (source, event), target in INSTANCE.items()
    )
    system = diagram(SYSTEM_TABLE)
    assert '    OPERATION --> FINAL: MASTER_ENDS, HOST_LEAVING' in system.splitlines()
    assert len(system.splitlines()) == 1 + len({(state, target) for (state, _), target in SYSTEM.items()})
