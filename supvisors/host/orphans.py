"""Programs that have survived a supervisord which was killed: found, shown, and stopped if the option says so."""
from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from supvisors.host import unrecorded
from supvisors.host.endings import Ending, Log, manner_of
from supvisors.host.holding import Hold
from supvisors.host.lives import Life, look, since_epoch
from supvisors.host.processes import Processes, key_of
from supvisors.host.survivors import BadRecord, Content, Entry, Survivors, path_beside
from supvisors.model.orphan import Orphan
from supvisors.model.process import make_namespec

REPORT, STOP, IGNORE = 'report', 'stop', 'ignore'


def _no_log(level: str, text: str) -> None:
    """For who wants none."""


@attrs.frozen
class OrphanSettings:
    mode: str = IGNORE
    """The option `orphans`."""
    identifier: str = ''
    """Of the local instance: it names the file."""
    log: Log = _no_log


class Orphans:
    """Writes down the local programs whenever one has been spawned or has ended, and reads at start what the former
    supervisord has written.

    An orphan is one that still lives, with that pid and that start time. It stays on the record until it ends, so
    that a supervisord which ends meanwhile leaves it to the next one.
    """

    def __init__(self, supervisord: Any, processes: Processes, settings: OrphanSettings,
                 wake_at: Callable[[float], None], tell: Callable[[tuple[Orphan, ...]], None]) -> None:
        self._children: dict[int, Any] = supervisord.options.pidhistory
        self._server_url: str | None = supervisord.options.serverurl
        self._processes = processes
        self._settings = settings
        self._log = settings.log
        self._wake_at = wake_at
        self._tell = tell
        self._record = Survivors(path_beside(supervisord.options.pidfile, settings.identifier))
        self._open = False
        self._warned = False
        self._noted: frozenset[int] = frozenset()
        self._entries: dict[int, Entry] = {}
        self._orphans: dict[int, Entry] = {}
        self._endings: dict[int, Ending] = {}
        self._holds: dict[str, Hold] = {}

    # -- supervisord starts
    def open(self) -> None:
        """To be called before any program is spawned."""
        if self._settings.mode == IGNORE:
            return
        former = self._read()
        if former.owner is not None and former.owner.pid != os.getpid() and former.owner.lives():
            self._log('warn', f'{self._record.path} belongs to another supervisord, which lives '
                      f'(pid {former.owner.pid}): orphans is ignored. Give each its own identifier, or its own pidfile '
                      'folder, and restart')
            return
        self._open = True
        left = (*former.processes, *self._unrecorded(former))
        self._orphans = {entry.pid: entry for entry in left if _is_orphan(entry)}
        if self._settings.mode == STOP:
            now = time.monotonic()
            self._endings = {pid: Ending(entry, manner_of(self._processes.find(entry.namespec)), self._log, now)
                             for pid, entry in self._orphans.items()}
            self.hold()
        for orphan in self._shown():
            self._log('warn', _warning(orphan, self._settings.mode))
        if self._orphans:
            self._tell(tuple(self._shown()))
        self._write()
        self._advance()

    def _read(self) -> Content:
        try:
            return self._record.read()
        except BadRecord as error:
            self._put_aside(error)
        return Content('', ())

    def _unrecorded(self, former: Content) -> list[Entry]:
        if former.owner is None or former.owner.pid == os.getpid():
            # after a reload, all has been written
            return []
        return unrecorded.find(former, self._server_url or '')

    def _put_aside(self, error: BadRecord) -> None:
        try:
            kept = f'it is kept as {self._record.put_aside()}'
        except OSError as why:
            kept = f'it cannot be renamed ({why.strerror}): remove it'
        self._log('warn', f'{self._record.path} is not believed ({error}), {kept}. Whether programs have survived a '
                  'supervisord that was killed is not known this time')

    def hold(self) -> None:
        """No program is spawned before its orphans have ended. To be called when processes were added, too."""
        for namespec in {ending.entry.namespec for ending in self._endings.values()}:
            process = self._processes.find(namespec)
            held = self._holds.get(namespec)
            if process is not None and (held is None or held.process is not process):
                self._holds[namespec] = Hold(process, functools.partial(self._why_held, namespec))

    def _why_held(self, namespec: str) -> str:
        pids = sorted(pid for pid, ending in self._endings.items() if ending.entry.namespec == namespec)
        return f'not started before the end of pid {", ".join(map(str, pids))}, which has survived its supervisord'

    # -- supervisord works
    def check(self) -> None:
        """To be called at each turn of the loop."""
        if not self._open:
            return
        if self._children.keys() != self._noted:
            self._note()
        if any(ending.due <= time.monotonic() for ending in self._endings.values()):
            self._advance()

    def tick(self) -> None:
        """To be called every few seconds: who ends by himself is not in a hurry to be known."""
        self._forget(pid for pid in list(self._orphans) if not _lives(self._orphans[pid]))

    def _note(self) -> None:
        """Write down the pids that have changed. A pid is known after the fork only."""
        self._noted = frozenset(self._children)
        entries = {pid: entry for pid, entry in self._entries.items() if pid in self._noted}
        for pid, process in self._children.items():
            life = None if pid in entries else look(pid)
            if life is not None:
                entries[pid] = Entry(pid, life.start, make_namespec(*key_of(process)))
        self._entries = entries
        self._write()

    def _write(self) -> None:
        try:
            self._record.write((*self._orphans.values(), *self._entries.values()))
        except (OSError, ValueError) as error:
            if not self._warned:
                self._warned = True
                self._log('warn', f'{self._record.path} cannot be written ({getattr(error, "strerror", error)}): '
                          'programs that survive a killed supervisord would not be known. Let the user of supervisord '
                          'write into that folder, set pidfile of [supervisord] in another one, or orphans = ignore')

    def _advance(self) -> None:
        """Go on with the ends of those that must be stopped."""
        now = time.monotonic()
        ended = []
        for pid, ending in self._endings.items():
            if ending.due > now:
                continue
            if _lives(ending.entry):
                ending.advance(now)
            else:
                ended.append(pid)
        self._forget(ended)
        if self._endings:
            self._wake_at(min(ending.due for ending in self._endings.values()))

    def _forget(self, ended: Iterable[int]) -> None:
        gone = [self._orphans.pop(pid) for pid in ended]
        if not gone:
            return
        for entry in gone:
            self._endings.pop(entry.pid, None)
            self._log('info', f'{entry.namespec} (pid {entry.pid}), which had survived its supervisord, has ended')
        awaited = {ending.entry.namespec for ending in self._endings.values()}
        for namespec in self._holds.keys() - awaited:
            self._holds.pop(namespec).end()
        self._write()
        self._tell(tuple(self._shown()))

    def _shown(self) -> Iterator[Orphan]:
        for entry in sorted(self._orphans.values(), key=lambda entry: (entry.namespec, entry.pid)):
            yield Orphan(entry.namespec, entry.pid, since_epoch(entry.start))

    # -- supervisord ends
    def close(self) -> None:
        """All programs have ended, unless supervisord fails: what still lives is left to the next one."""
        if not self._open:
            # never RUNNING, for want of its HTTP port maybe: the record may be that of the supervisord which has it
            return
        self.check()
        for hold in self._holds.values():
            hold.end()
        if not self._entries and not self._orphans:
            self._record.remove()


def _lives(entry: Entry) -> bool:
    return _is(look(entry.pid), entry)


def _is(life: Life | None, entry: Entry) -> bool:
    return life is not None and life.start == entry.start


def _is_orphan(entry: Entry) -> bool:
    # after a reload, supervisord has the pid that it had
    life = look(entry.pid)
    return _is(life, entry) and life is not None and os.getpid() not in (entry.pid, life.parent)


_REMEDIES = {
    REPORT: 'it runs twice if {name} is started here: stop pid {pid} by hand, or set orphans = stop and restart',
    STOP: 'it is being stopped, and {name} is not started here before its end',
}


def _warning(orphan: Orphan, mode: str) -> str:
    since = time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(orphan.start))
    remedy = _REMEDIES[mode].format(name=orphan.namespec, pid=orphan.pid)
    return f'{orphan} has survived the supervisord that started it, and runs since {since}: {remedy}'
