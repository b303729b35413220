"""The record of the peer, replayed in OPERATION: shapes, types and faults first, then starts and stops."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.cluster.runs import running
from tests.contract.replay.lanes import Results, ids, lanes, on
from tests.contract.replay.layout import recorded
from tests.contract.replay.plan import GROUPS, explained, replayed
from tests.contract.replay.record import load, recorded_methods
from tests.contract.replay.shapes import FIELDS
from tests.contract.replay.stage import Stage
from tests.contract.replay.steps import no_problems, run
from tests.contract.replay.values import compared, decided_otherwise, unlike_recorded

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('replay-operation')]

NOT_HERE = {'supvisors.get_logger_levels'}
"""The peer lists it, and every call of it is a fault."""


IN_FORMING = {('get_statistics_status', 'collecting_period'),
              *(('get_all_inner_process_info', key) for key in ('identifier', 'nick_identifier', 'uptime'))}
"""Differences of fields that only test_replay_forming.py meets."""


@pytest.fixture(scope='module')
def stage() -> Iterator[Stage]:
    with running(recorded()) as cluster:
        yield Stage(cluster)


@pytest.mark.parametrize('method', replayed())
def test_as_recorded(stage: Stage, method: str) -> None:
    """Every record of the method that changes nothing: the shape of its result, or its fault."""
    no_problems(stage.problems_of(replayed()[method]))


def test_the_values_are_those_of_the_record(stage: Stage) -> None:
    """Before anything is started by hand: states, rules, places and predictions."""
    found = {record.id: unlike_recorded(record, stage.replay(record).value) for record in compared()}
    assert len(found) > 180
    assert {record for record, problems in found.items() if problems} == decided_otherwise(), found


def test_nothing_is_an_internal_error(stage: Stage) -> None:
    """What was HTTP 500 is a fault of the parameters, or an answer, for the methods of supervisord as well."""
    failed = [record for record in load().values() if record.http]
    assert len(failed) > 40
    for record in failed:
        outcome = stage.replay(record)
        assert not outcome.http and outcome.fault != 30, f'{record}: {outcome}'


def test_every_decision_about_a_field_is_met(stage: Stage) -> None:
    fresh = Stage(stage.cluster)
    for records in replayed().values():
        fresh.problems_of(record for record in records if record.outcome == 'result')
    assert {(field.method.removeprefix('supvisors.'), field.key) for field in set(FIELDS) - fresh.met} == IN_FORMING


def test_methods(stage: Stage) -> None:
    listed = stage.call('sv01', 'system.listMethods').value
    later = {item['until'] for item in explained().values()}
    missing = set(recorded_methods()) - set(listed)
    assert missing - NOT_HERE <= later
    assert missing >= NOT_HERE
    assert set(listed) <= set(recorded_methods())


LANES = (ids('solo'), ids('batch'), ids('tools'), ids('web'))
THEN = ids('mixed')


@pytest.fixture(scope='module')
def results(stage: Stage) -> Iterator[Results]:
    with lanes(on(stage), *LANES) as found:
        yield found


@pytest.mark.parametrize('group, name', list(chain.from_iterable(LANES)))
def test_at_the_same_time(results: Results, group: str, name: str) -> None:
    no_problems(results[group, name].result(90.0))


@pytest.mark.parametrize('group, name', THEN)
def test_then(stage: Stage, group: str, name: str) -> None:
    no_problems(run(GROUPS[group][name], stage))
