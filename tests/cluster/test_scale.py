"""An application of 1,000 processes starts rank after rank, and no daemon forks without end meanwhile."""
from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.scale import APPLICATION, RANKS, TIMEOUT, WIDTH, Start, add_probe, layout, start
from supvisors.demo import LocalCluster, wait_for
from tests.cluster.conftest import MakeCluster

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(240)]

MOST = 20
"""Processes that one pass of supervisord's main loop may spawn."""


def running_everywhere(cluster: LocalCluster) -> set[int]:
    """How many processes of the application each instance says to be RUNNING."""
    return {
        sum(info['statename'] == 'RUNNING' for info in daemon.call('supvisors.get_process_info', f'{APPLICATION}:*'))
        for daemon in cluster
    }


def check_ranks(started: Start) -> None:
    for rank in range(1, RANKS + 1):
        assert len(started.times('STARTING', rank)) == len(started.times('RUNNING', rank)) == WIDTH
    for rank in range(1, RANKS):
        ended, begun = max(started.times('RUNNING', rank)), min(started.times('STARTING', rank + 1))
        assert ended < begun, f'rank {rank + 1} began {ended - begun:.3f} s before the end of rank {rank}'


def test_a_thousand_processes_start(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(layout('placed'), start=False)
    add_probe(cluster)
    cluster.start(timeout=TIMEOUT)
    started = start(cluster)
    assert started.answered is True
    assert cluster[0].call('supvisors.get_application_info', APPLICATION)['statename'] == 'RUNNING'
    names = Counter(name for state, name, _ in started.events if state == 'STARTING')
    assert len(names) == RANKS * WIDTH and set(names.values()) == {1}
    check_ranks(started)
    assert max(started.most.values()) <= MOST, started.most
    # each was asked all the time, and answered
    assert all(len(latencies) >= RANKS for latencies in started.latencies.values())
    wait_for(lambda: running_everywhere(cluster) == {RANKS * WIDTH}, 15, 'all processes RUNNING for all instances')
