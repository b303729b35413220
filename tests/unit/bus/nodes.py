"""Real buses on loopback, each with a real HTTP server that tells where it listens."""
from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from supvisors.bus import Bus
from supvisors.engine.events import Discovered, DiscoveryJoined, LinkDown, LinkProblem, LinkUp, TcpProbed
from supvisors.engine.messages import Body, Claim, Envelope, Heartbeat, Submit, Times
from supvisors.model.identity import Identity, Incarnation

PATIENCE = 20.0
"""How long a condition may take on a machine under load; none is expected to."""


def wait_for(condition: Callable[[], Any], what: str = '') -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f'never happened: {what or condition}')


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up early are part of the tests."""


class HttpServer:
    """`answer()` gives status, content type and body of any GET, whose target is `asked`; replace it at will."""

    def __init__(self, answer: Callable[[], tuple[int, str, bytes]], port: int = 0) -> None:
        outer = self
        self.answer = answer
        self.paths: list[str] = []
        self._asking = threading.local()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                outer._asking.path = self.path
                status, kind, body = outer.answer()
                self.send_response(status)
                self.send_header('Content-Type', kind)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _Server(('127.0.0.1', port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def asked(self) -> dict[str, str]:
        """The query of the GET that this thread answers."""
        return dict(parse_qsl(self._asking.path.partition('?')[2]))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def json_answer(content: Any) -> tuple[int, str, bytes]:
    return 200, 'application/json', json.dumps(content).encode()


class Node:
    """One instance: HTTP server, bus, and all that the bus has told."""

    def __init__(self, name: str, secret: str = '', host: str = '127.0.0.1') -> None:
        self.name = name
        self.secret = secret
        self.http: HttpServer | None = HttpServer(self._answer)
        self.identity = Identity(host, self.http.port, name)
        self.identifier = self.identity.identifier
        self.peers: list[Identity] = []
        self.woken = 0
        self.boots = 0
        self.told: list[Any] = []
        self.times: list[float] = []
        self.bus = self.new_bus()

    def _answer(self) -> tuple[int, str, bytes]:
        assert self.http is not None
        description = self.bus.description(self.http.asked)
        return json_answer(description) if description['port'] else (404, 'text/plain', b'')

    @property
    def boot(self) -> str:
        return f'{self.name}-{self.boots}'

    def new_bus(self, **options: Any) -> Bus:
        self.boots += 1
        self.bus = Bus(self.identity, self.peers, self.boot, self.secret, self._wake, '127.0.0.1', **options)
        return self.bus

    def _wake(self) -> None:
        self.woken += 1

    def start(self) -> None:
        self.bus.start()

    def close(self) -> None:
        self.bus.close()
        if self.http is not None:
            self.http.close()
            self.http = None

    # -- speaking
    def envelope(self, body: Body) -> Envelope:
        return Envelope(self.identifier, Incarnation(self.boot, 1), 7, 3, body)

    def send(self, to: Node | Sequence[Node], body: Body) -> None:
        nodes = [to] if isinstance(to, Node) else to
        self.bus.send([node.identifier for node in nodes], self.envelope(body))

    # -- listening
    def pump(self) -> list[Any]:
        drained = self.bus.drain(1000)
        self.told += [item for item, _ in drained]
        self.times += [mono for _, mono in drained]
        return self.told

    def bodies(self, kind: type | None = None) -> list[Any]:
        bodies = [item.body for item in self.pump() if isinstance(item, Envelope)]
        return bodies if kind is None else [body for body in bodies if isinstance(body, kind)]

    def events(self, kind: type[Any], peer: Node | str) -> list[Any]:
        identifier = peer if isinstance(peer, str) else peer.identifier
        return [item for item in self.pump() if isinstance(item, kind) and item.identifier == identifier]

    def links(self, peer: Node) -> list[Any]:
        return [item for item in self.pump()
                if isinstance(item, (LinkUp, LinkDown)) and item.identifier == peer.identifier]

    def is_linked(self, peer: Node) -> bool:
        links = self.links(peer)
        return bool(links) and isinstance(links[-1], LinkUp)

    def reasons(self, peer: Node | str) -> list[str]:
        return [problem.reason for problem in self.events(LinkProblem, peer)]

    def discovered(self) -> list[Identity]:
        return [item.identity for item in self.pump() if isinstance(item, Discovered)]

    def joined(self) -> list[bool]:
        """What was told of the multicast group."""
        return [item.joined for item in self.pump() if isinstance(item, DiscoveryJoined)]

    def probes(self, peer: Node | str) -> list[bool]:
        return [probed.refused for probed in self.events(TcpProbed, peer)]


def introduce(*nodes: Node) -> None:
    """Each gets to know the others; their buses are made anew."""
    for node in nodes:
        node.peers = [other.identity for other in nodes]
        node.boots = 0
        node.new_bus()


def all_linked(*nodes: Node) -> bool:
    return all(node.is_linked(peer) for node in nodes for peer in nodes if peer is not node)


@contextmanager
def cluster(*secrets: str) -> Iterator[list[Node]]:
    """Started instances that know each other, one per secret; not linked yet."""
    nodes = [Node(f'n{number}', secret) for number, secret in enumerate(secrets)]
    introduce(*nodes)
    try:
        for node in nodes:
            node.start()
        yield nodes
    finally:
        for node in nodes:
            node.close()


@contextmanager
def linked(*secrets: str) -> Iterator[list[Node]]:
    with cluster(*secrets) as nodes:
        wait_for(lambda: all_linked(*nodes), 'all linked')
        yield nodes


CHILD = """
import time
from tests.unit.bus.nodes import HttpServer, json_answer
from supvisors.bus import Bus
from supvisors.model.identity import Identity
server = HttpServer(lambda: json_answer(bus.description()))
bus = Bus(Identity('127.0.0.1', server.port), [], 'b', '', lambda: None, '127.0.0.1')
bus.start()
print(server.port, flush=True)
time.sleep(100)
"""


@contextmanager
def spawned() -> Iterator[tuple[subprocess.Popen[bytes], Identity]]:
    """A bus in a process of its own, to freeze or to kill."""
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, '-c', CHILD], stdout=subprocess.PIPE, cwd=root)
    try:
        assert process.stdout is not None
        yield process, Identity('127.0.0.1', int(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


def beat(**fields: Any) -> Heartbeat:
    return Heartbeat(Claim('', 1), Times(1, 2.0, 3.0), **fields)


def submit(number: int | str) -> Submit:
    return Submit(str(number), {})
