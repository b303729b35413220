"""Forks of supervisord that do not lose the signal sent to a program which is just being born."""
from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

_HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR2)


class Forking:
    """Wraps `options.fork`.

    Until it executes its program, a child has the signal handlers of supervisord, which only note the signal: a stop
    right after a start would be lost, and the program killed `stopwaitsecs` later.
    """

    def __init__(self, options: Any) -> None:
        self._options = options
        self._fork: Callable[[], int] = options.fork
        options.fork = self.fork

    def close(self) -> None:
        self._options.__dict__.pop('fork', None)

    def fork(self) -> int:
        former = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
        pid: int = -1
        try:
            pid = self._fork()
        finally:
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for number in _HANDLED:
                    signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, former)
        return pid
