"""What a user does with plain supervisorctl is what the user wants."""
from __future__ import annotations

import pytest

from supvisors.demo import LocalCluster
from tests.cluster.layouts import home_of

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]


def test_stopped_by_supervisorctl_stays_stopped(cluster: LocalCluster) -> None:
    master = cluster.master()
    slave, other = cluster.others(master)
    assert master.call('supvisors.start_process', 'CONFIG', home_of(slave.nick)) is True
    assert 'stopped' in slave.ctl('stop', home_of(slave.nick))
    for daemon in cluster:
        cluster.wait_state(home_of(slave.nick), 'STOPPED', daemon)
    # neither the end of that instance nor that of the Master starts it again
    slave.kill()
    cluster.wait_operation([master, other])
    master.kill()
    cluster.wait_operation([other])
    assert other.call('supvisors.start_application', 'CONFIG', 'chain') is True
    assert cluster.where(home_of(slave.nick), other) == []


def test_started_by_supervisorctl_is_restarted_elsewhere(cluster: LocalCluster) -> None:
    master = cluster.master()
    slave = cluster.others(master)[0]
    assert 'started' in slave.ctl('start', home_of(slave.nick))
    for daemon in cluster:
        assert cluster.wait_running(home_of(slave.nick), asked=daemon) is slave
    slave.kill(programs=True)
    cluster.wait_running(home_of(slave.nick), on=cluster.alive)


def test_status_is_that_of_supervisord(cluster: LocalCluster) -> None:
    assert cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:home1') is True
    lines = dict(line.split()[:2] for line in cluster['sv01'].ctl('status').splitlines())
    assert lines['homes:home1'] == 'RUNNING'
    assert lines['homes:home2'] == 'STOPPED'
