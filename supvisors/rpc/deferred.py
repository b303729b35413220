"""Answers that wait for the outcome of a request.

supervisord holds an HTTP answer when a method returns a plain function with a `delay`: it calls the function again and
again until it returns something else than NOT_DONE_YET.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from supervisor.http import NOT_DONE_YET

from supvisors.engine import commands
from supvisors.engine.commands import Ticket
from supvisors.model.enums import FaultCode
from supvisors.rpc.faults import fault
from supvisors.rpc.text import for_xml

# a fallback: the host room polls at once when the ticket changes. A shorter delay would only burn the processor.
POLL_DELAY = 0.5

# how an accepted request can end badly: this concerns only the clients that wait for its end. FAILED is not here:
# it may mean that no Master ever got the request.
_LATE = {
    commands.START_APPLICATION: FaultCode.NOT_RUNNING,
    commands.START_PROCESS: FaultCode.NOT_RUNNING,
    commands.RESTART_APPLICATION: FaultCode.NOT_RUNNING,
    commands.RESTART_PROCESS: FaultCode.NOT_RUNNING,
    commands.START_ANY_PROCESS: FaultCode.NOT_RUNNING,
    commands.STOP_APPLICATION: FaultCode.STILL_RUNNING,
    commands.STOP_PROCESS: FaultCode.STILL_RUNNING,
}

Value = Literal[True] | str
Answer = Value | Callable[[], object]


def answer(ticket: Ticket, wait: bool) -> Answer:
    """The value, a fault, or the function that supervisord polls until one of them is known.

    The value is True, or the namespec of the process that was chosen where the client left the choice.
    """
    def known() -> bool:
        return ticket.done or (ticket.accepted and not wait)

    def poll() -> object:
        return _outcome(ticket, wait) if known() else NOT_DONE_YET

    if known():
        return _outcome(ticket, wait)
    poll.delay = POLL_DELAY  # type: ignore[attr-defined]
    return poll


def _outcome(ticket: Ticket, wait: bool) -> Value:
    # without `wait` the answer must not depend on whether the end came before the poll
    late = ticket.accepted and ticket.code == _LATE.get(ticket.command.kind)
    if ticket.done and ticket.code and (wait or not late):
        raise fault(ticket.code, ticket.text)
    return for_xml(ticket.target) if ticket.command.kind == commands.START_ANY_PROCESS else True
