"""Live clusters: one for a test, or one for a whole module whose tests do not disturb each other."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from supvisors.demo import Layout, LocalCluster
from tests.cluster.layouts import trio
from tests.cluster.runs import running

MakeCluster: TypeAlias = Callable[..., LocalCluster]


@pytest.fixture
def make_cluster() -> Iterator[MakeCluster]:
    """Starts clusters that end with the test: `make_cluster(layout, start=True)`."""
    with ExitStack() as stack:
        def make(layout: Layout, start: bool = True) -> LocalCluster:
            return stack.enter_context(running(layout, start))

        yield make


@pytest.fixture(scope='module')
def shared() -> Iterator[LocalCluster]:
    """Three instances in OPERATION, for all tests of a module: each leaves them as it found them."""
    with running(trio()) as cluster:
        yield cluster


@pytest.fixture
def cluster(make_cluster: MakeCluster) -> LocalCluster:
    """Three instances in OPERATION, for one test."""
    return make_cluster(trio())
