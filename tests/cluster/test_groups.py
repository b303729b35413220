"""Groups of supervisord added and removed while it runs: the whole system follows."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.demo import Daemon, Layout, LocalCluster, Program, wait_for
from supvisors.model.enums import FaultCode
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('cluster-groups'), pytest.mark.timeout(120)]

RULES = """<?xml version="1.0" encoding="UTF-8"?>
<root>
  <application pattern="^late">
    <programs><program pattern="^task_"><expected_loading>9</expected_loading></program></programs>
  </application>
</root>
"""
LATE = """
[program:task]
command=/bin/sleep 100000
process_name=task_%(process_num)d
numprocs=2
startsecs=0
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE

[group:late]
programs=task
"""


@pytest.fixture(scope='module')
def cluster() -> Iterator[LocalCluster]:
    layout = Layout(nicks=('sv01', 'sv02', 'sv03'), programs=(Program('there'),), rules=RULES)
    with running(layout) as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def files(cluster: LocalCluster) -> Iterator[None]:
    """The groups of each daemon are those of its first file again after the test."""
    texts = {daemon.nick: daemon.conf.read_text() for daemon in cluster}
    yield
    for daemon in cluster:
        if daemon.conf.read_text() != texts[daemon.nick]:
            daemon.conf.write_text(texts[daemon.nick])
            daemon.ctl('update')
    wait_for_all(cluster, lambda one: not processes(one, 'late'), 'no trace of the application')
    assert 'unexpected error' not in cluster.tails(1_000_000)


@pytest.fixture
def daemon(cluster: LocalCluster) -> Daemon:
    """The one whose groups change: not the Master, which must learn of it."""
    return next(daemon for daemon in cluster if daemon is not cluster.master())


def rewrite(daemon: Daemon, *changes: tuple[str, str], more: str = '') -> str:
    """Change its file, and have supervisorctl make it follow."""
    text = daemon.conf.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    daemon.conf.write_text(text + more)
    return daemon.ctl('update')


def processes(daemon: Daemon, application: str) -> dict[str, str]:
    """The processes of an application and their states, as one daemon sees them; none if it does not know it."""
    try:
        daemon.call('supvisors.get_application_info', application)
    except Fault as fault:
        if fault.faultCode != FaultCode.BAD_NAME:
            raise
        return {}
    found = daemon.call('supvisors.get_process_info', f'{application}:*')
    return {info['process_name']: info['statename'] for info in found}


def wait_for_all(cluster: LocalCluster, condition: Callable[[Daemon], bool], what: str) -> None:
    wait_for(lambda: all(map(condition, cluster)), 10.0, what)


def wait_names(cluster: LocalCluster, *names: str) -> None:
    wait_for_all(cluster, lambda one: set(processes(one, 'late')) == set(names), f'late has {", ".join(names)}')


def info_of(daemon: Daemon, namespec: str) -> dict[str, Any]:
    info: dict[str, Any] = daemon.call('supvisors.get_local_process_info', namespec)
    return info


def test_a_program_comes_and_goes(cluster: LocalCluster, daemon: Daemon) -> None:
    assert 'late: added process group' in rewrite(daemon, more=LATE)
    wait_names(cluster, 'task_0', 'task_1')
    for one in cluster:
        assert [rules['expected_loading'] for rules in one.call('supvisors.get_process_rules', 'late:*')] == [9, 9]
        assert one.call('supvisors.get_application_info', 'late')['managed'] is True
    info = info_of(daemon, 'late:task_1')
    assert (info['program_name'], info['process_index']) == ('task', 1)
    assert cluster.master().call('supvisors.start_process', 'CONFIG', 'late:task_1') is True
    assert cluster.where('late:task_1') == [daemon.nick]
    # what `update` stops is stopped by a user: it is not started anywhere else
    assert 'late: removed process group' in rewrite(daemon, (LATE, ''))
    wait_names(cluster)


def test_by_the_methods_of_supervisord(cluster: LocalCluster, daemon: Daemon) -> None:
    daemon.conf.write_text(daemon.conf.read_text() + LATE)
    assert daemon.call('supervisor.reloadConfig')[0][0] == ['late']
    assert not processes(daemon, 'late')
    assert daemon.call('supervisor.addProcessGroup', 'late') is True
    wait_names(cluster, 'task_0', 'task_1')
    assert daemon.call('supervisor.removeProcessGroup', 'late') is True
    assert not processes(daemon, 'late')
    wait_names(cluster)


def test_the_number_of_processes_in_the_file(cluster: LocalCluster, daemon: Daemon) -> None:
    rewrite(daemon, more=LATE)
    assert daemon.call('supvisors.update_numprocs', 'task', 3) is True
    wait_names(cluster, 'task_0', 'task_1', 'task_2')
    # another change of the file leaves the group alone, and the number that was set by hand
    daemon.call('supvisors.start_args', 'late:task_2', '5')
    rewrite(daemon, ('identifier=', 'minfds=1025\nidentifier='))
    assert info_of(daemon, 'late:task_2')['statename'] == 'RUNNING'
    rewrite(daemon, ('numprocs=2', 'numprocs=4\nnumprocs_start=2'))
    wait_names(cluster, 'task_2', 'task_3', 'task_4', 'task_5')
    info = info_of(daemon, 'late:task_2')
    assert (info['process_index'], info['statename'], info['extra_args']) == (0, 'STOPPED', '')
    assert daemon.call('supvisors.update_numprocs', 'task', 1) is True
    wait_names(cluster, 'task_2')


def test_another_command_of_what_starts_by_itself(cluster: LocalCluster, daemon: Daemon) -> None:
    """The process that `update` stops is not the one that it starts then: the Master leaves that one alone."""
    # known elsewhere too: what is wanted of them is remembered
    rewrite(cluster.master(), more=LATE)
    rewrite(daemon, more=LATE.replace('autostart=false', 'autostart=true'))
    wait_for_all(cluster, lambda one: processes(one, 'late') == {'task_0': 'RUNNING', 'task_1': 'RUNNING'}, 'late runs')
    rewrite(daemon, ('100000\nprocess_name', '200000\nprocess_name'))

    def uptime() -> int:
        info = daemon.call('supervisor.getProcessInfo', 'late:task_0')
        return info['now'] - info['start'] if info['statename'] == 'RUNNING' else -1

    wait_for(lambda: uptime() >= 0, 5.0, 'the new task_0 running')
    pid = daemon.call('supervisor.getProcessInfo', 'late:task_0')['pid']
    # what runs against the wish of a user is stopped after 2 s
    wait_for(lambda: uptime() >= 3 or info_of(daemon, 'late:task_0')['statename'] == 'STOPPED', 10.0,
             'task_0 left alone, or stopped')
    assert daemon.call('supervisor.getProcessInfo', 'late:task_0')['pid'] == pid


def test_disabled_stays_disabled(cluster: LocalCluster, daemon: Daemon) -> None:
    autostart = LATE.replace('autostart=false', 'autostart=true')
    rewrite(daemon, more=autostart)
    assert daemon.call('supvisors.disable', 'task') is True
    rewrite(daemon, (autostart, ''))
    wait_names(cluster)
    rewrite(daemon, more=autostart)
    wait_names(cluster, 'task_0', 'task_1')
    assert [info_of(daemon, f'late:task_{index}')['disabled'] for index in (0, 1)] == [True, True]
    assert daemon.call('supvisors.enable', 'task') is True
    wait_for(lambda: info_of(daemon, 'late:task_0')['statename'] == 'RUNNING', 5.0, 'task_0 started by supervisord')
