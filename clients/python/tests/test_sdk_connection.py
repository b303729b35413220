"""Connections, kept, lost and refused, against a real server, over TCP, unix sockets and TLS."""

from __future__ import annotations

import socket
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from sdk_server import (
    Handler,
    Running,
    Script,
    ScriptedServer,
    ScriptedUnixServer,
    answer,
    answer_body,
    answer_then_close,
    drop,
    raw,
    refuse_body,
)

from supvisors_client import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    SupvisorsClient,
    SupvisorsError,
)

# an unclosed socket is a warning, so an error
pytestmark = pytest.mark.filterwarnings('error')


def test_connection_is_kept(server: Running, client: SupvisorsClient) -> None:
    server.script.add(*[answer('1.0')] * 5)
    assert [client.get_api_version() for _ in range(5)] == ['1.0'] * 5
    assert len({request.client_address for request in server.script.requests}) == 1


def test_connection_is_not_kept_when_the_server_says_so(server: Running, client: SupvisorsClient) -> None:
    """Even if the server then leaves it open."""

    def reply(handler: Handler) -> None:
        handler.send(200, answer_body('1.0'), Connection='close')
        handler.close_connection = False

    server.script.add(reply, answer('1.0'))
    assert client.get_api_version() == client.get_api_version() == '1.0'
    assert len({request.client_address for request in server.script.requests}) == 2


@pytest.mark.parametrize(
    ('call', 'result'),
    [(lambda c: c.get_api_version(), '2.0'), (lambda c: c.restart(), True)],
    ids=['read', 'write'],
)
def test_idle_connection_closed_by_the_server(
    server: Running, client: SupvisorsClient, call: Callable[[SupvisorsClient], object], result: object
) -> None:
    server.script.add(answer_then_close('1.0'), answer(result))
    client.get_api_version()
    server.script.closed.get(timeout=10)
    assert call(client) == result
    assert len({request.client_address for request in server.script.requests}) == 2


def test_read_is_sent_again_when_a_kept_connection_drops(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), drop, answer('2.0'))
    assert [client.get_api_version(), client.get_api_version()] == ['1.0', '2.0']
    assert len(server.script.requests) == 3


def test_write_is_never_sent_again(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), drop, answer(True))
    client.get_api_version()
    with pytest.raises(ConnectionLostError) as caught:
        client.shutdown()
    assert (caught.value.sent, caught.value.answered) == (True, False)
    assert len(server.script.requests) == 2


def test_write_that_was_not_sent_whole_is_sent_again(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), refuse_body, answer(True))
    client.get_api_version()
    big = 'x' * 20_000_000
    assert client.start_process('LOCAL', 'a', big, wait=False) is True
    assert server.script.call[1][2] == big


def test_read_is_sent_again_once_only(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), drop, drop, answer('2.0'))
    client.get_api_version()
    with pytest.raises(ConnectionLostError):
        client.get_api_version()
    assert len(server.script.requests) == 3


def test_fresh_connection_that_drops_is_an_error(server: Running, client: SupvisorsClient) -> None:
    server.script.add(drop, answer('1.0'))
    with pytest.raises(ConnectionLostError):
        client.get_api_version()
    assert len(server.script.requests) == 1


def test_started_answer_is_never_asked_again(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<?xml'), answer('2.0'))
    client.get_api_version()
    with pytest.raises(ConnectionLostError) as caught:
        client.get_api_version()
    assert caught.value.answered
    assert len(server.script.requests) == 2


def test_nobody_listens() -> None:
    with socket.create_server(('127.0.0.1', 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(ConnectError, match=f'cannot connect to http://127.0.0.1:{port}/RPC2'):
        SupvisorsClient(f'http://127.0.0.1:{port}').get_api_version()


def test_unknown_host() -> None:
    with pytest.raises(ConnectError):
        SupvisorsClient('http://nowhere.invalid:1').get_api_version()


@pytest.fixture
def unix_server(tmp_path: Path) -> Iterator[Running]:
    with Running(ScriptedUnixServer(Script(), str(tmp_path / 's.sock'))) as running:
        yield running


def test_unix_socket(unix_server: Running, tmp_path: Path) -> None:
    unix_server.script.add(answer('1.0'), answer('2.0'))
    env = {
        'SUPERVISOR_SERVER_URL': f'unix://{tmp_path}/s.sock',
        'SUPERVISOR_USERNAME': 'user',
        'SUPERVISOR_PASSWORD': 'p@$$w0rd',
    }
    with SupvisorsClient.from_env(env) as client:
        assert [client.get_api_version(), client.get_api_version()] == ['1.0', '2.0']
    headers = unix_server.script.requests[-1].headers
    assert headers['Host'] == 'localhost'
    assert b64decode(headers['Authorization'].removeprefix('Basic ')) == b'user:p@$$w0rd'
    assert len(set(unix_server.script.connections)) == 1


def test_unix_socket_without_a_server(tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match=r'cannot connect to unix:///.*/none\.sock'):
        SupvisorsClient(f'unix://{tmp_path}/none.sock').get_api_version()


@pytest.fixture(scope='module')
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[Running]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert('localhost').configure_cert(context)
    with Running(ScriptedServer(Script()), context) as running:
        yield running


def test_https(tls_server: Running, authority: trustme.CA) -> None:
    tls_server.script.add(*[answer('1.0')] * 3)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with SupvisorsClient(f'https://localhost:{tls_server.port}', ssl_context=context) as client:
        assert [client.get_api_version() for _ in range(3)] == ['1.0'] * 3


def test_https_with_an_unknown_authority(tls_server: Running) -> None:
    with pytest.raises(ConnectError, match='CERTIFICATE_VERIFY_FAILED'):
        SupvisorsClient(f'https://localhost:{tls_server.port}').get_api_version()
    assert tls_server.script.requests == []


def test_ssl_context_without_https() -> None:
    with pytest.raises(ConfigurationError, match='https'):
        SupvisorsClient('http://host', ssl_context=ssl.create_default_context())


def test_closed_client(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'))
    client.get_api_version()
    client.close()
    client.close()
    server.script.closed.get(timeout=10)
    with pytest.raises(SupvisorsError, match='closed'):
        client.get_api_version()
