"""Rules, conflicts, restarts, predictions, and starts of any process: what is answered, and what is refused."""
from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xmlrpc.client import Fault

import psutil
import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file, wait_for
from supvisors.model.enums import FaultCode, StartingStrategy
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO
from tests.cluster.runs import running
from tests.contract.checker import check, load_contract

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-applications'), pytest.mark.timeout(120)]

CONTRACT: dict[str, Any] = load_contract()
METHODS: dict[str, Any] = CONTRACT['methods']
ALWAYS = {'auto:boot', 'auto:late'}
STRATEGIES = [*StartingStrategy.__members__, *map(int, StartingStrategy)]
EACH_STRATEGY = ['CONFIG', 1, 'MOST_LOADED', 3, 'LESS_LOADED_NODE', 5]
"""Each one in one of its forms, where a test takes seconds."""

_SPREAD = """  <application name="spread">
    <programs><program pattern="^worker_"><identifiers>#</identifiers></program></programs>
  </application>"""


def layout() -> Layout:
    """Three instances on one node.

    auto      managed, started with the system: `boot`, then `late`
    web       managed: `api`, then `cache` which takes a second; `spare` has no rules
    batch     managed: `once`, which exits, then `then`
    big       managed: `whole`, required, takes 60 % of the node; then `rest`
    load      managed, nothing in the sequence: `half` takes 60 % of the node
    badly     managed: `crash`, required, exits at once with 1
    slow      managed: `starter` takes 2 s
    single    managed, all rules of an application: `lone`
    spread    managed: three of `worker`
    free      no rules: `one`, `two`
    """
    programs = (
        *(Program(name) for name in ('boot', 'late', 'api', 'spare', 'then', 'whole', 'rest', 'half', 'two')),
        Program('cache', options={'startsecs': '1'}), Program('starter', options={'startsecs': '2'}),
        Program('lone', options={'autorestart': 'true'}), Program('once', '/bin/sleep 0.1'),
        Program('one', '/bin/sleep'),
        Program('crash', "/bin/sh -c 'exit 1'", options={'startsecs': '1', 'startretries': '0'}),
        Program('worker', options={'numprocs': '3', 'process_name': '%(program_name)s_%(process_num)02d'}),
    )
    groups = {
        'auto': ('boot', 'late'), 'web': ('api', 'cache', 'spare'), 'batch': ('once', 'then'),
        'big': ('whole', 'rest'), 'load': ('half',), 'badly': ('crash',), 'slow': ('starter',), 'single': ('lone',),
        'spread': ('worker',), 'free': ('one', 'two'),
    }
    # a conflict stays until somebody ends it
    return Layout(nicks=TRIO, programs=programs, groups=groups, rules=_rules(),
                  options={'conciliation_strategy': 'USER'})


def _rules() -> str:
    first, second = {'start_sequence': 1}, {'start_sequence': 2}
    return rules_file([
        application('auto', {'boot': first, 'late': second}, start_sequence=1),
        application('web', {
            'api': {**first, 'expected_loading': 10, 'stop_sequence': 3, 'identifiers': 'sv02,sv01', 'required': 'true',
                    'running_failure_strategy': 'RESTART_PROCESS', 'starting_failure_strategy': 'STOP'},
            'cache': {**second, 'expected_loading': 5},
        }),
        application('batch', {'once': {**first, 'wait_exit': 'true'}, 'then': second}),
        application('big', {'whole': {**first, 'expected_loading': 60, 'required': 'true'}, 'rest': second}),
        application('load', {'half': {'expected_loading': 60}}),
        application('badly', {'crash': {**first, 'required': 'true'}}),
        application('slow', {'starter': first}),
        application('single', {'lone': first}, distribution='SINGLE_INSTANCE', identifiers='sv03,sv01',
                    stop_sequence=7, starting_strategy='MOST_LOADED_NODE', starting_failure_strategy='CONTINUE',
                    running_failure_strategy='STOP_APPLICATION', operational_status="'lone'  or any('.*')"),
        _SPREAD,
    ])


@pytest.fixture(scope='module')
def system() -> Iterator[LocalCluster]:
    with running(layout()) as cluster:
        yield cluster


def states(daemon: Daemon, application_name: str = '') -> dict[str, str]:
    infos = daemon.call('supvisors.get_all_process_info')
    return {f'{info["application_name"]}:{info["process_name"]}': info['statename'] for info in infos
            if application_name in ('', info['application_name'])}


def active(daemon: Daemon) -> set[str]:
    return {name for name, state in states(daemon).items() if state not in ('STOPPED', 'EXITED', 'FATAL')}


def idle(daemon: Daemon) -> bool:
    state = daemon.call('supvisors.get_supvisors_state')
    return (state['fsm_statename'] == 'OPERATION' and not state['starting_jobs'] and not state['stopping_jobs']
            and active(daemon) == ALWAYS)


@pytest.fixture(autouse=True)
def left_as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing runs but what starts with the system; a test that fails leaves what it has started to the next one."""
    if 'system' not in request.fixturenames:
        yield
        return
    system: LocalCluster = request.getfixturevalue('system')

    def all_idle() -> bool:
        return all(map(idle, system))

    for name in sorted(active(system[0]) - ALWAYS):
        with suppress(Fault):
            system[0].call('supvisors.stop_process', name)
    wait_for(all_idle, 10.0, 'nothing but the automatic start')
    yield
    wait_for(all_idle, 10.0, 'nothing left behind')


def fault_of(daemon: Daemon, method: str, *arguments: Any) -> tuple[int, str]:
    """The code of the fault and its text; the code must be one that the contract gives to the method."""
    with pytest.raises(Fault) as caught:
        daemon.call(f'supvisors.{method}', *arguments)
    code = caught.value.faultCode
    assert code in {fault['code'] for fault in METHODS[method]['faults']}
    name, _, text = caught.value.faultString.partition(': ')
    assert name == FaultCode(code).name
    return code, text


def asked(daemon: Daemon, method: str, *arguments: Any) -> Any:
    """The answer, which must be what the contract says."""
    answer = daemon.call(f'supvisors.{method}', *arguments)
    check(answer, METHODS[method]['returns'], CONTRACT, f'{method}{arguments}')
    return answer


def pid_of(cluster: LocalCluster, namespec: str, daemon: Daemon) -> int:
    """0 while it is not RUNNING on one instance."""
    places = cluster.where(namespec, daemon)
    return int(cluster[places[0]].call('supvisors.get_local_process_info', namespec)['pid']) if len(places) == 1 else 0


def stop(daemon: Daemon, *namespecs: str) -> None:
    for namespec in namespecs:
        assert daemon.call('supvisors.stop_process', namespec) is True


# -- rules
@pytest.mark.parametrize('nick', TRIO)
def test_application_rules(system: LocalCluster, nick: str) -> None:
    assert asked(system[nick], 'get_application_rules', 'single') == {
        'application_name': 'single', 'managed': True, 'distribution': 'SINGLE_INSTANCE',
        'identifiers': ['sv03', 'sv01'], 'start_sequence': 0, 'stop_sequence': 7,
        'starting_strategy': 'MOST_LOADED_NODE', 'starting_failure_strategy': 'CONTINUE',
        'running_failure_strategy': 'STOP_APPLICATION', 'status_formula': "'lone' or any('.*')"}
    assert asked(system[nick], 'get_application_rules', 'auto') == {
        'application_name': 'auto', 'managed': True, 'distribution': 'ALL_INSTANCES', 'start_sequence': 1,
        'stop_sequence': 1, 'starting_strategy': 'CONFIG', 'starting_failure_strategy': 'ABORT',
        'running_failure_strategy': 'CONTINUE', 'status_formula': ''}
    assert asked(system[nick], 'get_application_rules', 'free') == {'application_name': 'free', 'managed': False}


def test_rules_leave_autorestart_as_it_is(system: LocalCluster) -> None:
    """STOP_APPLICATION or not: what the configuration of supervisord says is what it does."""
    assert system[0].call('supvisors.start_process', 'CONFIG', 'single:lone') is True
    before = pid_of(system, 'single:lone', system[0])
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: pid_of(system, 'single:lone', system[0]) not in (0, before), 10.0, 'supervisord starts it again')
    stop(system[0], 'single:lone')


@pytest.mark.parametrize('nick', TRIO)
def test_process_rules(system: LocalCluster, nick: str) -> None:
    api, cache, spare = asked(system[nick], 'get_process_rules', 'web:*')
    assert api == {
        'application_name': 'web', 'process_name': 'api', 'identifiers': ['sv02', 'sv01'], 'start_sequence': 1,
        'stop_sequence': 3, 'required': True, 'wait_exit': False, 'loading': 10, 'expected_loading': 10,
        'starting_failure_strategy': 'STOP', 'running_failure_strategy': 'RESTART_PROCESS'}
    assert (cache['process_name'], cache['start_sequence'], cache['stop_sequence'], cache['loading']) == (
        'cache', 2, 2, 5)
    assert spare == {
        'application_name': 'web', 'process_name': 'spare', 'identifiers': ['*'], 'start_sequence': 0,
        'stop_sequence': 0, 'required': False, 'wait_exit': False, 'loading': 0, 'expected_loading': 0,
        'starting_failure_strategy': 'ABORT', 'running_failure_strategy': 'CONTINUE'}
    assert asked(system[nick], 'get_process_rules', 'web:api') == [api]
    assert asked(system[nick], 'get_process_rules', 'web:') == [api, cache, spare]
    assert asked(system[nick], 'get_process_rules', 'batch:once')[0]['wait_exit'] is True
    assert [rules['identifiers'] for rules in asked(system[nick], 'get_process_rules', 'free:*')] == [['*'], ['*']]


@pytest.mark.parametrize('nick', TRIO)
def test_rules_of_a_spread_tell_the_instance_of_each(system: LocalCluster, nick: str) -> None:
    rules = asked(system[nick], 'get_process_rules', 'spread:*')
    assert [(one['process_name'], one['identifiers']) for one in rules] == [
        (f'worker_0{index}', [daemon.identifier]) for index, daemon in enumerate(system)]


def test_faults_of_rules(system: LocalCluster) -> None:
    for daemon in system:
        for method, arguments, code in (
            ('get_application_rules', ('nope',), 10), ('get_application_rules', (1,), 2),
            ('get_application_rules', (), 2), ('get_process_rules', ('nope',), 10),
            ('get_process_rules', ('web:nope',), 10), ('get_process_rules', ('nope:*',), 10),
            ('get_process_rules', ('api',), 10), ('get_process_rules', (['web'],), 2), ('get_conflicts', ('web',), 2),
        ):
            assert fault_of(daemon, method, *arguments)[0] == code, (method, arguments)


# -- conflicts
def test_conflicts(system: LocalCluster) -> None:
    """Those of managed applications only, and only while there are several."""
    assert [asked(daemon, 'get_conflicts') for daemon in system] == [[], [], []]
    for daemon in system.daemons[:2]:
        for namespec in ('web:spare', 'free:two'):
            assert daemon.call('supervisor.startProcess', namespec) is True

    def known(daemon: Daemon) -> list[tuple[str, str, list[str]]]:
        return [(info['application_name'], info['process_name'], info['identifiers'])
                for info in asked(daemon, 'get_conflicts')]

    both = sorted(daemon.identifier for daemon in system.daemons[:2])
    for daemon in system:
        wait_for(lambda: known(daemon) == [('web', 'spare', both)], 10.0, f'the conflict known to {daemon.nick}')  # noqa: B023
    stop(system[2], 'web:spare', 'free:two')
    for daemon in system:
        wait_for(lambda: not known(daemon), 10.0, f'no conflict for {daemon.nick}')  # noqa: B023


# -- predictions
def predicted(structs: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    return [(one['process_name'], one['state'], one['running_identifiers']) for one in structs]


@pytest.mark.parametrize('strategy', EACH_STRATEGY)
def test_what_is_predicted_happens(system: LocalCluster, strategy: str | int) -> None:
    """And nothing happens before, not even in what is known of each instance."""
    daemon = system['sv02']
    before = [untouched(one) for one in system]
    application_wide = asked(daemon, 'test_start_application', strategy, 'web')
    single = asked(daemon, 'test_start_process', strategy, 'web:cache')
    group = asked(daemon, 'test_start_process', strategy, 'web:*')
    assert [untouched(one) for one in system] == before

    assert [(one['application_name'], one['process_name'], one['state'], one['forced_reason'])
            for one in application_wide] == [('web', 'api', 'RUNNING', ''), ('web', 'cache', 'RUNNING', '')]
    assert [one['process_name'] for one in group] == ['api', 'cache', 'spare']
    for prediction, method, arguments in (
        (application_wide, 'start_application', ('web',)), (single, 'start_process', ('web:cache',)),
        (group, 'start_process', ('web:*',)),
    ):
        assert daemon.call(f'supvisors.{method}', strategy, *arguments) is True
        infos = daemon.call('supvisors.get_process_info', 'web:*')
        assert predicted(prediction) == [(info['process_name'], info['statename'], info['identifiers'])
                                         for info in infos if info['identifiers']]
        stop(daemon, 'web:*')


def untouched(daemon: Daemon) -> object:
    """All that one instance knows of all processes, but for the time of the answer."""
    moving = {'now', 'now_monotonic', 'uptime', 'description'}
    inner = [daemon.call('supvisors.get_all_inner_process_info', nick) for nick in TRIO]
    structs = [*daemon.call('supvisors.get_all_process_info'), *(one for structs in inner for one in structs)]
    return [{key: value for key, value in struct.items() if key not in moving} for struct in structs]


@pytest.mark.parametrize('nick', TRIO)
def test_local_is_predicted_where_it_is_asked(system: LocalCluster, nick: str) -> None:
    here = [system[nick].identifier]
    assert predicted(asked(system[nick], 'test_start_process', 'LOCAL', 'free:two')) == [('two', 'RUNNING', here)]
    assert predicted(asked(system[nick], 'test_start_process', 3, 'free:')) == [
        ('one', 'RUNNING', here), ('two', 'RUNNING', here)]


def test_what_exits_is_predicted_to_exit(system: LocalCluster) -> None:
    once, then = asked(system[0], 'test_start_application', 'CONFIG', 'batch')
    assert (once['process_name'], once['state'], once['forced_reason']) == ('once', 'EXITED', '')
    assert (then['process_name'], then['state'], then['forced_reason']) == ('then', 'RUNNING', '')
    # alone, nobody waits for its exit
    assert asked(system[0], 'test_start_process', 'CONFIG', 'batch:once')[0]['state'] == 'RUNNING'


def test_what_has_no_room_is_predicted_with_the_reason(system: LocalCluster) -> None:
    for daemon in system:
        assert daemon.call('supvisors.start_process', 'CONFIG', 'load:half') is True
        rest, whole = asked(daemon, 'test_start_application', 'CONFIG', 'big')
        assert (whole['process_name'], whole['state'], whole['running_identifiers']) == ('whole', 'FATAL', [])
        for other in system:
            assert f'{other.identifier}: 60 + 60 > 100' in whole['forced_reason']
        # `whole` is required: the rest would not be started
        assert (rest['process_name'], rest['running_identifiers']) == ('rest', [])
        assert rest['state'] != 'RUNNING' and 'big:whole' in rest['forced_reason']
        [alone] = asked(daemon, 'test_start_process', 'LOCAL', 'big:whole')
        assert alone['state'] == 'FATAL' and '60 + 60 > 100' in alone['forced_reason']
        stop(daemon, 'load:half')


def test_faults_of_predictions(system: LocalCluster) -> None:
    assert system[0].call('supvisors.start_application', 'CONFIG', 'web') is True
    for daemon in system:
        system.wait_running('web:cache', asked=daemon)
        for method, arguments, code in (
            ('test_start_application', ('CONFIG',), 2), ('test_start_application', ('CONFIG', 1), 2),
            ('test_start_application', ('CONFIG', 'batch', True), 2), ('test_start_application', ('config', 'nope'), 2),
            ('test_start_application', (6, 'nope'), 2), ('test_start_application', ('CONFIG', 'nope'), 10),
            ('test_start_application', ('CONFIG', 'free'), 102), ('test_start_application', ('CONFIG', 'web'), 60),
            ('test_start_process', ('CONFIG',), 2), ('test_start_process', (True, 'nope'), 2),
            ('test_start_process', ('BEST', 'nope'), 2), ('test_start_process', ('CONFIG', 'nope'), 10),
            ('test_start_process', ('CONFIG', 'web:nope'), 10), ('test_start_process', ('CONFIG', 'web:api'), 60),
            ('test_start_process', ('CONFIG', 'web:*'), 60),
        ):
            assert fault_of(daemon, method, *arguments)[0] == code, (method, arguments)
    stop(system[1], 'web:*')


# -- restarts
@pytest.mark.parametrize(('nick', 'wait'), [('sv01', True), ('sv02', False), ('sv03', True)])
def test_an_application_restarts(system: LocalCluster, nick: str, wait: bool) -> None:
    daemon = system[nick]
    # a stopped one is started
    assert asked(daemon, 'restart_application', 'CONFIG', 'web') is True
    assert asked(daemon, 'get_application_info', 'web')['statename'] == 'RUNNING'
    assert daemon.call('supvisors.start_process', 'CONFIG', 'web:spare') is True
    former = [pid_of(system, namespec, daemon) for namespec in ('web:api', 'web:cache')]
    assert asked(daemon, 'restart_application', 0, 'web', wait) is True

    def restarted() -> bool:
        return states(daemon, 'web') == {'web:api': 'RUNNING', 'web:cache': 'RUNNING', 'web:spare': 'STOPPED'} and all(
            pid_of(system, namespec, daemon) not in (0, *former) for namespec in ('web:api', 'web:cache'))

    # `cache` takes a second to start: the answer comes after it, or before
    assert restarted() is wait
    wait_for(restarted, 15.0, 'the restart of web')
    assert not any(map(psutil.pid_exists, former))
    stop(daemon, 'web:*')


@pytest.mark.parametrize('nick', TRIO)
@pytest.mark.parametrize('wait', [True, False])
def test_a_process_restarts(system: LocalCluster, nick: str, wait: bool) -> None:
    """With its new arguments, and where the strategy says."""
    daemon, elsewhere = system[nick], system[TRIO[(TRIO.index(nick) + 1) % 3]]
    assert asked(elsewhere, 'restart_process', 'LOCAL', 'free:one', '4321') is True
    assert system.where('free:one', elsewhere) == [elsewhere.nick]
    former = pid_of(system, 'free:one', elsewhere)
    system.wait_running('free:one', on=[elsewhere], asked=daemon)
    assert asked(daemon, 'restart_process', 3, 'free:one', '1234', wait) is True
    if wait:
        assert system.where('free:one', daemon) == [nick]
    system.wait_running('free:one', on=[daemon], asked=daemon)
    assert not psutil.pid_exists(former)
    assert daemon.call('supvisors.get_process_info', 'free:one')[0]['extra_args'] == '1234'
    stop(daemon, 'free:one')


@pytest.mark.parametrize('strategy', EACH_STRATEGY)
def test_restarts_with_each_strategy(system: LocalCluster, strategy: str | int) -> None:
    """The place is worked out anew: the same as that of a start."""
    daemon = system['sv01']
    wanted = predicted(asked(daemon, 'test_start_process', strategy, 'web:api'))
    assert daemon.call('supvisors.start_process', 'CONFIG', 'web:api') is True
    assert asked(daemon, 'restart_process', strategy, 'web:api') is True
    [info] = daemon.call('supvisors.get_process_info', 'web:api')
    assert [('api', info['statename'], info['identifiers'])] == wanted
    assert asked(daemon, 'restart_application', strategy, 'web') is True
    [info] = daemon.call('supvisors.get_process_info', 'web:api')
    assert [('api', info['statename'], info['identifiers'])] == wanted
    stop(daemon, 'web:*')


def test_a_group_restarts_as_one(system: LocalCluster) -> None:
    daemon = system['sv03']
    assert daemon.call('supvisors.start_process', 'CONFIG', 'web:api') is True
    former = pid_of(system, 'web:api', daemon)
    assert asked(daemon, 'restart_process', 'CONFIG', 'web:*') is True
    assert states(daemon, 'web') == dict.fromkeys(('web:api', 'web:cache', 'web:spare'), 'RUNNING')
    assert pid_of(system, 'web:api', daemon) not in (0, former)
    former = pid_of(system, 'web:spare', daemon)
    assert asked(daemon, 'restart_process', 'CONFIG', 'web:', '', False) is True
    wait_for(lambda: pid_of(system, 'web:spare', daemon) not in (0, former), 15.0, 'the restart of web:*')
    wait_for(lambda: states(daemon, 'web') == dict.fromkeys(('web:api', 'web:cache', 'web:spare'), 'RUNNING'), 15.0,
             'all of web')
    stop(daemon, 'web:*')


@pytest.mark.parametrize('nick', TRIO)
def test_faults_of_restarts(system: LocalCluster, nick: str) -> None:
    daemon = system[nick]
    for method, arguments, code in (
        ('restart_application', ('CONFIG',), 2), ('restart_application', ('CONFIG', 'web', 'x'), 2),
        ('restart_application', ('config', 'nope'), 2), ('restart_application', (-1, 'nope'), 2),
        ('restart_application', ('CONFIG', 'nope'), 10), ('restart_application', ('CONFIG', 'free'), 102),
        ('restart_application', ('CONFIG', 'load'), 40), ('restart_application', ('CONFIG', 'load', False), 40),
        ('restart_process', ('CONFIG',), 2), ('restart_process', ('CONFIG', 'web:api', 1), 2),
        ('restart_process', ('CONFIG', 'web:api', '', 'x'), 2), ('restart_process', (9, 'nope'), 2),
        ('restart_process', ('CONFIG', 'nope'), 10), ('restart_process', ('CONFIG', 'web:nope'), 10),
        ('restart_process', ('CONFIG', 'nope:*'), 10),
    ):
        assert fault_of(daemon, method, *arguments)[0] == code, (method, arguments)


@pytest.mark.parametrize('wait', [True, False])
def test_restarts_without_room(system: LocalCluster, wait: bool) -> None:
    assert system[0].call('supvisors.start_process', 'CONFIG', 'load:half') is True
    for daemon in system:
        code, text = fault_of(daemon, 'restart_application', 'CONFIG', 'big', wait)
        assert code == 40 and 'big:whole' in text and '60 + 60 > 100' in text
        code, text = fault_of(daemon, 'restart_process', 'CONFIG', 'big:whole', '', wait)
        assert code == 40 and 'big:whole' in text and '60 + 60 > 100' in text
    stop(system[0], 'load:half')


def test_a_restart_has_the_room_of_what_it_stops(system: LocalCluster) -> None:
    assert system[0].call('supvisors.start_process', 'CONFIG', 'load:half') is True
    former = pid_of(system, 'load:half', system[0])
    assert asked(system[0], 'restart_process', 'CONFIG', 'load:half') is True
    assert pid_of(system, 'load:half', system[0]) not in (0, former)
    stop(system[0], 'load:half')


@pytest.mark.parametrize('nick', ['sv01', 'sv03'])
def test_restarts_that_end_badly(system: LocalCluster, nick: str) -> None:
    """Told at the end, to who waits."""
    daemon = system[nick]
    for method, arguments in (('restart_application', ('badly',)), ('restart_process', ('badly:crash', '')),
                              ('restart_process', ('badly:*', ''))):
        code, text = fault_of(daemon, method, 'CONFIG', *arguments)
        assert code == 70 and 'badly:crash' in text
        assert daemon.call('supvisors.get_process_info', 'badly:crash')[0]['statename'] == 'FATAL'
    for method, arguments in (('restart_application', ('badly',)), ('restart_process', ('badly:*', ''))):
        assert asked(daemon, method, 'CONFIG', *arguments, False) is True
        wait_for(lambda: idle(daemon), 10.0, 'the end of the restart')


# -- start_any_process
@pytest.mark.parametrize('nick', TRIO)
@pytest.mark.parametrize('wait', [True, False])
def test_any_process(system: LocalCluster, nick: str, wait: bool) -> None:
    """The first one, by application then process, that is stopped: its namespec is told."""
    daemon = system[nick]
    assert asked(daemon, 'start_any_process', 'LOCAL', r'^(free|web):[stuvw]', '', wait) == 'free:two'
    system.wait_running('free:two', on=[daemon], asked=daemon)
    assert asked(daemon, 'start_any_process', 3, r'^(free|web):[stuvw]', '', wait) == 'web:spare'
    system.wait_running('web:spare', on=[daemon], asked=daemon)
    code, text = fault_of(daemon, 'start_any_process', 'LOCAL', r'^(free|web):[stuvw]', '', wait)
    assert code == 30 and '[stuvw]' in text
    stop(daemon, 'free:two', 'web:spare')


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_any_process_with_each_strategy(system: LocalCluster, strategy: str | int) -> None:
    daemon = system['sv01']
    wanted = predicted(asked(daemon, 'test_start_process', strategy, 'web:api'))
    assert asked(daemon, 'start_any_process', strategy, 'b:a') == 'web:api'
    [info] = daemon.call('supvisors.get_process_info', 'web:api')
    assert [('api', info['statename'], info['identifiers'])] == wanted
    stop(daemon, 'web:api')


def test_any_process_is_given_the_arguments(system: LocalCluster) -> None:
    assert asked(system[1], 'start_any_process', 'CONFIG', 'one$', '4321') == 'free:one'
    assert system[1].call('supvisors.get_process_info', 'free:one')[0]['extra_args'] == '4321'
    stop(system[1], 'free:one')


def test_any_process_that_some_instance_can_take(system: LocalCluster) -> None:
    """`big:whole` comes before `slow:starter`, and has no room."""
    assert system[0].call('supvisors.start_process', 'CONFIG', 'load:half') is True
    for daemon in system:
        assert fault_of(daemon, 'start_any_process', 'CONFIG', 'big:w')[0] == 30
        assert asked(daemon, 'start_any_process', 'CONFIG', 'big:w|slow:', '', False) == 'slow:starter'
        stop(daemon, 'slow:starter')
    # only the second instance and the first one may have `api`
    assert fault_of(system['sv03'], 'start_any_process', 'LOCAL', 'web:api')[0] == 30
    stop(system[0], 'load:half')


@pytest.mark.parametrize('nick', TRIO)
def test_any_process_that_ends_badly(system: LocalCluster, nick: str) -> None:
    code, text = fault_of(system[nick], 'start_any_process', 'CONFIG', 'crash')
    assert code == 70 and 'badly:crash' in text
    assert asked(system[nick], 'start_any_process', 'CONFIG', 'crash', '', False) == 'badly:crash'
    wait_for(lambda: idle(system[nick]), 10.0, 'the end of the start')


@pytest.mark.parametrize('nick', TRIO)
def test_faults_of_any_process(system: LocalCluster, nick: str) -> None:
    daemon = system[nick]
    for arguments, code in (
        (('CONFIG',), 2), (('CONFIG', 1), 2), (('CONFIG', 'x', 1), 2), (('CONFIG', 'x', '', 1), 2), (('never', '['), 2),
        (('CONFIG', 'nothing is named so'), 30), (('CONFIG', '^boot$'), 30), (('CONFIG', '^auto:'), 30),
        (('CONFIG', 'WEB'), 30),
    ):
        assert fault_of(daemon, 'start_any_process', *arguments)[0] == code, arguments
    for regex, why in (('[', 'unterminated character set (character 1)'), ('a' * 1001, 'at most 1000'),
                       ('web:(', 'unterminated subpattern (character 5)'), (r'(?:(?:){65535}){65535}', 'repetitions')):
        code, text = fault_of(daemon, 'start_any_process', 'CONFIG', regex)
        assert code == 2 and re.match(r'regex: ', text) and why in text


# -- restart_sequence
def end_of(cluster: LocalCluster, namespec: str) -> None:
    """A process ends by itself: nobody has asked for that, and its rules let it be."""
    psutil.Process(pid_of(cluster, namespec, cluster[0])).kill()
    for daemon in cluster:
        cluster.wait_state(namespec, 'EXITED', daemon)


@pytest.mark.parametrize('nick', TRIO)
@pytest.mark.parametrize('arguments', [(), (True,), (False,)])
def test_the_sequence_runs_again(system: LocalCluster, nick: str, arguments: tuple[bool, ...]) -> None:
    """What is missing is started, what runs is left as it is, and the state of Supvisors does not change."""
    daemon = system[nick]
    end_of(system, 'auto:late')
    kept = pid_of(system, 'auto:boot', daemon)
    assert asked(daemon, 'restart_sequence', *arguments) is True
    assert daemon.call('supvisors.get_supvisors_state')['fsm_statename'] == 'OPERATION'
    if arguments != (False,):
        assert states(daemon, 'auto') == {'auto:boot': 'RUNNING', 'auto:late': 'RUNNING'}
    system.wait_running('auto:late', asked=daemon)
    assert pid_of(system, 'auto:boot', daemon) == kept
    # what is not in the sequence is not started
    wait_for(lambda: idle(daemon), 10.0, 'the end of the sequence')


@pytest.mark.parametrize('nick', TRIO)
def test_faults_of_the_sequence(system: LocalCluster, nick: str) -> None:
    daemon = system[nick]
    for wait in (True, False):
        assert fault_of(daemon, 'restart_sequence', wait)[0] == 40
    for bad in (1, 'x', ''):
        assert fault_of(daemon, 'restart_sequence', bad)[0] == 2
    assert fault_of(daemon, 'restart_sequence', True, True)[0] == 2


@pytest.mark.parametrize('nick', TRIO)
def test_the_sequence_does_not_run_while_there_are_jobs(system: LocalCluster, nick: str) -> None:
    """Whoever has asked for them."""
    daemon = system[nick]
    end_of(system, 'auto:late')
    assert system['sv01'].call('supvisors.start_application', 'CONFIG', 'slow', False) is True
    assert fault_of(daemon, 'restart_sequence')[0] == 101
    assert states(daemon, 'auto')['auto:late'] == 'EXITED'
    system.wait_running('slow:starter', asked=daemon)
    wait_for(lambda: not daemon.call('supvisors.get_supvisors_state')['starting_jobs'], 10.0, 'no job')
    assert asked(daemon, 'restart_sequence') is True
    stop(daemon, 'slow:*')


# -- all of them
REFUSED_EARLY: dict[str, tuple[Any, ...]] = {
    'get_application_rules': ('nope',), 'get_process_rules': ('nope',), 'get_conflicts': (),
    'test_start_application': (9, 'nope'), 'test_start_process': (9, 'nope'), 'restart_application': (9, 'nope'),
    'restart_process': (9, 'nope'), 'start_any_process': (9, '['), 'restart_sequence': (),
}


@pytest.mark.timeout(60)
def test_the_state_is_checked_before_all_else(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(layout(), start=False)
    alone = cluster['sv01']
    alone.spawn()
    wait_for(lambda: alone.call('supvisors.get_supvisors_state')['fsm_statename'] == 'SYNCHRONIZATION', 20.0,
             'SYNCHRONIZATION')
    for method, arguments in REFUSED_EARLY.items():
        code, text = fault_of(alone, method, *arguments)
        assert code == 101 and 'SYNCHRONIZATION' in text, method


def test_a_multicall_has_them_in_order(system: LocalCluster) -> None:
    answers = system[2].call('system.multicall', [
        {'methodName': 'supvisors.start_any_process', 'params': ['CONFIG', 'web:s']},
        {'methodName': 'supvisors.restart_process', 'params': ['CONFIG', 'web:spare']},
        {'methodName': 'supvisors.test_start_process', 'params': ['CONFIG', 'web:spare']},
        {'methodName': 'supvisors.restart_sequence'},
        {'methodName': 'supvisors.stop_process', 'params': ['web:spare']},
        {'methodName': 'supvisors.get_conflicts'},
    ])
    codes = [answer['faultCode'] if isinstance(answer, dict) else answer for answer in answers]
    assert codes == ['web:spare', True, 60, 40, True, []]
