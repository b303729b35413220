"""A real HTTP server for the tests: each POST is answered by the next function of a script."""

from __future__ import annotations

import socketserver
import xmlrpc.client
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

import pytest

Reply = Callable[['Handler'], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server: ScriptedServer | ScriptedUnixServer
    body = b''

    def do_POST(self) -> None:
        script = self.server.script
        script.connections.append(id(self.connection))
        script.requests.append(self)
        reply = script.replies.get_nowait()
        if not getattr(reply, 'reads_body_itself', False):
            self.read_body()
        reply(self)

    @property
    def params(self) -> tuple[Any, ...]:
        return xmlrpc.client.loads(self.body)[0]

    def read_body(self) -> None:
        self.body = self.rfile.read(int(self.headers['Content-Length']))

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {'Content-Type': 'text/xml', 'Content-Length': str(len(body)), **headers}.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Script:
    """What the server answers, and what it saw."""

    def __init__(self) -> None:
        self.replies: Queue[Reply] = Queue()
        self.connections: list[int] = []
        self.requests: list[Handler] = []
        self.closed: Queue[None] = Queue()
        self.over = Event()

    def add(self, *replies: Reply) -> None:
        for reply in replies:
            self.replies.put(reply)

    @property
    def call(self) -> tuple[str | None, tuple[Any, ...]]:
        """Name and parameters of the last call."""
        params, name = xmlrpc.client.loads(self.requests[-1].body)
        return name, params


class ScriptedServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        self.script = script
        super().__init__(('127.0.0.1', 0), Handler)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.script.closed.put(None)

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class ScriptedUnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, script: Script, path: str) -> None:
        self.script = script
        super().__init__(path, Handler)


class Running:
    """A server that runs in a thread while the block lasts."""

    def __init__(self, server: ScriptedServer | ScriptedUnixServer, context: SSLContext | None = None) -> None:
        self.server = server
        self.script = server.script
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self._thread = Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server.socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.script.over.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


def answer_body(value: Any) -> bytes:
    return xmlrpc.client.dumps((value,), methodresponse=True).encode()


def fault_body(code: int, text: str) -> bytes:
    return xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode()


def answer(value: object) -> Reply:
    return lambda handler: handler.send(200, answer_body(value))


def answer_then_close(value: object) -> Reply:
    """Answer as if the connection went on, then close it: what a server does to idle connections."""

    def reply(handler: Handler) -> None:
        handler.send(200, answer_body(value))
        handler.close_connection = True

    return reply


def raw(data: bytes) -> Reply:
    """Send bytes and close."""

    def reply(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return reply


def silence(handler: Handler) -> None:
    """Never answer."""
    handler.server.script.over.wait()
    handler.close_connection = True


def drop(handler: Handler) -> None:
    """Take the request and close without an answer."""
    handler.close_connection = True


def refuse_body(handler: Handler) -> None:
    """Close before the body was read."""
    handler.close_connection = True


refuse_body.reads_body_itself = True  # type: ignore[attr-defined]


def wait_for(condition: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(2000):
        if condition():
            return
        pause.wait(0.005)
    pytest.fail('the condition never came true')
