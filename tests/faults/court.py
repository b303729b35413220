"""Goes through a history in order, and lets the judges say where it breaks a property.

The properties, and how long they may be broken, are those of the simulator (`tests.simulation`): the judges here see
only what clients and the kernel see, where those of the simulator see each message. `SHARED` tells which is which.
"""
from __future__ import annotations

from collections.abc import Sequence

import attrs

from tests.faults.history import Entry, Fault, History, Life, View
from tests.simulation.clock import Scheduler
from tests.simulation.health import Health

SHARED = {
    'masters': 'tests.simulation.masters.Masters',
    'copies': 'tests.simulation.copies.Copies',
    'requests': 'tests.simulation.requests.Requests',
    'liveness': 'tests.simulation.liveness.Liveness',
}
"""Where the simulator states each property: its judge here has the same name."""

EXPECTED = {
    # a process that runs twice once the sides have met again is settled by conciliation_strategy; until it is, such
    # processes are left alone, and shown truly by all
    'conflicts are settled': False,
    # the stop stage of an earlier request, that is still under way, stops what a later start has started
    'an earlier request never undoes a later start': False,
}
"""What the product promises already: a judge asks here before it demands it."""

DOWN = ('kill', 'freeze')


@attrs.define
class Instance:
    """What the faults say of one daemon."""
    down: int = 0
    """Faults that keep it from answering."""
    changed: float = -1e9
    """When one of them began or ended last."""
    life: int = 0


class Court:
    """The state of the world at one moment of the history, and the judgements so far."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.judgements: list[str] = []
        self.figures: dict[str, int] = {}
        """How often each property was checked."""
        self.instances = {nick: Instance() for nick in history.nicks}
        self.views: dict[str, View] = {}
        self.life = Life(since=0.0, copies={})
        lossy = any(isinstance(entry, Fault) and entry.kind == 'disturb' for entry in history.entries)
        self._clock = Scheduler()
        self.health = Health(self._clock, history.nicks, self.up, lossy)
        self.judges: list[Judge] = []
        self.wanted: tuple[str, ...] = ()
        """The programs that start by themselves, and are repaired."""

    @property
    def now(self) -> float:
        return self._clock.now

    def up(self, nick: str) -> bool:
        return not self.instances[nick].down

    def up_since(self, nick: str, time: float) -> bool:
        """True if no fault has kept the daemon from answering at any time since then."""
        return self.up(nick) and self.instances[nick].changed < time

    def failed(self, what: str, text: str) -> None:
        self.judgements.append(f'{what} at {self.now:.3f} s: {text}')

    def checked(self, what: str) -> None:
        self.figures[what] = self.figures.get(what, 0) + 1

    def judge(self, judges: Sequence[type[Judge]]) -> list[str]:
        """Return what was found, in the order of the history."""
        for judge in judges:
            self.judges.append(judge(self))
        for entry in list(self.history.entries):
            self._clock.now = entry.at
            self._take(entry)
            for one in self.judges:
                one.see(entry)
        for one in self.judges:
            one.finish()
        return self.judgements

    def _take(self, entry: Entry) -> None:
        if isinstance(entry, View):
            self.views[entry.nick] = entry
        elif isinstance(entry, Life):
            self.life = entry
        elif isinstance(entry, Fault):
            self._take_fault(entry)

    def _take_fault(self, fault: Fault) -> None:
        if fault.begins:
            self.health.begin(fault.pairs)
        else:
            self.health.end(fault.pairs)
        if fault.kind == 'reload':
            self.health.end(fault.pairs)
        if fault.kind in (*DOWN, 'reload'):
            instance = self.instances[fault.nick]
            if fault.kind in DOWN:
                instance.down += 1 if fault.begins else -1
            instance.changed = self.now
            instance.life += fault.kind != 'freeze' and fault.begins


class Judge:
    """One property. `see` is called with each entry once the court has taken it."""

    def __init__(self, court: Court) -> None:
        self.court = court

    def see(self, entry: Entry) -> None:
        """Look at one entry."""

    def finish(self) -> None:
        """Look at the end."""
