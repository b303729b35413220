from collections.abc import Iterator

import pytest
from sdk_server import Running, Script, ScriptedServer

from supvisors_client import SupvisorsClient


@pytest.fixture
def server() -> Iterator[Running]:
    with Running(ScriptedServer(Script())) as running:
        yield running


@pytest.fixture
def client(server: Running) -> Iterator[SupvisorsClient]:
    with SupvisorsClient(server.url, timeout=20.0) as client:
        yield client
