"""Connections of the bus: one for each ordered pair, opened by its source, as the real bus does over TCP.

A link is up from the end of its handshake until the far process dies (reset at once if packets pass) or until the
keep-alive finds that nothing passes any more. While it is up but blocked, TCP holds the messages and sends them when
the path works again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from tests.simulation.clock import Scheduler
from tests.simulation.network import Network, Pair

HELD_MAX = 1000
"""Messages that TCP and the queue of the bus hold for a silent peer; more are dropped."""


class Endpoint(Protocol):
    """The bus of one instance."""

    name: str
    open: bool
    frozen: bool
    life: int

    def link_up(self, peer: str) -> None: ...

    def link_down(self, peer: str) -> None: ...

    def deliver(self, source: str, data: bytes) -> None: ...

    def knows(self, peer: str) -> bool:
        """True if it links to this instance: it is in its list, or was discovered."""
        ...


class Link:
    """From one bus to another. `token` changes whenever what was under way must be forgotten."""

    __slots__ = ('connecting', 'held', 'queued', 'source', 'target', 'target_life', 'timer', 'token', 'up')

    def __init__(self, source: Endpoint, target: Endpoint) -> None:
        self.source = source
        self.target = target
        self.up = False
        self.token = 0
        self.target_life = 0
        self.held: list[bytes] = []
        self.queued: list[bytes] = []
        self.timer = 0
        self.connecting = False


class Links:
    """All links; told of every change of the paths and of the processes by `paths_changed` and `endpoint_changed`."""

    def __init__(self, scheduler: Scheduler, rng: random.Random, network: Network) -> None:
        self._scheduler = scheduler
        self._rng = rng
        self._network = network
        self._links: dict[Pair, Link] = {}
        self._of: dict[str, list[Link]] = {}
        self._timers = 0
        self.on_change: Callable[[str, str], None] = lambda source, target: None
        network.changed = self.paths_changed

    def add(self, endpoints: list[Endpoint]) -> None:
        for source in endpoints:
            for target in endpoints:
                if source is not target:
                    link = self._links[source.name, target.name] = Link(source, target)
                    self._of.setdefault(source.name, []).append(link)
                    self._of.setdefault(target.name, []).append(link)

    def is_up(self, source: str, target: str) -> bool:
        return self._links[source, target].up

    def paths_changed(self, pairs: list[Pair]) -> None:
        done: set[Pair] = set()
        for one, other in pairs:
            for pair in ((one, other), (other, one)):
                if pair not in done and pair in self._links:
                    done.add(pair)
                    self._evaluate(self._links[pair], healed=True)

    def endpoint_changed(self, name: str) -> None:
        for link in self._of.get(name, ()):
            self._evaluate(link, healed=False)

    def send(self, source: str, target: str, data: bytes) -> bool:
        """Send over the link; false if it is down and the message dropped."""
        link = self._links.get((source, target))
        if link is None or not link.up:
            return False
        if self._network.passes(source, target):
            self._transmit(link, data)
        elif len(link.held) < HELD_MAX:
            link.held.append(data)
        return True

    def _transmit(self, link: Link, data: bytes) -> None:
        for time in self._network.arrivals(link.source.name, link.target.name, self._scheduler.now):
            self._scheduler.at(time, self._arrive, link, link.token, data)

    def _arrive(self, link: Link, token: int, data: bytes) -> None:
        target = link.target
        if token != link.token or not target.open or target.life != link.target_life:
            return
        if not self._network.passes(link.source.name, target.name):
            if len(link.held) < HELD_MAX:
                link.held.append(data)
        elif target.frozen:
            if len(link.queued) < HELD_MAX:
                link.queued.append(data)
        else:
            target.deliver(link.source.name, data)

    def _evaluate(self, link: Link, healed: bool) -> None:
        """Derive what should become of the link from the present state of both ends and of the path."""
        source, target = link.source, link.target
        if not source.open or not source.knows(target.name):
            self._reset(link)
            return
        works = self._network.works(source.name, target.name)
        peer_there = target.open and (not link.up or target.life == link.target_life)
        if not link.up:
            if target.open and works and not source.frozen and not target.frozen and not link.connecting:
                link.connecting = True
                low, high = (0.05, 1.0) if healed else (0.002, 0.05)
                self._scheduler.after(self._rng.uniform(low, high), self._connect, link, link.token)
            return
        if works and not peer_there:
            if not source.frozen:
                self._scheduler.after(0.001, self._drop, link, link.token, False)
        elif not works:
            if not link.timer:
                link.timer = self._next_timer()
                self._scheduler.after(self._rng.uniform(3.0, 6.0), self._expire, link, link.token, link.timer)
        else:
            link.timer = 0
            self._flush(link)

    def _next_timer(self) -> int:
        self._timers += 1
        return self._timers

    def _flush(self, link: Link) -> None:
        held, link.held = link.held, []
        for data in held:
            self._transmit(link, data)
        if not link.target.frozen and link.queued:
            queued, link.queued = link.queued, []
            for data in queued:
                link.target.deliver(link.source.name, data)

    def _connect(self, link: Link, token: int) -> None:
        if token != link.token:
            return
        link.connecting = False
        source, target = link.source, link.target
        if link.up or not source.open or not target.open or source.frozen or target.frozen:
            return
        if not self._network.works(source.name, target.name):
            return
        link.up = True
        link.token += 1
        link.target_life = target.life
        link.timer = 0
        self.on_change(source.name, target.name)
        source.link_up(target.name)

    def _expire(self, link: Link, token: int, timer: int) -> None:
        if token == link.token and timer == link.timer:
            if link.source.frozen:
                link.timer = 0  # seen when it resumes
            else:
                self._drop(link, token, True)

    def _drop(self, link: Link, token: int, blocked: bool) -> None:
        """Take the link down and say so, unless what made it fail has been seen already."""
        source = link.source
        if token != link.token or not link.up or not source.open or source.frozen:
            return
        self._reset(link)
        self.on_change(source.name, link.target.name)
        source.link_down(link.target.name)
        if not blocked:
            self._evaluate(link, healed=False)

    @staticmethod
    def _reset(link: Link) -> None:
        link.up = False
        link.token += 1
        link.timer = 0
        link.connecting = False
        link.held.clear()
        link.queued.clear()
