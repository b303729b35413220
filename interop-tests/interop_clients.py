"""The three clients behind one face: call a method of the contract by its name, get the answer in the common form, or
the fault."""
from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable
from typing import Any, Protocol

import interop_jvm
import jpype
from interop_answers import METHODS, Java, Plain, Sdk, normal

from supvisors.demo import Daemon
from supvisors_client import Fault, SupvisorsClient


class Failed(Exception):
    """A fault, as any of the clients tells it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


class Client(Protocol):
    def call(self, method: str, *arguments: Any) -> Any:
        """Call a typed method; raises `Failed`."""
        ...

    def raw(self, method: str, *arguments: Any) -> Any:
        """Call a method of any namespace without types; raises `Failed`."""
        ...


class PlainClient:
    """`xmlrpc.client`."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def call(self, method: str, *arguments: Any) -> Any:
        return normal(self.raw(f'supvisors.{method}', *arguments), METHODS[method]['returns'], Plain())

    def raw(self, method: str, *arguments: Any) -> Any:
        try:
            return self._daemon.call(method, *arguments)
        except xmlrpc.client.Fault as fault:
            raise Failed(fault.faultCode, fault.faultString) from None


class SdkClient:
    """The Python SDK."""

    def __init__(self, daemon: Daemon) -> None:
        self._client: SupvisorsClient = daemon.client()

    def call(self, method: str, *arguments: Any) -> Any:
        answer = self._run(getattr(self._client, method), *arguments)
        return normal(answer, METHODS[method]['returns'], Sdk())

    def raw(self, method: str, *arguments: Any) -> Any:
        return self._run(self._client.call, method, *arguments)

    def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Fault as fault:
            text = f'{fault.name}: {fault.detail}' if fault.detail else fault.name
            raise Failed(fault.code, text) from None


# the Java method of each method of the contract
JAVA_METHODS = {
    'get_api_version': 'getAPIVersion', 'get_supvisors_state': 'getSupvisorsState',
    'get_all_instances_state_modes': 'getAllInstancesStateModes', 'get_instance_state_modes': 'getInstanceStateModes',
    'get_master_identifier': 'getMasterIdentifier', 'get_strategies': 'getStrategies',
    'get_network_info': 'getNetworkInfos', 'get_instance_info': 'getInstanceInfo',
    'get_all_instances_info': 'getAllInstancesInfo', 'get_all_applications_info': 'getAllApplicationInfo',
    'get_application_info': 'getApplicationInfo', 'get_all_process_info': 'getAllProcessInfo',
    'get_process_info': 'getProcessInfo', 'get_all_local_process_info': 'getAllLocalProcessInfo',
    'get_local_process_info': 'getLocalProcessInfo', 'start_application': 'startApplication',
    'stop_application': 'stopApplication', 'start_process': 'startProcess', 'stop_process': 'stopProcess',
    'restart': 'restart', 'shutdown': 'shutdown', 'get_core_identifiers': 'getCoreIdentifiers',
    'get_statistics_status': 'getStatisticsStatus', 'get_all_inner_process_info': 'getAllInnerProcessInfo',
    'get_inner_process_info': 'getInnerProcessInfo', 'change_log_level': 'changeLogLevel',
    'end_sync': 'endSynchronization', 'get_application_rules': 'getApplicationRules',
    'get_process_rules': 'getProcessRules', 'get_conflicts': 'getConflicts',
    'test_start_application': 'testStartApplication', 'test_start_process': 'testStartProcess',
    'restart_application': 'restartApplication', 'restart_process': 'restartProcess',
    'start_any_process': 'startAnyProcess', 'restart_sequence': 'restartSequence', 'start_args': 'startArgs',
    'update_numprocs': 'updateNumprocs', 'enable': 'enable', 'disable': 'disable',
}


# the Java value of a member's name, for each enumeration of a parameter
_JAVA_ENUMS: dict[str, Callable[[str], Any]] = {
    'StartingStrategies': interop_jvm.starting_strategy,
    'LoggerLevels': lambda name: interop_jvm.java_class('common.LoggerLevels').valueOf(name.upper()),
}


class JavaClient:
    """The JAR."""

    def __init__(self, daemon: Daemon) -> None:
        account = (daemon.username, daemon.password) if daemon.username else ()
        self._client = interop_jvm.java_class('rpc.SupervisorXmlRpcClient')('127.0.0.1', daemon.port, *account)
        self.supvisors = interop_jvm.java_class('rpc.SupvisorsXmlRpc')(self._client)

    def call(self, method: str, *arguments: Any) -> Any:
        given = [
            _JAVA_ENUMS[parameter['enum']](value) if 'enum' in parameter else _boxed(value)
            for value, parameter in zip(arguments, METHODS[method]['params'], strict=False)
        ]
        answer = self._run(getattr(self.supvisors, JAVA_METHODS[method]), *given)
        return normal(answer, METHODS[method]['returns'], Java())

    def raw(self, method: str, *arguments: Any) -> Any:
        given = jpype.JArray(jpype.JObject)([_boxed(value) for value in arguments])
        return self._run(self._client.rpcCall, method, given, interop_jvm.java_class('java.lang.Object').class_)

    def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except interop_jvm.xml_rpc_exception() as error:
            raise Failed(int(error.code), str(error.getMessage())) from None


def _boxed(value: Any) -> Any:
    """The Java object that is sent for a Python value; a list is one of extra arguments."""
    if isinstance(value, list):
        return interop_jvm.java_class('java.util.List').of(*value)
    for kind, name in ((bool, 'Boolean'), (int, 'Integer'), (float, 'Double'), (str, 'String')):
        if isinstance(value, kind):
            return jpype.JObject(value, interop_jvm.java_class(f'java.lang.{name}'))
    raise TypeError(value)


def three_clients(daemon: Daemon) -> dict[str, Client]:
    return {'plain': PlainClient(daemon), 'sdk': SdkClient(daemon), 'java': JavaClient(daemon)}
