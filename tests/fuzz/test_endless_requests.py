"""A request without end, or one that grows while it is read: it is given up, before a password is asked for."""
from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from xmlrpc.client import dumps, loads

import attrs
import psutil
import pytest

from supvisors.demo import LocalCluster, Program, wait_for
from supvisors.demo.daemon import Daemon
from supvisors.demo.ports import HOST
from supvisors.host.http import MAX_BODY, MAX_HEAD
from tests.cluster.runs import running
from tests.fuzz.daemon import LAUGHS, lone

pytestmark = [pytest.mark.live, pytest.mark.timeout(60), pytest.mark.xdist_group('endless')]

SENT = 64 * 2 ** 20
KEPT = 32 * 2 ** 20
BOMB = f'{LAUGHS}<methodCall><methodName>&j;</methodName></methodCall>'.encode()
CALL = dumps((), 'supvisors.get_supvisors_state').encode()
SLOW, SOON = Program('slow', options={'startsecs': '20'}), Program('soon', options={'startsecs': '1'})
"""The start of the first is answered after the tests."""
HEADS = {'head': b'GET / HTTP/1.1\r\nX: ', 'body': b'POST /RPC2 HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n'}


@pytest.fixture(scope='module')
def daemon() -> Iterator[Daemon]:
    with running(attrs.evolve(lone(), programs=(SLOW, SOON))) as cluster:
        yield only(cluster)


def only(cluster: LocalCluster) -> Daemon:
    return cluster[0]


def size(daemon: Daemon) -> int:
    return psutil.Process(daemon.pid).memory_info().rss


@pytest.mark.parametrize('part', HEADS)
def test_a_request_without_end(daemon: Daemon, part: str) -> None:
    before = size(daemon)
    with socket.create_connection((HOST, daemon.port), 10) as connection:
        connection.sendall(HEADS[part])
        with pytest.raises(OSError, match=r'reset|pipe'):
            connection.sendall(b'x' * SENT)
    daemon.call('supvisors.get_supvisors_state')
    assert size(daemon) - before < KEPT


def post(body: bytes, length: int | None = None) -> bytes:
    return b'POST /RPC2 HTTP/1.1\r\nContent-Length: %d\r\n\r\n' % (len(body) if length is None else length) + body


def status(connection: socket.socket) -> int:
    """Of the next answer; its body is read."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer.status


def test_entities_are_not_expanded(daemon: Daemon) -> None:
    before = size(daemon)
    for _ in range(10):
        with socket.create_connection((HOST, daemon.port), 10) as connection:
            connection.sendall(post(BOMB))
            assert status(connection) == 400
            # and the connection goes on
            connection.sendall(post(CALL))
            assert status(connection) == 200
    assert size(daemon) - before < KEPT


@pytest.mark.parametrize('request_of', [
    lambda: b'GET /supvisors/bus HTTP/1.1\r\nX: ' + b'x' * 4000 + b'\r\n\r\n',
    lambda: post(CALL + b' ' * 40_000),
    lambda: post(CALL + b' ' * 3_000_000),
], ids=['head', 'body', 'large body'])
def test_the_limits_are_those_of_one_request(daemon: Daemon, request_of: Callable[[], bytes]) -> None:
    """A connection that is kept may carry more than the limits in all."""
    sent = request_of()
    with socket.create_connection((HOST, daemon.port), 20) as connection:
        for number in range(1 + max(3 * MAX_HEAD, MAX_BODY) // len(sent) if len(sent) > MAX_HEAD else 50):
            connection.sendall(sent)
            assert status(connection) == 200, number


@pytest.mark.parametrize('number', [1, 2])
def test_the_largest_request(daemon: Daemon, number: int) -> None:
    whole = CALL + b' ' * (MAX_BODY - len(CALL))
    with socket.create_connection((HOST, daemon.port), 20) as connection:
        connection.sendall(post(whole))
        assert status(connection) == 200
        with suppress(ConnectionError):
            connection.sendall(post(whole + b' '))
            assert not connection.recv(1)
    daemon.call('supvisors.get_supvisors_state')


def test_what_was_given_up_is_not_carried_out(daemon: Daemon) -> None:
    """Without its last piece, which makes it too long, it would be a call."""
    call = dumps(('soon', False), 'supervisor.startProcess').encode()
    with socket.create_connection((HOST, daemon.port), 10) as connection, suppress(ConnectionError):
        connection.sendall(post(call + b' ' * (MAX_BODY + 1 - len(call))))
        assert not connection.recv(1)
    assert state(daemon, 'soon') == 'STOPPED'


def test_line_ends_after_a_request_do_not_repeat_it(daemon: Daemon) -> None:
    """Some clients send them; supervisord would start the process again, and answer that it is started."""
    with socket.create_connection((HOST, daemon.port), 10) as connection:
        connection.sendall(post(dumps(('LOCAL', 'soon'), 'supvisors.start_process').encode()) + b'\r\n\r\n')
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert loads(answer.read()) == ((True,), None)


def test_what_is_said_while_an_answer_is_waited_for_ends_it(daemon: Daemon) -> None:
    """supervisord would take it for more of the request that it has, and read that again and again."""
    with socket.create_connection((HOST, daemon.port), 10) as connection:
        connection.sendall(post(dumps(('LOCAL', 'slow'), 'supvisors.start_process').encode()))
        wait_for(lambda: state(daemon, 'slow') == 'STARTING', 10, 'a start')
        with suppress(ConnectionError):
            connection.sendall(b'x' * 1000 + b'\r\n\r\n')
            assert not connection.recv(1)
    daemon.call('supvisors.get_supvisors_state')
    assert 'unmarshallable' not in (daemon.folder / 'supervisord.log').read_text()


def state(daemon: Daemon, name: str) -> str:
    told: str = daemon.call('supervisor.getProcessInfo', name)['statename']
    return told
