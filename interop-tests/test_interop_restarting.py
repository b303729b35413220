"""Restarts, and the start of any process that matches, through each of the three clients."""
from __future__ import annotations

import os
import signal
from collections.abc import Sequence

import pytest
from interop_clients import Client, Failed, PlainClient, three_clients

from supvisors.demo import Daemon, LocalCluster

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]

NAMES = ('plain', 'sdk', 'java')
CHAIN = ('chain:first', 'chain:second', 'chain:third')
HOMES = ('homes:home1', 'homes:home2', 'homes:home3')


def pids(cluster: LocalCluster, namespecs: Sequence[str]) -> dict[str, list[int]]:
    """The processes that really run, by namespec."""
    found = {}
    for namespec in namespecs:
        infos = [daemon.call('supvisors.get_local_process_info', namespec) for daemon in cluster]
        found[namespec] = [info['pid'] for info in infos if info['pid']]
    return found


def all_new(before: dict[str, list[int]], after: dict[str, list[int]]) -> bool:
    """One process of each name, and none of those there were."""
    assert before.keys() == after.keys()
    return all(len(numbers) == 1 and not {*numbers} & {*before[name]} for name, numbers in after.items())


def states(daemon: Daemon, application: str) -> set[str]:
    return {client.call('get_application_info', application)['statename'] for client in three_clients(daemon).values()}


def code(client: Client, *call: object) -> int:
    with pytest.raises(Failed) as caught:
        client.call(*call)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize('name', NAMES)
def test_an_application(shared: LocalCluster, name: str) -> None:
    daemon = shared['sv02']
    client = three_clients(daemon)[name]
    before = pids(shared, CHAIN)
    assert client.call('restart_application', 'LESS_LOADED', 'chain') is True
    assert states(daemon, 'chain') == {'RUNNING'}
    between = pids(shared, CHAIN)
    assert all_new(before, between)

    # stopped, it is just started
    assert client.call('stop_application', 'chain') is True
    assert client.call('restart_application', 'CONFIG', 'chain', True) is True
    assert all_new(between, pids(shared, CHAIN))
    assert client.call('restart_application', 'CONFIG', 'chain', False) is True
    for other in shared:
        for namespec in CHAIN:
            shared.wait_running(namespec, asked=other)


@pytest.mark.parametrize('name', NAMES)
def test_a_process(shared: LocalCluster, name: str) -> None:
    daemon = shared['sv03']
    client = three_clients(daemon)[name]
    assert client.call('restart_process', 'LOCAL', 'free:one', '1234') is True
    try:
        before = pids(shared, ['free:one'])
        assert client.call('restart_process', 'LOCAL', 'free:one', '4321', True) is True
        assert all_new(before, pids(shared, ['free:one']))
        for other in three_clients(daemon).values():
            (info,) = other.call('get_process_info', 'free:one')
            assert (info['statename'], info['extra_args']) == ('RUNNING', '4321')
            assert info['identifiers'] == [daemon.identifier]
    finally:
        assert PlainClient(daemon).call('stop_process', 'free:one') is True


@pytest.mark.parametrize('name', NAMES)
def test_a_group_that_runs_in_part(shared: LocalCluster, name: str) -> None:
    client = three_clients(shared['sv01'])[name]
    assert client.call('stop_process', 'homes:home2') is True
    before = pids(shared, HOMES)
    assert client.call('restart_process', 'CONFIG', 'homes:*') is True
    assert all_new(before, pids(shared, HOMES))
    assert client.call('restart_process', 'CONFIG', 'homes:home3', '', False) is True
    for other in shared:
        for namespec in HOMES:
            shared.wait_running(namespec, on=[shared[f'sv0{namespec[-1]}']], asked=other)


@pytest.mark.parametrize('name', NAMES)
def test_any_process(shared: LocalCluster, name: str) -> None:
    daemon = shared['sv02']
    client = three_clients(daemon)[name]
    try:
        # `big` comes first, and nobody can take it
        assert client.call('start_any_process', 'CONFIG', '^spare:') == 'spare:medium'
        (info,) = client.call('get_process_info', 'spare:medium')
        assert (info['statename'], info['identifiers']) == ('RUNNING', [daemon.identifier])
        assert client.call('start_any_process', 'LOCAL', 'are:[a-s]', '5', False) == 'spare:small'
        shared.wait_running('spare:small', on=[daemon], asked=daemon)
        (info,) = client.call('get_process_info', 'spare:small')
        assert info['extra_args'] == '5'
        assert code(client, 'start_any_process', 'CONFIG', '^spare:') == 30
    finally:
        assert PlainClient(daemon).call('stop_process', 'spare:*') is True


@pytest.mark.parametrize('name', NAMES)
def test_the_automatic_start(shared: LocalCluster, name: str) -> None:
    """What has died is started, what runs is left alone."""
    daemon = shared['sv01']
    client = three_clients(daemon)[name]
    for wait in ([], [False]):
        before = pids(shared, ['auto:task'])
        _kill(shared, before['auto:task'])
        assert client.call('restart_sequence', *wait) is True
        for other in shared:
            shared.wait_running('auto:task', asked=other)
        assert all_new(before, pids(shared, ['auto:task']))
    assert states(daemon, 'auto') == {'RUNNING'}
    assert code(client, 'restart_sequence') == 40


def _kill(cluster: LocalCluster, numbers: list[int]) -> None:
    """Kill these processes, and wait until every instance knows it."""
    for number in numbers:
        os.kill(number, signal.SIGKILL)
    for daemon in cluster:
        cluster.wait_state('auto:task', 'EXITED', daemon)


def test_the_automatic_start_waits_for_no_one(shared: LocalCluster) -> None:
    """While `slow`, which needs seconds, is being stopped."""
    plain = PlainClient(shared['sv02'])
    assert plain.call('start_process', 'CONFIG', 'slow:stopper') is True
    assert plain.call('stop_process', 'slow:stopper', False) is True
    try:
        for client in three_clients(shared['sv03']).values():
            assert code(client, 'restart_sequence') == 101
    finally:
        for daemon in shared:
            shared.wait_state('slow:stopper', 'STOPPED', daemon, 20)
