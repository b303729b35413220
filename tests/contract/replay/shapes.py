"""Has a value the shape that was recorded? A superset of keys is fine where the contract adds some."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from tests.contract.checker import load_contract
from tests.contract.replay.record import Shape, decisions


@attrs.frozen
class FieldDifference:
    """A field whose type or presence differs from the record, by a decision."""
    key: str
    here: str
    peer: tuple[str, ...]


ABSENT, ANY_ITEMS = 'absent', 'array'
FIELDS = tuple(FieldDifference(item['key'], item['type'], tuple(item['recorded'])) for item in decisions()['fields'])
"""Each must be met by some record."""
MAPS = frozenset({'addresses'})
"""Structs whose keys depend on the machine: each value has one of the recorded shapes."""


@cache
def additions() -> frozenset[str]:
    """The fields that the contract adds to those of the peer."""
    return frozenset(field['name'] for structure in load_contract()['structures'].values()
                     for field in structure['fields'] if field.get('origin') == 'addition')


def problems(value: Any, shape: Shape, met: set[FieldDifference], path: str = 'result') -> Iterator[str]:
    """What is not as recorded; the differences that explain something are added to `met`."""
    if isinstance(shape, str):
        if type(value).__name__ not in shape.split('|'):
            yield f'{path}: {type(value).__name__} instead of {shape}: {value!r}'
    elif isinstance(shape, Mapping):
        yield from _struct(value, shape, met, path)
    elif shape[0] != 'list':
        yield from _one_of(value, shape, met, path)
    elif not isinstance(value, list):
        yield f'{path}: {type(value).__name__} instead of an array'
    elif len(shape) > 1:
        for index, item in enumerate(value):
            yield from _one_of(item, shape[1:], met, f'{path}[{index}]')


def _one_of(value: Any, shapes: list[Shape], met: set[FieldDifference], path: str) -> Iterator[str]:
    """The recorded shapes of the items of an array: the item has one of them."""
    tried = [list(problems(value, shape, met, path)) for shape in shapes]
    if all(tried):
        yield from min(tried, key=len)


def _struct(value: Any, shape: Mapping[str, Shape], met: set[FieldDifference], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f'{path}: {type(value).__name__} instead of a struct'
        return
    if path.rpartition('.')[2] in MAPS:
        for key, item in value.items():
            yield from _one_of(item, list(shape.values()), met, f'{path}.{key}')
        return
    wanted = {key.removesuffix('?'): (item, key.endswith('?')) for key, item in shape.items()}
    for key in value.keys() - wanted.keys() - additions():
        if not _explained(key, type(value[key]).__name__, ABSENT, met):
            yield f'{path}.{key}: unknown key'
    for key, (item, optional) in wanted.items():
        if key in value:
            found = list(problems(value[key], item, met, f'{path}.{key}'))
            if found and not _explained(key, type(value[key]).__name__, item, met):
                yield from found
        elif not optional and not _explained(key, ABSENT, item, met):
            yield f'{path}.{key}: missing'


def _explained(key: str, here: str, peer: Shape, met: set[FieldDifference]) -> bool:
    recorded = ANY_ITEMS if isinstance(peer, list) else peer
    for difference in FIELDS:
        if (difference.key, difference.here) == (key, here) and recorded in difference.peer:
            met.add(difference)
            return True
    return False
