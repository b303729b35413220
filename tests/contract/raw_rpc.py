"""XML-RPC without the manners of a client library: any value, any body, and what really comes back."""
from __future__ import annotations

import http.client
import math
import xmlrpc.client
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

import attrs

from supvisors.demo import Daemon
from supvisors.rpc.text import fits_xml

TIMEOUT = 20.0
"""Of one call, in seconds: nothing that is refused needs more than a tenth of it, even on a busy machine."""


@attrs.frozen
class Reply:
    """What was answered: `fault` is (0, '') when the answer is a value, or when there is none."""
    status: int
    fault: tuple[int, str] = (0, '')
    value: Any = None


class RawClient:
    """One connection to a daemon, made anew when the daemon has closed it."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._connection = http.client.HTTPConnection('127.0.0.1', daemon.port, timeout=TIMEOUT)

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._connection.close()

    def call(self, method: str, *arguments: Any) -> Reply:
        return self.post(request(method, arguments))

    def post(self, body: str | bytes, headers: Mapping[str, str] | None = None) -> Reply:
        """Raises TimeoutError, or ConnectionError when the daemon is not there."""
        sent = body.encode() if isinstance(body, str) else body
        try:
            self._connection.request('POST', '/RPC2', sent, {'Content-Type': 'text/xml', **(headers or {})})
            answer = self._connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(f'{self._daemon.nick}: {error!r}') from None
        if answer.status != 200:
            # supervisord may take the rest of a refused request for the next one
            self._connection.close()
        return _reply(answer.status, text)


def _reply(status: int, text: bytes) -> Reply:
    if status != 200:
        return Reply(status)
    try:
        (value,), _ = xmlrpc.client.loads(text)
    except xmlrpc.client.Fault as fault:
        return Reply(status, fault=(fault.faultCode, fault.faultString))
    return Reply(status, value=value)


def request(method: str, arguments: Sequence[Any]) -> str:
    """The body of a call. supervisord reads what no library writes: integers of any length, NaN, nil."""
    params = ''.join(f'<param>{encode(value)}</param>' for value in arguments)
    return (f'<?xml version="1.0"?><methodCall><methodName>{_escaped(method)}</methodName>'
            f'<params>{params}</params></methodCall>')


def encode(value: Any) -> str:
    return f'<value>{_element(value)}</value>'


def _element(value: Any) -> str:
    if value is None:
        return '<nil/>'
    for kind, write in _WRITERS.items():
        if type(value) is kind:
            return write(value)
    raise TypeError(f'{value!r} has no form in XML-RPC')


def _text(value: str) -> str:
    if fits_xml(value):
        return f'<string>{_escaped(value)}</string>'
    # supervisord makes a text of what travels in base64: the way for the characters that XML cannot carry
    return f'<base64>{b64encode(value.encode()).decode()}</base64>'


def _escaped(text: str) -> str:
    return escape(text, {'\r': '&#13;'})


def _double(value: float) -> str:
    return f'<double>{value!r}</double>' if math.isfinite(value) else f'<double>{value}</double>'


def _array(values: Sequence[Any]) -> str:
    return f'<array><data>{"".join(map(encode, values))}</data></array>'


def _struct(values: Mapping[str, Any]) -> str:
    members = (f'<member><name>{_escaped(key)}</name>{encode(value)}</member>' for key, value in values.items())
    return f'<struct>{"".join(members)}</struct>'


_WRITERS: dict[type, Any] = {
    bool: lambda value: f'<boolean>{value:d}</boolean>',
    int: lambda value: f'<int>{value}</int>',
    float: _double,
    str: _text,
    datetime: lambda value: f'<dateTime.iso8601>{value:%Y%m%dT%H:%M:%S}</dateTime.iso8601>',
    list: _array,
    dict: _struct,
}
