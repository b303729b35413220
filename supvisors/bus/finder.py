"""Where the bus of a peer is: asked over HTTP until it is known, or told by the peer itself."""
from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from supvisors.bus import lookup
from supvisors.bus.dial import Ending, Outcome
from supvisors.bus.lookup import Found, Missing, interpret, say
from supvisors.bus.reactor import Alarm, Reactor
from supvisors.bus.resolver import Resolver, is_numeric
from supvisors.bus.search import Search
from supvisors.model.identity import Identity

BACKOFF_FIRST = 0.1
BACKOFF_MAX = 2.0


class Target(NamedTuple):
    """ZeroMQ only ever gets numeric addresses: one name that hangs would freeze the whole context."""
    address: str
    port: int
    boot: str


class Finder:
    def __init__(self, peer: Identity, us: str, reactor: Reactor, resolver: Resolver, found: Callable[[Target], None],
                 missing: Callable[[Missing], None]) -> None:
        self._peer = peer
        self._us = us
        self._reactor = reactor
        self._resolver = resolver
        self._found = found
        self._missing = missing
        self._seeking = False
        self._address = ''
        self._backoff = BACKOFF_FIRST
        self._alarm: Alarm | None = None
        self._search: Search | None = None
        self._locating: Search | None = None
        self._wanted = ('', 0, '')

    def seek(self) -> None:
        """Look the peer up now, and again with longer and longer pauses, until `rest`."""
        self.rest()
        self._seeking = True
        self._look_up()

    def rest(self) -> None:
        self._seeking = False
        self._backoff = BACKOFF_FIRST
        if self._alarm is not None:
            self._alarm.cancel()
        if self._search is not None:
            self._search.cancel()
        self._alarm = self._search = None

    def close(self) -> None:
        self.rest()
        if self._locating is not None:
            self._locating.cancel()
            self._locating = None

    def heard(self, host: str, port: int, boot: str) -> None:
        """The peer has sent us something, and with it where it listens. This saves the look-up."""
        if 0 < port < 65536:
            self._locate(host or self._address or self._peer.host_id, port, boot)

    # -- over HTTP
    def _look_up(self) -> None:
        self._alarm = None
        try:
            self._search = Search(self._reactor, self._resolver, self._peer.host_id, self._peer.port,
                                  lookup.question(self._peer, self._us), lookup.TIMEOUT, self._looked_up)
        finally:
            self._schedule()

    def _looked_up(self, outcome: Outcome) -> None:
        self._search = None
        try:
            answer = interpret(self._peer, outcome, self._us)
            if isinstance(answer, Found):
                self._address = answer.address
                description = answer.description
                self._locate(description.host or answer.address, description.port, description.boot)
            else:
                self._missing(answer)
        finally:
            self._schedule()

    def _schedule(self) -> None:
        """While seeking, there is always one look-up running or to come, whatever was raised."""
        if self._seeking and self._alarm is None and self._search is None:
            self._alarm = self._reactor.after(self._backoff * random.uniform(0.8, 1.2), self._look_up)
            self._backoff = min(2 * self._backoff, BACKOFF_MAX)

    # -- from host to numeric address
    def _locate(self, host: str, port: int, boot: str) -> None:
        if is_numeric(host):
            self._found(Target(host, port, boot))
            return
        wanted = host, port, boot
        if self._locating is not None:
            if self._wanted == wanted:  # each envelope of the peer asks for it
                return
            self._locating.cancel()
        self._wanted = wanted

        def located(outcome: Outcome) -> None:
            self._locating = None
            if outcome.ending is Ending.ANSWERED:
                self._found(Target(outcome.address, port, boot))
            else:
                self._missing(Missing(say(self._peer, lookup.UNREACHABLE, bus_port=port)))

        self._locating = Search(self._reactor, self._resolver, host, port, b'', lookup.TIMEOUT, located)
