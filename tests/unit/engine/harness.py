"""Real engines that talk through an instant exchange, each with a table of trivial programs; the clock is told.

`World` is not the simulator: no chance, no delays, no slices. It is what one behaviour of the engine is shown with.
Messages go through msgspec, as on the wire; the bus of a node answers Ping and sends the heartbeats by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from supvisors.engine.commands import Ticket
from supvisors.engine.effects import Log
from supvisors.engine.messages import (
    Body,
    Envelope,
    Order,
)
from supvisors.engine.settings import Settings, Timing
from supvisors.model.enums import InstanceState, SupvisorsState
from supvisors.model.rules import Rules
from tests.unit.engine.bench import Bench
from tests.unit.engine.builders import (
    A,
    B,
    C,
    D,
    E,
    application,
    decode,
    encode,
    ident,
    identity,
    idents,
    incarnation,
    managed,
    record,
    settings,
)
from tests.unit.engine.node import Node, Program

__all__ = [
    'A',
    'B',
    'Bench',
    'C',
    'D',
    'E',
    'Node',
    'Program',
    'World',
    'application',
    'decode',
    'encode',
    'ident',
    'identity',
    'idents',
    'incarnation',
    'managed',
    'operation',
    'record',
    'settings',
]


class World:
    """A few nodes and their time. `programs`: those of each instance, or of all."""

    def __init__(
        self,
        letters: str = 'abc',
        rules: Rules | None = None,
        programs: Mapping[str, Program] | None = None,
        only: Mapping[str, Mapping[str, Program]] | None = None,
        machines: Mapping[str, str] | None = None,
        timing: Timing | None = None,
        boot: str | None = None,
        own: Mapping[str, Mapping[str, Any]] | None = None,
        known: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """`own`: settings of single instances, over those of all. `known`: whom each has in its list, if not all."""
        self.now = 0.0
        self.letters = letters
        self.rules = rules or Rules()
        self.machines = machines or {}
        self.timing = timing
        self.options = options
        self.own = {letter: dict(values) for letter, values in (own or {}).items()}
        self.known = dict(known or {})
        self.history: list[tuple[float, str, str, str]] = []
        """(time, letter, namespec, state): what all programs have gone through."""
        self.sent: list[tuple[str, str, Envelope]] = []
        self.ends: list[str] = []
        """Who was told by its engine to restart or shut down, in order."""
        self.cut: set[frozenset[str]] = set()
        self.lose: Callable[[str, str, Envelope], bool] = lambda source, target, envelope: False
        """Messages that get lost."""
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self.nodes = {ident(letter): Node(self, letter, (only or {}).get(letter, programs or {})) for letter in letters}
        for letter in letters if boot is None else boot:
            self[letter].boot()

    def __getitem__(self, letter: str) -> Node:
        return self.nodes[ident(letter)]

    def settings_of(self, node: Node) -> Settings:
        return settings(
            node.letter,
            self.known.get(node.letter, self.letters),
            self.rules,
            self.machines.get(node.letter, ''),
            f'{node.letter}{node.boots}',
            self.timing,
            **{**self.options, **self.own.get(node.letter, {})},
        )

    # -- the network
    def up(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.up]

    def connected(self, one: Node, other: Node) -> bool:
        return frozenset((one.letter, other.letter)) not in self.cut

    def split(self, *sides: str) -> None:
        """Nothing passes between the sides, and no connection is dropped."""
        self.cut = {frozenset((x, y)) for one in sides for other in sides if one != other for x in one for y in other}

    def heal(self) -> None:
        self.cut = set()

    def carry(self, source: Node, to: Iterable[str], envelope: Envelope) -> None:
        data = encode(envelope)
        for name in to:
            target = self.nodes[name]
            self.sent.append((source.letter, target.letter, envelope))
            if target.up and self.connected(source, target) and not self.lose(source.letter, target.letter, envelope):
                target.deliver(data)

    def bodies(self, kind: type[Body], source: str = '', since: int = 0) -> list[Any]:
        """What was sent of this kind."""
        return [
            envelope.body
            for sender, _, envelope in self.sent[since:]
            if isinstance(envelope.body, kind) and source in ('', sender)
        ]

    def orders(self, since: int = 0) -> list[tuple[str, str, bool]]:
        """(target, namespec, start) of the orders sent to other instances, those sent again included."""
        return [
            (target, envelope.body.namespec, envelope.body.start)
            for _, target, envelope in self.sent[since:]
            if isinstance(envelope.body, Order)
        ]

    # -- time
    def after(self, delay: float, action: Callable[[], None]) -> None:
        self._count += 1
        self._timers.append((self.now + delay, self._count, action))
        self._timers.sort(key=lambda row: row[:2])

    def settle(self) -> None:
        """Until nobody has anything more to do at this time."""
        for _ in range(2000):
            busy = [node for node in self.up() if node.busy]
            if not busy:
                return
            for node in busy:
                if node.busy:
                    node.loop()
        raise AssertionError(f'the engines do not come to rest at {self.now}')

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        self.settle()
        while (step := self._next()) <= end:
            self._step(step)
        self.now = end
        self.settle()

    def run_until(self, reached: Callable[[], Any], within: float = 60.0) -> None:
        end = self.now + within
        self.settle()
        while not reached():
            step = self._next()
            assert step <= end, f'not reached within {within} s'
            self._step(step)

    def _next(self) -> float:
        dues = [self._timers[0][0]] if self._timers else []
        for node in self.up():
            if node.beat and not node.frozen:
                dues.append(node.beat.due)
            if not node.frozen and not node.stalled:
                dues.append(node.due)
        return max(self.now, min(dues, default=float('inf')))

    def _step(self, step: float) -> None:
        self.now = step
        while self._timers and self._timers[0][0] <= step:
            self._timers.pop(0)[2]()
        for node in self.up():
            node.send_beat()
        self.settle()

    def outcome(self, ticket: Ticket, within: float = 60.0) -> tuple[int, str]:
        """Code and text of a request, once it has ended."""
        self.run_until(lambda: ticket.done, within)
        return ticket.code, ticket.text

    # -- what can be said of all
    def leaders(self) -> str:
        return ''.join(node.letter for node in self.up() if node.engine.election.leading)

    def masters(self) -> dict[str, str]:
        return {node.letter: node.engine.master[:1] for node in self.up()}

    def states(self) -> set[SupvisorsState]:
        return {node.engine.state for node in self.up()}

    def logs(self, letter: str, *levels: str) -> list[str]:
        """What this one has logged at these levels (all, if none is given), over all its lives."""
        return [
            one.text for one in self[letter].carried_out if isinstance(one, Log) and (not levels or one.level in levels)
        ]

    def state(self, letter: str) -> SupvisorsState:
        return self[letter].engine.state

    def sees(self, letter: str) -> str:
        """The instances that are RUNNING for this one."""
        instances = self[letter].engine.peers.values()
        return ''.join(sorted(peer.identity.host_id for peer in instances if peer.state is InstanceState.RUNNING))

    def operating(self) -> bool:
        """One Master, known to all, in OPERATION."""
        return len(set(self.masters().values())) == 1 and self.states() == {SupvisorsState.OPERATION}

    def where(self, namespec: str) -> str:
        """Where the process is not stopped."""
        return ''.join(
            node.letter for node in self.up() if namespec in node.records and not node.records[namespec].stopped
        )

    def states_of(self, namespec: str) -> list[str]:
        """All states that the process has gone through, anywhere."""
        return [f'{state} {letter}' for _, letter, key, state in self.history if key == namespec]

    def starts(self) -> list[tuple[str, str]]:
        """(letter, namespec) of all starts, in order."""
        return [(letter, namespec) for _, letter, namespec, state in self.history if state == 'STARTING']

    def time_of(self, namespec: str, state: str) -> float:
        """When the process was last seen going into this state."""
        return [time for time, _, key, reached in self.history if (key, reached) == (namespec, state)][-1]


def operation(letters: str = 'abc', rules: Rules | None = None, **values: Any) -> World:
    """A world whose automatic start has ended."""
    world = World(letters, rules, **values)
    world.run_until(world.operating)
    return world
