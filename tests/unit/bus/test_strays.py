"""Fields of a later release: ignored, and counted."""
from __future__ import annotations

from typing import Any

import msgspec
import pytest

from supvisors.bus.strays import count_strays
from supvisors.bus.wire import DESCRIPTION, ENVELOPE, decode
from supvisors.engine.messages import WIRE_VERSION, LedgerOffer, Ping, Submit, Update, Welcome
from tests.unit.bus.nodes import Node, all_linked, introduce, submit, wait_for
from tests.unit.bus.samples import BODIES, ITEMS, RECORD, SAMPLES, STATUS, envelope, to_bytes


def loose(sample: Any) -> Any:
    return msgspec.msgpack.decode(to_bytes(sample)[2:])


def frame(content: Any, kind: int = ENVELOPE) -> bytes:
    data = bytes((WIRE_VERSION, kind)) + msgspec.msgpack.encode(content)
    decode(data)  # such a frame is read
    return data


@pytest.mark.parametrize('name', sorted(SAMPLES))
def test_none_in_what_this_release_writes(name: str) -> None:
    assert count_strays(to_bytes(SAMPLES[name])) == 0


@pytest.mark.parametrize('body', BODIES, ids=lambda body: type(body).__name__)
def test_at_the_top_and_in_the_body(body: Any) -> None:
    content = loose(envelope(body))
    content['new'] = {'a': [1, 2]}
    content['body']['new'] = content['body']['newer'] = 1
    assert count_strays(frame(content)) == 3


def test_in_records_items_and_structures_at_any_depth() -> None:
    content = loose(envelope(Update((RECORD, RECORD), (), STATUS)))
    content['body']['records'][1]['new'] = content['body']['status']['new'] = 1
    assert count_strays(frame(content)) == 2
    content = loose(envelope(LedgerOffer(ITEMS)))
    content['body']['items'][0]['new'] = content['body']['items'][0]['intent']['new'] = 1
    content['body']['items'][2]['request']['new'] = {'deep': {'deeper': 1}}
    assert count_strays(frame(content)) == 3
    welcome = next(body for body in BODIES if isinstance(body, Welcome))
    content = loose(envelope(welcome))
    content['body']['info']['new'] = content['body']['times']['new'] = 1
    assert count_strays(frame(content)) == 2


def test_free_content_is_no_stray() -> None:
    assert count_strays(to_bytes(envelope(Submit('r', {'anything': {'goes': 1}})))) == 0


def test_what_may_be_left_out_is_no_stray() -> None:
    content = loose(envelope(Ping(1)))
    for name in ('receiver', 'bus_port', 'version'):
        del content[name]
    assert count_strays(frame(content)) == 0


def test_in_a_description() -> None:
    content = loose(SAMPLES['description.bin'])
    content['new'] = 1
    assert count_strays(frame(content, DESCRIPTION)) == 1


def test_what_only_the_typed_decoder_takes_counts_as_one() -> None:
    content = msgspec.msgpack.encode(loose(envelope(Ping(1))))
    assert content[0] & 0xf0 == 0x80  # a small map: one more entry, whose key and value are odd
    odd = bytes((WIRE_VERSION, ENVELOPE, content[0] + 1)) + content[1:] + b'\xa3new' + b'\x81\x81\x01\x02\x03'
    decode(odd)
    assert count_strays(odd) == 1


def later(node: Node) -> Any:
    """An envelope as the next release might send it."""
    content = loose(envelope(Ping(1)))
    content.update(sender=node.identifier, body=loose(node.envelope(submit(1)))['body'], new=1)
    return content


@pytest.mark.parametrize(('releases', 'counted'), [(('1.0', '1.0'), 0), (('1.0', '1.1'), 2), (('1.0', ''), 2)])
def test_only_the_frames_of_another_release_are_checked(releases: tuple[str, str], counted: int) -> None:
    a, b = Node('a'), Node('b')
    introduce(a, b)
    try:
        for node, release in zip((a, b), releases, strict=True):
            node.new_bus(release=release)
            node.start()
        wait_for(lambda: all_linked(a, b))
        assert b.bus.description()['release'] == releases[1]
        for _ in range(2):
            mailbox, switchboard = b.bus._mailbox, b.bus._switchboard
            assert mailbox is not None and switchboard is not None
            mailbox.post(switchboard.forward, (a.identifier,), frame(later(b)))
        b.send(a, submit('last'))
        wait_for(lambda: submit('last') in a.bodies(Submit))
        assert len(a.bodies(Submit)) == 3
        assert a.bus.counters.unknown_fields == counted
        assert a.bus.statistics()['unknown_fields'] == counted
        assert b.bus.counters.unknown_fields == 0
    finally:
        a.close()
        b.close()
