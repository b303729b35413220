"""What supervisord would answer as HTTP 500 is a fault, on each of its servers, until it leaves."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, dumps

import pytest
from supervisor.http import NOT_DONE_YET, make_http_servers
from supervisor.xmlrpc import Faults, RPCError, supervisor_xmlrpc_handler

from supvisors.demo.ports import HOST, Ports
from tests.unit.host.bench import Bench
from tests.unit.rpc.dispatcher import WAITING, Exchange

CONFIG = """
[inet_http_server]
port={host}:{port}
[unix_http_server]
file={folder}/supervisor.sock
username=user
password=secret
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[rpcinterface:bad]
supervisor.rpcinterface_factory = tests.unit.host.test_uncaught:make_bad
"""


class Bad:
    """Methods as supervisord, or a plugin of somebody else, may have them."""

    def now(self, kind: str = 'KeyError') -> None:
        raise {'KeyError': KeyError, 'OSError': OSError}[kind]('no \u2603\0')

    def fault(self) -> Any:
        raise RPCError(Faults.BAD_NAME, 'me')

    def later(self, kind: str = '') -> Any:
        polled: list[int] = []

        def poll() -> Any:
            polled.append(1)
            if len(polled) < 2:
                return NOT_DONE_YET
            if kind:
                self.now(kind)
            return 'done'

        poll.delay = 0.25  # type: ignore[attr-defined]
        return poll


def make_bad(_supervisord: Any, **_: str) -> Bad:
    return Bad()


@pytest.fixture(params=['inet', 'unix'])
def handler(request: pytest.FixtureRequest, bench: Bench) -> Any:
    """The XML-RPC handler of a server of this family; the unix one checks credentials first."""
    for config, server in bench.supervisord.options.httpservers:
        if config['section'] == f'{request.param}_http_server':
            found = [getattr(each, 'handler', each) for each in server.handlers]
            return next(each for each in found if isinstance(each, supervisor_xmlrpc_handler))
    raise AssertionError(request.param)


@pytest.fixture
def bench(make_supervisord: Callable[[str], Any], tmp_path: Path) -> Iterator[Bench]:
    ports = Ports()
    try:
        supervisord = make_supervisord(CONFIG.format(host=HOST, port=ports.take(), folder=tmp_path))
        supervisord.options.httpservers = make_http_servers(supervisord.options, supervisord)
        yield Bench(supervisord)
        supervisord.options.cleanup()
        for _, server in supervisord.options.httpservers:
            server.close()
    finally:
        ports.release()


def send(handler: Any, method: str, *params: Any) -> Exchange:
    exchange = Exchange()
    handler.continue_request(dumps(params, method, allow_none=True), exchange)
    return exchange


def fault(exchange: Exchange) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        exchange.poll()
    return caught.value.faultCode, caught.value.faultString


def log(bench: Bench) -> str:
    return Path(bench.supervisord.options.logfile).read_text()


@pytest.mark.parametrize(('method', 'value'), [
    ('supervisor.getProcessInfo', 42), ('supervisor.getProcessInfo', None), ('supervisor.startProcess', None),
    ('supervisor.stopProcess', None), ('system.multicall', 'abc'), ('system.multicall', [1]),
    ('bad.now', 'KeyError'),
])
def test_a_value_that_the_method_does_not_expect(bench: Bench, handler: Any, method: str, value: Any) -> None:
    code, text = fault(send(handler, method, value))
    assert code == Faults.INCORRECT_PARAMETERS
    assert text.startswith(f'INCORRECT_PARAMETERS: {method}: ') and text.isascii() and text.isprintable()
    assert f'supvisors: {method}: ' in log(bench) and 'Traceback' not in log(bench)


@pytest.mark.parametrize('arguments', [(), ('OSError',)])
def test_what_is_not_the_fault_of_a_value(bench: Bench, handler: Any, arguments: tuple[Any, ...]) -> None:
    code, text = fault(send(handler, 'bad.now', *arguments))
    assert (code, text[:28]) == (Faults.FAILED, 'FAILED: bad.now: internal er')
    told = log(bench)
    assert f'reference {text.rpartition(" ")[2]}\nTraceback' in told and 'in now' in told


@pytest.mark.parametrize(('kind', 'code'), [('KeyError', Faults.INCORRECT_PARAMETERS), ('OSError', Faults.FAILED)])
def test_an_answer_that_comes_later(handler: Any, kind: str, code: int) -> None:
    exchange = send(handler, 'bad.later', kind)
    assert exchange.poll() is WAITING
    assert exchange.producer.delay == 0.25
    assert fault(exchange)[0] == code


def test_a_call_that_cannot_be_read_after_one_that_lasts(handler: Any) -> None:
    exchange = send(handler, 'system.multicall', [{'methodName': 'bad.later'}, 1])
    assert exchange.poll() is WAITING
    assert fault(exchange)[0] == Faults.INCORRECT_PARAMETERS


def test_what_goes_well_is_left_as_it_is(bench: Bench, handler: Any) -> None:
    assert send(handler, 'supervisor.getState').poll()['statename'] == 'RUNNING'
    later = send(handler, 'bad.later')
    assert later.poll() is WAITING and later.poll() == 'done'
    assert fault(send(handler, 'bad.fault')) == (Faults.BAD_NAME, 'BAD_NAME: me')
    assert fault(send(handler, 'bad.none'))[0] == Faults.UNKNOWN_METHOD
    assert fault(send(handler, 'supervisor.getState', 1))[0] == Faults.INCORRECT_PARAMETERS
    assert 'supvisors: ' not in log(bench)


def test_nothing_is_left_once_supervisord_leaves(bench: Bench, handler: Any) -> None:
    assert 'call' in vars(handler)
    bench.supervisord.options.cleanup()
    assert 'call' not in vars(handler)
