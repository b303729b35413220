"""What a client asks for, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from supvisors.model.enums import FaultCode

START_APPLICATION = 'start_application'
STOP_APPLICATION = 'stop_application'
START_PROCESS = 'start_process'
STOP_PROCESS = 'stop_process'
RESTART_APPLICATION = 'restart_application'
RESTART_PROCESS = 'restart_process'
START_ANY_PROCESS = 'start_any_process'
RESTART_SEQUENCE = 'restart_sequence'
RESTART = 'restart'
SHUTDOWN = 'shutdown'
ADOPT_START = 'adopt_start'
ADOPT_STOP = 'adopt_stop'


_TEXT = attrs.validators.instance_of(str)


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen
class Command:
    """One request. `target` is an application name or a namespec; `strategy` a value of `StartingStrategy`.

    `start_any_process` has an expression as target, and becomes a `start_process` when the Master accepts it.
    `adopt_start` and `adopt_stop` tell that a user has started or stopped a local process through `supervisor.*`.
    """

    kind: str = attrs.field(validator=_TEXT)
    target: str = attrs.field(default='', validator=_TEXT)
    strategy: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))
    extra_args: str = attrs.field(default='', validator=_TEXT)
    origin: str = attrs.field(default='', validator=_TEXT)
    """Identifier of the instance that received it: what LOCAL means."""
    boots: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    """For `restart` and `shutdown`: the boots of the instances that are to end."""

    def to_dict(self) -> dict[str, Any]:
        return {**attrs.asdict(self), 'boots': list(self.boots)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Command:
        """Raises `Refused` when the values have other types: it may come from the bus."""
        known = {field.name for field in attrs.fields(cls)}
        try:
            return cls(**{key: value for key, value in data.items() if key in known})
        except (TypeError, ValueError) as error:
            raise Refused(FaultCode.INCORRECT_PARAMETERS, f'not a request: {error.args[0]}') from None


class Refused(Exception):
    """The request is refused at once."""

    def __init__(self, code: FaultCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@attrs.define(eq=False)
class Ticket:
    """Follows one request at the instance that received it. `code` is 0 on success, else a fault code."""

    request: str
    command: Command
    accepted: bool = False
    done: bool = False
    code: int = 0
    text: str = ''
    target: str = ''
    """What the Master has made of the target, once accepted: for `start_any_process`, a namespec."""
