"""What a blocking and an asynchronous client share: where the server is, the limits, what to send and how to read the
answer."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from supvisors_client.codec import decode_answer, encode_call
from supvisors_client.endpoint import Endpoint, endpoint_from_env, parse_endpoint
from supvisors_client.errors import AuthenticationError, ConfigurationError, HttpStatusError
from supvisors_client.exchange import HttpAnswer
from supvisors_client.methods import Method
from supvisors_client.timeouts import DEFAULT, Timeout, checked

if TYPE_CHECKING:
    from ssl import SSLContext

REQUEST_TIMEOUT = 30.0
CONNECT_TIMEOUT = 5.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024

C = TypeVar('C', bound='BaseClient')


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent by whoever does the I/O."""

    body: bytes
    timeout: float | None
    reads_only: bool


class BaseClient:
    """A client without I/O."""

    def __init__(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: float | None = REQUEST_TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
        ssl_context: SSLContext | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        """Nothing is sent before the first call.

        Args:
            url: `http://host:port`, `https://host:port` or `unix:///path/of/socket`; the path is `/RPC2` if there is
                none. A user and a password in it are moved to the authentication header; percent-encode what is special
                there.
            username: user, in place of that of the URL.
            password: password, in any characters; never shown by the client.
            timeout: limit of a call in seconds, above 0, connection included; None for no limit.
            connect_timeout: limit for one address of the host in seconds, above 0; the look-up of its name is not
                limited.
            ssl_context: for `https`, in place of the default context of Python.
            max_answer_bytes: answers longer than that are refused.

        Raises:
            ConfigurationError: the URL has another form.
            ValueError: a limit out of range.
        """
        self._configure(
            parse_endpoint(url, username, password), timeout, connect_timeout, ssl_context, max_answer_bytes
        )

    @classmethod
    def from_env(
        cls: type[C],
        environ: Mapping[str, str] = os.environ,
        *,
        timeout: float | None = REQUEST_TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
        ssl_context: SSLContext | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> C:
        """Return a client of the supervisord that started this process.

        SUPERVISOR_SERVER_URL is set by supervisord. SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD go together and are
        optional: supervisord does not set them, the `environment` of its configuration file does.

        Raises:
            ConfigurationError: a variable is missing (it is named), or the URL has a wrong form.
        """
        client = cls.__new__(cls)
        client._configure(endpoint_from_env(environ), timeout, connect_timeout, ssl_context, max_answer_bytes)
        return client

    def __repr__(self) -> str:
        return f'<{type(self).__name__} {self._endpoint}>'

    def _configure(
        self,
        endpoint: Endpoint,
        timeout: float | None,
        connect_timeout: float,
        ssl_context: SSLContext | None,
        max_answer_bytes: int,
    ) -> None:
        checked(connect_timeout)
        if max_answer_bytes < 1:
            raise ValueError(f'max_answer_bytes is above 0, got {max_answer_bytes!r}')
        if ssl_context is not None and not endpoint.secure:
            raise ConfigurationError('an SSL context is for https only')
        self._endpoint = endpoint
        self._timeout = checked(timeout)
        self._connect_timeout = connect_timeout
        self._ssl_context = ssl_context
        self._max_answer_bytes = max_answer_bytes
        if endpoint.secure and ssl_context is None:
            from ssl import create_default_context

            self._ssl_context = create_default_context()

    def _request(self, method: Method[Any], arguments: Sequence[object], timeout: Timeout) -> Request:
        if timeout is DEFAULT and method.holds_answer(arguments):
            timeout = None
        params = method.encode(arguments)
        return self._raw_request(method.wire_name, params, timeout, method.reads_only(arguments))

    def _raw_request(self, wire_name: str, params: Sequence[Any], timeout: Timeout, repeatable: bool) -> Request:
        limit = self._timeout if timeout is DEFAULT else checked(timeout)
        return Request(encode_call(wire_name, params), limit, repeatable)

    def _read(self, answer: HttpAnswer) -> Any:
        if answer.status == 401:
            raise AuthenticationError(f'{self._endpoint} refuses the user and password, or wants some')
        if answer.status != 200:
            raise HttpStatusError(answer.status, answer.reason)
        return decode_answer(answer.body)
