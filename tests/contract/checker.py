"""Is a value what a file of `contract/` says? Types are exact: a boolean is not an int, an int is not a double."""
from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Description = Mapping[str, Any]

_TYPES: dict[str, type] = {'string': str, 'int': int, 'boolean': bool, 'double': float, 'array': list, 'struct': dict}
_MAXINT = 2**31 - 1


class ContractError(AssertionError):
    """Says where in the value, and what is wrong."""


def load_contract(name: str = 'api') -> dict[str, Any]:
    """A contract of this checkout: `api`, or `supervisord`."""
    path = Path(__file__).resolve().parents[2] / 'contract' / f'{name}.json'
    contract: dict[str, Any] = json.loads(path.read_text(encoding='utf-8'))
    return contract


def check(value: object, description: Description, contract: Description, path: str = 'result') -> None:
    """Raise `ContractError` unless the value is what the description (of a result or of a field) says."""
    if description['type'] == 'any':
        return
    accepted = description['type'].split('|')
    found = next((name for name in accepted if type(value) is _TYPES[name]), None)
    if found is None:
        raise ContractError(f'{path}: {description["type"]} expected, got {type(value).__name__} {value!r}')
    _CHECKS.get(found, _check_scalar)(value, description, contract, path)


def _check_scalar(value: Any, description: Description, contract: Description, path: str) -> None:
    if type(value) is int and not -_MAXINT - 1 <= value <= _MAXINT:
        raise ContractError(f'{path}: {value} does not fit in 32 bits')
    if type(value) is float and not math.isfinite(value):
        raise ContractError(f'{path}: {value} is not a number that XML-RPC has')
    low, high = description.get('range', (None, None))
    if (low is not None and value < low) or (high is not None and value > high):
        raise ContractError(f'{path}: {value} is not in [{low}; {high}]')
    if 'enum' in description:
        members = contract['enums'][description['enum']]
        if description.get('any_case') and isinstance(value, str):
            value = value.lower()
        # a parameter has no `as`: both forms are good
        by_name = description.get('as', 'name' if isinstance(value, str) else 'code') == 'name'
        if value not in (members if by_name else members.values()):
            raise ContractError(f'{path}: {value!r} is not in {description["enum"]}')


def _check_array(value: list[object], description: Description, contract: Description, path: str) -> None:
    if 'elements' in description:
        if len(value) != len(description['elements']):
            raise ContractError(f'{path}: {len(description["elements"])} elements expected, got {value!r}')
        for index, (item, element) in enumerate(zip(value, description['elements'], strict=True)):
            check(item, element, contract, f'{path}[{index}]')
        return
    for index, item in enumerate(value):
        check(item, _inner(description, 'items'), contract, f'{path}[{index}]')


def _check_struct(value: dict[Any, object], description: Description, contract: Description, path: str) -> None:
    for key in value:
        if type(key) is not str:
            raise ContractError(f'{path}: the key {key!r} is not a string')
    if 'values' in description:
        for key, item in value.items():
            check(item, _inner(description, 'values'), contract, f'{path}.{key}')
        return
    fields = {field['name']: field for field in contract['structures'][description['structure']]['fields']}
    unknown = value.keys() - fields.keys()
    if unknown:
        raise ContractError(f'{path}: unknown keys {sorted(unknown)}')
    for name, field in fields.items():
        if name in value:
            check(value[name], field, contract, f'{path}.{name}')
        elif not field.get('optional', False):
            raise ContractError(f'{path}.{name}: missing')


def _inner(description: Description, key: str) -> Description:
    """The description of the elements: under `key`, or their type is under `key` and the rest belongs to them."""
    if isinstance(description[key], Mapping):
        inner: Description = description[key]
        return inner
    return {**{name: part for name, part in description.items() if name not in ('items', 'values', 'range')},
            'type': description[key]}


_CHECKS: dict[str, Callable[[Any, Description, Description, str], None]] = {'array': _check_array,
                                                                          'struct': _check_struct}
