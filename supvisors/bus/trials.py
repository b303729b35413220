"""Discovered instances that were never reached take turns, a few at a time, and seldom once they have failed.

A beacon proves little, above all without a secret: thousands may announce what does not exist, or what never answers,
and each attempt holds descriptors that the links to real instances need. Those of the configuration need no turn, nor
does who was reached once.

    waiting   for its turn: who has spoken to us first, then who has failed least often, then who came first
    trying    its link looks it up and connects, until it is up, or a look-up fails, or `LENGTH` is over
    pausing   twice as long after each failure; a beacon that says something new ends it
"""
from __future__ import annotations

import heapq
import itertools
import random
from enum import Enum
from typing import NamedTuple

import attrs

from supvisors.bus.links import Link, Phase
from supvisors.bus.reactor import Alarm, Reactor

AT_A_TIME = 32
"""Each holds a socket for the look-up, or the four descriptors of a connection that is being made."""
LENGTH = 5.0
"""Two look-ups that time out, or one and a handshake."""
PAUSE_FIRST = 1.0
PAUSE_MAX = 60.0
PAUSE_HEARD = 2.0
"""At most, for one that has spoken to us: it exists."""
URGENT = -1
"""Before those that have not failed yet."""


class Place(NamedTuple):
    """Where a bus is, as its instance says."""
    host: str
    port: int
    boot: str


class Stage(Enum):
    WAITING = 'waiting'
    TRYING = 'trying'
    PAUSING = 'pausing'


@attrs.define(eq=False)
class _Candidate:
    link: Link
    stage: Stage = Stage.PAUSING
    place: Place | None = None
    heard: bool = False
    failures: int = 0
    turn: int = 0
    """Of its place in the queue: an older one counts no more."""
    alarm: Alarm | None = None
    """The end of the trial, or of the pause."""


class Trials:
    """All calls but `outcome` are for those only that `tries` knows."""

    def __init__(self, reactor: Reactor) -> None:
        self._reactor = reactor
        self._candidates: dict[str, _Candidate] = {}
        self._queue: list[tuple[int, int, str]] = []
        self._turns = itertools.count(1)
        self._trying: set[str] = set()
        self._reached: set[str] = set()
        """Kept when all links are made anew; as many as peers."""

    def tries(self, identifier: str) -> bool:
        return identifier in self._candidates

    def add(self, identifier: str, link: Link) -> None:
        """Start the link: in its turn, if it was never up."""
        if identifier in self._reached:
            link.start()
            return
        self._candidates[identifier] = candidate = _Candidate(link)
        self._wait(identifier, candidate)

    def forget(self) -> None:
        """The links were closed."""
        for candidate in self._candidates.values():
            _silence(candidate)
        self._candidates.clear()
        self._trying.clear()
        self._queue.clear()

    # -- what is heard of a candidate
    def seen(self, identifier: str, place: Place) -> None:
        """A beacon says where its bus is."""
        candidate = self._candidates[identifier]
        news, candidate.place = candidate.place != place, place
        if candidate.stage is Stage.TRYING:
            candidate.link.seen(*place)
        elif news:  # it has started again, or was only looked up until now
            candidate.failures = 0
            self._hurry(identifier, candidate, 0)

    def heard(self, identifier: str, place: Place) -> None:
        """It has connected to us, and says where its bus is."""
        candidate = self._candidates[identifier]
        first, candidate.heard = not candidate.heard, True
        if candidate.stage is Stage.TRYING:
            candidate.link.heard(*place)
        elif first:
            self._hurry(identifier, candidate, URGENT)

    def outcome(self, identifier: str, reached: bool) -> None:
        """Its link is up, or a look-up or a handshake has failed."""
        candidate = self._candidates.get(identifier)
        if candidate is not None:
            turn = candidate.turn
            # later: the link is still at it
            self._reactor.after(0.0, lambda: self._judge(identifier, turn, reached))

    # -- the turns
    def _wait(self, identifier: str, candidate: _Candidate, urgency: int | None = None) -> None:
        _silence(candidate)
        candidate.stage = Stage.WAITING
        candidate.turn = next(self._turns)
        rank = candidate.failures if urgency is None else urgency
        heapq.heappush(self._queue, (rank, candidate.turn, identifier))
        self._fill()

    def _hurry(self, identifier: str, candidate: _Candidate, urgency: int) -> None:
        # who waits already is put forward once at most, so that the queue stays short
        if candidate.stage is Stage.PAUSING or urgency == URGENT:
            self._wait(identifier, candidate, urgency)

    def _fill(self) -> None:
        while self._queue and len(self._trying) < AT_A_TIME:
            _, turn, identifier = heapq.heappop(self._queue)
            candidate = self._candidates.get(identifier)
            if candidate is not None and candidate.stage is Stage.WAITING and candidate.turn == turn:
                self._try(identifier, candidate)

    def _try(self, identifier: str, candidate: _Candidate) -> None:
        # the end of it first: whatever the link raises, it comes
        candidate.stage = Stage.TRYING
        self._trying.add(identifier)
        candidate.alarm = self._reactor.after(LENGTH, lambda: self._fail(identifier, candidate))
        candidate.link.start()
        if candidate.place is not None:
            candidate.link.seen(*candidate.place)

    def _judge(self, identifier: str, turn: int, reached: bool) -> None:
        candidate = self._candidates.get(identifier)
        if candidate is None or candidate.stage is not Stage.TRYING or candidate.turn != turn:
            return
        if reached:
            self._reached.add(identifier)
            self._trying.discard(identifier)
            _silence(self._candidates.pop(identifier))
            self._fill()
        elif candidate.link.phase is Phase.SEARCHING:  # else the connection may still succeed
            self._fail(identifier, candidate)

    def _fail(self, identifier: str, candidate: _Candidate) -> None:
        _silence(candidate)
        candidate.stage = Stage.PAUSING
        self._trying.discard(identifier)
        candidate.link.close()
        pause = min(PAUSE_FIRST * 2 ** min(candidate.failures, 10), PAUSE_HEARD if candidate.heard else PAUSE_MAX)
        candidate.failures += 1

        def again() -> None:
            self._wait(identifier, candidate)

        candidate.alarm = self._reactor.after(pause * random.uniform(0.8, 1.2), again)
        self._fill()


def _silence(candidate: _Candidate) -> None:
    if candidate.alarm is not None:
        candidate.alarm.cancel()
        candidate.alarm = None
