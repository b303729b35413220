"""The systems that the live tests run on."""
from __future__ import annotations

from collections.abc import Mapping

from supvisors.demo import Layout, Program, application, rules_file

TRIO = ('sv01', 'sv02', 'sv03')
USER = 'toto'
PASSWORD = 'p@$$w0rd'
SLOW_STOP = """/bin/sh -c 'trap "sleep 4; exit 0" TERM; while :; do sleep 0.1; done' slow_stop"""

_HOMES = {
    'home1': 'sv01,sv02,sv03',
    'home2': 'sv02,sv03,sv01',
    'home3': 'sv03,sv01,sv02',
}


def home_of(nick: str) -> str:
    """The process of the application `homes` that lives on that instance as long as it can, then on the next one."""
    return f'homes:home{nick[-1]}'


def trio(options: Mapping[str, str] | None = None, username: str = '', password: str = '',
         unix_socket: bool = False) -> Layout:
    """Three instances.

    chain     managed, started by hand: ranks 1, 2 and 3; `second` takes a second to be RUNNING
    homes     managed, started by hand: a process for each instance, restarted elsewhere when it is lost
    slow      managed, started by hand: `stopper` needs 4 s to stop; prefers sv02
    badly     managed, started by hand: `crash` exits at once with 1
    free      no rules: `one`, `two`
    only3     no rules: known to sv03 alone
    """
    return Layout(
        nicks=TRIO, programs=_programs(), rules=_rules(), options=options or {}, username=username, password=password,
        unix_socket=unix_socket,
        groups={
            'chain': ('first', 'second', 'third'), 'homes': tuple(_HOMES), 'slow': ('stopper',), 'badly': ('crash',),
            'free': ('one', 'two'), 'only3': ('there',),
        })


def _programs() -> tuple[Program, ...]:
    return (
        Program('first'), Program('second', options={'startsecs': '1'}), Program('third'),
        *(Program(name) for name in _HOMES),
        Program('stopper', SLOW_STOP, options={'stopwaitsecs': '10'}),
        Program('crash', "/bin/sh -c 'exit 1'", options={'startsecs': '1', 'startretries': '0'}),
        Program('one', '/bin/sleep'), Program('two'),
        Program('there', on=('sv03',)),
    )


def _rules() -> str:
    homes = {
        name: {'identifiers': places, 'expected_loading': 5, 'running_failure_strategy': 'RESTART_PROCESS'}
        for name, places in _HOMES.items()
    }
    chain = {'first': {'start_sequence': 1}, 'second': {'start_sequence': 2}, 'third': {'start_sequence': 3}}
    slow = {'stopper': {'identifiers': 'sv02,sv03,sv01', 'running_failure_strategy': 'RESTART_PROCESS'}}
    return rules_file([
        application('chain', chain), application('homes', homes), application('slow', slow),
        application('badly', {'crash': {'start_sequence': 1, 'required': 'true'}}),
    ])


def automatic(nicks: tuple[str, ...]) -> Layout:
    """Any number of instances, and one application that is started by its rules."""
    rules = rules_file([application('auto', {'task': {'start_sequence': 1}}, start_sequence=1)])
    return Layout(nicks=nicks, programs=(Program('task'),), groups={'auto': ('task',)}, rules=rules)
