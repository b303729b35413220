"""What all parts of one engine share."""

from __future__ import annotations

from supvisors.engine.core import Core
from supvisors.engine.effects import Log, Send
from supvisors.engine.messages import WIRE_VERSION, Bye
from supvisors.model.identity import Incarnation, Now
from tests.unit.engine.harness import A, B, C, settings


def core() -> Core:
    return Core(settings('a', 'abc'), Now(100.0, 0.0))


def test_a_message_carries_who_sends_it_and_how_far_it_is() -> None:
    one = core()
    one.term, one.inventory_seq = 4, 7
    one.send((B, C), Bye(), Incarnation('b1', 2))
    (effect,) = one.effects
    assert isinstance(effect, Send)
    assert effect.to == (B, C)
    envelope = effect.envelope
    assert (envelope.sender, envelope.incarnation, envelope.term) == (A, Incarnation('a1', 0), 4)
    assert (envelope.inventory_seq, envelope.receiver, envelope.version) == (7, Incarnation('b1', 2), WIRE_VERSION)


def test_nothing_is_sent_to_nobody_nor_to_oneself() -> None:
    one = core()
    one.send((), Bye())
    one.send((A,), Bye())
    assert not one.effects
    one.send((A, B), Bye())
    assert [effect.to for effect in one.effects if isinstance(effect, Send)] == [(B,)]


def test_the_earliest_deadline_counts() -> None:
    one = core()
    one.deadline = 110.0
    one.wake_by(112.0)
    assert one.deadline == 110.0
    one.wake_by(105.0)
    assert one.deadline == 105.0


def test_a_log_line_is_an_effect() -> None:
    one = core()
    one.log('warn', 'text')
    assert list(one.effects) == [Log('warn', 'text')]
