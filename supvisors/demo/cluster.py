"""Several daemons on this machine: started, watched, killed, and gone without a trace."""
from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import attrs

from supvisors.demo.daemon import Daemon, find_script
from supvisors.demo.layout import RUN_MARK, Layout
from supvisors.demo.leftovers import kill_marked, marked
from supvisors.demo.ports import Ports
from supvisors.demo.waiting import wait_for

START_TIMEOUT = 30.0


@attrs.frozen
class Ending:
    """What the end of a cluster took: the daemons that did not end by themselves, and the processes left behind."""
    stubborn: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()


class LocalCluster:
    """The daemons of a layout, on free ports of 127.0.0.1, in a folder of their own.

        with LocalCluster(Layout(nicks=('a', 'b', 'c'))) as cluster:
            cluster.start()
            cluster['b'].kill()

    `daemons` keeps the order of the layout; `cluster['b']` is the daemon of that nick name or identifier.
    """

    def __init__(self, layout: Layout, base: Path | None = None, supervisord: Path | None = None) -> None:
        self.layout = layout
        self.mark = uuid.uuid4().hex
        self.folder = Path(tempfile.mkdtemp(prefix='supvisors-', dir=base))
        self._ports = Ports()
        program = supervisord or find_script('supervisord')
        environ = {**os.environ, RUN_MARK: self.mark}
        # compiled once, as where it is installed: compiling at each start is half of the start of a daemon
        environ.pop('PYTHONDONTWRITEBYTECODE', None)
        self.daemons = [
            Daemon(nick, self._ports.take(), self.folder / nick, program, environ, layout.username, layout.password)
            for nick in layout.nicks
        ]
        self.rewrite(layout)

    def rewrite(self, layout: Layout) -> None:
        """Write the files of another layout of the same daemons: each reads them at its next start or reload."""
        self.layout = layout
        ports = {daemon.nick: daemon.port for daemon in self.daemons}
        for daemon in self.daemons:
            daemon.folder.mkdir(exist_ok=True)
            daemon.conf.write_text(self.layout.text(daemon.nick, ports, daemon.folder))
            if self.layout.rules:
                (daemon.folder / 'rules.xml').write_text(self.layout.rules)

    def __iter__(self) -> Iterator[Daemon]:
        return iter(self.daemons)

    def __getitem__(self, name: str | int) -> Daemon:
        if isinstance(name, int):
            return self.daemons[name]
        for daemon in self.daemons:
            if name in (daemon.nick, daemon.identifier):
                return daemon
        raise KeyError(name)

    @property
    def alive(self) -> list[Daemon]:
        return [daemon for daemon in self.daemons if daemon.alive]

    def others(self, *without: Daemon) -> list[Daemon]:
        """The living daemons but these."""
        return [daemon for daemon in self.alive if daemon not in without]

    # -- life
    def start(self, timeout: float = START_TIMEOUT) -> float:
        """Start all daemons and wait until they are one system in OPERATION. Return how long that took, in seconds."""
        begin = time.monotonic()
        self.spawn()
        self.wait_operation(timeout=timeout)
        return time.monotonic() - begin

    def spawn(self) -> None:
        for daemon in self.daemons:
            daemon.spawn()

    def stop(self, grace: float = 10.0) -> Ending:
        """End every daemon, then whatever of this run is left."""
        for daemon in self.alive:
            daemon.signal(signal.SIGCONT)
            daemon.signal(signal.SIGTERM)
        end = time.monotonic() + grace
        stubborn = []
        for daemon in self.alive:
            try:
                daemon.wait(max(0.05, end - time.monotonic()))
            except TimeoutError:
                stubborn.append(daemon.nick)
                daemon.kill()
        orphans = kill_marked(self.mark)
        self._ports.release()
        return Ending(tuple(stubborn), tuple(orphans))

    def leftovers(self) -> list[str]:
        """The command lines of what still lives of this run."""
        return [' '.join(process.cmdline()) for process in marked(self.mark)]

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> LocalCluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.stop()
        self.remove()

    # -- conditions
    def wait_operation(self, daemons: Sequence[Daemon] | None = None, timeout: float = START_TIMEOUT) -> Daemon:
        """Wait until these daemons (all by default) are in OPERATION, see each other RUNNING and follow one Master.

        Return the Master.
        """
        members = list(self.daemons if daemons is None else daemons)
        identifiers = {daemon.identifier for daemon in members}

        def agreed() -> str:
            views = [self._checked_state(daemon) for daemon in members]
            masters = {view['master_identifier'] for view in views}
            formed = all(view['fsm_statename'] == 'OPERATION' and _running(view) >= identifiers for view in views)
            return masters.pop() if formed and len(masters) == 1 else ''

        return self[wait_for(agreed, timeout, f'OPERATION of {", ".join(daemon.nick for daemon in members)}')]

    def _checked_state(self, daemon: Daemon) -> dict[str, Any]:
        if not daemon.alive:
            raise RuntimeError(f'{daemon.nick} has ended\n{daemon.tail()}')
        state: dict[str, Any] = daemon.call('supvisors.get_supvisors_state')
        return state

    def master(self, asked: Daemon | None = None) -> Daemon:
        """The Master, as one daemon (the first living one by default) says."""
        return self[(asked or self.alive[0]).call('supvisors.get_master_identifier')['identifier']]

    def where(self, namespec: str, asked: Daemon | None = None) -> list[str]:
        """The nick names of the daemons where a process runs, as one daemon says: a process that is not RUNNING runs
        nowhere."""
        (info,) = (asked or self.alive[0]).call('supvisors.get_process_info', namespec)
        return [self[name].nick for name in info['identifiers']] if info['statename'] == 'RUNNING' else []

    def wait_running(self, namespec: str, on: Collection[Daemon] | None = None, asked: Daemon | None = None,
                     timeout: float = 15.0, period: float = 0.02) -> Daemon:
        """Wait until a process is RUNNING on exactly one daemon, one of `on` if given, and return that daemon."""
        wanted = None if on is None else {daemon.nick for daemon in on}

        def place() -> str:
            nicks = self.where(namespec, asked)
            return nicks[0] if len(nicks) == 1 and (wanted is None or nicks[0] in wanted) else ''

        return self[wait_for(place, timeout, f'{namespec} RUNNING on {wanted or "one instance"}', period)]

    def wait_state(self, namespec: str, state: str, asked: Daemon | None = None, timeout: float = 15.0) -> None:
        """Wait until a process is in a state, as one daemon says."""
        def reached() -> bool:
            (info,) = (asked or self.alive[0]).call('supvisors.get_process_info', namespec)
            return bool(info['statename'] == state)

        wait_for(reached, timeout, f'{namespec} {state}')

    def tails(self, size: int = 4000) -> str:
        """The ends of all logs."""
        return '\n'.join(daemon.tail(size) for daemon in self.daemons)


def _running(view: dict[str, Any]) -> set[str]:
    return {identifier for identifier, state in view['instance_states'].items() if state == 'RUNNING'}
