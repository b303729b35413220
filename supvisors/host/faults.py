"""The fault codes that Supvisors adds to those of supervisord."""
from __future__ import annotations

from supervisor.xmlrpc import Faults

from supvisors.model.enums import FaultCode

FIRST_OF_OURS = 100


def register_faults() -> None:
    """Make supervisord name our faults, as in `BAD_SUPVISORS_STATE: ...`. May be called again."""
    for fault in FaultCode:
        if fault >= FIRST_OF_OURS:
            # a plain int: xmlrpc.client does not marshal enumerations
            setattr(Faults, fault.name, int(fault))
