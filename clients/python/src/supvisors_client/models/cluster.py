"""State of Supvisors and of its instances."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from supvisors_client.enums import (
    ConciliationStrategy,
    InstanceState,
    StartingStrategy,
    SupvisorsFailureStrategy,
    SupvisorsState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupvisorsStatus:
    """State of the whole, as seen by the instance that answers."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""
    now_monotonic: float
    """Monotonic clock of the answering host when it answers, in seconds."""
    fsm_statecode: SupvisorsState
    """State of Supvisors as a code."""
    fsm_statename: str
    """State of Supvisors as a name, as sent."""
    degraded_mode: bool
    """True if Supvisors works with expected instances missing."""
    discovery_mode: bool
    """True if discovery by multicast is on."""
    master_identifier: str
    """Identifier of the Master that this instance follows; empty if none."""
    starting_jobs: tuple[str, ...]
    """Identifiers of the instances that have starting jobs in progress."""
    stopping_jobs: tuple[str, ...]
    """Identifiers of the instances that have stopping jobs in progress."""
    instance_states: Mapping[str, InstanceState]
    """State of every known instance, by identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateModes:
    """State and modes of one instance."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""
    now_monotonic: float
    """Monotonic clock of the answering host when it answers, in seconds."""
    fsm_statecode: SupvisorsState
    """State of Supvisors as a code."""
    fsm_statename: str
    """State of Supvisors as a name, as sent."""
    degraded_mode: bool
    """True if Supvisors works with expected instances missing."""
    discovery_mode: bool
    """True if discovery by multicast is on."""
    master_identifier: str
    """Identifier of the Master that this instance follows; empty if none."""
    starting_jobs: bool
    """True if the instance has starting jobs in progress."""
    stopping_jobs: bool
    """True if the instance has stopping jobs in progress."""
    instance_states: Mapping[str, InstanceState]
    """State of every known instance, by identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategies:
    """Strategies in force."""

    auto_fencing: bool = field(metadata={'wire': 'auto-fencing'})
    """True if lost instances are isolated."""
    starting: StartingStrategy
    """Starting strategy of the automatic start sequence."""
    conciliation: ConciliationStrategy
    """Strategy applied to conflicts."""
    supvisors_failure: SupvisorsFailureStrategy
    """Strategy applied when the initial conditions are lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsStatus:
    """What the instance that answers collects."""

    host_stats: bool
    """True if the statistics of the host are collected."""
    process_stats: bool
    """True if the statistics of the processes are collected."""
    collecting_period: float
    """Least time between two samples, in seconds, 1 to 3600."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A program that has survived the supervisord that started it."""

    namespec: str
    """What it ran as: `group:name`, or `name` when both are equal."""
    pid: int
    """Its pid."""
    start: int
    """POSIX time of its start, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceInfo:
    """One instance, as seen by the instance that answers."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""
    node_name: str
    """Host of the instance as written in the configuration."""
    port: int
    """HTTP port of its supervisord, 1 to 65535."""
    statecode: InstanceState
    """State of the instance as a code."""
    statename: str
    """State of the instance as a name, as sent."""
    loading: int
    """Sum of the expected loading of the processes that run there, in percent, 0 or more."""
    process_failure: bool
    """True if a process of a RUNNING instance is FATAL or has exited unexpectedly."""
    remote_sequence_counter: int
    """TICK counter of the instance since its start."""
    remote_mtime: float
    """Monotonic clock of the instance at its last heartbeat, in seconds."""
    remote_time: float
    """POSIX time of the instance at its last heartbeat, in seconds."""
    local_sequence_counter: int
    """Local TICK counter when that heartbeat was received."""
    local_mtime: float
    """Local monotonic clock when that heartbeat was received, in seconds."""
    local_time: float
    """Local POSIX time when that heartbeat was received, in seconds."""
    stalled: float | None = None
    """Age in seconds of the main loop of the instance at its last heartbeat; None from a server that does not send it.

    It is large when its supervisord hangs.
    """
    reason: str | None = None
    """Why the instance is not RUNNING and what to do; empty when it is, None from a server that does not send it."""
    orphans: tuple[Orphan, ...] = ()
    """Programs of the instance that have survived a former supervisord, which was killed, and still run.

    None unless it is RUNNING.
    """
