"""Every reading method, through the three clients: the answers are equal field by field."""
from __future__ import annotations

from typing import Any

import interop_jvm
import pytest
from interop_answers import METHODS, volatile_numbers, without_volatile
from interop_clients import JAVA_METHODS, JavaClient, three_clients
from interop_jvm import GETTERS

from supvisors.demo import LocalCluster
from tests.cluster.layouts import TRIO

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop')]

CLOCK_SLACK = 30.0
"""The three calls follow each other: what grows with time may differ by so many seconds or counts."""

READS: list[tuple[Any, ...]] = [
    ('get_api_version',), ('get_supvisors_state',), ('get_all_instances_state_modes',), ('get_instance_state_modes',),
    ('get_instance_state_modes', 'sv02'), ('get_master_identifier',), ('get_strategies',), ('get_network_info', 'sv03'),
    ('get_instance_info', 'sv01'), ('get_all_instances_info',), ('get_all_applications_info',),
    ('get_application_info', 'chain'), ('get_application_info', 'free'), ('get_all_process_info',),
    ('get_process_info', 'chain:second'), ('get_process_info', 'homes:*'), ('get_all_local_process_info',),
    ('get_local_process_info', 'homes:home1'), ('get_core_identifiers',), ('get_statistics_status',),
    ('get_all_inner_process_info',), ('get_all_inner_process_info', 'sv02'), ('get_inner_process_info',),
    ('get_inner_process_info', 'sv03'), ('get_inner_process_info', 'sv01', 'homes:*'),
    ('get_inner_process_info', '', 'chain:second'),
    ('get_application_rules', 'auto'), ('get_application_rules', 'placed'), ('get_application_rules', 'free'),
    ('get_process_rules', 'placed:*'), ('get_process_rules', 'homes:home2'), ('get_process_rules', 'only3:there'),
    ('get_conflicts',), ('test_start_application', 'CONFIG', 'placed'), ('test_start_application', 'LOCAL', 'badly'),
    ('test_start_process', 'LESS_LOADED', 'spare:*'), ('test_start_process', 'LOCAL', 'only3:there'),
    ('test_start_process', 'MOST_LOADED_NODE', 'slow:stopper'),
]
ACTIONS = ('start_application', 'stop_application', 'start_process', 'stop_process', 'restart', 'shutdown',
           'change_log_level', 'end_sync', 'restart_application', 'restart_process', 'start_any_process',
           'restart_sequence', 'start_args', 'update_numprocs', 'enable', 'disable')


def test_every_method_and_field_is_compared() -> None:
    from interop_answers import CONTRACT
    assert {call[0] for call in READS} | set(ACTIONS) == set(METHODS) == set(JAVA_METHODS)
    for name, structure in CONTRACT['structures'].items():
        assert set(GETTERS[name]) == {field['name'] for field in structure['fields']}


@pytest.mark.parametrize('nick', TRIO)
@pytest.mark.parametrize('call', READS, ids=lambda call: '-'.join(call))
def test_answers_are_equal(shared: LocalCluster, call: tuple[Any, ...], nick: str) -> None:
    method, *arguments = call
    returns = METHODS[method]['returns']
    answers = {name: client.call(method, *arguments) for name, client in three_clients(shared[nick]).items()}
    fixed = {name: without_volatile(answer, returns) for name, answer in answers.items()}
    assert fixed['sdk'] == fixed['plain']
    assert fixed['java'] == fixed['plain']
    numbers = {name: dict(volatile_numbers(answer, returns)) for name, answer in answers.items()}
    for path, value in numbers['plain'].items():
        assert numbers['sdk'][path] == pytest.approx(value, abs=CLOCK_SLACK), path
        assert numbers['java'][path] == pytest.approx(value, abs=CLOCK_SLACK), path


def test_answers_say_something(shared: LocalCluster) -> None:
    """The comparison above is not one of empty lists."""
    client = three_clients(shared['sv01'])['java']
    assert len(client.call('get_all_instances_info')) == 3
    assert {info['application_name'] for info in client.call('get_all_applications_info')} == {
        'chain', 'homes', 'slow', 'badly', 'free', 'only3', 'auto', 'placed', 'spare', 'twin', 'tools'}
    assert [info['statename'] for info in client.call('get_process_info', 'homes:*')] == ['RUNNING'] * 3
    (info,) = client.call('get_network_info', 'sv02')
    assert info['http_port'] == shared['sv02'].port
    assert info['network']['machine_id']
    assert client.call('get_statistics_status')['collecting_period'] >= 1.0
    second, third = ({info['name'] for info in client.call('get_all_inner_process_info', nick)} for nick in TRIO[1:])
    assert third == second | {'there', 'lonely'}
    infos = client.call('get_inner_process_info', 'sv02', 'homes:*')
    assert [info['nick_identifier'] for info in infos] == ['sv02'] * 3
    assert 'RUNNING' in {info['statename'] for info in infos}


def test_one_instance_without_a_map(shared: LocalCluster) -> None:
    client = JavaClient(shared['sv01'])
    info = client.supvisors.getNetworkInfo('sv02')
    assert str(info.getName()) == str(info.getIdentifier().getIdentifier()) == shared['sv02'].identifier


def test_keys_of_the_maps(shared: LocalCluster) -> None:
    client = JavaClient(shared['sv01'])
    for answer in (client.supvisors.getAllInstancesInfo(), client.supvisors.getAllProcessInfo(),
                   client.supvisors.getAllLocalProcessInfo(), client.supvisors.getAllApplicationInfo(),
                   client.supvisors.getAllInstancesStateModes(), client.supvisors.getNetworkInfos('sv01'),
                   client.supvisors.getAllInnerProcessInfo(), client.supvisors.getInnerProcessInfo('sv02', 'homes:*'),
                   client.supvisors.getProcessRules('placed:*'),
                   client.supvisors.testStartProcess(interop_jvm.starting_strategy('CONFIG'), 'spare:*')):
        assert not answer.isEmpty()
        for entry in answer.entrySet():
            assert str(entry.getKey()) == str(entry.getValue().getName())
