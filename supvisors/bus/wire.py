"""The wire format, and how envelopes become bytes and back.

One instance speaks to another over ONE ZeroMQ connection per direction: PUSH of the sender, connected to the PULL that
the receiver has bound. Each ZeroMQ message has exactly one frame:

    byte 0       wire version (`WIRE_VERSION`); a receiver drops any other without reading further
    byte 1       what follows: `E` an envelope, `D` a description; a receiver ignores any other
    bytes 2...   MessagePack

An envelope is a map of the fields of `engine.messages.Envelope`. Its `body` is a map that has the field `kind` (the tag
of the message: `beat`, `order`, ...) beside the fields of the message. Named tuples (Incarnation, Version) are arrays,
attrs classes are maps. Within one wire version:

    * a field may be added if it has a default: unknown fields are ignored and counted, missing ones take their default;
    * a kind may be added: an unknown kind is counted and ignored;
    * nothing is removed, renamed, or given another meaning; nothing is added to the named tuples, which are arrays.

Anything else needs a new wire version. `tests/unit/bus/fixtures/` holds the bytes of each kind; every release must read
them.

A description is what `GET /supvisors/bus` answers in JSON, here in MessagePack. It is the first frame on each
connection: it tells the receiver where to connect in return, without a look-up.

    identifier   the sender
    boot         its boot id
    port         the port of its bus
    host         where to reach this port, if not where the HTTP port was reached ('' otherwise)
    version      its wire version
    release      the version of its package ('' when it does not say): unknown fields are looked for when it differs

The HTTP answer has one more, when the question says who asks (`/supvisors/bus?from=host:port`):

    knows        whether that identifier is in the list of the sender, or may be discovered

With a secret, connections use CURVE (see `keys.py`); otherwise NULL. ZMTP heartbeats go from PUSH to PULL only.
"""
from __future__ import annotations

from enum import Enum
from typing import Any, get_args

import msgspec

from supvisors.engine.messages import WIRE_VERSION, Body, Envelope

ENVELOPE = ord('E')
DESCRIPTION = ord('D')
MAX_FRAME = 64 * 1024 * 1024
"""Far above a snapshot of 10,000 processes (5 MB), far below what would hurt the daemon."""
KINDS = frozenset(kind.__struct_config__.tag for kind in get_args(Body))


class Fault(Enum):
    """Why a frame is dropped."""
    MALFORMED = 'malformed'
    VERSION = 'version'
    KIND = 'unknown kind'


class Rejected(Exception):
    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class Description(msgspec.Struct, frozen=True):
    """How to reach the bus of one instance."""
    identifier: str
    boot: str
    port: int
    host: str = ''
    version: int = WIRE_VERSION
    release: str = ''


class _Kind(msgspec.Struct):
    kind: str


class _Outline(msgspec.Struct):
    """Just enough of an envelope to tell a message of the next release from garbage."""
    body: _Kind


_encoder = msgspec.msgpack.Encoder()
_outlines = msgspec.msgpack.Decoder(_Outline)
_decoders: dict[int, msgspec.msgpack.Decoder[Any]] = {
    ENVELOPE: msgspec.msgpack.Decoder(Envelope),
    DESCRIPTION: msgspec.msgpack.Decoder(Description),
}


def encode(envelope: Envelope) -> bytes:
    return bytes((WIRE_VERSION, ENVELOPE)) + _encoder.encode(envelope)


def encode_description(description: Description) -> bytes:
    return bytes((WIRE_VERSION, DESCRIPTION)) + _encoder.encode(description)


def decode(frame: bytes) -> Envelope | Description:
    """Return what the frame holds; raise `Rejected`, and nothing else, when it cannot be used."""
    if len(frame) < 2:
        raise Rejected(Fault.MALFORMED, f'a frame of {len(frame)} bytes')
    if frame[0] != WIRE_VERSION:
        raise Rejected(Fault.VERSION, f'wire version {frame[0]} instead of {WIRE_VERSION}')
    decoder = _decoders.get(frame[1])
    if decoder is None:
        raise Rejected(Fault.KIND, f'frame type {frame[1]}')
    payload = memoryview(frame)[2:]
    try:
        content: Envelope | Description = decoder.decode(payload)
    except Exception as error:  # whatever the decoder makes of bytes from outside: RecursionError, OverflowError...
        raise _why(payload, error) from error
    if content.version != WIRE_VERSION:
        raise Rejected(Fault.VERSION, f'wire version {content.version} instead of {WIRE_VERSION}')
    return content


def _why(payload: memoryview, error: Exception) -> Rejected:
    try:
        kind = _outlines.decode(payload).body.kind
    except Exception:
        return Rejected(Fault.MALFORMED, str(error))
    if kind in KINDS:
        return Rejected(Fault.MALFORMED, f'{kind}: {error}')
    return Rejected(Fault.KIND, f'message of kind {kind[:40]!r}')
