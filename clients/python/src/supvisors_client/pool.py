"""The idle connections to one server, and when a request may be sent twice.

A server closes idle connections when it likes. So an idle connection is looked at before it is used, and if the server
closes it in the very moment of use, the request is sent once more on a new one, when that cannot do anything twice: not
one byte of an answer was received, and either the request only reads, or it was not handed over whole. Never more than
once.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from supvisors_client.connection import Connection, Deadline, open_socket
from supvisors_client.endpoint import Endpoint
from supvisors_client.errors import ConnectionLostError, SupvisorsError
from supvisors_client.exchange import HttpAnswer

if TYPE_CHECKING:
    from ssl import SSLContext

MAX_IDLE = 4

_END = b'</methodResponse>'


class Pool:
    """Connections to one server, for any number of threads: each call has a connection to itself."""

    def __init__(
        self, endpoint: Endpoint, connect_timeout: float, context: SSLContext | None, max_answer_bytes: int
    ) -> None:
        self._endpoint = endpoint
        self._connect_timeout = connect_timeout
        self._context = context
        self._max_answer_bytes = max_answer_bytes
        self._lock = Lock()
        self._idle: list[Connection] = []
        self._closed = False

    def exchange(self, body: bytes, timeout: float | None, reads_only: bool) -> HttpAnswer:
        """Send a request and return its answer; see `Connection.exchange` and `open_socket` for the errors.

        Args:
            body: what to send.
            timeout: limit in seconds for everything, None for no limit.
            reads_only: sending it twice does no harm.
        """
        deadline = Deadline(timeout)
        idle = self._take()
        if idle is not None:
            try:
                return self._use(idle, body, deadline)
            except ConnectionLostError as lost:
                if lost.answered or (lost.sent and not reads_only):
                    raise
        return self._use(self._open(deadline), body, deadline)

    def close(self) -> None:
        """Close the idle connections; those in use are closed when their call ends."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _open(self, deadline: Deadline) -> Connection:
        sock = open_socket(self._endpoint, self._connect_timeout, deadline, self._context)
        return Connection(sock, self._endpoint, self._max_answer_bytes)

    def _use(self, connection: Connection, body: bytes, deadline: Deadline) -> HttpAnswer:
        try:
            answer = connection.exchange(body, deadline)
        except BaseException:
            connection.close()
            raise
        if answer.status == 200 and not answer.body.rstrip().endswith(_END):
            # supervisord announces the length of a held answer in characters: the rest would be taken for the next one
            connection.close()
        else:
            self._give_back(connection)
        return answer

    def _take(self) -> Connection | None:
        while True:
            with self._lock:
                if self._closed:
                    raise SupvisorsError('the client is closed')
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if not connection.is_stale():
                return connection
            connection.close()

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            if connection.reusable and not self._closed and len(self._idle) < MAX_IDLE:
                self._idle.append(connection)
                return
        connection.close()
