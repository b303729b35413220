"""What is refused before anything runs, and what the fault says."""
from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import pytest

from supvisors.engine.commands import Command
from supvisors.model.enums import StartingStrategy, SupvisorsState
from supvisors.rpc.methods import METHODS
from supvisors.rpc.parameters import LEVELS
from supvisors.rpc.text import describe
from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import LOCAL, Daemon, World

GOOD: dict[str, Any] = {'identifier': 'alpha', 'application_name': 'backup', 'namespec': 'backup:backup',
                        'strategy': 'CONFIG', 'extra_args': '-x', 'wait': True, 'level_param': 'info',
                        'master': 'alpha', 'regex': 'back', 'program_name': 'backup', 'numprocs': 2, 'lazy': False}
NOT_A_STRING = [True, 1, 1.5, None, [], ['a'], {}, {'a': 1}]
NOT_A_BOOLEAN = ['x', 'True', '', 0, 1, 1.0, None, [], [True], {}]
BAD: dict[str, list[Any]] = {
    'identifier': NOT_A_STRING,
    'application_name': NOT_A_STRING,
    'namespec': NOT_A_STRING,
    'strategy': [True, False, 1.0, None, [], {}, '', 'config', 'Config', ' CONFIG', '1', 'NEVER', -1, 6, 2**31 - 1],
    'extra_args': NOT_A_STRING,
    'regex': NOT_A_STRING,
    'level_param': [True, False, 20.0, None, [], ['info'], {}, '', 'warning', 'DEBG', 'INFO ', '20', 0, 15, 25, -1,
                    2**31 - 1],
    'master': NOT_A_STRING,
    'wait': NOT_A_BOOLEAN,
    'lazy': NOT_A_BOOLEAN,
    'program_name': NOT_A_STRING,
    'numprocs': [True, False, 1.0, None, '1', '', [], [1], {}],
}
CASES = [(method, name, bad) for method, spec in METHODS.items()
         for name in spec.parameters for bad in BAD[name]]


@pytest.mark.parametrize(('method', 'name', 'bad'), CASES)
def test_refused(rpc: Dispatcher, daemon: Daemon, world: World, method: str, name: str, bad: Any) -> None:
    arguments = [bad if one == name else GOOD[one] for one in METHODS[method].parameters]
    world.state = max(METHODS[method].states & {SupvisorsState.SYNCHRONIZATION, SupvisorsState.OPERATION})
    with pytest.raises(Fault) as caught:
        rpc.call(method, *arguments)
    assert caught.value.faultCode == 2
    accepted = METHODS[method].parameters[name].accepted
    assert caught.value.faultString.startswith(f'INCORRECT_PARAMETERS: {name}: ')
    assert caught.value.faultString.endswith(f' given, expected {accepted}')
    assert (world.requests, world.masters, daemon.levels, daemon.here.begun) == ([], [], [], [])


STRATEGIES = ('the exact name or the integer value of a starting strategy: CONFIG (0), LESS_LOADED (1), '
              'MOST_LOADED (2), LOCAL (3), LESS_LOADED_NODE (4), MOST_LOADED_NODE (5)')


@pytest.mark.parametrize(('arguments', 'text'), [
    ((True, 'backup'), f'strategy: True (bool) given, expected {STRATEGIES}'),
    (('config', 'backup'), f"strategy: 'config' given, expected {STRATEGIES}"),
    ((9, 'backup'), f'strategy: 9 given, expected {STRATEGIES}'),
    ((0, 'backup', 1), 'wait: 1 (int) given, expected a boolean'),
    ((0, None), 'application_name: None (NoneType) given, expected the name of an application'),
])
def test_text(rpc: Dispatcher, arguments: tuple[Any, ...], text: str) -> None:
    with pytest.raises(Fault) as caught:
        rpc.call('start_application', *arguments)
    assert caught.value.faultString == f'INCORRECT_PARAMETERS: {text}'


@pytest.mark.parametrize('given', [*StartingStrategy.__members__, *map(int, StartingStrategy)])
def test_strategies(rpc: Dispatcher, world: World, given: str | int) -> None:
    rpc.send('start_process', given, 'backup')
    expected = StartingStrategy[given] if isinstance(given, str) else given
    assert world.requests == [Command('start_process', 'backup', int(expected), '', LOCAL.identifier)]
    assert type(world.requests[0].strategy) is int


@pytest.mark.parametrize('given', [*LEVELS, *map(str.upper, LEVELS), 'Debug', *LEVELS.values()])
def test_levels(rpc: Dispatcher, daemon: Daemon, given: str | int) -> None:
    assert rpc.call('change_log_level', given) is True
    expected = given.lower() if isinstance(given, str) else {value: name for name, value in LEVELS.items()}[given]
    assert daemon.levels == [expected]


@pytest.mark.parametrize('text', ['a\x00b', '\x1b[0m', '\ufffe', '\ud800', 'x' * 50 + '\x7f\x08'])
def test_a_text_that_no_answer_could_carry_is_refused(rpc: Dispatcher, world: World, text: str) -> None:
    """XML keeps these out, base64 does not."""
    answer = rpc.system.multicall([{'methodName': 'supvisors.start_process', 'params': [0, 'backup', text]},
                                   {'methodName': 'supvisors.get_process_info', 'params': [text]}])
    for fault in answer:
        assert fault['faultCode'] == 2
        assert 'control characters' in fault['faultString']
        assert fault['faultString'].isprintable()
    assert world.requests == []


@pytest.mark.parametrize('text', ['', ' ', '--name "a b"\t-v\n', 'é ☃', '\U0001f600'])
def test_arguments_are_carried_as_they_are(rpc: Dispatcher, world: World, text: str) -> None:
    rpc.send('start_process', 0, 'backup', text)
    assert world.requests[0].extra_args == text


@pytest.mark.parametrize(('method', 'arguments'), [
    ('get_api_version', ['x']),
    ('get_instance_info', []),
    ('get_instance_info', ['alpha', 'x']),
    ('get_instance_state_modes', ['alpha', 'x']),
    ('start_application', [0]),
    ('start_application', [0, 'backup', True, 1]),
    ('start_process', [0, 'backup', '', True, 1]),
    ('get_application_rules', []),
    ('get_application_rules', ['web', 'x']),
    ('get_process_rules', []),
    ('get_conflicts', ['web']),
    ('restart_application', [0]),
    ('restart_application', [0, 'web', True, 1]),
    ('test_start_application', ['backup']),
    ('test_start_application', [0, 'backup', True]),
    ('restart_process', [0]),
    ('restart_process', [0, 'web:api', '', True, 1]),
    ('test_start_process', [0]),
    ('test_start_process', [0, 'backup', '']),
    ('start_any_process', [0]),
    ('start_any_process', [0, 'back', '', True, 1]),
    ('restart_sequence', [True, 1]),
    ('stop_process', []),
    ('shutdown', [True]),
    ('get_core_identifiers', ['x']),
    ('get_inner_process_info', ['alpha', '', 'x']),
    ('change_log_level', []),
    ('change_log_level', ['info', 'x']),
    ('end_sync', ['a', 'b']),
])
def test_number_of_arguments(rpc: Dispatcher, world: World, method: str, arguments: list[Any]) -> None:
    with pytest.raises(Fault) as caught:
        rpc.call(method, *arguments)
    assert (caught.value.faultCode, caught.value.faultString) == (2, 'INCORRECT_PARAMETERS')
    assert world.requests == []


@pytest.mark.parametrize('method', ['_call', '_engine', '__init__', '_reading', 'nothing', 'get_logger_levels'])
def test_nothing_else_is_published(rpc: Dispatcher, method: str) -> None:
    with pytest.raises(Fault) as caught:
        rpc.call(method)
    assert caught.value.faultCode == 1


@pytest.mark.parametrize(('value', 'text'), [
    ('a' * 1000, f"'{'a' * 27}...{'a' * 28}'"),
    (10**100, f'1{"0" * 27}...{"0" * 29}'),
    ([[[[]]], 2, 3], '[[[...]], 2, ...]'),
    ('é', "'\\xe9'"),
    (b'\x00', "b'\\x00'"),
])
def test_describe(value: object, text: str) -> None:
    described = describe(value)
    assert described == text
    assert len(described) < 100


def test_describe_an_integer_without_decimal_text() -> None:
    """Python refuses to write more than 4,300 digits (a limit, not before 3.11)."""
    described = describe(10**5000)
    assert described == '<int>' or len(described) < 100


def test_huge_integers(rpc: Dispatcher, world: World) -> None:
    """`loads` of supervisord takes integers of any size."""
    for value in (10**100, -10**5000):
        [fault] = rpc.system.multicall([{'methodName': 'supvisors.start_process', 'params': [value, 'backup']}])
        assert fault['faultCode'] == 2
        assert len(fault['faultString']) < 400
    assert world.requests == []
