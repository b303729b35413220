"""Plain values to typed ones, driven by the annotations of the structures.

Strict on what a field is, lenient on what may change: unknown fields are ignored, absent optional fields have the
default of the structure (None, or no element), values that an enumeration does not know become its `UNRECOGNIZED`, and
an integer is fine where a double is expected (older servers send some).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, Generic, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from supvisors_client.enums import WireEnum
from supvisors_client.errors import ProtocolError

T = TypeVar('T')
Decoder = Callable[[object], T]

_WIRE_TYPES = {str: 'string', int: 'int', bool: 'boolean', float: 'double', list: 'array', dict: 'struct'}


class MismatchError(Exception):
    """A value of the wrong type; the caller knows where it was found."""


def scalar(kind: type[T]) -> Decoder[T]:
    """Return the decoder of str, int, bool or float."""

    def decode(raw: object) -> T:
        if type(raw) is kind:
            return raw
        if kind is float and type(raw) is int:
            return kind(raw)  # type: ignore[call-arg]
        _mismatch(kind, raw)

    return decode


def struct(cls: type[T]) -> Decoder[T]:
    """Return the decoder of a dataclass; it raises `ProtocolError` naming the structure and the field at fault."""
    return _Struct(cls)


def array_of(decode_item: Decoder[T]) -> Decoder[list[T]]:
    """Return the decoder of a list."""

    def decode(raw: object) -> list[T]:
        return [decode_item(item) for item in _array(raw)]

    return decode


def list_of(cls: type[T]) -> Decoder[list[T]]:
    """Return the decoder of a list of dataclasses."""
    return array_of(struct(cls))


def row(cls: type[T]) -> Decoder[T]:
    """Return the decoder of a dataclass that travels as an array, its fields in order; more elements are ignored."""
    decode_fields = _Struct(cls)
    names = [field.name for field in fields(cls)]  # type: ignore[arg-type]

    def decode(raw: object) -> T:
        # an array that is too short lacks the last fields, and the structure names the first of them
        return decode_fields(dict(zip(names, _array(raw), strict=False)))

    return decode


def only(decode_item: Decoder[T]) -> Decoder[T]:
    """Return the decoder of the one element of an array."""

    def decode(raw: object) -> T:
        array = _array(raw)
        if len(array) != 1:
            raise MismatchError(f'expected an array of one element, got {len(array)}')
        return decode_item(array[0])

    return decode


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    wire: str
    optional: bool
    decode: Decoder[Any]

    def read(self, cls: type, raw: Mapping[str, object]) -> Any:
        if self.wire not in raw:
            raise ProtocolError(f'{cls.__name__}.{self.wire}: missing')
        try:
            return self.decode(raw[self.wire])
        except MismatchError as error:
            raise ProtocolError(f'{cls.__name__}.{self.wire}: {error}') from None


class _Struct(Generic[T]):
    """Decoder of a dataclass; the annotations are looked at when the first one is decoded."""

    def __init__(self, cls: type[T]) -> None:
        self._cls = cls

    def __call__(self, raw: object) -> T:
        if not isinstance(raw, dict):
            _mismatch(dict, raw)
        present = (field for field in self._plan if field.wire in raw or not field.optional)
        return self._cls(**{field.name: field.read(self._cls, raw) for field in present})

    @cached_property
    def _plan(self) -> tuple[_Field, ...]:
        hints = get_type_hints(self._cls)
        plan = []
        for field in fields(self._cls):  # type: ignore[arg-type]
            hint = hints[field.name]
            kinds = get_args(hint) if get_origin(hint) is UnionType else (hint,)
            decode = _any_of(*(_decoder(kind) for kind in kinds if kind is not NoneType))
            optional = field.default is not MISSING
            plan.append(_Field(field.name, field.metadata.get('wire', field.name), optional, decode))
        return tuple(plan)


def _decoder(kind: Any) -> Decoder[Any]:
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_of(_decoder(get_args(kind)[0]))
    if origin is Mapping:
        return _map_of(_decoder(get_args(kind)[1]))
    if is_dataclass(kind):
        return struct(kind)  # type: ignore[arg-type]
    if issubclass(kind, WireEnum):
        return _enum(kind)
    return scalar(kind)


def _any_of(first: Decoder[Any], *others: Decoder[Any]) -> Decoder[Any]:
    """Return the decoder that tries each in turn; the error is that of the last."""
    if not others:
        return first
    second = _any_of(*others)

    def decode(raw: object) -> Any:
        try:
            return first(raw)
        except MismatchError:
            return second(raw)

    return decode


def _tuple_of(decode_item: Decoder[T]) -> Decoder[tuple[T, ...]]:
    return lambda raw: tuple(decode_item(item) for item in _array(raw))


def _map_of(decode_value: Decoder[T]) -> Decoder[dict[str, T]]:
    def decode(raw: object) -> dict[str, T]:
        if not isinstance(raw, dict):
            _mismatch(dict, raw)
        return {key: decode_value(value) for key, value in raw.items()}

    return decode


def _enum(kind: type[WireEnum]) -> Decoder[WireEnum]:
    def decode(raw: object) -> WireEnum:
        if isinstance(raw, bool) or not isinstance(raw, (str, int)):
            raise MismatchError(f'expected a name or a code of {kind.__name__}, got {raw!r}')
        return kind.received(raw)

    return decode


def _array(raw: object) -> list[object]:
    if not isinstance(raw, list):
        _mismatch(list, raw)
    return raw


def _mismatch(kind: type, raw: object) -> NoReturn:
    raise MismatchError(f'expected {_WIRE_TYPES[kind]}, got {raw!r:.80}')
