"""Is there still a supervisord behind the HTTP port of a peer?"""
from __future__ import annotations

from collections.abc import Callable

from supvisors.bus.dial import Ending, Outcome
from supvisors.bus.reactor import Reactor
from supvisors.bus.resolver import Resolver
from supvisors.bus.search import Search
from supvisors.model.identity import Identity

TRIES = 2
PAUSE = 0.05
TIMEOUT = 1.0


class Probe:
    """`done` is told True only when both connections are refused. A time-out proves nothing: the host may be cut."""

    def __init__(self, reactor: Reactor, resolver: Resolver, peer: Identity, done: Callable[[bool], None]) -> None:
        self._reactor = reactor
        self._resolver = resolver
        self._peer = peer
        self._done = done
        self._left = TRIES
        self._try()

    def _try(self) -> None:
        self._left -= 1
        Search(self._reactor, self._resolver, self._peer.host_id, self._peer.port, b'', TIMEOUT, self._searched)

    def _searched(self, outcome: Outcome) -> None:
        refused = outcome.ending is Ending.REFUSED
        if refused and self._left:
            self._reactor.after(PAUSE, self._try)
        else:
            self._done(refused)
