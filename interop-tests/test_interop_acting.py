"""What acts, through each of the three clients; the two others see what it did."""
from __future__ import annotations

import pytest
from interop_clients import three_clients

from supvisors.demo import Daemon, LocalCluster, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]

NAMES = ('plain', 'sdk', 'java')


def states(daemon: Daemon, application: str) -> set[str]:
    """The state of an application, in the three answers."""
    return {client.call('get_application_info', application)['statename'] for client in three_clients(daemon).values()}


@pytest.mark.parametrize('name', NAMES)
def test_an_application(shared: LocalCluster, name: str) -> None:
    daemon = shared['sv02']
    client = three_clients(daemon)[name]
    assert client.call('stop_application', 'chain') is True
    assert states(daemon, 'chain') == {'STOPPED'}
    assert client.call('start_application', 'LESS_LOADED', 'chain') is True
    assert states(daemon, 'chain') == {'RUNNING'}
    assert client.call('stop_application', 'chain', True) is True
    assert client.call('start_application', 'CONFIG', 'chain', False) is True
    for other in shared:
        for process in ('first', 'second', 'third'):
            shared.wait_running(f'chain:{process}', asked=other)


@pytest.mark.parametrize('name', NAMES)
def test_a_process(shared: LocalCluster, name: str) -> None:
    daemon = shared['sv03']
    client = three_clients(daemon)[name]
    assert client.call('start_process', 'LOCAL', 'free:one', '1234') is True
    for other in three_clients(daemon).values():
        (info,) = other.call('get_process_info', 'free:one')
        assert (info['statename'], info['extra_args'], info['identifiers']) == ('RUNNING', '1234', [daemon.identifier])
    assert client.call('stop_process', 'free:one') is True
    assert client.call('start_process', 'CONFIG', 'free:two') is True
    assert client.call('stop_process', 'free:two', False) is True
    for other_daemon in shared:
        shared.wait_state('free:two', 'STOPPED', other_daemon)
    assert client.call('start_process', 'CONFIG', 'free:two', '', False) is True
    shared.wait_running('free:two', asked=daemon)
    assert client.call('stop_process', 'free:*') is True


def test_restart_through_each(fresh: LocalCluster) -> None:
    for daemon, name in zip(fresh, NAMES, strict=True):
        wanted = [_starts(one) + 1 for one in fresh]
        assert three_clients(daemon)[name].call('restart') is True
        _wait_for_starts(fresh, wanted)
        fresh.wait_operation(timeout=60)


@pytest.mark.parametrize('name', NAMES)
def test_shutdown(fresh: LocalCluster, name: str) -> None:
    assert three_clients(fresh['sv03'])[name].call('shutdown') is True
    for daemon in fresh:
        assert daemon.wait(30) == 0


def _wait_for_starts(cluster: LocalCluster, wanted: list[int]) -> None:
    wait_for(lambda: [_starts(daemon) for daemon in cluster] == wanted, 60, 'every supervisord started again')


def _starts(daemon: Daemon) -> int:
    return (daemon.folder / 'supervisord.log').read_text().count('supervisord started with pid')
