"""The record of the peer, replayed: numbers of processes, disabled programs, supervisord, conflicts."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.cluster.runs import running
from tests.contract.replay.lanes import Results, ids, lanes, on
from tests.contract.replay.layout import recorded, with_files
from tests.contract.replay.plan import GROUPS
from tests.contract.replay.stage import Stage
from tests.contract.replay.steps import no_problems, run

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('replay-programs')]


@pytest.fixture(scope='module')
def stage() -> Iterator[Stage]:
    """Disabled programs are kept in a file of each daemon."""
    with running(recorded(), start=False) as cluster:
        cluster.rewrite(with_files(cluster.layout, cluster))
        cluster.start()
        yield Stage(cluster)


LANES = (ids('numbers', 'enabling'), ids('stubborn'), ids('logs', 'local'))
THEN = ids('sequence', 'supervisor', 'conflict')


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
