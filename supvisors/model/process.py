"""One process, as one supervisord knows it."""

from __future__ import annotations

import attrs

from supvisors.model.enums import RUNNING_STATES, STOPPED_STATES, ProcessState


def make_namespec(group: str, name: str) -> str:
    """`group:name`, or `name` when both are equal."""
    return name if group == name else f'{group}:{name}'


def split_namespec(namespec: str) -> tuple[str, str | None]:
    """The group and the process name of a namespec; None as name for `group:*` and `group:`."""
    group, separator, name = namespec.partition(':')
    if not separator:
        return group, group
    return group, None if name in ('', '*') else name


@attrs.frozen
class ProcessRecord:
    """State and configuration of one process on one instance. Times are in seconds, 0 when never."""

    group: str
    name: str
    state: int = ProcessState.STOPPED
    expected: bool = True
    spawnerr: str = ''
    description: str = ''
    pid: int = 0
    start: int = 0
    start_mono: float = 0.0
    stop: int = 0
    stop_mono: float = 0.0
    event_mono: float = 0.0
    startsecs: int = 1
    stopwaitsecs: int = 10
    extra_args: str = ''
    disabled: bool = False
    program_name: str = ''
    process_index: int = 0
    has_stdout: bool = False
    has_stderr: bool = False

    @property
    def namespec(self) -> str:
        return make_namespec(self.group, self.name)

    @property
    def running(self) -> bool:
        """True in STARTING, RUNNING and BACKOFF."""
        return self.state in RUNNING_STATES

    @property
    def stopped(self) -> bool:
        """True in STOPPED, EXITED, FATAL and UNKNOWN."""
        return self.state in STOPPED_STATES

    @property
    def crashed(self) -> bool:
        return self.state == ProcessState.FATAL or (self.state == ProcessState.EXITED and not self.expected)
