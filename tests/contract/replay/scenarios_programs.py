"""Numbers of processes, disabled programs, the start sequence, and supervisord's own namespace."""
from __future__ import annotations

from tests.contract.replay.steps import Act, Scenario, do, idle, play, same, told, until


def _disabled(nick: str) -> Act:
    """Await that the Master knows of a disabled program."""
    return told('sv01', 'get_inner_process_info', nick, 'tools:probe', by=lambda all: bool(all[0]['disabled']))


NUMBERS: dict[str, Scenario] = {
    'of a bad type': (
        play('update_numprocs', 15, 19, 21),
    ),
    'as it is': (
        play('update_numprocs', 25, 28),
    ),
    'more': (
        play('update_numprocs', 29), same('get_process_info', 55), same('get_local_process_info', 36),
        play('get_local_process_info', 37), play('start_process', 48), same('get_process_info', 56),
        do('sv01', 'stop_process', 'tools:pool_03'), do('sv01', 'start_args', 'tools:pool_03', ''),
    ),
    'less': (
        play('update_numprocs', 30), play('get_process_info', 57), play('start_args', 29), same('get_process_info', 58),
    ),
    'less, lazy': (
        play('update_numprocs', 31), same('get_process_info', 59), same('get_local_process_info', 38),
        play('stop_process', 32), play('get_process_info', 60), same('get_process_info', 61),
    ),
    'less, not waited for': (
        play('update_numprocs', 32),
        told('sv01', 'get_all_local_process_info', by=lambda all: 'pool_01' not in {one['name'] for one in all}),
        same('get_process_info', 62),
        play('update_numprocs', 33), play('start_process', 49), same('get_process_info', 63),
        do('sv01', 'stop_process', 'tools:pool_02'), do('sv01', 'start_args', 'tools:pool_02', ''),
        play('update_numprocs', 34),
        told('sv01', 'get_process_info', 'tools:*',
             by=lambda all: 'pool_02' not in {one['process_name'] for one in all}),
        play('get_process_info', 64),
    ),
    'of a managed application': (
        play('update_numprocs', 35), same('get_process_info', 65), same('get_application_info', 29),
        play('get_process_rules', 31), play('update_numprocs', 36),
    ),
    'with links': (
        play('update_numprocs', 38, 39, 40),
    ),
    'refused twice': (
        play('update_numprocs', 41, 42),
    ),
}

ENABLING: dict[str, Scenario] = {
    'disabled here': (
        do('sv01', 'start_args', 'tools:probe', ''),
        play('disable', 12, 13), same('get_process_info', 66), same('get_local_process_info', 39),
        play('get_inner_process_info', 42),
        play('start_process', 51), play('start_any_process', 25), play('restart_process', 23),
        same('test_start_process', 51, 52), play('start_args', 30), play('supervisor.startProcess', 0, 1),
        play('supervisor.startProcessGroup', 0), play('supervisor.stopProcessGroup', 0),
        play('start_process', 52), same('get_process_info', 67), play('stop_process', 33),
    ),
    'disabled everywhere': (
        play('disable', 14, 15), _disabled('sv02'), _disabled('sv03'),
        play('start_process', 53), same('get_process_info', 68),
        play('enable', 11, 12, 13, 14), same('get_local_process_info', 40), play('start_process', 54),
        play('stop_process', 34),
        do('sv01', 'start_process', 'CONFIG', 'tools:probe', ''), do('sv01', 'stop_process', 'tools:probe'),
        play('start_process', 50), do('sv01', 'stop_process', 'tools:probe'),
    ),
    'not waited for': (
        play('disable', 16), play('enable', 15), play('disable', 20), play('enable', 19),
    ),
}

STUBBORN: dict[str, Scenario] = {
    'disabled while it stops': (
        play('start_args', 31), play('disable', 17), play('enable', 16), play('start_args', 32), play('disable', 18),
        play('enable', 17), until('batch:stubborn', 'STOPPED'),
    ),
}

SEQUENCE: dict[str, Scenario] = {
    'nothing to start': (
        play('restart_sequence', 3, 4, 8, 9), play('get_supvisors_state', 17),
    ),
    'stopped by a user': (
        play('stop_application', 14), play('restart_sequence', 2), do('sv01', 'start_application', 'CONFIG', 'web'),
        play('get_all_applications_info', 3),
        play('stop_application', 15), do('sv01', 'start_application', 'CONFIG', 'web'),
    ),
    'run again': (
        do('sv01', 'supervisor.signalProcessGroup', 'web', 'KILL'),
        do('sv02', 'supervisor.signalProcessGroup', 'web', 'KILL'),
        do('sv03', 'supervisor.signalProcessGroup', 'web', 'KILL'),
        told('sv01', 'get_application_info', 'web', by=lambda info: info['statename'] == 'STOPPED'),
        play('restart_sequence', 5, 6), play('get_supvisors_state', 16),
        play('start_application', 27), idle(), same('get_application_info', 30), do('sv01', 'stop_application', 'solo'),
    ),
}

LOGS: dict[str, Scenario] = {
    'of a process that fails': (
        play('supervisor.startProcess', 13, 14, 15), until('batch:crash', 'FATAL'),
        play('supervisor.readProcessLog', 0), play('supervisor.readProcessStderrLog', 0),
        play('supervisor.readProcessStdoutLog', 0), play('supervisor.tailProcessLog', 0),
        play('supervisor.tailProcessStderrLog', 0), play('supervisor.tailProcessStdoutLog', 0),
        play('supervisor.clearProcessLog', 0), play('supervisor.clearProcessLogs', 0),
        play('supervisor.clearAllProcessLogs', 0), play('supervisor.clearLog', 0),
    ),
}

SUPERVISOR: dict[str, Scenario] = {
    'reading': (
        play('supervisor.getAPIVersion', 0), play('supervisor.getAllConfigInfo', 0),
        play('supervisor.getAllProcessInfo', 0), play('supervisor.getIdentification', 0),
        play('supervisor.getPID', 0), play('supervisor.getProcessInfo', 0, 9), play('supervisor.getState', 0),
        play('supervisor.getSupervisorVersion', 0), play('supervisor.getVersion', 0),
        play('supervisor.readLog', 0, 1), play('supervisor.readMainLog', 0, 1), play('supervisor.reloadConfig', 0),
    ),
    'a process': (
        play('supervisor.startProcess', 9, 10), until('tools:probe', 'RUNNING'), play('supervisor.stopProcess', 8, 9),
        play('supervisor.startProcess', 12), until('tools:probe', 'RUNNING'), play('supervisor.stopProcess', 11),
        until('tools:probe', 'STOPPED'), play('supervisor.startProcess', 16), play('supervisor.sendProcessStdin', 1, 2),
        play('supervisor.stopProcess', 12), play('supervisor.sendProcessStdin', 0),
        play('supervisor.signalProcess', 0, 4, 3), play('supervisor.sendRemoteCommEvent', 0),
    ),
    'groups': (
        play('supervisor.startProcess', 11), play('supervisor.stopProcess', 10),
        play('supervisor.startProcessGroup', 3), play('supervisor.signalProcessGroup', 0),
        play('supervisor.signalAllProcesses', 0, 1), play('supervisor.stopProcessGroup', 3),
        until('tools:probe', 'STOPPED'),
        play('supervisor.removeProcessGroup', 2), same('get_process_info', 87), play('get_local_process_info', 41),
        play('supervisor.addProcessGroup', 2), same('get_local_process_info', 42),
    ),
    'everything on one instance': (
        play('supervisor.stopAllProcesses', 0), play('supervisor.startAllProcesses', 0), play('get_conflicts', 9),
        play('supervisor.stopAllProcesses', 1),
    ),
}
