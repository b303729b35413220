"""Is there a supervisord behind the HTTP port?"""
from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from supvisors.bus.probe import TRIES
from supvisors.demo.ports import Ports
from supvisors.model.identity import Identity
from tests.unit.bus.nodes import Node, wait_for


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node('n')
    yield node
    node.close()


def probe(node: Node, peer: Identity) -> bool:
    node.peers = [peer]
    node.new_bus()
    node.start()
    node.bus.probe_tcp(peer.identifier)
    refused: list[bool] = wait_for(lambda: node.probes(peer.identifier))
    return refused[0]


@pytest.mark.parametrize('host', ['127.0.0.1', 'localhost'])
def test_refused(node: Node, host: str) -> None:
    # not an ephemeral port: somebody else may be given it meanwhile
    ports = Ports()
    try:
        assert probe(node, Identity(host, ports.take())) is True
    finally:
        ports.release()


@pytest.mark.parametrize('host', ['127.0.0.1', 'localhost'])
def test_accepted(node: Node, host: str) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        assert probe(node, Identity(host, listener.getsockname()[1])) is False


def test_no_room_to_connect_is_not_a_refusal(node: Node) -> None:
    """A full backlog drops SYNs, as a host that is cut off does."""
    with socket.create_server(('127.0.0.1', 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(('127.0.0.1', port))
            fillers.append(filler)
        try:
            assert probe(node, Identity('127.0.0.1', port)) is False
        finally:
            for filler in fillers:
                filler.close()


def test_a_name_that_is_not_known_is_not_a_refusal(node: Node) -> None:
    assert probe(node, Identity('no-such-host.invalid', 9001)) is False


def test_unknown_identifier_is_ignored(node: Node) -> None:
    node.start()
    node.bus.probe_tcp('nobody:1')
    assert node.pump() == []
    assert TRIES == 2
