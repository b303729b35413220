"""Who holds the secret speaks; nobody else."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
import zmq

from supvisors.bus import sockets
from supvisors.bus.keys import derive
from supvisors.bus.wire import encode
from supvisors.engine.messages import Submit
from tests.unit.bus.nodes import Node, cluster, linked, submit, wait_for


@pytest.fixture
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    yield context
    context.destroy(0)


def test_same_secret() -> None:
    with linked('one', 'one') as (a, b):
        a.send(b, submit(1))
        wait_for(lambda: b.bodies(Submit))
        assert a.bus.counters.refused == b.bus.counters.refused == 0


def refusals(node: Node, peer: Node) -> list[str]:
    return [reason for reason in node.reasons(peer) if 'refuses the authentication' in reason]


@pytest.mark.parametrize('secrets', [('one', 'two'), ('one', ''), ('', 'two')])
def test_different_secrets(secrets: tuple[str, str]) -> None:
    with cluster(*secrets) as (a, b):
        wait_for(lambda: refusals(a, b) and refusals(b, a))
        assert 'secret_file' in refusals(a, b)[0]
        assert not a.links(b)
        assert not b.links(a)
        # who hangs up first when only one side has a secret is a race, so count both
        wait_for(lambda: a.bus.counters.refused or b.bus.counters.refused)
        assert any('another secret' in problem for problem in a.bus.problems() + b.bus.problems())
        # the reason does not come and go with each attempt
        refused = a.bus.counters.refused + b.bus.counters.refused
        wait_for(lambda: a.bus.counters.refused + b.bus.counters.refused > refused + 2)
        assert len(refusals(a, b)) == len(refusals(b, a)) == 1


def test_a_client_without_keys_is_not_heard(context: zmq.Context[zmq.Socket[bytes]]) -> None:
    with linked('one', 'one') as (a, b):
        intruder = context.socket(zmq.PUSH)
        intruder.linger = 0
        monitor = intruder.get_monitor_socket(sockets.LINK_EVENTS)
        intruder.connect(f'tcp://127.0.0.1:{b.bus.description()["port"]}')
        with suppress(zmq.Again):  # refused already
            intruder.send(encode(a.envelope(submit('forged'))), zmq.NOBLOCK)
        assert wait_for(lambda: list(sockets.read_monitor(monitor)))[0] in sockets.FAILURES
        assert_deaf_to_intruder(a, b)
        sockets.close_monitored(intruder, monitor)


def test_the_server_key_alone_opens_nothing(context: zmq.Context[zmq.Socket[bytes]]) -> None:
    """Without the ZAP handler any client key would do."""
    with linked('one', 'one') as (a, b):
        intruder = context.socket(zmq.PUSH)
        intruder.linger = 0
        intruder.curve_publickey, intruder.curve_secretkey = zmq.curve_keypair()
        intruder.curve_serverkey = derive('one').public
        monitor = intruder.get_monitor_socket(sockets.LINK_EVENTS)
        intruder.connect(f'tcp://127.0.0.1:{b.bus.description()["port"]}')
        with suppress(zmq.Again):  # refused already
            intruder.send(encode(a.envelope(submit('forged'))), zmq.NOBLOCK)
        assert wait_for(lambda: list(sockets.read_monitor(monitor)))[0] in sockets.FAILURES
        wait_for(lambda: b.bus.counters.refused)
        assert_deaf_to_intruder(a, b)
        sockets.close_monitored(intruder, monitor)


def assert_deaf_to_intruder(a: Node, b: Node) -> None:
    a.send(b, submit('genuine'))
    wait_for(lambda: b.bodies(Submit))
    assert b.bodies(Submit) == [submit('genuine')]


def test_keys_depend_on_the_secret_alone_and_do_not_show() -> None:
    keys = derive('one')
    assert keys == derive('one')
    assert keys.public != derive('two').public
    assert zmq.curve_public(keys.secret) == keys.public
    assert repr(keys) == 'Keys(...)'
    assert derive('clé').public
