"""Ports of 127.0.0.1 that stay ours until they are given back.

Binding port 0 gives a port of the ephemeral range: any outgoing connection may take it while a killed daemon is down,
and its next start then fails. So ports are drawn below that range, tried by binding, and locked in a file against the
other processes that run clusters at the same time.
"""
from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

import attrs

HOST = '127.0.0.1'
_LOWEST = 20000
_HIGHEST = 32000
_TRIES = 500


@attrs.define
class Ports:
    """The ports that one cluster holds."""
    _locks: dict[int, int] = attrs.field(factory=dict, init=False)

    def take(self) -> int:
        """Return a port on which nobody listens, and that no other holder can be given."""
        for _ in range(_TRIES):
            port = random.randrange(_LOWEST, _below_ephemeral())
            if port not in self._locks and self._lock(port):
                if is_free(port):
                    return port
                self._unlock(port)
        raise RuntimeError(f'no free port of {HOST} found in {_TRIES} tries')

    def release(self) -> None:
        for port in list(self._locks):
            self._unlock(port)

    def _lock(self, port: int) -> bool:
        lock = os.open(_lock_folder() / str(port), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        self._locks[port] = lock
        return True

    def _unlock(self, port: int) -> None:
        os.close(self._locks.pop(port))


def is_free(port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            sock.bind((HOST, port))
            return True
        return False


def _lock_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f'supvisors-ports-{os.getuid()}'
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _below_ephemeral() -> int:
    with contextlib.suppress(OSError, ValueError):
        first = int(Path('/proc/sys/net/ipv4/ip_local_port_range').read_text().split()[0])
        if first > _LOWEST:
            return min(first, _HIGHEST)
    return _HIGHEST
