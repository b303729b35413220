"""A host on a real supervisord whose forks and signals are only noted: processes end when the test says so."""
from __future__ import annotations

from typing import Any

from supervisor import events, web
from supervisor.rpcinterface import SupervisorNamespaceRPCInterface

from supvisors.engine.events import ProcessChanged
from supvisors.host import Disabilities, Host
from supvisors.model.process import ProcessRecord


class Bench:
    """As from the moment that supervisord is RUNNING. `told` is what the host has told, in order."""

    def __init__(self, supervisord: Any, disabilities: Disabilities | None = None) -> None:
        self.supervisord = supervisord
        self.told: list[Any] = []
        self.spawned: list[str] = []
        """The commands of what was started."""
        self.signals: list[tuple[int, int]] = []
        supervisord.options.fork = self._fork
        supervisord.options.kill = lambda pid, number: self.signals.append((pid, number))
        self.host = Host(supervisord, self, lambda mono: None, disabilities=disabilities)
        events.subscribe(events.ProcessStateStartingEvent, self._starts)
        events.notify(events.SupervisorRunningEvent())

    # -- callbacks
    def ready(self, records: tuple[ProcessRecord, ...]) -> None:
        self.told.append(('ready', records))

    def observe(self, event: Any) -> None:
        self.told.append(event)

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        self.told.append((start, namespec, extra_args))

    def turn(self) -> None:
        pass

    def leaving(self) -> None:
        pass

    def closing(self) -> None:
        pass

    # -- supervisord
    def process(self, namespec: str) -> Any:
        group, _, name = namespec.partition(':')
        return self.supervisord.process_groups[group].processes[name or group]

    def transition(self) -> None:
        """What supervisord does by itself, once."""
        for group in list(self.supervisord.process_groups.values()):
            group.transition()

    def end(self, namespec: str, code: int = 0) -> None:
        process = self.process(namespec)
        process.finish(process.pid, code << 8)

    def plain(self) -> Any:
        """The `supervisor` namespace, as the host has wrapped it."""
        interface: SupervisorNamespaceRPCInterface = web.SupervisorNamespaceRPCInterface(self.supervisord)
        return interface

    def _starts(self, event: Any) -> None:
        self.spawned.append(event.process.config.command)

    def _fork(self) -> int:
        return 4711 + len(self.spawned)

    # -- what was told
    def record(self, namespec: str) -> ProcessRecord:
        record = self.host.record(namespec)
        assert record is not None
        return record

    @property
    def adopted(self) -> list[tuple[bool, str, str]]:
        return [call for call in self.told if isinstance(call, tuple) and call[0] != 'ready']

    def last(self, namespec: str) -> ProcessRecord:
        """What was told last of a process."""
        return [call.record for call in self.told
                if isinstance(call, ProcessChanged) and call.record.namespec == namespec][-1]
