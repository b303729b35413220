"""What happens around the engine: the observations that it is told."""

from __future__ import annotations

import attrs

from supvisors.model.identity import Identity
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord


@attrs.frozen
class HostReady:
    """supervisord is RUNNING, and these are all its processes."""

    records: tuple[ProcessRecord, ...]


@attrs.frozen
class ProcessChanged:
    """A local process was added or has changed."""

    record: ProcessRecord


@attrs.frozen
class ProcessRemoved:
    namespec: str


@attrs.frozen
class OrphansChanged:
    """The programs that have survived a former supervisord, and still run."""

    orphans: tuple[Orphan, ...]


@attrs.frozen
class Obeyed:
    """The outcome of a `Spawn` or `Stop`: code 0, or a fault code and its text."""

    number: int
    code: int = 0
    text: str = ''


@attrs.frozen
class HostLeaving:
    """supervisord begins to stop its programs (shutdown or reload)."""


@attrs.frozen
class HostLeft:
    """All local programs have ended: the bus is about to close."""


@attrs.frozen
class HostTick:
    """A TICK of 5 s."""


@attrs.frozen
class LinkUp:
    """The bus can send to the instance from now on."""

    identifier: str


@attrs.frozen
class LinkDown:
    """The connection to the instance has dropped."""

    identifier: str


@attrs.frozen
class LinkProblem:
    """Why the bus cannot reach the instance, and what to do; empty once it can."""

    identifier: str
    reason: str


@attrs.frozen
class Discovered:
    """A beacon of an instance was received on the multicast group. Told for known ones too, once a second at most."""

    identity: Identity


@attrs.frozen
class DiscoveryJoined:
    """Whether the multicast group is joined: only then are others found, and is this instance found.

    Told when the bus has started, and when it changes.
    """

    joined: bool


@attrs.frozen
class TcpProbed:
    """The outcome of `ProbeTcp`: refused twice means that no supervisord listens there."""

    identifier: str
    refused: bool


Event = (
    HostReady
    | ProcessChanged
    | ProcessRemoved
    | OrphansChanged
    | Obeyed
    | HostLeaving
    | HostLeft
    | HostTick
    | LinkUp
    | LinkDown
    | LinkProblem
    | Discovered
    | DiscoveryJoined
    | TcpProbed
)
