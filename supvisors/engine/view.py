"""What the engine shows of the system: the answers to the reading methods, before they become payloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs

from supvisors.engine.commands import Command, Ticket
from supvisors.engine.messages import Info
from supvisors.model.enums import ApplicationState, InstanceState, SupvisorsState
from supvisors.model.identity import Identity, Now
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import ApplicationRules, ProgramRules


@attrs.frozen
class ModesView:
    """State and modes of one instance."""

    identity: Identity
    state: SupvisorsState
    degraded: bool
    discovery: bool
    master: str
    starting: bool
    stopping: bool
    instance_states: Mapping[str, InstanceState]


@attrs.frozen
class InstanceView:
    """One instance, as seen by the local one. `info` is None until it has been met."""

    identity: Identity
    state: InstanceState
    loading: int
    process_failure: bool
    remote_counter: int
    remote_mono: float
    remote_wall: float
    local_counter: int
    local_mono: float
    local_wall: float
    stalled: float
    reason: str
    info: Info | None
    orphans: tuple[Orphan, ...] = ()


@attrs.frozen
class ProcessView:
    """One process over all instances."""

    group: str
    name: str
    state: int
    expected_exit: bool
    identifiers: tuple[str, ...]
    extra_args: str
    event_mono: float
    reason: str = ''
    """Why it is FATAL; empty when it is not, or nobody knows."""


@attrs.frozen
class InnerProcessView:
    """One process on one instance, as the local instance knows it."""

    identity: Identity
    record: ProcessRecord
    local_mono: float
    """When the local instance was told of the last event, on its monotonic clock; 0 if it never was."""
    has_crashed: bool
    """True if it was seen to crash since that instance has started."""


@attrs.frozen
class Prediction:
    """What would become of one process if it were started."""

    group: str
    name: str
    state: int
    reason: str
    """Why it could not be started, instance by instance; empty if it could."""
    identifiers: tuple[str, ...]


@attrs.frozen
class ApplicationView:
    name: str
    managed: bool
    state: ApplicationState
    major_failure: bool
    minor_failure: bool


class EngineView(Protocol):
    """The part of the engine that `rpc/` sees."""

    @property
    def state(self) -> SupvisorsState: ...

    @property
    def local(self) -> Identity: ...

    @property
    def master(self) -> str:
        """Identifier of the Master; empty when there is none."""
        ...

    @property
    def starting_instances(self) -> Sequence[str]: ...

    @property
    def stopping_instances(self) -> Sequence[str]: ...

    def resolve(self, name: str) -> list[str]:
        """The identifiers that a name (identifier, nick or stereotype) designates; empty when it is unknown."""
        ...

    def identity(self, identifier: str) -> Identity: ...

    def modes(self, identifier: str) -> ModesView: ...

    def instance(self, identifier: str) -> InstanceView: ...

    def identifiers(self) -> Sequence[str]:
        """All known identifiers, in the order of the configuration."""
        ...

    def applications(self) -> Iterable[ApplicationView]:
        """All applications, sorted by name."""
        ...

    def application(self, name: str) -> ApplicationView | None: ...

    def processes(self, group: str | None = None) -> Iterable[ProcessView]:
        """All processes (of one group), sorted by group then name."""
        ...

    def process(self, group: str, name: str) -> ProcessView | None: ...

    def local_records(self) -> Iterable[ProcessRecord]:
        """The processes of the local supervisord, sorted by group then name."""
        ...

    def application_rules(self, name: str) -> ApplicationRules: ...

    def process_rules(self, group: str, name: str) -> ProgramRules:
        """The rules of one process; `identifiers` are those that apply to it (spread or of its application)."""
        ...

    def conflicts(self) -> Iterable[ProcessView]:
        """The processes of managed applications that run on several instances, sorted by group then name."""
        ...

    def predict(self, command: Command) -> Iterable[Prediction]:
        """What this start (`start_application` or `start_process`) would do now, sorted by group then name.

        Nothing changes. Raises `Refused`, for the same reasons as the start itself but those about resources.
        """
        ...

    def core_identifiers(self) -> Sequence[str]:
        """The identifiers that the option `core_identifiers` designates, in its order."""
        ...

    def inner_processes(self, identifier: str) -> Iterable[InnerProcessView]:
        """The processes known of one instance, sorted by group then name; none if it was never met."""
        ...

    def end_sync(self, master: str, now: Now) -> None:
        """End the synchronization with this Master (identifier, nick or stereotype; empty: the election chooses).

        Raises `Refused`, in this order: 101 (there is a Master), 104 (USER not selected), 10, 2 (several), 70.
        """
        ...

    def request(self, command: Command, now: Now) -> Ticket:
        """Check a request, and carry it to the Master. Raises `Refused`."""
        ...
