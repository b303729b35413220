"""Methods of the namespace `supvisors` that tell or change one instance, through the Python SDK: answers equal to those
of `xmlrpc.client`, and every fault typed."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from interop_answers import METHODS, volatile_numbers, without_volatile
from interop_clients import PlainClient, SdkClient

from supvisors.demo import Daemon, LocalCluster, wait_for
from supvisors_client import (
    BadNameFault,
    BadSupvisorsStateFault,
    FailedFault,
    Fault,
    IncorrectParametersFault,
    LoggerLevel,
    NotApplicableFault,
    NotRunningFault,
    ProcessState,
    SupvisorsClient,
    SupvisorsState,
)
from tests.cluster.layouts import PASSWORD, USER, trio
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop_python'), pytest.mark.timeout(120)]

CLOCK_SLACK = 30.0
"""The calls follow each other: what grows with time may differ by so many seconds or counts."""

READS: list[tuple[str, ...]] = [
    ('get_core_identifiers',), ('get_statistics_status',), ('get_all_inner_process_info',),
    ('get_all_inner_process_info', 'sv02'), ('get_inner_process_info',), ('get_inner_process_info', 'sv03'),
    ('get_inner_process_info', 'sv02', 'free:two'), ('get_inner_process_info', '', 'free:*'),
]


@pytest.fixture(scope='module', params=['open', 'password'])
def cluster(request: pytest.FixtureRequest) -> Iterator[LocalCluster]:
    """In OPERATION, with `free:two` running on sv02; each test leaves it so."""
    account = (USER, PASSWORD) if request.param == 'password' else ('', '')
    with running(trio({'core_identifiers': 'sv02,sv01'}, *account)) as cluster:
        with cluster['sv02'].client() as client:
            client.supervisor.start_process('free:two')
        for daemon in cluster:
            cluster.wait_running('free:two', asked=daemon)
        yield cluster


@pytest.mark.parametrize('nick', ['sv01', 'sv02'])
@pytest.mark.parametrize('call', READS, ids='-'.join)
def test_answers_are_those_of_xmlrpc_client(cluster: LocalCluster, call: tuple[str, ...], nick: str) -> None:
    method, *arguments = call
    returns = METHODS[method]['returns']
    ours, plain = (client(cluster[nick]).call(method, *arguments) for client in (SdkClient, PlainClient))
    assert ours
    assert without_volatile(ours, returns) == without_volatile(plain, returns)
    numbers = dict(volatile_numbers(plain, returns))
    for path, value in volatile_numbers(ours, returns):
        assert value == pytest.approx(numbers[path], abs=CLOCK_SLACK), path


def test_answers_say_something(cluster: LocalCluster) -> None:
    """The comparison above is not one of empty answers."""
    with cluster['sv01'].client() as client:
        assert [core.nick_identifier for core in client.get_core_identifiers()] == ['sv02', 'sv01']
        status = client.get_statistics_status()
        assert (status.host_stats, status.process_stats, status.collecting_period) == (False, False, 5.0)
        (info,) = client.get_inner_process_info('sv02', 'free:two')
        assert (info.state, info.nick_identifier, info.has_crashed) == (ProcessState.RUNNING, 'sv02', False)
        assert info.pid in {program.pid for program in cluster['sv02'].programs()}
        everywhere = {name: len(client.get_all_inner_process_info(name)) for name in ('', 'sv01', 'sv02', 'sv03')}
        assert everywhere[''] == everywhere['sv01'] == everywhere['sv02'] == everywhere['sv03'] - 1


@pytest.mark.parametrize(('arguments', 'fault'), [
    (('nope', ''), BadNameFault), (('sv02', 'nope'), BadNameFault), (('sv02', 'free:nope'), BadNameFault),
    (('sv02', 'only3:there'), FailedFault),
])
def test_faults_of_inner_processes(cluster: LocalCluster, arguments: tuple[str, str], fault: type[Fault]) -> None:
    with cluster['sv01'].client() as client:
        with pytest.raises(fault) as caught:
            client.get_inner_process_info(*arguments)
        assert type(caught.value) is fault
        if not arguments[1]:
            with pytest.raises(fault):
                client.get_all_inner_process_info(arguments[0])


@pytest.mark.parametrize('level', [*(level for level in LoggerLevel if level.name != 'UNRECOGNIZED'), 'DEBUG', 5])
def test_level_of_the_log(cluster: LocalCluster, level: LoggerLevel | str | int) -> None:
    daemon = cluster['sv03']
    with daemon.client() as client:
        assert client.change_log_level(level) is True
        name = level.name if isinstance(level, LoggerLevel) else level
        assert daemon.call('supvisors.change_log_level', name) is True
        assert client.change_log_level('info') is True


@pytest.mark.parametrize('level', ['loud', 11, True, 20.0])
def test_levels_that_are_refused(cluster: LocalCluster, level: Any) -> None:
    """By the client, and by the server when it is asked without types."""
    with cluster['sv01'].client() as client:
        with pytest.raises((TypeError, ValueError), match='LoggerLevel'):
            client.change_log_level(level)
        with pytest.raises(IncorrectParametersFault, match='level_param'):
            client.call('supvisors.change_log_level', level)


@pytest.mark.parametrize('master', ['', 'sv02', 'nope'])
def test_there_is_no_synchronization_to_end(cluster: LocalCluster, master: str) -> None:
    with cluster['sv01'].client() as client, pytest.raises(BadSupvisorsStateFault):
        client.end_sync(master)


@contextmanager
def synchronizing(**options: str) -> Iterator[tuple[LocalCluster, SupvisorsClient]]:
    """The first two of three instances, which see each other and wait; and a client of the first."""
    with running(trio({'synchro_timeout': '1200', **options}, USER, PASSWORD), start=False) as cluster:
        started = cluster.daemons[:2]
        for daemon in started:
            daemon.spawn()
        wait_for(lambda: all(map(waits_with_another, started)), 30, 'two instances in SYNCHRONIZATION')
        with started[0].client() as client:
            yield cluster, client


def waits_with_another(daemon: Daemon) -> bool:
    with daemon.client() as client:
        status = client.get_supvisors_state()
    running = [state for state in status.instance_states.values() if state.name == 'RUNNING']
    return status.fsm_statecode is SupvisorsState.SYNCHRONIZATION and len(running) == 2


def test_a_synchronization_that_a_user_ends() -> None:
    with synchronizing(synchro_options='USER', stereotypes='pair') as (cluster, client):
        for master, fault in (
            ('nope', BadNameFault), ('pair', IncorrectParametersFault), ('sv03', NotRunningFault),
            (cluster['sv03'].identifier, NotRunningFault),
        ):
            with pytest.raises(fault) as caught:
                client.end_sync(master)
            assert type(caught.value) is fault
        with pytest.raises(FailedFault):
            client.get_inner_process_info('sv03', 'free:two')
        assert client.end_sync('sv02') is True
        assert cluster.wait_operation(cluster.daemons[:2]) is cluster['sv02']


def test_a_synchronization_that_no_user_may_end() -> None:
    with synchronizing(synchro_options='TIMEOUT') as (_, client):
        for master in ('', 'sv01', 'nope'):
            with pytest.raises(NotApplicableFault):
                client.end_sync(master)
        assert client.get_core_identifiers() == []
