"""A request travels as a dictionary; fields that are not known are left out."""

from __future__ import annotations

import msgspec

from supvisors.engine.commands import START_PROCESS, Command, Refused, Ticket
from supvisors.model.enums import FaultCode

COMMAND = Command(START_PROCESS, 'app:x', 3, '-v', 'a:1')


def test_a_command_comes_back_from_the_wire() -> None:
    data = msgspec.msgpack.decode(msgspec.msgpack.encode(COMMAND.to_dict()))
    assert Command.from_dict(data) == COMMAND


def test_what_a_later_release_adds_is_ignored() -> None:
    assert Command.from_dict({**COMMAND.to_dict(), 'colour': 'red'}) == COMMAND


def test_what_an_earlier_release_does_not_say_has_its_default() -> None:
    assert Command.from_dict({'kind': START_PROCESS, 'target': 'x'}) == Command(START_PROCESS, 'x')


def test_a_refusal_says_why() -> None:
    refused = Refused(FaultCode.BAD_NAME, 'process x unknown')
    assert (refused.code, str(refused)) == (FaultCode.BAD_NAME, 'process x unknown')


def test_tickets_are_told_apart_by_identity() -> None:
    assert Ticket('r', COMMAND) != Ticket('r', COMMAND)
