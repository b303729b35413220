"""What the engine wants done by the world around it."""

from __future__ import annotations

import attrs

from supvisors.engine.messages import Envelope
from supvisors.model.identity import Identity


@attrs.frozen
class Send:
    """Send a message to these instances; lost without a word if the link to one of them is down."""

    to: tuple[str, ...]
    envelope: Envelope


@attrs.frozen
class SetBeat:
    """From now on, send this heartbeat to these instances at once and then every second, until the next `SetBeat`."""

    to: tuple[str, ...]
    envelope: Envelope


@attrs.frozen
class ProbeTcp:
    """Connect twice, 50 ms apart, to the HTTP port of the instance; answered by the observation `TcpProbed`."""

    identifier: str


@attrs.frozen
class AddPeer:
    """An instance was discovered: link the bus to it."""

    identity: Identity


@attrs.frozen
class Spawn:
    """Start a local process; answered by `Obeyed`, after the process events that it causes."""

    number: int
    namespec: str
    extra_args: str


@attrs.frozen
class Stop:
    """Stop a local process; answered by `Obeyed`, after the process events that it causes."""

    number: int
    namespec: str


@attrs.frozen
class Wake:
    """A ticket has changed: the deferred answer that waits for it can be given."""

    request: str


@attrs.frozen
class Log:
    """A line for the log; `level` is a name of supervisord: critical, error, warn, info, debug."""

    level: str
    text: str


@attrs.frozen
class RestartHost:
    """Restart the local supervisord."""


@attrs.frozen
class ShutdownHost:
    """Shut the local supervisord down."""


Effect = Send | SetBeat | ProbeTcp | AddPeer | Spawn | Stop | Wake | Log | RestartHost | ShutdownHost
