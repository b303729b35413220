"""A host on the real objects of supervisord, whose loop is turned by hand; what runs is `sleep`."""
from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

from supvisors.engine.events import ProcessRemoved
from supvisors.host import Host
from supvisors.model.enums import ProcessState
from supvisors.model.process import split_namespec

STOPPED, RUNNING, STOPPING, EXITED = (
    ProcessState.STOPPED, ProcessState.RUNNING, ProcessState.STOPPING, ProcessState.EXITED)


class Situation:
    """The callbacks of the host too: `calls` keeps what they are told, in order."""

    def __init__(self, supervisord: Any) -> None:
        self.supervisord = supervisord
        self.calls: list[Any] = []
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self.host = Host(supervisord, self, lambda mono: None)
        self.host.records()

    # -- what the host tells
    def ready(self, records: Any) -> None:
        self.calls.append('ready')

    def observe(self, event: Any) -> None:
        self.calls.append(event)

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        self.calls.append(('start' if start else 'stop', namespec))

    def turn(self) -> None:
        self.calls.append('turn')

    def leaving(self) -> None:
        self.calls.append('leaving')

    def closing(self) -> None:
        self.calls.append('closing')

    # -- supervisord
    def process(self, namespec: str) -> Any:
        group, name = split_namespec(namespec)
        return self.supervisord.process_groups[group].processes[name]

    def names(self, group: str) -> list[str]:
        """The processes of a group, in the order in which supervisord has them."""
        return list(self.supervisord.process_groups[group].processes)

    def run(self, *namespecs: str) -> None:
        for namespec in namespecs:
            process = self.process(namespec)
            child = self._children[namespec] = subprocess.Popen(['/bin/sleep', '1000'])
            process.laststart = time.time() - 60
            process.change_state(ProcessState.STARTING.value)
            process.pid = child.pid
            process.pipes = dict.fromkeys(('stdin', 'stdout', 'stderr'))
            process.change_state(ProcessState.RUNNING.value)

    def end(self, namespec: str) -> None:
        """Reap its end: the signal that it was sent, or a status 0 of its own."""
        process, child = self.process(namespec), self._children.pop(namespec)
        if process.state != STOPPING:
            child.kill()
        status = -child.wait(10)
        process.finish(child.pid, status if process.state == STOPPING else 0)

    def loop(self) -> None:
        """One pass of the loop: what was woken, then the transitions."""
        self.host._woken()
        for group in list(self.supervisord.process_groups.values()):
            group.transition()

    def close(self) -> None:
        self.supervisord.options.cleanup()
        for child in self._children.values():
            child.kill()
            child.wait(10)

    # -- what was told
    @property
    def removed(self) -> list[str]:
        return [call.namespec for call in self.calls if isinstance(call, ProcessRemoved)]

    @property
    def adopted(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if isinstance(call, tuple)]


def situations(make_supervisord: Callable[[str], Any]) -> Iterator[Callable[[str], Situation]]:
    made: list[Situation] = []

    def make(text: str) -> Situation:
        made.append(Situation(make_supervisord(text)))
        return made[-1]

    yield make
    for situation in made:
        situation.close()
