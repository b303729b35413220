"""One TCP connection made without waiting: to see who is there, or to ask one question over HTTP."""
from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import zmq

from supvisors.bus.reactor import Reactor, Watch

MAX_ANSWER = 64 * 1024


class Ending(Enum):
    ANSWERED = 'answered'
    """The connection was made, and the answer read if a question was asked."""
    REFUSED = 'refused'
    TIMED_OUT = 'timed out'
    UNRESOLVED = 'unresolved'
    FAILED = 'failed'


class Outcome(NamedTuple):
    ending: Ending
    address: str = ''
    data: bytes = b''
    detail: str = ''


ENDINGS = {errno.ECONNREFUSED: Ending.REFUSED, errno.ETIMEDOUT: Ending.TIMED_OUT}


class Dial:
    """Calls `done` once, later; never after `cancel`."""

    def __init__(self, reactor: Reactor, address: str, port: int, question: bytes, timeout: float,
                 done: Callable[[Outcome], None]) -> None:
        self._reactor = reactor
        self._address = address
        self._question = question
        self._done = done
        self._data = b''
        self._socket: socket.socket | None = None
        self._alarm = reactor.after(timeout, lambda: self._end(Ending.TIMED_OUT))
        try:
            self._connect(address, port)
        except OSError as error:
            self._fail_soon(error.errno or 0)

    def cancel(self) -> None:
        self._alarm.cancel()
        if self._socket is not None:
            self._reactor.unwatch(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _connect(self, address: str, port: int) -> None:
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        code = self._socket.connect_ex((address, port))
        if code in (0, errno.EINPROGRESS):
            self._watch(zmq.POLLOUT, self._connected)
        else:
            self._fail_soon(code)

    def _fail_soon(self, code: int) -> None:
        """Not from inside the constructor: the caller does not have this object yet."""
        self._alarm.cancel()
        self._alarm = self._reactor.after(0.0, lambda: self._fail(code))

    def _watch(self, flags: int, handle: Callable[[], None]) -> None:
        assert self._socket is not None
        self._reactor.watch(self._socket.fileno(), flags, Watch('look-up', handle, lambda: self._end(Ending.FAILED)))

    def _connected(self) -> None:
        assert self._socket is not None
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._fail(code)
        elif not self._question:
            self._end(Ending.ANSWERED)
        else:
            with contextlib.suppress(OSError):  # reset already: the read says so
                self._socket.send(self._question)  # some 100 bytes: always taken whole by a new connection
            self._watch(zmq.POLLIN, self._read)

    def _read(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(MAX_ANSWER)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error.errno or 0)
            return
        self._data += data
        if not data or len(self._data) >= MAX_ANSWER or is_whole(self._data):
            self._end(Ending.ANSWERED)

    def _fail(self, code: int) -> None:
        self._end(ENDINGS.get(code, Ending.FAILED), os.strerror(code))

    def _end(self, ending: Ending, detail: str = '') -> None:
        self.cancel()
        done, self._done = self._done, _ignore  # once, even if it raises
        done(Outcome(ending, self._address, self._data, detail))


def _ignore(_: Outcome) -> None:
    pass


def is_whole(answer: bytes) -> bool:
    """True when an HTTP answer has all the bytes that it announced: a server may keep the connection open."""
    head, end, body = answer.partition(b'\r\n\r\n')
    for line in head.split(b'\r\n')[1:] if end else ():
        name, _, value = line.partition(b':')
        if name.strip().lower() == b'content-length' and value.strip().isdigit():
            # what is longer than that number of digits never ends, and `int` would refuse thousands of them
            return len(value.strip()) < 20 and len(body) >= int(value)
    return False
