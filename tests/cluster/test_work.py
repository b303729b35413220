"""Starting and stopping, from any instance."""
from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import psutil
import pytest

from supvisors.demo import Daemon, LocalCluster, wait_for
from tests.cluster.layouts import TRIO

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-work')]


def local(cluster: LocalCluster, namespec: str, asked: Daemon) -> dict[str, Any]:
    """What the supervisord that runs a process says of it, the one that `asked` names."""
    (nick,) = cluster.where(namespec, asked)
    info: dict[str, Any] = cluster[nick].call('supvisors.get_local_process_info', namespec)
    return info


def others(cluster: LocalCluster, daemon: Daemon) -> list[Daemon]:
    return [other for other in cluster if other is not daemon]


@pytest.mark.parametrize('nick', TRIO)
def test_an_application_starts_and_stops_by_ranks(shared: LocalCluster, nick: str) -> None:
    asked = shared[nick]
    assert asked.call('supvisors.start_application', 'LESS_LOADED', 'chain') is True
    assert asked.call('supvisors.get_application_info', 'chain')['statename'] == 'RUNNING'
    for other in shared:
        for name in ('first', 'second', 'third'):
            shared.wait_running(f'chain:{name}', asked=other)
    first, second, third = (local(shared, f'chain:{name}', asked) for name in ('first', 'second', 'third'))
    assert first['start_monotonic'] < second['start_monotonic']
    # `second` is STARTING for its `startsecs` of 1 s: the next rank waits for it
    assert third['start_monotonic'] - second['start_monotonic'] >= 0.95
    homes = {info['name']: shared.where(f'chain:{info["name"]}', asked)[0] for info in (first, second, third)}

    assert asked.call('supvisors.stop_application', 'chain') is True
    assert asked.call('supvisors.get_application_info', 'chain')['statename'] == 'STOPPED'
    stops = [shared[homes[name]].call('supvisors.get_local_process_info', f'chain:{name}')['stop_monotonic']
             for name in ('third', 'second', 'first')]
    assert stops == sorted(stops)


@pytest.mark.parametrize('nick', TRIO)
def test_a_process_starts_and_stops_from_any_instance(shared: LocalCluster, nick: str) -> None:
    asked = shared[nick]
    for home in TRIO:
        namespec = f'homes:home{home[-1]}'
        assert asked.call('supvisors.start_process', 'CONFIG', namespec) is True
        assert shared.where(namespec, asked) == [home]
        assert psutil.pid_exists(local(shared, namespec, asked)['pid'])
    for home in TRIO:
        assert asked.call('supvisors.stop_process', f'homes:home{home[-1]}') is True
        assert shared.where(f'homes:home{home[-1]}', asked) == []
    for other in others(shared, asked):
        for home in TRIO:
            shared.wait_state(f'homes:home{home[-1]}', 'STOPPED', other)


def test_a_group_starts_and_stops_as_one(shared: LocalCluster) -> None:
    assert shared['sv02'].call('supvisors.start_process', 'CONFIG', 'homes:*') is True
    infos = shared['sv02'].call('supvisors.get_all_instances_info')
    loads = {info['nick_identifier']: info['loading'] for info in infos}
    assert loads == dict.fromkeys(TRIO, 5)
    for nick in TRIO:
        shared.wait_running(f'homes:home{nick[-1]}', asked=shared['sv03'])
    assert shared['sv03'].call('supvisors.stop_process', 'homes:*') is True
    assert all(info['statename'] == 'STOPPED' for info in shared['sv03'].call('supvisors.get_process_info', 'homes:*'))


def test_a_process_known_to_one_instance_starts_there(shared: LocalCluster) -> None:
    assert shared['sv01'].call('supvisors.start_process', 'CONFIG', 'only3:there') is True
    assert shared.where('only3:there', shared['sv01']) == ['sv03']
    shared.wait_running('only3:there', asked=shared['sv02'])
    assert shared['sv02'].call('supvisors.stop_process', 'only3:there') is True


def test_local_means_the_instance_that_was_asked(shared: LocalCluster) -> None:
    for nick in TRIO:
        assert shared[nick].call('supvisors.start_process', 'LOCAL', 'free:two') is True
        assert shared.where('free:two', shared[nick]) == [nick]
        assert shared[nick].call('supvisors.stop_process', 'free:two') is True


def test_without_wait_the_answer_comes_first(shared: LocalCluster) -> None:
    asked = shared['sv03']
    assert asked.call('supvisors.start_application', 'CONFIG', 'chain', False) is True
    # `second` needs a second
    assert shared.where('chain:third', asked) == []
    shared.wait_running('chain:third', asked=asked)
    assert asked.call('supvisors.stop_application', 'chain', False) is True
    for name in ('first', 'second', 'third'):
        shared.wait_state(f'chain:{name}', 'STOPPED', asked)
    assert asked.call('supvisors.start_process', 'CONFIG', 'homes:home1', '', False) is True
    shared.wait_running('homes:home1', asked=asked)
    assert asked.call('supvisors.stop_process', 'homes:home1', False) is True
    for daemon in shared:
        shared.wait_state('homes:home1', 'STOPPED', daemon)


def test_jobs_are_shown_while_they_last(shared: LocalCluster) -> None:
    asked = shared['sv02']
    assert asked.call('supvisors.start_application', 'CONFIG', 'chain', False) is True
    wait_for(lambda: asked.call('supvisors.get_supvisors_state')['starting_jobs'], 5, 'a starting job')
    shared.wait_running('chain:third', asked=asked)
    wait_for(lambda: not asked.call('supvisors.get_supvisors_state')['starting_jobs'], 5, 'no job any more')
    assert asked.call('supvisors.stop_application', 'chain') is True


@pytest.mark.parametrize('nick', TRIO)
def test_extra_arguments(shared: LocalCluster, nick: str) -> None:
    # the command of the program is /bin/sleep alone: it needs an argument
    assert shared[nick].call('supvisors.start_process', 'CONFIG', 'free:one', '4321') is True
    (info,) = shared[nick].call('supvisors.get_process_info', 'free:one')
    assert info['extra_args'] == '4321'
    details = local(shared, 'free:one', shared[nick])
    assert details['extra_args'] == '4321'
    # supervisord says RUNNING before the child has called exec
    wait_for(lambda: psutil.Process(details['pid']).cmdline() == ['/bin/sleep', '4321'], 5, 'the command line')
    assert shared[nick].call('supvisors.stop_process', 'free:one') is True


def test_a_wait_does_not_hold_the_others(shared: LocalCluster) -> None:
    """The answer of a start that takes a second is held; the same daemon answers others meanwhile."""
    asked = shared.master()
    assert asked.call('supvisors.start_application', 'CONFIG', 'chain', False) is True
    assert asked.call('supvisors.start_process', 'CONFIG', 'homes:home1') is True
    assert shared.where('chain:third', asked) == []
    shared.wait_running('chain:third', asked=asked)
    assert asked.call('supvisors.stop_application', 'chain') is True
    assert asked.call('supvisors.stop_process', 'homes:home1') is True


def test_two_requests_for_one_process(shared: LocalCluster) -> None:
    """Asked at two instances at once, a process runs once, and the other request is refused or has the same outcome."""
    for _ in range(5):
        for nick in ('sv02', 'sv03'):
            try:
                assert shared[nick].call('supvisors.start_process', 'LOCAL', 'free:two', '', False) is True
            except Fault as fault:
                assert fault.faultCode == 60  # noqa: PT017
        home = shared.wait_running('free:two')
        for other in others(shared, home):
            assert not [info for info in other.call('supvisors.get_all_local_process_info')
                        if info['name'] == 'two' and info['pid']]
        assert shared['sv01'].call('supvisors.stop_process', 'free:two') is True
