"""One HTTP/1.1 connection without I/O: bytes to send come out, bytes received go in.

States are those of h11; each exchange is `request`, then `receive` until it returns the answer, then maybe another
exchange if `reusable`. Whoever does the I/O, blocking or not, holds one of these beside its socket.
"""

from __future__ import annotations

from dataclasses import dataclass

import h11

from supvisors_client._version import __version__
from supvisors_client.endpoint import Endpoint
from supvisors_client.errors import ConnectionLostError, ProtocolError

USER_AGENT = f'supvisors-client/{__version__}'


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete answer."""

    status: int
    reason: str
    body: bytes


class HttpExchange:
    """The exchanges of one connection."""

    def __init__(self, endpoint: Endpoint, max_answer_bytes: int) -> None:
        self._endpoint = endpoint
        self._max = max_answer_bytes
        self._http = h11.Connection(h11.CLIENT)
        self._response: h11.Response | None = None
        self._body = bytearray()
        self._answered = False

    def request(self, body: bytes) -> bytes:
        """Return the bytes of a request; on a connection that has served, only if `reusable`."""
        if self._http.our_state is h11.DONE:
            self._http.start_next_cycle()
        self._response, self._body, self._answered = None, bytearray(), False
        headers = [
            ('Host', self._endpoint.host_header),
            ('User-Agent', USER_AGENT),
            ('Accept', 'text/xml'),
            ('Content-Type', 'text/xml'),
            ('Content-Length', str(len(body))),
        ]
        if self._endpoint.authorization:
            headers.append(('Authorization', self._endpoint.authorization))
        events = (
            h11.Request(method='POST', target=self._endpoint.path, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        return b''.join(self._http.send(event) or b'' for event in events)

    def receive(self, data: bytes) -> HttpAnswer | None:
        """Take what was received, `b''` for the end of the stream, and return the answer once it is complete.

        Raises:
            ConnectionLostError: the stream ended before the answer.
            ProtocolError: not HTTP, or longer than allowed.
        """
        self._answered = self._answered or bool(data)
        try:
            self._http.receive_data(data)
            return self._next_answer()
        except h11.RemoteProtocolError as error:
            if data:
                raise ProtocolError(f'not an HTTP answer: {error}') from None
            text = 'in the middle of' if self._answered else 'without'
            raise ConnectionLostError(f'closed by the server {text} an answer', True, self._answered) from None

    @property
    def answered(self) -> bool:
        """A byte of the answer to the last request was received."""
        return self._answered

    @property
    def reusable(self) -> bool:
        """The last exchange is complete and both sides agree to go on."""
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    def _next_answer(self) -> HttpAnswer | None:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                return None
            if isinstance(event, h11.Response):
                self._response = event
                self._check_declared_length(event)
            elif isinstance(event, h11.Data):
                self._body += event.data
                self._check_length(len(self._body))
            elif isinstance(event, h11.EndOfMessage) and self._response is not None:
                reason = self._response.reason.decode('latin-1')
                return HttpAnswer(self._response.status_code, reason, bytes(self._body))
            elif not isinstance(event, h11.InformationalResponse):
                raise ProtocolError(f'unexpected HTTP event: {event!r}')

    def _check_declared_length(self, response: h11.Response) -> None:
        for name, value in response.headers:
            if name == b'content-length':
                self._check_length(int(value))

    def _check_length(self, length: int) -> None:
        if length > self._max:
            raise ProtocolError(f'the answer is longer than {self._max} bytes')
