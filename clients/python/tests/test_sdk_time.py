"""Time-outs, threads and interrupts, against a real HTTP server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
from sdk_server import (
    Handler,
    Running,
    answer,
    answer_body,
    silence,
    wait_for,
)

from supvisors_client import (
    ConnectError,
    RequestTimeoutError,
    SupvisorsClient,
)

SHORT = 0.2

# an unclosed socket is a warning, so an error
pytestmark = pytest.mark.filterwarnings('error')


def test_time_out_of_the_client(server: Running) -> None:
    server.script.add(silence)
    with SupvisorsClient(server.url, timeout=SHORT) as client, pytest.raises(RequestTimeoutError, match=r'0\.2 s'):
        client.get_api_version()


@pytest.mark.parametrize(
    'call',
    [
        lambda c: c.get_api_version(timeout=SHORT),
        lambda c: c.stop_process('a', timeout=SHORT),
        lambda c: c.call('supervisor.getState', timeout=SHORT),
    ],
)
def test_time_out_of_the_call(
    server: Running, client: SupvisorsClient, call: Callable[[SupvisorsClient], object]
) -> None:
    server.script.add(silence, answer('1.0'))
    with pytest.raises(RequestTimeoutError):
        call(client)
    wait_for(lambda: len(server.script.requests) == 1)
    assert client.get_api_version() == '1.0'


def test_time_out_is_for_the_whole_answer(server: Running, client: SupvisorsClient) -> None:
    """A server that sends a byte now and then cannot hold the caller."""

    def drip(handler: Handler) -> None:
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
        while not handler.server.script.over.wait(SHORT / 10):
            handler.wfile.write(b' ')

    server.script.add(drip)
    with pytest.raises(RequestTimeoutError):
        client.get_api_version(timeout=SHORT)


def test_waiting_has_no_time_out_unless_given(server: Running) -> None:
    """The answer is held until the short limit of the client has let another request go."""
    expired = threading.Event()

    def held(handler: Handler) -> None:
        expired.wait(20)
        handler.send(200, answer_body(True))

    def let_go(client: SupvisorsClient) -> None:
        with pytest.raises(RequestTimeoutError):
            client.stop_process('a', wait=False)
        expired.set()

    with SupvisorsClient(server.url, timeout=SHORT) as client:
        server.script.add(held)
        result: list[bool] = []
        waiter = threading.Thread(target=lambda: result.append(client.stop_process('a')))
        waiter.start()
        wait_for(lambda: len(server.script.requests) == 1)
        server.script.add(silence)
        let_go(client)
        waiter.join(20)
    assert result == [True]


def test_connect_time_out() -> None:
    """A full queue of connections that nobody accepts: the next attempt is not answered."""
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        client = SupvisorsClient(f'http://127.0.0.1:{listener.getsockname()[1]}', connect_timeout=SHORT)
        with pytest.raises(ConnectError, match='timed out'):
            client.get_api_version()
        for sock in waiting:
            sock.close()


def test_threads_do_not_wait_for_each_other(server: Running, client: SupvisorsClient) -> None:
    barrier = threading.Barrier(3)

    def together(handler: Handler) -> None:
        barrier.wait(20)
        handler.send(200, answer_body('1.0'))

    server.script.add(together, together, together)
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(client.get_api_version())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == ['1.0'] * 3


def test_many_threads(server: Running, client: SupvisorsClient) -> None:
    def echo(handler: Handler) -> None:
        handler.send(200, answer_body(handler.params[0]))

    server.script.add(*[echo] * 160)
    results: list[bool] = []

    def work(number: int) -> None:
        results.extend(client.call('test.echo', [number, turn]) == [number, turn] for turn in range(20))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == [True] * 160


def test_interrupted_call_does_not_leave_its_answer_to_the_next(
    server: Running, client: SupvisorsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script.add(answer('first'), answer('second'))
    original = socket.socket.sendall

    def interrupted(self: socket.socket, data: bytes) -> None:
        original(self, data)
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(socket.socket, 'sendall', interrupted)
        with pytest.raises(KeyboardInterrupt):
            client.get_api_version()
    wait_for(lambda: len(server.script.requests) == 1)
    assert client.get_api_version() == 'second'
