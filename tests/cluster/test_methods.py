"""Every method of the contracts, asked of every instance by plain XML-RPC."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.demo import Daemon, LocalCluster, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, trio
from tests.contract.checker import check, load_contract

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-methods')]

CONTRACT: dict[str, Any] = load_contract()
METHODS: dict[str, Any] = CONTRACT['methods']
HOST_CONTRACT: dict[str, Any] = load_contract('supervisord')
HOST_METHODS: dict[str, Any] = {
    f'{namespace}.{name}': method for namespace, methods in HOST_CONTRACT['namespaces'].items()
    for name, method in methods.items()}

READS: dict[str, list[tuple[Any, ...]]] = {
    'get_api_version': [()],
    'get_supvisors_state': [()],
    'get_all_instances_state_modes': [()],
    'get_instance_state_modes': [(), ('',), ('sv02',)],
    'get_master_identifier': [()],
    'get_core_identifiers': [()],
    'get_strategies': [()],
    'get_statistics_status': [()],
    'get_network_info': [('sv03',)],
    'get_instance_info': [('sv01',)],
    'get_all_instances_info': [()],
    'get_all_applications_info': [()],
    'get_application_info': [('chain',), ('free',)],
    'get_application_rules': [('chain',), ('free',)],
    'get_all_process_info': [()],
    'get_process_info': [('chain:first',), ('chain:*',), ('chain:',)],
    'get_process_rules': [('chain:first',), ('chain:*',), ('free:',)],
    'get_conflicts': [()],
    'get_all_local_process_info': [()],
    'get_local_process_info': [('chain:first',)],
    'get_all_inner_process_info': [(), ('',), ('sv02',)],
    'get_inner_process_info': [(), ('', 'chain:first'), ('sv02', 'chain:*'), ('sv03', '')],
    'test_start_application': [('CONFIG', 'chain'), (5, 'homes')],
    'test_start_process': [('CONFIG', 'chain:first'), (3, 'free:*')],
}
ACTIONS = ('start_application', 'stop_application', 'restart_application', 'start_process', 'start_any_process',
           'stop_process', 'restart_process', 'start_args', 'update_numprocs', 'enable', 'disable', 'restart_sequence',
           'restart', 'shutdown', 'change_log_level', 'end_sync')

# of supervisord: what only reads, and what leaves nothing behind
HOST_READS: dict[str, list[tuple[Any, ...]]] = {
    'supervisor.getAPIVersion': [()],
    'supervisor.getVersion': [()],
    'supervisor.getSupervisorVersion': [()],
    'supervisor.getIdentification': [()],
    'supervisor.getState': [()],
    'supervisor.getPID': [()],
    'supervisor.readLog': [(0, 100), (-50, 0)],
    'supervisor.readMainLog': [(0, 100)],
    'supervisor.reloadConfig': [()],
    'supervisor.getProcessInfo': [('chain:first',)],
    'supervisor.getAllProcessInfo': [()],
    'supervisor.getAllConfigInfo': [()],
    'supervisor.tailProcessLog': [('chain:first', 0, 10)],
    'supervisor.tailProcessStdoutLog': [('chain:first', 0, 10)],
    'supervisor.tailProcessStderrLog': [('chain:first', 0, 10)],
    'supervisor.sendRemoteCommEvent': [('type', 'data')],
    'supervisor.clearProcessLog': [('chain:first',)],
    'supervisor.clearProcessLogs': [('chain:first',)],
    'supervisor.clearAllProcessLogs': [()],
    'supervisor.clearLog': [()],
    'supervisor.signalProcess': [('chain:*', 'CONT')],
    'supervisor.signalProcessGroup': [('chain', '18')],
    'supervisor.signalAllProcesses': [('SIGCONT',)],
    'supervisor.stopProcess': [('chain:*',)],
    'supervisor.stopProcessGroup': [('chain',), ('chain', False)],
    'supervisor.stopAllProcesses': [()],
    'system.listMethods': [()],
    'system.methodHelp': [('supvisors.start_process',), ('supervisor.getState',)],
    'system.methodSignature': [('supvisors.start_process',), ('system.multicall',)],
    'system.multicall': [([],), ([{'methodName': 'supervisor.getPID'}, {'methodName': 'nope', 'params': [1]}],)],
}
HOST_FAULTS: list[tuple[str, tuple[Any, ...], int]] = [
    ('supervisor.getState', (1,), 2),
    ('supervisor.getProcessInfo', ('nope',), 10),
    ('supervisor.getProcessInfo', ('chain:*',), 10),
    ('supervisor.readLog', (-1, 1), 3),
    ('supervisor.readProcessLog', ('nope', 0, 1), 10),
    ('supervisor.readProcessLog', ('chain:first', 0, 1), 20),
    ('supervisor.readProcessStdoutLog', ('chain:first', 0, 1), 20),
    ('supervisor.readProcessStderrLog', ('chain:first', 0, 1), 20),
    ('supervisor.tailProcessLog', ('nope', 0, 1), 10),
    ('supervisor.clearProcessLogs', ('nope',), 10),
    ('supervisor.addProcessGroup', ('chain',), 90),
    ('supervisor.addProcessGroup', ('nope',), 10),
    ('supervisor.removeProcessGroup', ('nope',), 10),
    ('supervisor.startProcess', ('nope',), 10),
    ('supervisor.startProcessGroup', ('nope',), 10),
    ('supervisor.stopProcess', ('chain:first',), 70),
    ('supervisor.stopProcess', ('nope',), 10),
    ('supervisor.stopProcessGroup', ('nope',), 10),
    ('supervisor.signalProcess', ('chain:first', 'nope'), 11),
    ('supervisor.signalProcess', ('chain:first', 'HUP'), 70),
    ('supervisor.signalProcessGroup', ('nope', 'HUP'), 10),
    ('supervisor.sendProcessStdin', ('chain:first', 'x'), 70),
    ('supervisor.sendProcessStdin', ('chain:first', 1), 2),
    ('system.methodHelp', ('nope',), 4),
    ('system.methodSignature', ('nope',), 4),
]


@pytest.fixture(autouse=True)
def chain_stopped(shared: LocalCluster) -> Iterator[None]:
    yield
    assert {info['statename'] for info in shared[0].call('supvisors.get_process_info', 'chain:*')} == {'STOPPED'}


def test_the_lists_above_are_complete() -> None:
    assert sorted([*READS, *ACTIONS]) == sorted(METHODS)


def test_methods_are_listed(shared: LocalCluster) -> None:
    """Those of both contracts, and no other."""
    for daemon in shared:
        assert daemon.call('system.listMethods') == sorted([*HOST_METHODS, *(f'supvisors.{name}' for name in METHODS)])


@pytest.mark.parametrize('method', HOST_READS)
def test_methods_of_supervisord(shared: LocalCluster, method: str) -> None:
    for arguments in HOST_READS[method]:
        answer = shared[0].call(method, *arguments)
        check(answer, HOST_METHODS[method]['returns'], HOST_CONTRACT, f'{method}{arguments}')


@pytest.mark.parametrize(('method', 'arguments', 'code'), HOST_FAULTS)
def test_faults_of_supervisord(shared: LocalCluster, method: str, arguments: tuple[Any, ...], code: int) -> None:
    assert fault_of(shared[0], method, *arguments)[0] == code
    assert code in {fault['code'] for fault in HOST_METHODS[method]['faults']}


def fault_of(daemon: Daemon, method: str, *arguments: Any) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        daemon.call(method, *arguments)
    return caught.value.faultCode, caught.value.faultString


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


def test_multicall_with_methods_that_wait(shared: LocalCluster) -> None:
    """Those of supervisord and ours, one after the other, each with its fault in its place."""
    answers = shared[0].call('system.multicall', [
        {'methodName': 'supervisor.startProcess', 'params': ['chain:second']},
        {'methodName': 'supvisors.start_process', 'params': ['LOCAL', 'chain:second']},
        {'methodName': 'supervisor.stopProcess', 'params': ['nope']},
        {'methodName': 'supvisors.stop_process', 'params': ['chain:*']},
        {'methodName': 'supervisor.stopProcess', 'params': ['chain:second']},
        {'methodName': 'system.multicall', 'params': [[]]},
        {'methodName': 'supvisors.change_log_level', 'params': [True]},
        {'methodName': 'supvisors.get_strategies'},
    ])
    check(answers, HOST_METHODS['system.multicall']['returns'], HOST_CONTRACT)
    codes = [answer.get('faultCode', 0) if isinstance(answer, dict) else answer for answer in answers]
    assert codes == [True, 60, 10, True, 70, 2, 2, 0]


@pytest.mark.parametrize('nick', TRIO)
def test_inner_processes_are_those_of_each_instance(shared: LocalCluster, nick: str) -> None:
    """What an instance knows of another one is what that one knows of itself."""
    volatile = {field['name'] for field in CONTRACT['structures']['InnerProcessInfo']['fields']
                if field.get('volatile')} - {'event_time', 'start', 'start_monotonic', 'pid'}

    def known(asked: str) -> list[dict[str, Any]]:
        structs = shared[asked].call('supvisors.get_all_inner_process_info', nick)
        return [{key: value for key, value in struct.items() if key not in volatile} for struct in structs]

    assert shared[nick].call('supvisors.start_process', 'CONFIG', 'homes:home1') is True
    wait_for(lambda: known('sv01') == known('sv02') == known('sv03'), 5.0, f'the same view of {nick} everywhere')
    assert {struct['nick_identifier'] for struct in known('sv01')} == {nick}
    names = [(struct['group'], struct['name']) for struct in known('sv01')]
    assert names == sorted(names)
    assert (('only3', 'there') in names) == (nick == 'sv03')
    local = shared[nick].call('supvisors.get_all_local_process_info')
    assert [(struct['group'], struct['name']) for struct in local] == names
    assert shared[nick].call('supvisors.stop_process', 'homes:home1') is True


def test_inner_process_that_runs_crashes_and_is_elsewhere(shared: LocalCluster) -> None:
    first, other = shared[0], shared[1]
    assert first.call('supvisors.start_process', 'CONFIG', 'homes:home2') is True
    [running] = first.call('supvisors.get_inner_process_info', 'sv02', 'homes:home2')
    assert running['statename'] == 'RUNNING'
    assert 0.0 < running['uptime'] < 60.0
    assert 0.0 < running['local_mtime'] <= running['now_monotonic']
    # one machine, one clock
    assert running['start_monotonic'] <= running['event_time'] <= running['local_mtime'] + 0.1
    assert not running['has_crashed']
    assert first.call('supvisors.stop_process', 'homes:home2') is True
    [stopped] = first.call('supvisors.get_inner_process_info', 'sv02', 'homes:home2')
    assert (stopped['statename'], stopped['uptime'], stopped['has_crashed']) == ('STOPPED', 0.0, False)
    [never] = first.call('supvisors.get_inner_process_info', 'sv03', 'free:one')
    assert (never['event_time'], never['local_mtime'], never['start']) == (0.0, 0.0, 0)

    with pytest.raises(Fault):
        other.call('supervisor.startProcess', 'badly:crash')
    wait_for(lambda: first.call('supvisors.get_inner_process_info', 'sv02', 'badly:crash')[0]['has_crashed'], 10.0,
             'the crash of badly:crash on sv02 known to sv01')
    assert not first.call('supvisors.get_inner_process_info', 'sv03', 'badly:crash')[0]['has_crashed']


def test_faults_of_inner_processes(shared: LocalCluster) -> None:
    for arguments, code in ((('nope',), 10), (('sv01', 'nope'), 10), (('sv01', 'chain:nope'), 10),
                            (('sv01', 'only3:there'), 30), (('sv01', 'only3:*'), 30), ((1, ''), 2), (('sv01', 1), 2)):
        assert fault_of(shared[0], 'supvisors.get_inner_process_info', *arguments)[0] == code, arguments
    assert fault_of(shared[0], 'supvisors.get_all_inner_process_info', 'nope')[0] == 10
    assert len(shared[0].call('supvisors.get_inner_process_info', 'sv03', 'only3:there')) == 1


def test_no_statistics(shared: LocalCluster) -> None:
    assert shared[0].call('supvisors.get_statistics_status') == {
        'host_stats': False, 'process_stats': False, 'collecting_period': 5.0}


@pytest.mark.parametrize('level', [True, 20.0, 25, 0, '', '20', 'warning', 'DEBG', ['info']])
def test_levels_that_are_refused(shared: LocalCluster, level: Any) -> None:
    code, text = fault_of(shared[0], 'supvisors.change_log_level', level)
    assert code == 2 and text.startswith('INCORRECT_PARAMETERS: level_param: ')


def test_there_is_no_synchronization_to_end(shared: LocalCluster) -> None:
    assert fault_of(shared[0], 'supvisors.end_sync')[0] == 101
    assert fault_of(shared[0], 'supvisors.end_sync', 'nope')[0] == 101
    assert fault_of(shared[0], 'supvisors.end_sync', 1)[0] == 2


def synchronizing(make_cluster: MakeCluster, **options: str) -> LocalCluster:
    """The first two of three instances, which wait and see each other."""
    cluster = make_cluster(trio({'synchro_timeout': '1200', **options}), start=False)
    identifiers = {daemon.identifier for daemon in cluster}
    started = cluster.daemons[:2]
    for daemon in started:
        daemon.spawn()

    def waiting() -> bool:
        views = [daemon.call('supvisors.get_supvisors_state') for daemon in started]
        return all(view['fsm_statename'] == 'SYNCHRONIZATION' and set(view['instance_states']) == identifiers
                   and [*view['instance_states'].values()].count('RUNNING') == 2 for view in views)

    wait_for(waiting, 30.0, 'two instances in SYNCHRONIZATION')
    return cluster


def test_a_user_ends_the_synchronization(make_cluster: MakeCluster) -> None:
    cluster = synchronizing(make_cluster, synchro_options='USER', stereotypes='pair', core_identifiers='sv02,pair,nope')
    first, second, third = cluster
    cores = [second.identifier, first.identifier]
    assert [one['identifier'] for one in first.call('supvisors.get_core_identifiers')] == cores
    assert first.call('supvisors.get_all_inner_process_info', 'sv03') == []
    assert first.call('supvisors.get_inner_process_info', 'sv03') == []
    assert fault_of(first, 'supvisors.get_inner_process_info', 'sv03', 'chain:first')[0] == 30
    for arguments, code in (((1,), 2), (('nope',), 10), (('pair',), 2), (('sv03',), 70), ((third.identifier,), 70)):
        assert fault_of(first, 'supvisors.end_sync', *arguments)[0] == code, arguments
    assert first.call('supvisors.end_sync', 'sv02') is True
    assert cluster.wait_operation([first, second]) is second
    assert fault_of(first, 'supvisors.end_sync', 'sv02')[0] == 101


def test_the_election_chooses_when_the_user_does_not(make_cluster: MakeCluster) -> None:
    cluster = synchronizing(make_cluster, synchro_options='USER')
    assert cluster[1].call('supvisors.end_sync') is True
    assert cluster.wait_operation(cluster.daemons[:2]) in cluster.daemons[:2]


def test_a_synchronization_that_no_user_may_end(make_cluster: MakeCluster) -> None:
    cluster = synchronizing(make_cluster, synchro_options='TIMEOUT')
    for arguments in ((), ('sv01',), ('nope',), ('sv03',)):
        assert fault_of(cluster[0], 'supvisors.end_sync', *arguments)[0] == 104
    assert cluster[0].call('supvisors.get_core_identifiers') == []


def test_unknown_methods(shared: LocalCluster) -> None:
    for method in ('supvisors.nope', 'supvisors._engine', 'supvisors.get_api_version.x'):
        with pytest.raises(Fault) as caught:
            shared[0].call(method)
        assert caught.value.faultCode == 1
