"""Enumerations of the API.

Every member that the API knows has its name and its value. `UNRECOGNIZED` is ours: it stands for a value received from
a newer server that this release does not know, so that one new state never makes a whole list unreadable. No server
sends it, and it is refused as a parameter. The text that came with a state remains readable in the `statename` of the
structure.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

UNRECOGNIZED_VALUE = -99

E = TypeVar('E', bound='WireEnum')


class WireEnum(IntEnum):
    """Root of the enumerations: reads what a server sends, names what is sent to it."""

    @classmethod
    def received(cls: type[E], raw: str | int) -> E:
        """Return the member of a name or a value sent by a server, `UNRECOGNIZED` if there is none."""
        try:
            return cls[raw] if isinstance(raw, str) else cls(raw)
        except (KeyError, ValueError):
            return cls(UNRECOGNIZED_VALUE)

    @classmethod
    def wire_name(cls, value: object) -> str:
        """Return the name to send for a member, a name or a value.

        Raises:
            TypeError: neither a member, nor a string, nor an integer; a boolean is not an integer here.
            ValueError: not in the enumeration.
        """
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise TypeError(f'{cls.__name__}: expected a member, a name or a value, got {value!r}')
        if isinstance(value, IntEnum) and not isinstance(value, cls):
            raise TypeError(f'{cls.__name__}: {value!r} belongs to another enumeration')
        member = cls.received(value)
        if member.value == UNRECOGNIZED_VALUE:
            names = ', '.join(name for name, known in cls.__members__.items() if known.value != UNRECOGNIZED_VALUE)
            raise ValueError(f'{cls.__name__}: {value!r} is not one of {names}')
        return member.name


class SupvisorsState(WireEnum):
    """State of Supvisors."""

    OFF = 0
    SYNCHRONIZATION = 1
    ELECTION = 2
    DISTRIBUTION = 3
    OPERATION = 4
    CONCILIATION = 5
    RESTARTING = 6
    SHUTTING_DOWN = 7
    FINAL = 8
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class InstanceState(WireEnum):
    """State of an instance, as seen by another."""

    STOPPED = 0
    CHECKING = 1
    CHECKED = 2
    RUNNING = 3
    FAILED = 4
    ISOLATED = 5
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class ApplicationState(WireEnum):
    """State of an application."""

    STOPPED = 0
    STARTING = 1
    RUNNING = 2
    STOPPING = 3
    DELETED = 4
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class ProcessState(WireEnum):
    """State of a process, as Supervisor numbers it; `DELETED` is seen in events only."""

    DELETED = -1
    STOPPED = 0
    STARTING = 10
    RUNNING = 20
    BACKOFF = 30
    STOPPING = 40
    EXITED = 100
    FATAL = 200
    UNKNOWN = 1000
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class StartingStrategy(WireEnum):
    """How the instance that starts a process is chosen."""

    CONFIG = 0
    LESS_LOADED = 1
    MOST_LOADED = 2
    LOCAL = 3
    LESS_LOADED_NODE = 4
    MOST_LOADED_NODE = 5
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class ConciliationStrategy(WireEnum):
    """What is done when a process runs more than once."""

    SENICIDE = 0
    INFANTICIDE = 1
    USER = 2
    STOP = 3
    RESTART = 4
    RUNNING_FAILURE = 5
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class StartingFailureStrategy(WireEnum):
    """What is done when a required process of a start sequence does not start."""

    ABORT = 0
    STOP = 1
    CONTINUE = 2
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class RunningFailureStrategy(WireEnum):
    """What is done when a running process is lost."""

    CONTINUE = 0
    RESTART_PROCESS = 1
    STOP_APPLICATION = 2
    RESTART_APPLICATION = 3
    SHUTDOWN = 4
    RESTART = 5
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class SupvisorsFailureStrategy(WireEnum):
    """What is done when the initial conditions of Supvisors are lost."""

    CONTINUE = 0
    RESYNC = 1
    SHUTDOWN = 2
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class DistributionRule(WireEnum):
    """Over what an application may be spread."""

    ALL_INSTANCES = 0
    SINGLE_INSTANCE = 1
    SINGLE_NODE = 2
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class SupervisordState(WireEnum):
    """State of supervisord itself."""

    FATAL = 2
    RUNNING = 1
    RESTARTING = 0
    SHUTDOWN = -1
    UNRECOGNIZED = UNRECOGNIZED_VALUE


class LoggerLevel(WireEnum):
    """Level of a log, as Supervisor names it, in lower case; a name is taken in any case."""

    critical = 50
    error = 40
    warn = 30
    info = 20
    debug = 10
    trace = 5
    blather = 3
    UNRECOGNIZED = UNRECOGNIZED_VALUE

    @classmethod
    def wire_name(cls, value: object) -> str:
        return super().wire_name(value.lower() if isinstance(value, str) else value)
