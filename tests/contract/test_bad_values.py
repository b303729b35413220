"""A bad value of any kind, for any parameter of any method, on live daemons: one fault each, and nothing changes.

`make fuzz-api CALLS=20000` runs more of them, other ones each time; a failure prints how to run it again.
"""
from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from supvisors.demo import Layout, LocalCluster, Program, application, rules_file, wait_for
from supvisors.rpc.text import LONGEST_FAULT
from tests.cluster.runs import running
from tests.contract.bad_values import BadCall, World, bad_calls, unknown_methods
from tests.contract.checker import load_contract
from tests.contract.raw_rpc import TIMEOUT, RawClient, Reply, request
from tests.contract.snapshot import differences, snapshot

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('contract-bad-values'), pytest.mark.timeout(600)]

CONTRACT: dict[str, Any] = load_contract()
METHODS: dict[str, Any] = CONTRACT['methods']

CALLS = int(os.environ.get('SUPVISORS_FUZZ_CALLS', '0'))
"""None: those of CI, the same each time."""
EACH = (CALLS or 1000) // len(METHODS)

CALLED = settings(
    max_examples=EACH, derandomize=not CALLS, deadline=None, database=None, print_blob=bool(CALLS),
    # a call costs a thousand times more than to draw it: what is drawn is not told from what is slow
    suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))

def layout() -> Layout:
    """Two instances.

    chain     managed, running
    idle      managed, not running
    free      no rules, not running: `one`, and the program `pool` of two processes
    """
    numbered = {'numprocs': '2', 'process_name': '%(program_name)s_%(process_num)d'}
    sequence = {'start_sequence': 1}
    return Layout(
        nicks=('sv01', 'sv02'), options={'disabilities_file': 'disabilities.json'},
        groups={'chain': ('first', 'second'), 'idle': ('sleeper',), 'free': ('one', 'pool')},
        programs=(*map(Program, ('first', 'second', 'sleeper', 'one')), Program('pool', options=numbered)),
        rules=rules_file([application('chain', {'first': sequence, 'second': sequence}),
                          application('idle', {'sleeper': sequence})]))


@attrs.frozen
class System:
    cluster: LocalCluster
    world: World
    clients: tuple[RawClient, ...]
    before: dict[str, Any]

    def check_unchanged(self) -> None:
        assert differences(self.before, snapshot(self.cluster)) == {}


@pytest.fixture(scope='module')
def system() -> Iterator[System]:
    with running(layout()) as cluster:
        assert cluster[0].call('supvisors.start_application', 'CONFIG', 'chain') is True
        for daemon in cluster:
            for name in ('first', 'second'):
                cluster.wait_running(f'chain:{name}', asked=daemon)
        with RawClient(cluster[0]) as first, RawClient(cluster[1]) as second:
            yield System(cluster, _world(cluster), (first, second), snapshot(cluster))


def _world(cluster: LocalCluster) -> World:
    groups: dict[str, frozenset[str]] = {}
    for info in cluster[0].call('supvisors.get_all_process_info'):
        group = info['application_name']
        groups[group] = groups.get(group, frozenset()) | {info['process_name']}
    instances = frozenset(name for daemon in cluster for name in (daemon.nick, daemon.identifier))
    return World(
        instances, groups, frozenset(program.name for program in cluster.layout.programs), {
            'identifier': tuple(sorted(instances)), 'master': tuple(sorted(instances)),
            'application_name': ('chain', 'idle'), 'namespec': ('chain:first', 'idle:sleeper', 'free:pool_1'),
            'program_name': ('pool',), 'numprocs': (1, 3), 'regex': ('^free:', ''), 'extra_args': ('', '-x', "'a b' é"),
        })


def check_refused(reply: Reply, codes: frozenset[int]) -> None:
    code, text = reply.fault
    assert reply.status == 200, reply
    assert code in codes, reply
    assert text.isascii() and text.isprintable(), text
    assert len(text) <= LONGEST_FAULT + 100, f'{len(text)} characters: {text[:200]}'


@pytest.mark.parametrize('name', METHODS)
def test_refused(system: System, name: str) -> None:
    documented = frozenset(fault['code'] for fault in METHODS[name]['faults'])

    @CALLED
    @given(bad_calls(name, METHODS[name], system.world, CONTRACT['enums']), st.sampled_from(system.clients))
    def refused(call: BadCall, client: RawClient) -> None:
        assert call.codes <= documented
        check_refused(client.call(f'supvisors.{name}', *call.arguments), call.codes)

    refused()
    if METHODS[name]['deferred'] or not name.startswith(('get_', 'test_')):
        system.check_unchanged()


def test_unknown_methods(system: System) -> None:
    @CALLED
    @given(unknown_methods(METHODS), st.sampled_from(system.clients))
    def refused(name: str, client: RawClient) -> None:
        check_refused(client.call(name, 'sv01'), frozenset((1,)))

    refused()


CALL = request('supvisors.get_api_version', ())
BOMB = ''.join(f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(9))


@pytest.mark.parametrize(('body', 'status'), [
    ('not XML', 400),
    ('<?xml version="1.0"?>', 400),
    (CALL[:-5], 400),
    (f'{CALL}<more/>', 400),
    (CALL.replace('get_api', '\0'), 400),
    ('<methodCall/>', 400),
    ('<methodCall><methodName></methodName></methodCall>', 400),
    ('<methodCall><params/></methodCall>', 400),
    (request('supvisors.get_api_version', ['x']).replace('string', 'int'), 400),
    (request('supvisors.get_api_version', [1.5]).replace('1.5', 'one'), 400),
    (request('supvisors.get_api_version', [True]).replace('<value>', '').replace('</value>', ''), 200),
    (request('supvisors.get_api_version', ['x']).replace('string', 'base64'), 400),
    (request('supvisors.get_api_version', [{}]).replace('<struct>', '<struct><member/>'), 400),
    (request('supvisors.get_api_version', [[]]).replace('<data></data>', ''), 400),
    (f'<!DOCTYPE a [<!ENTITY e0 "x">{BOMB}]>' + CALL.replace('get', '&e9;').partition('?>')[2], 400),
    ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + CALL.replace('get', '&e;').partition('?>')[2], 400),
    ('<a>' * 20_000, 400),
    (' ' * 1_000_000, 400),
], ids=lambda value: repr(value)[:60] if isinstance(value, str) else '')
def test_bodies_that_are_no_call(system: System, body: str, status: int) -> None:
    """supervisord refuses them itself."""
    for client in system.clients:
        assert client.post(body).status == status
        assert client.call('supvisors.get_api_version').value


@pytest.mark.parametrize('content_type', ['', 'application/json', 'text/html; charset=latin-1', 'multipart/form-data'])
def test_types_of_content_do_not_matter(system: System, content_type: str) -> None:
    for client in system.clients:
        assert client.post(CALL, {'Content-Type': content_type}).value
        refused = client.post(request('supvisors.enable', ()), {'Content-Type': content_type})
        check_refused(refused, frozenset((2,)))


@pytest.mark.parametrize('text', [
    b'GET /RPC2 HTTP/1.1\r\n\r\n',
    b'PUT /RPC2 HTTP/1.1\r\n\r\n',
    b'POST /RPC2 HTTP/1.1\r\n\r\n',
    b'POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    b'\0\xff\r\n\r\n',
    b'POST\r\n\r\n',
    b'POST /RPC2 HTTP/1.1\r\nContent-Length: 3\r\n\r\n\xff\xfe\xff',
    b'POST /RPC2 HTTP/1.1\r\nContent-Length: 12\r\n\r\n' + '<call>'.encode('utf-16'),
    b'POST /RPC2 HTTP/1.1\r\nContent-Length: many\r\n\r\n',
    b'POST /RPC2 HTTP/1.1\r\nContent-Length: 100\r\n\r\nless',
], ids=repr)
def test_requests_that_are_none(system: System, text: bytes) -> None:
    """They are refused, or hung up on, or the rest is awaited: the daemon goes on."""
    for daemon, client in zip(system.cluster, system.clients, strict=True):
        with socket.create_connection(('127.0.0.1', daemon.port), timeout=TIMEOUT) as connection:
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(100)
        assert answer == b'' or answer.split()[1] in (b'400', b'411', b'500'), answer
        assert client.call('supvisors.get_api_version').value


def test_in_a_multicall(system: System) -> None:
    """supervisord runs the calls one by one: each has its fault."""
    calls = [('start_process', ['CONFIG', 'free:one', 5]), ('update_numprocs', ['pool', 0]), ('disable', ['pool', 1]),
             ('start_args', ['nope']), ('nope', []), ('restart', [None])]
    batch = [{'methodName': f'supvisors.{name}', 'params': params} for name, params in calls]
    for client in system.clients:
        answers = client.call('system.multicall', batch).value
        assert [answer['faultCode'] for answer in answers] == [2, 2, 2, 10, 1, 2]


@pytest.mark.parametrize('text', ["'" * 99_999, 'é"' * 49_999, 'x' * 100_000 + '\\'], ids=['quotes', 'é', 'backslash'])
def test_the_text_of_a_fault_is_short(system: System, text: str) -> None:
    for client in system.clients:
        check_refused(client.call('supvisors.start_args', 'free:one', text), frozenset((21,)))


def test_nothing_has_changed(system: System) -> None:
    system.check_unchanged()


def test_the_level_of_the_log_is_what_it_was(system: System) -> None:
    """To be the last: supervisord says at info that it makes its log anew, and at debug which descriptors it closes."""
    for daemon in system.cluster:
        log = daemon.folder / 'supervisord.log'
        daemon.signal(signal.SIGUSR2)
        wait_for(lambda log=log: 'logreopen' in log.read_text(), 10, f'an information in the log of {daemon.nick}')
        levels = {line.split()[2] for line in log.read_text().splitlines() if len(line.split()) > 2}
        assert not levels & {'DEBG', 'TRAC', 'BLAT'}


def test_nothing_unexpected_has_happened(system: System) -> None:
    """It would be a fault that may be documented, with its traceback in the log."""
    for daemon in system.cluster:
        assert 'Traceback' not in (daemon.folder / 'supervisord.log').read_text()
