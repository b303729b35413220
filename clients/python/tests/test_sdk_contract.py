"""The types of the client against the contract, in both directions."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import supvisors_client as sdk
from supvisors_client import enums, faults, methods, models

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parents[3] / 'contract/api.json').read_text())

ENUMS = {
    'SupvisorsStates': enums.SupvisorsState,
    'SupvisorsInstanceStates': enums.InstanceState,
    'ApplicationStates': enums.ApplicationState,
    'ProcessStates': enums.ProcessState,
    'ProcessStatesEventOnly': enums.ProcessState,
    'StartingStrategies': enums.StartingStrategy,
    'ConciliationStrategies': enums.ConciliationStrategy,
    'StartingFailureStrategies': enums.StartingFailureStrategy,
    'RunningFailureStrategies': enums.RunningFailureStrategy,
    'SupvisorsFailureStrategies': enums.SupvisorsFailureStrategy,
    'DistributionRules': enums.DistributionRule,
    'LoggerLevels': enums.LoggerLevel,
}
SCALARS: dict[str, type] = {'string': str, 'int': int, 'boolean': bool, 'double': float}
NOT_API = {'call', 'close', 'from_env', 'multicall'}


def field_type(structure: dict[str, Any], field: dict[str, Any]) -> Any:
    """The annotation that a field of the contract must have."""
    if field['type'] == 'array':
        item: Any = getattr(models, field['structure']) if field['items'] == 'struct' else SCALARS[field['items']]
        return tuple[item, ...]
    if 'values' in field:
        value: Any = ENUMS[field['enum']] if 'enum' in field else getattr(models, field['structure'])
        plain: Any = Mapping[str, value]
    elif 'structure' in field:
        plain = getattr(models, field['structure'])
    elif 'enum' in field and not is_name_beside_code(structure, field):
        plain = ENUMS[field['enum']]
    else:
        plain = SCALARS[field['type']]
    return plain | None if may_be_absent(field) else plain


def is_name_beside_code(structure: dict[str, Any], field: dict[str, Any]) -> bool:
    others = (other for other in structure['fields'] if other is not field)
    beside = any(other.get('enum') == field['enum'] and other['as'] == 'code' for other in others)
    return bool(field['as'] == 'name' and beside)


def field_default(field: dict[str, Any]) -> Any:
    """The value of a field that was not sent: none, or no element."""
    if not may_be_absent(field):
        return dataclasses.MISSING
    return () if field['type'] == 'array' else None


def may_be_absent(field: dict[str, Any]) -> bool:
    return field.get('optional', False) or field.get('origin') == 'addition'


def result_type(returns: dict[str, Any]) -> Any:
    if returns['type'] == 'array':
        assert returns['items'] == 'struct'
        return list[getattr(models, returns['structure'])]  # type: ignore[misc]
    if returns['type'] == 'struct':
        return getattr(models, returns['structure'])
    return SCALARS[returns['type']]


def param_type(param: dict[str, Any]) -> Any:
    if 'enum' in param:
        assert param['type'] == 'string|int'
        return ENUMS[param['enum']] | str | int
    if param['name'] == 'extra_args':
        return str | Sequence[str]
    return SCALARS[param['type']]


def public_methods() -> dict[str, Any]:
    members = inspect.getmembers(sdk.SupvisorsClient, inspect.isroutine)
    return {name: member for name, member in members if not name.startswith('_') and name not in NOT_API}


def test_contract_version() -> None:
    assert (CONTRACT['contract'], CONTRACT['namespace']) == (1, methods.supvisors.NAMESPACE)


def test_enumerations_are_those_of_the_contract() -> None:
    expected: dict[type, dict[str, int]] = {}
    for name, members in CONTRACT['enums'].items():
        expected.setdefault(ENUMS[name], {'UNRECOGNIZED': enums.UNRECOGNIZED_VALUE}).update(members)
    ours = {cls: {name: member.value for name, member in cls.__members__.items()} for cls in ENUMS.values()}
    assert ours == expected
    assert set(enums.WireEnum.__subclasses__()) == {*ENUMS.values(), enums.SupervisordState}


def test_faults_are_those_of_the_contract() -> None:
    assert {fault.NAME: code for code, fault in faults.FAULTS.items()} == CONTRACT['faults']
    assert len(faults.FAULTS) == len(faults.KnownFault.__subclasses__())
    for name, code in CONTRACT['faults'].items():
        cls = ''.join(word.capitalize() for word in name.split('_')) + 'Fault'
        assert faults.FAULTS[code] is getattr(sdk, cls)


def test_structures_are_those_of_the_contract() -> None:
    others = {name for name, value in vars(models.supervisord).items() if dataclasses.is_dataclass(value)}
    assert set(models.__all__) - others == set(CONTRACT['structures'])


@pytest.mark.parametrize('name', CONTRACT['structures'])
def test_fields_are_those_of_the_contract(name: str) -> None:
    structure = CONTRACT['structures'][name]
    cls = getattr(models, name)
    hints = typing.get_type_hints(cls)
    ours = [(field.metadata.get('wire', field.name), hints[field.name]) for field in dataclasses.fields(cls)]
    assert ours == [(field['name'], field_type(structure, field)) for field in structure['fields']]
    defaults = {field.metadata.get('wire', field.name): field.default for field in dataclasses.fields(cls)}
    assert defaults == {field['name']: field_default(field) for field in structure['fields']}


@pytest.mark.parametrize('name', models.__all__)
def test_structures_are_frozen_and_slotted(name: str) -> None:
    cls = getattr(models, name)
    assert cls.__dataclass_params__.frozen
    assert '__slots__' in vars(cls)
    assert all(
        field.name == field.metadata.get('wire', field.name).replace('-', '_') for field in dataclasses.fields(cls)
    )


def test_methods_are_those_of_the_contract() -> None:
    assert set(public_methods()) == set(CONTRACT['methods'])
    table = {method.name for method in vars(methods.supvisors).values() if isinstance(method, methods.Method)}
    assert table == set(CONTRACT['methods'])


@pytest.mark.parametrize('name', CONTRACT['methods'])
def test_signature_is_that_of_the_contract(name: str) -> None:
    """`timeout`, by keyword only, is the one addition."""
    contract = CONTRACT['methods'][name]
    function = public_methods()[name]
    hints = typing.get_type_hints(function)
    *ours, timeout = list(inspect.signature(function).parameters.values())[1:]
    expected = [(p['name'], param_type(p), p.get('default', inspect.Parameter.empty)) for p in contract['params']]
    assert [(p.name, hints[p.name], p.default) for p in ours] == expected
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in ours)
    assert (timeout.name, timeout.kind, timeout.default) == ('timeout', timeout.KEYWORD_ONLY, sdk.DEFAULT)
    assert hints['return'] == result_type(contract['returns'])


@pytest.mark.parametrize('name', CONTRACT['methods'])
def test_table_is_that_of_the_contract(name: str) -> None:
    contract = CONTRACT['methods'][name]
    method: methods.Method[Any] = getattr(methods.supvisors, name.upper())
    assert method.name == name
    expected = [(p['name'], ENUMS[p['enum']] if 'enum' in p else SCALARS[p['type']]) for p in contract['params']]
    assert [(param.name, param.kind) for param in method.params] == expected
    assert (methods.WAIT in method.params) == contract['deferred']


ACTS = ('start', 'stop', 'restart', 'shutdown', 'change', 'end', 'update', 'enable', 'disable')


@pytest.mark.parametrize('name', CONTRACT['methods'])
def test_which_calls_wait_and_which_only_read(name: str) -> None:
    contract = CONTRACT['methods'][name]
    method: methods.Method[Any] = getattr(methods.supvisors, name.upper())
    arguments = [param.get('default', 'x') for param in contract['params']]
    assert method.holds_answer(arguments) is contract['deferred']
    if contract['deferred']:
        names = [param['name'] for param in contract['params']]
        arguments[names.index('wait')] = False
        assert not method.holds_answer(arguments)
    assert method.reads_only(arguments) is not name.startswith(ACTS)


@pytest.mark.parametrize('name', CONTRACT['methods'])
def test_docstring_names_the_faults_of_the_contract(name: str) -> None:
    """INCORRECT_PARAMETERS, common to all, is said once, with the class."""
    codes = {fault['code'] for fault in CONTRACT['methods'][name]['faults']} - {2}
    documented = set(re.findall(r'(\w+Fault):', inspect.getdoc(public_methods()[name]) or ''))
    assert documented == {faults.FAULTS[code].__name__ for code in codes}


def sample(contract_field: dict[str, Any]) -> Any:
    """A value of the type that the contract gives."""
    if 'enum' in contract_field:
        members = CONTRACT['enums'][contract_field['enum']]
        name = next(reversed(members))
        if 'values' in contract_field:
            return {'host:1': name}
        return members[name] if contract_field['as'] == 'code' else name
    if 'values' in contract_field:
        return {'eth0': sample_struct(contract_field['structure'])}
    if 'structure' in contract_field:
        struct = sample_struct(contract_field['structure'])
        return [struct] if contract_field['type'] == 'array' else struct
    samples = {'array': ['a', 'é'], 'string': 'text', 'int': 7, 'boolean': True, 'double': 1.5}
    return samples[contract_field['type']]


def sample_struct(name: str) -> dict[str, Any]:
    return {field['name']: sample(field) for field in CONTRACT['structures'][name]['fields']}


def to_wire(value: Any) -> Any:
    """The inverse of the decoding, written without it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.metadata.get('wire', field.name): to_wire(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [to_wire(item) for item in value]
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize('name', CONTRACT['methods'])
def test_every_field_is_read(name: str) -> None:
    returns = CONTRACT['methods'][name]['returns']
    method: methods.Method[Any] = getattr(methods.supvisors, name.upper())
    if 'structure' not in returns:
        raw: Any = sample(returns)
        assert method.decode(raw) == raw
        return
    raw = sample_struct(returns['structure'])
    decoded = method.decode([raw])[0] if returns['type'] == 'array' else method.decode(raw)
    names_to_members = {
        field['name']: ENUMS[field['enum']][raw[field['name']]]
        for field in CONTRACT['structures'][returns['structure']]['fields']
        if field.get('as') == 'name' and field['type'] == 'string' and field['name'] not in STATE_NAMES
    }
    maps = {
        field['name']: {key: ENUMS[field['enum']][value] for key, value in raw[field['name']].items()}
        for field in CONTRACT['structures'][returns['structure']]['fields']
        if field.get('as') == 'name' and field['type'] == 'struct'
    }
    assert to_wire(decoded) == {**raw, **names_to_members, **maps}


STATE_NAMES = {'fsm_statename', 'statename'}
