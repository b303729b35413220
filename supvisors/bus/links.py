"""One peer: whether it can be sent to, and why not.

    SEARCHING   the port of its bus is not known: look-ups only
    JOINING     ZeroMQ connects, and connects again; look-ups go on, since the peer may come back elsewhere
    UP          the ZMTP handshake has succeeded (with CURVE: both hold the secret); no look-up

`TABLE` says what each happening does in each phase; it is total.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import zmq

from supvisors.bus import lookup, sockets
from supvisors.bus.connection import Connection
from supvisors.bus.counters import Counters
from supvisors.bus.finder import Finder, Target
from supvisors.bus.inbox import Received
from supvisors.bus.keys import Keys
from supvisors.bus.lookup import Missing, say
from supvisors.bus.reactor import Reactor
from supvisors.bus.resolver import Resolver
from supvisors.engine.events import LinkDown, LinkProblem, LinkUp
from supvisors.model.identity import Identity

JOIN_TIME = 1.0
"""A port that does not answer after that is worth telling."""


class Phase(Enum):
    SEARCHING = 'searching'
    JOINING = 'joining'
    UP = 'up'


class Happening(Enum):
    FOUND_HERE = 'the peer is where this link goes'
    FOUND_ELSEWHERE = 'the peer is at another address, on another port, or has restarted'
    MISSING = 'the look-up has failed'
    ABSENT = 'the HTTP port of the peer refuses'
    UNWANTED = 'the peer does not have us in its list'
    JOINED = 'the handshake has succeeded'
    REFUSED = 'the handshake has failed for good'
    BROKEN = 'the connection has dropped'


class Office(NamedTuple):
    """What all links share."""
    us: str
    """Our own identifier."""
    context: zmq.Context[sockets.Sock]
    reactor: Reactor
    resolver: Resolver
    keys: Keys | None
    counters: Counters
    greeting: bytes
    """The frame that goes first on each new connection."""
    report: Callable[[str, Received], None]


Detail = Target | Missing | None


class Link:
    def __init__(self, peer: Identity, office: Office, number: int, outcome: Callable[[bool], None]) -> None:
        """`outcome` is told True when the link is up, False when a look-up or a handshake has failed."""
        self.phase = Phase.SEARCHING
        self._peer = peer
        self._office = office
        self._number = number
        self._outcome = outcome
        self._finder = Finder(peer, office.us, office.reactor, office.resolver, self._found, self._not_found)
        self._connection: Connection | None = None
        self._connections = 0
        self._target: Target | None = None
        self._since = 0.0
        self._reason = ''

    # -- for the switchboard
    def start(self) -> None:
        self._finder.seek()

    def send(self, frame: zmq.Frame, size: int) -> None:
        """Never waits: what cannot go now is dropped and counted."""
        counters = self._office.counters
        if self.phase is not Phase.UP or self._connection is None:
            counters.unlinked += 1
        elif self._connection.send(frame):
            counters.frames_out += 1
            counters.bytes_out += size
        else:
            counters.overflow_out += 1

    def heard(self, host: str, port: int, boot: str) -> None:
        """The peer has connected to us, and says where its bus is."""
        target = self._target
        if self.phase is not Phase.UP or target is None or (target.port, target.boot) != (port, boot):
            self._finder.heard(host, port, boot)

    def seen(self, host: str, port: int, boot: str) -> None:
        """A beacon says where its bus is. It may be an old one, sent again: no link is cut for it."""
        if self.phase is Phase.SEARCHING:
            self._finder.heard(host, port, boot)

    def rebuild(self) -> None:
        """Start again from nothing, after an unexpected exception."""
        self._apply(Happening.BROKEN)
        self._drop()
        self.phase = Phase.SEARCHING
        self._finder.seek()

    def close(self) -> None:
        """Let go of everything, and say so if the link was up. It can be started again."""
        self._finder.close()
        self._drop()
        if self.phase is Phase.UP:
            self._report(LinkDown(self._peer.identifier))
        self.phase = Phase.SEARCHING

    def flush(self, linger: int) -> sockets.Sock | None:
        """The last close: return the monitor that tells when what was sent has left."""
        self._finder.close()
        return self._connection.flush(linger) if self._connection is not None else None

    # -- what happens
    def _found(self, target: Target) -> None:
        mine = self._target
        if self.phase is Phase.UP and mine is not None and not mine.boot:
            # ZeroMQ has connected again by itself: this is the first that we know of the boot behind the link
            mine = self._target = mine._replace(boot=target.boot)
        self._apply(Happening.FOUND_HERE if target == mine else Happening.FOUND_ELSEWHERE, target)

    def _not_found(self, missing: Missing) -> None:
        if missing.unwanted:
            self._apply(Happening.UNWANTED, missing)
        else:
            self._apply(Happening.ABSENT if missing.absent else Happening.MISSING, missing)

    def _told(self, event: int) -> None:
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._apply(Happening.JOINED)
        elif event == zmq.EVENT_DISCONNECTED:
            self._apply(Happening.BROKEN)
        # a server that cannot read our CURVE hello just hangs up; without CURVE, a hang-up is a peer that dies
        elif event != zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL or self._office.keys is not None:
            self._apply(Happening.REFUSED, Missing(say(self._peer, lookup.SECRETS)))

    def _apply(self, happening: Happening, detail: Detail = None) -> None:
        action, self.phase = TABLE[self.phase, happening]
        action(self, detail)

    # -- what is done
    def _nothing(self, _: Detail) -> None:
        pass

    def _connect(self, target: Detail) -> None:
        assert isinstance(target, Target)
        self._drop()
        office = self._office
        self._since = time.monotonic()
        self._connections += 1
        self._connection = Connection(
            office.context, office.reactor, office.keys, f'link-{self._number}-{self._connections}',
            sockets.endpoint(target.address, target.port), self._told, self.rebuild)
        # last: had it raised, the next look-up would find the peer elsewhere, and connect
        self._target = target

    def _retry(self, target: Detail) -> None:
        """The place is right, and yet it does not answer."""
        assert isinstance(target, Target)
        if time.monotonic() - self._since >= JOIN_TIME:
            self._note(Missing(say(self._peer, lookup.UNREACHABLE, bus_port=target.port)))
            self._connect(target)

    def _move(self, target: Detail) -> None:
        self._lost(None)
        self._connect(target)

    def _joined(self, _: Detail) -> None:
        if self._is_fresh():
            self._finder.rest()
        self._report(LinkUp(self._peer.identifier))
        self._note(Missing(''))
        self.send(zmq.Frame(self._office.greeting), len(self._office.greeting))

    def _lost(self, _: Detail) -> None:
        """Look it up at once: it may come back elsewhere. ZeroMQ goes on trying the same place meanwhile."""
        self._report(LinkDown(self._peer.identifier))
        if self._target is not None:
            self._target = self._target._replace(boot='')
            self._since = time.monotonic()
        self._finder.seek()

    def _is_fresh(self) -> bool:
        """False when ZeroMQ has connected again by itself: one look-up then tells who is there, and if it knows us."""
        return (self._target is not None and bool(self._target.boot)
                and time.monotonic() - self._since < sockets.LINK[zmq.RECONNECT_IVL] / 1000)

    def _settle(self, _: Detail) -> None:
        self._finder.rest()

    def _turned_away(self, reason: Detail) -> None:
        self._lost(None)
        self._abandon(reason)

    def _abandon(self, reason: Detail) -> None:
        self._drop()
        self._note(reason)

    def _note(self, reason: Detail) -> None:
        assert isinstance(reason, Missing)
        self._outcome(not reason.reason)
        if reason.reason != self._reason:
            self._reason = reason.reason
            self._report(LinkProblem(self._peer.identifier, reason.reason))

    def _report(self, event: LinkUp | LinkDown | LinkProblem) -> None:
        self._office.report(self._peer.identifier, event)

    def _drop(self) -> None:
        connection, self._connection, self._target = self._connection, None, None
        if connection is not None:
            connection.close()


Action = Callable[[Link, Detail], None]

TABLE: dict[tuple[Phase, Happening], tuple[Action, Phase]] = {
    (Phase.SEARCHING, Happening.FOUND_HERE): (Link._connect, Phase.JOINING),
    (Phase.SEARCHING, Happening.FOUND_ELSEWHERE): (Link._connect, Phase.JOINING),
    (Phase.SEARCHING, Happening.MISSING): (Link._note, Phase.SEARCHING),
    (Phase.SEARCHING, Happening.ABSENT): (Link._note, Phase.SEARCHING),
    (Phase.SEARCHING, Happening.UNWANTED): (Link._note, Phase.SEARCHING),
    (Phase.SEARCHING, Happening.JOINED): (Link._nothing, Phase.SEARCHING),
    (Phase.SEARCHING, Happening.REFUSED): (Link._nothing, Phase.SEARCHING),
    (Phase.SEARCHING, Happening.BROKEN): (Link._nothing, Phase.SEARCHING),

    (Phase.JOINING, Happening.FOUND_HERE): (Link._retry, Phase.JOINING),
    (Phase.JOINING, Happening.FOUND_ELSEWHERE): (Link._connect, Phase.JOINING),
    (Phase.JOINING, Happening.MISSING): (Link._note, Phase.JOINING),
    (Phase.JOINING, Happening.ABSENT): (Link._abandon, Phase.SEARCHING),
    (Phase.JOINING, Happening.UNWANTED): (Link._abandon, Phase.SEARCHING),
    (Phase.JOINING, Happening.JOINED): (Link._joined, Phase.UP),
    (Phase.JOINING, Happening.REFUSED): (Link._abandon, Phase.SEARCHING),
    (Phase.JOINING, Happening.BROKEN): (Link._nothing, Phase.JOINING),

    (Phase.UP, Happening.FOUND_HERE): (Link._settle, Phase.UP),
    (Phase.UP, Happening.FOUND_ELSEWHERE): (Link._move, Phase.JOINING),
    (Phase.UP, Happening.MISSING): (Link._nothing, Phase.UP),
    (Phase.UP, Happening.ABSENT): (Link._nothing, Phase.UP),
    (Phase.UP, Happening.UNWANTED): (Link._turned_away, Phase.SEARCHING),
    (Phase.UP, Happening.JOINED): (Link._nothing, Phase.UP),
    (Phase.UP, Happening.REFUSED): (Link._nothing, Phase.UP),
    (Phase.UP, Happening.BROKEN): (Link._lost, Phase.JOINING),
}
