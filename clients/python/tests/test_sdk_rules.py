"""Rules, predictions, and the start of any process that matches."""

from __future__ import annotations

from typing import Any

import pytest
from sdk_server import Running, answer, drop, fault_body

from supvisors_client import (
    AlreadyStartedFault,
    ApplicationRules,
    ConnectionLostError,
    DistributionRule,
    FailedFault,
    NotManagedFault,
    ProcessRules,
    ProcessState,
    ProtocolError,
    RunningFailureStrategy,
    StartingFailureStrategy,
    StartingStrategy,
    StartPrediction,
    SupvisorsClient,
    methods,
)

pytestmark = pytest.mark.filterwarnings('error')

APPLICATION: dict[str, Any] = {
    'application_name': 'a',
    'managed': True,
    'distribution': 'SINGLE_NODE',
    'identifiers': ['h:2', 'h:1'],
    'start_sequence': 3,
    'stop_sequence': 0,
    'starting_strategy': 'MOST_LOADED',
    'starting_failure_strategy': 'STOP',
    'running_failure_strategy': 'RESTART_APPLICATION',
    'status_formula': "'p' and any('q.*')",
}
PROCESS: dict[str, Any] = {
    'application_name': 'a',
    'process_name': 'p',
    'identifiers': ['*'],
    'start_sequence': 1,
    'stop_sequence': 2,
    'required': True,
    'wait_exit': False,
    'loading': 15,
    'running_failure_strategy': 'SHUTDOWN',
}
PREDICTION: dict[str, Any] = {
    'application_name': 'a',
    'process_name': 'p',
    'state': 'FATAL',
    'forced_reason': 'h:1: no resource',
    'running_identifiers': [],
}


def application_rules(*left_out: str, **changes: Any) -> ApplicationRules:
    raw = {name: value for name, value in {**APPLICATION, **changes}.items() if name not in left_out}
    return methods.supvisors.GET_APPLICATION_RULES.decode(raw)


def test_rules_of_a_managed_application() -> None:
    assert application_rules() == ApplicationRules(
        application_name='a',
        managed=True,
        distribution=DistributionRule.SINGLE_NODE,
        identifiers=('h:2', 'h:1'),
        start_sequence=3,
        stop_sequence=0,
        starting_strategy=StartingStrategy.MOST_LOADED,
        starting_failure_strategy=StartingFailureStrategy.STOP,
        running_failure_strategy=RunningFailureStrategy.RESTART_APPLICATION,
        status_formula="'p' and any('q.*')",
    )


def test_all_instances_come_with_or_without_identifiers() -> None:
    without = application_rules('identifiers', distribution='ALL_INSTANCES')
    assert (without.distribution, without.identifiers) == (DistributionRule.ALL_INSTANCES, ())
    assert application_rules(distribution='ALL_INSTANCES', identifiers=['*']).identifiers == ('*',)


def test_rules_of_an_application_that_is_not_managed() -> None:
    rules = methods.supvisors.GET_APPLICATION_RULES.decode({'application_name': 'a', 'managed': False})
    assert rules == ApplicationRules(application_name='a', managed=False)
    assert (rules.identifiers, rules.distribution, rules.start_sequence, rules.status_formula) == ((), None, None, None)


@pytest.mark.parametrize('field', ['application_name', 'managed'])
def test_fields_that_are_always_there(field: str) -> None:
    with pytest.raises(ProtocolError, match=rf'get_application_rules: ApplicationRules\.{field}: missing'):
        application_rules(field)


@pytest.mark.parametrize(
    ('field', 'value', 'text'),
    [
        ('identifiers', '*', "expected array, got '\\*'"),
        ('identifiers', [1], 'expected string, got 1'),
        ('start_sequence', '1', "expected int, got '1'"),
        ('distribution', 1.0, 'expected a name or a code of DistributionRule'),
        ('status_formula', False, 'expected string, got False'),
    ],
)
def test_a_wrong_type_is_named(field: str, value: object, text: str) -> None:
    with pytest.raises(ProtocolError, match=rf'ApplicationRules\.{field}: {text}'):
        application_rules(**{field: value})


def test_names_of_a_newer_server() -> None:
    rules = application_rules(distribution='SINGLE_RACK', starting_strategy='LUCKY', more=1)
    assert rules.distribution is DistributionRule.UNRECOGNIZED
    assert rules.starting_strategy is StartingStrategy.UNRECOGNIZED
    assert rules.start_sequence == 3


def test_rules_of_processes_with_and_without_what_is_added_to_the_seed() -> None:
    added = {**PROCESS, 'process_name': 'q', 'expected_loading': 15, 'starting_failure_strategy': 'CONTINUE'}
    without, with_them = methods.supvisors.GET_PROCESS_RULES.decode([PROCESS, added])
    assert without == ProcessRules(
        application_name='a',
        process_name='p',
        identifiers=('*',),
        start_sequence=1,
        stop_sequence=2,
        required=True,
        wait_exit=False,
        loading=15,
        running_failure_strategy=RunningFailureStrategy.SHUTDOWN,
    )
    assert (without.expected_loading, without.starting_failure_strategy) == (None, None)
    assert (with_them.expected_loading, with_them.starting_failure_strategy) == (15, StartingFailureStrategy.CONTINUE)


@pytest.mark.parametrize('field', PROCESS)
def test_fields_of_a_process_that_are_always_there(field: str) -> None:
    raw = {name: value for name, value in PROCESS.items() if name != field}
    with pytest.raises(ProtocolError, match=rf'get_process_rules: ProcessRules\.{field}: missing'):
        methods.supvisors.GET_PROCESS_RULES.decode([raw])


def test_predictions(server: Running, client: SupvisorsClient) -> None:
    started = {**PREDICTION, 'state': 'RUNNING', 'forced_reason': '', 'running_identifiers': ['h:1']}
    server.script.add(answer([PREDICTION, started]), answer([]))
    first, second = client.test_start_application(StartingStrategy.LESS_LOADED, 'a')
    assert server.script.call == ('supvisors.test_start_application', ('LESS_LOADED', 'a'))
    assert first == StartPrediction(
        application_name='a',
        process_name='p',
        state=ProcessState.FATAL,
        forced_reason='h:1: no resource',
        running_identifiers=(),
    )
    assert (second.state, second.forced_reason, second.running_identifiers) == (ProcessState.RUNNING, '', ('h:1',))
    assert client.test_start_process(3, 'a:*') == []
    assert server.script.call == ('supvisors.test_start_process', ('LOCAL', 'a:*'))


def test_a_prediction_is_asked_again_when_the_connection_is_lost_and_a_start_is_not(
    server: Running, client: SupvisorsClient
) -> None:
    """An idle connection that the server closes in the moment of use."""
    server.script.add(answer('1.0'), drop, answer([PREDICTION]), drop)
    client.get_api_version()
    assert len(client.test_start_process('LOCAL', 'a:p')) == 1
    with pytest.raises(ConnectionLostError):
        client.start_any_process('LOCAL', 'a')
    assert len(server.script.requests) == 4


def test_a_batch_of_predictions_is_asked_again_too(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('1.0'), drop, answer([[PREDICTION], {**APPLICATION}]))
    client.get_api_version()
    batch = client.multicall()
    predicted = batch.add(client.test_start_application, 'CONFIG', 'a')
    rules = batch.add(client.get_application_rules, 'a')
    batch.run()
    assert predicted.result()[0].forced_reason == 'h:1: no resource'
    assert rules.result().distribution is DistributionRule.SINGLE_NODE


def test_any_process(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer('a:p'), answer('a:q'), answer(True))
    assert client.start_any_process(StartingStrategy.CONFIG, '^a:[pq]$') == 'a:p'
    assert server.script.call == ('supvisors.start_any_process', ('CONFIG', '^a:[pq]$', '', True))
    assert client.start_any_process('LOCAL', 'q', extra_args='-x', wait=False) == 'a:q'
    assert server.script.call == ('supvisors.start_any_process', ('LOCAL', 'q', '-x', False))
    with pytest.raises(ProtocolError, match='start_any_process: expected string, got True'):
        client.start_any_process('LOCAL', 'q')


@pytest.mark.parametrize(
    ('call', 'code', 'fault'),
    [
        (lambda c: c.test_start_application('LOCAL', 'a'), 102, NotManagedFault),
        (lambda c: c.test_start_process('LOCAL', 'a'), 60, AlreadyStartedFault),
        (lambda c: c.start_any_process('LOCAL', '.'), 30, FailedFault),
    ],
)
def test_faults(server: Running, client: SupvisorsClient, call: Any, code: int, fault: type[Exception]) -> None:
    server.script.add(lambda handler: handler.send(200, fault_body(code, 'NAME: text')))
    with pytest.raises(fault, match='text'):
        call(client)


@pytest.mark.parametrize(
    ('call', 'text'),
    [
        (lambda c: c.start_any_process('LOCAL', 3), 'regex: expected str'),
        (lambda c: c.restart_process('LOCAL', 'a', False), 'extra_args: expected str'),
        (lambda c: c.restart_sequence('yes'), 'wait: expected bool'),
        (lambda c: c.test_start_process(None, 'a'), 'StartingStrategy'),
        (lambda c: c.get_process_rules(['a']), 'namespec: expected str'),
    ],
)
def test_nothing_is_sent_for_wrong_arguments(server: Running, client: SupvisorsClient, call: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        call(client)
    assert server.script.requests == []
