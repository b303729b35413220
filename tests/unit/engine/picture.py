"""All that an object holds, as text, however deep: what is the same before and after has not been changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import attrs

CACHES = frozenset(('_views', '_loads', '_sorted', '_found'))
"""What is kept of answers that were worked out already, and can be forgotten at any time."""
_VALUES = (str, int, float, bytes)
_PLAIN = (str, int, float, bytes, bool, type(None), type, FunctionType, MethodType, BuiltinFunctionType)


def picture(value: Any) -> str:
    return '\n'.join(_lines(value, '', set()))


def _lines(value: Any, where: str, seen: set[int]) -> Iterator[str]:
    if isinstance(value, _PLAIN):
        yield f'{where} = {value!r}' if isinstance(value, _VALUES) else f'{where}: {type(value).__name__}'
    elif isinstance(value, (set, frozenset)):
        yield f'{where} = {sorted(map(repr, value))}'
    elif id(value) not in seen:
        seen.add(id(value))
        for name, inner in _parts(value):
            yield from _lines(inner, f'{where}.{name}', seen)


def _parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, (list, tuple, deque)):
        return [(str(index), inner) for index, inner in enumerate(value)]
    if isinstance(value, dict):
        return [(repr(key), inner) for key, inner in value.items()]
    if attrs.has(type(value)):
        named = [(field.name, getattr(value, field.name)) for field in attrs.fields(type(value))]
    elif hasattr(value, '__struct_fields__'):
        named = [(name, getattr(value, name)) for name in value.__struct_fields__]
    else:
        named = list(getattr(value, '__dict__', {}).items())
    return [(name, inner) for name, inner in named if name not in CACHES]
