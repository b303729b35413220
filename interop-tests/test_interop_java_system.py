"""Every method of `system` through the JAR: answers and faults are those of `xmlrpc.client`."""
from __future__ import annotations

import xmlrpc.client
from typing import Any

import interop_jvm
import pytest
from interop_supervisor import PROCESS, STATE, JavaNamespaces, fault_of, object_array, plain, struct, structs

from supvisors.demo import Daemon

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop')]


def java_call(method: str, *arguments: Any) -> Any:
    create = interop_jvm.java_class('rpc.SystemXmlRpc').createCall
    return create(method, object_array(*arguments) if arguments else None)


def java_list(*items: Any) -> Any:
    return interop_jvm.java_class('java.util.List').of(object_array(*items))


def test_every_method_has_a_java_method(alone: Daemon) -> None:
    java = JavaNamespaces(alone)
    methods = alone.call('system.listMethods')
    assert plain(java.system.listMethods()) == methods
    for namespace in ('system', 'supervisor'):
        for method in methods:
            if method.startswith(f'{namespace}.'):
                assert hasattr(getattr(java, namespace), method.partition('.')[2]), method


def test_help_and_signatures(alone: Daemon) -> None:
    java = JavaNamespaces(alone)
    for method in alone.call('system.listMethods'):
        assert plain(java.system.methodHelp(method)) == alone.call('system.methodHelp', method)
        assert _signature(java, method) == _plain_signature(alone, method)


def _signature(java: JavaNamespaces, method: str) -> Any:
    try:
        return plain(java.system.methodSignature(method))
    except interop_jvm.xml_rpc_exception() as error:
        return int(error.code), str(error.getMessage())


def _plain_signature(daemon: Daemon, method: str) -> Any:
    try:
        return daemon.call('system.methodSignature', method)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString


@pytest.mark.parametrize('method', ['methodHelp', 'methodSignature'])
def test_unknown_method(alone: Daemon, method: str) -> None:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        alone.call(f'system.{method}', 'supervisor.nope')
    expected = (caught.value.faultCode, caught.value.faultString)
    assert expected[0] == 4
    assert fault_of(getattr(JavaNamespaces(alone).system, method), 'supervisor.nope') == expected


CALLS: list[tuple[Any, ...]] = [
    ('supervisor.getState',), ('supervisor.getProcessInfo', 'nope'), ('supvisors.get_api_version',),
    ('supervisor.getProcessInfo', 'alone'), ('nope.nope',), ('supervisor.getAllProcessInfo',),
    ('system.multicall', 1), ('supervisor.stopProcessGroup', 'web', True), ('supervisor.getPID',),
]


def test_multicall(alone: Daemon) -> None:
    expected = alone.call('system.multicall', [
        {'methodName': method, 'params': list(arguments)} for method, *arguments in CALLS])
    answers = plain(JavaNamespaces(alone).system.multicall(object_array(*(java_call(*call) for call in CALLS))))
    assert [_without_clock(answer) for answer in answers] == [_without_clock(answer) for answer in expected]
    assert [answer['faultCode'] for answer in expected if 'faultCode' in str(answer)] == [10, 1, 2]


def _without_clock(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: value for key, value in answer.items() if key != 'now'}
    return [_without_clock(item) for item in answer] if isinstance(answer, list) else answer


def test_typed_multicall(alone: Daemon) -> None:
    process_info = interop_jvm.java_class('common.SupervisorProcessInfo')
    state, nope, release, process, _, processes, _, stopped, pid = JavaNamespaces(alone).system.multicall(
        java_list(*(java_call(*call) for call in CALLS)))
    java_state = state.getObject(interop_jvm.java_class('common.SupervisorState'))
    assert struct(java_state, STATE) == alone.call('supervisor.getState')
    assert nope.isFault()
    assert str(nope.getFault().name()) == 'BAD_NAME'
    assert fault_of(nope.get, process_info) == (10, 'BAD_NAME: nope')
    assert not release.isFault()
    assert plain(release.get(interop_jvm.java_class('java.lang.String'))) == alone.call('supvisors.get_api_version')
    expected = _without_clock(alone.call('supervisor.getAllProcessInfo'))
    assert _without_clock(structs(processes.getMap(process_info), PROCESS)) == expected
    assert _without_clock(struct(process.getObject(process_info), PROCESS)) in expected
    assert plain(pid.get(interop_jvm.java_class('java.lang.Integer'))) == alone.pid
    outcomes = stopped.getMap(interop_jvm.java_class('common.SupervisorExecutionStatus'))
    assert outcomes.isEmpty()


def test_empty_multicall(alone: Daemon) -> None:
    java = JavaNamespaces(alone)
    assert plain(java.system.multicall(object_array())) == alone.call('system.multicall', []) == []
    assert java.system.multicall(java_list()).isEmpty()
