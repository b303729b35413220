"""Bytes on the bus, decoded and given to an engine at work: whatever they say, it goes on."""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from hypothesis import strategies as st

from supvisors.bus.strays import count_strays
from supvisors.bus.wire import MAX_FRAME, Rejected, decode, encode
from supvisors.engine.commands import Command
from supvisors.engine.engine import Engine
from supvisors.engine.messages import WIRE_VERSION, Claim, Envelope, Heartbeat, Submit, Times
from supvisors.model.enums import InstanceState, SupvisorsState
from supvisors.model.identity import Incarnation, Now
from supvisors.model.terms import next_term
from tests.fuzz.running import Check
from tests.fuzz.trees import INTEGERS, TEXTS, broken, mutated
from tests.unit.bus.samples import BODIES, SAMPLES, to_bytes
from tests.unit.engine.harness import Program, application, managed, operation

LONGEST = 2.0
"""Seconds that one message may take, on a machine with much else to do."""
HEAD = bytes((WIRE_VERSION, ord('E')))
MEMBERS = {'10.0.0.1:60000': 'a:1', '10.0.0.2:60000': 'b:1', '10.0.0.3:60000': 'c:1', 'b00t-1': 'a1', 'b00t-2': 'b1',
           'b00t': 'b1', 'd0wn': 'c1', 'r-1': 'b:1 b1/1'}
"""What the samples are called in the world that they are sent to."""
TERM = next_term(0, 'a:1')
"""Where the Master of that world lives."""
REQUESTS = (
    ('start_application', 'web'), ('stop_application', 'web'), ('restart_application', 'web'),
    ('start_process', 'web:front'),
    ('stop_process', 'free:one'), ('restart_process', 'web:*'), ('start_any_process', '.*'), ('restart_sequence', ''),
    ('adopt_start', 'free:one'), ('adopt_stop', 'web:front'), ('restart', ''), ('shutdown', ''))
COMMANDS = tuple(Submit(f'b:1 b1/{number}', Command(kind, target, 0, '', 'b:1').to_dict())
                 for number, (kind, target) in enumerate(REQUESTS))
BEAT = Heartbeat(Claim('a:1', 3, True), Times(1, 1.0, 1.0), members={'b:1': Incarnation('b1', 0)}, system_state=4)
SAMPLE_TREES = [msgspec.to_builtins(Envelope('b:1', Incarnation('b1', 0), 0, 0, body))
                for body in (*BODIES, *COMMANDS, BEAT)]


def _here(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {MEMBERS.get(key, key): _here(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_here(value) for value in tree]
    return MEMBERS.get(tree, tree) if isinstance(tree, str) else tree


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A message of a member, parts of it replaced; one in four is damaged, too."""
    tree = dict(_here(draw(st.sampled_from(SAMPLE_TREES))))
    tree['body'] = draw(mutated(tree['body'], kept=[('kind',)]))
    tree['sender'] = draw(st.sampled_from(('a:1', 'b:1', 'c:1', 'a:1', 'b:1', 'c:1', '')) | TEXTS)
    tree['incarnation'] = [f'{tree["sender"][:1]}1', draw(st.sampled_from((0, 0, 0, 1)) | INTEGERS)]
    tree['term'] = draw(st.sampled_from((0, TERM, TERM, TERM + (1 << 32))) | INTEGERS)
    tree['inventory_seq'] = draw(st.integers(0, 4) | INTEGERS)
    tree['receiver'] = draw(st.sampled_from((None, None, None, ['a1', 0], ['b1', 0], ['a1', 1])))
    data = HEAD + msgspec.msgpack.encode(tree)
    return draw(broken(data)) if draw(st.integers(0, 3)) == 0 else data


FRAMES = frames() | frames() | st.sampled_from([to_bytes(sample) for sample in SAMPLES.values()]).flatmap(broken)
STRATEGY = st.tuples(st.sampled_from('ab'), st.lists(FRAMES, min_size=1, max_size=8))
"""The Master of the world, or one that follows it; and what it is sent."""


@contextmanager
def open_engine() -> Iterator[Check]:
    yield check_engine


def check_engine(value: tuple[str, list[bytes]]) -> None:
    """One of a cluster of three at work is sent these frames; all go on afterwards."""
    letter, sent = value
    rules = managed(web=application(1, front=1, back=2))
    world = operation(rules=rules, programs={'web:front': Program(), 'web:back': Program(), 'free:one': Program()})
    for node in world.up():
        node.engine.receive = _shielded(node.engine.receive)  # type: ignore[method-assign, assignment]
    victim = world[letter]
    for frame in sent:
        begin = time.monotonic()
        _send(victim.engine, frame, victim.now())
        world.settle()
        assert time.monotonic() - begin < LONGEST, f'a message took {time.monotonic() - begin:.1f} s'
    world.run(5)
    for node in world.up():
        _assert_sound(node.engine)
    assert all(len(encode(envelope)) < MAX_FRAME for _, _, envelope in world.sent[-20:])


def _send(engine: Engine, frame: bytes, now: Now) -> None:
    try:
        content = decode(frame)
    except Rejected:
        return
    assert count_strays(frame) >= 0
    if isinstance(content, Envelope):
        engine.receive(content, now)


def _shielded(receive: Callable[[Envelope, Now], None]) -> Callable[[Envelope, Now], None]:
    """As the plugin does it; what others send must not need the shield."""
    def shielded(envelope: Envelope, now: Now) -> None:
        try:
            receive(envelope, now)
        except Exception as error:
            raise AssertionError(f'the shield was needed for {envelope}'[:2000]) from error

    return shielded


def _assert_sound(engine: Engine) -> None:
    assert isinstance(engine.state, SupvisorsState)
    assert all(isinstance(peer.state, InstanceState) for peer in engine.peers.values())
    assert math.isfinite(engine.next_deadline), 'nothing would wake it'
    assert len(engine.core.effects) < 1000
    assert set(engine.peers) == {'a:1', 'b:1', 'c:1'}
