"""Several calls in one request: what is sent, what each result is, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sdk_server import Running, answer, answer_then_close, drop, fault_body

import supvisors_client as sdk
from supvisors_client import methods

pytestmark = pytest.mark.filterwarnings('error')

STATE = {'statecode': 1, 'statename': 'RUNNING'}
FAULT = {'faultCode': 10, 'faultString': 'BAD_NAME: nope'}


@pytest.fixture
def other(server: Running) -> Iterator[sdk.SupvisorsClient]:
    with sdk.SupvisorsClient(server.url) as client:
        yield client


def test_each_result_has_its_type_and_its_fault(server: Running, client: sdk.SupvisorsClient) -> None:
    server.script.add(answer(['1.0', STATE, FAULT, True, ['a.b'], [1, 'x']]))
    batch = client.multicall()
    version = batch.add(client.get_api_version)
    state = batch.add(client.supervisor.get_state)
    unknown = batch.add(client.supervisor.get_process_info, name='nope')
    started = batch.add(client.start_process, 'LOCAL', 'a:b', wait=False)
    names = batch.add(client.system.list_methods)
    plain = batch.add(client.call, 'other.method', 1, 'x')
    assert len(batch) == 6
    batch.run()
    assert len(server.script.requests) == 1
    assert server.script.call == (
        'system.multicall',
        (
            [
                {'methodName': 'supvisors.get_api_version', 'params': []},
                {'methodName': 'supervisor.getState', 'params': []},
                {'methodName': 'supervisor.getProcessInfo', 'params': ['nope']},
                {'methodName': 'supvisors.start_process', 'params': ['LOCAL', 'a:b', '', False]},
                {'methodName': 'system.listMethods', 'params': []},
                {'methodName': 'other.method', 'params': [1, 'x']},
            ],
        ),
    )
    assert version.result() == '1.0'
    assert state.result() == sdk.SupervisorState(statecode=sdk.SupervisordState.RUNNING, statename='RUNNING')
    for _ in range(2):
        with pytest.raises(sdk.BadNameFault, match='nope') as caught:
            unknown.result()
        assert caught.value.detail == 'nope'
    assert started.result() is True
    assert names.result() == ['a.b']
    assert plain.result() == [1, 'x']


def test_wrong_value_is_named_when_it_is_read(server: Running, client: sdk.SupvisorsClient) -> None:
    server.script.add(answer([3, '1.0']))
    batch = client.multicall()
    wrong, right = batch.add(client.get_api_version), batch.add(client.get_api_version)
    batch.run()
    with pytest.raises(sdk.ProtocolError, match=r'supvisors\.get_api_version: expected string, got 3'):
        wrong.result()
    assert right.result() == '1.0'


def test_number_of_results(server: Running, client: sdk.SupvisorsClient) -> None:
    server.script.add(answer(['1.0', '1.0']))
    batch = client.multicall()
    pending = batch.add(client.get_api_version)
    with pytest.raises(sdk.ProtocolError, match='2 results for 1 calls'):
        batch.run()
    with pytest.raises(sdk.SupvisorsError, match='no result before'):
        pending.result()


def test_empty_batch_sends_nothing(server: Running, client: sdk.SupvisorsClient) -> None:
    client.multicall().run()
    assert server.script.requests == []


def test_no_result_before_the_answer_and_one_answer_only(server: Running, client: sdk.SupvisorsClient) -> None:
    server.script.add(lambda handler: handler.send(200, fault_body(6, 'SHUTDOWN_STATE')), answer(['1.0']))
    batch = client.multicall()
    pending = batch.add(client.get_api_version)
    with pytest.raises(sdk.SupvisorsError, match=r'get_api_version: no result before run\(\)'):
        pending.result()
    with pytest.raises(sdk.ShutdownStateFault):
        batch.run()
    batch.run()
    assert pending.result() == '1.0'
    with pytest.raises(sdk.SupvisorsError, match='has run'):
        batch.run()
    with pytest.raises(sdk.SupvisorsError, match='has run'):
        batch.add(client.get_api_version)


@pytest.mark.parametrize(
    ('add', 'error', 'text'),
    [
        (lambda b, c: b.add(c.close), TypeError, 'is not a method of the API'),
        (lambda b, c: b.add(c.multicall), TypeError, 'is not a method of the API'),
        (lambda b, c: b.add(c._run, methods.supvisors.RESTART), TypeError, 'is not a method of the API'),
        (lambda b, c: b.add(print, 'x'), TypeError, 'is not a method of the API'),
        (lambda b, c: b.add(sdk.SupvisorsClient.restart, c), TypeError, 'is not a method of the API'),
        (lambda b, c: b.add(c.restart, timeout=5.0), ValueError, r'share one time-out, give it to run\(\)'),
        (lambda b, c: b.add(c.system.multicall, []), ValueError, 'refuses one inside another'),
        (lambda b, c: b.add(c.call, 'system.multicall', []), ValueError, 'refuses one inside another'),
        (lambda b, c: b.add(c.stop_process), TypeError, 'namespec'),
        (lambda b, c: b.add(c.stop_process, 3), TypeError, 'namespec: expected str'),
        (lambda b, c: b.add(c.start_application, 'FASTEST', 'a'), ValueError, 'StartingStrategy'),
        (lambda b, c: b.add(c.supervisor.stop_process, 'a:*'), ValueError, 'stop_process_group'),
    ],
)
def test_what_cannot_be_added(
    client: sdk.SupvisorsClient,
    add: Callable[[sdk.Batch, sdk.SupvisorsClient], object],
    error: type[Exception],
    text: str,
) -> None:
    batch = client.multicall()
    with pytest.raises(error, match=text):
        add(batch, client)
    assert len(batch) == 0


def test_methods_of_another_client_are_refused(client: sdk.SupvisorsClient, other: sdk.SupvisorsClient) -> None:
    for function in (other.get_api_version, other.supervisor.get_api_version):
        with pytest.raises(TypeError, match='of this client'):
            client.multicall().add(function)


@pytest.mark.parametrize(
    ('add', 'limit'),
    [
        (lambda b, c: b.add(c.get_api_version), 20.0),
        (lambda b, c: b.add(c.stop_process, 'a', wait=False), 20.0),
        (lambda b, c: b.add(c.stop_process, 'a'), None),
        (lambda b, c: b.add(c.supervisor.stop_all_processes), None),
        (lambda b, c: b.add(c.supervisor.clear_all_process_logs), None),
    ],
)
def test_limit_is_that_of_the_calls(
    client: sdk.SupvisorsClient,
    monkeypatch: pytest.MonkeyPatch,
    add: Callable[[sdk.Batch, sdk.SupvisorsClient], object],
    limit: float | None,
) -> None:
    seen: list[float | None] = []

    def exchange(body: bytes, timeout: float | None, reads_only: bool) -> None:
        seen.append(timeout)
        raise ZeroDivisionError

    monkeypatch.setattr(client._pool, 'exchange', exchange)
    for given, expected in ((sdk.DEFAULT, limit), (3.0, 3.0), (None, None)):
        batch = client.multicall()
        batch.add(client.get_supvisors_state)
        add(batch, client)
        with pytest.raises(ZeroDivisionError):
            batch.run(timeout=given)
        assert seen.pop() == expected


def test_sent_twice_only_if_all_of_it_reads(server: Running, client: sdk.SupvisorsClient) -> None:
    """An idle connection that the server closes in the moment of use."""
    reading, acting = client.multicall(), client.multicall()
    version = reading.add(client.get_api_version)
    acting.add(client.get_api_version)
    acting.add(client.restart)
    server.script.add(answer('1.0'), drop, answer(['2.0']), drop)
    client.get_api_version()
    reading.run()
    assert version.result() == '2.0'
    with pytest.raises(sdk.ConnectionLostError):
        acting.run()
    assert len(server.script.requests) == 4


def test_plain_multicall_holds_faults_in_place(server: Running, client: sdk.SupvisorsClient) -> None:
    struct: dict[str, Any] = {'faultCode': 10, 'faultString': 'x', 'more': 1}
    server.script.add(answer([FAULT, 5, {'faultCode': 999, 'faultString': 'NEW: y'}, struct]), answer_then_close([]))
    known, value, new, other = client.system.multicall([('a.b', [1]), ('a.c', ()), ('a.d', ()), ('a.e', ())])
    assert isinstance(known, sdk.BadNameFault) and value == 5 and other == struct
    assert type(new) is sdk.Fault and (new.code, new.name, new.detail) == (999, 'NEW', 'y')
    assert client.system.multicall([]) == []
