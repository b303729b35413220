"""Faults: a code, and a text that starts with the name of the code."""
from __future__ import annotations

from supervisor.xmlrpc import RPCError

from supvisors.model.enums import FaultCode
from supvisors.rpc.text import for_fault

_NAMES = {int(code): code.name for code in FaultCode}


def fault(code: int, text: str = '') -> RPCError:
    """The exception that supervisord turns into an XML-RPC fault. `code` may come from a Master of another release."""
    error = RPCError(int(code))
    name = _NAMES.get(int(code), 'UNKNOWN')
    # supervisor's own table lacks the codes of Supvisors until the host room has registered them
    error.text = f'{name}: {for_fault(text)}' if text else name
    return error
