"""Clients see the first fault: forms, FSM state, enumeration, names, managed; the Master answers for what runs."""
from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.model.enums import SupvisorsState
from supvisors.model.process import ProcessRecord
from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import Daemon, World

ELECTION, OPERATION, CONCILIATION = SupvisorsState.ELECTION, SupvisorsState.OPERATION, SupvisorsState.CONCILIATION


@pytest.mark.parametrize(('state', 'method', 'arguments', 'code'), [
    # each line repairs the fault of the line before
    (ELECTION, 'start_application', ('never', 'nobody', 'x'), 2),
    (ELECTION, 'start_application', ('never', 'nobody'), 101),
    (CONCILIATION, 'start_application', ('never', 'nobody'), 101),
    (OPERATION, 'start_application', ('never', 'nobody'), 2),
    (OPERATION, 'start_application', (9, 'nobody'), 2),
    (OPERATION, 'start_application', ('LOCAL', 'nobody'), 10),
    (OPERATION, 'start_application', ('LOCAL', 'free'), 102),
    (ELECTION, 'stop_application', ('nobody', 'x'), 2),
    (ELECTION, 'stop_application', ('nobody',), 101),
    (CONCILIATION, 'stop_application', ('nobody',), 10),
    (CONCILIATION, 'stop_application', ('free',), 102),
    (ELECTION, 'start_process', ('never', 'nobody:x', 5), 2),
    (ELECTION, 'start_process', ('never', 'nobody:x'), 101),
    (OPERATION, 'start_process', ('never', 'nobody:x'), 2),
    (OPERATION, 'start_process', ('LOCAL', 'nobody:x'), 10),
    (OPERATION, 'start_process', ('LOCAL', 'web:x'), 10),
    (OPERATION, 'start_process', ('LOCAL', 'api'), 10),
    (OPERATION, 'start_process', ('LOCAL', 'nobody:*'), 10),
    (OPERATION, 'start_process', ('LOCAL', ':'), 10),
    (ELECTION, 'test_start_application', ('never', 1), 2),
    (CONCILIATION, 'test_start_application', ('never', 'nobody'), 101),
    (OPERATION, 'test_start_application', ('never', 'nobody'), 2),
    (OPERATION, 'test_start_application', ('LOCAL', 'nobody'), 10),
    (OPERATION, 'test_start_application', ('LOCAL', 'free'), 102),
    (ELECTION, 'restart_application', ('never', 'nobody', 'x'), 2),
    (CONCILIATION, 'restart_application', ('never', 'nobody'), 101),
    (OPERATION, 'restart_application', ('never', 'nobody'), 2),
    (OPERATION, 'restart_application', ('LOCAL', 'nobody'), 10),
    (OPERATION, 'restart_application', ('LOCAL', 'free'), 102),
    (ELECTION, 'test_start_process', ('never', 1), 2),
    (CONCILIATION, 'test_start_process', ('never', 'nobody:x'), 101),
    (OPERATION, 'test_start_process', ('never', 'nobody:x'), 2),
    (OPERATION, 'test_start_process', ('LOCAL', 'web:x'), 10),
    (OPERATION, 'test_start_process', ('LOCAL', 'nobody:*'), 10),
    (ELECTION, 'restart_process', ('never', 'nobody:x', '', 1), 2),
    (CONCILIATION, 'restart_process', ('never', 'nobody:x'), 101),
    (OPERATION, 'restart_process', ('never', 'nobody:x'), 2),
    (OPERATION, 'restart_process', ('LOCAL', 'nobody:x'), 10),
    (OPERATION, 'restart_process', ('LOCAL', 'web:x'), 10),
    (OPERATION, 'restart_process', ('LOCAL', 'api'), 10),
    (ELECTION, 'start_any_process', ('never', '[', 5), 2),
    (CONCILIATION, 'start_any_process', ('never', '['), 101),
    (OPERATION, 'start_any_process', ('never', '['), 2),
    (OPERATION, 'start_any_process', ('LOCAL', '['), 2),
    (ELECTION, 'restart_sequence', (1,), 2),
    (CONCILIATION, 'restart_sequence', (), 101),
    (ELECTION, 'stop_process', ('nobody', 1), 2),
    (ELECTION, 'stop_process', ('nobody',), 101),
    (CONCILIATION, 'stop_process', ('nobody',), 10),
    (SupvisorsState.SYNCHRONIZATION, 'get_application_info', (1,), 2),
    (SupvisorsState.SYNCHRONIZATION, 'get_application_info', ('nobody',), 101),
    (ELECTION, 'get_application_info', ('nobody',), 10),
    (SupvisorsState.SYNCHRONIZATION, 'get_application_rules', (1,), 2),
    (SupvisorsState.SYNCHRONIZATION, 'get_application_rules', ('nobody',), 101),
    (ELECTION, 'get_application_rules', ('nobody',), 10),
    (SupvisorsState.OFF, 'get_process_rules', (1,), 2),
    (SupvisorsState.OFF, 'get_process_rules', ('nobody',), 101),
    (ELECTION, 'get_process_rules', ('nobody',), 10),
    (ELECTION, 'get_process_rules', ('web:nobody',), 10),
    (SupvisorsState.SYNCHRONIZATION, 'get_conflicts', (), 101),
    (SupvisorsState.OFF, 'get_process_info', ('nobody',), 101),
    (ELECTION, 'get_process_info', ('nobody',), 10),
    (ELECTION, 'get_process_info', ('web:nobody',), 10),
    (SupvisorsState.OFF, 'get_instance_info', ('nobody',), 10),
    (SupvisorsState.OFF, 'get_instance_info', ('',), 10),
    (OPERATION, 'start_process', ('LOCAL', ''), 10),
    (SupvisorsState.OFF, 'get_network_info', ('nobody',), 10),
    (SupvisorsState.OFF, 'get_instance_state_modes', ('nobody',), 10),
    (SupvisorsState.OFF, 'get_local_process_info', ('web:nobody',), 10),
    (SupvisorsState.OFF, 'get_local_process_info', ('web:*',), 10),
    (SupvisorsState.OFF, 'get_local_process_info', ('web:',), 10),
    (SupvisorsState.OFF, 'get_inner_process_info', (1, 'nobody'), 2),
    (SupvisorsState.OFF, 'get_inner_process_info', ('nobody', 1), 2),
    (SupvisorsState.OFF, 'get_inner_process_info', ('nobody', 'nobody'), 10),
    (SupvisorsState.OFF, 'get_inner_process_info', ('zulu', 'nobody'), 10),
    (SupvisorsState.OFF, 'get_inner_process_info', ('zulu', 'web:nobody'), 10),
    (SupvisorsState.OFF, 'get_inner_process_info', ('zulu', 'nobody:*'), 10),
    (SupvisorsState.OFF, 'get_inner_process_info', ('zulu', 'web:api'), 30),
    (SupvisorsState.OFF, 'get_inner_process_info', ('zulu', 'web:*'), 30),
    (SupvisorsState.OFF, 'get_inner_process_info', ('alpha', 'free'), 30),
    (SupvisorsState.OFF, 'get_inner_process_info', ('edge', 'web:cache'), 30),
    (SupvisorsState.OFF, 'get_all_inner_process_info', ('nobody',), 10),
    (SupvisorsState.OFF, 'change_log_level', ('never',), 2),
    (OPERATION, 'end_sync', (1,), 2),
    (OPERATION, 'end_sync', ('nobody',), 101),
    (SupvisorsState.OFF, 'end_sync', (), 101),
    (ELECTION, 'restart', (), 101),
    (SupvisorsState.FINAL, 'shutdown', (), 101),
])
def test_first_fault(rpc: Dispatcher, world: World, state: SupvisorsState, method: str, arguments: tuple[Any, ...],
                     code: int) -> None:
    world.state = state
    with pytest.raises(Fault) as caught:
        rpc.call(method, *arguments)
    assert caught.value.faultCode == code
    assert (world.requests, world.predicted, world.masters) == ([], [], [])


def test_texts(rpc: Dispatcher, world: World) -> None:
    def text(method: str, *arguments: Any) -> str:
        with pytest.raises(Fault) as caught:
            rpc.call(method, *arguments)
        return caught.value.faultString

    assert text('start_application', 0, 'nobody') == "BAD_NAME: application 'nobody' is unknown"
    assert text('start_application', 0, 'free') == "NOT_MANAGED: application 'free' has no rules"
    assert text('start_process', 0, 'api') == "BAD_NAME: application 'api' is unknown"
    assert text('start_process', 0, 'web:x') == "BAD_NAME: process 'x' is unknown in application 'web'"
    assert text('get_instance_info', 'x') == "BAD_NAME: no instance has 'x' as identifier, nick name or stereotype"
    assert text('get_local_process_info', 'web:*') == "BAD_NAME: 'web:*' is a group, not a process"
    assert text('start_any_process', 'LOCAL', '[') != text('start_any_process', 'local', '[')
    world.state = SupvisorsState.ELECTION
    assert text('stop_process', 'web:api') == (
        'BAD_SUPVISORS_STATE: stop_process is refused in state ELECTION, accepted in OPERATION, CONCILIATION')


def test_local_reads_while_supervisord_stops(daemon: Daemon, rpc: Dispatcher) -> None:
    daemon.stopping = True
    daemon.world.records = [ProcessRecord('web', 'api')]
    for arguments in (('get_all_local_process_info',), ('get_local_process_info', 'web:api'),
                      ('get_local_process_info', 'nobody'), ('get_local_process_info', '')):
        with pytest.raises(Fault) as caught:
            rpc.call(*arguments)
        assert (caught.value.faultCode, caught.value.faultString) == (
            6, 'SHUTDOWN_STATE: the local supervisord is stopping')
    assert rpc.call('get_api_version') == '1.0.0'
