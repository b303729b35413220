"""What the local instance knows of every instance."""

from __future__ import annotations

import attrs
import pytest

from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.tables import InstanceEvent
from supvisors.engine.core import Core
from supvisors.engine.messages import Info, Times
from supvisors.model.identity import Identity, Now
from tests.unit.engine.harness import A, B, C, settings


@pytest.fixture
def peers() -> Peers:
    return Peers(Core(settings('b', 'abc'), Now(10.0, 20.0)))


def join(peers: Peers, name: str) -> None:
    for event in (InstanceEvent.MET, InstanceEvent.WELCOMED, InstanceEvent.ACTIVATED):
        assert peers.step(peers[name], event)


def test_all_are_known_in_the_order_of_the_configuration(peers: Peers) -> None:
    assert list(peers) == [A, B, C]
    assert len(peers) == 3
    assert peers.local is peers[B]
    assert [peer.name for peer in peers.others()] == [A, C]
    assert peers.get('x:1') is None


def test_members_are_those_that_run(peers: Peers) -> None:
    assert not peers.members()
    join(peers, C)
    join(peers, B)
    assert [peer.name for peer in peers.members()] == [B, C]
    assert [peer.name for peer in peers.other_members()] == [C]


def test_a_step_that_changes_nothing_says_so(peers: Peers) -> None:
    join(peers, A)
    changes = peers.changes
    assert not peers.step(peers[A], InstanceEvent.MET)
    assert peers.changes == changes
    assert peers.step(peers[A], InstanceEvent.LOST)
    assert peers.changes == changes + 1


@pytest.mark.parametrize(('age', 'stalled'), [(0.0, False), (1.9, False), (2.1, True), (60.0, True)])
def test_a_main_loop_that_does_not_turn_is_stalled(peers: Peers, age: float, stalled: bool) -> None:
    peers[A].loop_age = age
    assert peers[A].stalled is stalled


def test_what_an_instance_says_of_itself_completes_what_is_configured() -> None:
    known = (Identity('a', 1), Identity('b', 1, 'bob', ('old',)), Identity('c', 1, 'carl'))
    peers = Peers(Core(attrs.evolve(settings('a', 'a'), local=known[0], instances=known), Now(0.0, 0.0)))
    peers[A].info = Info('1.0', 'alice', ('web',))
    peers[B].info = Info('1.0', 'robert', ('db',))
    assert peers.identity(A).stereotypes == ()  # it may still be refused
    peers[A].agreed = peers[B].agreed = True
    assert peers.identity(A) == Identity('a', 1, 'alice', ('web',))
    assert peers.identity(B) == Identity('b', 1, 'bob', ('db',))  # the configured nick holds
    assert peers.identity(C) == Identity('c', 1, 'carl')
    assert list(peers.identities()) == [A, B, C]


def test_times_are_kept_with_our_own_at_their_reception(peers: Peers) -> None:
    peers.local.times = Times(7, 1.0, 2.0)
    peers.timed(peers[A], Times(3, 1000.0, 2000.0), Now(11.0, 21.0))
    assert peers[A].times == Times(3, 1000.0, 2000.0)
    assert peers[A].received == (7, 11.0, 21.0)


def test_the_last_word_heard_never_goes_back(peers: Peers) -> None:
    peers.heard(peers[A], Now(12.0, 0.0))
    peers.heard(peers[A], Now(11.0, 0.0))
    assert peers[A].last_heard == 12.0


def test_how_far_an_inventory_is_known(peers: Peers) -> None:
    peers.core.inventory_seq = 5
    peers[A].seq = 3
    assert [peers.seq(name) for name in (A, B, C)] == [3, 5, 0]
