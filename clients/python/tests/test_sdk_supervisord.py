"""The namespaces `supervisor` and `system`: the types of the client against the contract, and what the types do."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sdk_server import Running, answer, fault_body, silence

import supvisors_client as sdk
from supvisors_client import faults, methods, models
from supvisors_client.api.supervisor import SupervisorApi
from supvisors_client.api.system import SystemApi
from supvisors_client.decoding import struct
from supvisors_client.models import supervisord

pytestmark = pytest.mark.filterwarnings('error')

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parents[3] / 'contract/supervisord.json').read_text())
METHODS: dict[str, dict[str, Any]] = CONTRACT['namespaces']
STRUCTURES: dict[str, Any] = {name: item['fields'] for name, item in CONTRACT['structures'].items() if name != 'Call'}
EVERY = [(namespace, name) for namespace, table in METHODS.items() for name in table]

APIS: dict[str, tuple[type, Any]] = {
    'supervisor': (SupervisorApi, methods.supervisor),
    'system': (SystemApi, methods.system),
}
ENUMS = {'SupervisorStates': sdk.SupervisordState, 'ProcessStates': sdk.ProcessState}
TYPES: dict[str, Any] = {
    'string': str,
    'int': int,
    'boolean': bool,
    'int|string': int | str,
    # a group is given to another method, see test_a_group_is_sent_to_the_form_for_groups
    'boolean|array': bool,
}
SAMPLES: dict[str, Any] = {'string': 'text', 'int': 7, 'boolean': True, 'array': [0, 1], 'int|string': 'none'}
ROWS = {'LogTail': ('text', 'offset', 'overflow'), 'ReloadResult': ('added', 'changed', 'removed')}


def sample(structure: str) -> dict[str, Any]:
    return {
        field['name']: next(iter(CONTRACT['enums'][field['enum']].values()))
        if field.get('as') == 'code'
        else SAMPLES[field['type']]
        for field in STRUCTURES[structure]
    }


def python_name(name: str) -> str:
    return re.sub(r'(?<=[a-z])(?=[A-Z])|(?<=API)(?=V)', '_', name).lower()


def described(namespace: str, name: str) -> methods.Method[Any]:
    method: methods.Method[Any] = getattr(APIS[namespace][1], python_name(name).upper())
    return method


def typed(namespace: str, name: str) -> Any:
    return getattr(APIS[namespace][0], python_name(name))


def result_type(name: str, returns: dict[str, Any]) -> Any:
    if name == 'reloadConfig':
        return sdk.ReloadResult
    if 'elements' in returns:
        assert [element['type'] for element in returns['elements']] == ['string', 'int', 'boolean']
        return sdk.LogTail
    if returns['type'] == 'array':
        items = {'struct': getattr(models, returns.get('structure', ''), None), 'string': str, 'any': Any}
        return types.GenericAlias(list, items[returns['items']])
    return getattr(models, returns['structure']) if returns['type'] == 'struct' else TYPES[returns['type']]


def field_type(field: dict[str, Any]) -> Any:
    if field['type'] == 'array':
        assert field['items'] == 'int'
        return tuple[int, ...]
    return ENUMS[field['enum']] if field.get('as') == 'code' else TYPES[field['type']]


@pytest.mark.parametrize('namespace', APIS)
def test_methods_are_those_of_the_contract(namespace: str) -> None:
    api, table = APIS[namespace]
    public = {name for name, _ in inspect.getmembers(api, inspect.isroutine) if not name.startswith('_')}
    assert public == {python_name(name) for name in METHODS[namespace]}
    listed = [method for method in vars(table).values() if isinstance(method, methods.Method)]
    assert {method.wire_name for method in listed} == {f'{namespace}.{name}' for name in METHODS[namespace]}
    assert len(listed) == len(METHODS[namespace])


def test_count() -> None:
    assert {namespace: len(table) for namespace, table in METHODS.items()} == {'supervisor': 37, 'system': 4}


@pytest.mark.parametrize(('namespace', 'name'), EVERY)
def test_signature_and_table(namespace: str, name: str) -> None:
    contract = METHODS[namespace][name]
    function = typed(namespace, name)
    hints = typing.get_type_hints(function)
    *ours, timeout = list(inspect.signature(function).parameters.values())[1:]
    types = {**TYPES, 'array': list}
    expected = [(p['name'], types[p['type']], p.get('default', inspect.Parameter.empty)) for p in contract['params']]
    if name == 'multicall':
        assert hints['calls'] == Sequence[tuple[str, Sequence[Any]]]
    else:
        assert [(p.name, hints[p.name], p.default) for p in ours] == expected
    assert [(p.name, p.kind) for p in described(namespace, name).params] == [(n, kind) for n, kind, _ in expected]
    assert (timeout.name, timeout.kind, timeout.default) == ('timeout', timeout.KEYWORD_ONLY, sdk.DEFAULT)
    assert hints['return'] == result_type(name, contract['returns'])


@pytest.mark.parametrize(('namespace', 'name'), EVERY)
def test_docstring_names_the_faults(namespace: str, name: str) -> None:
    """INCORRECT_PARAMETERS, common to all, is said once, with the class."""
    codes = {fault['code'] for fault in METHODS[namespace][name]['faults']} - {2}
    if name == 'startProcess':
        codes.add(faults.DisabledFault.CODE)  # raised by Supvisors, not by supervisord alone
    expected = {faults.FAULTS[code].__name__ for code in codes}
    documented = set(re.findall(r'^ +(\w+Fault):', inspect.getdoc(typed(namespace, name)) or '', re.MULTILINE))
    assert documented == expected


def test_structures_are_those_of_the_contract() -> None:
    ours = {name for name, cls in vars(supervisord).items() if dataclasses.is_dataclass(cls)}
    assert ours == set(STRUCTURES) | set(ROWS)
    for name, names in ROWS.items():
        assert tuple(field.name for field in dataclasses.fields(getattr(models, name))) == names


def test_enumerations_and_faults_are_those_of_the_contract() -> None:
    ours = {name: member.value for name, member in sdk.SupervisordState.__members__.items() if name != 'UNRECOGNIZED'}
    assert ours == CONTRACT['enums']['SupervisorStates']
    assert {name: faults.FAULTS[code].NAME for name, code in CONTRACT['faults'].items()} == {
        name: name for name in CONTRACT['faults']
    }


@pytest.mark.parametrize('name', STRUCTURES)
def test_fields_are_those_of_the_contract(name: str) -> None:
    hints = typing.get_type_hints(getattr(models, name))
    assert hints == {field['name']: field_type(field) for field in STRUCTURES[name]}


@pytest.mark.parametrize('name', STRUCTURES)
def test_every_field_is_read_and_more_is_ignored(name: str) -> None:
    decode = struct(getattr(models, name))
    raw = sample(name)
    value = decode({**raw, 'new': 1})
    got = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    assert got == {field: tuple(item) if isinstance(item, list) else item for field, item in raw.items()}
    for field in raw:
        with pytest.raises(sdk.ProtocolError, match=rf'{name}\.{field}: missing'):
            decode({key: item for key, item in raw.items() if key != field})


@pytest.mark.parametrize(('value', 'fits'), [(1000, True), ('none', True), (1.5, False), (True, False)])
def test_user_of_a_process_is_a_number_or_none(value: object, fits: bool) -> None:
    raw = {**sample('ConfigInfo'), 'uid': value}
    if fits:
        assert methods.supervisor.GET_ALL_CONFIG_INFO.decode([raw])[0].uid == value
    else:
        with pytest.raises(sdk.ProtocolError, match=r'ConfigInfo\.uid: expected'):
            methods.supervisor.GET_ALL_CONFIG_INFO.decode([raw])


def test_results_that_travel_as_arrays() -> None:
    tail = methods.supervisor.TAIL_PROCESS_LOG.decode(['é\n', 12, True])
    assert tail == sdk.LogTail(text='é\n', offset=12, overflow=True)
    assert methods.supervisor.TAIL_PROCESS_LOG.decode(['é\n', 12, True, 'new']) == tail
    reloaded = methods.supervisor.RELOAD_CONFIG.decode([[['a'], [], ['b', 'c']]])
    assert reloaded == sdk.ReloadResult(added=('a',), changed=(), removed=('b', 'c'))


@pytest.mark.parametrize(
    ('method', 'raw', 'text'),
    [
        (methods.supervisor.TAIL_PROCESS_LOG, ['x', 1], r'tailProcessLog: LogTail\.overflow: missing'),
        (methods.supervisor.TAIL_PROCESS_LOG, ['x', '1', True], r'LogTail\.offset: expected int'),
        (methods.supervisor.TAIL_PROCESS_LOG, {'text': 'x'}, 'expected array'),
        (methods.supervisor.RELOAD_CONFIG, [[], [], []], 'an array of one element, got 3'),
        (methods.supervisor.RELOAD_CONFIG, [[[], [1], []]], r'ReloadResult\.changed: expected string'),
        (methods.system.LIST_METHODS, ['a', 1], r'system\.listMethods: expected string, got 1'),
    ],
)
def test_wrong_answers_are_named(method: methods.Method[Any], raw: object, text: str) -> None:
    with pytest.raises(sdk.ProtocolError, match=text):
        method.decode(raw)


def test_status_of_a_process() -> None:
    raw = {'name': 'p', 'group': 'g', 'status': 80, 'description': 'OK'}
    done, refused, new = methods.supervisor.START_ALL_PROCESSES.decode(
        [raw, {**raw, 'status': 50, 'description': 'SPAWN_ERROR: g:p'}, {**raw, 'status': 999, 'description': 'NEW: x'}]
    )
    assert done and (done.status_name, done.fault) == ('SUCCESS', None)
    assert not refused and refused.status_name == 'SPAWN_ERROR'
    assert isinstance(refused.fault, sdk.SpawnErrorFault) and refused.fault.detail == 'g:p'
    assert not new and new.status_name == '' and type(new.fault) is sdk.Fault


def test_state_of_a_newer_supervisord() -> None:
    state = methods.supervisor.GET_STATE.decode({'statecode': 5, 'statename': 'PAUSED'})
    assert (state.statecode, state.statename) == (sdk.SupervisordState.UNRECOGNIZED, 'PAUSED')


@pytest.mark.parametrize(
    ('call', 'reply', 'wire'),
    [
        (lambda c: c.supervisor.get_pid(), 7, ('supervisor.getPID', ())),
        (
            lambda c: c.supervisor.get_process_info('a:b'),
            sample('SupervisorProcessInfo'),
            ('supervisor.getProcessInfo', ('a:b',)),
        ),
        (lambda c: c.supervisor.start_process('a:b'), True, ('supervisor.startProcess', ('a:b', True))),
        (lambda c: c.supervisor.stop_process_group('a', False), [], ('supervisor.stopProcessGroup', ('a', False))),
        (lambda c: c.supervisor.signal_process('a', 'HUP'), True, ('supervisor.signalProcess', ('a', 'HUP'))),
        (lambda c: c.supervisor.read_log(-10, 0), 'x', ('supervisor.readLog', (-10, 0))),
        (
            lambda c: c.supervisor.send_remote_comm_event(type='t', data='é'),
            True,
            ('supervisor.sendRemoteCommEvent', ('t', 'é')),
        ),
        (lambda c: c.system.method_signature('a.b'), ['int'], ('system.methodSignature', ('a.b',))),
        (
            lambda c: c.system.multicall([('a.b', (1,))]),
            [5],
            ('system.multicall', ([{'methodName': 'a.b', 'params': [1]}],)),
        ),
    ],
)
def test_calls(
    server: Running, client: sdk.SupvisorsClient, call: Callable[[sdk.SupvisorsClient], Any], reply: object, wire: Any
) -> None:
    server.script.add(answer(reply))
    call(client)
    assert server.script.call == wire


def test_fault(server: Running, client: sdk.SupvisorsClient) -> None:
    server.script.add(lambda handler: handler.send(200, fault_body(11, 'BAD_SIGNAL: NOPE')))
    with pytest.raises(sdk.BadSignalFault) as caught:
        client.supervisor.signal_process('a:b', 'NOPE')
    assert caught.value.detail == 'NOPE'


@pytest.mark.parametrize('name', ['a:*', 'a:'])
@pytest.mark.parametrize('verb', ['start', 'stop', 'signal'])
def test_a_group_is_sent_to_the_form_for_groups(
    server: Running, client: sdk.SupvisorsClient, verb: str, name: str
) -> None:
    arguments = ('HUP',) if verb == 'signal' else ()
    with pytest.raises(ValueError, match=rf"'{re.escape(name)}' is a group, call {verb}_process_group\('a'\)"):
        getattr(client.supervisor, f'{verb}_process')(name, *arguments)
    assert server.script.requests == []


@pytest.mark.parametrize(('namespace', 'name'), EVERY)
def test_which_calls_wait_and_which_only_read(namespace: str, name: str) -> None:
    contract = METHODS[namespace][name]
    method = described(namespace, name)
    arguments: list[Any] = [[] if p['type'] == 'array' else p.get('default', 'x') for p in contract['params']]
    if name != 'multicall':
        assert method.holds_answer(arguments) is contract['deferred']
    if methods.WAIT in method.params:
        assert not method.holds_answer([*arguments[:-1], False])
    acts = ('clear', 'shutdown', 'restart', 'reload', 'add', 'remove', 'start', 'stop', 'signal', 'send')
    assert method.reads_only(arguments) is not name.startswith(acts)


def test_a_call_that_waits_outlives_the_limit_of_the_client(server: Running) -> None:
    with sdk.SupvisorsClient(server.url, timeout=0.1) as client:
        held = client._request(methods.supervisor.START_PROCESS_GROUP, ('a', True), sdk.DEFAULT)
        short = client._request(methods.supervisor.START_PROCESS_GROUP, ('a', False), sdk.DEFAULT)
        assert (held.timeout, short.timeout) == (None, 0.1)
        server.script.add(silence)
        with pytest.raises(sdk.RequestTimeoutError):
            client.supervisor.start_process_group('a', wait=False)


@pytest.mark.parametrize('level', [sdk.LoggerLevel.debug, 'debug', 'DEBUG', 'Debug', 10])
def test_level_is_sent_by_name(
    server: Running, client: sdk.SupvisorsClient, level: sdk.LoggerLevel | str | int
) -> None:
    server.script.add(answer(True))
    assert client.change_log_level(level) is True
    assert server.script.call == ('supvisors.change_log_level', ('debug',))


@pytest.mark.parametrize(('level', 'error'), [('loud', ValueError), (11, ValueError), (True, TypeError)])
def test_level_out_of_the_enumeration(
    server: Running, client: sdk.SupvisorsClient, level: str | int, error: type[Exception]
) -> None:
    with pytest.raises(error, match='LoggerLevel'):
        client.change_log_level(level)
    assert server.script.requests == []
