"""The demo: a system starts, an application loses the daemon under it, and runs elsewhere."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs

from supvisors.demo.cluster import START_TIMEOUT, LocalCluster
from supvisors.demo.sample import MOVED
from supvisors.demo.snapshot import Snapshot
from supvisors.demo.tables import live, plain
from supvisors.demo.watch import Watch

MOVE_TIMEOUT = 30.0
QUIET_TIME = 6.0
"""How long the live view shows the healthy system before the kill, in seconds."""
REFRESH = 0.2


@attrs.define
class Show:
    """One run of the demo on a cluster that was not started yet."""
    cluster: LocalCluster
    watch: Watch
    draw: Callable[[], None] = lambda: None

    def launch(self) -> float:
        """Start the daemons and wait until both applications run. Return the time to OPERATION."""
        for daemon in self.cluster:
            self.watch.note(f'start {daemon.nick}: {daemon.url}')
        took = self.cluster.start(START_TIMEOUT)
        self.watch.note(f'three daemons are one system after {took:.2f} s')
        for application in ('shop', 'stats'):
            self.watch.wait_for_places(application, '', START_TIMEOUT)
        return took

    def kill_under(self, application: str) -> tuple[str, set[str], float]:
        """Kill the daemon under an application; return its nick name, the new places, and the time it took."""
        victim = self.cluster[self._nick_under(application)]
        self.watch.note(f'SIGKILL {victim.nick} and its programs, as if its host had lost its power')
        self.draw()
        begin = time.monotonic()
        victim.kill(programs=True)
        places = self.watch.wait_for_places(application, victim.nick, MOVE_TIMEOUT)
        took = time.monotonic() - begin
        self.watch.note(f'{application} runs on {", ".join(sorted(places))}, {took:.2f} s after the kill')
        return victim.nick, places, took

    def _nick_under(self, application: str) -> str:
        places = self.watch.wait_for_places(application, '', MOVE_TIMEOUT)
        return sorted(places)[0]

    def hints(self) -> list[str]:
        """What can be tried on the living daemons."""
        urls = [daemon.url for daemon in self.cluster.alive]
        if not urls:
            return ['every daemon is gone']
        return [
            'web pages:  ' + '  '.join(urls),
            f'Python:     from supvisors_client import SupvisorsClient; c = SupvisorsClient({urls[0]!r}); '
            "c.stop_application('stats')",
            f'XML-RPC:    xmlrpc.client.ServerProxy({urls[0] + "/RPC2"!r}).supvisors.get_all_process_info()',
            f'shell:      supervisorctl -s {urls[0]} status',
            f'files:      {self.cluster.folder}',
            'Ctrl-C ends everything',
        ]

    # -- without anyone
    def once(self) -> None:
        """Print the tables before and after the kill, and the events between."""
        print(f'{len(self.cluster.daemons)} daemons in {self.cluster.folder}', flush=True)
        took = self.launch()
        print(f'launch to OPERATION: {took:.2f} s\n\n{plain(self._look())}', flush=True)
        seen = len(self.watch.events)
        victim, places, moved = self.kill_under(MOVED)
        snapshot = self._look()
        print('\n'.join(self.watch.events[seen:]))
        print(f'\n{plain(snapshot)}\n{MOVED} has left {victim} for {", ".join(sorted(places))} in {moved:.2f} s',
              flush=True)

    def _look(self) -> Snapshot:
        snapshot = self.watch.look()
        if snapshot is None:
            raise TimeoutError('no daemon answers any more')
        return snapshot

    # -- until Ctrl-C
    def forever(self) -> None:
        """The live view if standard output is a terminal, plain tables and events otherwise."""
        with self._screen():
            self.launch()
            self._stay(QUIET_TIME)
            self.kill_under(MOVED)
            self._stay(None)

    def _stay(self, seconds: float | None) -> None:
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            self.watch.look()
            self.draw()
            time.sleep(REFRESH)

    @contextmanager
    def _screen(self) -> Iterator[None]:
        if not sys.stdout.isatty():
            self.draw = _Printer(self.watch)
            yield
            return
        from rich.live import Live
        with Live(auto_refresh=False, screen=True) as display:
            def draw() -> None:
                if self.watch.snapshot is not None:
                    view = live(self.watch.snapshot, self.watch.events, self.hints(), display.console.size.height)
                    display.update(view, refresh=True)

            self.draw = draw
            yield


class _Printer:
    """Prints what is new: events one by one, and the tables when the events have ended."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._printed = 0
        self._tables = ''

    def __call__(self) -> None:
        new = self._watch.events[self._printed:]
        self._printed += len(new)
        if new:
            print('\n'.join(new), flush=True)
        elif self._watch.snapshot is not None and plain(self._watch.snapshot) != self._tables:
            self._tables = plain(self._watch.snapshot)
            print(f'\n{self._tables}', flush=True)
