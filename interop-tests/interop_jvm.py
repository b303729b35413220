"""The built JAR, in one Java virtual machine inside the test process."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import jpype

TARGET = Path(__file__).parents[1] / 'clients' / 'java' / 'target'
PACKAGE = 'org.supvisors'


def class_path() -> list[str]:
    """The JAR and what it needs.

    Raises:
        RuntimeError: it was not built.
    """
    jars = [jar for jar in TARGET.glob('supvisors-client-*.jar') if not jar.stem.endswith(('-sources', '-javadoc'))]
    dependencies = sorted((TARGET / 'dependency').glob('*.jar'))
    if len(jars) != 1 or not dependencies:
        raise RuntimeError(f'the Java client is not built in {TARGET}: run `make jar`')
    return [str(jar) for jar in (*jars, *dependencies)]


def start_jvm() -> None:
    if not jpype.isJVMStarted():
        jpype.startJVM('-Xmx128m', '-XX:+UseSerialGC', classpath=class_path(), convertStrings=False, interrupt=False)


def java_class(name: str) -> Any:
    """A class of the client, such as `rpc.SupvisorsXmlRpc`, or of another package by its full name."""
    return jpype.JClass(name if name.startswith(('java.', 'org.')) else f'{PACKAGE}.{name}')


def starting_strategy(name: str) -> Any:
    return java_class('common.StartingStrategy').valueOf(name)


def boxed(value: Any) -> Any:
    """The Java object for a Python value."""
    for kind, name in ((bool, 'Boolean'), (int, 'Integer'), (float, 'Double'), (str, 'String')):
        if isinstance(value, kind):
            return jpype.JObject(value, java_class(f'java.lang.{name}'))
    return value


def xml_rpc_exception() -> Any:
    return java_class('org.apache.xmlrpc.XmlRpcException')


# the getter of every field of every structure
_MODES = {
    'identifier': 'getIdentifier', 'nick_identifier': 'getNickIdentifier', 'now_monotonic': 'getNowMonotonic',
    'fsm_statecode': 'getState', 'fsm_statename': 'getState', 'degraded_mode': 'inDegradedMode',
    'discovery_mode': 'inDiscoveryMode', 'master_identifier': 'getMasterIdentifier',
    'instance_states': 'getInstanceStates',
}
_IDENTIFIER = {'identifier': 'getIdentifier', 'nick_identifier': 'getNickIdentifier'}
_LOCAL_PROCESS = {
    'group': 'getGroup', 'name': 'getProcessName', 'state': 'getState', 'statename': 'getState',
    'start': 'getStart', 'start_monotonic': 'getStartMonotonic', 'stop': 'getStop',
    'stop_monotonic': 'getStopMonotonic', 'now': 'getPosixNow', 'now_monotonic': 'getNowMonotonic', 'pid': 'getPID',
    'description': 'getDescription', 'spawnerr': 'getSpawnError', 'expected': 'isExpected',
    'startsecs': 'getStartSeconds', 'stopwaitsecs': 'getStopWaitSeconds', 'extra_args': 'getExtraArgs',
    'disabled': 'isDisabled', 'program_name': 'getProgramName', 'process_index': 'getProcessIndex',
    'has_stdout': 'hasStdout', 'has_stderr': 'hasStderr',
}

GETTERS: dict[str, dict[str, str]] = {
    'Identifier': _IDENTIFIER,
    'MasterIdentifier': _IDENTIFIER,
    'SupvisorsStatus': {**_MODES, 'starting_jobs': 'getStartingJobs', 'stopping_jobs': 'getStoppingJobs'},
    'StateModes': {**_MODES, 'starting_jobs': 'hasStartingJobs', 'stopping_jobs': 'hasStoppingJobs'},
    'Strategies': {
        'auto-fencing': 'isAutoFencing', 'starting': 'getStartingStrategy', 'conciliation': 'getConciliationStrategy',
        'supvisors_failure': 'getSupvisorsFailureStrategy',
    },
    'NicInformation': {'nic_name': 'getNicName', 'ipv4_address': 'getIpv4Address', 'netmask': 'getNetmask'},
    'NetworkAddress': {
        'nic_info': 'getNicInfo', 'host_name': 'getHostName', 'aliases': 'getAliases',
        'ipv4_addresses': 'getIpv4Addresses',
    },
    'LocalNetwork': {'machine_id': 'getMachineId', 'fqdn': 'getFqdn', 'addresses': 'getAddresses'},
    'NetworkInfo': {
        'identifier': 'getIdentifier.getIdentifier', 'nick_identifier': 'getIdentifier.getNickIdentifier',
        'host_id': 'getHostId', 'http_port': 'getHttpPort', 'stereotypes': 'getStereotypes', 'network': 'getNetwork',
    },
    'InstanceInfo': {
        **_IDENTIFIER, 'node_name': 'getNodeName', 'port': 'getPort', 'statecode': 'getState', 'statename': 'getState',
        'loading': 'getLoading', 'process_failure': 'hasProcessFailure',
        'remote_sequence_counter': 'getRemoteSequenceCounter', 'remote_mtime': 'getRemoteMonotonicTime',
        'remote_time': 'getRemotePosixTime', 'local_sequence_counter': 'getLocalSequenceCounter',
        'local_mtime': 'getLocalMonotonicTime', 'local_time': 'getLocalPosixTime', 'stalled': 'getStalled',
        'reason': 'getReason', 'orphans': 'getOrphans',
    },
    'Orphan': {'namespec': 'getNamespec', 'pid': 'getPID', 'start': 'getStart'},
    'ApplicationInfo': {
        'application_name': 'getApplicationName', 'managed': 'isManaged', 'now_monotonic': 'getNowMonotonic',
        'statecode': 'getState', 'statename': 'getState', 'major_failure': 'hasMajorFailure',
        'minor_failure': 'hasMinorFailure',
    },
    'ProcessInfo': {
        'application_name': 'getApplicationName', 'process_name': 'getProcessName', 'now_monotonic': 'getNowMonotonic',
        'last_event_mtime': 'getLastEventMonotonicTime', 'statecode': 'getState', 'statename': 'getState',
        'expected_exit': 'getExpectedExitStatus', 'identifiers': 'getIdentifiers', 'extra_args': 'getExtraArgs',
        'reason': 'getReason',
    },
    'LocalProcessInfo': _LOCAL_PROCESS,
    'InnerProcessInfo': {
        **_LOCAL_PROCESS, **_IDENTIFIER, 'event_time': 'getEventMonotonicTime', 'local_mtime': 'getLocalMonotonicTime',
        'uptime': 'getUptime', 'has_crashed': 'hasCrashed',
    },
    'ApplicationRules': {
        'application_name': 'getApplicationName', 'managed': 'isManaged', 'distribution': 'getDistribution',
        'identifiers': 'getIdentifiers', 'start_sequence': 'getStartSequence', 'stop_sequence': 'getStopSequence',
        'starting_strategy': 'getStartingStrategy', 'starting_failure_strategy': 'getStartingFailureStrategy',
        'running_failure_strategy': 'getRunningFailureStrategy', 'status_formula': 'getStatusFormula',
    },
    'ProcessRules': {
        'application_name': 'getApplicationName', 'process_name': 'getProcessName', 'identifiers': 'getIdentifiers',
        'start_sequence': 'getStartSequence', 'stop_sequence': 'getStopSequence', 'required': 'isRequired',
        'wait_exit': 'hasToWaitExit', 'loading': 'getLoading', 'expected_loading': 'getExpectedLoading',
        'starting_failure_strategy': 'getStartingFailureStrategy',
        'running_failure_strategy': 'getRunningFailureStrategy',
    },
    'StartPrediction': {
        'application_name': 'getApplicationName', 'process_name': 'getProcessName', 'state': 'getState',
        'forced_reason': 'getForcedReason', 'running_identifiers': 'getRunningIdentifiers',
    },
    'StatisticsStatus': {
        'host_stats': 'areHostStatisticsCollected', 'process_stats': 'areProcessStatisticsCollected',
        'collecting_period': 'getStatisticsCollectingPeriod',
    },
}
