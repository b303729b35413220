"""What instances say to each other.

Every message travels in an `Envelope`. Unknown fields are ignored by msgspec, so that the next release can add some.
"""

from __future__ import annotations

from typing import Any

import msgspec

from supvisors.model.identity import Incarnation
from supvisors.model.ledger import Item
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord

WIRE_VERSION = 1


class Message(msgspec.Struct, frozen=True, tag_field='kind', array_like=False):
    """Base of all messages."""


class Claim(msgspec.Struct, frozen=True):
    """What an instance says of the leadership: whom it follows, and over how many instances."""

    master: str = ''
    size: int = 0
    begun: bool = False
    """It has left the synchronization: what it runs is wanted."""


class Status(msgspec.Struct, frozen=True):
    """What an instance publishes of itself, as the API shows it."""

    state: int = 0
    degraded: bool = False
    discovery: bool = False
    master: str = ''
    starting: bool = False
    stopping: bool = False
    leaving: bool = False
    instance_states: dict[str, int] = {}
    sync_end: str = ''
    """In SYNCHRONIZATION: the Master that a user wants (an identifier, or `*` for any)."""
    orphans: tuple[Orphan, ...] = ()


class Times(msgspec.Struct, frozen=True):
    """The TICK counter of an instance and its clocks, in seconds."""

    counter: int
    mono: float
    wall: float


class Info(msgspec.Struct, frozen=True):
    """What an instance says of itself when it is met."""

    version: str
    nick: str
    stereotypes: tuple[str, ...] = ()
    machine_id: str = ''
    network: dict[str, Any] = {}
    agreement: dict[str, dict[str, str]] = {}
    """What must be the same on all instances, by topic and key."""


class Hello(Message, frozen=True, tag='hello'):
    """I am here, and I do not count you as a member. `evicted`: the incarnation that you claim is over for me."""

    claim: Claim
    evicted: Incarnation | None = None
    agreement: int = 0
    """Digest of what must be the same everywhere; 0 is unknown."""
    refuses: bool = False
    """I know all that I need of you, and refuse you."""


class Welcome(Message, frozen=True, tag='welcome'):
    """All that a member must know of another; `want` asks for the same in return."""

    info: Info
    status: Status
    times: Times
    records: tuple[ProcessRecord, ...]
    want: bool


class SnapshotRequest(Message, frozen=True, tag='snapshot?'):
    """I have missed updates of yours."""


class Update(Message, frozen=True, tag='update'):
    """Processes that changed (`removed`: namespecs), and the status of the sender if it did."""

    records: tuple[ProcessRecord, ...] = ()
    removed: tuple[str, ...] = ()
    status: Status | None = None


class Heartbeat(Message, frozen=True, tag='beat'):
    """Sent by the bus each second, whatever the main loop does. `loop_age` is filled by the bus.

    `members` and `gone` are there when the sender is Master: the incarnations that it counts in, and those that it
    has lost.
    """

    claim: Claim
    times: Times
    ledger_index: int = 0
    ledger_digest: int = 0
    members: dict[str, Incarnation] | None = None
    gone: dict[str, Incarnation] = {}
    system_state: int = 0
    ending: int = 0
    """When the system state is FINAL: whether it was RESTARTING or SHUTTING_DOWN."""
    loop_age: float = 0.0


class Tick(Message, frozen=True, tag='tick'):
    """Sent to all members every 5 s."""

    times: Times


class Bye(Message, frozen=True, tag='bye'):
    """All my processes have ended, and I leave the bus."""


class Ping(Message, frozen=True, tag='ping'):
    """Answered by the bus itself with the same number."""

    number: int


class Pong(Message, frozen=True, tag='pong'):
    number: int


class ProbeRequest(Message, frozen=True, tag='probe?'):
    """Tell me whether this incarnation still answers you."""

    target: str
    number: int


class ProbeReport(Message, frozen=True, tag='probe'):
    target: str
    number: int


class VoteRequest(Message, frozen=True, tag='vote?'):
    """I stand for this term; mine stays what it was until I am elected."""

    term: int
    ledger_digest: int


class Vote(Message, frozen=True, tag='vote'):
    """`refused` is empty when the vote is given; the items are those of the voter if its ledger differs.

    `known`: the highest term that the voter knows of, which the next candidacy must go beyond.
    """

    term: int
    refused: str
    known: int = 0
    items: tuple[Item, ...] = ()


class Replicate(Message, frozen=True, tag='replicate'):
    """Items of the ledger written by the Master. `whole`: all of them, the receiver may skip missed indexes."""

    index: int
    items: tuple[Item, ...]
    whole: bool = False


class ReplicateAck(Message, frozen=True, tag='replicated'):
    index: int


class LedgerOffer(Message, frozen=True, tag='offer'):
    """My ledger differs from yours: here are my items, send me yours."""

    items: tuple[Item, ...]


class Submit(Message, frozen=True, tag='submit'):
    """A request received by the sender, carried to the Master; repeated until its outcome is in the ledger."""

    request: str
    command: dict[str, Any]


class SubmitRefused(Message, frozen=True, tag='refused'):
    """The Master does not take the request; those that it takes are answered through the ledger."""

    request: str
    code: int
    text: str


class Order(Message, frozen=True, tag='order'):
    """The Master makes an instance start or stop one of its processes. Numbers are unique per term and Master."""

    number: int
    target: Incarnation
    namespec: str
    start: bool
    extra_args: str = ''


class OrderResult(Message, frozen=True, tag='ordered'):
    """The order was obeyed (code 0), or why it was not. The effect is in the inventory from `inventory_seq` on."""

    number: int
    code: int
    text: str
    inventory_seq: int


Body = (
    Hello
    | Welcome
    | SnapshotRequest
    | Update
    | Heartbeat
    | Tick
    | Bye
    | Ping
    | Pong
    | ProbeRequest
    | ProbeReport
    | VoteRequest
    | Vote
    | Replicate
    | ReplicateAck
    | LedgerOffer
    | Submit
    | SubmitRefused
    | Order
    | OrderResult
)


class Envelope(msgspec.Struct, frozen=True):
    """One message on the wire.

    `receiver` is the incarnation that the sender knows of the receiver, if it counts it as a member.
    `inventory_seq` is the number of the last `Update` of the sender: a receiver that lacks some asks for a snapshot.
    `bus_port` is filled by the bus of the sender.
    """

    sender: str
    incarnation: Incarnation
    term: int
    inventory_seq: int
    body: Body
    receiver: Incarnation | None = None
    bus_port: int = 0
    version: int = WIRE_VERSION
