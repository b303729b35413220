"""What supervisord itself tells: its state, its processes, its configuration, its logs."""

from dataclasses import dataclass

from supvisors_client.enums import ProcessState, SupervisordState
from supvisors_client.errors import Fault
from supvisors_client.faults import FAULTS, SuccessFault, received_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorState:
    """State of one supervisord."""

    statecode: SupervisordState
    """State as a code."""
    statename: str
    """State as a name, as sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorProcessInfo:
    """One process of supervisord."""

    name: str
    """Name of the process."""
    group: str
    """Name of its group."""
    start: int
    """POSIX time of the last start, in seconds; 0 if never."""
    stop: int
    """POSIX time of the last stop, in seconds; 0 if never."""
    now: int
    """POSIX time when supervisord answers, in seconds."""
    state: ProcessState
    """State of the process as a code."""
    statename: str
    """State of the process as a name, as sent."""
    spawnerr: str
    """Why the last start failed; empty if it did not."""
    exitstatus: int
    """Exit status of the last run, -1 if a signal ended it; 0 if it never ended."""
    logfile: str
    """The same as `stdout_logfile`."""
    stdout_logfile: str
    """File of the standard output, absolute; empty if it is not logged."""
    stderr_logfile: str
    """File of the standard error, absolute; empty if it is not logged."""
    pid: int
    """Process identifier; 0 if not running."""
    description: str
    """Text of supervisord on the state: since when it runs, why it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigInfo:
    """The configuration of one process, as supervisord has read it. `none` stands for what is not set."""

    autostart: bool
    """True if it starts with supervisord."""
    directory: str
    """Working folder, or `none`."""
    uid: int | str
    """Number of the user that runs it, or `none` for that of supervisord."""
    command: str
    """Command line."""
    exitcodes: tuple[int, ...]
    """Exit statuses that are expected, each 0 to 255."""
    group: str
    """Name of its group."""
    group_prio: int
    """Priority of the group; the lowest starts first and stops last."""
    inuse: bool
    """True if the group is active; False between `reload_config` and `add_process_group`."""
    killasgroup: bool
    """True if SIGKILL goes to its process group."""
    name: str
    """Name of the process."""
    process_prio: int
    """Priority within the group; the lowest starts first and stops last."""
    redirect_stderr: bool
    """True if the standard error goes to the log of the standard output."""
    startretries: int
    """Number of attempts after a start that fails, 0 or more."""
    startsecs: int
    """Time that it must stay up to be RUNNING, in seconds, 0 or more."""
    stdout_capture_maxbytes: int
    """Size of the buffer of events in its standard output, in bytes; 0 for no capture."""
    stdout_events_enabled: bool
    """True if its standard output makes events."""
    stdout_logfile: str
    """File of the standard output, `auto` for one that supervisord names, or `none`."""
    stdout_logfile_backups: int
    """Number of older files that are kept, 0 or more."""
    stdout_logfile_maxbytes: int
    """Size at which the file is replaced, in bytes; 0 for no limit."""
    stdout_syslog: bool
    """True if its standard output goes to syslog."""
    stopsignal: int
    """Number of the signal that stops it."""
    stopwaitsecs: int
    """Time given to it to stop before it is killed, in seconds, 0 or more."""
    stderr_capture_maxbytes: int
    """Size of the buffer of events in its standard error, in bytes; 0 for no capture."""
    stderr_events_enabled: bool
    """True if its standard error makes events."""
    stderr_logfile: str
    """File of the standard error, `auto` for one that supervisord names, or `none`."""
    stderr_logfile_backups: int
    """Number of older files that are kept, 0 or more."""
    stderr_logfile_maxbytes: int
    """Size at which the file is replaced, in bytes; 0 for no limit."""
    stderr_syslog: bool
    """True if its standard error goes to syslog."""
    serverurl: str
    """URL that it finds in SUPERVISOR_SERVER_URL: `auto` or `none` for the one that supervisord works out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStatus:
    """What became of one process in a request on many; true in a condition if it succeeded."""

    name: str
    """Name of the process."""
    group: str
    """Name of its group."""
    status: int
    """80 (SUCCESS), or the code of the fault."""
    description: str
    """`OK`, or the text of the fault."""

    def __bool__(self) -> bool:
        return self.status == SuccessFault.CODE

    @property
    def status_name(self) -> str:
        """`SUCCESS`, or the name of the fault; empty for a code that this release does not know."""
        known = FAULTS.get(self.status)
        return known.NAME if known else ''

    @property
    def fault(self) -> Fault | None:
        """What the request on this process alone would have raised; None if it succeeded."""
        return None if self else received_fault(self.status, self.description)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTail:
    """The end of a log file."""

    text: str
    """What was read."""
    offset: int
    """Size of the file in bytes: where to read on."""
    overflow: bool
    """True if the file holds more than the `offset` and `length` that were asked for: something was skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadResult:
    """How the configuration that was read again differs from the active groups."""

    added: tuple[str, ...]
    """Groups that are new: `add_process_group` makes them active."""
    changed: tuple[str, ...]
    """Groups with another content: stop, remove and add them."""
    removed: tuple[str, ...]
    """Groups that are gone: stop and remove them."""
