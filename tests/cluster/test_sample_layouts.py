"""The usual ways to lay out a system, each as an administrator would write it."""
from __future__ import annotations

import random

import attrs
import pytest

from supvisors.demo import Layout, LocalCluster, wait_for
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, automatic

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]


def discovering(cluster: LocalCluster, layout: Layout, **options: str) -> Layout:
    """Nobody has a list: each knows its own name only, and a group and port that are its own among all tests."""
    draw = random.SystemRandom()
    group = f'239.{draw.randrange(1, 255)}.{draw.randrange(255)}.1:{draw.randrange(20000, 60000)}'
    own = {daemon.nick: {'supvisors_list': f'<{daemon.nick}>{daemon.identifier}'} for daemon in cluster}
    return attrs.evolve(layout, own=own, options={
        'multicast_group': group, 'multicast_interface': '127.0.0.1', 'synchro_options': 'LIST', **options})


def test_several_daemons_on_one_host(make_cluster: MakeCluster) -> None:
    """One list for all, a nick and a port for each."""
    cluster = make_cluster(automatic(TRIO))
    states = cluster['sv02'].call('supvisors.get_all_instances_info')
    assert [(item['nick_identifier'], item['statename']) for item in states] == [
        (daemon.nick, 'RUNNING') for daemon in sorted(cluster, key=lambda daemon: daemon.identifier)]
    cluster.wait_running('auto:task')


def test_discovery(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    cluster.rewrite(discovering(cluster, automatic(TRIO)))
    cluster.spawn()
    cluster.wait_operation()
    for daemon in cluster:
        view = daemon.call('supvisors.get_supvisors_state')
        assert view['discovery_mode'] is True
        assert len(view['instance_states']) == 3
        (found,) = daemon.call('supvisors.get_instance_info', 'sv03')
        assert found['identifier'] == cluster['sv03'].identifier
    assert cluster.wait_running('auto:task')


def test_discovery_of_who_comes_late_and_of_who_comes_back(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    cluster.rewrite(discovering(cluster, automatic(TRIO)))
    early = [cluster['sv01'], cluster['sv03']]
    for daemon in early:
        daemon.spawn()
    master = cluster.wait_operation(early)
    cluster['sv02'].spawn()
    assert cluster.wait_operation() is master
    master.kill(programs=True)
    left = cluster.others(master)
    wait_for(lambda: cluster.master(left[0]) in left, 20, 'another Master')
    master.spawn()
    cluster.wait_operation()


def test_core_instances_found_by_stereotype_in_discovery(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    layout = discovering(cluster, automatic(TRIO), synchro_options='CORE,TIMEOUT', core_identifiers='@SERVER',
                         synchro_timeout='20')
    own = {nick: {**options, **({'stereotypes': '@SERVER'} if nick != 'sv01' else {})}
           for nick, options in layout.own.items()}
    cluster.rewrite(attrs.evolve(layout, own=own))
    cluster.spawn()
    assert cluster.wait_operation().nick in ('sv02', 'sv03')


def test_the_secret_keeps_strangers_out_of_the_discovery(make_cluster: MakeCluster) -> None:
    """Another password: its beacons are counted and ignored, and it stays alone."""
    cluster = make_cluster(attrs.evolve(automatic(TRIO), username='toto', password='one'), start=False)
    layout = discovering(cluster, cluster.layout)
    cluster.rewrite(layout)
    conf = cluster['sv03'].conf
    conf.write_text(conf.read_text().replace('password=one', 'password=other'))
    cluster['sv03'].password = 'other'
    cluster.spawn()
    cluster.wait_operation([cluster['sv01'], cluster['sv02']])
    cluster.wait_operation([cluster['sv03']])
    for daemon in cluster:
        known = {item['nick_identifier'] for item in daemon.call('supvisors.get_all_instances_info')}
        assert known == ({'sv03'} if daemon.nick == 'sv03' else {'sv01', 'sv02'})
    log = cluster['sv01'].folder / 'supervisord.log'
    wait_for(lambda: 'beacon' in log.read_text(), 20, 'sv01 says that it ignores beacons')
