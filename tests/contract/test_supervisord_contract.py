"""`contract/supervisord.json` against the supervisor that is installed: names, parameters, defaults, signatures."""
from __future__ import annotations

import inspect
from typing import Any

import pytest
from supervisor import states
from supervisor.rpcinterface import SupervisorNamespaceRPCInterface
from supervisor.xmlrpc import Faults, SystemNamespaceRPCInterface

from tests.contract.checker import load_contract

CONTRACT = load_contract('supervisord')
SERVED: dict[str, type] = {'supervisor': SupervisorNamespaceRPCInterface, 'system': SystemNamespaceRPCInterface}
METHODS: dict[str, dict[str, Any]] = {
    f'{namespace}.{name}': method for namespace, methods in CONTRACT['namespaces'].items()
    for name, method in methods.items()}


def system() -> Any:
    """Both namespaces, without a daemon: nothing here runs a method of supervisord."""
    return SystemNamespaceRPCInterface([('supervisor', SupervisorNamespaceRPCInterface(None))])


def test_methods() -> None:
    assert system().listMethods() == sorted(METHODS)
    assert {name: len(methods) for name, methods in CONTRACT['namespaces'].items()} == {'supervisor': 37, 'system': 4}


@pytest.mark.parametrize('name', METHODS)
def test_parameters(name: str) -> None:
    namespace, _, method = name.partition('.')
    parameters = list(inspect.signature(getattr(SERVED[namespace], method)).parameters.values())[1:]
    assert [(one.name, one.default) for one in parameters] == [
        (spec['name'], spec.get('default', inspect.Parameter.empty)) for spec in METHODS[name]['params']]


@pytest.mark.parametrize('name', METHODS)
def test_signature(name: str) -> None:
    method = METHODS[name]
    assert system().methodSignature(name) == [
        method['returns']['type'].split('|')[0], *(spec['type'] for spec in method['params'])]


def test_enums() -> None:
    for name, members in CONTRACT['enums'].items():
        served = vars(getattr(states, name))
        assert {key: value for key, value in served.items() if not key.startswith('_')} == members


def test_faults() -> None:
    """Those of Supvisors, from 100 on, are in the other contract."""
    served = {name: value for name, value in vars(Faults).items() if not name.startswith('_') and value < 100}
    assert served == CONTRACT['faults']
    assert served.items() <= load_contract()['faults'].items()


@pytest.mark.parametrize('name', METHODS)
def test_faults_have_their_names(name: str) -> None:
    assert all(CONTRACT['faults'][fault['name']] == fault['code'] for fault in METHODS[name]['faults'])
