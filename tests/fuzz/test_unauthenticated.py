"""With a secret, who does not have it changes nothing, and costs nothing that lasts."""
from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import psutil
import pytest
import zmq

from supvisors.bus.keys import derive
from supvisors.bus.sockets import FAILURES, LINK_EVENTS, read_monitor
from supvisors.bus.wire import encode
from supvisors.demo import LocalCluster, wait_for
from supvisors.demo.daemon import Daemon
from supvisors.demo.ports import HOST
from supvisors.engine.commands import Command
from supvisors.engine.messages import Body, Bye, Claim, Envelope, Hello, LedgerOffer, Order, Replicate, Submit, Update
from supvisors.model.identity import Incarnation
from supvisors.model.ledger import Intent, Item, Version
from supvisors.model.process import ProcessRecord
from tests.cluster.layouts import PASSWORD, USER, trio
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.timeout(120), pytest.mark.xdist_group('unauthenticated')]

FLOOD = 500
"""Connections that say nothing."""
HANDSHAKE = 3.0
"""Seconds after which the bus hangs up on who says nothing (`HANDSHAKE_IVL`)."""
GREETING = b'\xff\0\0\0\0\0\0\0\x01\x7f\x03\0CURVE' + bytes(50)
"""How ZeroMQ begins."""
KINDS = {'PUSH': zmq.PUSH, 'PUB': zmq.PUB, 'DEALER': zmq.DEALER, 'REQ': zmq.REQ, 'PAIR': zmq.PAIR}


@pytest.fixture(scope='module')
def closed() -> Iterator[LocalCluster]:
    with running(trio(username=USER, password=PASSWORD)) as cluster:
        yield cluster


def look_up(daemon: Daemon) -> dict[str, Any]:
    """What anybody may know."""
    with urllib.request.urlopen(f'{daemon.url}/supvisors/bus', timeout=5) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def state_of(cluster: LocalCluster) -> list[Any]:
    """What the daemons say of the system, without the clocks."""
    told = []
    for daemon in cluster:
        state = daemon.call('supvisors.get_supvisors_state')
        del state['now_monotonic']
        processes = [[row[key] for key in ('application_name', 'process_name', 'statename', 'identifiers')]
                     for row in daemon.call('supvisors.get_all_process_info')]
        instances = [[row[key] for key in ('identifier', 'nick_identifier', 'statename', 'reason')]
                     for row in daemon.call('supvisors.get_all_instances_info')]
        told.append((state, processes, instances))
    return told


def forged(cluster: LocalCluster) -> list[bytes]:
    """What a member could say to the first one, with the right boots."""
    victim, member, _ = cluster
    receiver, sender = (Incarnation(look_up(daemon)['boot'], 0) for daemon in (victim, member))
    term = 2 ** 40
    item = Item('intent/free:two', Version(term, member.identifier, 1),
                intent=Intent(True, '', f'{member.identifier} x/1'))
    stop = Command('shutdown', '', 0, '', member.identifier, (receiver.boot,))
    bodies: tuple[Body, ...] = (
        Bye(), Update((ProcessRecord('free', 'two', 20),)), Order(1, receiver, 'free:two', True),
        Hello(Claim(member.identifier, 99, True), receiver), Replicate(1, (item,), True), LedgerOffer((item,)),
        Submit(f'{member.identifier} {sender.boot}/99', stop.to_dict()))
    return [encode(Envelope(member.identifier, sender, term, 10 ** 6, body, receiver)) for body in bodies]


def key_pairs(server: bytes) -> dict[str, tuple[bytes, ...]]:
    return {'no keys': (), 'own keys': (*zmq.curve_keypair(), server),
            'keys of another secret': (*derive('guess'), derive('guess').public)}


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('keys', ['no keys', 'own keys', 'keys of another secret'])
def test_who_has_not_the_secret_changes_nothing(closed: LocalCluster, kind: str, keys: str) -> None:
    before = state_of(closed)
    frames = forged(closed)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    try:
        intruder = context.socket(KINDS[kind])
        intruder.linger = 0
        # the public key of the cluster is as good as a password: even so, it opens nothing
        for option, value in zip((zmq.CURVE_PUBLICKEY, zmq.CURVE_SECRETKEY, zmq.CURVE_SERVERKEY),
                                 key_pairs(derive(PASSWORD).public)[keys], strict=False):
            intruder.setsockopt(option, value)
        monitor = intruder.get_monitor_socket(LINK_EVENTS)
        intruder.connect(f'tcp://{HOST}:{look_up(closed[0])["port"]}')
        for frame in frames:
            with suppress(zmq.ZMQError):  # nobody takes it
                intruder.send(frame, zmq.NOBLOCK)
        seen: list[int] = []

        def refused() -> bool:
            seen.extend(read_monitor(monitor))
            return bool(FAILURES & set(seen))

        wait_for(refused, 10, f'{kind} with {keys} is refused')
        assert zmq.EVENT_HANDSHAKE_SUCCEEDED not in seen
        intruder.disable_monitor()
    finally:
        context.destroy(0)
    assert state_of(closed) == before


def test_the_same_messages_with_the_secret_are_heard() -> None:
    """Or the test above would show nothing."""
    with running(trio(username=USER, password=PASSWORD)) as cluster:
        frames = forged(cluster)
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            member = context.socket(zmq.PUSH)
            member.linger = 0
            keys = derive(PASSWORD)
            member.curve_publickey, member.curve_secretkey = keys
            member.curve_serverkey = keys.public
            member.connect(f'tcp://{HOST}:{look_up(cluster[0])["port"]}')
            member.send(frames[0])
            log = cluster[0].folder / 'supervisord.log'
            believed = f'{cluster[1].nick} is STOPPED: it has left'
            wait_for(lambda: believed in log.read_text(), 10, 'the goodbye is believed')
        finally:
            context.destroy(0)


def descriptors(daemon: Daemon) -> int:
    return psutil.Process(daemon.pid).num_fds()


@pytest.mark.parametrize('port', ['bus', 'http'])
def test_garbage_and_silence_are_let_go_of(closed: LocalCluster, port: str) -> None:
    """A flood of connections, half of them silent: the daemon answers meanwhile, and has none of them afterwards."""
    daemon = closed[0]
    before, opened = state_of(closed), descriptors(daemon)
    target = look_up(daemon)['port'] if port == 'bus' else daemon.port
    with ExitStack() as stack:
        for number in range(FLOOD):
            connection = socket.socket()
            stack.callback(connection.close)
            connection.settimeout(2)
            with suppress(OSError):  # more than it can hold: it may not take them
                connection.connect((HOST, target))
                if number % 2:
                    connection.sendall(GREETING if number % 4 == 1 else bytes(64))
        assert state_of(closed) == before
        assert descriptors(daemon) < opened + FLOOD + 50
        if port == 'bus':
            wait_for(lambda: descriptors(daemon) < opened + 20, 5 * HANDSHAKE,
                     'the bus hangs up on those that say nothing')
    wait_for(lambda: descriptors(daemon) < opened + 20, 10, 'all is freed')
    assert state_of(closed) == before
    closed.wait_operation()
