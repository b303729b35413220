"""Rules of applications and processes, and what they lead to."""

from dataclasses import dataclass

from supvisors_client.enums import (
    DistributionRule,
    ProcessState,
    RunningFailureStrategy,
    StartingFailureStrategy,
    StartingStrategy,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRules:
    """Rules of one application; when it is not managed there are none, and all but the first two fields are empty."""

    application_name: str
    """Name of the application."""
    managed: bool
    """True if the rules know the application."""
    distribution: DistributionRule | None = None
    """Where its processes may be, together; None when it is not managed."""
    identifiers: tuple[str, ...] = ()
    """Where its processes may be together, in order of preference; `*` means everywhere.

    Empty when the server names none: when the application is not managed, and when its distribution is ALL_INSTANCES,
    where the rules of each process tell its own.
    """
    start_sequence: int | None = None
    """Rank in the automatic start, 0 to 127; 0 if not started automatically, None when it is not managed."""
    stop_sequence: int | None = None
    """Rank in the stop of the whole system, the greatest first, 0 to 127; None when it is not managed."""
    starting_strategy: StartingStrategy | None = None
    """Starting strategy of automatic starts and repairs; None when it is not managed."""
    starting_failure_strategy: StartingFailureStrategy | None = None
    """What becomes of its start when a required process fails to start; None when it is not managed."""
    running_failure_strategy: RunningFailureStrategy | None = None
    """What is done when one of its processes fails or is lost; None when it is not managed."""
    status_formula: str | None = None
    """Formula of its operational status; empty if there is none, None when it is not managed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRules:
    """Rules of one process."""

    application_name: str
    """Name of its application."""
    process_name: str
    """Name of the process."""
    identifiers: tuple[str, ...]
    """Where it may start, in order of preference; `*` means everywhere."""
    start_sequence: int
    """Rank in the start of its application, 0 to 127; 0 if not started with it."""
    stop_sequence: int
    """Rank in the stop of its application, the greatest first, 0 to 127."""
    required: bool
    """True if the application fails without it."""
    wait_exit: bool
    """True if the next rank waits for its expected exit."""
    loading: int
    """Expected loading of its node, in percent, 0 to 100."""
    expected_loading: int | None = None
    """The same as `loading`; None from a server that does not send it."""
    starting_failure_strategy: StartingFailureStrategy | None = None
    """What becomes of the start of its application when it is required and fails to start; None if not sent."""
    running_failure_strategy: RunningFailureStrategy
    """What is done when it fails or is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPrediction:
    """What would become of one process if it were started."""

    application_name: str
    """Name of its application."""
    process_name: str
    """Name of the process."""
    state: ProcessState
    """State that it would reach."""
    forced_reason: str
    """Why it could not be started, instance by instance; empty if it could."""
    running_identifiers: tuple[str, ...]
    """Identifiers of the instances where it would run."""
