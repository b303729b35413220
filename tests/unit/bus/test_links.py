"""Links that come, go and move."""
from __future__ import annotations

import itertools
import signal

import pytest

from supvisors.bus import Discovery
from supvisors.bus.links import TABLE, Happening, Phase
from supvisors.engine.events import LinkDown, LinkUp
from supvisors.engine.messages import Submit
from supvisors.model.identity import Identity
from tests.unit.bus.nodes import (
    HttpServer,
    Node,
    all_linked,
    cluster,
    introduce,
    json_answer,
    linked,
    spawned,
    submit,
    wait_for,
)


def test_the_table_is_total() -> None:
    assert set(TABLE) == set(itertools.product(Phase, Happening))


def test_a_peer_that_closes_is_seen_at_once_and_once() -> None:
    with linked('', '') as (a, b):
        b.bus.close()
        wait_for(lambda: a.events(LinkDown, b))
        assert [type(event) for event in a.links(b)] == [LinkUp, LinkDown]


def test_what_was_sent_before_closing_arrives_before_the_link_drops() -> None:
    with linked('', '') as (a, b):
        for number in range(200):
            b.send(a, submit(number))
        b.bus.close()
        wait_for(lambda: a.events(LinkDown, b))
        assert len(a.bodies(Submit)) == 200
        assert isinstance(next(item for item in reversed(a.told) if not hasattr(item, 'reason')), LinkDown)


@pytest.mark.parametrize('secret', ['', 'secret'])
def test_a_peer_that_restarts_on_another_port_is_found_again(secret: str) -> None:
    with linked(secret, secret) as (a, b):
        old = b.bus.description()['port']
        b.bus.close()
        wait_for(lambda: not a.is_linked(b))
        b.told.clear()
        b.new_bus()
        b.start()
        assert b.bus.description()['port'] != old
        wait_for(lambda: all_linked(a, b))
        a.send(b, submit('again'))
        wait_for(lambda: b.bodies(Submit))
        assert [type(event) for event in a.links(b)] == [LinkUp, LinkDown, LinkUp]


def test_a_peer_that_restarts_on_the_same_port_is_found_again() -> None:
    with linked('', '') as (a, b):
        port = b.bus.description()['port']
        for _ in range(3):
            b.bus.close()
            b.told.clear()
            b.new_bus(bus_port=port)
            b.start()
            wait_for(lambda: b.is_linked(a))
            wait_for(lambda: a.is_linked(b) and a.links(b).count(LinkUp(b.identifier)) > 1)
            a.told.append(LinkUp(b.identifier))  # what follows starts from here
        a.send(b, submit('again'))
        wait_for(lambda: b.bodies(Submit))


def test_a_peer_that_is_killed_is_seen() -> None:
    """A process of its own, killed with its sockets open."""
    node = Node('n')
    try:
        with spawned() as (process, peer):
            node.peers = [peer]
            node.new_bus()
            node.start()
            wait_for(lambda: node.events(LinkUp, peer.identifier))
            process.kill()
            wait_for(lambda: node.events(LinkDown, peer.identifier))
            wait_for(lambda: 'no supervisord listens' in ''.join(node.reasons(peer.identifier)))
    finally:
        node.close()


@pytest.mark.slow
def test_a_peer_that_is_frozen_is_dropped_and_linked_again_when_it_thaws() -> None:
    """As a network that is cut and heals: nothing says that the connection is dead."""
    node = Node('n')
    try:
        with spawned() as (process, peer):
            node.peers = [peer]
            node.new_bus()
            node.start()
            wait_for(lambda: node.events(LinkUp, peer.identifier))
            process.send_signal(signal.SIGSTOP)
            wait_for(lambda: node.events(LinkDown, peer.identifier))
            wait_for(lambda: 'no answer from' in ''.join(node.reasons(peer.identifier)))
            process.send_signal(signal.SIGCONT)
            wait_for(lambda: len(node.events(LinkUp, peer.identifier)) == 2)
            wait_for(lambda: node.reasons(peer.identifier)[-1] == '')
    finally:
        node.close()


def test_the_last_to_start_is_reached_without_its_http_server() -> None:
    """Its first frame says where it listens; a look-up would find nobody."""
    a, b = Node('a'), Node('b')
    introduce(a, b)
    try:
        assert b.http is not None
        b.http.answer = lambda: (503, 'text/plain', b'busy')
        a.start()
        b.start()
        wait_for(lambda: all_linked(a, b))
    finally:
        a.close()
        b.close()


def test_names_are_resolved() -> None:
    nodes = Node('a', host='localhost'), Node('b', host='localhost')
    introduce(*nodes)
    try:
        for node in nodes:
            node.start()
        wait_for(lambda: all_linked(*nodes))
    finally:
        for node in nodes:
            node.close()


def test_advertised_host_is_where_the_others_connect() -> None:
    a, b = Node('a'), Node('b')
    introduce(a, b)
    b.new_bus(advertised_host='localhost')
    try:
        a.start()
        b.start()
        assert b.bus.description()['host'] == 'localhost'
        wait_for(lambda: all_linked(a, b))
    finally:
        a.close()
        b.close()


def test_a_bus_port_that_nobody_answers_on_is_told() -> None:
    with cluster('') as (a,):
        closed = HttpServer(lambda: (404, 'text/plain', b''))
        closed.close()
        server = HttpServer(lambda: json_answer(
            {'identifier': f'127.0.0.1:{server.port}', 'boot': 'x', 'port': closed.port, 'version': 1}))
        try:
            peer = Identity('127.0.0.1', server.port)
            a.bus.close()
            a.peers = [peer]
            a.new_bus()
            a.start()
            reasons = wait_for(lambda: a.reasons(peer.identifier))
            assert f'open TCP {closed.port}' in reasons[0]
            assert 'bus_port' in reasons[0]
        finally:
            server.close()


def test_a_list_that_lacks_us_is_told_until_it_is_corrected() -> None:
    a, b = Node('a'), Node('b')
    introduce(a, b)
    b.peers = []
    b.new_bus()
    try:
        b.start()
        a.start()
        wait_for(lambda: a.reasons(b))
        assert a.reasons(b) == [f'the instance at {b.identifier} does not have {a.identifier} in its supvisors_list: '
                                f'use the same list everywhere']
        paths = b.http.paths if b.http is not None else []
        asked = len(paths)
        wait_for(lambda: len(paths) > asked + 2, 'more look-ups')
        assert not a.links(b) and len(a.reasons(b)) == 1
        assert b.bus.counters.unknown_sender == 0
        (problem,) = b.bus.problems()
        assert a.identifier in problem and 'supvisors_list' in problem
        b.bus.add_peer(a.identity)
        wait_for(lambda: all_linked(a, b))
        assert a.reasons(b)[-1] == ''
    finally:
        a.close()
        b.close()


@pytest.mark.parametrize('busy', [True, False])
def test_a_peer_that_comes_back_without_us_in_its_list_is_told(busy: bool) -> None:
    """On the same port, so that ZeroMQ connects again by itself, before a look-up, or after one of its former life."""
    with linked('', '') as (a, b):
        assert b.http is not None
        before = json_answer(b.bus.description())
        port = b.bus.description()['port']
        b.http.answer = lambda: (503, 'text/plain', b'busy') if busy else before
        b.bus.close()
        asked = len(b.http.paths)
        paths = b.http.paths
        wait_for(lambda: len(paths) > asked + 2, 'look-ups')
        b.peers = []
        b.new_bus(bus_port=port)
        b.start()
        wait_for(lambda: len(a.events(LinkUp, b)) == 2)
        b.http.answer = b._answer
        wait_for(lambda: any('supvisors_list' in reason and a.identifier in reason for reason in a.reasons(b)))
        wait_for(lambda: not a.is_linked(b))
        b.bus.close()
        b.peers = [a.identity]
        b.new_bus(bus_port=port)
        b.start()
        wait_for(lambda: a.is_linked(b) and a.reasons(b)[-1] == '')


def test_who_may_be_discovered_is_welcome() -> None:
    node = Node('a')
    try:
        assert 'knows' not in node.bus.description()
        assert node.bus.description({'from': 'x:1'})['knows'] is False
        assert node.bus.description({'from': ''})['knows'] is False
        node.new_bus(discovery=Discovery('239.1.2.3', 20000))
        assert node.bus.description({'from': 'x:1'})['knows'] is True
    finally:
        node.close()


def test_sixteen_instances_are_all_linked() -> None:
    with linked(*['the secret'] * 16) as nodes:
        nodes[0].send(nodes[1:], submit('all'))
        wait_for(lambda: all(node.bodies(Submit) for node in nodes[1:]))
        assert all(node.bus.counters.errors == 0 for node in nodes)
        assert all(len(node.links(peer)) == 1 for node in nodes for peer in nodes if peer is not node)
