"""Enumerations of the API. Values and names are those of `contract/api.json`."""

from enum import IntEnum


class SupvisorsState(IntEnum):
    """State of the system, as one instance sees it."""

    OFF = 0
    SYNCHRONIZATION = 1
    ELECTION = 2
    DISTRIBUTION = 3
    OPERATION = 4
    CONCILIATION = 5
    RESTARTING = 6
    SHUTTING_DOWN = 7
    FINAL = 8


class InstanceState(IntEnum):
    """State of one instance, as seen by another one."""

    STOPPED = 0
    CHECKING = 1
    CHECKED = 2
    RUNNING = 3
    FAILED = 4
    ISOLATED = 5


class ApplicationState(IntEnum):
    STOPPED = 0
    STARTING = 1
    RUNNING = 2
    STOPPING = 3
    DELETED = 4


class ProcessState(IntEnum):
    """States of supervisord's processes."""

    STOPPED = 0
    STARTING = 10
    RUNNING = 20
    BACKOFF = 30
    STOPPING = 40
    EXITED = 100
    FATAL = 200
    UNKNOWN = 1000


RUNNING_STATES = frozenset((ProcessState.STARTING, ProcessState.RUNNING, ProcessState.BACKOFF))
STOPPED_STATES = frozenset((ProcessState.STOPPED, ProcessState.EXITED, ProcessState.FATAL, ProcessState.UNKNOWN))


class StartingStrategy(IntEnum):
    CONFIG = 0
    LESS_LOADED = 1
    MOST_LOADED = 2
    LOCAL = 3
    LESS_LOADED_NODE = 4
    MOST_LOADED_NODE = 5


class ConciliationStrategy(IntEnum):
    SENICIDE = 0
    INFANTICIDE = 1
    USER = 2
    STOP = 3
    RESTART = 4
    RUNNING_FAILURE = 5


class DistributionRule(IntEnum):
    """Where the processes of one application may be."""

    ALL_INSTANCES = 0
    SINGLE_INSTANCE = 1
    SINGLE_NODE = 2


class StartingFailureStrategy(IntEnum):
    ABORT = 0
    STOP = 1
    CONTINUE = 2


class RunningFailureStrategy(IntEnum):
    CONTINUE = 0
    RESTART_PROCESS = 1
    STOP_APPLICATION = 2
    RESTART_APPLICATION = 3
    SHUTDOWN = 4
    RESTART = 5


class SupvisorsFailureStrategy(IntEnum):
    CONTINUE = 0
    RESYNC = 1
    SHUTDOWN = 2


class SynchroOption(IntEnum):
    STRICT = 0
    LIST = 1
    TIMEOUT = 2
    CORE = 3
    USER = 4


class FaultCode(IntEnum):
    """Fault codes of supervisord, then those that Supvisors adds (100 and above)."""

    UNKNOWN_METHOD = 1
    INCORRECT_PARAMETERS = 2
    BAD_ARGUMENTS = 3
    SIGNATURE_UNSUPPORTED = 4
    SHUTDOWN_STATE = 6
    BAD_NAME = 10
    BAD_SIGNAL = 11
    NO_FILE = 20
    NOT_EXECUTABLE = 21
    FAILED = 30
    ABNORMAL_TERMINATION = 40
    SPAWN_ERROR = 50
    ALREADY_STARTED = 60
    NOT_RUNNING = 70
    SUCCESS = 80
    ALREADY_ADDED = 90
    STILL_RUNNING = 91
    CANT_REREAD = 92
    SUPVISORS_CONF_ERROR = 100
    BAD_SUPVISORS_STATE = 101
    NOT_MANAGED = 102
    DISABLED = 103
    NOT_APPLICABLE = 104
    NOT_INSTALLED = 105
