"""What is sent and how answers are read, against a real HTTP server."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from sdk_server import (
    Handler,
    Running,
    answer,
    answer_body,
    fault_body,
    raw,
)

from supvisors_client import (
    AuthenticationError,
    BadSupvisorsStateFault,
    HttpStatusError,
    ProtocolError,
    StartingStrategy,
    SupvisorsClient,
)

# an unclosed socket is a warning, so an error
pytestmark = pytest.mark.filterwarnings('error')


def test_arguments_and_result(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer(True))
    assert client.start_process(StartingStrategy.LESS_LOADED, 'app:proc', extra_args='-x é', wait=False) is True
    assert server.script.call == ('supvisors.start_process', ('LESS_LOADED', 'app:proc', '-x é', False))


@pytest.mark.parametrize(
    ('call', 'wire'),
    [
        (lambda c: c.stop_process('a:*'), ('supvisors.stop_process', ('a:*', True))),
        (lambda c: c.stop_process(namespec='a', wait=False), ('supvisors.stop_process', ('a', False))),
        (lambda c: c.start_application(1, 'a'), ('supvisors.start_application', ('LESS_LOADED', 'a', True))),
        (lambda c: c.start_process('LOCAL', 'a'), ('supvisors.start_process', ('LOCAL', 'a', '', True))),
        (lambda c: c.stop_application('a'), ('supvisors.stop_application', ('a', True))),
        (lambda c: c.restart_application('LOCAL', 'a'), ('supvisors.restart_application', ('LOCAL', 'a', True))),
        (
            lambda c: c.restart_application(4, 'a', False),
            ('supvisors.restart_application', ('LESS_LOADED_NODE', 'a', False)),
        ),
        (lambda c: c.restart_process(0, 'a:*'), ('supvisors.restart_process', ('CONFIG', 'a:*', '', True))),
        (
            lambda c: c.restart_process('LOCAL', 'a', '-x', wait=False),
            ('supvisors.restart_process', ('LOCAL', 'a', '-x', False)),
        ),
        (lambda c: c.restart_sequence(), ('supvisors.restart_sequence', (True,))),
        (lambda c: c.restart_sequence(wait=False), ('supvisors.restart_sequence', (False,))),
        (lambda c: c.start_args('a'), ('supvisors.start_args', ('a', '', True))),
        (lambda c: c.start_args('a:b', '-x', wait=False), ('supvisors.start_args', ('a:b', '-x', False))),
        (lambda c: c.update_numprocs('p', 3), ('supvisors.update_numprocs', ('p', 3, True, False))),
        (lambda c: c.update_numprocs('p', 1, False, lazy=True), ('supvisors.update_numprocs', ('p', 1, False, True))),
        (lambda c: c.enable('p'), ('supvisors.enable', ('p', True))),
        (lambda c: c.disable('p', wait=False), ('supvisors.disable', ('p', False))),
        (lambda c: c.restart(), ('supvisors.restart', ())),
        (lambda c: c.shutdown(), ('supvisors.shutdown', ())),
        (lambda c: c.call('supervisor.stopProcess', 'a', True), ('supervisor.stopProcess', ('a', True))),
    ],
)
def test_calls(server: Running, client: SupvisorsClient, call: Callable[[SupvisorsClient], Any], wire: Any) -> None:
    server.script.add(answer(True))
    assert call(client) is True
    assert server.script.call == wire


def test_raw_call_returns_plain_values(server: Running, client: SupvisorsClient) -> None:
    value = [{'a': [1, True, 1.5, 'é', b'\0']}]
    server.script.add(answer(value))
    assert client.call('system.listMethods') == value


def test_list_of_structures(server: Running, client: SupvisorsClient) -> None:
    raw_info = {
        'application_name': 'a',
        'managed': True,
        'now_monotonic': 1.5,
        'statecode': 2,
        'statename': 'RUNNING',
        'major_failure': False,
        'minor_failure': False,
    }
    server.script.add(answer([raw_info] * 3000))
    assert len(client.get_all_applications_info()) == 3000


def test_fault(server: Running, client: SupvisorsClient) -> None:
    server.script.add(lambda handler: handler.send(200, fault_body(101, 'BAD_SUPVISORS_STATE: ELECTION')))
    server.script.add(answer('1.0'))
    with pytest.raises(BadSupvisorsStateFault, match='ELECTION') as caught:
        client.restart()
    assert caught.value.code == 101
    assert client.get_api_version() == '1.0'
    assert len(set(server.script.connections)) == 1


def test_wrong_result_names_the_method(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer(1))
    with pytest.raises(ProtocolError, match=r'^supvisors\.get_api_version: expected string, got 1$'):
        client.get_api_version()


def test_nothing_is_sent_for_wrong_arguments(server: Running, client: SupvisorsClient) -> None:
    with pytest.raises(ValueError, match='StartingStrategy'):
        client.start_application('FASTEST', 'a')
    with pytest.raises(TypeError, match='application_name'):
        client.stop_application(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='XML cannot carry'):
        client.get_application_info('\0')
    assert server.script.requests == []


@pytest.mark.parametrize(('username', 'password'), [('user', 'p@$$w0rd'), ('usér', 'pä:ss€\n')])
def test_authentication(server: Running, username: str, password: str) -> None:
    server.script.add(answer('1.0'))
    with SupvisorsClient(server.url, username=username, password=password) as client:
        assert client.get_api_version() == '1.0'
    headers = server.script.requests[-1].headers
    assert b64decode(headers['Authorization'].removeprefix('Basic ')).decode() == f'{username}:{password}'


def test_user_of_the_url_is_moved_to_the_header(server: Running) -> None:
    server.script.add(answer('1.0'))
    with SupvisorsClient(f'http://user:p@$$w0rd@127.0.0.1:{server.port}/RPC2') as client:
        client.get_api_version()
    request = server.script.requests[-1]
    assert b64decode(request.headers['Authorization'].removeprefix('Basic ')) == b'user:p@$$w0rd'
    assert 'w0rd' not in request.path + request.headers['Host']


def test_401(server: Running) -> None:
    server.script.add(lambda handler: handler.send(401, b'no', WWW_Authenticate='Basic realm="default"'))
    client = SupvisorsClient(server.url, username='user', password='secret')
    with client, pytest.raises(AuthenticationError) as caught:
        client.get_api_version()
    assert 'secret' not in str(caught.value)
    assert server.url in str(caught.value)


@pytest.mark.parametrize(('status', 'reason'), [(500, 'Internal Server Error'), (404, 'Not Found'), (302, 'Found')])
def test_http_status(server: Running, client: SupvisorsClient, status: int, reason: str) -> None:
    server.script.add(lambda handler: handler.send(status, b'<html/>', Location=server.url), answer('1.0'))
    with pytest.raises(HttpStatusError, match=f'^HTTP {status} {reason}$') as caught:
        client.get_api_version()
    assert caught.value.status == status
    assert len(server.script.requests) == 1
    assert client.get_api_version() == '1.0'


@pytest.mark.parametrize(
    'reply',
    [
        raw(b'garbage\r\n\r\n'),
        raw(b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ngarbage'),
        raw(b'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'),
        raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
        raw(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
        lambda handler: handler.send(200, b'<!DOCTYPE a [<!ENTITY b "c">]><methodResponse>&b;</methodResponse>'),
    ],
)
def test_garbage(server: Running, client: SupvisorsClient, reply: Callable[[Handler], None]) -> None:
    server.script.add(reply, answer('1.0'))
    with pytest.raises(ProtocolError):
        client.get_api_version()
    assert client.get_api_version() == '1.0'


def test_chunked_answer(server: Running, client: SupvisorsClient) -> None:
    def chunked(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header('Transfer-Encoding', 'chunked')
        handler.end_headers()
        body = answer_body('x' * 1000)
        for start in range(0, len(body), 100):
            piece = body[start : start + 100]
            handler.wfile.write(b'%x\r\n%s\r\n' % (len(piece), piece))
        handler.wfile.write(b'0\r\n\r\n')

    server.script.add(chunked, chunked)
    assert client.get_api_version() == client.get_api_version() == 'x' * 1000
    assert len({request.client_address for request in server.script.requests}) == 1


def test_rest_of_an_answer_that_is_cut_is_not_taken_for_the_next(server: Running, client: SupvisorsClient) -> None:
    """supervisord announces the length of a held answer in characters, and sends more bytes than that."""

    def cut(handler: Handler) -> None:
        body = answer_body('\u00e9' * 20)
        length = len(body.decode())
        handler.send_response(200)
        handler.send_header('Content-Length', str(length))
        handler.end_headers()
        handler.wfile.write(body[:length])
        for _ in range(400):
            if len(server.script.requests) > 1:
                break
            server.script.over.wait(0.005)
        handler.wfile.write(body[length:])

    server.script.add(cut, answer('1.0'))
    with pytest.raises(ProtocolError, match='not an XML-RPC answer'):
        client.get_api_version()
    assert client.get_api_version() == '1.0'


def test_answer_that_ends_with_the_connection(server: Running, client: SupvisorsClient) -> None:
    server.script.add(raw(b'HTTP/1.0 200 OK\r\n\r\n' + answer_body('1.0')))
    assert client.get_api_version() == '1.0'


def test_oversized_answer(server: Running) -> None:
    endless = threading.Event()

    def pour(handler: Handler) -> None:
        handler.wfile.write(b'HTTP/1.0 200 OK\r\n\r\n')
        try:
            while True:
                handler.wfile.write(b' ' * 65536)
        except OSError:
            endless.set()
        handler.close_connection = True

    server.script.add(pour)
    client = SupvisorsClient(server.url, max_answer_bytes=1_000_000)
    with client, pytest.raises(ProtocolError, match='longer than 1000000 bytes'):
        client.get_api_version()
    assert endless.wait(20), 'the connection was left open'
