"""What a method of the API is: its name, how its arguments are sent, how its result is read."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from supvisors_client.decoding import Decoder, MismatchError
from supvisors_client.enums import WireEnum
from supvisors_client.errors import ProtocolError

T = TypeVar('T')

_READING_PREFIXES = ('get', 'read', 'tail')
# what reads though its name does not say so
_READING = frozenset(
    {
        'supvisors.test_start_application',
        'supvisors.test_start_process',
        'system.listMethods',
        'system.methodHelp',
        'system.methodSignature',
    }
)


def reads_only(wire_name: str) -> bool:
    """Tell whether a method, of any namespace, changes nothing, so that its request may be sent twice."""
    return wire_name in _READING or wire_name.rpartition('.')[2].startswith(_READING_PREFIXES)


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: a plain type, or an enumeration that travels by name."""

    name: str
    kind: type

    def encode(self, value: object) -> object:
        """Return what to send.

        Raises:
            TypeError: wrong type.
            ValueError: not in the enumeration.
        """
        if issubclass(self.kind, WireEnum):
            return self.kind.wire_name(value)
        if type(value) is not self.kind:
            raise TypeError(f'{self.name}: expected {self.kind.__name__}, got {value!r}')
        return value


@dataclass(frozen=True, slots=True)
class ProcessParam(Param):
    """The name of one process: where supervisord takes a group as well, it would answer in another form."""

    group_method: str

    def encode(self, value: object) -> object:
        """Return what to send; see `Param.encode` for the other errors.

        Raises:
            ValueError: the name of a group.
        """
        sent = str(Param.encode(self, value))
        group, colon, process = sent.partition(':')
        if colon and process in ('', '*'):
            raise ValueError(f'{self.name}: {sent!r} is a group, call {self.group_method}({group!r})')
        return sent


@dataclass(frozen=True, slots=True)
class ArgsParam(Param):
    """Arguments of a command line: a text as it is sent, or a sequence of arguments, quoted for it."""

    def encode(self, value: object) -> object:
        """Return the text to send.

        Raises:
            TypeError: neither a text nor a sequence of texts.
        """
        if isinstance(value, str):
            return Param.encode(self, value)
        if isinstance(value, (bytes, bytearray)) or not isinstance(value, Sequence):
            raise TypeError(f'{self.name}: expected str or a sequence of str, got {value!r}')
        for index, argument in enumerate(value):
            if type(argument) is not str:
                raise TypeError(f'{self.name}[{index}]: expected str, got {argument!r}')
        return shlex.join(value)


@dataclass(frozen=True, slots=True)
class Method(Generic[T]):
    """A method: how its arguments are sent and its result is read."""

    namespace: str
    name: str
    params: tuple[Param, ...]
    result: Decoder[T]
    held: bool = False
    """The answer comes when the work is done, whatever the arguments."""

    @property
    def wire_name(self) -> str:
        return f'{self.namespace}.{self.name}'

    def reads_only(self, arguments: Sequence[object]) -> bool:
        """Tell whether the call changes nothing, so that its request may be sent twice."""
        return reads_only(self.wire_name)

    def encode(self, arguments: Sequence[object]) -> list[Any]:
        """Return the values to send; see `Param.encode` for the errors."""
        return [param.encode(value) for param, value in zip(self.params, arguments, strict=True)]

    def holds_answer(self, arguments: Sequence[object]) -> bool:
        """Tell whether the answer comes when the work is done, however long that takes."""
        return self.held or (WAIT in self.params and bool(arguments[self.params.index(WAIT)]))

    def decode(self, raw: object) -> T:
        """Return the typed result.

        Raises:
            ProtocolError: the value is not what the API says.
        """
        try:
            return self.result(raw)
        except (MismatchError, ProtocolError) as error:
            raise ProtocolError(f'{self.wire_name}: {error}') from None


WAIT: Final = Param('wait', bool)
