"""Each request has exactly one outcome, the outcome is true, a stop holds, and what is wanted runs."""
from __future__ import annotations

import attrs

from tests.faults.court import EXPECTED, Court, Judge
from tests.faults.history import Answered, Asked, Entry, Life
from tests.faults.judges import BOOT

FAULTS = frozenset((1, 6, 10, 20, 40, 50, 60, 70, 90, 91, 101, 102, 103, 104))
"""Codes of outcomes: anything else, above all 30 (FAILED, an internal error), is none."""
ORDER = 0.5
"""Requests asked within this many seconds may be accepted in another order."""
SPAWN = 0.5
"""Seconds that a look at the processes may come late."""


@attrs.define(eq=False)
class Request:
    asked: Asked
    outcome: str = ''
    ended: float = 1e9
    life: int = 0
    """The life of its daemon when it was asked."""
    witnesses: tuple[tuple[str, int], ...] = ()
    """Who must know of the outcome: instances and their lives."""

    @property
    def done(self) -> bool:
        return self.outcome == 'done'

    @property
    def lost(self) -> bool:
        return self.outcome.startswith('lost')

    def __str__(self) -> str:
        asked = self.asked
        return f'request {asked.number} ({asked.method} {",".join(asked.namespecs)} at {asked.nick}, {asked.at:.3f} s)'


class Requests(Judge):
    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self.requests: dict[int, Request] = {}
        self._to_check: list[Request] = []
        self._lived: dict[str, float] = {}

    def see(self, entry: Entry) -> None:
        if isinstance(entry, Asked):
            self.requests[entry.number] = Request(entry, life=self.court.instances[entry.nick].life)
        elif isinstance(entry, Answered):
            self._answered(self.requests[entry.number], entry)
        elif isinstance(entry, Life):
            self._lives(entry)

    # -- one outcome
    def _answered(self, request: Request, answer: Answered) -> None:
        court, nick = self.court, request.asked.nick
        court.checked('requests')
        if request.outcome:
            court.failed('requests', f'{request} was answered {request.outcome}, then {answer.outcome}')
            return
        request.outcome, request.ended = answer.outcome, court.now
        since = request.ended - 1.0
        request.witnesses = tuple(
            (other, instance.life) for other, instance in court.instances.items()
            if court.up(other) and (other == nick or not court.health.bad_since(other, nick, since)))
        if request.lost and court.up_since(nick, request.asked.at - BOOT):
            court.failed('requests', f'{request} has no outcome, and its daemon was up: {request.outcome}')
        elif (answer.code and answer.code not in FAULTS) or answer.outcome.startswith('strange'):
            court.failed('requests', f'{request} ended with {answer.outcome}')
        elif request.done:
            self._to_check.append(request)

    # -- that is true
    def _lives(self, life: Life) -> None:
        for namespec in life.copies:
            self._lived[namespec] = self.court.now
        ripe = [request for request in self._to_check if life.since >= request.ended]
        for request in ripe:
            self._to_check.remove(request)
            for namespec in request.asked.namespecs:
                if not request.asked.starts:
                    self._check_stopped(request, namespec, life)
                elif request.asked.method.endswith('process'):
                    self._check_started(request, namespec)

    def _check_stopped(self, request: Request, namespec: str, life: Life) -> None:
        if any(other.ended >= request.asked.at or not other.outcome for other in self._starts(namespec)):
            return
        self.court.checked('a stop is true')
        nick = request.asked.nick
        view = self.court.views.get(nick)
        askers = {nick, view.master if view and view.master in self.court.instances else nick}
        for where in life.where(namespec):
            if not any(self.court.health.hidden(where, one) for one in askers):
                self.court.failed('requests', f'{request} was done, and {namespec} lives on {where}')

    def _check_started(self, request: Request, namespec: str) -> None:
        if any(namespec in other.asked.namespecs and other.ended >= request.asked.at
               for other in self.requests.values() if other is not request):
            return  # another request under way may have stopped it between two looks
        self.court.checked('a start is true')
        if self._lived.get(namespec, -1e9) < request.asked.at - SPAWN:
            self.court.failed('requests', f'{request} was done, and {namespec} has not lived since')

    def _starts(self, namespec: str) -> list[Request]:
        return [one for one in self.requests.values() if one.asked.starts and namespec in one.asked.namespecs]

    # -- and holds
    def finish(self) -> None:
        for request in self.requests.values():
            if not request.outcome:
                self.court.failed('requests', f'{request} has no outcome')
            elif request.done and not request.asked.starts:
                self._check_held(request)

    def _check_held(self, request: Request) -> None:
        court = self.court
        if not any(court.instances[nick].life == life for nick, life in request.witnesses):
            return
        for namespec in request.asked.namespecs:
            if any(self._undoes(other, request) for other in self._starts(namespec)):
                continue
            court.checked('a stop holds')
            for where in sorted(court.life.where(namespec)):
                court.failed('requests', f'{request} was done, nothing asked for {namespec} since, '
                                         f'and it lives on {where}')

    def _undoes(self, start: Request, stop: Request) -> bool:
        """True if it is the later one, or may be, or neither is because they were taken on two sides of a cut."""
        return (start.ended >= stop.asked.at or start.lost
                or self.court.health.bad_since(start.asked.nick, stop.asked.nick, start.asked.at))

    # -- what is wanted
    def wanted(self, namespec: str) -> bool:
        """True if the last request about it, as all see it, was a start that was done, and it lived since."""
        touching = [one for one in self.requests.values() if namespec in one.asked.namespecs]
        if not touching:
            return True
        last = touching[-1]
        nick, bad_since = last.asked.nick, self.court.health.bad_since
        return (last.asked.starts and last.done and self._lived.get(namespec, -1e9) >= last.asked.at - SPAWN
                and all(self._before(one, last) and not one.lost
                        and not (one.asked.nick != nick and bad_since(one.asked.nick, nick, one.asked.at))
                        for one in touching[:-1]))

    @staticmethod
    def _before(one: Request, last: Request) -> bool:
        if EXPECTED['an earlier request never undoes a later start']:
            return one.asked.at < last.asked.at - ORDER
        return one.ended < last.asked.at
