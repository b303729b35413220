"""Three live daemons, with and without authentication, and one Java virtual machine for the whole run."""
from __future__ import annotations

from collections.abc import Iterator

import interop_jvm
import pytest
from interop_layout import interop
from interop_solo import solo

from supvisors.demo import Daemon, LocalCluster
from tests.cluster.layouts import PASSWORD, USER, trio
from tests.cluster.runs import running

RUNNING = ('chain:first', 'chain:second', 'chain:third', 'homes:home1', 'homes:home2', 'homes:home3', 'auto:task')


@pytest.fixture(scope='session')
def jvm() -> None:
    interop_jvm.start_jvm()


@pytest.fixture(scope='session', params=['open', 'password'])
def shared(request: pytest.FixtureRequest, jvm: None) -> Iterator[LocalCluster]:
    """In OPERATION, with `chain`, `homes` and `auto` running; each test leaves it so."""
    account = (USER, PASSWORD) if request.param == 'password' else ('', '')
    with running(interop(*account)) as cluster:
        assert cluster[0].call('supvisors.start_application', 'CONFIG', 'chain') is True
        assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
        for daemon in cluster:
            for namespec in RUNNING:
                cluster.wait_running(namespec, asked=daemon)
        yield cluster


@pytest.fixture(params=['open', 'password'])
def fresh(request: pytest.FixtureRequest, jvm: None) -> Iterator[LocalCluster]:
    """In OPERATION, for one test."""
    account = (USER, PASSWORD) if request.param == 'password' else ('', '')
    with running(trio(username=account[0], password=account[1])) as cluster:
        yield cluster


@pytest.fixture(scope='session', params=['open', 'password'])
def alone(request: pytest.FixtureRequest, jvm: None) -> Iterator[Daemon]:
    """One daemon, with nothing running; each test leaves it so."""
    account = (USER, PASSWORD) if request.param == 'password' else ('', '')
    with running(solo(*account)) as cluster:
        yield cluster[0]
