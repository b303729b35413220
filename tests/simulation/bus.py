"""The bus of one daemon: what its background thread does, whatever the main loop does.

It sends the heartbeat, answers Ping, probes TCP ports, stamps what it receives with the time of the reception.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from supvisors.engine.events import Discovered, DiscoveryJoined, Event, LinkDown, LinkUp, TcpProbed
from supvisors.engine.messages import Envelope, Heartbeat, Ping, Pong, Times
from supvisors.model.identity import Identity, Now
from tests.simulation.clock import HostClock, Scheduler
from tests.simulation.links import Links

BEAT = 1.0
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Envelope).decode


class MainLoop(Protocol):
    """Where the bus hands over what it has received."""

    def take(self, item: Envelope | Event, now: Now) -> None: ...

    def loop_age(self) -> float:
        """How long ago the main loop last ran."""


class Bus:
    """An `Endpoint` of `links`. One object for all the lives of a daemon; `life` tells them apart."""

    def __init__(
        self,
        name: str,
        port: int,
        scheduler: Scheduler,
        clock: HostClock,
        links: Links,
        rng: random.Random,
        main: MainLoop,
        refuses: Callable[[str], bool],
        trace: Callable[[tuple[str, ...], Envelope], None],
    ) -> None:
        self.name = name
        self.known: set[str] = set()
        self.open = False
        self.frozen = False
        self.life = 0
        self.sent = 0
        self.dropped = 0
        self._port = port
        self._scheduler = scheduler
        self._clock = clock
        self._links = links
        self._rng = rng
        self._main = main
        self._refuses = refuses
        self._trace = trace
        self._last: Envelope | None = None
        self._beat: tuple[tuple[str, ...], Envelope] | None = None
        self._beat_token = 0
        self._beat_late = False
        self._probes: list[tuple[str, bool]] = []

    # --- life

    def start(self, known: Iterable[str], discovers: bool = False) -> None:
        """`discovers`: a multicast group is joined."""
        self.known = set(known)
        self.life += 1
        self.open = True
        self.frozen = False
        self._links.endpoint_changed(self.name)
        if discovers:
            self._hand(DiscoveryJoined(True))

    def close(self) -> None:
        self.open = False
        self.frozen = False
        self._last = self._beat = None
        self._beat_late = False
        self._beat_token += 1
        self._probes.clear()
        self._links.endpoint_changed(self.name)

    def knows(self, peer: str) -> bool:
        return peer in self.known

    def add_peer(self, peer: str) -> None:
        self.known.add(peer)
        self._links.endpoint_changed(self.name)

    def beacon(self, identity: Identity) -> None:
        """The beacon of another instance has arrived."""
        if self.open and not self.frozen:
            self._hand(Discovered(identity))

    def freeze(self) -> None:
        self.frozen = True
        self._links.endpoint_changed(self.name)

    def resume(self) -> None:
        self.frozen = False
        if self._beat_late:
            self._beat_late = False
            self._send_beat(self._beat_token)
        probes, self._probes = self._probes, []
        for target, refused in probes:
            self._hand(TcpProbed(target, refused))
        self._links.endpoint_changed(self.name)

    # --- effects

    def send(self, to: tuple[str, ...], envelope: Envelope) -> None:
        self._last = envelope
        data = _encode(msgspec.structs.replace(envelope, bus_port=self._port))
        self._trace(to, envelope)
        for target in to:
            if target == self.name:
                continue
            self.sent += 1
            if not self._links.send(self.name, target, data):
                self.dropped += 1

    def set_beat(self, to: tuple[str, ...], envelope: Envelope) -> None:
        self._last = envelope
        self._beat = (to, envelope)
        self._beat_token += 1
        self._send_beat(self._beat_token)

    def probe_tcp(self, target: str) -> None:
        """Two connections, 50 ms apart; a host that does not answer is given up after a second."""
        self._scheduler.after(0.001, self._probe, target, self.life, 1, self._scheduler.now + 1.0)

    def _probe(self, target: str, life: int, attempt: int, limit: float) -> None:
        if life != self.life or not self.open:
            return
        refused = self._refuses(target)
        if refused and attempt == 1:
            self._scheduler.after(0.05, self._probe, target, life, 2, limit)
            return
        if refused or self._links.is_up(self.name, target):
            self._probed(target, life, refused)
        else:
            self._scheduler.at(limit, self._probed, target, life, False)

    def _probed(self, target: str, life: int, refused: bool) -> None:
        if life == self.life and self.open:
            if self.frozen:
                self._probes.append((target, refused))
            else:
                self._hand(TcpProbed(target, refused))

    def _send_beat(self, token: int) -> None:
        if token != self._beat_token or self._beat is None or not self.open:
            return
        if self.frozen:
            self._beat_late = True
            return
        to, envelope = self._beat
        body = envelope.body
        if isinstance(body, Heartbeat) and to:
            now = self._clock.read(self._scheduler.now)
            times = Times(body.times.counter, now.mono, now.wall)
            body = msgspec.structs.replace(body, loop_age=self._main.loop_age(), times=times)
            last = self._last
            self.send(to, msgspec.structs.replace(envelope, body=body))
            self._last = last
        self._scheduler.after(BEAT * self._rng.uniform(0.9, 1.1), self._send_beat, token)

    # --- the endpoint of the links

    def link_up(self, peer: str) -> None:
        self._hand(LinkUp(peer))

    def link_down(self, peer: str) -> None:
        self._hand(LinkDown(peer))

    def deliver(self, source: str, data: bytes) -> None:
        if source not in self.known:
            return
        envelope = _decode(data)
        body = envelope.body
        if isinstance(body, Ping):
            if self._last is not None:
                answer = Envelope(
                    sender=self.name,
                    incarnation=self._last.incarnation,
                    term=self._last.term,
                    inventory_seq=self._last.inventory_seq,
                    body=Pong(body.number),
                )
                last = self._last
                self.send((envelope.sender,), answer)
                self._last = last
            return
        self._hand(envelope)

    def _hand(self, item: Envelope | Event) -> None:
        self._main.take(item, self._clock.read(self._scheduler.now))
