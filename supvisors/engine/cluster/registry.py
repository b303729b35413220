"""Which discovered instances are taken in."""

from __future__ import annotations

import attrs

from supvisors.engine.cluster.peers import Peers
from supvisors.engine.core import Core
from supvisors.model.identity import Identity

MOST = 1000
"""Instances known at most: beyond, somebody is making them up."""


class Registry:
    def __init__(self, core: Core, peers: Peers) -> None:
        self.core = core
        self.peers = peers
        self._refused: set[tuple[str, str]] = set()
        """Identifiers and nicks that were refused, each told once."""

    def discovered(self, identity: Identity) -> Identity | None:
        """Return the instance to add; None when it is known, or must not be taken in."""
        if identity.identifier in self.peers:
            return None
        if len(self.peers) >= MOST:
            self._tell(identity, f'{MOST} instances are known already')
            return None
        nick = identity.nick_identifier
        known = self.peers.identities().items()
        other = next((key for key, one in known if nick in (key, one.nick_identifier)), '')
        if other:
            self._tell(identity, f'{nick!r} is the name of {other}: give each its own')
            return None
        # its stereotypes come with its welcome, where they are authentic
        return attrs.evolve(identity, stereotypes=())

    def _tell(self, identity: Identity, reason: str) -> None:
        key = identity.identifier, identity.nick
        if key not in self._refused and len(self._refused) < MOST:
            self._refused.add(key)
            self.core.log('warn', f'{identity.identifier} is discovered and ignored: {reason}')
