"""Brings the answers of the three clients to one form, that of the contract: structs by field name, enumerations by
member name, what was left out as None, or as no element if it is an array."""
from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any

import interop_jvm

from supvisors_client import LogTail, ReloadResult

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parents[1] / 'contract' / 'api.json').read_text(encoding='utf-8'))
METHODS: dict[str, Any] = CONTRACT['methods']

Description = Mapping[str, Any]

_TYPES: dict[str, type] = {'string': str, 'int': int, 'double': float}


class Plain:
    """What `xmlrpc.client` returns."""

    def field(self, value: Any, structure: str, name: str) -> Any:
        return value.get(name)

    def items(self, value: Any) -> Iterator[tuple[str, Any]]:
        yield from value.items()

    def elements(self, value: Any) -> list[Any]:
        return list(value)

    def enum_name(self, value: Any, enum: str) -> str:
        members: dict[str, int] = CONTRACT['enums'][enum]
        return value if isinstance(value, str) else next(name for name, code in members.items() if code == value)

    def scalar(self, value: Any) -> Any:
        return value


class Sdk(Plain):
    """What the Python SDK returns."""

    def field(self, value: Any, structure: str, name: str) -> Any:
        return getattr(value, name.replace('-', '_'))

    def enum_name(self, value: Any, enum: str) -> str:
        return value if isinstance(value, str) else str(value.name)


class Java(Plain):
    """What the JAR returns: an array of structures is a map by name there."""

    def field(self, value: Any, structure: str, name: str) -> Any:
        for getter in interop_jvm.GETTERS[structure][name].split('.'):
            value = getattr(value, getter)()
        return value

    def items(self, value: Any) -> Iterator[tuple[str, Any]]:
        for entry in value.entrySet():
            yield str(entry.getKey()), entry.getValue()

    def elements(self, value: Any) -> list[Any]:
        return list(value.values()) if isinstance(value, interop_jvm.java_class('java.util.Map')) else list(value)

    def enum_name(self, value: Any, enum: str) -> str:
        return str(value.name())

    def scalar(self, value: Any) -> Any:
        for name, convert in (('String', str), ('Boolean', bool), ('Integer', int), ('Double', float)):
            if isinstance(value, interop_jvm.java_class(f'java.lang.{name}')):
                return convert(value)
        return value


def normal(value: Any, description: Description, reader: Plain) -> Any:
    """Return a value in the common form, with the fields that the contract knows."""
    if value is None:
        return [] if description['type'] == 'array' else None
    if description['type'] == 'array':
        inner = {**description, 'type': description['items']}
        return [normal(element, inner, reader) for element in reader.elements(value)]
    if 'values' in description:
        inner = {key: part for key, part in description.items() if key != 'values'} | {'type': description['values']}
        return {key: normal(item, inner, reader) for key, item in reader.items(value)}
    if description['type'] == 'struct':
        structure = description['structure']
        return {
            field['name']: normal(reader.field(value, structure, field['name']), field, reader)
            for field in CONTRACT['structures'][structure]['fields']
        }
    if 'enum' in description:
        return reader.enum_name(value, description['enum'])
    return reader.scalar(value)


def without_volatile(value: Any, description: Description) -> Any:
    """Return a value in the common form with each volatile field, once found plausible, replaced by its type."""
    if value is None:
        return None
    if description['type'] == 'array':
        return [without_volatile(element, {**description, 'type': description['items']}) for element in value]
    if 'values' in description:
        inner = {key: part for key, part in description.items() if key != 'values'} | {'type': description['values']}
        return {key: without_volatile(item, inner) for key, item in value.items()}
    if description['type'] == 'struct':
        fields = CONTRACT['structures'][description['structure']]['fields']
        return {field['name']: without_volatile(value[field['name']], field) for field in fields}
    return _plausible(value, description) if description.get('volatile') else value


def _plausible(value: Any, description: Description) -> str:
    number = 0 if isinstance(value, str) else value
    where = f'{description["name"]} = {value!r}'
    assert type(value) is _TYPES[description['type']], where
    assert 0 <= number < 2**32, where
    return f'a {description["type"]}'


def volatile_numbers(value: Any, description: Description, path: str = '') -> Iterator[tuple[str, float]]:
    """The volatile numbers of a value in the common form, with their places."""
    if value is None:
        return
    if description['type'] == 'array':
        for index, element in enumerate(value):
            yield from volatile_numbers(element, {**description, 'type': description['items']}, f'{path}[{index}]')
    elif description['type'] == 'struct' and 'values' not in description:
        for field in CONTRACT['structures'][description['structure']]['fields']:
            yield from volatile_numbers(value[field['name']], field, f'{path}.{field["name"]}')
    elif description.get('volatile') and description['type'] in ('int', 'double'):
        yield path, value


def as_sent(value: Any) -> Any:
    """Return what the Python SDK has decoded as it was sent, by the fields alone: not the inverse of its decoding."""
    if isinstance(value, LogTail):
        return [value.text, value.offset, value.overflow]
    if isinstance(value, ReloadResult):
        return [[list(value.added), list(value.changed), list(value.removed)]]
    if dataclasses.is_dataclass(value):
        return {field.name: as_sent(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [as_sent(item) for item in value]
    return int(value) if isinstance(value, IntEnum) else value
