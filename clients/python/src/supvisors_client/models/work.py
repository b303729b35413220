"""Applications and processes."""

from dataclasses import dataclass

from supvisors_client.enums import ApplicationState, ProcessState


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationInfo:
    """One application."""

    application_name: str
    """Name of the application."""
    managed: bool
    """True if the application has rules."""
    now_monotonic: float
    """Monotonic clock of the answering host when it answers, in seconds."""
    statecode: ApplicationState
    """State of the application as a code."""
    statename: str
    """State of the application as a name, as sent."""
    major_failure: bool
    """True if a required process is not started."""
    minor_failure: bool
    """True if an optional process could not be started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessInfo:
    """One process, over all instances."""

    application_name: str
    """Name of its application."""
    process_name: str
    """Name of the process."""
    now_monotonic: float
    """Monotonic clock of the answering host when it answers, in seconds."""
    last_event_mtime: float
    """Monotonic clock of the answering host at the last event about the process, in seconds."""
    statecode: ProcessState
    """State of the process as a code."""
    statename: str
    """State of the process as a name, as sent."""
    expected_exit: bool
    """False if the process has exited unexpectedly."""
    identifiers: tuple[str, ...]
    """Sorted identifiers of the instances where it runs; more than one is a conflict."""
    extra_args: str
    """Extra arguments of its command line."""
    reason: str | None = None
    """Why the process is FATAL, instance by instance if none could take it.

    Empty when it is not; None from a server that does not send it.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalProcessInfo:
    """One process of the local supervisord."""

    group: str
    """Name of its application."""
    name: str
    """Name of the process."""
    state: ProcessState
    """State of the process as a code."""
    statename: str
    """State of the process as a name, as sent."""
    start: int
    """POSIX time of the last start, in seconds; 0 if never."""
    start_monotonic: float
    """Monotonic clock of the last start, in seconds; 0 if never."""
    stop: int
    """POSIX time of the last stop, in seconds; 0 if never."""
    stop_monotonic: float
    """Monotonic clock of the last stop, in seconds; 0 if never."""
    now: float
    """POSIX time when the instance answers, in seconds."""
    now_monotonic: float
    """Monotonic clock when the instance answers, in seconds."""
    pid: int
    """Process identifier; 0 if not running."""
    description: str
    """Text of supervisord on the state."""
    spawnerr: str
    """Why the last start failed; empty if it did not."""
    expected: bool
    """True when `spawnerr` is empty."""
    startsecs: int
    """Time that the process must stay up to be RUNNING, in seconds."""
    stopwaitsecs: int
    """Time given to the process to stop before it is killed, in seconds."""
    extra_args: str
    """Extra arguments of its command line."""
    disabled: bool
    """True if its program is disabled on this instance."""
    program_name: str
    """Name of its program section."""
    process_index: int
    """Rank of the process in its program, from 0."""
    has_stdout: bool
    """True if its standard output is logged to a file."""
    has_stderr: bool
    """True if its standard error is logged to a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerProcessInfo(LocalProcessInfo):
    """One process of one instance, as the instance that answers knows it."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""
    event_time: float
    """Monotonic clock of that instance at the last event of the process, in seconds; 0 if none was seen."""
    local_mtime: float
    """Monotonic clock of the answering host when it knew of that event, in seconds; 0 if none was seen."""
    uptime: float
    """Time since the last start of a running process, in seconds; 0 if it does not run."""
    has_crashed: bool
    """True if it was seen to crash since that instance started."""
