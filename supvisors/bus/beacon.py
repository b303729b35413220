"""The beacon: one datagram on the multicast group, that says who is here and where.

    bytes 0-2     `SVB`
    byte 3        version of the beacon (`BEACON_VERSION`)
    bytes 4-35    HMAC-SHA256 of all the other bytes
    bytes 36...   MessagePack: a map of the fields of `Beacon`; unknown fields are ignored, as on the bus

The key of the HMAC comes from the secret of the cluster (`keys.derive_beacon_key`). A beacon holds no time: who can
listen may send an old one again. That makes known, at most, an instance that has existed, and the bus authenticates it.
"""
from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from enum import Enum

import msgspec

from supvisors.model.identity import Identity

MAGIC = b'SVB'
BEACON_VERSION = 1
HEAD = MAGIC + bytes((BEACON_VERSION,))
SEALED = len(HEAD) + hashlib.sha256().digest_size
MAX_DATAGRAM = 1200
"""What passes everywhere in one piece: a fragment that is lost would lose the beacon."""

HOST = re.compile(r'[\w.:%-]{1,255}')
"""The grammar of `supvisors_list`."""
UNCLEAN = ('Cc', 'Cs', 'Zl', 'Zp')
"""Kinds of characters that no name has: control characters, halves of characters, ends of lines."""
NO_XML = frozenset('\ufffe\uffff')
"""Nor these: no answer that holds one can be read."""
MAX_NICK = 255
"""In bytes."""


class Fault(Enum):
    """Why a datagram is dropped. The value is the name of its counter."""
    OVERSIZED = 'beacons_oversized'
    MALFORMED = 'beacons_malformed'
    VERSION = 'beacons_other_version'
    SEAL = 'beacons_refused'


class NotABeacon(Exception):
    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class Beacon(msgspec.Struct, frozen=True):
    identifier: str
    host_id: str
    port: int
    """Of the HTTP server."""
    boot: str
    nick: str = ''
    stereotypes: tuple[str, ...] = ()
    bus_port: int = 0
    bus_host: str = ''
    """Where to reach this port, if not at `host_id`."""

    @property
    def identity(self) -> Identity:
        return Identity(self.host_id, self.port, self.nick, self.stereotypes)

    @property
    def flaw(self) -> str:
        """The first field that no instance can have so; empty when it names one as a configuration file could."""
        return next((name for name, sound in SOUND.items() if not sound(self)), '')


SOUND: dict[str, Callable[[Beacon], object]] = {
    'host_id': lambda beacon: HOST.fullmatch(beacon.host_id),
    'port': lambda beacon: 0 < beacon.port < 65536,
    'identifier': lambda beacon: beacon.identifier == beacon.identity.identifier,
    # whatever supervisord takes as its identifier: blanks too
    'nick': lambda beacon: is_clean(beacon.nick) and ',' not in beacon.nick and len(beacon.nick.encode()) <= MAX_NICK,
    'stereotypes': lambda beacon: all(name and is_clean(name) for name in beacon.stereotypes),
    'boot': lambda beacon: beacon.boot and beacon.boot.isprintable(),
    'bus_port': lambda beacon: 0 <= beacon.bus_port < 65536,
    'bus_host': lambda beacon: not beacon.bus_host or HOST.fullmatch(beacon.bus_host),
}
"""What each field must be."""


def is_clean(name: str) -> bool:
    return not any(unicodedata.category(character) in UNCLEAN or character in NO_XML for character in name)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Beacon)


def seal(beacon: Beacon, key: bytes) -> bytes:
    payload = _encoder.encode(beacon)
    return HEAD + _digest(payload, key) + payload


def unseal(datagram: bytes, key: bytes) -> Beacon:
    """Return the beacon; raise `NotABeacon`, and nothing else, when it is none that can be used."""
    if len(datagram) > MAX_DATAGRAM:
        raise NotABeacon(Fault.OVERSIZED, f'more than {MAX_DATAGRAM} bytes')
    if len(datagram) < SEALED or not datagram.startswith(MAGIC):
        raise NotABeacon(Fault.MALFORMED, 'another program uses this group and port')
    version, payload = datagram[len(MAGIC)], datagram[SEALED:]
    if version != BEACON_VERSION:
        raise NotABeacon(Fault.VERSION, f'version {version} instead of {BEACON_VERSION}')
    if not hmac.compare_digest(_digest(payload, key), datagram[len(HEAD):SEALED]):
        raise NotABeacon(Fault.SEAL, 'it was sealed with another secret')
    try:
        beacon = _decoder.decode(payload)
    except Exception as error:  # whatever the decoder makes of bytes from outside
        raise NotABeacon(Fault.MALFORMED, str(error)) from error
    if beacon.flaw:
        raise NotABeacon(Fault.MALFORMED, f'{beacon.identifier[:80]!r} describes no instance: its {beacon.flaw} '
                                          f'is {str(getattr(beacon, beacon.flaw))[:80]!r}')
    return beacon


def _digest(payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, HEAD + payload, 'sha256')
