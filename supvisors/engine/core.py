"""What all parts of one engine share: the time, the identity of the local instance, and the way out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from supvisors.engine.effects import Effect, Log, Send
from supvisors.engine.messages import Body, Envelope
from supvisors.engine.settings import Settings
from supvisors.model.identity import Identity, Incarnation, Now


class Core:
    def __init__(self, settings: Settings, now: Now) -> None:
        self.settings = settings
        self.timing = settings.timing
        self.options = settings.options
        self.identity: Identity = settings.local
        self.name = settings.local.identifier
        self.now = now
        self.incarnation = Incarnation(settings.boot, 0)
        self.term = 0
        self.inventory_seq = 0
        self.deadline = now.mono
        self.effects: deque[Effect] = deque()

    @property
    def mono(self) -> float:
        return self.now.mono

    def wake_by(self, mono: float) -> None:
        """Ask for a tick at this time at the latest."""
        if mono < self.deadline:
            self.deadline = mono

    def envelope(self, body: Body, receiver: Incarnation | None = None) -> Envelope:
        return Envelope(self.name, self.incarnation, self.term, self.inventory_seq, body, receiver)

    def send(self, to: Iterable[str], body: Body, receiver: Incarnation | None = None) -> None:
        targets = tuple(name for name in to if name != self.name)
        if targets:
            self.effects.append(Send(targets, self.envelope(body, receiver)))

    def log(self, level: str, text: str) -> None:
        self.effects.append(Log(level, text))
