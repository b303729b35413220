"""The cluster of the record: its programs, groups, rules and options."""
from __future__ import annotations

from collections.abc import Mapping

import attrs

from supvisors.demo import SLEEP, Layout, LocalCluster, Program

NICKS = ('sv01', 'sv02', 'sv03')
RECORDED = {'sv01': '127.0.0.1:61000', 'sv02': '127.0.0.1:61010', 'sv03': '127.0.0.1:61020'}
"""The identifiers of the instances, as they are in the record."""
OPTIONS = {
    'synchro_options': 'LIST,TIMEOUT',
    'core_identifiers': 'sv01',
    'auto_fence': 'false',
    'starting_strategy': 'CONFIG',
    'conciliation_strategy': 'USER',
    'supvisors_failure_strategy': 'CONTINUE',
}
GROUPS = {
    'web': ('web_init', 'web_api', 'web_cache', 'web_worker'),
    'batch': ('crash', 'job', 'badjob', 'nofile', 'nowhere', 'heavy', 'stubborn'),
    'solo': ('solo_a', 'solo_b'),
    'dup': ('clash', 'clash2'),
    'tools': ('probe', 'echoer', 'pool'),
}
IGNORES_TERM = """/bin/sh -c 'trap "" TERM; while :; do sleep 1; done'"""
NUMBERED = '%(program_name)s_%(process_num)02d'
RULES = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<root>
    <alias name="front">sv01,sv02</alias>
    <model name="light">
        <identifiers>*</identifiers>
        <start_sequence>2</start_sequence>
        <expected_loading>10</expected_loading>
    </model>
    <application name="web">
        <start_sequence>1</start_sequence>
        <stop_sequence>2</stop_sequence>
        <starting_strategy>LESS_LOADED</starting_strategy>
        <starting_failure_strategy>CONTINUE</starting_failure_strategy>
        <running_failure_strategy>CONTINUE</running_failure_strategy>
        <operational_status>all('web_api') and any('web_worker_.*')</operational_status>
        <programs>
            <program name="web_init">
                <start_sequence>1</start_sequence>
                <wait_exit>true</wait_exit>
                <required>true</required>
                <expected_loading>1</expected_loading>
            </program>
            <program name="web_api">
                <reference>light</reference>
                <required>true</required>
                <stop_sequence>3</stop_sequence>
                <expected_loading>20</expected_loading>
                <running_failure_strategy>RESTART_PROCESS</running_failure_strategy>
            </program>
            <program name="web_cache">
                <reference>light</reference>
                <identifiers>front</identifiers>
            </program>
            <program pattern="web_worker_">
                <identifiers>#</identifiers>
                <start_sequence>3</start_sequence>
                <expected_loading>5</expected_loading>
            </program>
        </programs>
    </application>
    <application name="batch">
        <stop_sequence>1</stop_sequence>
        <starting_failure_strategy>ABORT</starting_failure_strategy>
        <programs>
            <program name="crash">
                <start_sequence>1</start_sequence>
                <required>true</required>
            </program>
            <program name="job">
                <start_sequence>2</start_sequence>
                <wait_exit>true</wait_exit>
                <expected_loading>3</expected_loading>
            </program>
            <program name="nowhere">
                <identifiers>sv01</identifiers>
                <start_sequence>3</start_sequence>
            </program>
            <program name="heavy">
                <expected_loading>100</expected_loading>
            </program>
        </programs>
    </application>
    <application name="solo">
        <distribution>SINGLE_INSTANCE</distribution>
        <identifiers>sv02,sv03</identifiers>
        <starting_strategy>MOST_LOADED</starting_strategy>
        <starting_failure_strategy>STOP</starting_failure_strategy>
        <running_failure_strategy>RESTART_APPLICATION</running_failure_strategy>
        <programs>
            <program name="solo_a">
                <start_sequence>1</start_sequence>
                <required>true</required>
                <expected_loading>8</expected_loading>
            </program>
            <program name="solo_b">
                <start_sequence>2</start_sequence>
                <expected_loading>4</expected_loading>
            </program>
        </programs>
    </application>
    <application name="dup">
        <programs>
            <program name="clash">
                <identifiers>front</identifiers>
                <running_failure_strategy>RESTART_PROCESS</running_failure_strategy>
                <expected_loading>2</expected_loading>
            </program>
            <program name="clash2">
                <running_failure_strategy>STOP_APPLICATION</running_failure_strategy>
                <expected_loading>2</expected_loading>
            </program>
        </programs>
    </application>
</root>
"""


def _program(name: str, command: str = SLEEP, on: tuple[str, ...] | None = None, **options: str) -> Program:
    logs = {'stdout_logfile': 'AUTO', 'stderr_logfile': 'AUTO'}
    return Program(name, command, on, {'startsecs': '1', 'stopwaitsecs': '5', **logs, **options})


def _programs(clash_autostart: bool) -> tuple[Program, ...]:
    return (
        _program('web_init', "/bin/sh -c 'sleep 1; exit 0'", startsecs='0', exitcodes='0'),
        _program('web_api'),
        _program('web_cache'),
        _program('web_worker', numprocs='3', process_name=NUMBERED),
        _program('crash', "/bin/sh -c 'echo boom >&2; exit 1'", startretries='1'),
        _program('job', "/bin/sh -c 'sleep 2; exit 2'", exitcodes='0,2'),
        _program('badjob', "/bin/sh -c 'sleep 2; exit 9'", exitcodes='0'),
        _program('nofile', '/no/such/program', startretries='1'),
        _program('nowhere', on=('sv03',)),
        _program('heavy'),
        _program('stubborn', IGNORES_TERM, stopwaitsecs='3', stopasgroup='false', killasgroup='true'),
        _program('solo_a'),
        _program('solo_b'),
        _program('clash', on=('sv01', 'sv02'), autostart=str(clash_autostart).lower()),
        _program('clash2'),
        _program('probe'),
        _program('echoer', '/bin/cat', stdout_logfile='NONE'),
        _program('pool', numprocs='2', process_name=NUMBERED),
        _program('lonely', on=('sv02',), autostart='true'),
    )


def recorded(options: Mapping[str, str] | None = None, own: Mapping[str, Mapping[str, str]] | None = None,
             clash_autostart: bool = False) -> Layout:
    """The cluster of the record; `options` and `own` are those of a context."""
    return Layout(NICKS, _programs(clash_autostart), GROUPS, RULES, {**OPTIONS, **(options or {})}, own or {})


def with_files(layout: Layout, cluster: LocalCluster) -> Layout:
    """The layout, with a file for the disabled programs of each daemon of its cluster."""
    own = {nick: {**layout.own.get(nick, {}), 'disabilities_file': str(cluster[nick].folder / 'disabilities.json')}
           for nick in layout.nicks}
    return attrs.evolve(layout, own=own)
