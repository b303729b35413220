"""Clusters that tests start, and the promise that nothing of them is left behind."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from supvisors.demo import Layout, LocalCluster

TAIL = 12000

_open: list[LocalCluster] = []
_ended_badly: list[str] = []


def pending_logs() -> list[str]:
    """The logs of the open clusters, and of those that an error has ended since the last call."""
    logs = [*_ended_badly, *(cluster.tails(TAIL) for cluster in _open)]
    _ended_badly.clear()
    return logs


@contextmanager
def running(layout: Layout, start: bool = True) -> Iterator[LocalCluster]:
    """A cluster, in OPERATION unless told otherwise; ended and removed at the end.

    Every daemon must end by itself when told to, and leave no program behind; those that the test has killed may.
    """
    cluster = LocalCluster(layout)
    _open.append(cluster)
    try:
        if start:
            cluster.start()
        yield cluster
    except BaseException:
        _ended_badly.append(cluster.tails(TAIL))
        raise
    finally:
        _open.remove(cluster)
        _end(cluster)


def _end(cluster: LocalCluster) -> None:
    ending = cluster.stop()
    tails = cluster.tails()
    left = cluster.leftovers()
    cluster.remove()
    assert not left
    assert not ending.stubborn, f'did not end by themselves: {ending.stubborn}\n{tails}'
    assert not ending.orphans or any(daemon.killed for daemon in cluster), f'left behind: {ending.orphans}\n{tails}'
