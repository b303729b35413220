"""What a datagram must be to be heard."""
from __future__ import annotations

import hmac
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supvisors.bus.acquaintances import FORGOTTEN_AFTER, TELL_PERIOD, Acquaintances, Meeting
from supvisors.bus.beacon import HEAD, MAX_DATAGRAM, SEALED, Beacon, Fault, NotABeacon, _digest, seal, unseal
from supvisors.bus.keys import derive, derive_beacon_key
from supvisors.model.identity import Identity

BEACON = Beacon('[fe80::1]:60000', 'fe80::1', 60000, 'b00t', 'first', ('gpu', 'db'), 40001, 'bus.example.org')
KEY = derive_beacon_key('secret')
GOOD = seal(BEACON, KEY)


def fault(datagram: bytes, key: bytes = KEY) -> Fault:
    with pytest.raises(NotABeacon) as caught:
        unseal(datagram, key)
    return caught.value.fault


def sealed(content: object) -> bytes:
    payload = msgspec.msgpack.encode(content)
    return HEAD + _digest(payload, KEY) + payload


def test_what_is_sealed_is_read() -> None:
    assert unseal(GOOD, KEY) == BEACON
    assert BEACON.identity == Identity('fe80::1', 60000, 'first', ('gpu', 'db'))
    assert len(GOOD) < 300


def test_the_format_is_what_the_page_says() -> None:
    """Written by hand: the next release must read it."""
    content = {'identifier': 'h:1', 'host_id': 'h', 'port': 1, 'boot': 'b', 'nick': 'n', 'stereotypes': ['s'],
               'bus_port': 2, 'bus_host': 'B'}
    payload = msgspec.msgpack.encode(content)
    seal_of_it = hmac.new(b'key', b'SVB\x01' + payload, 'sha256').digest()
    beacon = Beacon('h:1', 'h', 1, 'b', 'n', ('s',), 2, 'B')
    assert unseal(b'SVB\x01' + seal_of_it + payload, b'key') == beacon
    assert seal(beacon, b'key') == b'SVB\x01' + seal_of_it + payload


def test_the_key_depends_on_the_secret_and_is_none_of_the_bus() -> None:
    assert derive_beacon_key('secret') == KEY
    assert derive_beacon_key('other') != KEY != derive_beacon_key('')
    keys = derive('secret')
    assert KEY not in (keys.public, keys.secret)


def test_another_secret_or_none_is_refused() -> None:
    assert fault(GOOD, derive_beacon_key('other')) is Fault.SEAL
    assert fault(GOOD, derive_beacon_key('')) is Fault.SEAL
    assert fault(seal(BEACON, derive_beacon_key(''))) is Fault.SEAL


def test_other_versions_are_told_apart_and_unread() -> None:
    assert fault(GOOD[:3] + bytes((GOOD[3] + 1,)) + GOOD[4:]) is Fault.VERSION


def test_too_long_is_told_apart() -> None:
    assert fault(GOOD + bytes(MAX_DATAGRAM)) is Fault.OVERSIZED


def test_unknown_fields_are_ignored_and_missing_ones_take_their_default() -> None:
    content = msgspec.msgpack.decode(GOOD[SEALED:])
    assert unseal(sealed({**content, 'new': {'a': [1]}}), KEY) == BEACON
    for name in ('nick', 'stereotypes', 'bus_port', 'bus_host'):
        del content[name]
    assert unseal(sealed(content), KEY) == Beacon(BEACON.identifier, BEACON.host_id, BEACON.port, BEACON.boot)


@pytest.mark.parametrize('changes', [
    {'port': 0}, {'port': 65536}, {'port': '1'}, {'bus_port': -1}, {'bus_port': 65536}, {'identifier': 'other:60000'},
    {'host_id': ''}, {'host_id': 'a b', 'identifier': 'a b:60000'}, {'host_id': 'x\n', 'identifier': 'x\n:60000'},
    {'nick': 'a,b'}, {'nick': 'a\nCRIT forged line'}, {'nick': 'a\tb'}, {'nick': 'a\u2028b'}, {'nick': 'a\uffff'},
    {'nick': 'x' * 256}, {'nick': '\u00e9' * 128}, {'stereotypes': ['\x1b[2J']},
    {'stereotypes': ['']}, {'boot': ''}, {'boot': 'a\0'}, {'bus_host': 'tcp://x'}, {'stereotypes': None},
])
def test_what_describes_no_instance_is_dropped_even_when_sealed(changes: dict[str, object]) -> None:
    content = msgspec.msgpack.decode(GOOD[SEALED:])
    assert fault(sealed({**content, **changes})) is Fault.MALFORMED


@pytest.mark.parametrize('nick', [
    '', 'first host', ' x ', 'user@host', 'a/b', 'c++', '<b>', '*', 'h\u00f4te', '\u4e3b\u673a', 'a\u00a0b', 'x' * 255,
    '\u00e9' * 127,
])
def test_any_nick_that_supervisord_takes_is_taken(nick: str) -> None:
    beacon = msgspec.structs.replace(BEACON, nick=nick)
    assert beacon.flaw == ''
    assert unseal(seal(beacon, KEY), KEY) == beacon


@pytest.mark.parametrize(('changes', 'flaw'), [
    ({'nick': 'a\udcff'}, 'nick'), ({'nick': 'a\x85'}, 'nick'), ({'stereotypes': ('s\x00',)}, 'stereotypes'),
    ({'bus_host': 'a b'}, 'bus_host'), ({'host_id': 'a b', 'nick': ','}, 'host_id'),
])
def test_the_field_that_is_wrong_is_known(changes: dict[str, object], flaw: str) -> None:
    assert msgspec.structs.replace(BEACON, **changes).flaw == flaw


@given(st.binary(max_size=MAX_DATAGRAM + 100))
def test_no_bytes_raise_anything_else(datagram: bytes) -> None:
    for key in (KEY, b''):
        fault(datagram, key)
        fault(HEAD + datagram, key)
        if len(datagram) <= MAX_DATAGRAM - SEALED:  # as who knows the key could
            assert fault(HEAD + _digest(datagram, key) + datagram, key) is Fault.MALFORMED


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(place: int, change: int) -> None:
    fault(GOOD[:place] + bytes((GOOD[place] ^ change,)) + GOOD[place + 1:])


@given(st.integers(0, len(GOOD) - 1))
def test_no_cut_passes(length: int) -> None:
    fault(GOOD[:length])
    fault(GOOD + GOOD[:length + 1])


def test_deep_nesting_is_malformed() -> None:
    payload = b'\x91' * 1000
    assert fault(HEAD + _digest(payload, KEY) + payload) is Fault.MALFORMED


# -- who was heard
def test_told_once_a_second_and_new_boots_are_seen() -> None:
    known = Acquaintances()
    assert known.meet('a', 'b1', 10.0) == Meeting(first=True, tell=True)
    assert known.meet('a', 'b1', 10.5) == Meeting(first=False, tell=False)
    assert known.meet('a', 'b2', 10.6) == Meeting(first=True, tell=False)
    assert known.meet('a', 'b2', 10.0 + TELL_PERIOD) == Meeting(first=False, tell=True)
    assert known.meet('a', 'b2', 10.1 + TELL_PERIOD) == Meeting(first=False, tell=False)
    assert known.meet('c', 'b1', 10.1 + TELL_PERIOD) == Meeting(first=True, tell=True)


def test_bounded_and_the_silent_make_room() -> None:
    known = Acquaintances(limit=100)
    for number in range(100):
        assert known.meet(f'n{number}', 'b', 1.0) is not None
    assert known.meet('late', 'b', 2.0) is None
    assert known.meet('n7', 'b', 30.0) == Meeting(first=False, tell=True)
    assert len(known) == 100
    assert known.meet('late', 'b', 1.5 + FORGOTTEN_AFTER) == Meeting(first=True, tell=True)
    assert len(known) == 2  # and the one that was heard meanwhile


def test_a_flood_of_names_costs_no_memory() -> None:
    known = Acquaintances(limit=50)
    chance = random.Random(7)
    for number in range(20_000):
        known.meet(str(chance.random()), 'b', number / 1000)
    assert len(known) <= 50
