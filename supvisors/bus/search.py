"""Which of the addresses of a host answers on a port."""
from __future__ import annotations

from collections.abc import Callable

from supvisors.bus.dial import Dial, Ending, Outcome
from supvisors.bus.reactor import Reactor
from supvisors.bus.resolver import Resolver

WEIGHT = {Ending.UNRESOLVED: 0, Ending.REFUSED: 1, Ending.FAILED: 2, Ending.TIMED_OUT: 3}
"""When all addresses fail, which failure is told: `refused` only if nothing else can be said of any of them."""


class Search:
    """Resolves the host, then dials its addresses one after the other until one answers.

    `timeout` is for the name, then for each address. Calls `done` once; never after `cancel`.
    """

    def __init__(self, reactor: Reactor, resolver: Resolver, host: str, port: int, question: bytes, timeout: float,
                 done: Callable[[Outcome], None]) -> None:
        self._reactor = reactor
        self._port = port
        self._question = question
        self._timeout = timeout
        self._done = done
        self._over = False
        self._addresses: list[str] = []
        self._worst = Outcome(Ending.UNRESOLVED)
        self._dial: Dial | None = None
        # what was known serves when the name server takes too long
        self._alarm = reactor.after(timeout, lambda: self._resolved(resolver.known(host)))
        resolver.resolve(host, self._resolved)

    def cancel(self) -> None:
        self._over = True
        self._alarm.cancel()
        if self._dial is not None:
            self._dial.cancel()

    def _resolved(self, addresses: tuple[str, ...]) -> None:
        if self._over or self._dial is not None:  # cancelled, or the name server answered after all
            return
        self._alarm.cancel()
        self._addresses = list(addresses)
        if addresses:
            self._next()
        else:
            # not from inside the constructor
            self._alarm = self._reactor.after(0.0, lambda: self._end(self._worst))

    def _next(self) -> None:
        address = self._addresses.pop(0)
        self._dial = Dial(self._reactor, address, self._port, self._question, self._timeout, self._dialled)

    def _dialled(self, outcome: Outcome) -> None:
        if outcome.ending is Ending.ANSWERED:
            self._end(outcome)
            return
        if WEIGHT[outcome.ending] > WEIGHT[self._worst.ending]:
            self._worst = outcome
        if self._addresses:
            self._next()
        else:
            self._end(self._worst)

    def _end(self, outcome: Outcome) -> None:
        self.cancel()
        self._done(outcome)
