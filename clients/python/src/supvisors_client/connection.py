"""One blocking connection: a socket and the HTTP exchange that goes over it."""

from __future__ import annotations

import selectors
import socket
from time import monotonic
from typing import TYPE_CHECKING

from supvisors_client.endpoint import Endpoint
from supvisors_client.errors import ConnectError, ConnectionLostError, RequestTimeoutError
from supvisors_client.exchange import HttpAnswer, HttpExchange

if TYPE_CHECKING:
    from ssl import SSLContext

CHUNK = 65536

# PollSelector, unlike select(), has no limit on the number of the descriptor
_Selector = getattr(selectors, 'PollSelector', selectors.SelectSelector)

# a host that went silent is noticed in about a minute, even by a request that waits without limit
_KEEP_ALIVE = {'TCP_KEEPIDLE': 30, 'TCP_KEEPINTVL': 10, 'TCP_KEEPCNT': 3}


class Deadline:
    """The end of a call, or no end if `seconds` is None."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else monotonic() + seconds

    def remaining(self) -> float | None:
        """Return what is left, in seconds, None for no limit.

        Raises:
            RequestTimeoutError: nothing is left.
        """
        if self._end is None:
            return None
        left = self._end - monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> RequestTimeoutError:
        return RequestTimeoutError(f'no complete answer within {self._seconds} s')


class Connection:
    """A connection, used by one thread at a time; after any error it can only be closed."""

    def __init__(self, sock: socket.socket, endpoint: Endpoint, max_answer_bytes: int) -> None:
        self._socket = sock
        self._exchange = HttpExchange(endpoint, max_answer_bytes)

    def exchange(self, body: bytes, deadline: Deadline) -> HttpAnswer:
        """Send a request and return its answer.

        Raises:
            RequestTimeoutError: no complete answer before the deadline.
            ConnectionLostError: the connection ended first.
            ProtocolError: the answer is not HTTP, or is too long.
        """
        request = self._exchange.request(body)
        sent = False
        try:
            self._socket.settimeout(deadline.remaining())
            self._socket.sendall(request)
            sent = True
            return self._receive(deadline)
        except TimeoutError as error:
            # ETIMEDOUT is a TimeoutError as well: the keep-alive probes went unanswered
            if error.errno is None:
                raise deadline.passed() from None
            raise ConnectionLostError(str(error), sent, self._exchange.answered) from error
        except OSError as error:
            raise ConnectionLostError(str(error), sent, self._exchange.answered) from error

    def _receive(self, deadline: Deadline) -> HttpAnswer:
        while True:
            self._socket.settimeout(deadline.remaining())
            answer = self._exchange.receive(self._socket.recv(CHUNK))
            if answer is not None:
                return answer

    @property
    def reusable(self) -> bool:
        return self._exchange.reusable

    def is_stale(self) -> bool:
        """Tell whether an idle connection was closed by the server, or received what nobody asked for."""
        with _Selector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        self._socket.close()


def open_socket(endpoint: Endpoint, timeout: float, deadline: Deadline, context: SSLContext | None) -> socket.socket:
    """Connect to the server, over TLS if a context is given.

    Args:
        endpoint: the server.
        timeout: limit in seconds for each address of the host, the TLS handshake included; the look-up of the name is
            not limited.
        deadline: limit of the whole call.
        context: TLS settings.

    Raises:
        ConnectError: no address answers in time.
    """
    failure: Exception | None = None
    try:
        for family, address in _addresses(endpoint):
            left = deadline.remaining()
            try:
                return _connect(endpoint, family, address, timeout if left is None else min(timeout, left), context)
            except OSError as error:
                failure = error
    except (OSError, UnicodeError, RequestTimeoutError) as error:
        failure = failure or error
    raise ConnectError(f'cannot connect to {endpoint}: {failure}') from failure


def _addresses(endpoint: Endpoint) -> list[tuple[int, object]]:
    if endpoint.unix_path:
        return [(socket.AF_UNIX, endpoint.unix_path)]
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _connect(
    endpoint: Endpoint, family: int, address: object, timeout: float, context: SSLContext | None
) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(address)  # type: ignore[arg-type]
        if family != getattr(socket, 'AF_UNIX', None):
            _tune(sock)
        return context.wrap_socket(sock, server_hostname=endpoint.host) if context else sock
    except BaseException:
        sock.close()
        raise


def _tune(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
