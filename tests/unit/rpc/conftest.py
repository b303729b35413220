from __future__ import annotations

import pytest

from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import Daemon, World


@pytest.fixture
def daemon() -> Daemon:
    return Daemon()


@pytest.fixture
def world(daemon: Daemon) -> World:
    return daemon.world


@pytest.fixture
def rpc(daemon: Daemon) -> Dispatcher:
    return Dispatcher(daemon.interface)
