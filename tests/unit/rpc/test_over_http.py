"""Deferred answers through supervisord's real HTTP server, on a free loopback port."""
from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from xmlrpc.client import Fault, ServerProxy, dumps

import pytest
from supervisor.http import supervisor_af_inet_http_server
from supervisor.medusa import asyncore_25 as asyncore
from supervisor.xmlrpc import SystemNamespaceRPCInterface, supervisor_xmlrpc_handler

from supvisors.engine.commands import Command, Ticket
from tests.unit.rpc.dispatcher import Supervisord
from tests.unit.rpc.world import Daemon, World

DEADLINE = 20.0


class NoLog:
    def log(self, message: str) -> None:
        pass


class Server:
    """supervisord's main loop, turned by the test while a client of another thread waits."""

    def __init__(self, daemon: Daemon, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        namespaces: list[tuple[str, object]] = [('supvisors', daemon.interface)]
        namespaces.append(('system', SystemNamespaceRPCInterface(namespaces)))
        self._server = supervisor_af_inet_http_server('127.0.0.1', 0, NoLog())
        self._server.install_handler(supervisor_xmlrpc_handler(Supervisord(), namespaces))
        self._url = f'http://127.0.0.1:{self._server.socket.getsockname()[1]}/RPC2'

    def ask(self, method: str, *params: Any) -> Future[Any]:
        def client() -> Any:
            with ServerProxy(self._url) as proxy:
                return getattr(proxy, method)(*params)

        return self._threads.submit(client)

    def run_until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline
            asyncore.poll(0.01)

    def answer(self, future: Future[Any]) -> Any:
        self.run_until(future.done)
        return future.result()

    def wake(self) -> None:
        """What the host room does when a ticket has changed."""
        for channel in asyncore.socket_map.values():
            if getattr(channel, 'delay', 0):
                channel.last_writable_check = 0


@pytest.fixture
def server(daemon: Daemon) -> Iterator[Server]:
    # the map of asyncore is global
    assert not asyncore.socket_map
    with ThreadPoolExecutor(2) as threads:
        try:
            yield Server(daemon, threads)
        finally:
            for channel in list(asyncore.socket_map.values()):
                channel.close()


def test_an_answer_is_held_until_the_end(server: Server, world: World) -> None:
    ticket = world.outcome = Ticket('r1', Command('start_process'))
    held = server.ask('supvisors.start_process', 0, 'backup')
    server.run_until(lambda: world.requests)
    # other clients are served meanwhile
    assert server.answer(server.ask('supvisors.get_api_version')) == '1.0.0'
    assert not held.done()
    ticket.done = True
    assert server.answer(held) is True


def test_waking_the_channel_is_enough(server: Server, world: World) -> None:
    ticket = world.outcome = Ticket('r1', Command('stop_process'))
    held = server.ask('supvisors.stop_process', 'web:api')
    server.run_until(lambda: any(getattr(channel, 'delay', 0) for channel in asyncore.socket_map.values()))
    # polled just now: the next poll would be half a second away
    for channel in asyncore.socket_map.values():
        channel.last_writable_check = time.time() + 3600 if getattr(channel, 'delay', 0) else 0
    ticket.done, ticket.code, ticket.text = True, 91, 'caf\xe9'
    server.wake()
    with pytest.raises(Fault, match='STILL_RUNNING: caf') as caught:
        server.answer(held)
    assert caught.value.faultCode == 91


def test_multicall(server: Server, world: World) -> None:
    ticket = world.outcome = Ticket('r1', Command('start_process'))
    held = server.ask('system.multicall', [
        {'methodName': 'supvisors.start_process', 'params': [0, 'backup']},
        {'methodName': 'supvisors.get_strategies', 'params': []},
        {'methodName': 'supvisors.start_process', 'params': [0, 'backup', '', 'x']},
        {'methodName': 'supvisors.stop_process', 'params': ['web:api', False]},
    ])
    server.run_until(lambda: world.requests)
    ticket.accepted = ticket.done = True
    first, second, third, fourth = server.answer(held)
    assert (first, second['starting'], third['faultCode'], fourth) == (True, 'CONFIG', 2, True)


def test_a_client_that_leaves_does_not_harm(server: Server, world: World) -> None:
    ticket = world.outcome = Ticket('r1', Command('start_process'))
    raw = socket.create_connection(server._server.socket.getsockname())
    body = dumps((0, 'backup'), 'supvisors.start_process').encode()
    raw.sendall(b'POST /RPC2 HTTP/1.1\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
    server.run_until(lambda: world.requests)
    raw.close()
    ticket.done = True
    assert server.answer(server.ask('supvisors.get_api_version')) == '1.0.0'
    server.run_until(lambda: len(asyncore.socket_map) == 1)
