"""Rules, conflicts and predictions, through the three clients: what they say, and that it is true."""
from __future__ import annotations

from typing import Any

import pytest
from interop_answers import METHODS, without_volatile
from interop_clients import PlainClient, three_clients
from interop_layout import FORMULA

from supvisors.demo import Daemon, LocalCluster, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop'), pytest.mark.timeout(120)]


def told(daemon: Daemon, method: str, *arguments: Any) -> Any:
    """What the three clients are told, which is the same."""
    answers = {name: client.call(method, *arguments) for name, client in three_clients(daemon).items()}
    same = {name: without_volatile(answer, METHODS[method]['returns']) for name, answer in answers.items()}
    assert same['sdk'] == same['plain']
    assert same['java'] == same['plain']
    return answers['java']


def test_rules_of_an_application(shared: LocalCluster) -> None:
    for daemon in shared:
        assert told(daemon, 'get_application_rules', 'placed') == {
            'application_name': 'placed', 'managed': True, 'distribution': 'SINGLE_INSTANCE',
            'identifiers': ['sv02', 'sv03'], 'start_sequence': 0, 'stop_sequence': 7,
            'starting_strategy': 'MOST_LOADED', 'starting_failure_strategy': 'STOP',
            'running_failure_strategy': 'CONTINUE', 'status_formula': FORMULA,
        }


def test_what_is_left_out(shared: LocalCluster) -> None:
    """By the server; the SDKs then have None or null, and no identifier."""
    daemon = shared['sv02']
    every = [field['name'] for field in field_descriptions('ApplicationRules')]
    auto = PlainClient(daemon).raw('supvisors.get_application_rules', 'auto')
    assert auto.keys() == {*every} - {'identifiers'}
    rules = told(daemon, 'get_application_rules', 'auto')
    assert (rules['distribution'], rules['identifiers'], rules['status_formula']) == ('ALL_INSTANCES', [], '')
    assert (rules['start_sequence'], rules['stop_sequence']) == (1, 4)

    unmanaged = {'application_name': 'free', 'managed': False}
    assert PlainClient(daemon).raw('supvisors.get_application_rules', 'free') == unmanaged
    nothing: dict[str, Any] = {**dict.fromkeys(every), 'identifiers': []}
    assert told(daemon, 'get_application_rules', 'free') == {**nothing, **unmanaged}


def field_descriptions(structure: str) -> list[dict[str, Any]]:
    from interop_answers import CONTRACT
    fields: list[dict[str, Any]] = CONTRACT['structures'][structure]['fields']
    return fields


def test_rules_of_processes(shared: LocalCluster) -> None:
    (rules,) = told(shared['sv01'], 'get_process_rules', 'homes:home2')
    assert rules == {
        'application_name': 'homes', 'process_name': 'home2', 'identifiers': ['sv02', 'sv03', 'sv01'],
        'start_sequence': 0, 'stop_sequence': 0, 'required': False, 'wait_exit': False, 'loading': 5,
        'expected_loading': 5, 'starting_failure_strategy': 'ABORT', 'running_failure_strategy': 'RESTART_PROCESS',
    }
    left, once, right = told(shared['sv03'], 'get_process_rules', 'placed:*')
    assert [one['process_name'] for one in (left, once, right)] == ['left', 'once', 'right']
    # those of the application count
    assert left['identifiers'] == once['identifiers'] == right['identifiers'] == ['sv02', 'sv03']
    assert (left['required'], left['start_sequence'], left['stop_sequence'], left['loading']) == (True, 1, 1, 20)
    assert (once['wait_exit'], once['start_sequence'], once['starting_failure_strategy']) == (True, 2, 'STOP')
    assert (right['stop_sequence'], right['starting_failure_strategy']) == (3, 'CONTINUE')
    (free,) = told(shared['sv02'], 'get_process_rules', 'free:one')
    assert (free['identifiers'], free['loading'], free['running_failure_strategy']) == (['*'], 0, 'CONTINUE')


def everything(cluster: LocalCluster) -> list[Any]:
    """What every instance knows of the processes of all, without what grows with time."""
    clients = [PlainClient(daemon) for daemon in cluster]
    methods = ('get_all_inner_process_info', 'get_all_process_info', 'get_all_applications_info')
    return [without_volatile(client.call(name, *(place for place in [daemon.nick] if 'inner' in name)),
                             METHODS[name]['returns'])
            for client in clients for name in methods for daemon in cluster]


@pytest.mark.parametrize('strategy', ['CONFIG', 'LESS_LOADED', 'MOST_LOADED_NODE'])
def test_a_prediction_comes_true_and_changes_nothing(shared: LocalCluster, strategy: str) -> None:
    daemon = shared['sv01']
    before = everything(shared)
    predictions = told(daemon, 'test_start_application', strategy, 'placed')
    assert predictions == told(shared['sv03'], 'test_start_application', strategy, 'placed')
    assert everything(shared) == before

    assert [(one['process_name'], one['state']) for one in predictions] == [
        ('left', 'RUNNING'), ('once', 'EXITED'), ('right', 'RUNNING')]
    assert {one['forced_reason'] for one in predictions} == {''}
    (place,) = predictions[0]['running_identifiers']
    assert predictions[2]['running_identifiers'] == [place]
    assert PlainClient(daemon).call('start_application', strategy, 'placed') is True
    try:
        for info in told(daemon, 'get_process_info', 'placed:*'):
            expected = ('EXITED', []) if info['process_name'] == 'once' else ('RUNNING', [place])
            assert (info['statename'], info['identifiers']) == expected
    finally:
        assert PlainClient(daemon).call('stop_application', 'placed') is True


def test_a_local_start_is_predicted_where_it_is_asked(shared: LocalCluster) -> None:
    for daemon in shared:
        (one,) = told(daemon, 'test_start_process', 'LOCAL', 'free:one')
        assert (one['state'], one['running_identifiers']) == ('RUNNING', [daemon.identifier])


def test_what_cannot_be_started_is_predicted_with_the_reason(shared: LocalCluster) -> None:
    big, medium, small = told(shared['sv01'], 'test_start_process', 'CONFIG', 'spare:*')
    assert (big['state'], big['running_identifiers']) == ('FATAL', [])
    assert shared['sv03'].identifier in big['forced_reason'] or 'sv03' in big['forced_reason']
    assert (medium['state'], medium['running_identifiers']) == ('RUNNING', [shared['sv02'].identifier])
    assert (small['state'], len(small['running_identifiers']), small['forced_reason']) == ('RUNNING', 1, '')


def test_conflicts(shared: LocalCluster) -> None:
    first, second, third = shared
    places = sorted([first.identifier, second.identifier])
    try:
        for daemon in (first, second):
            for namespec in ('twin:both', 'free:two'):
                assert daemon.call('supervisor.startProcess', namespec, True) is True
        for daemon in shared:
            wait_conflicts(daemon, [('twin', 'both', places)])
            (conflict,) = told(daemon, 'get_conflicts')
            assert (conflict['process_name'], conflict['identifiers']) == ('both', places)
            # no conflict, because its application has no rules
            wait_places(daemon, 'free:two', places)
            assert [one['application_name'] for one in told(daemon, 'get_conflicts')] == ['twin']
    finally:
        plain = PlainClient(third)
        assert plain.call('stop_process', 'twin:both') is True
        assert plain.call('stop_process', 'free:two') is True
    for daemon in shared:
        wait_conflicts(daemon, [])
        assert told(daemon, 'get_conflicts') == []
    shared.wait_operation()


def wait_places(daemon: Daemon, namespec: str, wanted: list[str]) -> None:
    def reached() -> bool:
        (info,) = PlainClient(daemon).call('get_process_info', namespec)
        return bool(info['identifiers'] == wanted)

    wait_for(reached, 10, f'{namespec} on {wanted} as {daemon.nick} says')


def wait_conflicts(daemon: Daemon, wanted: list[tuple[str, str, list[str]]]) -> None:
    def reached() -> bool:
        conflicts = PlainClient(daemon).call('get_conflicts')
        return [(one['application_name'], one['process_name'], one['identifiers']) for one in conflicts] == wanted

    wait_for(reached, 10, f'the conflicts {wanted} as {daemon.nick} says')
