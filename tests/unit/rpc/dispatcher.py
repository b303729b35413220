"""supervisord's own XML-RPC dispatcher, from the bytes of a request to the bytes of its answer, without a socket."""
from __future__ import annotations

import logging
from typing import Any
from xmlrpc.client import dumps, loads

from supervisor.http import NOT_DONE_YET
from supervisor.xmlrpc import SystemNamespaceRPCInterface, supervisor_xmlrpc_handler

from supvisors.rpc import RPCInterface

WAITING = object()


class Supervisord:
    """What the handler uses of supervisord: a logger."""

    def __init__(self) -> None:
        self.options = self
        logger: Any = logging.getLogger('supervisord')
        logger.trace = logger.debug
        self.logger = logger


class Exchange:
    """One HTTP request and its channel, as the handler sees them; then the answer."""
    uri = '/RPC2'
    version = '1.1'

    def __init__(self) -> None:
        self.channel = self
        self.current_request: object = self
        self.header: list[str] = []
        self.outgoing: list[Any] = []
        self.headers: dict[str, object] = {}
        self.status = 200
        self.producer: Any = None
        self.body: bytes | None = None

    def __setitem__(self, name: str, value: object) -> None:
        self.headers[name] = value

    def push(self, data: str | bytes) -> None:
        self.outgoing.append(data.encode() if isinstance(data, str) else data)

    def done(self) -> None:
        self.body = b''.join(self.outgoing)

    def error(self, status: int) -> None:
        self.status = status

    def build_reply_header(self) -> bytes:
        return b''

    def log(self, size: int) -> None:
        pass

    def push_with_producer(self, producer: Any) -> None:
        if self.producer is None:
            self.producer = producer
        else:
            self.body = b''.join(self.outgoing[1:])

    def poll(self) -> Any:
        """The value; WAITING when it is not known yet; raises `Fault`. Polls a deferred answer once."""
        if self.body is None and self.producer is not None and self.producer.more() is NOT_DONE_YET:
            return WAITING
        assert self.status == 200
        assert self.body is not None
        assert self.headers['Content-Length'] == len(self.body)
        return loads(self.body)[0][0]


class Dispatcher:
    def __init__(self, interface: RPCInterface) -> None:
        namespaces: list[tuple[str, object]] = [('supvisors', interface)]
        self.system = SystemNamespaceRPCInterface(namespaces)
        namespaces.append(('system', self.system))
        self._handler = supervisor_xmlrpc_handler(Supervisord(), namespaces)

    def send(self, method: str, *params: Any) -> Exchange:
        exchange = Exchange()
        data = dumps(params, method if '.' in method else f'supvisors.{method}', allow_none=True)
        self._handler.continue_request(data, exchange)
        return exchange

    def call(self, method: str, *params: Any) -> Any:
        return self.send(method, *params).poll()
