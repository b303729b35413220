"""What one engine is built with, and every delay it knows, each with its reason. Durations are in seconds."""

from __future__ import annotations

import attrs

from supvisors.engine.messages import Info
from supvisors.model.identity import Identity
from supvisors.model.options import Options
from supvisors.model.rules import Rules


@attrs.frozen
class Timing:
    hello_period: float = 0.5
    """Between two greetings to an instance that is not a member.

    Long enough to cost nothing, short enough to join within a second.
    """
    probe_wait: float = 0.6
    """Time given to three others to reach a silent instance.

    With `failure_timeout` and the phase of the heartbeat it stays under 4.5 s.
    """
    probe_again: float = 0.05
    """Before a port that still accepted although the link had dropped is probed again; doubles up to a second."""
    vote_wait: float = 0.5
    """Time given to the voters before the vote is asked again, in a new term."""
    resend: float = 0.4
    """Between two sendings of what has not been acknowledged."""
    order_timeout: float = 10.0
    """An instance that lives but does not obey within this time has failed the order."""
    start_margin: float = 5.0
    """Added to `startsecs` (and to the retries' delays) before a start is given up."""
    stop_margin: float = 5.0
    """Added to `stopwaitsecs` before a stop is given up: supervisord then kills the program."""
    masterless_timeout: float = 30.0
    """A request is given up when no Master could be reached for this long."""
    request_memory: float = 600.0
    """A finished request is remembered for this long, so that one sent again gets the first outcome."""
    enforce_delay: float = 2.0
    """A process that runs against its intent is stopped after this: a user's own start may be on its way."""
    meeting: float = 2.0
    """How long the first instances are waited for where the list does not say all (CORE, discovery)."""
    greeting_refused: float = 2.0
    """Between two greetings to an instance that is refused: it is told whom we follow."""
    late: float = 0.5
    """A main loop that is late by more does not hold the silence of the others against them."""


@attrs.frozen
class Settings:
    local: Identity
    instances: tuple[Identity, ...]
    """All known instances, the local one included, in the order of the configuration."""
    options: Options
    rules: Rules
    boot: str
    """Drawn anew at each start of the daemon."""
    info: Info
    timing: Timing = Timing()
