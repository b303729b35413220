"""Is a value what was recorded, where neither the time nor the machine have a say?"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.contract.replay.plan import READ_IN, replayed
from tests.contract.replay.record import Record, decisions

DRAWN = frozenset({'port', 'http_port'})
EXPLAINED_FURTHER = 'forced_reason'
"""Begins as the peer's, and goes on with the reason of each candidate."""
OTHERWISE = ('get_api_version', 'get_statistics_status')
"""Another release, and statistics that are not built yet."""
SIGNATURE = 'system.methodSignature'
ORDER = {'supvisors.get_all_applications_info': 'application_name',
         'supvisors.get_all_instances_info': 'nick_identifier',
         'supvisors.get_all_instances_state_modes': 'nick_identifier'}
"""Arrays that are in another order, that of names or of drawn ports: the items are compared by this name."""
_TYPES = {
    'bool': 'boolean', 'str': 'string', 'float': 'double', 'dict[str, Any]': 'struct', 'list[dict[str, Any]]': 'array',
    'Union[str, int]': 'string', 'StartingStrategies': 'string',
}
"""What the peer calls types in signatures, where it means those of XML-RPC."""


def compared() -> list[Record]:
    """The answers in OPERATION that are short enough to be recorded as they were."""
    methods = [method for method in replayed() if method == SIGNATURE or (
        method.startswith(('supvisors.get_', 'supvisors.test_'))
        and method.removeprefix('supvisors.') not in OTHERWISE)]
    return [record for method in methods for record in replayed()[method]
            if record.context == READ_IN and record.has_value]


def unlike_recorded(record: Record, value: Any) -> list[str]:
    """What differs from the value of the record, where order and names of types do not matter."""
    recorded = record.value
    if record.method == SIGNATURE:
        recorded = [_TYPES.get(name, name) for name in recorded]
    if name := ORDER.get(record.method):
        value, recorded = (sorted(items, key=lambda item: str(item[name])) for items in (value, recorded))
    return list(unlike(value, recorded))


def decided_otherwise() -> frozenset[str]:
    """The records that a decision wants another value for."""
    return frozenset(record for item in decisions()['values'] for record in item['records'])


def unlike(value: Any, recorded: Any, path: str = 'result') -> Iterator[str]:
    """What differs; keys that are only here, or only there, are the matter of the shapes."""
    if isinstance(value, dict) and isinstance(recorded, dict):
        for key in (value.keys() & recorded.keys()) - DRAWN:
            if key == EXPLAINED_FURTHER:
                if not value[key].startswith(recorded[key]):
                    yield f'{path}.{key}: {value[key]!r} does not begin with {recorded[key]!r}'
            else:
                yield from unlike(value[key], recorded[key], f'{path}.{key}')
    elif isinstance(value, list) and isinstance(recorded, list) and len(value) == len(recorded):
        for index, (item, wanted) in enumerate(zip(value, recorded, strict=True)):
            yield from unlike(item, wanted, f'{path}[{index}]')
    elif value != recorded:
        yield f'{path}: {value!r} instead of {recorded!r}'
