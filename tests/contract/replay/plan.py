"""What becomes of each record: replayed with its context, gone through by a scenario, or explained."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from tests.contract.replay import scenarios_control as control
from tests.contract.replay import scenarios_forming as forming
from tests.contract.replay import scenarios_programs as programs
from tests.contract.replay.record import Record, decisions, load
from tests.contract.replay.steps import Play, Scenario, flat

GROUPS: Mapping[str, Mapping[str, Scenario]] = {
    'solo': control.SOLO,
    'batch': control.BATCH,
    'tools': control.TOOLS,
    'web': control.WEB,
    'mixed': control.MIXED,
    'numbers': programs.NUMBERS,
    'enabling': programs.ENABLING,
    'stubborn': programs.STUBBORN,
    'logs': programs.LOGS,
    'local': control.LOCAL,
    'sequence': programs.SEQUENCE,
    'supervisor': programs.SUPERVISOR,
    'conflict': {'two copies': forming.CONFLICT},
    'forming': {
        'by a user': forming.USER, 'by a user, one instance later': forming.END, 'by the time': forming.TIMEOUT,
    },
    'losses': {'of an instance and of the Master': forming.LOSSES},
    'ending': {'of a daemon and of all': forming.ENDING},
}
"""Every scenario, in groups that go through theirs one after the other."""
READ_IN = 'OPERATION'
"""The context whose results change nothing: all of it is replayed."""
FAULTS_IN = ('OPERATION_CONTROL', 'OPERATION_PROGRAMS', 'OPERATION_ORDER', 'SUPERVISOR', 'CONFLICT')
"""Contexts of the same cluster, whose faults come from the parameters, unless a scenario goes through them."""


def names() -> Iterator[tuple[str, str]]:
    return ((group, name) for group, scenarios in GROUPS.items() for name in scenarios)


@cache
def claimed() -> Mapping[str, list[tuple[str, str]]]:
    """Record -> the scenarios that go through it: group and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group, name in names():
        for step in flat(GROUPS[group][name]):
            if isinstance(step, Play):
                found.setdefault(step.record.id, []).append((group, name))
    return found


@cache
def explained() -> Mapping[str, Mapping[str, Any]]:
    """Record -> the item of answers.json that says why it is not replayed."""
    return {record: item for item in decisions()['missing'] for record in item['records']}


@cache
def replayed() -> Mapping[str, tuple[Record, ...]]:
    """Method -> the records that are replayed in OPERATION, in the order of the record."""
    found: dict[str, list[Record]] = {}
    for record in load().values():
        if record.id not in claimed() and record.id not in explained() and (
                record.context == READ_IN or (record.context in FAULTS_IN and record.outcome != 'result')):
            found.setdefault(record.method, []).append(record)
    return {method: tuple(records) for method, records in found.items()}


_AS_RECORDED = 'test_replay_operation.py::test_as_recorded'
_IN = {
    'test_replay_operation.py::test_at_the_same_time': ('solo', 'batch', 'tools', 'web'),
    'test_replay_operation.py::test_then': ('mixed',),
    'test_replay_programs.py::test_at_the_same_time': ('numbers', 'enabling', 'stubborn', 'logs', 'local'),
    'test_replay_programs.py::test_then': ('sequence', 'supervisor', 'conflict'),
    'test_replay_forming.py::test_on_its_own_cluster': ('forming', 'losses', 'ending'),
}
TEST_OF = {group: test for test, groups in _IN.items() for group in groups}
"""The test that goes through the scenarios of a group."""


def replaying(records: Iterable[str]) -> list[str]:
    """The tests that replay these records: each case, or all of them where there would be many."""
    cases: dict[str, dict[str, None]] = {}
    for record in records:
        if record in claimed():
            group, name = claimed()[record][0]
            cases.setdefault(TEST_OF[group], {})[f'[{group}-{name}]'] = None
        else:
            cases.setdefault(_AS_RECORDED, {})[f'[{load()[record].method}]'] = None
    return [f'tests/contract/replay/{test}{case}' for test, found in cases.items()
            for case in (found if len(found) <= 3 else [''])]


def dispositions(record: Record) -> list[str]:
    """There must be one for each record."""
    return [
        *(['explained'] if record.id in explained() else []),
        *(['scenario'] if record.id in claimed() else []),
        *(['replayed'] if record in replayed().get(record.method, ()) else []),
    ]
