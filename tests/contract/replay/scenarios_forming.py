"""Records of systems that form, lose their Master, restart and end: each runs on a cluster of its own."""
from __future__ import annotations

from typing import Any

from supvisors.demo import wait_for
from tests.contract.replay.layout import NICKS
from tests.contract.replay.stage import Stage
from tests.contract.replay.steps import Act, Scenario, do, idle, play, same, told, until

RUNNING, STOPPED = 'RUNNING', 'STOPPED'


def _state(nick: str, *states: str, timeout: float = 30.0) -> Act:
    """Await a state of the system, as one instance says; it may be just starting."""
    def act(stage: Stage) -> None:
        def reached() -> bool:
            try:
                outcome = stage.call(nick, 'supvisors.get_supvisors_state')
            except OSError:
                return False
            return not outcome.fault and outcome.value['fsm_statename'] in states

        wait_for(reached, timeout, f'{nick} in {" or ".join(states)}', 0.01)

    return Act(act)


def _instance(nick: str, state: str, asked: str = 'sv01', timeout: float = 30.0) -> Act:
    """Await a state of an instance, as another one says."""
    return told(asked, 'get_instance_info', nick, by=lambda all: all[0]['statename'] == state, timeout=timeout)


def _spawn(*nicks: str) -> Act:
    def act(stage: Stage) -> None:
        for nick in nicks:
            stage.cluster[nick].spawn()

    return Act(act)


def _kill(nick: str) -> Act:
    """The daemon and its programs, as when a host loses its power."""
    return Act(lambda stage: stage.cluster[nick].kill(programs=True))


USER: Scenario = (
    _spawn('sv01', 'sv02', 'sv03'), _state('sv01', 'SYNCHRONIZATION'), _state('sv02', 'SYNCHRONIZATION'),
    _state('sv03', 'SYNCHRONIZATION'), _instance('sv02', RUNNING), _instance('sv03', RUNNING),
    told('sv01', 'get_all_inner_process_info', 'sv02', by=bool),
    play('get_all_inner_process_info', 0, 1), play('get_all_instances_info', 0),
    play('get_all_instances_state_modes', 0), play('get_all_local_process_info', 0), play('get_api_version', 0),
    same('get_core_identifiers', 0),
    play('get_inner_process_info', 0, 1), play('get_instance_info', 0, 1), play('get_instance_state_modes', 0, 1),
    same('get_local_process_info', 0), same('get_master_identifier', 0), play('get_network_info', 0),
    play('get_statistics_status', 0, 1), same('get_strategies', 0), play('get_supvisors_state', 0),
    play('change_log_level', 0), do('sv01', 'change_log_level', 'info'),
    # refused in SYNCHRONIZATION, whatever the names are
    play('get_all_applications_info', 0), play('get_all_process_info', 0), play('get_application_info', 0, 1),
    play('get_application_rules', 0), play('get_conflicts', 0), play('get_process_info', 0),
    play('get_process_rules', 0), play('disable', 0), play('enable', 0), play('restart', 0),
    play('restart_application', 0), play('restart_process', 0), play('restart_sequence', 0), play('shutdown', 0),
    play('start_any_process', 0), play('start_application', 0, 1), play('start_process', 0),
    play('stop_application', 0), play('stop_process', 0), play('test_start_application', 0),
    play('test_start_process', 0), play('update_numprocs', 0), play('end_sync', 0, 1, 2, 3),
    play('start_args', 0), play('supervisor.stopProcess', 0),
    # the user ends it; an instance is lost, and two copies of dup:clash run since the start
    do('sv01', 'end_sync'), play('end_sync', 4),
    told('sv01', 'get_master_identifier', by=bool), same('get_master_identifier', 1), play('get_supvisors_state', 1),
    play('end_sync', 8, 9, 10), idle(),
    _kill('sv03'), play('end_sync', 5), _instance('sv03', STOPPED), play('get_supvisors_state', 2),
    play('end_sync', 6, 7, 11), play('get_master_identifier', 2), idle(),
    play('get_supvisors_state', 3), same('get_conflicts', 1), play('get_instance_info', 2, 3),
    play('get_instance_state_modes', 2, 3), play('get_all_inner_process_info', 2), play('get_inner_process_info', 2),
    play('get_network_info', 1),
)

END: Scenario = (
    _spawn('sv01', 'sv02'), _state('sv01', 'SYNCHRONIZATION'), _state('sv02', 'SYNCHRONIZATION'),
    _instance('sv02', RUNNING), _instance('sv01', RUNNING, 'sv02'),
    told('sv01', 'get_network_info', 'sv02', by=lambda all: all[0]['stereotypes'] == ['lone']),
    play('get_all_inner_process_info', 3), play('get_inner_process_info', 3), play('get_instance_info', 4, 5),
    play('get_instance_state_modes', 4), play('get_master_identifier', 3), play('get_network_info', 2),
    play('get_supvisors_state', 4), play('end_sync', 12, 13, 14, 15), play('get_supvisors_state', 5, 6),
    _state('sv01', 'DISTRIBUTION'),
    play('end_sync', 16, 17), play('get_conflicts', 2), play('disable', 1), play('restart_sequence', 1),
    play('start_process', 1), play('stop_process', 1), play('test_start_process', 1), play('update_numprocs', 1),
    same('get_master_identifier', 4, 5),
    _state('sv01', 'OPERATION'), play('get_supvisors_state', 7), play('end_sync', 18),
    _spawn('sv03'), _state('sv03', 'SYNCHRONIZATION', 'OPERATION'), _instance('sv03', RUNNING),
    play('get_supvisors_state', 8, 9),
)

TIMEOUT: Scenario = (
    _spawn('sv01', 'sv02'), _state('sv01', 'OFF', 'SYNCHRONIZATION'), play('get_supvisors_state', 10),
    _state('sv01', 'SYNCHRONIZATION'), play('end_sync', 19, 20, 21, 22), play('restart', 1), play('shutdown', 1),
    idle(timeout=40.0), play('get_all_instances_info', 1), play('get_application_info', 2), play('get_process_info', 1),
    play('get_supvisors_state', 11),
)

LOSSES: Scenario = (
    _spawn('sv01', 'sv02', 'sv03'), _state('sv01', 'OPERATION'), _state('sv02', 'OPERATION'),
    _state('sv03', 'OPERATION'),
    same('get_strategies', 3), play('get_conflicts', 11), play('get_process_info', 89),
    # an instance that is not the Master
    _kill('sv03'), _instance('sv03', STOPPED), idle(),
    play('get_application_info', 36), play('get_instance_info', 27), play('get_process_info', 88),
    play('get_supvisors_state', 25),
    _spawn('sv03'), _instance('sv03', RUNNING), _state('sv03', 'OPERATION'), idle(),
    # the Master
    _kill('sv01'), _instance('sv01', STOPPED, 'sv02'), _state('sv02', 'OPERATION'), _state('sv03', 'OPERATION'),
    idle('sv02'),
    play('get_supvisors_state', 29), play('get_process_info', 90), same('get_master_identifier', 9),
    play('get_instance_info', 28),
    _spawn('sv01'), _instance('sv01', RUNNING, 'sv02'), play('get_instance_info', 29), _state('sv01', 'OPERATION'),
    play('get_all_instances_info', 5), play('get_supvisors_state', 30),
    play('shutdown', 3),
)

ENDING: Scenario = (
    Act(lambda stage: stage.cluster.start()),
    # the disabilities stay after a restart of the daemon
    play('disable', 21, 22), play('supervisor.restart', 1), _instance('sv01', STOPPED, 'sv02'),
    _instance('sv01', RUNNING, 'sv02'), _state('sv01', 'OPERATION'), idle('sv02'),
    same('get_local_process_info', 43, 44), play('start_args', 36), play('enable', 20), play('start_args', 37),
    do('sv01', 'enable', 'pool'), do('sv01', 'stop_process', 'tools:probe'),
    play('supervisor.restart', 0), _instance('sv02', STOPPED, 'sv03'), _instance('sv02', RUNNING, 'sv03'),
    _state('sv02', 'OPERATION'), idle('sv02'), idle(),
    do('sv01', 'stop_application', 'web'),
    play('start_application', 30, 31), play('change_log_level', 39),
    do('sv01', 'change_log_level', 'info'), play('get_logger_levels', 2),
    # a program that is slow to stop holds RESTARTING
    do('sv01', 'start_process', 'CONFIG', 'batch:stubborn'),
    play('restart', 3), _state('sv01', 'RESTARTING'), play('restart', 4), play('shutdown', 4),
    play('start_process', 62), play('stop_process', 42), play('update_numprocs', 43), play('restart_sequence', 11),
    play('get_supvisors_state', 26), play('get_all_applications_info', 4), play('get_conflicts', 10),
    play('start_args', 35),
    _state('sv01', 'OFF', 'SYNCHRONIZATION', 'ELECTION', 'DISTRIBUTION', 'OPERATION'),
    idle(), idle('sv02'), idle('sv03'),
    play('supervisor.getPID', 2), play('get_supvisors_state', 27),
    do('sv01', 'start_process', 'CONFIG', 'batch:stubborn'),
    play('shutdown', 5), play('restart', 5), play('shutdown', 6), play('start_process', 63),
    play('get_supvisors_state', 28), play('get_all_applications_info', 5),
)


def _five_copies(conflicts: list[dict[str, Any]]) -> bool:
    return (sum(len(process['identifiers']) for process in conflicts) == 5
            and all(process['statename'] == RUNNING for process in conflicts))


CONFLICT: Scenario = (
    *(do(nick, 'supervisor.startProcess', f'dup:{name}', False)
      for name, nicks in (('clash', NICKS[:2]), ('clash2', NICKS)) for nick in nicks),
    told('sv01', 'get_conflicts', by=_five_copies), told('sv02', 'get_conflicts', by=_five_copies),
    same('get_conflicts', 5, 6), play('get_supvisors_state', 18), same('get_process_info', 69),
    same('get_application_info', 31), play('get_instance_info', 26),
    play('stop_application', 16), play('stop_process', 35), play('start_args', 33), play('stop_process', 36),
    play('stop_process', 37), play('stop_application', 17),
    do('sv01', 'supervisor.startProcess', 'tools:probe'), do('sv02', 'supervisor.startProcess', 'tools:probe'),
    told('sv01', 'get_process_info', 'tools:probe', by=lambda all: len(all[0]['identifiers']) == 2),
    play('get_supvisors_state', 24), same('get_process_info', 85), play('restart_process', 25),
    until('tools:probe', RUNNING), same('get_process_info', 86), play('stop_process', 38),
)
"""Programs that run twice: with and without rules."""
