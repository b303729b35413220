"""What only shows outside of OPERATION or in a log, through the three clients: `end_sync`, `get_core_identifiers` and
`change_log_level`."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import interop_jvm
import pytest
from interop_clients import Client, Failed, JavaClient, three_clients

from supvisors.demo import Daemon, LocalCluster, wait_for
from tests.cluster.layouts import PASSWORD, USER, trio
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]

NAMES = ('plain', 'sdk', 'java')
ACCOUNTS = {'plain': ('', ''), 'sdk': (USER, PASSWORD), 'java': (USER, PASSWORD)}


@contextmanager
def synchronizing(account: tuple[str, str], **options: str) -> Iterator[LocalCluster]:
    """Three instances, of which two run, see each other, and wait for a user."""
    layout = trio({'synchro_timeout': '1200', **options}, username=account[0], password=account[1])
    with running(layout, start=False) as cluster:
        started = cluster.daemons[:2]
        for daemon in started:
            daemon.spawn()

        def waiting() -> bool:
            views = [daemon.call('supvisors.get_supvisors_state') for daemon in started]
            return all(view['fsm_statename'] == 'SYNCHRONIZATION'
                       and [*view['instance_states'].values()].count('RUNNING') == 2 for view in views)

        wait_for(waiting, 30.0, 'two instances in SYNCHRONIZATION')
        yield cluster


@pytest.mark.parametrize('name', NAMES)
def test_a_user_ends_the_synchronization(jvm: None, name: str) -> None:
    options = {'synchro_options': 'USER', 'stereotypes': 'pair', 'core_identifiers': 'sv02,pair'}
    with synchronizing(ACCOUNTS[name], **options) as cluster:
        first, second, third = cluster
        clients = three_clients(first)
        for client in clients.values():
            cores = [(core['identifier'], core['nick_identifier']) for core in client.call('get_core_identifiers')]
            assert cores == [(second.identifier, 'sv02'), (first.identifier, 'sv01')]
            assert client.call('get_all_inner_process_info', 'sv03') == []
        for arguments, code in ((('nope',), 10), (('pair',), 2), (('sv03',), 70), ((third.identifier,), 70)):
            refused = {name: _refused(client, *arguments) for name, client in clients.items()}
            assert refused['sdk'] == refused['java'] == refused['plain'], arguments
            assert refused['plain'][0] == code
        assert clients[name].call('end_sync', 'sv02') is True
        assert cluster.wait_operation([first, second]) is second
        assert _refused(clients[name], 'sv02')[0] == 101


def test_the_election_chooses_when_the_user_does_not(jvm: None) -> None:
    with synchronizing(('', ''), synchro_options='USER') as cluster:
        assert JavaClient(cluster[1]).call('end_sync') is True
        assert cluster.wait_operation(cluster.daemons[:2]) in cluster.daemons[:2]


def test_a_synchronization_that_no_user_may_end(jvm: None) -> None:
    with synchronizing(('', ''), synchro_options='TIMEOUT') as cluster:
        clients = three_clients(cluster[0])
        for arguments in ((), ('sv01',), ('nope',)):
            refused = {name: _refused(client, *arguments) for name, client in clients.items()}
            assert refused['sdk'] == refused['java'] == refused['plain'], arguments
            assert refused['plain'][0] == 104
        assert [client.call('get_core_identifiers') for client in clients.values()] == [[], [], []]


def _refused(client: Client, *arguments: str) -> tuple[int, str]:
    with pytest.raises(Failed) as caught:
        client.call('end_sync', *arguments)
    return caught.value.code, caught.value.text


def test_log_levels(shared: LocalCluster) -> None:
    daemon = shared['sv01']
    supvisors = JavaClient(daemon).supvisors
    levels = interop_jvm.java_class('common.LoggerLevels')
    try:
        for client in three_clients(daemon).values():
            assert client.call('change_log_level', 'critical') is True
            assert not _logged_by_a_start(daemon)
            assert client.call('change_log_level', 'info') is True
            assert _logged_by_a_start(daemon)
        for level in levels.values():
            assert bool(supvisors.changeLogLevel(level))
    finally:
        assert bool(supvisors.changeLogLevel(levels.INFO))


def _logged_by_a_start(daemon: Daemon) -> str:
    """What supervisord, with which the log is shared, writes of a start at level info."""
    log = daemon.folder / 'supervisord.log'
    size = log.stat().st_size
    assert daemon.call('supervisor.startProcess', 'free:two', True) is True
    assert daemon.call('supervisor.stopProcess', 'free:two', True) is True
    return log.read_bytes()[size:].decode()
