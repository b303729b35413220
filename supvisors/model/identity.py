"""Names of instances, and how a name given by a user is resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import attrs


class Now(NamedTuple):
    """One reading of both clocks of a host, in seconds."""

    mono: float
    wall: float


class Incarnation(NamedTuple):
    """One life of an instance in the system: its boot, and how often it has joined anew since."""

    boot: str
    epoch: int


@attrs.frozen
class Identity:
    """What the configuration says of one instance."""

    host_id: str
    port: int
    nick: str = ''
    stereotypes: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """`host_id:http_port`; an IPv6 host is in brackets."""
        host = f'[{self.host_id}]' if ':' in self.host_id else self.host_id
        return f'{host}:{self.port}'

    @property
    def nick_identifier(self) -> str:
        return self.nick or self.identifier


def resolve(names: Iterable[str], instances: Mapping[str, Identity]) -> list[str]:
    """Return the identifiers that the names designate, without duplicates, in the order of the names.

    A name is an identifier, else a nick, else a stereotype; `*` means all instances. Unknown names are dropped.
    """
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_resolve_one(name, instances)))
    return list(found)


def _resolve_one(name: str, instances: Mapping[str, Identity]) -> list[str]:
    if name == '*':
        return list(instances)
    if name in instances:
        return [name]
    nicks = [key for key, identity in instances.items() if identity.nick_identifier == name]
    return nicks or [key for key, identity in instances.items() if name in identity.stereotypes]
