"""Everything that the client raises on purpose.

    SupvisorsError
    ├── ConfigurationError         the client cannot be built: bad URL, missing variable (also a ValueError)
    ├── TransportError             no answer of the API was obtained
    │   ├── ConnectError           no connection; nothing was sent, so nothing was done
    │   ├── RequestTimeoutError    no complete answer in time; a request that changes something may have been executed
    │   ├── ConnectionLostError    closed before the end of the answer; tells how far the exchange went
    │   ├── AuthenticationError    HTTP 401: user or password missing or refused
    │   └── ProtocolError          an answer came, and it is not what the API says
    │       └── HttpStatusError    an HTTP status other than 200 and 401
    └── Fault                      the server answered that it refused or failed; test the class, or `code`
        ├── BadNameFault
        ├── BadSupvisorsStateFault
        └── ...                    one class per fault of the contract

Parameters that cannot be sent (wrong type, unknown strategy, text that XML cannot carry) raise the usual TypeError or
ValueError before anything is sent.
"""

from __future__ import annotations


class SupvisorsError(Exception):
    """Root of all errors of the client."""


class ConfigurationError(SupvisorsError, ValueError):
    """The client cannot be built from what it was given. The text never holds a password."""


class TransportError(SupvisorsError):
    """No answer of the API was obtained."""


class ConnectError(TransportError):
    """No connection could be made, in time or at all. Nothing was sent."""


class RequestTimeoutError(TransportError):
    """The complete answer did not come in time. The server may have executed the request, or may still do so."""


class ConnectionLostError(TransportError):
    """The connection ended before the complete answer.

    Attributes:
        sent: the whole request was handed to the system; if False the server cannot have executed it.
        answered: at least one byte of the answer was received.
    """

    def __init__(self, message: str, sent: bool, answered: bool) -> None:
        super().__init__(message, sent, answered)
        self.sent = sent
        self.answered = answered

    def __str__(self) -> str:
        return str(self.args[0])


class AuthenticationError(TransportError):
    """The server refused the user and password, or wants some."""


class ProtocolError(TransportError):
    """An answer came that is not a valid answer of the API: not HTTP, not XML-RPC, too long, or of the wrong shape."""


class HttpStatusError(ProtocolError):
    """The server answered with an HTTP error; redirections are not followed.

    Attributes:
        status: HTTP status.
        reason: the text beside it.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason

    def __str__(self) -> str:
        return f'HTTP {self.status} {self.reason}'.rstrip()


class Fault(SupvisorsError):
    """The server refused the request or could not fulfil it; a code that this release does not know stays a plain
    `Fault`.

    Attributes:
        code: what to test, or the class; never the text.
        name: symbolic name of the code; empty if neither this release nor the server tells it.
        detail: what happened, for humans; may be empty.
    """

    def __init__(self, code: int, name: str, detail: str) -> None:
        super().__init__(code, name, detail)
        self.code = code
        self.name = name
        self.detail = detail

    def __str__(self) -> str:
        text = ': '.join(part for part in (self.name, self.detail) if part)
        return f'{text} (fault {self.code})'.lstrip()
