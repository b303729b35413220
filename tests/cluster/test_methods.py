"""Every method of the contract, asked of every instance by plain XML-RPC."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.demo import LocalCluster
from tests.cluster.layouts import TRIO
from tests.contract.checker import check, load_contract

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-methods')]

CONTRACT: dict[str, Any] = load_contract()
METHODS: dict[str, Any] = CONTRACT['methods']

READS: dict[str, list[tuple[Any, ...]]] = {
    'get_api_version': [()],
    'get_supvisors_state': [()],
    'get_all_instances_state_modes': [()],
    'get_instance_state_modes': [(), ('',), ('sv02',)],
    'get_master_identifier': [()],
    'get_strategies': [()],
    'get_network_info': [('sv03',)],
    'get_instance_info': [('sv01',)],
    'get_all_instances_info': [()],
    'get_all_applications_info': [()],
    'get_application_info': [('chain',), ('free',)],
    'get_all_process_info': [()],
    'get_process_info': [('chain:first',), ('chain:*',), ('chain:',)],
    'get_all_local_process_info': [()],
    'get_local_process_info': [('chain:first',)],
}
ACTIONS = ('start_application', 'stop_application', 'start_process', 'stop_process', 'restart', 'shutdown')


@pytest.fixture(autouse=True)
def chain_stopped(shared: LocalCluster) -> Iterator[None]:
    yield
    assert {info['statename'] for info in shared[0].call('supvisors.get_process_info', 'chain:*')} == {'STOPPED'}


def test_the_lists_above_are_complete() -> None:
    assert sorted([*READS, *ACTIONS]) == sorted(METHODS)


def test_methods_are_listed(shared: LocalCluster) -> None:
    for daemon in shared:
        listed = {name for name in daemon.call('system.listMethods') if name.startswith('supvisors.')}
        assert listed >= {f'supvisors.{name}' for name in METHODS}


@pytest.mark.parametrize('nick', TRIO)
@pytest.mark.parametrize('method', READS)
def test_reading(shared: LocalCluster, method: str, nick: str) -> None:
    for arguments in READS[method]:
        answer = shared[nick].call(f'supvisors.{method}', *arguments)
        check(answer, METHODS[method]['returns'], CONTRACT, f'{method}{arguments}')


@pytest.mark.parametrize('nick', TRIO)
def test_acting(shared: LocalCluster, nick: str) -> None:
    daemon = shared[nick]
    assert daemon.call('supvisors.start_application', 'CONFIG', 'chain') is True
    check(daemon.call('supvisors.get_all_process_info'), METHODS['get_all_process_info']['returns'], CONTRACT)
    assert daemon.call('supvisors.stop_process', 'chain:third') is True
    assert daemon.call('supvisors.start_process', 1, 'chain:third') is True
    assert daemon.call('supvisors.stop_application', 'chain') is True


@pytest.mark.parametrize('method', METHODS)
def test_signatures(shared: LocalCluster, method: str) -> None:
    signature = shared[0].call('system.methodSignature', f'supvisors.{method}')
    expected = [METHODS[method]['returns'], *METHODS[method]['params']]
    assert len(signature) == len(expected)
    for name, description in zip(signature, expected, strict=True):
        assert name in description['type'].split('|')
    assert shared[0].call('system.methodHelp', f'supvisors.{method}').strip()


def test_instances_tell_the_same(shared: LocalCluster) -> None:
    states = [daemon.call('supvisors.get_supvisors_state') for daemon in shared]
    for key in ('fsm_statename', 'master_identifier', 'instance_states', 'starting_jobs', 'stopping_jobs'):
        assert all(state[key] == states[0][key] for state in states), key
    processes = [
        [(info['application_name'], info['process_name'], info['statename'], info['identifiers'])
         for info in daemon.call('supvisors.get_all_process_info')]
        for daemon in shared
    ]
    assert processes[0] == processes[1] == processes[2]
    assert processes[0] == sorted(processes[0])


def test_multicall_keeps_faults_in_place(shared: LocalCluster) -> None:
    answers = shared[0].call('system.multicall', [
        {'methodName': 'supvisors.get_api_version', 'params': []},
        {'methodName': 'supvisors.get_application_info', 'params': ['nope']},
        {'methodName': 'supvisors.start_process', 'params': ['CONFIG', 'homes:home1']},
        {'methodName': 'supvisors.stop_process', 'params': ['homes:home1']},
    ])
    assert isinstance(answers[0], str)
    assert answers[1]['faultCode'] == 10
    assert answers[2:] == [True, True]


def test_unknown_methods(shared: LocalCluster) -> None:
    for method in ('supvisors.nope', 'supvisors._engine', 'supvisors.get_api_version.x'):
        with pytest.raises(Fault) as caught:
            shared[0].call(method)
        assert caught.value.faultCode == 1
