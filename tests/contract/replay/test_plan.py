"""Nothing of the record is forgotten, and what is said of it is exact."""
from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from supvisors.engine.cluster.tables import SYSTEM_TABLE
from supvisors.model.enums import SupvisorsState
from supvisors.rpc.methods import METHODS
from tests.contract.replay import test_replay_forming as forming
from tests.contract.replay import test_replay_operation as operation
from tests.contract.replay import test_replay_programs as programs
from tests.contract.replay.plan import TEST_OF, claimed, dispositions, explained, names, replaying
from tests.contract.replay.record import decisions, load
from tests.contract.replay.shapes import ABSENT, FIELDS, problems
from tests.contract.replay.stage import decided
from tests.contract.replay.values import unlike


def test_the_record_is_whole() -> None:
    assert len(load()) == 1400
    assert len({record.method for record in load().values()}) == 93


def test_every_record_has_one_disposition() -> None:
    assert not {record.id: found for record in load().values() if len(found := dispositions(record)) != 1}


def test_no_record_is_gone_through_twice() -> None:
    assert not {record: scenarios for record, scenarios in claimed().items() if len(scenarios) > 1}


def test_every_scenario_has_its_test() -> None:
    """The tests are those that are told where records are asked for."""
    tests = {
        'test_replay_operation.py::test_at_the_same_time': chain.from_iterable(operation.LANES),
        'test_replay_operation.py::test_then': operation.THEN,
        'test_replay_programs.py::test_at_the_same_time': chain.from_iterable(programs.LANES),
        'test_replay_programs.py::test_then': programs.THEN,
        'test_replay_forming.py::test_on_its_own_cluster': chain.from_iterable(forming.LANES),
    }
    found = [(scenario, test) for test, scenarios in tests.items() for scenario in scenarios]
    assert sorted(found) == sorted(((group, name), TEST_OF[group]) for group, name in names())
    assert {scenario for scenario, test in found if 'forming' in test} == set(forming.LAYOUTS)


def test_decisions_are_about_records_that_are_replayed() -> None:
    assert set(decided()) <= set(load()) - set(explained())
    assert not [record for record, item in decided().items() if item['outcome'] == load()[record].outcome]


@pytest.mark.parametrize('item', decisions()['answers'], ids=lambda item: item['what'])
def test_decisions_name_the_tests_that_replay_them(item: dict[str, Any]) -> None:
    assert item['tests'] == replaying(item['records'])


@pytest.mark.parametrize('value, recorded, same', [
    ({'a': 1, 'port': 2}, {'a': 1, 'port': 3}, True), ({'a': 1}, {'a': 2}, False), ({'a': 1, 'b': 2}, {'a': 1}, True),
    ([1, 2], [1, 2], True), ([1], [1, 2], False), ([2, 1], [1, 2], False), ([], {}, False),
    ([{'a': 1}], [{'a': 2}], False),
    ({'forced_reason': 'None (why)'}, {'forced_reason': 'None'}, True),
    ({'forced_reason': 'Nothing'}, {'forced_reason': 'None'}, False),
])
def test_values(value: object, recorded: object, same: bool) -> None:
    assert (not list(unlike(value, recorded))) is same


def test_what_is_explained_is_in_the_record() -> None:
    assert set(explained()) <= set(load())


@pytest.mark.parametrize('record', explained())
def test_what_is_explained_has_no_other_cause(record: str) -> None:
    """It is about the method or the state that is missing: nothing that could be replayed hides behind it."""
    found, until = load()[record], explained()[record]['until']
    if until == 'CONCILIATION':
        assert (found.context, found.fault) == ('CONFLICT', 101)
    else:
        assert (found.method == until or found.params == (until,)
                or found.note.startswith(f'after {until.removeprefix("supvisors.")}(')
                or (until == 'supvisors.conciliate' and found.context == 'CONFLICT'))


@pytest.mark.parametrize('until', sorted({item['until'] for item in explained().values()}))
def test_what_is_explained_is_still_so(until: str) -> None:
    """An explanation ends when what it waits for is there."""
    if until == 'CONCILIATION':
        assert all(target is not SupvisorsState.CONCILIATION or state is target
                   for (state, _), target in SYSTEM_TABLE.items())
    else:
        assert until.removeprefix('supvisors.') not in METHODS


@pytest.mark.parametrize('shape, good, bad', [
    ('bool', [True, False], [0, 'x', None]),
    ('float|int', [1, 1.5], [True, '1']),
    (['list'], [[], [1]], [{}, 'x']),
    (['list', 'str'], [['a']], [[], [1], 'a']),
    (['list', 'str', {'a': 'int'}], [['x', {'a': 1}]], [[], [{'a': 'x'}], [{}], [1]]),
    # the shapes of the items are put together in the record: some has items
    (['list', {'a': ['list', 'str']}], [[{'a': []}, {'a': ['x']}]], [[], [{'a': []}], [{'a': []}, {'a': []}]]),
    ({'a?': ['list', 'str']}, [{}, {'a': ['x']}], [{'a': []}]),
    ([{'a': 'int'}, {}], [{'a': 1}, {}], [{'a': 'x'}, [], {'b': 1}]),
    ({'a': 'int', 'b?': 'str'}, [{'a': 1}, {'a': 1, 'b': 'x'}], [{}, {'a': '1'}, {'a': 1, 'b': 2}, {'a': 1, 'c': 2}]),
    ({'a': 'int'}, [{'a': 1, 'reason': 'x'}], [{'a': 1, 'loading': 1}]),
    ({'addresses': {'eth0': 'str'}}, [{'addresses': {'eth1': 'x', 'lo': 'y'}}], [{'addresses': {'eth0': 1}}]),
])
def test_shapes(shape: object, good: list[object], bad: list[object]) -> None:
    assert not [value for value in good if list(problems(value, shape, set()))]
    assert not [value for value in bad if not list(problems(value, shape, set()))]


@pytest.mark.parametrize('method, shape, good, bad', [
    ('get_local_process_info', {'now': 'int'}, [{'now': 1}, {'now': 1.0}], [{'now': '1'}]),
    ('get_process_info', {'now': 'int'}, [{'now': 1}], [{'now': 1.0}]),
    ('get_application_rules', {'identifiers': ['list', 'str']}, [{'identifiers': ['a']}, {}], [{'identifiers': [1]}]),
    ('get_process_info', {'identifiers': ['list', 'str']}, [{'identifiers': ['a']}], [{}]),
    ('get_process_rules', {'a': 'int'}, [{'a': 1, 'loading': 1}], [{'a': 1, 'loading': 'x'}]),
])
def test_decisions_about_fields_are_those_of_a_method(method: str, shape: object, good: list[object],
                                                      bad: list[object]) -> None:
    assert not [value for value in good if list(problems(value, shape, set(), f'supvisors.{method}'))]
    assert not [value for value in bad if not list(problems(value, shape, set(), f'supvisors.{method}'))]


def test_decisions_about_fields_say_something() -> None:
    assert all(field.here not in field.peer for field in FIELDS)
    assert ABSENT not in chain.from_iterable(field.here.split() for field in FIELDS if ABSENT in field.peer)
