"""The standing heartbeat: it goes on whatever the main loop does."""
from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import msgspec

from supvisors.bus.reactor import Alarm, Reactor
from supvisors.engine.messages import Envelope, Heartbeat

PERIOD = 1.0
JITTER = 0.1
"""So that the instances of a cluster started together do not beat together."""


class Beat:
    def __init__(self, reactor: Reactor, loop_age: Callable[[], float],
                 send: Callable[[Sequence[str], Envelope], None]) -> None:
        self._reactor = reactor
        self._loop_age = loop_age
        self._send = send
        self._to: Sequence[str] = ()
        self._envelope: Envelope | None = None
        self._alarm: Alarm | None = None

    def set(self, to: Sequence[str], envelope: Envelope) -> None:
        self._to = to
        self._envelope = envelope
        if self._alarm is not None:
            self._alarm.cancel()
        self._fire()

    def _fire(self) -> None:
        # the next one first: whatever this one raises, the beat goes on
        self._alarm = self._reactor.after(PERIOD * random.uniform(1 - JITTER, 1 + JITTER), self._fire)
        if self._envelope is not None and self._to:
            self._send(self._to, self._fresh(self._envelope))

    def _fresh(self, envelope: Envelope) -> Envelope:
        body = envelope.body
        if not isinstance(body, Heartbeat):
            return envelope
        times = msgspec.structs.replace(body.times, mono=time.monotonic(), wall=time.time())
        return msgspec.structs.replace(
            envelope, body=msgspec.structs.replace(body, times=times, loop_age=self._loop_age()))
