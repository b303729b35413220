"""Masters, copies, and whether anybody was ever stuck."""
from __future__ import annotations

from collections.abc import Sequence

from tests.faults.court import EXPECTED, Court, Judge
from tests.faults.history import Entry, Life, Silence, View
from tests.simulation.copies import USER_RACE
from tests.simulation.masters import MEETING

FRESH = 1.5
"""A view counts for this long: a daemon is asked several times in it."""
HANDLING = 15.0
"""Seconds that the handling of a conflict may take, once nothing hides the copies from each other."""
BOOT = 12.0
"""Seconds that a daemon may need from its start, or from its wake, until it answers at once. The machine is shared."""
LATENCY = 0.1
"""99 of 100 answers of daemons that are well come within this many seconds, whatever the others do..."""
SHARE = 3.0
"""...and this many times what the machine itself is late: question, answer and reading each wait for a processor."""


class Masters(Judge):
    """Two that reach each other do not both lead for long."""

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._since: dict[str, float] = {}
        self._told: set[tuple[str, str]] = set()

    def see(self, entry: Entry) -> None:
        if not isinstance(entry, View):
            return
        if entry.master != entry.nick:
            self._since.pop(entry.nick, None)
            return
        now = self.court.now
        self._since.setdefault(entry.nick, now)
        self.court.checked('masters')
        for other, since in self._since.items():
            pair = min(entry.nick, other), max(entry.nick, other)
            both = max(since, self._since[entry.nick])
            if other == entry.nick or pair in self._told or now - self.court.views[other].at > FRESH:
                continue
            if both <= now - MEETING and not self.court.health.bad_since(*pair, now - MEETING):
                self._told.add(pair)
                self.court.failed('masters', f'{pair} have reached each other for {MEETING} s and both lead')


class Copies(Judge):
    """No program lives twice unless a fault hid one from the other; once nothing does, it is settled."""

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._since: dict[str, float] = {}
        self._explained: set[str] = set()
        self._told: set[str] = set()

    def see(self, entry: Entry) -> None:
        if not isinstance(entry, Life):
            return
        for namespec in sorted({*entry.copies, *self._since}):
            self.court.checked('copies')
            where = entry.where(namespec)
            if len(where) < 2:
                self._since.pop(namespec, None)
                self._explained.discard(namespec)
            else:
                self._twice(namespec, sorted(where))

    def _twice(self, namespec: str, where: list[str]) -> None:
        now, health = self.court.now, self.court.health
        masters = {self.court.views[nick].master for nick in where if nick in self.court.views}
        parties = sorted(masters.intersection(self.court.instances) | set(where))
        pairs = [(one, other) for one in parties for other in parties if one < other]
        if any(health.hidden(*pair) for pair in pairs):
            self._explained.add(namespec)
        if any(health.bad_since(*pair, now) for pair in pairs):
            self._since[namespec] = now
        lasted = now - self._since.setdefault(namespec, now)
        allowed = HANDLING if namespec in self._explained else USER_RACE
        demanded = EXPECTED['conflicts are settled'] or namespec not in self._explained
        if demanded and lasted > allowed and namespec not in self._told:
            self._told.add(namespec)
            self.court.failed('copies', f'{namespec} lives on {where} for {lasted:.1f} s that no fault explains')


class Answers(Judge):
    """A daemon that is up answers, and at once."""

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self.latencies: list[float] = []
        self.late: list[float] = []

    def see(self, entry: Entry) -> None:
        if isinstance(entry, Life):
            self.late.append(entry.late)
        if not isinstance(entry, (View, Silence)) or not self.court.up_since(entry.nick, self.court.now - BOOT):
            return
        self.court.checked('answers')
        if isinstance(entry, View):
            self.latencies.append(entry.took)
        else:
            self.court.failed('answers', f'{entry.nick} was up, and did not answer: {entry.error}')

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, or 0."""
        return _percentile(self.latencies, share)

    def finish(self) -> None:
        slow, late = self.percentile(0.99), _percentile(self.late, 0.99)
        if len(self.latencies) >= 100 and slow > LATENCY + SHARE * late:
            self.court.failed('answers', f'1 answer of 100 took more than {slow:.3f} s, on a machine that is '
                                         f'{late:.3f} s late')


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
