"""Contents of the structs. Their shapes are the subject of tests/contract."""
from __future__ import annotations

import time
from typing import Any

import attrs
import pytest

from supvisors.engine.messages import Info
from supvisors.engine.view import Prediction
from supvisors.model.enums import (
    ConciliationStrategy,
    DistributionRule,
    ProcessState,
    StartingStrategy,
    SupvisorsFailureStrategy,
    SupvisorsState,
)
from supvisors.model.identity import Now
from supvisors.model.options import Options
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import ApplicationRules, Rules
from supvisors.rpc import payloads
from tests.contract.checker import check, load_contract
from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import (
    ABSENT,
    LOCAL,
    NETWORK,
    NOW,
    OTHER,
    Daemon,
    World,
    instance_view,
    modes_view,
    process_view,
)

CONTRACT = load_contract()


def conforms(value: object, structure: str) -> None:
    check(value, {'type': 'struct', 'structure': structure}, CONTRACT)


def test_supvisors_state(rpc: Dispatcher, world: World) -> None:
    world.starting_instances = ['b', 'a']
    assert rpc.call('get_supvisors_state') == {
        'identifier': '10.0.0.1:61000', 'nick_identifier': 'alpha', 'now_monotonic': 1000.5,
        'fsm_statecode': 4, 'fsm_statename': 'OPERATION', 'degraded_mode': True, 'discovery_mode': False,
        'master_identifier': '10.0.0.1:61000', 'starting_jobs': ['b', 'a'], 'stopping_jobs': [],
        'instance_states': {'10.0.0.1:61000': 'RUNNING', '10.0.0.2:61000': 'RUNNING', '[::1]:61010': 'STOPPED'},
    }


def test_state_modes() -> None:
    struct = payloads.state_modes(attrs.evolve(modes_view(OTHER), state=SupvisorsState.FINAL, master=''), NOW)
    assert (struct['starting_jobs'], struct['stopping_jobs']) == (True, False)
    assert (struct['identifier'], struct['nick_identifier']) == ('10.0.0.2:61000', '10.0.0.2:61000')
    assert (struct['fsm_statecode'], struct['fsm_statename'], struct['master_identifier']) == (8, 'FINAL', '')


@pytest.mark.parametrize('method', ['get_all_instances_state_modes', 'get_all_instances_info'])
def test_instances_are_sorted(rpc: Dispatcher, method: str) -> None:
    names = [struct['identifier'] for struct in rpc.call(method)]
    assert names == sorted(names) == ['10.0.0.1:61000', '10.0.0.2:61000', '[::1]:61010']


@pytest.mark.parametrize('method', ['get_instance_state_modes', 'get_instance_info', 'get_network_info'])
def test_a_name_may_designate_several_instances(rpc: Dispatcher, method: str) -> None:
    def found(name: str) -> list[Any]:
        return [struct['identifier'] for struct in rpc.call(method, name)]

    assert found('alpha') == found('10.0.0.1:61000') == [LOCAL.identifier]
    assert found('edge') == [OTHER.identifier, LOCAL.identifier]
    assert found('zulu') == [ABSENT.identifier]


def test_modes_without_identifier_are_those_of_the_local_instance(rpc: Dispatcher) -> None:
    assert [struct['identifier'] for struct in rpc.call('get_instance_state_modes')] == [LOCAL.identifier]
    assert rpc.call('get_instance_state_modes', '') == rpc.call('get_instance_state_modes')


def test_master(rpc: Dispatcher, world: World) -> None:
    world.master = ABSENT.identifier
    assert rpc.call('get_master_identifier') == {'identifier': '[::1]:61010', 'nick_identifier': 'zulu'}
    world.master = ''
    assert rpc.call('get_master_identifier') == {}


def test_strategies() -> None:
    options = Options(auto_fence=True, conciliation_strategy=ConciliationStrategy.STOP,
                      starting_strategy=StartingStrategy.MOST_LOADED_NODE,
                      supvisors_failure_strategy=SupvisorsFailureStrategy.RESYNC)
    assert Dispatcher(Daemon(options=options).interface).call('get_strategies') == {
        'auto-fencing': True, 'starting': 'MOST_LOADED_NODE', 'conciliation': 'STOP', 'supvisors_failure': 'RESYNC'}


def test_network(rpc: Dispatcher) -> None:
    [alpha] = rpc.call('get_network_info', 'alpha')
    assert alpha == {'identifier': '10.0.0.1:61000', 'nick_identifier': 'alpha', 'host_id': '10.0.0.1',
                     'http_port': 61000, 'stereotypes': ['edge'], 'network': {'machine_id': 'machine-1', **NETWORK}}
    assert 'network' not in rpc.call('get_network_info', 'zulu')[0]


@pytest.mark.parametrize('network', [
    {}, {'fqdn': 5, 'addresses': []},
    {'addresses': {'eth0': None, 'eth1': {}, 'eth2': {'nic_info': 1, 'aliases': 'ab'}}},
    {'more': 1, 'addresses': {'eth0': {'aliases': ('a', 1, None), 'ipv4_addresses': ['b\x00'], 'more': 1}}},
])
def test_network_of_another_release(network: dict[str, object]) -> None:
    struct = payloads.network_info(instance_view(OTHER, Info('9', '', (), '', network)))
    conforms(struct, 'NetworkInfo')
    assert 'network' in struct


def test_instance() -> None:
    view = attrs.evolve(instance_view(OTHER, None), remote_counter=2**40, loading=300, remote_wall=2**33,
                        stalled=float('inf'), local_mono=float('nan'), reason='no answer\x00',
                        orphans=(Orphan('web:a\x00', 42, 2**33),))
    struct = payloads.instance_info(view)
    conforms(struct, 'InstanceInfo')
    assert struct['node_name'] == '10.0.0.2'
    assert (struct['statecode'], struct['statename'], struct['loading']) == (3, 'RUNNING', 300)
    assert (struct['remote_sequence_counter'], struct['remote_time']) == (2**31 - 1, 2.0**33)
    assert (struct['local_mtime'], struct['stalled'], struct['reason']) == (0.0, 0.0, 'no answer?')
    assert struct['orphans'] == [{'namespec': 'web:a?', 'pid': 42, 'start': 2**31 - 1}]


def test_applications(rpc: Dispatcher) -> None:
    assert [struct['application_name'] for struct in rpc.call('get_all_applications_info')] == ['backup', 'free', 'web']
    assert rpc.call('get_application_info', 'web') == {
        'application_name': 'web', 'managed': True, 'now_monotonic': 1000.5, 'statecode': 2, 'statename': 'RUNNING',
        'major_failure': False, 'minor_failure': True}


def test_processes(rpc: Dispatcher) -> None:
    def found(method: str, *arguments: str) -> list[Any]:
        return [(struct['application_name'], struct['process_name']) for struct in rpc.call(method, *arguments)]

    assert found('get_all_process_info') == [('backup', 'backup'), ('backup', 'mirror'), ('free', 'free'),
                                             ('web', 'api'), ('web', 'cache')]
    assert found('get_process_info', 'web:*') == found('get_process_info', 'web:') == [('web', 'api'), ('web', 'cache')]
    assert found('get_process_info', 'free') == [('free', 'free')]
    assert rpc.call('get_process_info', 'web:api') == [{
        'application_name': 'web', 'process_name': 'api', 'now_monotonic': 1000.5, 'last_event_mtime': 900.0,
        'statecode': 20, 'statename': 'RUNNING', 'expected_exit': True,
        'identifiers': ['10.0.0.1:61000', '10.0.0.2:61000'], 'extra_args': '', 'reason': ''}]


def test_conflicts(rpc: Dispatcher, world: World) -> None:
    assert rpc.call('get_conflicts') == rpc.call('get_process_info', 'web:api')
    world.shown_processes = [process_view('web', 'api', ProcessState.RUNNING, LOCAL.identifier)]
    assert rpc.call('get_conflicts') == []


def test_application_rules(rpc: Dispatcher) -> None:
    assert rpc.call('get_application_rules', 'web') == {
        'application_name': 'web', 'managed': True, 'distribution': 'SINGLE_NODE', 'identifiers': ['edge', '*'],
        'start_sequence': 1, 'stop_sequence': 2, 'starting_strategy': 'LOCAL', 'starting_failure_strategy': 'STOP',
        'running_failure_strategy': 'RESTART_APPLICATION', 'status_formula': '"api" or "cache"'}


def test_an_application_that_may_be_everywhere_has_no_identifiers(rpc: Dispatcher) -> None:
    assert rpc.call('get_application_rules', 'backup') == {
        'application_name': 'backup', 'managed': True, 'distribution': 'ALL_INSTANCES', 'start_sequence': 0,
        'stop_sequence': 0, 'starting_strategy': 'CONFIG', 'starting_failure_strategy': 'ABORT',
        'running_failure_strategy': 'CONTINUE', 'status_formula': ''}


@pytest.mark.parametrize('distribution', DistributionRule)
def test_identifiers_of_an_application(rpc: Dispatcher, world: World, distribution: DistributionRule) -> None:
    world.rules = Rules({'web': ApplicationRules(managed=True, distribution=distribution, identifiers=('alpha\x00',))})
    struct = rpc.call('get_application_rules', 'web')
    assert struct['distribution'] == distribution.name
    assert struct.get('identifiers') == (None if distribution is DistributionRule.ALL_INSTANCES else ['alpha?'])


def test_rules_of_an_application_that_is_not_managed(rpc: Dispatcher) -> None:
    assert rpc.call('get_application_rules', 'free') == {'application_name': 'free', 'managed': False}


def test_process_rules(rpc: Dispatcher) -> None:
    api, cache = rpc.call('get_process_rules', 'web:*')
    assert api == {
        'application_name': 'web', 'process_name': 'api', 'identifiers': ['alpha', 'edge'], 'start_sequence': 3,
        'stop_sequence': 4, 'required': True, 'wait_exit': False, 'loading': 15, 'expected_loading': 15,
        'starting_failure_strategy': 'CONTINUE', 'running_failure_strategy': 'RESTART_PROCESS'}
    assert cache == {
        'application_name': 'web', 'process_name': 'cache', 'identifiers': ['*'], 'start_sequence': 0,
        'stop_sequence': 0, 'required': False, 'wait_exit': False, 'loading': 0, 'expected_loading': 0,
        'starting_failure_strategy': 'ABORT', 'running_failure_strategy': 'CONTINUE'}
    assert rpc.call('get_process_rules', 'web:api') == [api]
    assert rpc.call('get_process_rules', 'web:') == [api, cache]


@pytest.mark.parametrize('arguments', [('test_start_application', 0, 'backup'), ('test_start_process', 0, 'backup:*')])
def test_predictions(rpc: Dispatcher, world: World, arguments: tuple[Any, ...]) -> None:
    assert rpc.call(*arguments) == [
        {'application_name': 'backup', 'process_name': 'backup', 'state': 'RUNNING', 'forced_reason': '',
         'running_identifiers': ['10.0.0.2:61000']},
        {'application_name': 'backup', 'process_name': 'mirror', 'state': 'FATAL',
         'forced_reason': 'alpha: no resource', 'running_identifiers': []}]
    world.predictions = [Prediction('backup', 'backup', 7, 'why\x00', ('b', 'a'))]
    [struct] = rpc.call(*arguments)
    assert (struct['state'], struct['forced_reason'], struct['running_identifiers']) == ('UNKNOWN', 'why?', ['a', 'b'])


@pytest.mark.parametrize('state', [-1, 7, 2000])
def test_a_process_state_that_the_contract_does_not_have(state: int) -> None:
    struct = payloads.process_info(process_view('web', 'api', state), NOW)
    assert (struct['statecode'], struct['statename']) == (1000, 'UNKNOWN')


def test_local_process(rpc: Dispatcher) -> None:
    assert rpc.call('get_local_process_info', 'web:api') == {
        'group': 'web', 'name': 'api', 'state': 20, 'statename': 'RUNNING', 'start': 1699999900,
        'start_monotonic': 900.0, 'stop': 0, 'stop_monotonic': 0.0, 'now': 1700000000.25, 'now_monotonic': 1000.5,
        'pid': 42, 'description': 'pid 42, uptime 0:01:40', 'spawnerr': '', 'expected': True, 'startsecs': 1,
        'stopwaitsecs': 10, 'extra_args': '', 'disabled': False, 'program_name': '', 'process_index': 0,
        'has_stdout': False, 'has_stderr': False}
    assert rpc.call('get_local_process_info', 'backup')['description'] == 'Not started'
    assert [struct['group'] for struct in rpc.call('get_all_local_process_info')] == ['backup', 'web']


def test_expected_is_about_spawnerr() -> None:
    record = ProcessRecord('web', 'api', state=ProcessState.EXITED, expected=False)
    assert payloads.local_process_info(record, NOW)['expected'] is True
    failed = attrs.evolve(record, state=ProcessState.FATAL, expected=True, spawnerr='no such file \x00')
    struct = payloads.local_process_info(failed, NOW)
    assert (struct['expected'], struct['spawnerr']) == (False, 'no such file ?')


def test_after_2038() -> None:
    now = Now(5.0, 2.0**32)
    record = ProcessRecord('a', 'a', start=2**32, stop=2**40, state=20, start_mono=9.0)
    struct = payloads.local_process_info(record, now)
    conforms(struct, 'LocalProcessInfo')
    assert (struct['start'], struct['stop'], struct['now']) == (2**31 - 1, 2**31 - 1, 2.0**32)
    assert struct['description'] == 'pid 0, uptime 0:00:00'


def test_core_instances_are_in_the_order_of_the_option(rpc: Dispatcher, world: World) -> None:
    assert rpc.call('get_core_identifiers') == [
        {'identifier': '10.0.0.2:61000', 'nick_identifier': '10.0.0.2:61000'},
        {'identifier': '10.0.0.1:61000', 'nick_identifier': 'alpha'}]
    world.cores = []
    assert rpc.call('get_core_identifiers') == []


@pytest.mark.parametrize('period', [5, 7.5])
def test_statistics_status(period: float) -> None:
    rpc = Dispatcher(Daemon(options=Options(stats_collecting_period=period)).interface)
    assert rpc.call('get_statistics_status') == {
        'host_stats': False, 'process_stats': False, 'collecting_period': period}
    assert type(rpc.call('get_statistics_status')['collecting_period']) is float


def test_inner_process(rpc: Dispatcher) -> None:
    """The clock of the other host is 500 behind: its time of the answer is worked out from its last TICK."""
    assert rpc.call('get_inner_process_info', '10.0.0.2:61000', 'web:api') == [{
        'group': 'web', 'name': 'api', 'state': 20, 'statename': 'RUNNING', 'start': 1699999700,
        'start_monotonic': 250.0, 'stop': 0, 'stop_monotonic': 0.0, 'now': 1700000000.25, 'now_monotonic': 1000.5,
        'pid': 43, 'description': 'pid 43, uptime 0:04:10', 'spawnerr': '', 'expected': True, 'startsecs': 1,
        'stopwaitsecs': 10, 'extra_args': '', 'disabled': False, 'program_name': '', 'process_index': 0,
        'has_stdout': False, 'has_stderr': False, 'identifier': '10.0.0.2:61000', 'nick_identifier': '10.0.0.2:61000',
        'event_time': 251.0, 'local_mtime': 751.5, 'uptime': 250.5, 'has_crashed': False}]
    assert [struct['uptime'] for struct in rpc.call('get_inner_process_info', '10.0.0.2:61000')] == [250.5, 0.0]


def test_inner_processes_by_instance(rpc: Dispatcher) -> None:
    def found(*arguments: str) -> list[Any]:
        method = 'get_all_inner_process_info' if len(arguments) == 1 else 'get_inner_process_info'
        return [(struct['identifier'], struct['name'], struct['has_crashed'])
                for struct in rpc.call(method, *arguments)]

    alpha, other = LOCAL.identifier, OTHER.identifier
    assert found('') == found('alpha') == found('', '') == [(alpha, 'backup', False), (alpha, 'api', True)]
    assert found() == found('')
    assert found('edge') == [(other, 'api', False), (other, 'cache', True), *found('alpha')]
    assert found('edge', 'web:api') == [(other, 'api', False), (alpha, 'api', True)]
    assert found('edge', 'web:*') == found('edge', 'web:') == [*found(other), (alpha, 'api', True)]
    assert found('zulu') == found('zulu', '') == []


def test_inner_processes_have_fixed_keys_and_types(rpc: Dispatcher, world: World) -> None:
    for struct in rpc.call('get_all_inner_process_info', 'edge'):
        conforms(struct, 'InnerProcessInfo')
    instance = world.instances[OTHER.identifier]
    world.instances[OTHER.identifier] = attrs.evolve(instance, remote_mono=float('inf'))
    for struct in rpc.call('get_all_inner_process_info', OTHER.identifier):
        conforms(struct, 'InnerProcessInfo')
        assert struct['uptime'] == 0.0


def test_a_thousand_processes_are_cheap(rpc: Dispatcher, world: World) -> None:
    """1 and 4 ms of processor on a slow machine: the bound catches what would hold the main loop of supervisord."""
    world.shown_processes = [process_view('web', f'p{number}', 20, 'b', 'a') for number in range(1000)]
    world.records = [ProcessRecord('web', f'p{number}', state=20) for number in range(1000)]
    for method in ('get_all_process_info', 'get_all_local_process_info'):
        action = getattr(Daemon(world).interface, method)
        spent = []
        for _ in range(5):
            started = time.process_time()
            assert len(action()) == 1000
            spent.append(time.process_time() - started)
        assert min(spent) < 0.05
