"""Instances that nobody has listed: which ones are taken in, and how they form one system."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine import events
from supvisors.engine.cluster import registry
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.registry import Registry
from supvisors.engine.core import Core
from supvisors.engine.effects import AddPeer, Log
from supvisors.engine.messages import Hello
from supvisors.model.enums import InstanceState as I
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from supvisors.model.identity import Identity, Now
from tests.unit.engine.harness import Bench, Program, World, application, ident, identity, idents, managed, settings

GROUP: dict[str, Any] = {'multicast_group': ('239.0.0.1', 7777), 'synchro_options': frozenset((O.LIST,))}
X = 'app:x'


def make(letters: str = 'ab', **values: Any) -> tuple[Registry, Core]:
    core = Core(settings('a', letters, **values), Now(0.0, 0.0))
    return Registry(core, Peers(core)), core


def told(core: Core) -> list[str]:
    return [one.text for one in core.effects if isinstance(one, Log)]


# -- which ones are taken in
def test_an_unknown_one_is_taken_in() -> None:
    entries, core = make()
    assert entries.discovered(identity('c')) == identity('c')
    assert told(core) == []


@pytest.mark.parametrize('nick', ['b', 'z', ''])
def test_a_known_one_is_not_taken_in_again(nick: str) -> None:
    entries, core = make()
    assert entries.discovered(Identity('b', 1, nick)) is None
    assert told(core) == []


@pytest.mark.parametrize('nick', ['a', 'b', 'b:1'])
def test_a_name_that_is_taken_is_refused_and_told_once(nick: str) -> None:
    entries, core = make()
    for _ in range(3):
        assert entries.discovered(Identity('c', 1, nick)) is None
    owner = nick[0] + ':1'
    assert told(core) == [f"c:1 is discovered and ignored: '{nick}' is the name of {owner}: give each its own"]
    assert entries.discovered(Identity('c', 1, 'c')) is not None  # it has got its own since
    for _ in range(2):
        assert entries.discovered(Identity('d', 1, nick)) is None
    assert len(told(core)) == 2  # each one


def test_an_identifier_that_is_the_nick_of_another_is_refused() -> None:
    entries, core = make(nicks={'b': 'c:1'})
    assert entries.discovered(Identity('c', 1)) is None
    assert len(told(core)) == 1


def test_the_nick_that_an_instance_has_told_is_taken_too() -> None:
    entries, _ = make(nicks={'b': ''})
    peer = entries.peers[ident('b')]
    peer.info = settings('b', nick='z').info
    entries.peers.changes += 1
    assert entries.discovered(Identity('c', 1, 'z')) is None


def test_too_many_are_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, 'MOST', 3)
    entries, core = make()
    entries.peers.add(identity('c'))
    for _ in range(2):
        assert entries.discovered(identity('d')) is None
    assert told(core) == ['d:1 is discovered and ignored: 3 instances are known already']
    assert entries.discovered(identity('b')) is None  # a known one is no reason to complain
    for letter in 'efgh':
        assert entries.discovered(identity(letter)) is None
    assert len(told(core)) == 3  # nor can the log be filled


def test_stereotypes_are_not_taken_from_a_beacon() -> None:
    entries, _ = make()
    assert entries.discovered(Identity('c', 1, 'c', ('admin',))) == identity('c')


# -- in the engine
def test_a_discovered_one_is_known_linked_and_greeted() -> None:
    bench = Bench('a', **GROUP)
    assert bench.engine.resolve('b') == []
    bench.effects.clear()
    for _ in range(3):
        bench.observe(events.Discovered(identity('b')))
    assert [one.identity for one in bench.effects if isinstance(one, AddPeer)] == [identity('b')]
    assert bench.logs('warn') == ['b is discovered at b:1']
    assert list(bench.engine.identifiers()) == idents('ab')
    assert bench.engine.resolve('b') == [ident('b')]
    assert bench.engine.instance(ident('b')).state is I.STOPPED
    bench.observe(events.LinkUp(ident('b')))
    bench.tick(0.5)
    assert {to for to, _ in bench.take(Hello)} == {'b'}
    bench.join('b')


def test_one_that_is_not_taken_in_stays_unknown() -> None:
    bench = Bench('a', **GROUP)
    bench.effects.clear()
    bench.observe(events.Discovered(Identity('b', 1, 'a')))
    assert list(bench.engine.identifiers()) == idents('a')
    assert [one for one in bench.effects if isinstance(one, AddPeer)] == []


@pytest.mark.parametrize('group', [None, ('239.0.0.1', 7777)])
def test_the_discovery_is_shown(group: Any) -> None:
    bench = Bench('a', multicast_group=group)
    bench.tick(1.0)
    assert bench.engine.modes(ident('a')).discovery is (group is not None)


# -- all together
def beacons(world: World) -> None:
    for node in world.up():
        for other in world.up():
            if other is not node:
                other.hears_beacon(node)


def discovered(letters: str, **values: Any) -> World:
    """Each knows itself alone."""
    return World(letters, known={letter: letter for letter in letters}, **{**GROUP, **values})


@pytest.mark.parametrize('options', [(O.LIST,), (O.STRICT,), (O.TIMEOUT,), (O.CORE,)])
def test_those_that_discover_each_other_form_one_system(options: tuple[O, ...]) -> None:
    rules = managed(app=application(1, x=1))
    world = discovered(
        'abc',
        rules=rules,
        programs={X: Program()},
        synchro_options=frozenset(options),
        core_identifiers=('a',) if O.CORE in options else (),
        synchro_timeout=5.0,
    )
    world.run(0.5)
    beacons(world)
    world.run(9.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert world.leaders() == 'a'
    assert len(world.starts()) == 1


def test_who_joins_the_group_late_finds_the_system_and_starts_nothing() -> None:
    """Its interface comes a minute after it."""
    rules = managed(app=application(1, x=1))
    world = discovered('abc', boot='ab', rules=rules, programs={X: Program()})
    beacons(world)
    world['c'].joins = False
    world['c'].boot()
    world.run(60.0)
    assert world.state('c') is S.SYNCHRONIZATION
    assert world.leaders() == 'a'
    assert len(world.starts()) == 1
    world['c'].observe(events.DiscoveryJoined(True))
    world.run(0.5)
    beacons(world)
    world.run(8.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert len(world.starts()) == 1


def test_alone_it_begins_after_the_time_of_a_meeting() -> None:
    world = discovered('a')
    world.run(1.9)
    assert world.states() == {S.SYNCHRONIZATION}
    world.run(0.5)
    assert world.operating()


def test_who_is_discovered_later_joins_and_interrupts_nothing() -> None:
    world = discovered('abc', boot='ab')
    beacons(world)
    world.run(5.0)
    assert world.operating()
    term = world['a'].engine.core.term
    world['c'].boot()
    beacons(world)
    world.run(4.0)
    assert world.operating()
    assert world.leaders() == 'a' and world['a'].engine.core.term == term
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert list(world['a'].engine.identifiers()) == idents('abc')
    assert list(world['c'].engine.identifiers()) == idents('cab')  # the order of the arrivals


def test_two_systems_that_discover_each_other_become_one() -> None:
    """Their terms were given without any knowledge of each other, and are not the same."""
    world = discovered('abcd')
    for one, other in ('ab', 'ba', 'cd', 'dc'):
        world[one].hears_beacon(world[other])
    world.run(6.0)
    assert world.leaders() == 'ac'
    assert world['a'].engine.core.term != world['c'].engine.core.term
    beacons(world)
    world.run(15.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abcd'] == ['abcd'] * 4


def test_a_discovered_one_that_ends_stays_known() -> None:
    world = discovered('ab')
    beacons(world)
    world.run(5.0)
    world['b'].crash()
    world.run(5.0)
    assert world['a'].engine.instance(ident('b')).state is I.STOPPED
    world['b'].boot()
    beacons(world)
    world.run(5.0)
    assert world.operating() and world.sees('a') == 'ab'


@pytest.mark.parametrize('only', [('a', 'b'), ('b', 'a')])
def test_one_that_alone_has_heard_the_other_waits_for_it_to_hear_too(only: tuple[str, str]) -> None:
    world = discovered('ab')
    one, other = only
    world[one].hears_beacon(world[other])
    world.run(5.0)
    world[other].hears_beacon(world[one])
    world.run(10.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'ab'] == ['ab'] * 2
