"""The layout of the live tests of the cluster, and what shows rules, predictions, conflicts and restarts."""
from __future__ import annotations

import shlex
import sys

import attrs

from supvisors.demo import Layout, Program, application
from tests.cluster.layouts import trio

FORMULA = "any('left|right')"

_GROUPS = {
    'auto': ('task',), 'placed': ('left', 'right', 'once'), 'spare': ('big', 'medium', 'small'), 'twin': ('both',),
    'tools': ('args', 'worker', 'lonely'),
}
# its arguments stay in its command line
_PAUSE = f'{shlex.quote(sys.executable)} -c "import signal; signal.pause()"'
_NUMBERED = {'numprocs': '2', 'process_name': '%(program_name)s_%(process_num)d'}


def interop(username: str = '', password: str = '') -> Layout:
    """Three instances with all of `trio`, and more.

    auto      managed, started automatically
    placed    managed, started by hand, on one instance alone: `left` and `right`, then `once`, which ends at once
    spare     managed: `big` is for sv03 alone and too much for it beside its home, `medium` waits a second to be
              RUNNING, `small` is for anyone
    twin      managed: `both` has no rank; a test makes a conflict of it
    tools     no rules: `args` does nothing with its arguments, `worker` is two processes, `lonely` has autostart
    """
    base = trio({'conciliation_strategy': 'USER'}, username, password)
    return attrs.evolve(
        base, programs=(*base.programs, *_programs()), groups={**base.groups, **_GROUPS},
        rules=base.rules.replace('</root>', '\n'.join([*_applications(), '</root>'])))


def _programs() -> tuple[Program, ...]:
    names = ('task', 'left', 'right', 'big', 'small', 'both')
    return (*map(Program, names), Program('once', "/bin/sh -c 'exit 0'"), Program('medium', options={'startsecs': '1'}),
            Program('args', _PAUSE), Program('worker', options=_NUMBERED),
            Program('lonely', options={'autostart': 'true'}, on=('sv03',)))


def _applications() -> tuple[str, ...]:
    return (
        application('auto', {'task': {'start_sequence': 1}}, start_sequence=1, stop_sequence=4),
        application(
            'placed',
            {
                'left': {'start_sequence': 1, 'required': 'true', 'expected_loading': 20},
                'right': {'start_sequence': 1, 'stop_sequence': 3, 'expected_loading': 30,
                          'running_failure_strategy': 'RESTART_PROCESS', 'starting_failure_strategy': 'CONTINUE'},
                'once': {'start_sequence': 2, 'wait_exit': 'true'},
            },
            distribution='SINGLE_INSTANCE', identifiers='sv02,sv03', stop_sequence=7, starting_strategy='MOST_LOADED',
            starting_failure_strategy='STOP', operational_status=FORMULA),
        application(
            'spare',
            {
                'big': {'identifiers': 'sv03', 'expected_loading': 100},
                'medium': {'identifiers': 'sv02,sv01', 'expected_loading': 10},
                'small': {'expected_loading': 1},
            }),
        application('twin', {'both': {'expected_loading': 2}}),
    )
