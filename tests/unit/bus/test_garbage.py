"""Whatever comes in, the bus lives."""
from __future__ import annotations

import socket
from collections.abc import Iterator

import msgspec
import pytest
import zmq

from supvisors.bus.wire import MAX_FRAME, Description, encode, encode_description
from supvisors.engine.messages import WIRE_VERSION, Submit
from tests.unit.bus.nodes import Node, cluster, linked, submit, wait_for

Raw = zmq.Socket[bytes]


@pytest.fixture
def pair() -> Iterator[list[Node]]:
    with linked('', '') as nodes:
        yield nodes


@pytest.fixture
def raw(pair: list[Node]) -> Iterator[Raw]:
    """A ZeroMQ client of the second instance that is not a bus."""
    context: zmq.Context[Raw] = zmq.Context()
    sock = context.socket(zmq.PUSH)
    sock.linger = 0
    sock.connect(f'tcp://127.0.0.1:{pair[1].bus.description()["port"]}')
    yield sock
    context.destroy(0)


def assert_alive(a: Node, b: Node) -> None:
    a.send(b, submit('after'))
    wait_for(lambda: submit('after') in b.bodies(Submit))
    assert b.bus.counters.errors == 0


def test_malformed_frames_are_counted_and_told_once(pair: list[Node], raw: Raw) -> None:
    a, b = pair
    good = encode(a.envelope(submit(1)))
    frames = [b'', b'\x01', good[:-1], good + b'x', b'\x01E' + b'\xc1' * 100]
    for frame in frames:
        raw.send(frame)
    raw.send_multipart([good, good])
    wait_for(lambda: b.bus.counters.malformed == len(frames) + 1)
    assert len(b.bus.problems()) == 1
    assert b.bodies() == []
    assert_alive(a, b)


def test_other_versions_and_unknown_kinds_are_counted_apart(pair: list[Node], raw: Raw) -> None:
    a, b = pair
    good = encode(a.envelope(submit(1)))
    raw.send(bytes((WIRE_VERSION + 1,)) + good[1:])
    content = msgspec.msgpack.decode(good[2:])
    content['body'] = {'kind': 'telepathy'}
    raw.send(good[:2] + msgspec.msgpack.encode(content))
    wait_for(lambda: (b.bus.counters.other_version, b.bus.counters.unknown_kind) == (1, 1))
    assert b.bus.counters.malformed == 0
    assert_alive(a, b)


def test_oversized_frames_cut_the_connection_of_their_sender_only(pair: list[Node], raw: Raw) -> None:
    a, b = pair
    monitor = raw.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    raw.send(bytes(MAX_FRAME + 1))
    wait_for(lambda: monitor.poll(100))
    raw.disable_monitor()
    assert b.bus.counters.frames_in < 5
    assert len(a.links(b)) == 1
    assert_alive(a, b)


def test_too_big_to_send_is_told(pair: list[Node]) -> None:
    a, b = pair
    a.send(b, submit('x' * (MAX_FRAME + 1)))
    wait_for(lambda: a.bus.counters.overflow_out == 1)
    assert 'was not sent' in a.bus.problems()[0]
    assert_alive(a, b)


@pytest.mark.parametrize('host', ['a\0b', 'x' * 100, 'a..b', '', '%', 'tcp://*:1'])
def test_a_description_with_an_odd_host_harms_nothing(pair: list[Node], raw: Raw, host: str) -> None:
    a, b = pair
    for port in (1, 0, -1, 2 ** 40):
        raw.send(encode_description(Description(a.identifier, f'boot {port}', port, host)))
    raw.send(encode_description(Description('\0' * 1000, 'boot', 1, host)))
    raw.send(encode(a.envelope(submit('after'))))
    wait_for(lambda: submit('after') in b.bodies(Submit))
    wait_for(lambda: b.bus.counters.unknown_sender == 1)
    wait_for(lambda: b.is_linked(a))
    assert_alive(a, b)


def test_tcp_garbage_on_the_bus_port() -> None:
    with linked('', '') as (a, b), socket.create_connection(('127.0.0.1', int(b.bus.description()['port']))) as client:
        client.sendall(b'GET / HTTP/1.0\r\n\r\n' * 50)
        assert_alive(a, b)


def test_an_unexpected_exception_is_told_and_survived() -> None:
    """The hook of the main loop is ours too, and may fail."""
    with cluster('', '') as (a, b):
        def explode() -> None:
            raise RuntimeError('hook')

        b._wake = explode  # type: ignore[method-assign]
        b.bus.close()
        b.new_bus()
        b.start()
        wait_for(lambda: a.is_linked(b) and b.is_linked(a))
        assert_alive(a, b)
