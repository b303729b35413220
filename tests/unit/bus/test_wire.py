"""The wire format: what this release writes, the next must read."""
from __future__ import annotations

from typing import Any

import msgspec
import pytest

from supvisors.bus.wire import DESCRIPTION, ENVELOPE, KINDS, Fault, Rejected, decode, encode
from supvisors.engine.messages import WIRE_VERSION, Envelope, Ping
from tests.unit.bus.samples import BODIES, FIXTURES, SAMPLES, envelope, file_name, to_bytes

ENVELOPE_HEAD = bytes((WIRE_VERSION, ENVELOPE))


def loose(sample: Any) -> dict[str, Any]:
    """The envelope as another release might see it."""
    content: dict[str, Any] = msgspec.msgpack.decode(to_bytes(sample)[2:])
    return content


def rejected(frame: bytes) -> Fault:
    with pytest.raises(Rejected) as caught:
        decode(frame)
    return caught.value.fault


def test_each_kind_has_a_sample_and_each_sample_a_fixture() -> None:
    assert {body.__struct_config__.tag for body in BODIES} == KINDS
    assert {path.name for path in FIXTURES.iterdir()} == set(SAMPLES)


@pytest.mark.parametrize('name', sorted(SAMPLES))
def test_fixture_is_read_as_its_sample(name: str) -> None:
    assert decode((FIXTURES / name).read_bytes()) == SAMPLES[name]


@pytest.mark.parametrize('name', sorted(SAMPLES))
def test_what_is_written_is_read(name: str) -> None:
    assert decode(to_bytes(SAMPLES[name])) == SAMPLES[name]


@pytest.mark.parametrize('body', BODIES, ids=lambda body: type(body).__name__)
def test_unknown_fields_are_ignored(body: Any) -> None:
    content = loose(envelope(body))
    content['new'] = {'a': [1, 2]}
    content['body']['new'] = 'field'
    assert decode(ENVELOPE_HEAD + msgspec.msgpack.encode(content)) == envelope(body)


def test_fields_with_a_default_may_be_missing() -> None:
    content = loose(envelope(Ping(1)))
    for name in ('receiver', 'bus_port', 'version'):
        del content[name]
    decoded = decode(ENVELOPE_HEAD + msgspec.msgpack.encode(content))
    assert isinstance(decoded, Envelope)
    assert (decoded.receiver, decoded.bus_port, decoded.version) == (None, 0, WIRE_VERSION)


def test_unknown_kind_is_told_from_garbage() -> None:
    content = loose(envelope(Ping(1)))
    content['body'] = {'kind': 'telepathy', 'strength': 3}
    assert rejected(ENVELOPE_HEAD + msgspec.msgpack.encode(content)) is Fault.KIND
    assert rejected(bytes((WIRE_VERSION, ord('Z'))) + b'anything') is Fault.KIND


def test_other_versions_are_refused_unread() -> None:
    assert rejected(bytes((WIRE_VERSION + 1, ENVELOPE)) + b'\xc1') is Fault.VERSION
    assert rejected(encode(msgspec.structs.replace(envelope(Ping(1)), version=WIRE_VERSION + 1))) is Fault.VERSION


GOOD = encode(envelope(Ping(1)))


@pytest.mark.parametrize('frame', [
    b'', b'\x01', ENVELOPE_HEAD, ENVELOPE_HEAD + b'\xc1', GOOD[:-1], GOOD + b'\0', GOOD[:2] + b'\x91' * 100_000,
    bytes((WIRE_VERSION, DESCRIPTION)) + b'\x80', GOOD.replace(b'number\x01', b'number\xc0'),
    GOOD.replace(b'b00t-2', b'b\xff\xfet-2'),
], ids=range(10))
def test_garbage_is_rejected_and_nothing_else_is_raised(frame: bytes) -> None:
    assert rejected(frame) is Fault.MALFORMED


def test_file_names_do_not_clash() -> None:
    assert len({file_name(kind) for kind in KINDS}) == len(KINDS)
