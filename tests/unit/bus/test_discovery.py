"""Instances that find each other on a multicast group of the loopback interface."""
from __future__ import annotations

import itertools
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import psutil
import pytest
import zmq

from supvisors.bus import Discovery, discovery
from supvisors.bus.acquaintances import LIMIT
from supvisors.bus.beacon import BEACON_VERSION, HEAD, MAX_DATAGRAM, Beacon, seal
from supvisors.bus.keys import derive_beacon_key
from supvisors.bus.multicast import open_sender
from supvisors.bus.reactor import Watch
from supvisors.engine.messages import Submit
from supvisors.model.identity import Identity
from tests.unit.bus.groups import make_place, needs_multicast
from tests.unit.bus.nodes import Node, all_linked, submit, wait_for

pytestmark = needs_multicast

NUMBERS = itertools.count()


@pytest.fixture
def place() -> Discovery:
    return make_place()


@contextmanager
def discovering(place: Discovery, *secrets: str, start: bool = True) -> Iterator[list[Node]]:
    """Instances without list, each with the stereotype `s`."""
    # names, of which boots are made, that are not those of another call
    nodes = [Node(f'n{next(NUMBERS)}', secret) for secret in secrets]
    try:
        for node in nodes:
            node.identity = attrs.evolve(node.identity, stereotypes=('s',))
            node.boots = 0
            node.new_bus(discovery=place)
            if start:
                node.start()
        yield nodes
    finally:
        for node in nodes:
            node.close()


def acquainted(*nodes: Node) -> bool:
    """Do what the engine does: link to whom is discovered."""
    for node in nodes:
        for identity in node.discovered():
            node.bus.add_peer(identity)
    return all_linked(*nodes)


def raw_sender(place: Discovery) -> Any:
    sender = open_sender(place)
    sender.connect((place.group, place.port))
    return sender


def beacon(name: str = 'x', port: int = 1) -> Beacon:
    return Beacon(f'{name}:{port}', name, port, 'boot')


# -- finding each other
@pytest.mark.parametrize('secret', ['', 'secret'])
def test_instances_without_list_find_each_other(place: Discovery, secret: str) -> None:
    with discovering(place, secret, secret, secret) as (a, b, c):
        wait_for(lambda: acquainted(a, b, c), 'three instances linked')
        assert set(a.discovered()) == {b.identity, c.identity}
        assert a.identity.stereotypes == ('s',)
        a.send([b, c], submit('hello'))
        wait_for(lambda: b.bodies(Submit) and c.bodies(Submit))
        for node in (a, b, c):
            counters = node.bus.counters
            assert counters.beacons_in and counters.beacons_out
            assert not counters.beacons_refused and not counters.errors
            assert node.bus.problems() == []


def test_a_late_instance_is_answered_at_once(place: Discovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, 'QUICK', ())
    monkeypatch.setattr(discovery, 'PERIOD', 1000.0)
    with discovering(place, '', '', start=False) as (a, b):
        a.start()
        wait_for(lambda: a.bus.counters.beacons_out == 1)
        b.start()
        wait_for(lambda: b.discovered() == [a.identity], 'the answer of a')
        assert a.discovered() == [b.identity]
        assert a.bus.counters.beacons_out == 2


def test_answers_to_many_are_few(place: Discovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, 'QUICK', ())
    monkeypatch.setattr(discovery, 'PERIOD', 1000.0)
    with discovering(place, '') as (a,), raw_sender(place) as sender:
        wait_for(lambda: a.bus.counters.beacons_out == 1)
        begin = time.monotonic()
        for number in range(300):
            sender.send(seal(beacon(f'x{number}'), derive_beacon_key('')))
            # one after the other: the kernel drops what does not fit its buffer
            wait_for(lambda: a.bus.counters.beacons_in == number + 1)  # noqa: B023
        assert len(a.discovered()) == 300
        wait_for(lambda: a.bus.counters.beacons_out >= 2)
        assert a.bus.counters.beacons_out <= 3 + (time.monotonic() - begin) / discovery.ANSWER_PAUSE


def test_the_beacon_is_enough_to_connect(place: Discovery) -> None:
    """A look-up would find nobody."""
    with discovering(place, '', '') as (a, b):
        for node in (a, b):
            assert node.http is not None
            node.http.answer = lambda: (503, 'text/plain', b'busy')
        wait_for(lambda: acquainted(a, b))


def test_one_that_restarts_elsewhere_is_found_again(place: Discovery) -> None:
    with discovering(place, 'secret', 'secret') as (a, b):
        wait_for(lambda: acquainted(a, b))
        b.bus.close()
        wait_for(lambda: not a.is_linked(b))
        b.told.clear()
        b.new_bus(discovery=place)
        b.start()
        wait_for(lambda: acquainted(a, b))


def test_own_beacons_are_not_heard(place: Discovery) -> None:
    with discovering(place, '') as (a,):
        wait_for(lambda: a.bus.counters.beacons_out >= 3)
        assert a.discovered() == []
        assert a.bus.counters.beacons_in == 0


def test_another_group_is_another_world(place: Discovery) -> None:
    """On the same port and interface: the kernel would give both to both, and what is sent to this host alone."""
    first, second, third, last = place.group.split('.')
    neighbour = place._replace(group=f'{first}.{second}.{third}.{int(last) % 254 + 1}')
    with discovering(place, '', '') as (a, b), discovering(neighbour, '') as (c,):
        wait_for(lambda: a.discovered() and b.discovered())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unicast:
            unicast.sendto(seal(beacon(), derive_beacon_key('')), ('127.0.0.1', place.port))
        wait_for(lambda: c.bus.counters.beacons_out >= 3)
        assert not c.discovered()
        assert not b.bus.counters.beacons_malformed
        assert set(a.discovered()) == {b.identity}


# -- who is not welcome
def test_another_secret_is_not_heard_and_told_once(place: Discovery) -> None:
    with discovering(place, 'one', 'two', '') as nodes:
        for node in nodes:
            wait_for(lambda node=node: node.bus.counters.beacons_refused >= 4)  # type: ignore[misc]
            assert node.discovered() == []
            (problem,) = node.bus.problems()
            assert 'secret_file' in problem and place.group in problem


def test_a_namesake_is_told(place: Discovery) -> None:
    with discovering(place, '') as (a,), raw_sender(place) as sender:
        wait_for(lambda: a.bus.counters.beacons_out)
        twin = Beacon(a.identifier, a.identity.host_id, a.identity.port, 'other boot')
        sender.send(seal(twin, derive_beacon_key('')))
        wait_for(lambda: a.bus.counters.beacons_namesake == 1)
        assert a.discovered() == []
        assert 'local_identifier' in a.bus.problems()[0]


def test_hostile_datagrams_are_counted_told_once_and_harm_nothing(place: Discovery) -> None:
    chance = random.Random(3)
    good = seal(beacon(), derive_beacon_key('secret'))
    with discovering(place, 'secret', 'secret') as (a, b), raw_sender(place) as sender:
        wait_for(lambda: acquainted(a, b))
        a.bus.problems()
        counters = a.bus.counters
        for rounds in range(1, 51):
            sender.send(chance.randbytes(chance.randrange(MAX_DATAGRAM)))
            sender.send(good[:-1] + bytes((good[-1] ^ 1,)))
            sender.send(HEAD[:-1] + bytes((BEACON_VERSION + 1,)) + good[len(HEAD):])
            sender.send(bytes(MAX_DATAGRAM + 1))
            sender.send(good[:3] + chance.randbytes(2000))
            sender.send(b'')
            # one round after the other: the kernel drops what does not fit its buffer
            wait_for(lambda: counters.beacons_malformed == 2 * rounds)  # noqa: B023
        assert counters.beacons_malformed == counters.beacons_oversized == 100
        assert counters.beacons_refused == counters.beacons_other_version == 50
        assert len(a.bus.problems()) == 4
        assert counters.errors == 0
        assert set(a.discovered()) == {b.identity}
        a.send(b, submit('after'))
        wait_for(lambda: b.bodies(Submit))


def test_a_flood_is_told_once_a_second_and_bounded(place: Discovery) -> None:
    data = seal(beacon(), derive_beacon_key(''))
    with discovering(place, '') as (a,), raw_sender(place) as sender:
        begin = time.monotonic()
        while a.bus.counters.beacons_in < 2000:
            assert time.monotonic() < begin + 20
            sender.send(data)
        assert 1 <= len(a.discovered()) <= 1 + time.monotonic() - begin


def test_a_main_loop_that_hangs_keeps_a_bounded_number(place: Discovery) -> None:
    key = derive_beacon_key('')
    with discovering(place, '') as (a,), raw_sender(place) as sender:
        begin, number = time.monotonic(), 0
        while not a.bus.counters.beacons_overflow:
            assert time.monotonic() < begin + 20
            sender.send(seal(beacon(f'x{number}'), key))
            number += 1
        assert any('secret_file' in problem for problem in a.bus.problems())
        a.told += [item for item, _ in a.bus.drain(100_000)]
        assert len(a.discovered()) <= LIMIT
        assert a.joined() == [True], 'no number of beacons pushes this out'
        assert a.bus.counters.errors == 0


# -- what does not work, and goes on
def test_an_interface_that_is_not_there_is_told_and_the_bus_goes_on(place: Discovery) -> None:
    with discovering(place._replace(interface='203.0.113.7'), '', '') as (a, b):
        wait_for(lambda: any('203.0.113.7' in problem and 'address of an interface' in problem
                             for problem in a.bus.problems()))
        wait_for(lambda: a.joined() == [False])
        a.bus.add_peer(b.identity)
        b.bus.add_peer(a.identity)
        wait_for(lambda: all_linked(a, b))
        assert a.bus.counters.errors == 0


def test_a_group_that_can_be_joined_later_is_joined_later(place: Discovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, 'RETRY_FIRST', 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as greedy, discovering(place, '', '', start=False) as (a, b):
        greedy.bind(('', place.port))  # without SO_REUSEADDR
        a.start()
        wait_for(lambda: any('in use' in problem for problem in a.bus.problems()))
        wait_for(lambda: a.joined() == [False])
        greedy.close()
        b.start()
        wait_for(lambda: acquainted(a, b))
        assert a.joined() == [False, True]
        assert b.joined() == [True]


def test_beacons_that_cannot_leave_are_told_until_they_can(place: Discovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, 'PERIOD', 0.1)
    monkeypatch.setattr(discovery, 'DEAF_AFTER', 0.5)
    with discovering(place, '') as (a,):
        wait_for(lambda: a.joined() == [True])
        switchboard, mailbox = a.bus._switchboard, a.bus._mailbox
        assert switchboard is not None and mailbox is not None
        discoverer = switchboard._discoverer
        assert discoverer is not None and discoverer._sender is not None
        mailbox.post(discoverer._sender.close)
        wait_for(lambda: a.joined() == [True, False, True])
        assert a.bus.counters.beacons_unsent


def test_a_lost_membership_is_noticed_and_renewed(place: Discovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, 'PERIOD', 0.1)
    monkeypatch.setattr(discovery, 'DEAF_AFTER', 0.5)
    with discovering(place, '') as (a,):
        switchboard = a.bus._switchboard
        assert switchboard is not None
        discoverer = wait_for(lambda: switchboard._discoverer)
        wait_for(lambda: discoverer._receiver is not None)
        membership = socket.inet_aton(place.group) + socket.inet_aton(place.interface)
        discoverer._receiver.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership)
        with discovering(place, '') as (b,):
            wait_for(lambda: b.identity in a.discovered())
        assert 'comes back' in a.bus.problems()[0]
        assert a.joined() == [True]


def test_a_beacon_that_is_too_long_is_not_sent_and_told(place: Discovery) -> None:
    with discovering(place, '', '', start=False) as (a, b):
        a.identity = attrs.evolve(a.identity, stereotypes=('x' * MAX_DATAGRAM,))
        a.new_bus(discovery=place)
        a.start()
        b.start()
        wait_for(lambda: a.discovered() == [b.identity])
        wait_for(lambda: a.bus.counters.beacons_in > 3)
        assert 'stereotypes' in a.bus.problems()[0]
        assert a.bus.counters.beacons_out == 0
        assert b.discovered() == []
        assert a.joined() == [False]


@pytest.mark.parametrize('nick', ['first host', 'user@host', 'a/b', 'c++', '*', 'h\u00f4te', 'x' * 255])
def test_a_nick_that_no_list_could_hold_is_discovered(place: Discovery, nick: str) -> None:
    with discovering(place, 'secret', 'secret', start=False) as (a, b):
        a.identity = attrs.evolve(a.identity, nick=nick)
        a.new_bus(discovery=place)
        a.start()
        b.start()
        wait_for(lambda: acquainted(a, b))
        assert a.identity in b.discovered()
        assert a.bus.problems() == b.bus.problems() == []


@pytest.mark.parametrize('nick', ['a,b', 'a\tb', 'a\udcff', 'x' * 256])
def test_a_nick_that_nobody_can_take_is_told_and_not_sent(place: Discovery, nick: str) -> None:
    with discovering(place, '', '', start=False) as (a, b):
        a.identity = attrs.evolve(a.identity, nick=nick)
        a.new_bus(discovery=place)
        a.start()
        b.start()
        wait_for(lambda: a.discovered() == [b.identity], 'what it hears')
        (problem,) = a.bus.problems()
        assert repr(nick[:80]) in problem and 'nick' in problem and 'identifier in [supervisord]' in problem
        assert a.joined() == [False]
        assert a.bus.counters.beacons_out == a.bus.counters.errors == 0
        wait_for(lambda: b.bus.counters.beacons_out >= 3)
        assert b.discovered() == []
        # the rest of its bus works
        b.bus.add_peer(a.identity)
        wait_for(lambda: b.is_linked(a))


def test_discovery_and_peers_survive_a_rebuild(place: Discovery) -> None:
    with discovering(place, 'secret', 'secret') as (a, b):
        wait_for(lambda: acquainted(a, b))
        switchboard, mailbox = a.bus._switchboard, a.bus._mailbox
        assert switchboard is not None and mailbox is not None
        broken: Any = 'no socket'
        mailbox.post(lambda: switchboard._reactor.watch(broken, zmq.POLLIN, Watch('', lambda: None, lambda: None)))
        wait_for(lambda: len(a.links(b)) == 3)  # up, down, up
        with discovering(place, 'secret') as (c,):
            wait_for(lambda: acquainted(a, b, c))


def test_cycles_leave_no_descriptor(place: Discovery) -> None:
    with discovering(place, '', start=False) as (a,):
        def cycle() -> int:
            a.start()
            wait_for(lambda: a.bus.counters.beacons_out)
            a.bus.close()
            a.new_bus(discovery=place)
            return psutil.Process().num_fds()

        used = cycle()
        assert [cycle() for _ in range(20)][-1] <= used


# -- peers that come later
def test_peers_can_be_added_at_any_time_and_once() -> None:
    a, b, c = Node('a'), Node('b'), Node('c')
    nodes = (a, b, c)
    try:
        for node in nodes:
            node.new_bus()
        a.bus.add_peer(b.identity)
        b.bus.add_peer(a.identity)
        for node in nodes:
            node.start()
        wait_for(lambda: all_linked(a, b))
        for node in nodes:
            for other in nodes:
                node.bus.add_peer(other.identity)
                node.bus.add_peer(attrs.evolve(other.identity, nick='again'))
        wait_for(lambda: all_linked(a, b, c))
        assert all(set(node.bus._peers) == {other.identifier for other in nodes if other is not node} for node in nodes)
        a.send([b, c], submit(1))
        wait_for(lambda: b.bodies(Submit) and c.bodies(Submit))
        assert len(b.bodies(Submit)) == len(c.bodies(Submit)) == 1
        assert all(len(node.links(other)) == 1 for node in nodes for other in nodes if node is not other)
        c.http, http = None, c.http
        assert http is not None
        http.close()
        a.bus.probe_tcp(c.identifier)
        wait_for(lambda: a.probes(c) == [True])
    finally:
        for node in nodes:
            node.close()


def test_the_number_of_peers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('supvisors.bus.bus.MAX_PEERS', 3)
    node = Node('a')
    try:
        for number in range(5):
            node.bus.add_peer(Identity('127.0.0.1', number + 1))
        assert len(node.bus._peers) == 3
        assert '127.0.0.1:4 is not linked' in node.bus.problems()[0]
    finally:
        node.close()
