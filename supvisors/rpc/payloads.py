"""From what the engine shows to the structs of `contract/api.json`: exact keys, exact types, never None."""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import IntEnum
from typing import Any

from supvisors.engine.messages import Info
from supvisors.engine.view import (
    ApplicationView,
    InnerProcessView,
    InstanceView,
    ModesView,
    Prediction,
    ProcessView,
)
from supvisors.model.enums import ApplicationState, DistributionRule, InstanceState, ProcessState, SupvisorsState
from supvisors.model.identity import Identity, Now
from supvisors.model.options import Options
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import ApplicationRules, ProgramRules
from supvisors.rpc.text import for_xml

Struct = dict[str, Any]

_MAXINT = 2**31 - 1
_MININT = -2**31


def _names(enum: Iterable[IntEnum]) -> dict[int, str]:
    # Enum.name is a descriptor, slow for thousands of processes
    return {int(member): member.name for member in enum}


_FSM_STATES = _names(SupvisorsState)
_INSTANCE_STATES = _names(InstanceState)
_APPLICATION_STATES = _names(ApplicationState)
_PROCESS_STATES = _names(ProcessState)


def _int(value: float) -> int:
    """XML-RPC has 32 bits; the marshaller raises above."""
    if type(value) is int and _MININT <= value <= _MAXINT:  # nearly always
        return value
    return max(_MININT, min(int(value), _MAXINT))


def _double(value: float) -> float:
    """XML-RPC has neither infinity nor NaN."""
    return float(value) if math.isfinite(value) else 0.0


def identifier(identity: Identity) -> Struct:
    return {'identifier': identity.identifier, 'nick_identifier': identity.nick_identifier}


def state_modes(modes: ModesView, now: Now) -> Struct:
    return _modes(modes, now, bool(modes.starting), bool(modes.stopping))


def supvisors_status(modes: ModesView, starting: Iterable[str], stopping: Iterable[str], now: Now) -> Struct:
    return _modes(modes, now, list(starting), list(stopping))


def _modes(modes: ModesView, now: Now, starting: object, stopping: object) -> Struct:
    return {
        **identifier(modes.identity),
        'now_monotonic': float(now.mono),
        'fsm_statecode': int(modes.state),
        'fsm_statename': _FSM_STATES[modes.state],
        'degraded_mode': modes.degraded,
        'discovery_mode': modes.discovery,
        'master_identifier': modes.master,
        'starting_jobs': starting,
        'stopping_jobs': stopping,
        'instance_states': {key: _INSTANCE_STATES[state] for key, state in modes.instance_states.items()},
    }


def strategies(options: Options) -> Struct:
    return {
        'auto-fencing': options.auto_fence,
        'starting': options.starting_strategy.name,
        'conciliation': options.conciliation_strategy.name,
        'supvisors_failure': options.supvisors_failure_strategy.name,
    }


def statistics_status(host: bool, process: bool, options: Options) -> Struct:
    return {'host_stats': host, 'process_stats': process, 'collecting_period': float(options.stats_collecting_period)}


def network_info(view: InstanceView) -> Struct:
    identity = view.identity
    struct = {
        **identifier(identity),
        'host_id': identity.host_id,
        'http_port': identity.port,
        'stereotypes': list(identity.stereotypes),
    }
    if view.info is not None:
        struct['network'] = _local_network(view.info)
    return struct


def _local_network(info: Info) -> Struct:
    # told by another instance, maybe of another release: what is not there or not of the type is left empty
    network = info.network
    return {
        'machine_id': for_xml(info.machine_id) or _text(network, 'machine_id'),
        'fqdn': _text(network, 'fqdn'),
        'addresses': {for_xml(nic): _address(address, nic) for nic, address in _struct(network, 'addresses').items()
                      if isinstance(address, Mapping)},
    }


def _address(address: Mapping[str, object], nic: str) -> Struct:
    nic_info = _struct(address, 'nic_info')
    ipv4_address = _text(nic_info, 'ipv4_address')
    return {
        'nic_info': {
            'nic_name': _text(nic_info, 'nic_name') or for_xml(nic),
            'ipv4_address': ipv4_address,
            'netmask': _text(nic_info, 'netmask'),
        },
        'host_name': _text(address, 'host_name') or ipv4_address,
        'aliases': _texts(address, 'aliases'),
        'ipv4_addresses': _texts(address, 'ipv4_addresses'),
    }


def _text(struct: Mapping[str, object], key: str) -> str:
    value = struct.get(key)
    return for_xml(value) if isinstance(value, str) else ''


def _texts(struct: Mapping[str, object], key: str) -> list[str]:
    value = struct.get(key)
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        return []
    return [for_xml(item) for item in value if isinstance(item, str)]


def _struct(struct: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = struct.get(key)
    return value if isinstance(value, Mapping) else {}


def instance_info(view: InstanceView) -> Struct:
    return {
        **identifier(view.identity),
        'node_name': view.identity.host_id,
        'port': view.identity.port,
        'statecode': int(view.state),
        'statename': _INSTANCE_STATES[view.state],
        'loading': _int(view.loading),
        'process_failure': view.process_failure,
        'remote_sequence_counter': _int(view.remote_counter),
        'remote_mtime': _double(view.remote_mono),
        'remote_time': _double(view.remote_wall),
        'local_sequence_counter': _int(view.local_counter),
        'local_mtime': _double(view.local_mono),
        'local_time': _double(view.local_wall),
        'stalled': _double(view.stalled),
        'reason': for_xml(view.reason),
        'orphans': [_orphan(one) for one in view.orphans],
    }


def _orphan(orphan: Orphan) -> Struct:
    return {'namespec': for_xml(orphan.namespec), 'pid': _int(orphan.pid), 'start': _int(orphan.start)}


def application_info(view: ApplicationView, now: Now) -> Struct:
    return {
        'application_name': for_xml(view.name),
        'managed': view.managed,
        'now_monotonic': float(now.mono),
        'statecode': int(view.state),
        'statename': _APPLICATION_STATES[view.state],
        'major_failure': view.major_failure,
        'minor_failure': view.minor_failure,
    }


def process_info(view: ProcessView, now: Now) -> Struct:
    state = _process_state(view.state)
    return {
        'application_name': for_xml(view.group),
        'process_name': for_xml(view.name),
        'now_monotonic': float(now.mono),
        'last_event_mtime': _double(view.event_mono),
        'statecode': state,
        'statename': _PROCESS_STATES[state],
        'expected_exit': view.expected_exit,
        'identifiers': sorted(view.identifiers),
        'extra_args': for_xml(view.extra_args),
        'reason': for_xml(view.reason),
    }


def application_rules(name: str, rules: ApplicationRules) -> Struct:
    if not rules.managed:
        return {'application_name': for_xml(name), 'managed': False}
    struct = {
        'application_name': for_xml(name),
        'managed': True,
        'distribution': rules.distribution.name,
        'start_sequence': _int(rules.start_sequence),
        'stop_sequence': _int(rules.stop_sequence),
        'starting_strategy': rules.starting_strategy.name,
        'starting_failure_strategy': rules.starting_failure_strategy.name,
        'running_failure_strategy': rules.running_failure_strategy.name,
        'status_formula': for_xml(rules.formula.text) if rules.formula else '',
    }
    if rules.distribution is not DistributionRule.ALL_INSTANCES:
        # otherwise each process has its own
        struct['identifiers'] = [for_xml(one) for one in rules.identifiers]
    return struct


def process_rules(view: ProcessView, rules: ProgramRules) -> Struct:
    return {
        'application_name': for_xml(view.group),
        'process_name': for_xml(view.name),
        'identifiers': [for_xml(one) for one in rules.identifiers],
        'start_sequence': _int(rules.start_sequence),
        'stop_sequence': _int(rules.stop_sequence),
        'required': rules.required,
        'wait_exit': rules.wait_exit,
        # both names are in use
        'loading': _int(rules.expected_loading),
        'expected_loading': _int(rules.expected_loading),
        'starting_failure_strategy': rules.starting_failure_strategy.name,
        'running_failure_strategy': rules.running_failure_strategy.name,
    }


def start_prediction(prediction: Prediction) -> Struct:
    return {
        'application_name': for_xml(prediction.group),
        'process_name': for_xml(prediction.name),
        'state': _PROCESS_STATES[_process_state(prediction.state)],
        'forced_reason': for_xml(prediction.reason),
        'running_identifiers': sorted(prediction.identifiers),
    }


def local_process_info(record: ProcessRecord, now: Now) -> Struct:
    return _record_info(record, now, now.mono)


def inner_process_info(view: InnerProcessView, now: Now, there: float) -> Struct:
    """`there`: the monotonic clock of the instance of the process, as well as it is known."""
    record = view.record
    return {
        **_record_info(record, now, there),
        **identifier(view.identity),
        'event_time': _double(record.event_mono),
        'local_mtime': _double(view.local_mono),
        'uptime': max(0.0, _double(there - record.start_mono)) if record.running else 0.0,
        'has_crashed': view.has_crashed,
    }


def _record_info(record: ProcessRecord, now: Now, there: float) -> Struct:
    state = _process_state(record.state)
    return {
        'group': for_xml(record.group),
        'name': for_xml(record.name),
        'state': state,
        'statename': _PROCESS_STATES[state],
        'start': _int(record.start),
        'start_monotonic': _double(record.start_mono),
        'stop': _int(record.stop),
        'stop_monotonic': _double(record.stop_mono),
        'now': float(now.wall),
        'now_monotonic': float(now.mono),
        'pid': _int(record.pid),
        'description': _description(record, there),
        'spawnerr': for_xml(record.spawnerr),
        'expected': not record.spawnerr,
        'startsecs': _int(record.startsecs),
        'stopwaitsecs': _int(record.stopwaitsecs),
        'extra_args': for_xml(record.extra_args),
        'disabled': record.disabled,
        'program_name': for_xml(record.program_name),
        'process_index': _int(record.process_index),
        'has_stdout': record.has_stdout,
        'has_stderr': record.has_stderr,
    }


def _process_state(state: int) -> int:
    return int(state) if state in _PROCESS_STATES else int(ProcessState.UNKNOWN)


def _description(record: ProcessRecord, there: float) -> str:
    if record.state != ProcessState.RUNNING:
        return for_xml(record.description)
    # the record dates from the last event, and supervisord's text tells the uptime
    uptime = timedelta(seconds=max(0, _int(_double(there - record.start_mono))))
    return f'pid {record.pid}, uptime {uptime}'
