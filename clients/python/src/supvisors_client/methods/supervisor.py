"""The namespace `supervisor`: what supervisord itself offers, here that of the instance that answers."""

from __future__ import annotations

from typing import Final, TypeVar

from supvisors_client.decoding import Decoder, list_of, only, row, scalar, struct
from supvisors_client.methods.description import WAIT, Method, Param, ProcessParam
from supvisors_client.models import (
    ConfigInfo,
    LogTail,
    ProcessStatus,
    ReloadResult,
    SupervisorProcessInfo,
    SupervisorState,
)

NAMESPACE = 'supervisor'

T = TypeVar('T')


def _method(name: str, params: tuple[Param, ...], result: Decoder[T], held: bool = False) -> Method[T]:
    return Method(NAMESPACE, name, params, result, held)


NAME: Final = Param('name', str)
OFFSET: Final = Param('offset', int)
LENGTH: Final = Param('length', int)
SIGNAL: Final = Param('signal', str)
CHARS: Final = Param('chars', str)
TYPE: Final = Param('type', str)
DATA: Final = Param('data', str)

_TEXT: Final = scalar(str)
_TRUE: Final = scalar(bool)
_STATUSES: Final = list_of(ProcessStatus)
_TAIL: Final = row(LogTail)
_PART = (OFFSET, LENGTH)

GET_API_VERSION: Final = _method('getAPIVersion', (), _TEXT)
GET_VERSION: Final = _method('getVersion', (), _TEXT)
GET_SUPERVISOR_VERSION: Final = _method('getSupervisorVersion', (), _TEXT)
GET_IDENTIFICATION: Final = _method('getIdentification', (), _TEXT)
GET_STATE: Final = _method('getState', (), struct(SupervisorState))
GET_PID: Final = _method('getPID', (), scalar(int))
READ_LOG: Final = _method('readLog', _PART, _TEXT)
READ_MAIN_LOG: Final = _method('readMainLog', _PART, _TEXT)
CLEAR_LOG: Final = _method('clearLog', (), _TRUE)
SHUTDOWN: Final = _method('shutdown', (), _TRUE)
RESTART: Final = _method('restart', (), _TRUE)
RELOAD_CONFIG: Final = _method('reloadConfig', (), only(row(ReloadResult)))
ADD_PROCESS_GROUP: Final = _method('addProcessGroup', (NAME,), _TRUE)
REMOVE_PROCESS_GROUP: Final = _method('removeProcessGroup', (NAME,), _TRUE)
START_PROCESS: Final = _method('startProcess', (ProcessParam('name', str, 'start_process_group'), WAIT), _TRUE)
START_PROCESS_GROUP: Final = _method('startProcessGroup', (NAME, WAIT), _STATUSES)
START_ALL_PROCESSES: Final = _method('startAllProcesses', (WAIT,), _STATUSES)
STOP_PROCESS: Final = _method('stopProcess', (ProcessParam('name', str, 'stop_process_group'), WAIT), _TRUE)
STOP_PROCESS_GROUP: Final = _method('stopProcessGroup', (NAME, WAIT), _STATUSES)
STOP_ALL_PROCESSES: Final = _method('stopAllProcesses', (WAIT,), _STATUSES)
SIGNAL_PROCESS: Final = _method('signalProcess', (ProcessParam('name', str, 'signal_process_group'), SIGNAL), _TRUE)
SIGNAL_PROCESS_GROUP: Final = _method('signalProcessGroup', (NAME, SIGNAL), _STATUSES)
SIGNAL_ALL_PROCESSES: Final = _method('signalAllProcesses', (SIGNAL,), _STATUSES)
GET_ALL_CONFIG_INFO: Final = _method('getAllConfigInfo', (), list_of(ConfigInfo))
GET_PROCESS_INFO: Final = _method('getProcessInfo', (NAME,), struct(SupervisorProcessInfo))
GET_ALL_PROCESS_INFO: Final = _method('getAllProcessInfo', (), list_of(SupervisorProcessInfo))
SEND_PROCESS_STDIN: Final = _method('sendProcessStdin', (NAME, CHARS), _TRUE)
SEND_REMOTE_COMM_EVENT: Final = _method('sendRemoteCommEvent', (TYPE, DATA), _TRUE)
READ_PROCESS_LOG: Final = _method('readProcessLog', (NAME, *_PART), _TEXT)
READ_PROCESS_STDOUT_LOG: Final = _method('readProcessStdoutLog', (NAME, *_PART), _TEXT)
READ_PROCESS_STDERR_LOG: Final = _method('readProcessStderrLog', (NAME, *_PART), _TEXT)
TAIL_PROCESS_LOG: Final = _method('tailProcessLog', (NAME, *_PART), _TAIL)
TAIL_PROCESS_STDOUT_LOG: Final = _method('tailProcessStdoutLog', (NAME, *_PART), _TAIL)
TAIL_PROCESS_STDERR_LOG: Final = _method('tailProcessStderrLog', (NAME, *_PART), _TAIL)
CLEAR_PROCESS_LOG: Final = _method('clearProcessLog', (NAME,), _TRUE)
CLEAR_PROCESS_LOGS: Final = _method('clearProcessLogs', (NAME,), _TRUE)
# supervisord clears the logs of one process at each turn of its loop: up to a second each
CLEAR_ALL_PROCESS_LOGS: Final = _method('clearAllProcessLogs', (), _STATUSES, held=True)
