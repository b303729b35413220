"""The orders of the Master, at the instance that obeys them: once each, in the current term, in this life."""

from __future__ import annotations

import pytest

from supvisors.engine.core import Core
from supvisors.engine.effects import Spawn, Stop
from supvisors.engine.events import Obeyed
from supvisors.engine.messages import Order, OrderResult
from supvisors.engine.orchestration import obedience
from supvisors.engine.orchestration.obedience import Obedience
from supvisors.model.enums import FaultCode
from supvisors.model.identity import Incarnation, Now
from tests.unit.engine.harness import B, C, settings

X = 'app:x'
TERM = 5
ME = Incarnation('a1', 0)


class Situation:
    def __init__(self) -> None:
        self.core = Core(settings('a', 'abc'), Now(0.0, 0.0))
        self.core.term = TERM
        self.answers: list[tuple[str, OrderResult]] = []
        self.obedience = Obedience(self.core, lambda master, result: self.answers.append((master, result)))

    def order(
        self, number: int, start: bool = True, term: int = TERM, who: Incarnation = ME, master: str = B
    ) -> list[Spawn | Stop]:
        """What the order makes the host do."""
        self.obedience.order(master, term, Order(number, who, X, start, '-v'))
        done = [effect for effect in self.core.effects if isinstance(effect, Spawn | Stop)]
        self.core.effects.clear()
        return done

    def told(self) -> list[tuple[str, int, int]]:
        """(to whom, number, code) of the answers since the last look."""
        answers, self.answers = self.answers, []
        return [(master, result.number, result.code) for master, result in answers]


@pytest.fixture
def situation() -> Situation:
    return Situation()


def test_an_order_is_carried_out_then_answered(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    assert isinstance(spawn, Spawn)
    assert (spawn.namespec, spawn.extra_args) == (X, '-v')
    assert situation.told() == []
    situation.core.inventory_seq = 12
    situation.obedience.obeyed(Obeyed(spawn.number))
    assert situation.answers == [(B, OrderResult(7, 0, '', 12))]
    (stop,) = situation.order(8, start=False)
    assert isinstance(stop, Stop)
    assert stop.namespec == X


def test_what_the_host_says_is_the_answer(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    situation.obedience.obeyed(Obeyed(spawn.number, FaultCode.NO_FILE, 'no such file'))
    assert situation.answers == [(B, OrderResult(7, FaultCode.NO_FILE, 'no such file', 0))]


def test_an_order_sent_again_is_obeyed_once_and_answered_alike(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    assert situation.order(7) == []
    assert situation.told() == []
    situation.obedience.obeyed(Obeyed(spawn.number, 30, 'text'))
    situation.core.inventory_seq = 99
    assert situation.order(7) == []
    first, second = situation.answers
    assert first == second


def test_an_outcome_is_told_once(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    situation.obedience.obeyed(Obeyed(spawn.number))
    situation.obedience.obeyed(Obeyed(spawn.number))
    situation.obedience.obeyed(Obeyed(4711))
    assert len(situation.told()) == 1


def test_an_older_term_is_refused(situation: Situation) -> None:
    assert situation.order(7, term=TERM - 1) == []
    assert situation.told() == [(B, 7, FaultCode.FAILED)]


def test_an_order_obeyed_in_an_older_term_keeps_its_answer(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    situation.core.term = TERM + 1
    situation.obedience.obeyed(Obeyed(spawn.number))
    assert situation.told() == [(B, 7, 0)]
    assert situation.order(7, term=TERM) == []
    assert situation.told() == [(B, 7, 0)]


def test_a_later_term_is_left_unanswered_until_it_is_ours(situation: Situation) -> None:
    assert situation.order(7, term=TERM + 1) == []
    assert situation.told() == []
    situation.core.term = TERM + 1
    assert len(situation.order(7, term=TERM + 1)) == 1


def test_the_same_number_in_another_term_is_another_order(situation: Situation) -> None:
    assert len(situation.order(7)) == 1
    situation.core.term = TERM + 1
    assert len(situation.order(7, term=TERM + 1, master=C)) == 1


@pytest.mark.parametrize('who', [Incarnation('a0', 0), Incarnation('a1', 1)])
def test_an_order_for_another_life_is_ignored(situation: Situation, who: Incarnation) -> None:
    assert situation.order(7, who=who) == []
    assert situation.told() == []


def test_one_that_leaves_refuses_starts_and_still_stops(situation: Situation) -> None:
    situation.obedience.leaving = True
    assert situation.order(7, start=True) == []
    assert situation.told() == [(B, 7, FaultCode.SHUTDOWN_STATE)]
    assert len(situation.order(8, start=False)) == 1


def test_a_start_taken_before_leaving_keeps_its_answer(situation: Situation) -> None:
    (spawn,) = situation.order(7)
    situation.obedience.leaving = True
    situation.obedience.obeyed(Obeyed(spawn.number))
    assert situation.order(7) == []
    assert situation.told() == [(B, 7, 0)] * 2


def test_only_so_many_orders_are_remembered(situation: Situation) -> None:
    for number in range(obedience.REMEMBERED + 100):
        (spawn,) = situation.order(number)
        situation.obedience.obeyed(Obeyed(spawn.number))
    assert len(situation.obedience._by_order) <= obedience.REMEMBERED + 1
    assert len(situation.obedience._by_number) == 0
    assert situation.order(obedience.REMEMBERED) == []
