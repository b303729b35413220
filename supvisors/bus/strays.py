"""Fields that this release does not know, in the frames of another one: ignored when they are decoded, counted here.

The checkers are made once, from the types of the messages. Only frames of another release are checked: they are decoded
a second time for that.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

from supvisors.bus.wire import DESCRIPTION, ENVELOPE, Description
from supvisors.engine.messages import Envelope

Checker = Callable[[Any], int]
"""From a decoded value to the number of its unknown fields, at any depth."""
Record = inspect.StructType | inspect.DataclassType


def count_strays(frame: bytes) -> int:
    """`frame` is one that `wire.decode` has read."""
    try:
        return _ROOTS[frame[1]](msgspec.msgpack.decode(memoryview(frame)[2:]))
    except Exception:  # an unknown field may hold what the plain decoder does not take, such as a map with a map as key
        return 1


def _record(kind: Record) -> Checker:
    fields = {field.encode_name: _checker(field.type) for field in kind.fields}
    known = set(fields)
    if isinstance(kind, inspect.StructType) and kind.tag_field is not None:
        known.add(kind.tag_field)
    deeper = [(name, check) for name, check in fields.items() if check is not None]

    def count(value: Any) -> int:
        return len(value.keys() - known) + sum(check(value[name]) for name, check in deeper if name in value)

    return count


def _either(kinds: tuple[inspect.Type, ...]) -> Checker | None:
    """A tagged union of structs, or something that may be None."""
    tagged = {kind.tag: _record(kind) for kind in kinds
              if isinstance(kind, inspect.StructType) and kind.tag_field is not None}
    if tagged:
        field = next(kind.tag_field for kind in kinds if isinstance(kind, inspect.StructType))
        return lambda value: tagged[value[field]](value)
    checks = [check for check in map(_checker, kinds) if check is not None]
    if not checks:
        return None
    check, = checks
    return lambda value: 0 if value is None else check(value)


def _checker(kind: inspect.Type) -> Checker | None:
    """None when no record can be below."""
    if isinstance(kind, (inspect.StructType, inspect.DataclassType)):
        return _record(kind)
    if isinstance(kind, inspect.UnionType):
        return _either(kind.types)
    if isinstance(kind, (inspect.ListType, inspect.VarTupleType)):
        item = _checker(kind.item_type)
        return None if item is None else lambda value: sum(map(item, value))
    if isinstance(kind, inspect.DictType):
        content = _checker(kind.value_type)
        return None if content is None else lambda value: sum(map(content, value.values()))
    return None


def _root(kind: type) -> Checker:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return _record(info)


_ROOTS = {ENVELOPE: _root(Envelope), DESCRIPTION: _root(Description)}
