"""The namespace `supvisors`."""

from __future__ import annotations

from typing import Final, TypeVar

from supvisors_client.decoding import Decoder, list_of, scalar, struct
from supvisors_client.enums import LoggerLevel, StartingStrategy
from supvisors_client.methods.description import WAIT, ArgsParam, Method, Param
from supvisors_client.models import (
    ApplicationInfo,
    ApplicationRules,
    Identifier,
    InnerProcessInfo,
    InstanceInfo,
    LocalProcessInfo,
    MasterIdentifier,
    NetworkInfo,
    ProcessInfo,
    ProcessRules,
    StartPrediction,
    StateModes,
    StatisticsStatus,
    Strategies,
    SupvisorsStatus,
)

NAMESPACE = 'supvisors'

T = TypeVar('T')


def _method(name: str, params: tuple[Param, ...], result: Decoder[T]) -> Method[T]:
    return Method(NAMESPACE, name, params, result)


IDENTIFIER: Final = Param('identifier', str)
APPLICATION: Final = Param('application_name', str)
NAMESPEC: Final = Param('namespec', str)
STRATEGY: Final = Param('strategy', StartingStrategy)
REGEX: Final = Param('regex', str)
EXTRA_ARGS: Final = ArgsParam('extra_args', str)
PROGRAM: Final = Param('program_name', str)
NUMPROCS: Final = Param('numprocs', int)
LAZY: Final = Param('lazy', bool)
LEVEL: Final = Param('level_param', LoggerLevel)
MASTER: Final = Param('master', str)

GET_API_VERSION: Final = _method('get_api_version', (), scalar(str))
GET_SUPVISORS_STATE: Final = _method('get_supvisors_state', (), struct(SupvisorsStatus))
GET_ALL_INSTANCES_STATE_MODES: Final = _method('get_all_instances_state_modes', (), list_of(StateModes))
GET_INSTANCE_STATE_MODES: Final = _method('get_instance_state_modes', (IDENTIFIER,), list_of(StateModes))
GET_MASTER_IDENTIFIER: Final = _method('get_master_identifier', (), struct(MasterIdentifier))
GET_CORE_IDENTIFIERS: Final = _method('get_core_identifiers', (), list_of(Identifier))
GET_STRATEGIES: Final = _method('get_strategies', (), struct(Strategies))
GET_STATISTICS_STATUS: Final = _method('get_statistics_status', (), struct(StatisticsStatus))
GET_NETWORK_INFO: Final = _method('get_network_info', (IDENTIFIER,), list_of(NetworkInfo))
GET_INSTANCE_INFO: Final = _method('get_instance_info', (IDENTIFIER,), list_of(InstanceInfo))
GET_ALL_INSTANCES_INFO: Final = _method('get_all_instances_info', (), list_of(InstanceInfo))
GET_ALL_APPLICATIONS_INFO: Final = _method('get_all_applications_info', (), list_of(ApplicationInfo))
GET_APPLICATION_INFO: Final = _method('get_application_info', (APPLICATION,), struct(ApplicationInfo))
GET_APPLICATION_RULES: Final = _method('get_application_rules', (APPLICATION,), struct(ApplicationRules))
GET_ALL_PROCESS_INFO: Final = _method('get_all_process_info', (), list_of(ProcessInfo))
GET_PROCESS_INFO: Final = _method('get_process_info', (NAMESPEC,), list_of(ProcessInfo))
GET_PROCESS_RULES: Final = _method('get_process_rules', (NAMESPEC,), list_of(ProcessRules))
GET_CONFLICTS: Final = _method('get_conflicts', (), list_of(ProcessInfo))
GET_ALL_LOCAL_PROCESS_INFO: Final = _method('get_all_local_process_info', (), list_of(LocalProcessInfo))
GET_LOCAL_PROCESS_INFO: Final = _method('get_local_process_info', (NAMESPEC,), struct(LocalProcessInfo))
GET_ALL_INNER_PROCESS_INFO: Final = _method('get_all_inner_process_info', (IDENTIFIER,), list_of(InnerProcessInfo))
GET_INNER_PROCESS_INFO: Final = _method('get_inner_process_info', (IDENTIFIER, NAMESPEC), list_of(InnerProcessInfo))
START_APPLICATION: Final = _method('start_application', (STRATEGY, APPLICATION, WAIT), scalar(bool))
TEST_START_APPLICATION: Final = _method('test_start_application', (STRATEGY, APPLICATION), list_of(StartPrediction))
STOP_APPLICATION: Final = _method('stop_application', (APPLICATION, WAIT), scalar(bool))
RESTART_APPLICATION: Final = _method('restart_application', (STRATEGY, APPLICATION, WAIT), scalar(bool))
START_PROCESS: Final = _method('start_process', (STRATEGY, NAMESPEC, EXTRA_ARGS, WAIT), scalar(bool))
TEST_START_PROCESS: Final = _method('test_start_process', (STRATEGY, NAMESPEC), list_of(StartPrediction))
START_ANY_PROCESS: Final = _method('start_any_process', (STRATEGY, REGEX, EXTRA_ARGS, WAIT), scalar(str))
STOP_PROCESS: Final = _method('stop_process', (NAMESPEC, WAIT), scalar(bool))
RESTART_PROCESS: Final = _method('restart_process', (STRATEGY, NAMESPEC, EXTRA_ARGS, WAIT), scalar(bool))
START_ARGS: Final = _method('start_args', (NAMESPEC, EXTRA_ARGS, WAIT), scalar(bool))
UPDATE_NUMPROCS: Final = _method('update_numprocs', (PROGRAM, NUMPROCS, WAIT, LAZY), scalar(bool))
ENABLE: Final = _method('enable', (PROGRAM, WAIT), scalar(bool))
DISABLE: Final = _method('disable', (PROGRAM, WAIT), scalar(bool))
RESTART_SEQUENCE: Final = _method('restart_sequence', (WAIT,), scalar(bool))
RESTART: Final = _method('restart', (), scalar(bool))
SHUTDOWN: Final = _method('shutdown', (), scalar(bool))
CHANGE_LOG_LEVEL: Final = _method('change_log_level', (LEVEL,), scalar(bool))
END_SYNC: Final = _method('end_sync', (MASTER,), scalar(bool))
