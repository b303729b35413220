"""What the host tells to the one who built it. Everything is called in supervisord's thread."""
from __future__ import annotations

from typing import Protocol, TypeAlias

from supvisors.engine.events import HostTick, OrphansChanged, ProcessChanged, ProcessRemoved
from supvisors.model.process import ProcessRecord

Observation: TypeAlias = ProcessChanged | ProcessRemoved | HostTick | OrphansChanged


class Callbacks(Protocol):
    def ready(self, records: tuple[ProcessRecord, ...]) -> None:
        """supervisord is RUNNING: threads and sockets may be made from now on."""

    def observe(self, event: Observation) -> None:
        """Something has just happened. Only note it: `turn` is called soon after."""

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        """A user is about to start or stop a local process through `supervisor.*` or the web page of supervisord."""

    def turn(self) -> None:
        """The loop was woken: drain the queue of the bus and the engine."""

    def leaving(self) -> None:
        """supervisord is about to stop its programs. `turn` may not be called again before `closing`."""

    def closing(self) -> None:
        """All programs have ended (unless supervisord fails): the last chance to send, for 2 s at most."""
