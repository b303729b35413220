"""Daemons become one system."""
from __future__ import annotations

import pytest

from supvisors.demo import wait_for
from supvisors_client import AuthenticationError, SupvisorsClient
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import PASSWORD, TRIO, automatic, trio

pytestmark = pytest.mark.live


@pytest.mark.timeout(90)
def test_three_daemons(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO))
    assert cluster.wait_running('auto:task') in cluster.daemons
    for daemon in cluster:
        state = daemon.call('supvisors.get_supvisors_state')
        assert state['identifier'] == daemon.identifier
        assert state['nick_identifier'] == daemon.nick
        assert state['instance_states'] == {other.identifier: 'RUNNING' for other in cluster}
        assert not state['degraded_mode']
    assert len({daemon.call('supvisors.get_master_identifier')['identifier'] for daemon in cluster}) == 1


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_sixteen_daemons(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(tuple(f'sv{number:02d}' for number in range(1, 17))), start=False)
    cluster.start(timeout=90)
    home = cluster.wait_running('auto:task', timeout=30)
    for daemon in cluster:
        assert cluster.wait_running('auto:task', asked=daemon) is home


@pytest.mark.timeout(90)
def test_nothing_starts_until_all_of_strict_are_there(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    for nick in ('sv01', 'sv02'):
        cluster[nick].spawn()

    def see_each_other() -> bool:
        states = cluster['sv01'].call('supvisors.get_supvisors_state')['instance_states']
        return [states[cluster[nick].identifier] for nick in ('sv01', 'sv02')] == ['RUNNING', 'RUNNING']

    wait_for(see_each_other, 20, 'two instances RUNNING')
    assert cluster['sv01'].call('supvisors.get_supvisors_state')['fsm_statename'] == 'SYNCHRONIZATION'
    assert cluster['sv01'].call('supvisors.get_master_identifier') == {}
    (missing,) = cluster['sv01'].call('supvisors.get_instance_info', 'sv03')
    assert missing['statename'] in ('STOPPED', 'CHECKING')
    assert missing['reason']
    cluster['sv03'].spawn()
    cluster.wait_operation()
    cluster.wait_running('auto:task')


@pytest.mark.timeout(90)
def test_a_late_instance_disturbs_nobody(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio({'synchro_options': 'LIST,TIMEOUT', 'synchro_timeout': '1'}), start=False)
    pair = [cluster['sv01'], cluster['sv02']]
    for daemon in pair:
        daemon.spawn()
    master = cluster.wait_operation(pair)
    assert master.call('supvisors.start_process', 'CONFIG', 'homes:home1') is True
    cluster['sv03'].spawn()
    assert cluster.wait_operation() is master
    assert cluster.where('homes:home1', cluster['sv03']) == ['sv01']


@pytest.mark.timeout(120)
def test_both_doors_lead_to_one_engine(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio(unix_socket=True))
    for daemon in cluster:
        with SupvisorsClient(f'unix://{daemon.folder}/supervisor.sock') as unix, daemon.client() as inet:
            assert unix.get_all_process_info()
            assert unix.get_master_identifier() == inet.get_master_identifier()
            assert unix.start_process('CONFIG', 'homes:home1') is True
            (info,) = inet.get_process_info('homes:home1')
            assert info.statename == 'RUNNING'
            assert inet.stop_process('homes:home1') is True
            (info,) = unix.get_process_info('homes:home1')
            assert info.statename == 'STOPPED'


@pytest.mark.timeout(90)
def test_basic_authentication(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio(username='toto', password=PASSWORD))
    with cluster['sv01'].client() as client:
        assert client.start_process('CONFIG', 'homes:home2') is True
    url = cluster['sv01'].url
    for refused in (SupvisorsClient(url), SupvisorsClient(url, username='toto', password='wrong')):
        with refused, pytest.raises(AuthenticationError):
            refused.get_supvisors_state()
