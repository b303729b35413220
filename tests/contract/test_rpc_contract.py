"""The namespace against `contract/api.json`: names, parameters, defaults, signatures, states, and every result."""
from __future__ import annotations

import inspect
from typing import Any

import pytest
from supervisor.tests.test_rpcinterfaces import SystemNamespaceXMLRPCInterfaceTests
from supervisor.xmlrpc import gettags

from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.model import enums
from supvisors.rpc import RPCInterface
from supvisors.rpc.methods import METHODS
from tests.contract.checker import check, load_contract
from tests.unit.rpc.dispatcher import Dispatcher
from tests.unit.rpc.world import Daemon

CONTRACT = load_contract()
SPECS: dict[str, dict[str, Any]] = CONTRACT['methods']

# arguments of a call that succeeds, for the methods that need some
ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    'get_instance_state_modes': [(), ('',), ('alpha',), ('edge',), ('10.0.0.2:61000',)],
    'get_network_info': [('alpha',), ('edge',), ('zulu',)],
    'get_instance_info': [('alpha',), ('edge',), ('zulu',)],
    'get_application_info': [('web',), ('backup',), ('free',)],
    'get_process_info': [('web:api',), ('web:*',), ('web:',), ('backup',)],
    'get_local_process_info': [('web:api',), ('backup',)],
    'get_all_inner_process_info': [(), ('',), ('edge',), ('10.0.0.2:61000',)],
    'get_inner_process_info': [(), ('', 'web:api'), ('edge', 'web:*'), ('10.0.0.2:61000', ''), ('alpha', 'backup')],
    'change_log_level': [('debug',), ('Info',), (50,)],
    'end_sync': [(), ('',), ('alpha',)],
    'get_application_rules': [('web',), ('backup',), ('free',)],
    'get_process_rules': [('web:api',), ('web:*',), ('backup',)],
    'start_application': [('CONFIG', 'backup'), (1, 'backup', False)],
    'test_start_application': [('CONFIG', 'backup'), (5, 'backup')],
    'restart_application': [('LOCAL', 'web'), (1, 'web', False)],
    'stop_application': [('web',), ('web', False)],
    'start_process': [('LOCAL', 'backup'), (5, 'backup:*', '-x', False)],
    'stop_process': [('web:api',), ('web:*', False)],
    'test_start_process': [('CONFIG', 'backup'), (5, 'backup:*')],
    'start_any_process': [('CONFIG', 'web'), (2, '^back.*:', '-x', False), (0, '')],
    'restart_process': [('LOCAL', 'web:api'), (5, 'web:*', '-x', False)],
    'restart_sequence': [(), (False,)],
    'start_args': [('web:api',), ('backup', '-x', False)],
    'update_numprocs': [('backup', 2), ('backup', 1, False, True)],
    'enable': [('backup',), ('backup', False)],
    'disable': [('backup',), ('backup', False)],
}
LOCAL = ('start_args', 'update_numprocs', 'enable', 'disable')
"""What the host does, and the engine never hears of as a request."""


def docstring(name: str) -> list[tuple[Any, ...]]:
    parsed: list[tuple[Any, ...]] = gettags(str(getattr(RPCInterface, name).__doc__))
    return parsed


def test_methods() -> None:
    system = Dispatcher(Daemon().interface).system
    published = {name.partition('.')[2] for name in system.listMethods() if name.startswith('supvisors.')}
    assert published == set(SPECS) == set(METHODS)
    assert len(published) == 40


@pytest.mark.parametrize('name', SPECS)
def test_parameters(name: str) -> None:
    parameters = list(inspect.signature(getattr(RPCInterface, name)).parameters.values())[1:]
    given = [(parameter.name, parameter.default) for parameter in parameters]
    assert given == [(spec['name'], spec.get('default', inspect.Parameter.empty)) for spec in SPECS[name]['params']]
    assert all(type(parameter.default) is type(spec.get('default', inspect.Parameter.empty))
               for parameter, spec in zip(parameters, SPECS[name]['params'], strict=True))
    assert list(METHODS[name].parameters) == [parameter.name for parameter in parameters]


@pytest.mark.parametrize('name', SPECS)
def test_types_of_the_parameters(name: str) -> None:
    types = {'string': str, 'int': int, 'boolean': bool}
    for spec in SPECS[name]['params']:
        parameter = METHODS[name].parameters[spec['name']]
        assert parameter.types == tuple(types[one] for one in spec['type'].split('|'))
        assert parameter.choices == (CONTRACT['enums'][spec['enum']] if 'enum' in spec else {})
        assert parameter.any_case == spec.get('any_case', False)


@pytest.mark.parametrize('name', SPECS)
def test_signature(name: str) -> None:
    """A signature has one type for each parameter: the first of those that the contract accepts."""
    signature = Dispatcher(Daemon().interface).call('system.methodSignature', f'supvisors.{name}')
    spec = SPECS[name]
    assert signature == [spec['returns']['type'], *(one['type'].split('|')[0] for one in spec['params'])]


@pytest.mark.parametrize('name', SPECS)
def test_help(name: str) -> None:
    """What system.methodHelp tells is what the contract says."""
    tags = docstring(name)
    assert tags[0][4] == SPECS[name]['doc']
    assert [(tag[3], tag[4]) for tag in tags if tag[1] == 'param'] == [
        (spec['name'], spec['doc']) for spec in SPECS[name]['params']]
    assert Dispatcher(Daemon().interface).call('system.methodHelp', f'supvisors.{name}') == getattr(
        RPCInterface, name).__doc__


def test_docstrings_pass_the_check_of_supervisor() -> None:
    """supervisor's own test of its namespaces, run on ours: as many @param as arguments, same names, known types."""
    case = SystemNamespaceXMLRPCInterfaceTests('test_allMethodDocs')
    case._makeOne = lambda: Dispatcher(Daemon().interface).system
    case.test_allMethodDocs()


@pytest.mark.parametrize('name', SPECS)
def test_states(name: str) -> None:
    states = SPECS[name]['states']
    allowed = CONTRACT['enums']['SupvisorsStates'] if states == 'any' else states
    assert {state.name for state in METHODS[name].states} == set(allowed)


@pytest.mark.parametrize('name', SPECS)
@pytest.mark.parametrize('state', enums.SupvisorsState)
def test_results(name: str, state: enums.SupvisorsState) -> None:
    """Every method in every state where it is accepted: the result holds field by field, on the wire too."""
    for arguments in ARGUMENTS.get(name, [()]):
        daemon = Daemon()
        daemon.world.state = state
        if state not in METHODS[name].states:
            assert fault_code(daemon, name, *arguments) == 101
            continue
        if name in LOCAL:
            daemon.here.outcome = None
        exchange = Dispatcher(daemon.interface).send(name, *arguments)
        deferred = exchange.producer is not None
        # the answer of local work is known as soon as it has begun
        assert deferred == SPECS[name]['deferred'] or (name in LOCAL and False in arguments)
        if name in LOCAL:
            daemon.here.outcome = 0, ''
        elif deferred:
            daemon.world.outcome = Ticket('r1', daemon.world.requests[0], accepted=True, done=True, target='web:api')
            exchange = Dispatcher(daemon.interface).send(name, *arguments)
        value = exchange.poll()
        check(value, SPECS[name]['returns'], CONTRACT)
        assert value != []


def fault_code(daemon: Daemon, name: str, *arguments: Any) -> int:
    system = Dispatcher(daemon.interface).system
    outcome = system.multicall([{'methodName': f'supvisors.{name}', 'params': list(arguments)}])[0]
    code = outcome['faultCode']
    assert outcome['faultString'].startswith(next(key for key, value in CONTRACT['faults'].items() if value == code))
    assert code in {spec['code'] for spec in SPECS[name]['faults']}
    return int(code)


@pytest.mark.parametrize(('name', 'code'), [
    (name, code) for name, spec in SPECS.items() for code in sorted({fault['code'] for fault in spec['faults']})])
def test_every_fault_happens(name: str, code: int) -> None:
    daemon, arguments = provoke(name, code)
    assert fault_code(daemon, name, *arguments) == code


SEEN_BEFORE = (enums.FaultCode.BAD_NAME, enums.FaultCode.NOT_MANAGED)
"""What is found before a test of a start asks the engine."""


def provoke(name: str, code: int) -> tuple[Daemon, list[Any]]:
    """A daemon, and the arguments of a call that it answers with that fault."""
    daemon, states = Daemon(), METHODS[name].states
    daemon.world.state = max(states & {enums.SupvisorsState.SYNCHRONIZATION, enums.SupvisorsState.OPERATION})
    arguments = dict(zip(METHODS[name].parameters, ARGUMENTS.get(name, [()])[0], strict=False))
    if code == enums.FaultCode.INCORRECT_PARAMETERS:
        return daemon, [None] * 9
    if code == enums.FaultCode.BAD_SUPVISORS_STATE:
        daemon.world.state = min(set(enums.SupvisorsState) - states)
    elif name == 'end_sync' or (name.startswith('test_') and code not in SEEN_BEFORE):
        daemon.world.outcome = Refused(enums.FaultCode(code), 'why')
    elif code == enums.FaultCode.SHUTDOWN_STATE:
        daemon.stopping = True
        daemon.world.outcome = Refused(enums.FaultCode.SHUTDOWN_STATE, 'why')
    elif name == 'get_inner_process_info':
        return daemon, ['nope'] if code == enums.FaultCode.BAD_NAME else ['zulu', 'web:api']
    elif code == enums.FaultCode.BAD_NAME:
        names = {'identifier', 'application_name', 'namespec', 'program_name'}
        return daemon, [*('nope' if key in names else value for key, value in arguments.items())] or ['nope']
    elif code == enums.FaultCode.NOT_MANAGED:
        return daemon, ['free' if key == 'application_name' else value for key, value in arguments.items()]
    elif name in LOCAL:
        daemon.here.refusal = Refused(enums.FaultCode(code), 'why')
    else:
        daemon.world.outcome = Ticket('r1', Command(name), accepted=True, done=True, code=code, text='why')
    return daemon, list(arguments.values())


ENUMS = {
    'SupvisorsStates': enums.SupvisorsState,
    'SupvisorsInstanceStates': enums.InstanceState,
    'ApplicationStates': enums.ApplicationState,
    'ProcessStates': enums.ProcessState,
    'StartingStrategies': enums.StartingStrategy,
    'ConciliationStrategies': enums.ConciliationStrategy,
    'SupvisorsFailureStrategies': enums.SupvisorsFailureStrategy,
    'DistributionRules': enums.DistributionRule,
    'StartingFailureStrategies': enums.StartingFailureStrategy,
    'RunningFailureStrategies': enums.RunningFailureStrategy,
}


@pytest.mark.parametrize('name', ENUMS)
def test_enums(name: str) -> None:
    assert {member.name: member.value for member in ENUMS[name]} == CONTRACT['enums'][name]


def test_faults() -> None:
    assert {code.name: code.value for code in enums.FaultCode} == CONTRACT['faults']
