"""A socket pair in the map of supervisord's loop: who writes to one end ends the poll, which else lasts up to 1 s."""
from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from supervisor.medusa import asyncore_25 as asyncore

from supvisors.host.shield import Shield

_READ_SIZE = 65536


class Wakeup:
    """`wake` makes the loop call `on_wake`; calls made before it is served are coalesced.

    The write end is also the wake-up descriptor of signals: Python resumes a poll that a signal interrupted, so
    that supervisord would see SIGTERM or the end of a program late.
    """

    def __init__(self, on_wake: Callable[[], None], shield: Shield) -> None:
        self._on_wake = on_wake
        self._shield = shield
        self._lock = threading.Lock()
        self._pending = False
        self._reader: socket.socket | None = None
        self._writer: socket.socket | None = None
        self._former_fd = -1

    def open(self) -> None:
        """To be called in the main thread, once supervisord has daemonised."""
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        asyncore.socket_map[self._reader.fileno()] = self
        self._former_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """To be called in the main thread, before supervisord closes all descriptors on its own (reload)."""
        if self._reader is None or self._writer is None:
            return
        self._restore_signals(self._writer.fileno())
        asyncore.socket_map.pop(self._reader.fileno(), None)
        # a thread that is about to write must not do it in a descriptor that has just been given to another
        with self._lock:
            reader, writer = self._reader, self._writer
            self._reader = self._writer = None
        reader.close()
        writer.close()

    def _restore_signals(self, ours: int) -> None:
        current = signal.set_wakeup_fd(-1)
        wanted = self._former_fd if current == ours else current
        try:
            signal.set_wakeup_fd(wanted, warn_on_full_buffer=False)
        except (OSError, ValueError):
            # its owner has closed it meanwhile
            signal.set_wakeup_fd(-1)

    def wake(self) -> None:
        """From any thread; nothing before `open` and after `close`."""
        with self._lock:
            if self._writer is None or self._pending:
                return
            self._pending = True
            # full of signals, it wakes the loop anyway
            with suppress(BlockingIOError):
                self._writer.send(b'\0')

    # what supervisord's loop asks of the members of its map

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        if self._reader is not None:
            with suppress(BlockingIOError):
                self._reader.recv(_READ_SIZE)
            # after the read and before the work, or a wake-up could be lost
            self._pending = False
            with self._shield('serving a wake-up'):
                self._on_wake()

    def handle_write_event(self) -> None:
        """Never asked for."""

    def handle_error(self) -> None:
        """Called in the `except` clause of the loop."""
        with self._shield('reading the wake-up socket'):
            raise
