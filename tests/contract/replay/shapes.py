"""Has a value the shape that was recorded? A superset of keys is fine where the contract adds some."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from tests.contract.checker import load_contract
from tests.contract.replay.record import Shape, decisions


@attrs.frozen
class FieldDifference:
    """A field whose type or presence differs from the record in the results of a method, by a decision."""
    method: str
    key: str
    here: str
    peer: tuple[str, ...]


ABSENT, ANY_ITEMS = 'absent', 'array'
FIELDS = tuple(FieldDifference(f'supvisors.{method}', item['key'], item['type'], tuple(item['recorded']))
               for item in decisions()['fields'] for method in item['methods'])
"""Each must be met by some record."""
MAPS = frozenset({'addresses'})
"""Structs whose keys depend on the machine: each value has one of the recorded shapes."""


@cache
def additions() -> frozenset[str]:
    """The fields that the contract adds to those of the peer."""
    return frozenset(field['name'] for structure in load_contract()['structures'].values()
                     for field in structure['fields'] if field.get('origin') == 'addition')


def problems(value: Any, shape: Shape, met: set[FieldDifference], method: str = '') -> Iterator[str]:
    """What is not as recorded; the differences that explain something are added to `met`."""
    yield from _Comparison(method, met).problems(value, shape, 'result')
    yield from _empty([value], shape, 'result')


def _empty(values: Iterable[Any], shape: Shape, path: str) -> Iterator[str]:
    """The arrays that have items in the record, and none in any of these values: those at the same path."""
    if isinstance(shape, Mapping):
        for key, inner in shape.items():
            name = key.removesuffix('?')
            found = [value[name] for value in values if isinstance(value, dict) and name in value]
            if found:
                yield from _empty(found, inner, f'{path}.{name}')
    elif isinstance(shape, list) and len(shape) > 1 and shape[0] == 'list':
        items = [item for value in values if isinstance(value, list) for item in value]
        if not items:
            yield f'{path}: an empty array'
        elif len(shape) == 2:
            yield from _empty(items, shape[1], f'{path}[]')


@attrs.frozen
class _Comparison:
    """Of a result of this method."""
    method: str
    met: set[FieldDifference]

    def problems(self, value: Any, shape: Shape, path: str) -> Iterator[str]:
        if isinstance(shape, str):
            if type(value).__name__ not in shape.split('|'):
                yield f'{path}: {type(value).__name__} instead of {shape}: {value!r}'
        elif isinstance(shape, Mapping):
            yield from self._struct(value, shape, path)
        elif shape[0] != 'list':
            yield from self._one_of(value, shape, path)
        elif not isinstance(value, list):
            yield f'{path}: {type(value).__name__} instead of an array'
        elif len(shape) > 1:
            for index, item in enumerate(value):
                yield from self._one_of(item, shape[1:], f'{path}[{index}]')

    def _one_of(self, value: Any, shapes: list[Shape], path: str) -> Iterator[str]:
        """The recorded shapes of the items of an array: the item has one of them."""
        tried = [list(self.problems(value, shape, path)) for shape in shapes]
        if all(tried):
            yield from min(tried, key=len)

    def _struct(self, value: Any, shape: Mapping[str, Shape], path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f'{path}: {type(value).__name__} instead of a struct'
            return
        if path.rpartition('.')[2] in MAPS:
            for key, item in value.items():
                yield from self._one_of(item, list(shape.values()), f'{path}.{key}')
            return
        wanted = {key.removesuffix('?'): (item, key.endswith('?')) for key, item in shape.items()}
        for key in value.keys() - wanted.keys() - additions():
            if not self._explained(key, type(value[key]).__name__, ABSENT):
                yield f'{path}.{key}: unknown key'
        for key, (item, optional) in wanted.items():
            if key in value:
                found = list(self.problems(value[key], item, f'{path}.{key}'))
                if found and not self._explained(key, type(value[key]).__name__, item):
                    yield from found
            elif not optional and not self._explained(key, ABSENT, item):
                yield f'{path}.{key}: missing'

    def _explained(self, key: str, here: str, peer: Shape) -> bool:
        recorded = ANY_ITEMS if isinstance(peer, list) else peer
        for difference in FIELDS:
            if (difference.method, difference.key, difference.here) == (self.method, key, here) \
                    and recorded in difference.peer:
                self.met.add(difference)
                return True
        return False
