"""What is refused, with which code, and which check comes first."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.demo import Daemon, LocalCluster, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import trio

pytestmark = pytest.mark.live

FAULTS = {
    2: 'INCORRECT_PARAMETERS', 10: 'BAD_NAME', 40: 'ABNORMAL_TERMINATION', 60: 'ALREADY_STARTED', 70: 'NOT_RUNNING',
    101: 'BAD_SUPVISORS_STATE', 102: 'NOT_MANAGED',
}


def fault_of(daemon: Daemon, method: str, *arguments: Any) -> int:
    """The code of the fault that a call gives; its text must begin with the name of the code."""
    with pytest.raises(Fault) as caught:
        daemon.call(f'supvisors.{method}', *arguments)
    assert caught.value.faultString.partition(':')[0] == FAULTS[caught.value.faultCode]
    return caught.value.faultCode


@pytest.fixture(autouse=True)
def everything_stopped(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if 'shared' in request.fixturenames:
        cluster: LocalCluster = request.getfixturevalue('shared')
        running = {info['application_name'] for info in cluster[0].call('supvisors.get_all_process_info')
                   if info['statename'] == 'RUNNING'}
        assert not running


@pytest.mark.xdist_group('cluster-faults')
@pytest.mark.parametrize(('method', 'arguments', 'code'), [
    # the number and the types of the parameters come first
    ('get_api_version', (1,), 2),
    ('get_application_info', (), 2),
    ('get_application_info', (7,), 2),
    ('get_instance_info', (['sv01'],), 2),
    ('start_application', ('CONFIG',), 2),
    ('start_application', ('CONFIG', 'chain', 'x'), 2),
    ('start_application', ('CONFIG', 'nope', 1), 2),
    ('stop_application', (True, True), 2),
    ('start_process', ('CONFIG', 'free:two', 5), 2),
    ('stop_process', ('free:two', 'x'), 2),
    # then the strategy
    ('start_application', ('config', 'nope'), 2),
    ('start_application', (6, 'nope'), 2),
    ('start_application', (-1, 'nope'), 2),
    ('start_application', (True, 'nope'), 2),
    ('start_application', (1.0, 'nope'), 2),
    ('start_process', ('BEST', 'nope'), 2),
    # then the names
    ('get_instance_info', ('nope',), 10),
    ('get_network_info', ('nope',), 10),
    ('get_instance_state_modes', ('nope',), 10),
    ('get_application_info', ('nope',), 10),
    ('get_process_info', ('nope',), 10),
    ('get_process_info', ('chain:nope',), 10),
    ('get_local_process_info', ('chain:*',), 10),
    ('get_local_process_info', ('nope:nope',), 10),
    ('start_application', ('CONFIG', 'nope'), 10),
    ('stop_application', ('nope',), 10),
    ('start_process', ('CONFIG', 'chain:nope'), 10),
    ('start_process', ('CONFIG', 'first'), 10),
    ('stop_process', ('nope:*',), 10),
    # then whether it is managed
    ('start_application', ('CONFIG', 'free'), 102),
    ('stop_application', ('free',), 102),
    # then what runs
    ('stop_application', ('chain',), 70),
    ('stop_process', ('free:two',), 70),
    ('stop_process', ('chain:*',), 70),
    # then whether anything can be started
    ('start_application', ('CONFIG', 'homes'), 40),
])
def test_refused(shared: LocalCluster, method: str, arguments: tuple[Any, ...], code: int) -> None:
    for daemon in shared:
        assert fault_of(daemon, method, *arguments) == code


@pytest.mark.xdist_group('cluster-faults')
def test_already_started(shared: LocalCluster) -> None:
    assert shared[1].call('supvisors.start_application', 'CONFIG', 'chain') is True
    for daemon in shared:
        for name in ('first', 'second', 'third'):
            shared.wait_running(f'chain:{name}', asked=daemon)
        assert fault_of(daemon, 'start_application', 'CONFIG', 'chain') == 60
        assert fault_of(daemon, 'start_process', 'CONFIG', 'chain:first') == 60
        assert fault_of(daemon, 'start_process', 'CONFIG', 'chain:*') == 60
    assert shared[1].call('supvisors.stop_application', 'chain') is True


@pytest.mark.xdist_group('cluster-faults')
def test_what_ends_badly_is_told_at_the_end_of_the_wait(shared: LocalCluster) -> None:
    for daemon in shared:
        with pytest.raises(Fault, match='badly:crash') as caught:
            daemon.call('supvisors.start_process', 'CONFIG', 'badly:crash')
        assert caught.value.faultCode == 70
        assert fault_of(daemon, 'start_application', 'CONFIG', 'badly') == 70


@pytest.mark.timeout(60)
def test_the_state_is_checked_before_the_names(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio(), start=False)
    alone = cluster['sv01']
    alone.spawn()
    wait_for(lambda: alone.call('supvisors.get_supvisors_state')['fsm_statename'] == 'SYNCHRONIZATION', 20,
             'SYNCHRONIZATION')
    for method, arguments in (
        ('start_application', ('config', 'nope')), ('stop_application', ('nope',)),
        ('start_process', (9, 'nope')), ('stop_process', ('nope',)), ('get_all_applications_info', ()),
        ('get_application_info', ('nope',)), ('get_all_process_info', ()), ('get_process_info', ('nope',)),
        ('restart', ()), ('shutdown', ()),
    ):
        assert fault_of(alone, method, *arguments) == 101, method
    assert fault_of(alone, 'start_process', 9) == 2
    assert fault_of(alone, 'get_instance_info', 'nope') == 10
    assert alone.call('supvisors.get_all_local_process_info')
