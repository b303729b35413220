"""What is refused: the three clients see the same code and the same text."""
from __future__ import annotations

from typing import Any

import pytest
from interop_clients import Client, Failed, JavaClient, SdkClient, three_clients

from supvisors.demo import Daemon, LocalCluster
from supvisors_client import AuthenticationError

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop')]


def failure(client: Client, raw: bool, *call: Any) -> tuple[int, str]:
    send = client.raw if raw else client.call
    with pytest.raises(Failed) as caught:
        send(*call)
    return caught.value.code, caught.value.text


@pytest.mark.parametrize(('call', 'code'), [
    (('get_instance_state_modes', 'nope'), 10),
    (('get_network_info', 'nope'), 10),
    (('get_instance_info', 'nope'), 10),
    (('get_application_info', 'nope'), 10),
    (('get_process_info', 'chain:nope'), 10),
    (('get_local_process_info', 'chain:*'), 10),
    (('get_all_inner_process_info', 'nope'), 10),
    (('get_inner_process_info', 'nope', 'chain:*'), 10),
    (('get_inner_process_info', 'sv01', 'chain:nope'), 10),
    (('get_inner_process_info', 'sv01', 'only3:there'), 30),
    (('end_sync',), 101),
    (('end_sync', 'sv01'), 101),
    (('start_application', 'CONFIG', 'nope'), 10),
    (('start_application', 'CONFIG', 'free'), 102),
    (('start_application', 'CONFIG', 'chain'), 60),
    (('start_application', 'CONFIG', 'badly'), 70),
    (('stop_application', 'free'), 102),
    (('stop_application', 'slow'), 70),
    (('start_process', 'CONFIG', 'chain:*'), 60),
    (('start_process', 'CONFIG', 'badly:crash'), 70),
    (('stop_process', 'free:two'), 70),
    (('stop_process', 'nope'), 10),
    (('get_application_rules', 'nope'), 10),
    (('get_process_rules', 'nope'), 10),
    (('get_process_rules', 'chain:nope'), 10),
    (('test_start_application', 'CONFIG', 'nope'), 10),
    (('test_start_application', 'CONFIG', 'free'), 102),
    (('test_start_application', 'CONFIG', 'chain'), 60),
    (('test_start_process', 'CONFIG', 'chain:nope'), 10),
    (('test_start_process', 'LOCAL', 'chain:*'), 60),
    (('restart_application', 'CONFIG', 'nope'), 10),
    (('restart_application', 'CONFIG', 'free', False), 102),
    (('restart_application', 'CONFIG', 'slow'), 40),
    (('restart_application', 'CONFIG', 'badly'), 70),
    (('restart_process', 'CONFIG', 'nope:*'), 10),
    (('restart_process', 'CONFIG', 'spare:big', '', False), 40),
    (('restart_process', 'CONFIG', 'badly:crash'), 70),
    (('start_any_process', 'CONFIG', '['), 2),
    (('start_any_process', 'CONFIG', '^nope:'), 30),
    (('start_any_process', 'CONFIG', '^chain:', '', False), 30),
    (('start_any_process', 'CONFIG', '^spare:big$'), 30),
    (('start_any_process', 'CONFIG', 'dly:cra'), 70),
    (('restart_sequence',), 40),
    (('restart_sequence', False), 40),
], ids=lambda value: '-'.join(map(str, value)) if isinstance(value, tuple) else str(value))
def test_typed(shared: LocalCluster, call: tuple[Any, ...], code: int) -> None:
    for daemon in shared:
        seen = {name: failure(client, False, *call) for name, client in three_clients(daemon).items()}
        assert seen['sdk'] == seen['plain']
        assert seen['java'] == seen['plain']
        assert seen['plain'][0] == code


@pytest.mark.parametrize(('call', 'code'), [
    (('supvisors.nope',), 1),
    (('supvisors.get_api_version', 1), 2),
    (('supvisors.start_process', 'config', 'chain:first'), 2),
    (('supvisors.start_process', 9, 'chain:first'), 2),
    (('supvisors.start_process', True, 'chain:first'), 2),
    (('supvisors.start_process', 'CONFIG', 'chain:first', '', 'x'), 2),
    (('supvisors.change_log_level', 'loud'), 2),
    (('supvisors.change_log_level', 7), 2),
    (('supvisors.change_log_level', True), 2),
    (('supvisors.end_sync', 1), 2),
    (('supvisors.get_application_rules',), 2),
    (('supvisors.get_process_rules', 3), 2),
    (('supvisors.get_conflicts', 'chain'), 2),
    (('supvisors.test_start_application', 'config', 'placed'), 2),
    (('supvisors.test_start_process', True, 'free:one'), 2),
    (('supvisors.test_start_process', 'CONFIG', 'free:one', ''), 2),
    (('supvisors.restart_application', 6, 'slow'), 2),
    (('supvisors.restart_process', 'CONFIG', 'free:one', '', 1), 2),
    (('supvisors.start_any_process', 'CONFIG', 5), 2),
    (('supvisors.start_any_process', 'CONFIG', 'x', 5), 2),
    (('supvisors.restart_sequence', 'x'), 2),
    (('supervisor.getProcessInfo', 'nope'), 10),
], ids=lambda value: '-'.join(map(str, value)) if isinstance(value, tuple) else str(value))
def test_untyped(shared: LocalCluster, call: tuple[Any, ...], code: int) -> None:
    seen = {name: failure(client, True, *call) for name, client in three_clients(shared['sv02']).items()}
    assert seen['sdk'] == seen['plain']
    assert seen['java'] == seen['plain']
    assert seen['plain'][0] == code


def test_a_wrong_password(shared: LocalCluster) -> None:
    if not shared.layout.username:
        # a daemon without a password accepts any: both clients must send one without harm
        wrong = _intruder(shared['sv01'])
        assert SdkClient(wrong).call('get_api_version') == JavaClient(wrong).call('get_api_version')
        return
    wrong = _intruder(shared['sv01'])
    with pytest.raises(AuthenticationError):
        SdkClient(wrong).call('get_api_version')
    with pytest.raises(Failed, match='401'):
        JavaClient(wrong).call('get_api_version')


def _intruder(daemon: Daemon) -> Daemon:
    return Daemon(daemon.nick, daemon.port, daemon.folder, daemon.supervisord, daemon.environ, 'toto', 'p@$$')
