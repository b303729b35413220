"""What the bus spends on instances that were discovered and never reached: little, whatever their number."""
from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
import zmq

from supvisors.bus import trials
from supvisors.bus.beacon import Beacon, seal
from supvisors.bus.keys import derive_beacon_key
from supvisors.bus.multicast import open_sender
from supvisors.bus.reactor import Watch
from supvisors.model.identity import Identity
from tests.unit.bus.groups import make_place, needs_multicast
from tests.unit.bus.nodes import Node, all_linked, introduce, wait_for

CROWD = 500
"""Far more than are tried at a time, and few enough for the descriptors of a test that fails."""
EACH = 6
"""Descriptors that one attempt holds at most: a look-up, a connection and its monitor."""


@contextmanager
def silence() -> Iterator[int]:
    """The port of a listener on all addresses of this machine that never answers."""
    with socket.create_server(('0.0.0.0', 0), backlog=4096) as listener:
        yield listener.getsockname()[1]


def made_up(port: int, count: int = CROWD) -> list[Identity]:
    """Instances that do not exist: each has an address of loopback for itself."""
    return [Identity(f'127.7.{number // 250}.{number % 250 + 1}', port) for number in range(count)]


@contextmanager
def started(*nodes: Node) -> Iterator[None]:
    try:
        for node in nodes:
            node.start()
        yield
    finally:
        for node in nodes:
            node.close()


def descriptors() -> int:
    return psutil.Process().num_fds()


def most_descriptors(seconds: float) -> int:
    """The highest number in that time."""
    end, most = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        most = max(most, descriptors())
        time.sleep(0.02)
    return most


def asked(node: Node) -> list[float]:
    """When the HTTP server of that node is asked, as the list grows."""
    assert node.http is not None
    times: list[float] = []

    def busy() -> tuple[int, str, bytes]:
        times.append(time.monotonic())
        return 503, 'text/plain', b'busy'

    node.http.answer = busy
    return times


def answer_again(node: Node) -> None:
    assert node.http is not None
    node.http.answer = node._answer


def bound(before: int) -> int:
    return before + trials.AT_A_TIME * EACH


def test_look_ups_of_a_crowd_that_never_answers_are_few_at_a_time() -> None:
    a, b = Node('a'), Node('b')
    with silence() as port, started(a, b):
        before = descriptors()
        for identity in made_up(port):
            a.bus.add_peer(identity)
        most = most_descriptors(1.0)
        assert before < most <= bound(before)
        # who exists does not wait for them all: it is there, and says so
        begin = time.monotonic()
        a.bus.add_peer(b.identity)
        b.bus.add_peer(a.identity)
        wait_for(lambda: all_linked(a, b))
        assert time.monotonic() - begin < CROWD / trials.AT_A_TIME
        assert descriptors() <= bound(before) + 2 * EACH
        assert a.bus.counters.errors == 0


@needs_multicast
def test_connections_to_a_crowd_whose_bus_never_answers_are_few_at_a_time() -> None:
    """Their beacons say where to connect, and are sent again and again."""
    place, key = make_place(), derive_beacon_key('')
    a = Node('a')
    a.new_bus(discovery=place)
    with silence() as port, started(a), open_sender(place) as sender:
        wait_for(lambda: a.joined() == [True])
        before = descriptors()
        identities = made_up(port)
        beacons = [seal(Beacon(one.identifier, one.host_id, one.port, 'b', bus_port=port), key) for one in identities]
        for identity in identities:
            a.bus.add_peer(identity)
        for _ in range(3):
            for count, beacon in enumerate(beacons):
                sender.sendto(beacon, (place.group, place.port))
                if count % 50 == 0:  # the kernel drops what does not fit its buffer
                    time.sleep(0.01)
            assert most_descriptors(1.0) <= bound(before)
        connecting = [one for one in psutil.Process().net_connections('tcp4') if one.raddr and one.raddr[1] == port]
        assert trials.AT_A_TIME <= len(connecting) <= 2 * trials.AT_A_TIME
        assert a.bus.counters.errors == 0


def test_those_of_the_configuration_need_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, 'AT_A_TIME', 0)
    a, b, c = Node('a'), Node('b'), Node('c')
    introduce(a, b)
    times = asked(c)
    with started(a, b, c):
        a.bus.add_peer(c.identity)
        wait_for(lambda: all_linked(a, b))
        b.bus.close()
        wait_for(lambda: not a.is_linked(b))
        b.new_bus()
        b.start()
        wait_for(lambda: all_linked(a, b))
        assert times == [], 'a discovered one waits for its turn'


def test_the_longer_one_does_not_answer_the_less_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, 'PAUSE_FIRST', 0.1)
    monkeypatch.setattr(trials, 'PAUSE_MAX', 0.8)
    a, b = Node('a'), Node('b')
    times = asked(b)
    b.bus.add_peer(a.identity)
    with started(a):
        a.bus.add_peer(b.identity)
        wait_for(lambda: len(times) >= 7)
        pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
        for pause, least in zip(pauses, (0.08, 0.16, 0.32, 0.64, 0.64, 0.64), strict=False):
            assert pause >= least
        assert max(pauses) < 5
        assert len(a.reasons(b)) == 1
        b.start()
        answer_again(b)
        wait_for(lambda: a.is_linked(b), 'the next attempt')
    b.close()


def test_one_that_was_reached_is_looked_up_as_if_it_were_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = Node('a'), Node('b')
    b.bus.add_peer(a.identity)
    with started(a, b):
        a.bus.add_peer(b.identity)
        wait_for(lambda: a.is_linked(b))
        monkeypatch.setattr(trials, 'PAUSE_FIRST', 1000.0)
        monkeypatch.setattr(trials, 'AT_A_TIME', 0)
        times = asked(b)
        b.bus.close()
        wait_for(lambda: len(times) >= 4, 'look-ups')
        b.new_bus()
        b.bus.add_peer(a.identity)
        b.start()
        answer_again(b)
        wait_for(lambda: a.is_linked(b))


@needs_multicast
def test_a_beacon_that_says_something_new_ends_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, 'PAUSE_FIRST', 1000.0)
    monkeypatch.setattr(trials, 'PAUSE_MAX', 1000.0)
    place, key = make_place(), derive_beacon_key('')
    a, b = Node('a'), Node('b')
    a.new_bus(discovery=place)
    times = asked(b)
    with started(a), open_sender(place) as sender:
        wait_for(lambda: a.joined() == [True])

        def announce(boot: str) -> None:
            """Without bus port: it is to be looked up."""
            beacon = Beacon(b.identifier, b.identity.host_id, b.identity.port, boot)
            heard = a.bus.counters.beacons_in
            sender.sendto(seal(beacon, key), (place.group, place.port))
            wait_for(lambda: a.bus.counters.beacons_in > heard)

        def announce_until_told(boot: str) -> None:
            told = len(a.discovered())
            wait_for(lambda: announce(boot) or len(a.discovered()) > told)

        a.bus.add_peer(b.identity)
        wait_for(lambda: len(times) == 1 and a.reasons(b))
        announce_until_told('b1')
        wait_for(lambda: len(times) == 2)
        announce_until_told('b1')
        announce_until_told('b1')
        assert len(times) == 2, 'it says nothing new'
        announce_until_told('b2')
        wait_for(lambda: len(times) == 3)
    b.close()


def test_who_speaks_to_us_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, 'AT_A_TIME', 1)
    a, b = Node('a'), Node('b')
    with silence() as port, started(a, b):
        for identity in made_up(port, 30):
            a.bus.add_peer(identity)
        a.bus.add_peer(b.identity)
        b.bus.add_peer(a.identity)
        wait_for(lambda: all_linked(a, b), 'before the 30, which take a minute')


def test_who_is_reached_keeps_its_link_and_leaves_its_turn_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, 'AT_A_TIME', 1)
    monkeypatch.setattr(trials, 'LENGTH', 1.0)
    a, b, c = nodes = Node('a'), Node('b'), Node('c')
    with started(*nodes):
        for node in nodes:
            for other in nodes:
                node.bus.add_peer(other.identity)
        wait_for(lambda: all_linked(*nodes))
        begin = time.monotonic()
        wait_for(lambda: time.monotonic() > begin + 1.5 * trials.LENGTH)
        assert [len(a.links(b)), len(a.links(c))] == [1, 1]


def test_who_was_reached_needs_no_turn_when_all_sockets_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = Node('a'), Node('b')
    with started(a, b):
        a.bus.add_peer(b.identity)
        b.bus.add_peer(a.identity)
        wait_for(lambda: all_linked(a, b))
        monkeypatch.setattr(trials, 'AT_A_TIME', 0)
        switchboard, mailbox = a.bus._switchboard, a.bus._mailbox
        assert switchboard is not None and mailbox is not None
        broken: Any = 'no socket'
        mailbox.post(lambda: switchboard._reactor.watch(broken, zmq.POLLIN, Watch('', lambda: None, lambda: None)))
        wait_for(lambda: len(a.links(b)) == 3, 'up, down, up')
