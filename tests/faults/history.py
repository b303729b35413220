"""What happened, in order: faults, requests and answers, what each daemon said, and which programs truly lived."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import attrs

Pair = tuple[str, str]
TIMES = ('at', 'took', 'since', 'late')
E = TypeVar('E', bound='Entry')


@attrs.frozen(kw_only=True)
class Entry:
    at: float = 0.0
    """Seconds since the history began; given by the history."""


@attrs.frozen(kw_only=True)
class Fault(Entry):
    """A fault that begins, ends, or comes and goes in a moment.

    kind    cut, freeze, kill, disturb: from `begins` to its end; reload: in a moment
    nick    the daemon that it hits as a whole, if any
    pairs   those that it stands between
    """
    kind: str
    nick: str = ''
    pairs: tuple[Pair, ...] = ()
    begins: bool = True
    text: str = ''


@attrs.frozen(kw_only=True)
class Asked(Entry):
    number: int
    nick: str
    method: str
    namespecs: tuple[str, ...]

    @property
    def starts(self) -> bool:
        return not self.method.startswith('stop')


@attrs.frozen(kw_only=True)
class Answered(Entry):
    """`outcome`: 'done', 'fault CODE: text', or 'lost: text' when no answer came."""
    number: int
    outcome: str

    @property
    def code(self) -> int:
        return int(self.outcome[6:].partition(':')[0]) if self.outcome.startswith('fault ') else 0


@attrs.frozen(kw_only=True)
class View(Entry):
    """What a daemon said. Names are nick names; `processes` is None while it cannot tell."""
    nick: str
    took: float
    master: str
    state: str
    instances: Mapping[str, str]
    jobs: tuple[str, ...] = ()
    processes: Mapping[str, tuple[str, ...]] | None = None
    own: tuple[str, ...] = ()
    """The processes that it says run on itself."""


@attrs.frozen(kw_only=True)
class Silence(Entry):
    """A daemon that was asked for its view, and gave none."""
    nick: str
    took: float
    error: str


@attrs.frozen(kw_only=True)
class Life(Entry):
    """The programs that lived: (nick name, pid, whether it is an orphan) by namespec. `since`: when looking began."""
    since: float
    copies: Mapping[str, tuple[tuple[str, int, bool], ...]]
    late: float = 0.0
    """How much later than it wanted to the recorder could look: what the machine adds to every time measured."""

    def where(self, namespec: str) -> set[str]:
        """Where it lives as a child of its daemon."""
        return {nick for nick, _, orphan in self.copies.get(namespec, ()) if not orphan}


@attrs.define
class History:
    """Written by many threads, read once it is closed."""
    nicks: tuple[str, ...]
    entries: list[Entry] = attrs.field(factory=list)
    _clock: Callable[[], float] = time.monotonic
    _begin: float = attrs.field(init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _number: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._begin = self._clock()

    @property
    def now(self) -> float:
        return self._clock() - self._begin

    def add(self, entry: E) -> E:
        with self._lock:
            dated = attrs.evolve(entry, at=self.now)
            self.entries.append(dated)
            return dated

    def next_number(self) -> int:
        with self._lock:
            self._number += 1
            return self._number

    def write(self, path: Path) -> None:
        path.write_text(self.text())

    def text(self) -> str:
        """One line an entry; a view or a life that says the same as the one before is left out."""
        lines: list[str] = []
        last: dict[tuple[str, str], dict[str, object]] = {}
        for entry in list(self.entries):
            key = type(entry).__name__, getattr(entry, 'nick', '')
            plain = {name: value for name, value in attrs.asdict(entry).items() if name not in TIMES}
            if isinstance(entry, (View, Life)) and last.get(key) == plain:
                continue
            last[key] = plain
            lines.append(f'{entry.at:8.3f} {key[0]} {plain}')
        return '\n'.join(lines) + '\n'
