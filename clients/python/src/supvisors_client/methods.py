"""The methods of the API, described once: name, parameters, result.

The typed methods of the clients, blocking or not, are thin: they hand their arguments and one of these over to the same
few lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from supvisors_client.decoding import Decoder, MismatchError, list_of, scalar, struct
from supvisors_client.enums import StartingStrategy, WireEnum
from supvisors_client.errors import ProtocolError
from supvisors_client.models import (
    ApplicationInfo,
    InstanceInfo,
    LocalProcessInfo,
    MasterIdentifier,
    NetworkInfo,
    ProcessInfo,
    StateModes,
    Strategies,
    SupvisorsStatus,
)

NAMESPACE = 'supvisors'

T = TypeVar('T')

_INTROSPECTION = frozenset({'system.listMethods', 'system.methodHelp', 'system.methodSignature'})
_READING_PREFIXES = ('get', 'read')


def reads_only(wire_name: str) -> bool:
    """Tell whether a method, of any namespace, changes nothing, so that its request may be sent twice."""
    return wire_name in _INTROSPECTION or wire_name.rpartition('.')[2].startswith(_READING_PREFIXES)


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
class Method(Generic[T]):
    """A method: how its arguments are sent and its result is read."""

    name: str
    params: tuple[Param, ...]
    result: Decoder[T]

    @property
    def wire_name(self) -> str:
        return f'{NAMESPACE}.{self.name}'

    def encode(self, arguments: Sequence[object]) -> list[Any]:
        """Return the values to send; see `Param.encode` for the errors."""
        return [param.encode(value) for param, value in zip(self.params, arguments, strict=True)]

    def holds_answer(self, arguments: Sequence[object]) -> bool:
        """Tell whether the answer comes when the work is done, however long that takes."""
        return WAIT in self.params and bool(arguments[self.params.index(WAIT)])

    def decode(self, raw: object) -> T:
        """Return the typed result.

        Raises:
            ProtocolError: the value is not what the API says.
        """
        try:
            return self.result(raw)
        except (MismatchError, ProtocolError) as error:
            raise ProtocolError(f'{self.wire_name}: {error}') from None


IDENTIFIER: Final = Param('identifier', str)
APPLICATION: Final = Param('application_name', str)
NAMESPEC: Final = Param('namespec', str)
STRATEGY: Final = Param('strategy', StartingStrategy)
EXTRA_ARGS: Final = Param('extra_args', str)
WAIT: Final = Param('wait', bool)

GET_API_VERSION: Final = Method('get_api_version', (), scalar(str))
GET_SUPVISORS_STATE: Final = Method('get_supvisors_state', (), struct(SupvisorsStatus))
GET_ALL_INSTANCES_STATE_MODES: Final = Method('get_all_instances_state_modes', (), list_of(StateModes))
GET_INSTANCE_STATE_MODES: Final = Method('get_instance_state_modes', (IDENTIFIER,), list_of(StateModes))
GET_MASTER_IDENTIFIER: Final = Method('get_master_identifier', (), struct(MasterIdentifier))
GET_STRATEGIES: Final = Method('get_strategies', (), struct(Strategies))
GET_NETWORK_INFO: Final = Method('get_network_info', (IDENTIFIER,), list_of(NetworkInfo))
GET_INSTANCE_INFO: Final = Method('get_instance_info', (IDENTIFIER,), list_of(InstanceInfo))
GET_ALL_INSTANCES_INFO: Final = Method('get_all_instances_info', (), list_of(InstanceInfo))
GET_ALL_APPLICATIONS_INFO: Final = Method('get_all_applications_info', (), list_of(ApplicationInfo))
GET_APPLICATION_INFO: Final = Method('get_application_info', (APPLICATION,), struct(ApplicationInfo))
GET_ALL_PROCESS_INFO: Final = Method('get_all_process_info', (), list_of(ProcessInfo))
GET_PROCESS_INFO: Final = Method('get_process_info', (NAMESPEC,), list_of(ProcessInfo))
GET_ALL_LOCAL_PROCESS_INFO: Final = Method('get_all_local_process_info', (), list_of(LocalProcessInfo))
GET_LOCAL_PROCESS_INFO: Final = Method('get_local_process_info', (NAMESPEC,), struct(LocalProcessInfo))
START_APPLICATION: Final = Method('start_application', (STRATEGY, APPLICATION, WAIT), scalar(bool))
STOP_APPLICATION: Final = Method('stop_application', (APPLICATION, WAIT), scalar(bool))
START_PROCESS: Final = Method('start_process', (STRATEGY, NAMESPEC, EXTRA_ARGS, WAIT), scalar(bool))
STOP_PROCESS: Final = Method('stop_process', (NAMESPEC, WAIT), scalar(bool))
RESTART: Final = Method('restart', (), scalar(bool))
SHUTDOWN: Final = Method('shutdown', (), scalar(bool))
