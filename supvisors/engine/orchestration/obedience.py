"""The orders of the Master, at the instance that obeys them."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from supvisors.engine.core import Core
from supvisors.engine.effects import Effect, Spawn, Stop
from supvisors.engine.events import Obeyed
from supvisors.engine.messages import Order, OrderResult
from supvisors.model.enums import FaultCode

REMEMBERED = 1000
"""How many orders are kept to recognise those sent again."""


@attrs.define(eq=False)
class Received:
    """An order taken, and its result once the host has obeyed."""

    master: str
    order: Order
    result: OrderResult | None = None


class Obedience:
    def __init__(self, core: Core, answer: Callable[[str, OrderResult], None]) -> None:
        self.core = core
        self.answer = answer
        self.leaving = False
        self._number = 0
        self._by_order: dict[tuple[int, int], Received] = {}
        self._by_number: dict[int, Received] = {}

    def order(self, master: str, term: int, order: Order) -> None:
        """Obey once: an order sent again gets the same result. A term has one Master: the term alone tells whose
        orders hold.

        An order of a later term is left unanswered: it comes again once the Master is followed.
        """
        if order.target != self.core.incarnation or term > self.core.term:
            return
        known = self._by_order.get((term, order.number))
        if known is not None:
            if known.result is not None:
                self.answer(master, known.result)
        elif term < self.core.term:
            self._refuse(master, order, FaultCode.FAILED, f'order of term {term}, over since term {self.core.term}')
        elif order.start and self.leaving:
            self._refuse(master, order, FaultCode.SHUTDOWN_STATE, 'the instance is leaving')
        else:
            self._take(master, term, order)

    def _refuse(self, master: str, order: Order, code: FaultCode, text: str) -> None:
        self.answer(master, OrderResult(order.number, code, text, self.core.inventory_seq))

    def _take(self, master: str, term: int, order: Order) -> None:
        self._number += 1
        kept = [(key, value) for key, value in self._by_order.items() if key[0] == term]
        self._by_order = dict(kept[-REMEMBERED:])
        self._by_order[term, order.number] = self._by_number[self._number] = Received(master, order)
        effect: Effect = (
            Spawn(self._number, order.namespec, order.extra_args) if order.start else Stop(self._number, order.namespec)
        )
        self.core.effects.append(effect)

    def obeyed(self, event: Obeyed) -> None:
        received = self._by_number.pop(event.number, None)
        if received is not None:
            received.result = OrderResult(received.order.number, event.code, event.text, self.core.inventory_seq)
            self.answer(received.master, received.result)
