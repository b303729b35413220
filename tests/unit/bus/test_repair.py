"""What breaks in the bus thread is rebuilt: never a silent death."""
from __future__ import annotations

from collections.abc import Callable

import pytest
import zmq

from supvisors.bus.reactor import Reactor, Watch
from supvisors.engine.events import LinkUp
from supvisors.engine.messages import Submit
from tests.unit.bus.nodes import Node, all_linked, linked, submit, wait_for

NOTHING = Watch('nothing', lambda: None, lambda: None)


def in_thread(node: Node, call: Callable[[], None]) -> None:
    mailbox = node.bus._mailbox
    assert mailbox is not None
    mailbox.post(call)


def assert_talking(a: Node, b: Node, text: str) -> None:
    wait_for(lambda: all_linked(a, b))
    a.send(b, submit(text))
    b.send(a, submit(text))
    wait_for(lambda: submit(text) in a.bodies(Submit) and submit(text) in b.bodies(Submit))


@pytest.mark.parametrize('secret', ['', 'secret'])
def test_when_the_poll_itself_fails_everything_is_rebuilt_on_the_same_port(secret: str) -> None:
    with linked(secret, secret) as (a, b):
        switchboard = b.bus._switchboard
        assert switchboard is not None
        port = b.bus.description()['port']
        in_thread(b, lambda: switchboard._reactor.watch('no socket', zmq.POLLIN, NOTHING))  # type: ignore[arg-type]
        wait_for(lambda: len(a.events(LinkUp, b)) == len(b.events(LinkUp, a)) == 2)
        assert_talking(a, b, 'after')
        assert b.bus.description()['port'] == port
        assert b.bus.counters.errors
        assert 'unexpected error in the bus thread' in b.bus.problems()[0]


def test_the_bound_socket_is_rebuilt_on_its_port() -> None:
    with linked('secret', 'secret') as (a, b):
        switchboard = b.bus._switchboard
        assert switchboard is not None
        in_thread(b, switchboard._open_inbound)
        wait_for(lambda: len(a.events(LinkUp, b)) == 2)
        in_thread(b, switchboard._open_zap)
        in_thread(b, switchboard._open_inbound)
        wait_for(lambda: len(a.events(LinkUp, b)) == 3)
        assert_talking(a, b, 'after')
        assert b.bus.counters.errors == 0


def test_a_link_is_rebuilt() -> None:
    with linked('', '') as (a, b):
        switchboard = b.bus._switchboard
        assert switchboard is not None
        in_thread(b, switchboard._links[a.identifier].rebuild)
        wait_for(lambda: len(b.events(LinkUp, a)) == 2)
        assert_talking(a, b, 'after')
        assert b.bus.counters.errors == 0


def test_a_call_that_raises_is_told_and_the_thread_goes_on() -> None:
    def explode() -> None:
        raise KeyError('boom')

    with linked('', '') as (a, b):
        for _ in range(3):
            in_thread(b, explode)
        wait_for(lambda: b.bus.counters.errors == 3)
        assert b.bus.problems() == ["unexpected error in the bus thread (mailbox): KeyError('boom')"]
        assert_talking(a, b, 'after')


def test_a_handler_that_raises_is_repaired_and_the_repair_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('supvisors.bus.reactor.REPAIR_DELAY', 0.01)
    failures: list[str] = []
    repairs: list[str] = []
    reactor = Reactor(lambda name, error: failures.append(f'{name}: {error}'))
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    source, sink = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    try:
        source.bind('inproc://x')
        sink.connect('inproc://x')

        def handle() -> None:
            sink.recv()
            raise ValueError('handler')

        def repair() -> None:
            repairs.append('tried')
            if len(repairs) < 3:
                raise ValueError('repair')

        reactor.watch(sink, zmq.POLLIN, Watch('source', handle, repair))
        source.send(b'')
        while len(repairs) < 3:
            reactor.turn()
        assert failures == ['source: handler', 'source (repair): repair', 'source (repair): repair']
    finally:
        context.destroy(0)
