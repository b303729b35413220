"""The number of processes of a program, changed on one instance and seen by all."""
from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, wait_for
from supvisors.model.enums import FaultCode
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-numprocs'), pytest.mark.timeout(120)]

NICKS = ('sv01', 'sv02', 'sv03')
NUMBERED = {'process_name': '%(program_name)s_%(process_num)d'}
SPREAD = {**NUMBERED, 'process_name': '%(program_name)s_%(process_num)02d'}
STUBBORN = """/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done' stubborn"""
RULES = """<?xml version="1.0" encoding="UTF-8"?>
<root>
  <application name="tools">
    <programs>
      <program pattern="^pool_"><expected_loading>7</expected_loading></program>
      <program pattern="^spread_"><identifiers>#</identifiers></program>
      <program name="slow_1"><running_failure_strategy>RESTART_PROCESS</running_failure_strategy></program>
    </programs>
  </application>
</root>
"""


class Kind(Program):
    """Another kind of section: its name is `kind` in the options."""

    def section(self) -> list[str]:
        lines = super().section()
        return [lines[0].replace('program', self.options['kind']), *(line for line in lines[1:] if line[:5] != 'kind=')]


def layout() -> Layout:
    """The programs are on all instances, with one process each, or two; but `auto`, which starts by itself on sv01."""
    programs = (
        Program('pool', options={**NUMBERED, 'numprocs': '2'}),
        Program('spread', options={**SPREAD, 'numprocs': '2'}),
        Program('slow', options={**NUMBERED, 'startsecs': '30'}),
        Program('stubborn', STUBBORN, options={**NUMBERED, 'stopwaitsecs': '1'}),
        Program('again', options={**NUMBERED, 'autorestart': 'true'}),
        Program('auto', on=('sv01',), options={**NUMBERED, 'autostart': 'true'}),
        Program('auto', on=('sv02', 'sv03'), options={**NUMBERED, 'numprocs': '2'}),
        Program('fixed'),
        Kind('fast', options={**NUMBERED, 'kind': 'fcgi-program', 'socket': 'unix://%(here)s/fast.sock'}),
        Kind('ear', '/bin/cat', options={**NUMBERED, 'kind': 'eventlistener', 'events': 'TICK_3600'}),
    )
    groups = {'tools': ('pool', 'spread', 'slow', 'stubborn', 'again', 'auto', 'fixed'), 'other': ('pool',)}
    return Layout(nicks=NICKS, programs=programs, groups=groups, rules=RULES)


@pytest.fixture(scope='module')
def cluster() -> Iterator[LocalCluster]:
    with running(layout()) as cluster:
        yield cluster


@pytest.fixture
def daemon(cluster: LocalCluster) -> Daemon:
    """The one that is asked: not the Master, which must learn of it."""
    return next(daemon for daemon in cluster if daemon is not cluster.master())


@pytest.fixture(autouse=True)
def numbers_of_the_file(cluster: LocalCluster) -> Iterator[None]:
    before = {daemon.nick: indexes(daemon) for daemon in cluster}
    yield
    for daemon in cluster:
        for program, found in indexes(daemon).items():
            if found != before[daemon.nick][program]:
                update(daemon, program, len(before[daemon.nick][program]))
    assert 'unexpected error' not in cluster.tails(1_000_000)


def indexes(daemon: Daemon) -> dict[str, set[int]]:
    """Those of the processes of each program of an instance."""
    found: dict[str, set[int]] = {}
    for info in daemon.call('supvisors.get_all_local_process_info'):
        found.setdefault(info['program_name'], set()).add(info['process_index'])
    return found


def update(daemon: Daemon, *params: Any) -> Any:
    return daemon.call('supvisors.update_numprocs', *params)


def known(daemon: Daemon, namespec: str) -> bool:
    try:
        return bool(daemon.call('supvisors.get_process_info', namespec))
    except Fault as fault:
        if fault.faultCode != FaultCode.BAD_NAME:
            raise
        return False


def wait_for_all(cluster: LocalCluster, condition: Callable[[Daemon], bool], what: str) -> None:
    wait_for(lambda: all(map(condition, cluster)), 10.0, what)


def state(daemon: Daemon, namespec: str) -> str:
    return str(daemon.call('supvisors.get_local_process_info', namespec)['statename'])


# -- more
def test_new_processes_are_known_with_their_rules(cluster: LocalCluster, daemon: Daemon) -> None:
    assert update(daemon, 'pool', 11) is True
    assert known(daemon, 'tools:pool_10') and known(daemon, 'other:pool_10')
    wait_for_all(cluster, lambda one: known(one, 'tools:pool_10'), 'tools:pool_10 known to all')
    for one in cluster:
        (rules,) = one.call('supvisors.get_process_rules', 'tools:pool_10')
        assert (rules['application_name'], rules['expected_loading']) == ('tools', 7)
    info = daemon.call('supvisors.get_local_process_info', 'tools:pool_10')
    assert (info['program_name'], info['process_index']) == ('pool', 10)
    # only this instance has it, whoever is asked
    assert cluster.master().call('supvisors.start_process', 'MOST_LOADED', 'tools:pool_10') is True
    assert cluster.where('tools:pool_10') == [daemon.nick]
    assert update(daemon, 'pool', 9) is True
    assert not known(daemon, 'tools:pool_10') and known(daemon, 'tools:pool_8')
    wait_for_all(cluster, lambda one: not known(one, 'tools:pool_10'), 'tools:pool_10 forgotten by all')
    assert daemon.ctl('update').strip() == ''


def test_new_processes_are_spread_by_their_index(cluster: LocalCluster) -> None:
    for daemon in cluster:
        assert update(daemon, 'spread', 6) is True
    wait_for_all(cluster, lambda one: known(one, 'tools:spread_05'), 'tools:spread_05 known to all')
    for one in cluster:
        rules = {number: one.call('supvisors.get_process_rules', f'tools:spread_{number:02}')[0]['identifiers']
                 for number in range(6)}
        # as evenly as it goes, in the order of the indexes
        assert sorted(name for names in rules.values() for name in names) == sorted(2 * [o.identifier for o in cluster])
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'tools:spread_05') is True
    assert [cluster[nick].identifier for nick in cluster.where('tools:spread_05')] == rules[5]


@pytest.mark.parametrize('program', ['fast', 'ear'])
def test_other_kinds_of_programs(cluster: LocalCluster, daemon: Daemon, program: str) -> None:
    assert update(daemon, program, 3) is True
    wait_for_all(cluster, lambda one: known(one, f'{program}:{program}_2'), f'{program}_2 known to all')
    assert cluster.master().call('supvisors.start_process', 'CONFIG', f'{program}:{program}_2') is True
    assert update(daemon, program, 1) is True
    wait_for_all(cluster, lambda one: not known(one, f'{program}:{program}_2'), f'{program}_2 forgotten by all')


def test_a_new_process_with_autostart_is_not_stopped_as_its_predecessor(cluster: LocalCluster) -> None:
    daemon = cluster['sv01']

    def uptime() -> int:
        info = daemon.call('supervisor.getProcessInfo', 'tools:auto_1')
        return info['now'] - info['start'] if info['statename'] == 'RUNNING' else -1

    assert update(daemon, 'auto', 2) is True
    cluster.wait_running('tools:auto_1', [daemon], cluster[1])
    assert cluster[1].call('supvisors.stop_process', 'tools:auto_1') is True
    assert update(daemon, 'auto', 1) is True
    assert update(daemon, 'auto', 2) is True
    wait_for(lambda: uptime() >= 0, 5.0, 'auto_1 started again by supervisord')
    pid = daemon.call('supervisor.getProcessInfo', 'tools:auto_1')['pid']
    # what runs against the wish of a user is stopped by the Master after 2 s
    wait_for(lambda: uptime() >= 3 or state(daemon, 'tools:auto_1') == 'STOPPED', 10.0, 'auto_1 left alone, or stopped')
    assert daemon.call('supervisor.getProcessInfo', 'tools:auto_1')['pid'] == pid


# -- fewer
def test_what_runs_is_stopped_and_not_started_elsewhere(cluster: LocalCluster, daemon: Daemon) -> None:
    for one in cluster:
        update(one, 'pool', 3)
    wait_for_all(cluster, lambda one: known(one, 'tools:pool_2'), 'tools:pool_2 known to all')
    daemon.call('supvisors.start_args', 'tools:pool_2')
    cluster.wait_running('tools:pool_2', [daemon])
    assert update(daemon, 'pool', 2) is True
    with pytest.raises(Fault) as caught:
        daemon.call('supvisors.get_local_process_info', 'tools:pool_2')
    assert caught.value.faultCode == FaultCode.BAD_NAME
    cluster.wait_state('tools:pool_2', 'STOPPED')
    # the others still have it
    assert known(daemon, 'tools:pool_2') and cluster.where('tools:pool_2') == []


def test_a_process_that_ignores_its_signal(daemon: Daemon) -> None:
    update(daemon, 'stubborn', 2)
    daemon.call('supvisors.start_args', 'tools:stubborn_1')
    # supervisord kills it after a second
    assert update(daemon, 'stubborn', 1) is True
    assert not known(daemon, 'tools:stubborn_1')


def test_without_wait_it_has_begun(cluster: LocalCluster, daemon: Daemon) -> None:
    update(daemon, 'stubborn', 2)
    daemon.call('supvisors.start_args', 'tools:stubborn_1')
    assert update(daemon, 'stubborn', 1, False) is True
    assert state(daemon, 'tools:stubborn_1') == 'STOPPING'
    wait_for_all(cluster, lambda one: not known(one, 'tools:stubborn_1'), 'stubborn_1 removed')


@pytest.mark.parametrize('end', ['killed', 'stopped', 'stopped through its Master'])
def test_lazy_removal(cluster: LocalCluster, daemon: Daemon, end: str) -> None:
    update(daemon, 'again', 2)
    daemon.call('supvisors.start_args', 'tools:again_1')
    assert update(daemon, 'again', 1, True, True) is True
    assert state(daemon, 'tools:again_1') == 'RUNNING'
    if end == 'killed':
        os.kill(daemon.call('supervisor.getProcessInfo', 'tools:again_1')['pid'], signal.SIGKILL)
    elif end == 'stopped':
        assert daemon.call('supervisor.stopProcess', 'tools:again_1') is True
    else:
        assert cluster.master().call('supvisors.stop_process', 'tools:again_1') is True
    wait_for_all(cluster, lambda one: not known(one, 'tools:again_1'), 'again_1 removed')
    assert [info['name'] for info in daemon.call('supervisor.getAllProcessInfo') if 'again' in info['name']] \
        == ['again_0']


def test_lazy_and_restarted(cluster: LocalCluster, daemon: Daemon) -> None:
    """It has ended, so it is gone: there is nothing left to start."""
    update(daemon, 'again', 2)
    daemon.call('supvisors.start_args', 'tools:again_1')
    cluster.wait_running('tools:again_1', [daemon], cluster.master())
    update(daemon, 'again', 1, True, True)
    with pytest.raises(Fault) as caught:
        cluster.master().call('supvisors.restart_process', 'CONFIG', 'tools:again_1')
    assert caught.value.faultCode == FaultCode.NOT_RUNNING
    wait_for_all(cluster, lambda one: not known(one, 'tools:again_1'), 'again_1 removed')


def test_lazy_and_back(daemon: Daemon) -> None:
    update(daemon, 'again', 2)
    daemon.call('supvisors.start_args', 'tools:again_1')
    pid = daemon.call('supervisor.getProcessInfo', 'tools:again_1')['pid']
    assert update(daemon, 'again', 1, True, True) is True
    assert update(daemon, 'again', 2) is True
    os.kill(pid, signal.SIGKILL)
    # its autorestart is in force again

    def restarted() -> bool:
        info = daemon.call('supervisor.getProcessInfo', 'tools:again_1')
        return info['statename'] == 'RUNNING' and info['pid'] != pid

    wait_for(restarted, 5.0, 'again_1 restarted by supervisord')


def test_removed_while_it_is_being_started(cluster: LocalCluster, daemon: Daemon) -> None:
    """The request ends badly, and nothing else is disturbed."""
    master = cluster.master()
    update(daemon, 'slow', 2)
    wait_for(lambda: known(master, 'tools:slow_1'), 5.0, 'slow_1 known to the Master')
    assert master.call('supvisors.start_process', 'CONFIG', 'tools:slow_1', '', False) is True
    wait_for(lambda: state(daemon, 'tools:slow_1') == 'STARTING', 5.0, 'slow_1 STARTING')
    assert update(daemon, 'slow', 1) is True
    wait_for_all(cluster, lambda one: not known(one, 'tools:slow_1'), 'slow_1 removed')

    def idle() -> bool:
        return not any(one.call('supvisors.get_supvisors_state')['starting_jobs'] for one in cluster)

    wait_for(idle, 5.0, 'no start in progress')
    assert master.call('supvisors.start_process', 'CONFIG', 'tools:fixed') is True
    assert master.call('supvisors.stop_process', 'tools:fixed') is True


# -- refused
@pytest.mark.parametrize(('params', 'code'), [
    (('nope', 2), 10), (('tools', 2), 10), (('nope', 0), 10), (('pool', 0), 2), (('pool', -1), 2), (('pool', '3'), 2),
    (('fixed', 2), 104), (('pool', 2_000_000), 30)])
def test_refused_twice_alike(daemon: Daemon, params: tuple[Any, ...], code: int) -> None:
    before = daemon.call('supervisor.getAllProcessInfo')
    for _ in range(2):
        with pytest.raises(Fault) as caught:
            update(daemon, *params)
        assert caught.value.faultCode == code
    assert [info['name'] for info in daemon.call('supervisor.getAllProcessInfo')] == [info['name'] for info in before]


def test_the_same_number(daemon: Daemon) -> None:
    assert update(daemon, 'fixed', 1) is True
    assert update(daemon, 'pool', 2) is True
