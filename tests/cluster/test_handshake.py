"""Instances that do not agree: each says who differs, in what, with both values; and they agree again by themselves."""
from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.demo import Daemon, LocalCluster, application, rules_file, wait_for
from supvisors.demo.ports import Ports
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import TRIO, automatic

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]


def seen(asked: Daemon, other: Daemon) -> dict[str, Any]:
    (info,) = asked.call('supvisors.get_instance_info', other.nick)
    answer: dict[str, Any] = info
    return answer


def wait_refused(one: Daemon, other: Daemon, *texts: str) -> None:
    """Both are ISOLATED for each other, and their reasons say these texts."""
    def refused() -> bool:
        views = seen(one, other), seen(other, one)
        return all(view['statename'] == 'ISOLATED' and view['reason'].startswith('REFUSED') for view in views) and all(
            text in view['reason'] for view in views for text in texts)

    wait_for(refused, 20, f'{one.nick} and {other.nick} refuse each other: {texts}')


def corrected(cluster: LocalCluster, daemon: Daemon) -> None:
    """The file of the daemon is that of the others again, and it alone is reloaded."""
    cluster.rewrite(automatic(TRIO))
    assert 'Restarted' in daemon.ctl('reload')
    cluster.wait_operation()
    assert {seen(one, other)['statename'] for one in cluster for other in cluster} == {'RUNNING'}
    assert {seen(one, other)['reason'] for one in cluster for other in cluster} == {''}


def test_another_strategy_is_refused_and_starts_nothing(make_cluster: MakeCluster) -> None:
    """TIMEOUT ends no synchronization there: everything would run twice."""
    cluster = make_cluster(automatic(TRIO), start=False)
    own = {'sv03': {'starting_strategy': 'LESS_LOADED', 'synchro_options': 'TIMEOUT', 'synchro_timeout': '2'},
           'sv01': {'synchro_options': 'TIMEOUT', 'synchro_timeout': '2'},
           'sv02': {'synchro_options': 'TIMEOUT', 'synchro_timeout': '2'}}
    cluster.rewrite(attrs.evolve(cluster.layout, own=own))
    cluster.spawn()
    cluster.wait_operation([cluster['sv01'], cluster['sv02']])
    for nick in ('sv01', 'sv02'):
        wait_refused(cluster[nick], cluster['sv03'], 'starting_strategy', 'CONFIG', 'LESS_LOADED')
    log = cluster['sv03'].folder / 'supervisord.log'
    wait_for(lambda: 'the synchronization waits' in log.read_text(), 20, 'sv03 says that it waits')
    assert cluster['sv03'].call('supvisors.get_supvisors_state')['fsm_statename'] == 'SYNCHRONIZATION'
    assert not cluster['sv03'].programs()
    assert 'starting_strategy' in log.read_text()
    corrected(cluster, cluster['sv03'])


def test_the_refused_one_goes_on_when_the_others_have_ended(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    own = {nick: {'synchro_options': 'TIMEOUT', 'synchro_timeout': '1'} for nick in TRIO}
    own['sv03']['auto_fence'] = 'true'
    cluster.rewrite(attrs.evolve(cluster.layout, own=own))
    cluster.spawn()
    cluster.wait_operation([cluster['sv01'], cluster['sv02']])
    wait_refused(cluster['sv02'], cluster['sv03'], 'auto_fence is', 'true', 'false')
    for nick in ('sv01', 'sv02'):
        cluster[nick].kill(programs=True)
    assert cluster.wait_operation([cluster['sv03']]).nick == 'sv03'


def test_other_rules_are_refused(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    others = rules_file([application('auto', {'task': {'start_sequence': 7}}, start_sequence=1)])
    (cluster['sv03'].folder / 'rules.xml').write_text(others)
    for daemon in cluster:
        daemon.spawn()
    wait_refused(cluster['sv01'], cluster['sv03'], 'application auto')
    wait_refused(cluster['sv02'], cluster['sv03'], 'application auto')
    corrected(cluster, cluster['sv03'])


def test_another_list_is_refused(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(automatic(TRIO), start=False)
    longer = ','.join([*(f'<{daemon.nick}>{daemon.identifier}' for daemon in cluster), '<sv09>127.0.0.1:9'])
    cluster.rewrite(attrs.evolve(cluster.layout, own={'sv03': {'supvisors_list': longer}}))
    cluster.spawn()
    wait_refused(cluster['sv01'], cluster['sv03'], 'supvisors_list', '127.0.0.1:9')
    corrected(cluster, cluster['sv03'])


@pytest.mark.parametrize('leads', [True, False])
def test_a_second_daemon_of_one_name_leaves_no_trace(make_cluster: MakeCluster, leads: bool) -> None:
    """Somebody has copied the file of an instance, and starts it for a moment on another port."""
    cluster = make_cluster(automatic(TRIO))
    master = cluster.master()
    victim = master if leads else next(daemon for daemon in cluster if daemon is not master)
    other = next(daemon for daemon in cluster if daemon is not victim)
    folder = cluster.folder / 'copy'
    folder.mkdir()
    ports = Ports()
    port = ports.take()
    copy = Daemon('copy', port, folder, victim.supervisord, victim.environ)
    text = victim.conf.read_text().replace(f'port=127.0.0.1:{victim.port}', f'port=127.0.0.1:{port}')
    copy.conf.write_text(text.replace('supvisors_list', f'local_identifier = {victim.identifier}\nsupvisors_list'))
    (folder / 'rules.xml').write_text(cluster.layout.rules)
    copy.spawn()
    log = other.folder / 'supervisord.log'
    wait_for(lambda: f'{victim.nick} is lost: it has started again' in log.read_text(), 20, 'the copy is heard')
    copy.kill(programs=True)
    ports.release()
    cluster.wait_operation()
    assert {seen(one, two)['statename'] for one in cluster for two in cluster} == {'RUNNING'}
