"""What waits for the main loop: in order, bounded, only the newest of heartbeats and ticks."""
from __future__ import annotations

from typing import Any

import pytest

from supvisors.bus.counters import Counters
from supvisors.bus.inbox import Inbox
from supvisors.engine.events import LinkDown, LinkUp
from supvisors.engine.messages import Body, Envelope, Heartbeat, Submit, Tick, Times
from supvisors.model.identity import Incarnation
from tests.unit.bus.nodes import beat, linked, submit, wait_for


def envelope(sender: str, body: Body) -> Envelope:
    return Envelope(sender, Incarnation('b', 1), 1, 0, body)


class Box:
    def __init__(self, bound: int = 5) -> None:
        self.woken = 0
        self.counters = Counters()
        self.inbox = Inbox(self._wake, self.counters, bound)

    def _wake(self) -> None:
        self.woken += 1

    def put(self, sender: str, *bodies: Body) -> None:
        for body in bodies:
            self.inbox.put(sender, envelope(sender, body))

    def take(self, limit: int = 1000) -> list[Any]:
        return [item.body if isinstance(item, Envelope) else item for item, _ in self.inbox.drain(limit)]


@pytest.fixture
def box() -> Box:
    return Box()


def tick(counter: int) -> Tick:
    return Tick(Times(counter, 0.0, 0.0))


def test_only_the_newest_beat_and_tick_of_each_sender_stay(box: Box) -> None:
    box.put('a', beat(ledger_index=1), tick(1), submit(1), beat(ledger_index=2))
    box.put('b', beat(ledger_index=9))
    box.put('a', tick(2), submit(2))
    # where the newest came, so that nothing is told before what preceded it
    assert box.take() == [submit(1), beat(ledger_index=2), beat(ledger_index=9), tick(2), submit(2)]
    box.put('a', beat(ledger_index=3))
    assert box.take() == [beat(ledger_index=3)]


def test_the_oldest_of_a_sender_that_floods_is_dropped(box: Box) -> None:
    box.put('b', submit('b'))
    box.put('a', *(submit(number) for number in range(8)), beat())
    assert box.take() == [submit('b'), *(submit(number) for number in range(3, 8)), beat()]
    assert box.counters.overflow_in == 3


def test_a_flapping_link_is_bounded_and_its_last_state_kept(box: Box) -> None:
    for _ in range(100):
        box.inbox.put('a', LinkUp('a'))
        box.inbox.put('a', LinkDown('a'))
    assert box.take()[-1] == LinkDown('a')
    assert box.counters.overflow_in == 195


def test_wakes_once_until_it_is_empty(box: Box) -> None:
    box.put('a', submit(1), submit(2))
    assert box.woken == 1
    assert box.take(1) == [submit(1)]
    box.put('a', submit(3))
    assert box.woken == 1
    assert box.take() == [submit(2), submit(3)]
    box.put('a', submit(4))
    assert box.woken == 2


def test_a_million_beats_cost_no_memory_and_little_time(box: Box) -> None:
    """A main loop that hangs for a day."""
    box.put('b', submit(0))
    for _ in range(100_000):
        box.put('a', beat())
    assert len(box.inbox._items) == 2
    assert box.take() == [submit(0), beat()]


def test_a_main_loop_that_does_not_drain_gets_one_beat() -> None:
    with linked('', '') as (a, b):
        b.pump()
        for number in range(50):
            a.bus.send([b.identifier], a.envelope(beat(ledger_index=number)))
        a.send(b, submit('end'))
        wait_for(lambda: b.bus.counters.frames_in >= 52)  # with the greeting
        wait_for(lambda: submit('end') in b.bodies(Submit))
        assert b.bodies(Heartbeat)[-1].ledger_index == 49
        assert b.bus.counters.overflow_in == 0
