"""The record of the peer, replayed on systems that form, lose an instance and then their Master, restart and end."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from supvisors.demo import Layout
from tests.cluster.runs import running
from tests.contract.replay.lanes import Results, ids, lanes
from tests.contract.replay.layout import recorded, with_files
from tests.contract.replay.plan import GROUPS
from tests.contract.replay.stage import Stage
from tests.contract.replay.steps import no_problems, run

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('replay-forming')]

LAYOUTS: dict[tuple[str, str], Layout] = {
    ('forming', 'by a user'): recorded(
        {'synchro_options': 'USER'}, {'sv02': {'stereotypes': 'edge'}, 'sv03': {'stereotypes': 'edge,gpu'}},
        clash_autostart=True),
    ('forming', 'by a user, one instance later'): recorded(
        {'synchro_options': 'USER'}, {'sv02': {'stereotypes': 'lone'}}),
    ('forming', 'by the time'): recorded({'synchro_timeout': '8'}),
    ('losses', 'of an instance and of the Master'): recorded(
        {'synchro_options': 'STRICT,TIMEOUT,CORE', 'auto_fence': 'true', 'conciliation_strategy': 'INFANTICIDE'},
        clash_autostart=True),
    ('ending', 'of a daemon and of all'): recorded(),
}
LANES = (ids('forming')[:2], [*ids('forming')[2:], *ids('losses')], ids('ending'))


def go(group: str, name: str) -> list[str]:
    """On a cluster that is not started yet, and where disabled programs are kept."""
    layout = LAYOUTS[group, name]
    with running(layout, start=False) as cluster:
        cluster.rewrite(with_files(layout, cluster))
        found = run(GROUPS[group][name], Stage(cluster))
        return [*found, cluster.tails()] if found else []


@pytest.fixture(scope='module')
def results() -> Iterator[Results]:
    with lanes(go, *LANES) as found:
        yield found


@pytest.mark.parametrize('group, name', list(chain.from_iterable(LANES)))
def test_on_its_own_cluster(results: Results, group: str, name: str) -> None:
    no_problems(results[group, name].result(90.0))
