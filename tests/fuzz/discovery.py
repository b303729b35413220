"""Datagrams on the multicast group, from the socket to the engine: valid, forged, replayed, damaged, and too many."""
from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from hypothesis import strategies as st

from supvisors.bus.acquaintances import LIMIT
from supvisors.bus.beacon import BEACON_VERSION, MAGIC, MAX_DATAGRAM, Beacon, _digest, seal
from supvisors.bus.counters import Counters
from supvisors.bus.discovery import Discoverer, Surroundings
from supvisors.bus.keys import derive_beacon_key
from supvisors.bus.multicast import Discovery
from supvisors.bus.reactor import Reactor
from supvisors.engine.cluster.registry import MOST
from supvisors.engine.events import Discovered
from supvisors.model.identity import Identity
from tests.fuzz.running import Check
from tests.fuzz.trees import broken, mutated
from tests.unit.engine.bench import Bench

KEYS = {secret: derive_beacon_key(secret) for secret in ('', 'ours', 'theirs')}
HEAD = MAGIC + bytes((BEACON_VERSION,))
MINE = Beacon('10.0.0.1:1', '10.0.0.1', 1, 'mine')
OTHER = msgspec.to_builtins(Beacon('10.0.0.2:1', '10.0.0.2', 1, 'b00t', 'first', ('gpu', 'db'), 40001,
                                   'bus.example.org'))


def _sealed(tree: object, secret: str) -> bytes:
    payload = msgspec.msgpack.encode(tree)
    return HEAD + _digest(payload, KEYS[secret]) + payload


@st.composite
def _beacons(draw: st.DrawFn) -> bytes:
    """What one instance, or one that is made up, says: some sealed with our secret, some without or with another."""
    tree = dict(OTHER)
    number = draw(st.integers(0, 3000))
    if number:
        nick = draw(st.sampled_from(('', 'same', f'n{number}')))
        tree.update(host_id=f'h{number}', identifier=f'h{number}:1', nick=nick)
    tree = draw(mutated(tree, 2))
    return _sealed(tree, draw(st.sampled_from(('ours', '', 'theirs'))))


def _in_time(data: bytes) -> bytes:
    return data[:MAX_DATAGRAM + 100]


DATAGRAMS = (_beacons() | _beacons().flatmap(broken) | st.binary(max_size=100)).map(_in_time)
STRATEGY = st.tuples(st.booleans(), st.lists(DATAGRAMS, min_size=1, max_size=20), st.integers(1, 3))


class Listener:
    """One daemon that listens, with a secret or without; the same for all inputs, so that what grows shows."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.counters = Counters()
        self.told: list[Beacon] = []
        self.bench = Bench('a', multicast_group=('239.0.0.1', 1))
        around = Surroundings(Reactor(self._failed), self.counters, lambda topic, text: None, self._discovered,
                              lambda joined: None)
        self.discoverer = Discoverer(Discovery('239.0.0.1', 1), MINE, KEYS[secret], around)
        self.mouth, ear = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        ear.setblocking(False)
        # what it would have joined the group with
        self.discoverer._receiver = ear

    def _failed(self, name: str, error: Exception) -> None:
        raise error

    def _discovered(self, beacon: Beacon) -> None:
        self.told.append(beacon)
        identity = Identity(beacon.host_id, beacon.port, beacon.nick, beacon.stereotypes)
        self.bench.engine.observe(Discovered(identity), self.bench.now)

    def hear(self, datagram: bytes) -> None:
        self.mouth.send(datagram)
        self.discoverer._receive()

    def close(self) -> None:
        self.mouth.close()
        self.discoverer.close()


@contextmanager
def open_discovery() -> Iterator[Check]:
    listeners = {secret: Listener(secret) for secret in ('', 'ours')}

    def check(value: tuple[bool, list[bytes], int]) -> None:
        sealed, datagrams, times = value
        listener = listeners['ours' if sealed else '']
        key = KEYS[listener.secret]
        for datagram in datagrams * times:
            before = len(listener.told)
            listener.hear(datagram)
            ours = datagram[len(HEAD):len(HEAD) + 32] == _digest(datagram[len(HEAD) + 32:], key)
            assert ours or len(listener.told) == before, 'what is not sealed with our secret was believed'
        _assert_bounded(listener)
        # a true one is still counted, whatever came before
        counted = listener.counters.beacons_in + listener.counters.beacons_overflow
        listener.hear(seal(Beacon('10.0.0.9:1', '10.0.0.9', 1, 'b'), key))
        assert listener.counters.beacons_in + listener.counters.beacons_overflow > counted
        listener.told.clear()

    try:
        yield check
    finally:
        for listener in listeners.values():
            listener.close()


def _assert_bounded(listener: Listener) -> None:
    engine = listener.bench.engine
    assert len(listener.discoverer._known) <= LIMIT
    assert len(engine.peers) <= MOST
    listener.bench.tick()
    listener.bench.effects.clear()
    listener.bench.asked.clear()
    assert all(identity.stereotypes == () for identity in engine.peers.identities().values())
