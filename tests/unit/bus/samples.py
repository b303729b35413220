"""One envelope of each kind, with values that never change. Run as a module to write the fixtures:

    python -m tests.unit.bus.samples

A fixture that is there already is never overwritten: it holds the bytes of the release that has made it. Before the
first release, delete it when its message has changed.
"""
from __future__ import annotations

from pathlib import Path

from supvisors.bus.wire import Description, encode, encode_description
from supvisors.engine.messages import (
    Body,
    Bye,
    Claim,
    Envelope,
    Heartbeat,
    Hello,
    Info,
    LedgerOffer,
    Order,
    OrderResult,
    Ping,
    Pong,
    ProbeReport,
    ProbeRequest,
    Replicate,
    ReplicateAck,
    SnapshotRequest,
    Status,
    Submit,
    SubmitRefused,
    Tick,
    Times,
    Update,
    Vote,
    VoteRequest,
    Welcome,
)
from supvisors.model.identity import Incarnation
from supvisors.model.ledger import Failure, Intent, Item, Placement, RequestRecord, Version
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord

FIXTURES = Path(__file__).parent / 'fixtures'

CLAIM = Claim('10.0.0.1:60000', 3, True)
TIMES = Times(12, 1234.5, 1700000000.25)
STATUS = Status(state=4, degraded=True, discovery=True, master='10.0.0.1:60000', starting=True, stopping=True,
                leaving=True, instance_states={'10.0.0.1:60000': 3, '[::1]:60001': 0}, sync_end='*')
RECORD = ProcessRecord('web', 'front', 20, False, 'none', 'pid 42', 42, 1700000000, 10.5, 1699999999, 9.5, 11.5, 2, 30,
                       '--all', True, 'front', 1, True, True)
VERSION = Version(5, '10.0.0.1:60000', 99)
ITEMS = (
    Item('intent/web:front', VERSION, intent=Intent(True, '--all', 'r-1')),
    Item('placement/web:front', VERSION, placement=Placement('10.0.0.2:60000', 'b00t', 1)),
    Item('request/r-1', VERSION, request=RequestRecord(
        {'name': 'start', 'wait': True}, begun=True, done=True, code=103, text='ABNORMAL', seen={'sv02': 33})),
    Item('intent/gone', VERSION),
)

BODIES: tuple[Body, ...] = (
    Hello(CLAIM, Incarnation('b00t', 2), agreement=2 ** 55, refuses=True),
    Welcome(Info('1.0', 'first', ('gpu', 'db'), 'abc', {'eth0': ['10.0.0.1']},
                 {'strategies': {'auto_fence': 'false'}}), STATUS, TIMES, (RECORD,), True),
    SnapshotRequest(),
    Update((RECORD,), ('web:old',), STATUS),
    Heartbeat(CLAIM, TIMES, ledger_index=17, ledger_digest=2 ** 63, members={'10.0.0.1:60000': Incarnation('b00t', 1)},
              gone={'10.0.0.3:60000': Incarnation('d0wn', 2)}, system_state=4, ending=5, loop_age=0.125),
    Tick(TIMES),
    Bye(),
    Ping(7),
    Pong(7),
    ProbeRequest('10.0.0.3:60000', 8),
    ProbeReport('10.0.0.3:60000', 8),
    VoteRequest(term=6, ledger_digest=123456789),
    Vote(term=6, refused='another one is Master', items=ITEMS),
    Replicate(18, ITEMS, True),
    ReplicateAck(18),
    LedgerOffer(ITEMS),
    Submit('r-1', {'name': 'start', 'namespecs': ['web:*'], 'wait': False}),
    SubmitRefused('r-1', 103, 'ABNORMAL'),
    Order(21, Incarnation('b00t', 1), 'web:front', True, '--all'),
    OrderResult(21, 10, 'BAD_NAME', 34),
)


def file_name(kind: str) -> str:
    """`probe?` and `probe` are two kinds, and `?` makes poor file names."""
    return kind.replace('?', '-ask') + '.bin'


def envelope(body: Body) -> Envelope:
    return Envelope('10.0.0.2:60000', Incarnation('b00t-2', 1), 5, 33, body, Incarnation('b00t-1', 4), 40001)


SAMPLES: dict[str, Envelope | Description] = {
    file_name(str(body.__struct_config__.tag)): envelope(body) for body in BODIES
}
SAMPLES['update-orphans.bin'] = envelope(Update(status=Status(orphans=(Orphan('web:front', 42, 1700000000),))))
SAMPLES['replicate-failure.bin'] = envelope(Replicate(4, (Item('f:web:front', VERSION, failure=Failure(
    'no room', 'r-1', {'10.0.0.1:60000': 1.5}, ('10.0.0.2:60000',))),)))
SAMPLES['description.bin'] = Description('10.0.0.2:60000', 'b00t-2', 40001, 'bus.example.org', release='1.0')


def to_bytes(sample: Envelope | Description) -> bytes:
    return encode(sample) if isinstance(sample, Envelope) else encode_description(sample)


def write() -> None:
    FIXTURES.mkdir(exist_ok=True)
    for name, sample in SAMPLES.items():
        path = FIXTURES / name
        if not path.exists():
            path.write_bytes(to_bytes(sample))


if __name__ == '__main__':
    write()
