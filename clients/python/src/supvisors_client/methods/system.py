"""The namespace `system`: what the server says about itself, and several calls in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from supvisors_client.decoding import Decoder, array_of, scalar
from supvisors_client.errors import Fault
from supvisors_client.faults import received_fault
from supvisors_client.methods.description import Method, Param, reads_only

NAMESPACE = 'system'
FAULT_KEYS = frozenset({'faultCode', 'faultString'})

NAME: Final = Param('name', str)
CALLS: Final = Param('calls', list)

_STRINGS: Final[Decoder[list[str]]] = array_of(scalar(str))


def fault_in_place(raw: object) -> Fault | None:
    """Return the fault that stands where one of the calls was expected to have its result."""
    if not isinstance(raw, dict) or raw.keys() != FAULT_KEYS:
        return None
    code, text = raw['faultCode'], raw['faultString']
    return received_fault(code, text) if type(code) is int and isinstance(text, str) else None


def _result_or_fault(raw: object) -> Any:
    return fault_in_place(raw) or raw


@dataclass(frozen=True, slots=True)
class _Multicall(Method[list[Any]]):
    def reads_only(self, arguments: Sequence[object]) -> bool:
        (calls,) = arguments
        assert isinstance(calls, list)
        return all(reads_only(call['methodName']) for call in calls)


LIST_METHODS: Final = Method(NAMESPACE, 'listMethods', (), _STRINGS)
METHOD_HELP: Final = Method(NAMESPACE, 'methodHelp', (NAME,), scalar(str))
METHOD_SIGNATURE: Final = Method(NAMESPACE, 'methodSignature', (NAME,), _STRINGS)
MULTICALL: Final = _Multicall(NAMESPACE, 'multicall', (CALLS,), array_of(_result_or_fault))
