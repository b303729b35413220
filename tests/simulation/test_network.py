"""The wire and the connections: each fault does what it says."""

import random

import pytest

from tests.simulation.clock import Scheduler
from tests.simulation.links import HELD_MAX, Links
from tests.simulation.network import Network, Profile, around, split

PLAIN = Profile(delay=0.01, jitter=0.0)


class Bus:
    """An endpoint that notes what it is told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.open = True
        self.frozen = False
        self.life = 1
        self.seen: list[tuple[str, str | bytes]] = []

    def knows(self, peer: str) -> bool:
        return True

    def link_up(self, peer: str) -> None:
        self.seen.append(('up', peer))

    def link_down(self, peer: str) -> None:
        self.seen.append(('down', peer))

    def deliver(self, source: str, data: bytes) -> None:
        self.seen.append((source, data))


class Wire:
    """Two or three buses, all links up."""

    def __init__(self, names: str = 'ab', profile: Profile = PLAIN) -> None:
        self.scheduler = Scheduler()
        self.network = Network(random.Random(1), names, profile)
        self.links = Links(self.scheduler, random.Random(2), self.network)
        self.buses = {name: Bus(name) for name in names}
        self.links.add(list(self.buses.values()))
        for name in names:
            self.links.endpoint_changed(name)
        self.after(0.1)
        for bus in self.buses.values():
            bus.seen.clear()

    def after(self, delay: float) -> None:
        self.scheduler.run_until(self.scheduler.now + delay)

    def seen(self, name: str) -> list[tuple[str, str | bytes]]:
        return self.buses[name].seen


def test_links_come_up_and_carry_in_order() -> None:
    wire = Wire(profile=Profile(delay=0.01, jitter=0.05))
    assert wire.links.is_up('a', 'b')
    assert wire.links.is_up('b', 'a')
    for number in range(20):
        wire.links.send('a', 'b', b'%d' % number)
    wire.after(1.0)
    assert wire.seen('b') == [('a', b'%d' % number) for number in range(20)]


def test_reordering_duplication_and_loss() -> None:
    wire = Wire(profile=Profile(delay=0.01, jitter=0.0, loss=0.2, duplication=0.2, reordering=0.2))
    for number in range(200):
        wire.links.send('a', 'b', b'%d' % number)
    wire.after(2.0)
    numbers = [int(data) for _, data in wire.seen('b')]
    assert wire.network.lost > 10
    assert len(set(numbers)) == 200 - wire.network.lost
    assert len(numbers) > len(set(numbers))
    assert numbers != sorted(numbers)


def test_a_crash_resets_the_links_at_once() -> None:
    wire = Wire()
    wire.links.send('a', 'b', b'never read')
    wire.buses['b'].open = False
    wire.links.endpoint_changed('b')
    wire.after(0.1)
    assert wire.seen('a') == [('down', 'b')]
    assert wire.seen('b') == []
    assert not wire.links.send('a', 'b', b'dropped')


def test_a_quick_restart_is_a_reset_and_a_new_link() -> None:
    wire = Wire()
    bus = wire.buses['b']
    bus.open = False
    wire.links.endpoint_changed('b')
    bus.open, bus.life = True, 2
    wire.links.endpoint_changed('b')
    wire.after(0.2)
    assert wire.seen('a') == [('down', 'b'), ('up', 'b')]


def test_a_short_partition_only_delays() -> None:
    wire = Wire()
    pairs = split(['a', 'b'])
    wire.network.block(pairs)
    wire.links.send('a', 'b', b'late')
    wire.after(1.0)
    assert wire.seen('b') == []
    wire.network.unblock(pairs)
    wire.after(0.1)
    assert wire.seen('b') == [('a', b'late')]
    assert wire.seen('a') == []


def test_the_keep_alive_ends_a_long_partition() -> None:
    wire = Wire()
    pairs = split(['a', 'b'])
    wire.network.block(pairs)
    wire.links.send('a', 'b', b'lost')
    wire.after(2.9)
    assert wire.links.is_up('a', 'b')
    wire.after(3.2)
    assert wire.seen('a') == [('down', 'b')]
    wire.network.unblock(pairs)
    wire.after(1.2)
    assert wire.seen('a') == [('down', 'b'), ('up', 'b')]
    assert wire.seen('b') == [('down', 'a'), ('up', 'a')]


def test_one_way_cut() -> None:
    wire = Wire()
    wire.network.block([('a', 'b')])
    wire.links.send('a', 'b', b'cut')
    wire.links.send('b', 'a', b'passes')
    wire.after(0.5)
    assert wire.seen('b') == []
    assert wire.seen('a') == [('b', b'passes')]
    wire.after(7.0)
    assert not wire.links.is_up('a', 'b')
    assert not wire.links.is_up('b', 'a')


def test_two_faults_on_one_path_must_both_end() -> None:
    network = Network(random.Random(1), 'ab', PLAIN)
    network.block([('a', 'b')])
    network.block(around('a', 'ab'))
    network.unblock([('a', 'b')])
    assert not network.passes('a', 'b')
    network.unblock(around('a', 'ab'))
    assert network.works('a', 'b')


def test_degraded_paths_lose_everything_and_recover() -> None:
    wire = Wire()
    wire.network.degrade([('a', 'b')], 1.0)
    wire.links.send('a', 'b', b'lost')
    wire.after(1.0)
    wire.network.restore([('a', 'b')])
    wire.links.send('a', 'b', b'kept')
    wire.after(1.0)
    assert wire.seen('b') == [('a', b'kept')]


@pytest.mark.parametrize('sent', [3, HELD_MAX + 50])
def test_messages_to_a_frozen_instance_wait_in_its_kernel(sent: int) -> None:
    wire = Wire()
    bus = wire.buses['b']
    bus.frozen = True
    wire.links.endpoint_changed('b')
    for number in range(sent):
        wire.links.send('a', 'b', b'%d' % number)
    wire.after(20.0)
    assert wire.seen('b') == []
    assert wire.seen('a') == []
    bus.frozen = False
    wire.links.endpoint_changed('b')
    assert len(wire.seen('b')) == min(sent, HELD_MAX)
