"""The namespaces `supervisor` and `system` through the JAR, with answers in the form of those of `xmlrpc.client`."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import interop_jvm
import jpype

from supvisors.demo import Daemon

Getters = Mapping[str, str]

# the getter of every field of every structure of supervisord
_OUTPUT = {
    'logfile': 'LogFile', 'logfile_maxbytes': 'LogFileMaxBytes', 'logfile_backups': 'LogFileBackups',
    'capture_maxbytes': 'CaptureMaxBytes',
}
STATE: Getters = {'statecode': 'getState.getCode', 'statename': 'getState.name'}
PROCESS: Getters = {
    'name': 'getProcessName', 'group': 'getGroupName', 'start': 'getStartTime', 'stop': 'getStopTime',
    'now': 'getCurrentTime', 'state': 'getState.getStateCode', 'statename': 'getState.name',
    'spawnerr': 'getSpawnError', 'exitstatus': 'getExitStatus', 'logfile': 'getLogFile',
    'stdout_logfile': 'getStdoutLogFile', 'stderr_logfile': 'getStderrLogFile', 'pid': 'getPID',
    'description': 'getDescription',
}
CONFIG: Getters = {
    'name': 'getProcessName', 'group': 'getGroupName', 'inuse': 'isInUse', 'autostart': 'isAutoStart',
    'process_prio': 'getProcessPriority', 'group_prio': 'getGroupPriority', 'command': 'getCommand',
    'directory': 'getDirectory', 'uid': 'getUID', 'startsecs': 'getStartSeconds', 'startretries': 'getStartRetries',
    'exitcodes': 'getExitCodes', 'stopsignal': 'getStopSignal', 'stopwaitsecs': 'getStopWaitSeconds',
    'killasgroup': 'isKilledAsGroup', 'redirect_stderr': 'isStderrRedirected', 'serverurl': 'getServerURL',
    **{f'{std}_{field}': f'get{std.title()}{getter}'
       for std in ('stdout', 'stderr') for field, getter in _OUTPUT.items()},
    **{f'{std}_events_enabled': f'are{std.title()}EventsEnabled' for std in ('stdout', 'stderr')},
    **{f'{std}_syslog': f'has{std.title()}Syslog' for std in ('stdout', 'stderr')},
}
OUTCOME: Getters = {
    'name': 'getProcessName', 'group': 'getGroupName', 'status': 'getStatus.getFaultCode',
    'description': 'getDescription',
}

_SCALARS: dict[str, Callable[[Any], Any]] = {'String': str, 'Boolean': bool, 'Integer': int, 'Double': float}


def plain(value: Any) -> Any:
    """A Java value without getters as Python has it."""
    if value is None:
        return None
    for name, convert in _SCALARS.items():
        if isinstance(value, interop_jvm.java_class(f'java.lang.{name}')):
            return convert(value)
    if isinstance(value, int):   # a primitive
        return int(value)
    if isinstance(value, interop_jvm.java_class('java.util.Map')):
        return {str(entry.getKey()): plain(entry.getValue()) for entry in value.entrySet()}
    return [plain(item) for item in value]


def struct(value: Any, getters: Getters) -> dict[str, Any]:
    """A Java object as the struct that it was read from."""
    return {field: plain(_got(value, path)) for field, path in getters.items()}


def _got(value: Any, path: str) -> Any:
    for getter in path.split('.'):
        value = getattr(value, getter)()
    return value


def structs(value: Any, getters: Getters) -> list[dict[str, Any]]:
    """A Java map by name as the array of structs that it was read from."""
    for entry in value.entrySet():
        assert str(entry.getKey()) == str(entry.getValue().getName())
    return [struct(item, getters) for item in value.values()]


def tail(value: Any) -> list[Any]:
    return [plain(value.getBytes()), plain(value.getOffset()), plain(value.getOverflow())]


def updates(value: Any) -> list[list[list[str]]]:
    return [[plain(value.getAdded()), plain(value.getChanged()), plain(value.getRemoved())]]


# how the answer of a method is told in the form of `xmlrpc.client`, where it is not a scalar
FORMS: dict[str, Callable[[Any], Any]] = {
    'getState': lambda value: struct(value, STATE),
    'getProcessInfo': lambda value: struct(value, PROCESS),
    'getAllProcessInfo': lambda value: structs(value, PROCESS),
    'getAllConfigInfo': lambda value: structs(value, CONFIG),
    'reloadConfig': updates,
    **{f'tailProcess{kind}Log': tail for kind in ('', 'Stdout', 'Stderr')},
    **{method: lambda value: structs(value, OUTCOME) for method in (
        'startProcessGroup', 'stopProcessGroup', 'signalProcessGroup', 'startAllProcesses', 'stopAllProcesses',
        'signalAllProcesses', 'clearAllProcessLogs')},
}


class JavaNamespaces:
    """`org.supvisors.rpc` on one daemon."""

    def __init__(self, daemon: Daemon) -> None:
        account = (daemon.username, daemon.password) if daemon.username else ()
        client = interop_jvm.java_class('rpc.SupervisorXmlRpcClient')('127.0.0.1', daemon.port, *account)
        self.supervisor = interop_jvm.java_class('rpc.SupervisorXmlRpc')(client)
        self.supvisors = interop_jvm.java_class('rpc.SupvisorsXmlRpc')(client)
        self.system = interop_jvm.java_class('rpc.SystemXmlRpc')(client)

    def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of `supervisor`, and return its answer in the form of `xmlrpc.client`."""
        answer = getattr(self.supervisor, method)(*map(interop_jvm.boxed, arguments))
        return FORMS.get(method, plain)(answer)


def fault_of(function: Callable[..., Any], *arguments: Any) -> tuple[int, str]:
    """Call what must be refused by the server, and return the code and the text of the fault that Java throws."""
    try:
        answer = function(*arguments)
    except interop_jvm.xml_rpc_exception() as error:
        return int(error.code), str(error.getMessage())
    raise AssertionError(f'no fault, but {answer}')


def object_array(*values: Any) -> Any:
    return jpype.JArray(jpype.JObject)([interop_jvm.boxed(value) for value in values])
