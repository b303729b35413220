"""Starts and stops, as they were recorded. Each scenario begins and ends with only `web` and `lonely` running.

Each table is about other programs than the others, so that they run at the same time on one cluster.
"""
from __future__ import annotations

from tests.contract.replay.steps import Scenario, attempt, do, play, same, until

SOLO: dict[str, Scenario] = {
    'started and stopped': (
        play('start_application', 18), same('get_application_info', 23), same('get_process_info', 32),
        play('start_application', 19),
        play('stop_application', 1), same('get_application_info', 24), play('stop_application', 2, 12),
        play('stop_process', 27, 28),
    ),
    'stopped while it starts': (
        play('start_application', 20, 21), play('get_application_info', 25),
        play('stop_application', 3), play('get_supvisors_state', 15), attempt('sv01', 'stop_application', 'solo'),
        same('get_process_info', 33),
    ),
    'with event links': (
        play('start_application', 29), play('stop_application', 18),
        do('sv01', 'start_process', 'CONFIG', 'dup:clash'), play('stop_process', 41),
    ),
    'without a place': (
        play('start_application', 22, 23), same('get_application_info', 26), same('get_process_info', 34),
        play('start_application', 25, 26), play('restart_application', 16),
    ),
    'restarted': (
        play('restart_application', 12, 13, 14), until('solo:solo_a', 'STARTING'), until('solo:solo_b', 'STARTING'),
        until('solo:solo_b', 'RUNNING'), play('restart_application', 17), play('restart_application', 4, 5),
    ),
}

BATCH: dict[str, Scenario] = {
    'an application that fails': (
        play('start_application', 24), same('get_application_info', 27), same('get_process_info', 35),
        play('get_local_process_info', 34), play('stop_application', 13), play('get_all_instances_info', 4),
        play('restart_application', 15),
    ),
    'processes that end': (
        play('start_process', 34), same('get_process_info', 41), play('stop_process', 19),
        play('start_process', 35), until('batch:job', 'EXITED'), same('get_process_info', 42),
        play('start_process', 36), until('batch:badjob', 'EXITED'), same('get_process_info', 43),
        play('start_process', 37), same('get_process_info', 44),
        play('start_process', 38), same('get_process_info', 45), play('stop_process', 18),
        play('start_process', 39), same('get_process_info', 46),
    ),
    'not waited for': (
        play('start_process', 40, 41, 42, 43), until('batch:crash', 'BACKOFF'), until('batch:crash', 'FATAL'),
        until('batch:nofile', 'FATAL'),
        play('start_process', 46, 47), until('batch:job', 'EXITED'),
    ),
    'a group that fails': (
        play('start_process', 44), until('batch:job', 'EXITED'), until('batch:badjob', 'EXITED'),
        same('get_process_info', 47), play('stop_process', 6),
        play('start_process', 45), play('stop_process', 7),
        do('sv01', 'start_process', 'CONFIG', 'batch:job'), play('stop_process', 25),
    ),
    'restarted': (
        play('restart_process', 19, 20, 21),
    ),
    'any': (
        play('start_any_process', 10), until('batch:badjob', 'RUNNING'), until('batch:badjob', 'EXITED'),
        play('start_any_process', 20, 21, 22, 23, 24), until('batch:job', 'EXITED'),
    ),
}

LOCAL: dict[str, Scenario] = {
    'with event links': (
        play('start_process', 57, 58, 59, 60), play('start_process', 61),
        until('batch:job', 'EXITED'), until('batch:badjob', 'EXITED'),
    ),
    'started here': (
        play('start_args', 18), until('batch:crash', 'BACKOFF'), same('get_process_info', 48),
        play('start_args', 19), until('batch:nofile', 'FATAL'), same('get_process_info', 49),
        play('start_args', 20), same('get_process_info', 50),
        play('start_args', 21), same('get_process_info', 51),
        play('start_args', 22), until('batch:crash', 'FATAL'), play('start_args', 23), until('batch:crash', 'BACKOFF'),
        until('batch:crash', 'FATAL'), until('batch:job', 'EXITED'), until('batch:badjob', 'EXITED'),
    ),
    'started here, against the rules': (
        play('start_args', 28), until('batch:nowhere', 'RUNNING'), same('get_process_info', 52),
        play('stop_process', 24),
    ),
}

TOOLS: dict[str, Scenario] = {
    'started and stopped': (
        play('start_process', 22, 23), same('get_process_info', 36),
        play('start_process', 24), same('get_process_info', 37), same('get_application_info', 28),
        play('stop_process', 4), until('tools:echoer', 'STOPPED'), same('get_process_info', 38),
        play('stop_process', 2, 3),
        do('sv01', 'stop_process', 'lonely'), play('start_process', 18, 65),
    ),
    'with arguments': (
        play('start_process', 25), play('get_process_info', 39), play('start_process', 26),
        do('sv01', 'stop_process', 'tools:probe'), play('start_process', 31, 32),
        do('sv01', 'start_process', 'CONFIG', 'tools:echoer', '-n', False), until('tools:echoer', 'RUNNING'),
        play('stop_process', 22),
        do('sv01', 'start_process', 'CONFIG', 'tools:probe', '', False), until('tools:probe', 'RUNNING'),
        play('stop_process', 23),
    ),
    'as a group': (
        play('start_process', 33), same('get_process_info', 40), play('stop_process', 5, 26),
        do('sv01', 'start_process', 'CONFIG', 'tools:*'), play('stop_process', 29),
        do('sv01', 'start_process', 'CONFIG', 'tools:echoer'), play('stop_process', 30),
        do('sv01', 'start_process', 'CONFIG', 'tools:pool_00'), play('stop_process', 31),
    ),
    'with event links': (
        play('start_process', 56), play('stop_process', 39), play('start_args', 34), play('stop_process', 40),
    ),
    'restarted': (
        play('restart_process', 13, 14, 15), until('tools:probe', 'STARTING'), until('tools:probe', 'RUNNING'),
        do('sv01', 'stop_process', 'tools:probe'),
        play('restart_process', 16, 17), do('sv01', 'stop_process', 'tools:*'),
        play('restart_process', 18), do('sv01', 'stop_process', 'tools:*'),
    ),
    'any': (
        play('start_any_process', 16, 17, 18, 19), do('sv01', 'stop_process', 'tools:*'),
    ),
    'started here': (
        play('start_args', 15, 16), same('get_local_process_info', 35), play('start_args', 17),
        until('tools:probe', 'RUNNING'), same('get_process_info', 53), play('get_process_info', 54),
        do('sv01', 'stop_process', 'tools:*'),
        play('start_args', 25, 27), play('start_args', 2), do('sv01', 'stop_process', 'tools:probe'),
    ),
}

WEB: dict[str, Scenario] = {
    'restarted': (
        play('restart_process', 22),
    ),
    'any': (
        play('start_any_process', 9), until('web:web_init', 'RUNNING'), until('web:web_init', 'EXITED'),
    ),
}

MIXED: dict[str, Scenario] = {
    'while another call waits': (
        play('start_process', 66), play('get_api_version', 3), play('system.multicall', 9),
        until('batch:job', 'EXITED'), until('batch:crash', 'FATAL'),
    ),
}
"""After the others."""
