"""How other threads make the bus thread do something, without ever waiting for it."""
from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from typing import Any


class Mailbox:
    """A queue of calls, and a socket pair that interrupts the poll of the bus thread.

    The order matters and makes locks needless: a sender appends before it looks at `_nudged`; the reader clears
    `_nudged` before it empties the queue. So a call is either seen by the reader, or announced by a
    byte that it has not read yet.
    """

    def __init__(self) -> None:
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._nudged = False
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self.fd = self._reader.fileno()

    def __len__(self) -> int:
        return len(self._calls)

    def post(self, call: Callable[..., None], *args: Any) -> None:
        self._calls.append((call, args))
        self.nudge()

    def nudge(self) -> None:
        if not self._nudged:
            self._nudged = True
            with contextlib.suppress(OSError):  # closed: nobody reads any more; full: the reader is awake
                self._writer.send(b'\0')

    def take(self) -> list[tuple[Callable[..., None], tuple[Any, ...]]]:
        """Called by the bus thread."""
        with contextlib.suppress(BlockingIOError):
            while len(self._reader.recv(64)) == 64:
                pass
        self._nudged = False
        return [self._calls.popleft() for _ in range(len(self._calls))]

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
