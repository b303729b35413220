"""Why a peer is not reached: each reason in one sentence, once."""
from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from supvisors.bus import lookup
from supvisors.bus.dial import Ending, Outcome, is_whole
from supvisors.bus.lookup import NO_ANSWER, interpret, question
from supvisors.engine.messages import WIRE_VERSION
from supvisors.model.identity import Identity
from tests.unit.bus.nodes import HttpServer, Node, json_answer, wait_for


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node('n')
    yield node
    node.close()


@pytest.fixture
def server() -> Iterator[HttpServer]:
    server = HttpServer(lambda: (404, 'text/plain', b''))
    yield server
    server.close()


def first_reason(node: Node, peer: Identity) -> str:
    node.peers = [peer]
    node.new_bus()
    node.start()
    reasons: list[str] = wait_for(lambda: node.reasons(peer.identifier))
    return reasons[0]


def described(server: HttpServer, **changes: Any) -> dict[str, Any]:
    return {'identifier': f'127.0.0.1:{server.port}', 'boot': 'b', 'port': 1234, 'version': WIRE_VERSION, **changes}


def test_nobody_listens(node: Node, server: HttpServer) -> None:
    server.close()
    reason = first_reason(node, Identity('127.0.0.1', server.port))
    assert reason == f'no supervisord listens at 127.0.0.1:{server.port}: start it, or correct supvisors_list'
    assert len(node.reasons(f'127.0.0.1:{server.port}')) == 1
    assert node.bus.problems() == []


def test_silence(node: Node) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        reason = first_reason(node, Identity('127.0.0.1', listener.getsockname()[1]))
    assert reason.startswith('no answer from')


def test_connection_cut(node: Node) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        peer = Identity('127.0.0.1', listener.getsockname()[1])
        node.peers = [peer]
        node.new_bus()
        node.start()
        listener.accept()[0].close()
        reason = wait_for(lambda: node.reasons(peer.identifier))[0]
    assert 'not a supervisord' in reason or 'cannot connect' in reason


def test_not_http(node: Node) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        peer = Identity('127.0.0.1', listener.getsockname()[1])
        node.peers = [peer]
        node.new_bus()
        node.start()
        with listener.accept()[0] as connection:
            connection.sendall(b'SSH-2.0-OpenSSH_9\r\n' + connection.recv(1000)[:0])
        assert 'not a supervisord' in wait_for(lambda: node.reasons(peer.identifier))[0]


@pytest.mark.parametrize(('status', 'words'), [
    (404, 'has no Supvisors'), (401, 'asks for a password'), (500, 'answers HTTP status 500 for /supvisors/bus'),
])
def test_status(node: Node, server: HttpServer, status: int, words: str) -> None:
    server.answer = lambda: (status, 'text/plain', b'no')
    assert words in first_reason(node, Identity('127.0.0.1', server.port))
    assert set(server.paths) == {f'/supvisors/bus?from=127.0.0.1%3A{node.identity.port}'}


@pytest.mark.parametrize('body', [b'<html><body>It works!</body></html>', b'', b'[1, 2]', b'{"version": "new"}',
                                  b'\xff', b'[' * 60_000, b'{"version": 1' + b'0' * 9000 + b'}'])
def test_another_http_server(node: Node, server: HttpServer, body: bytes) -> None:
    server.answer = lambda: (200, 'text/html', body)
    assert 'another HTTP server' in first_reason(node, Identity('127.0.0.1', server.port))


def test_another_wire_version(node: Node, server: HttpServer) -> None:
    server.answer = lambda: json_answer({'version': 99, 'ports': [1, 2]})
    reason = first_reason(node, Identity('127.0.0.1', server.port))
    assert f'speaks version 99 of the bus and this one version {WIRE_VERSION}' in reason


@pytest.mark.parametrize(('changes', 'words'), [
    ({'identifier': 'other:1'}, 'calls itself other:1'), ({'port': 0}, 'not started yet'),
    ({'port': 99999}, 'not started yet'),
])
def test_descriptions_that_cannot_be_used(node: Node, server: HttpServer, changes: dict[str, Any], words: str) -> None:
    server.answer = lambda: json_answer(described(server, **changes))
    assert words in first_reason(node, Identity('127.0.0.1', server.port))


def test_an_instance_that_does_not_have_us_in_its_list(node: Node, server: HttpServer) -> None:
    server.answer = lambda: json_answer(described(server, knows=False))
    us = node.identifier
    reason = first_reason(node, Identity('127.0.0.1', server.port))
    assert reason == (f'the instance at 127.0.0.1:{server.port} does not have {us} in its supvisors_list: '
                      f'use the same list everywhere')


def test_an_older_release_does_not_say_whom_it_knows() -> None:
    peer = Identity('127.0.0.1', 60000)
    content = {'identifier': peer.identifier, 'boot': 'b', 'port': 1234, 'version': WIRE_VERSION}
    for more in ({}, {'knows': True}, {'knows': True, 'new': [1]}):
        body = json.dumps({**content, **more}).encode()
        answer = interpret(peer, Outcome(Ending.ANSWERED, '127.0.0.1', b'HTTP/1.0 200 OK\r\n\r\n' + body), 'us:1')
        assert isinstance(answer, lookup.Found)
    wrong = json.dumps({**content, 'knows': 'yes'}).encode()
    answer = interpret(peer, Outcome(Ending.ANSWERED, '127.0.0.1', b'HTTP/1.0 200 OK\r\n\r\n' + wrong), 'us:1')
    assert isinstance(answer, lookup.Missing) and 'another HTTP server' in answer.reason


def test_the_question_says_who_asks() -> None:
    head = question(Identity('host', 1), '[fe80::1%eth0]:60000').split(b'\r\n')[0]
    assert head == b'GET /supvisors/bus?from=%5Bfe80%3A%3A1%25eth0%5D%3A60000 HTTP/1.0'
    assert question(Identity('h\u00f6st', 1), 'h\u00f6st:1').startswith(b'GET /supvisors/bus?from=h%C3%B6st%3A1 ')


@pytest.mark.parametrize('head', [
    b'HTTP/1.1 ' + b'2' * 9000 + b' OK\r\n\r\n', b'HTTP/1.1 200 OK\r\nContent-Length: ' + b'9' * 9000 + b'\r\n\r\n{}',
    b'HTTP/1.1 200', b'HTTP/1.1 \xb2\xb2\xb2 OK\r\n\r\n', b'\0' * 70_000, b'HTTP/',
])
def test_hostile_answers_are_a_reason_and_no_error(node: Node, head: bytes) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        peer = Identity('127.0.0.1', listener.getsockname()[1])
        node.peers = [peer]
        node.new_bus()
        node.start()
        with listener.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(head)
        wait_for(lambda: node.reasons(peer.identifier))
        assert node.bus.counters.errors == 0


@pytest.mark.parametrize('host', ['a\0b', 'x' * 100, 'a..b', 'h\u00f6st..', '[::1]', '1.2.3.4:5', ' ', '%'])
def test_a_bus_host_that_is_none_is_a_reason_and_no_error(node: Node, server: HttpServer, host: str) -> None:
    server.answer = lambda: json_answer(described(server, host=host))
    assert 'its bus does not' in first_reason(node, Identity('127.0.0.1', server.port))
    # names are still resolved afterwards
    node.bus.add_peer(Identity('no-such-host.invalid', 1))
    wait_for(lambda: node.reasons('no-such-host.invalid:1'))
    assert node.bus.counters.errors == 0


def test_unknown_name(node: Node) -> None:
    # .invalid is reserved; without any name server the answer may take longer than the look-up
    reason = first_reason(node, Identity('no-such-host.invalid', 9001))
    assert 'the name no-such-host.invalid cannot be resolved' in reason


def test_reasons_change_and_end_with_an_empty_one() -> None:
    a, b = Node('a'), Node('b')
    a.peers = b.peers = [a.identity, b.identity]
    a.new_bus()
    b.new_bus()
    try:
        a.start()
        wait_for(lambda: a.reasons(b))
        assert 'has no Supvisors' in a.reasons(b)[0]
        b.start()
        wait_for(lambda: a.reasons(b)[-1] == '')
        assert len(a.reasons(b)) == 2
        assert a.is_linked(b)
    finally:
        a.close()
        b.close()


def test_one_dead_host_does_not_delay_the_others() -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        silent = Identity('127.0.0.1', listener.getsockname()[1])
        a, b = Node('a'), Node('b')
        a.peers = [silent, Identity('127.0.0.2', silent.port), b.identity]
        b.peers = [a.identity]
        a.new_bus()
        b.new_bus()
        try:
            b.start()
            a.start()
            wait_for(lambda: a.is_linked(b))
            # the dead one has not even timed out
            assert a.reasons(silent.identifier) == []
        finally:
            a.close()
            b.close()


@pytest.mark.parametrize(('answer', 'whole'), [
    (b'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}', True), (b'HTTP/1.0 200 OK\r\ncontent-length:2\r\n\r\n{', False),
    (b'HTTP/1.0 200 OK\r\n\r\n{}', False), (b'HTTP/1.0 200 OK\r\nContent-Length: x\r\n\r\n{}', False), (b'', False),
])
def test_end_of_an_answer(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole


def test_each_reason_is_a_sentence_that_names_the_peer() -> None:
    peer = Identity('fe80::1', 9001)
    assert b'Host: [fe80::1]:9001\r\n' in question(peer, 'us:1')
    for ending in NO_ANSWER:
        answer = interpret(peer, Outcome(ending, detail='No route to host'), 'us:1')
        assert isinstance(answer, lookup.Missing)
        assert 'fe80::1' in answer.reason
        assert answer.absent is (ending is Ending.REFUSED)
        assert '{' not in answer.reason
