"""Ends an orphan as supervisord would have ended the program, without ever waiting."""
from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import attrs

from supvisors.host.survivors import Entry

SHORTEST, LONGEST = 0.02, 5.0
"""Between two looks at it, in seconds: most programs end at once, and one that never does must cost nothing."""

Log = Callable[[str, str], None]


@attrs.frozen
class Manner:
    """What the configuration says of the end of a program; by default what supervisord does when it says nothing."""

    signal: int = signal.SIGTERM
    as_group: bool = False
    wait: float = 10.0
    kill_as_group: bool = False


def manner_of(process: Any) -> Manner:
    """`process`: that of supervisord, or None when it is not configured any more."""
    if process is None:
        return Manner()
    config = process.config
    return Manner(config.stopsignal, config.stopasgroup, config.stopwaitsecs, config.killasgroup)


@attrs.define(eq=False)
class Ending:
    entry: Entry
    manner: Manner
    log: Log
    due: float
    """When to look at it again, on the monotonic clock."""
    _kill_at: float = attrs.field(init=False, default=float('inf'))
    _period: float = attrs.field(init=False, default=SHORTEST)
    _begun: bool = attrs.field(init=False, default=False)

    def advance(self, now: float) -> None:
        """To be called when it is due and was seen alive just before: its pid is given to no other meanwhile."""
        if not self._begun:
            self._begun = True
            if self._send(self.manner.signal, self.manner.as_group):
                self._kill_at = now + self.manner.wait
        elif now >= self._kill_at:
            self._kill_at = float('inf')
            self.log('warn', f'killing {self.entry.namespec} (pid {self.entry.pid}) with SIGKILL: it has not ended '
                     f'within {self.manner.wait:g} s (stopwaitsecs)')
            self._period = SHORTEST
            self._send(signal.SIGKILL, self.manner.kill_as_group)
        self.due = min(now + self._period, self._kill_at)
        self._period = min(2 * self._period, LONGEST)

    def _send(self, number: int, as_group: bool) -> bool:
        pid = self.entry.pid
        try:
            # supervisord makes each of its programs the head of a group; it may have left it
            os.kill(-pid if as_group and os.getpgid(pid) == pid else pid, number)
        except ProcessLookupError:
            return True
        except OSError as error:
            self.log('error', f'{self.entry.namespec} (pid {pid}) cannot be stopped ({error.strerror}): stop it by '
                     f'hand. {self.entry.namespec} is not started here before its end')
            return False
        return True
