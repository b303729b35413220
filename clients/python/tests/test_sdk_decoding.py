"""Plain values to typed ones: what is refused, what is tolerated."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from supvisors_client import (
    ConciliationStrategy,
    Identifier,
    InstanceState,
    NetworkInfo,
    ProcessInfo,
    ProcessState,
    ProtocolError,
    StartingStrategy,
    methods,
)

PROCESS: dict[str, Any] = {
    'application_name': 'a',
    'process_name': 'p',
    'now_monotonic': 12.5,
    'last_event_mtime': 3,
    'statecode': 20,
    'statename': 'RUNNING',
    'expected_exit': True,
    'identifiers': ['h:1', 'h:2'],
    'extra_args': '',
}


def decode_process(**changes: Any) -> ProcessInfo:
    return methods.supvisors.GET_PROCESS_INFO.decode([{**PROCESS, **changes}])[0]


def test_values_are_typed() -> None:
    info = decode_process()
    assert info.statecode is ProcessState.RUNNING
    assert info.identifiers == ('h:1', 'h:2')
    assert type(info.last_event_mtime) is float


def test_results_are_immutable_values() -> None:
    info = decode_process()
    with pytest.raises(dataclasses.FrozenInstanceError):
        info.extra_args = 'x'  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(info)) == copy.deepcopy(info) == info
    assert hash(info) == hash(decode_process())


def test_unknown_field_is_ignored() -> None:
    assert decode_process(from_the_future=[1]) == decode_process()


def test_unknown_state_keeps_the_rest_of_the_list() -> None:
    raw = [PROCESS, {**PROCESS, 'statecode': 55, 'statename': 'HIBERNATING'}]
    first, second = methods.supvisors.GET_ALL_PROCESS_INFO.decode(raw)
    assert first.statecode is ProcessState.RUNNING
    assert (second.statecode, second.statename) == (ProcessState.UNRECOGNIZED, 'HIBERNATING')


def test_unknown_name_becomes_unrecognized() -> None:
    raw = {'auto-fencing': False, 'starting': 'LUCKY', 'conciliation': 'USER', 'supvisors_failure': 'CONTINUE'}
    strategies = methods.supvisors.GET_STRATEGIES.decode(raw)
    assert strategies.starting is StartingStrategy.UNRECOGNIZED
    assert strategies.conciliation is ConciliationStrategy.USER
    assert strategies.auto_fencing is False


@pytest.mark.parametrize('field', PROCESS)
def test_missing_field_is_named(field: str) -> None:
    raw = {name: value for name, value in PROCESS.items() if name != field}
    with pytest.raises(ProtocolError, match=rf'^supvisors\.get_all_process_info: ProcessInfo\.{field}: missing$'):
        methods.supvisors.GET_ALL_PROCESS_INFO.decode([raw])


@pytest.mark.parametrize(
    ('field', 'value', 'text'),
    [
        ('process_name', 3, 'expected string, got 3'),
        ('expected_exit', 1, 'expected boolean, got 1'),
        ('now_monotonic', True, 'expected double, got True'),
        ('now_monotonic', '1.0', "expected double, got '1.0'"),
        ('statecode', 20.0, 'expected a name or a code of ProcessState, got 20.0'),
        ('statecode', True, 'expected a name or a code of ProcessState, got True'),
        ('identifiers', 'h:1', "expected array, got 'h:1'"),
        ('identifiers', [1], 'expected string, got 1'),
        ('extra_args', None, 'expected string, got None'),
    ],
)
def test_wrong_type_is_named(field: str, value: object, text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_process(**{field: value})
    assert str(caught.value) == f'supvisors.get_process_info: ProcessInfo.{field}: {text}'


def test_int_is_not_taken_from_a_double() -> None:
    raw = {'identifier': 'h:1', 'nick_identifier': 'n', 'host_id': 'h', 'http_port': 1.0, 'stereotypes': []}
    with pytest.raises(ProtocolError, match=r'NetworkInfo\.http_port: expected int'):
        methods.supvisors.GET_NETWORK_INFO.decode([raw])


def test_nested_structure_is_named() -> None:
    raw = {'identifier': 'h:1', 'nick_identifier': 'n', 'host_id': 'h', 'http_port': 1, 'stereotypes': []}
    (without,) = methods.supvisors.GET_NETWORK_INFO.decode([raw])
    assert without == NetworkInfo(identifier='h:1', nick_identifier='n', host_id='h', http_port=1, stereotypes=())
    network = {'machine_id': 'm', 'fqdn': 'f', 'addresses': {'eth0': {'nic_info': {'nic_name': 'eth0'}}}}
    with pytest.raises(ProtocolError, match=r'NicInformation\.ipv4_address: missing'):
        methods.supvisors.GET_NETWORK_INFO.decode([{**raw, 'network': network}])


def test_no_master_is_false() -> None:
    assert not methods.supvisors.GET_MASTER_IDENTIFIER.decode({})
    master = methods.supvisors.GET_MASTER_IDENTIFIER.decode({'identifier': 'h:1', 'nick_identifier': 'n'})
    assert master
    assert master.identifier == 'h:1'


def test_map_of_states() -> None:
    assert InstanceState.received('CHECKED') is InstanceState.CHECKED
    assert InstanceState.received('NEW') is InstanceState.received(77) is InstanceState.UNRECOGNIZED


@pytest.mark.parametrize('raw', [[], 'x', 3, None])
def test_struct_expected(raw: object) -> None:
    with pytest.raises(ProtocolError, match=r'get_strategies: expected struct'):
        methods.supvisors.GET_STRATEGIES.decode(raw)


def test_built_by_name_only() -> None:
    with pytest.raises(TypeError):
        Identifier('h:1', 'n')  # type: ignore[call-arg, misc, unused-ignore]


@pytest.mark.parametrize('strategy', [StartingStrategy.LOCAL, 'LOCAL', 3])
def test_strategy_is_sent_by_name(strategy: StartingStrategy | str | int) -> None:
    assert methods.supvisors.START_APPLICATION.encode((strategy, 'a', True)) == ['LOCAL', 'a', True]


@pytest.mark.parametrize('strategy', ['local', 'NEW', 'UNRECOGNIZED', 6, -99, StartingStrategy.UNRECOGNIZED])
def test_strategy_out_of_the_enumeration(strategy: str | int) -> None:
    with pytest.raises(ValueError, match=r'StartingStrategy: .* is not one of CONFIG, .*MOST_LOADED_NODE$'):
        methods.supvisors.START_APPLICATION.encode((strategy, 'a', True))


@pytest.mark.parametrize('strategy', [True, 1.0, None, ConciliationStrategy.USER])
def test_strategy_of_a_wrong_type(strategy: object) -> None:
    with pytest.raises(TypeError, match='StartingStrategy'):
        methods.supvisors.START_APPLICATION.encode((strategy, 'a', True))


@pytest.mark.parametrize(('arguments', 'name'), [((1, True), 'application_name'), (('a', 1), 'wait')])
def test_parameter_of_a_wrong_type(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(TypeError, match=f'^{name}: expected'):
        methods.supvisors.STOP_APPLICATION.encode(arguments)


@pytest.mark.parametrize(
    ('name', 'reads'),
    [
        ('supvisors.get_api_version', True),
        ('system.listMethods', True),
        ('supervisor.getState', True),
        ('supervisor.readLog', True),
        ('system.multicall', False),
        ('supervisor.startProcess', False),
        ('supvisors.restart', False),
        ('supervisor.get.shutdown', False),
        ('supvisors.test_start_application', True),
        ('supvisors.test_start_process', True),
        ('supvisors.start_process', False),
        ('other.test_start_process', False),
    ],
)
def test_what_may_be_sent_twice(name: str, reads: bool) -> None:
    assert methods.reads_only(name) is reads
