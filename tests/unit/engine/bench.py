"""One engine, fed by hand: what a single message or observation does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from supvisors.engine import effects, events
from supvisors.engine.engine import Engine
from supvisors.engine.messages import (
    Body,
    Claim,
    Envelope,
    Heartbeat,
    Hello,
    Info,
    Status,
    Times,
    Vote,
    VoteRequest,
    Welcome,
)
from supvisors.model.identity import Incarnation, Now
from supvisors.model.process import ProcessRecord
from tests.unit.engine.builders import decode, encode, ident, incarnation, settings


class Bench:
    """One engine, fed by hand: the others are what the test says they say."""

    def __init__(self, letters: str = 'abc', records: Iterable[ProcessRecord] = (), **values: Any) -> None:
        self.letters = letters
        self.time = 100.0
        self.engine = Engine(settings(letters[0], letters, **values), self.now)
        self.engine.observe(events.HostReady(tuple(records)), self.now)
        self.effects: list[Any] = []
        """What came out since the last look."""
        self.asked: list[effects.Send] = []
        """All messages that it has ever sent."""
        self.term = 0
        self.seqs: dict[str, int] = {}
        for letter in letters[1:]:
            self.engine.observe(events.LinkUp(ident(letter)), self.now)
        self.tick()

    @property
    def now(self) -> Now:
        return Now(self.time, 1e6 + self.time)

    def peer(self, letter: str) -> Any:
        return self.engine.peers[ident(letter)]

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, as far as the engine wants to be called on the way."""
        end = self.time + seconds
        self._turn()
        for _ in range(10000):
            if self.engine.next_deadline > end:
                break
            self.time = max(self.time, self.engine.next_deadline)
            self._turn()
        else:
            raise AssertionError(f'the engine does not come to rest at {self.time}')
        self.time = end

    def _turn(self) -> None:
        self.engine.tick(self.now)
        while wanted := self._drain():
            self.effects += wanted
            self.engine.tick(self.now)

    def _drain(self) -> list[Any]:
        wanted = self.engine.drain(10000)
        self.asked += [one for one in wanted if isinstance(one, effects.Send)]
        return wanted

    def say(
        self,
        letter: str,
        body: Body,
        *,
        who: Incarnation | None = None,
        term: int | None = None,
        seq: int | None = None,
        receiver: Incarnation | None = None,
    ) -> None:
        """A message of that instance arrives."""
        envelope = Envelope(
            ident(letter),
            who or incarnation(letter),
            self.term if term is None else term,
            self.seqs.get(letter, 0) if seq is None else seq,
            body,
            receiver,
        )
        self.engine.receive(decode(encode(envelope)), self.now)
        self.effects += self._drain()

    def observe(self, event: events.Event) -> None:
        self.engine.observe(event, self.now)
        self.effects += self._drain()

    def welcome(
        self, *records: ProcessRecord, want: bool = False, agreement: dict[str, Any] | None = None, **status: Any
    ) -> Welcome:
        info = Info('1.0', '', agreement=agreement or {})
        return Welcome(info, Status(**status), Times(1, 1.0, 1.0), records, want)

    def logs(self, *levels: str) -> list[str]:
        """What was logged since the last look, at these levels or at all."""
        return [
            one.text for one in self.effects if isinstance(one, effects.Log) and (not levels or one.level in levels)
        ]

    def join(self, letters: str, *records: ProcessRecord, **status: Any) -> None:
        """These instances become members."""
        for letter in letters:
            self.say(letter, Hello(Claim()))
            self.say(letter, self.welcome(*records, **status))
            assert self.peer(letter).running
        self.effects.clear()

    def lead(self) -> None:
        """The engine becomes Master: all the others vote for it."""
        self.tick()
        for letter in self.letters[1:]:
            if self.peer(letter).running:
                self.say(letter, self.vote())
        assert self.engine.election.leading
        self.term = self.engine.core.term
        self.effects.clear()

    def vote(self) -> Vote:
        return Vote(self.standing(), '')

    def standing(self) -> int:
        """The term that the engine has asked votes for."""
        asked = [one.envelope.body for one in self.asked if isinstance(one.envelope.body, VoteRequest)]
        return asked[-1].term

    def beat(self, letter: str, members: str | None = None, **values: Any) -> Heartbeat:
        """A heartbeat; of a Master over `members` if they are given."""
        claim = Claim() if members is None else Claim(ident(letter), len(members))
        counted = None if members is None else {ident(one): self._incarnation(one) for one in members}
        return Heartbeat(values.pop('claim', claim), Times(1, 1.0, 1.0), members=counted, **values)

    def _incarnation(self, letter: str) -> Incarnation:
        core = self.engine.core
        return core.incarnation if ident(letter) == core.name else incarnation(letter)

    def take(self, kind: type[Any]) -> list[tuple[str, Any]]:
        """(to whom, what) of the messages of this kind sent since the last look; the look forgets them all."""
        effects_, self.effects = self.effects, []
        return [
            (name[0], effect.envelope.body)
            for effect in effects_
            if isinstance(effect, effects.Send) and isinstance(effect.envelope.body, kind)
            for name in effect.to
        ]
