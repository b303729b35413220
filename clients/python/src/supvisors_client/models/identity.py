"""What the instances are called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """The names of one instance."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterIdentifier:
    """The names of the Master; false in a condition when there is none."""

    identifier: str | None = None
    """Identifier of the Master, `host_id:http_port`; None when there is none."""
    nick_identifier: str | None = None
    """Nick name of the Master, or a copy of its identifier if it has none; None when there is no Master."""

    def __bool__(self) -> bool:
        return self.identifier is not None
