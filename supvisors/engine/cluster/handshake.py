"""What two instances must agree on before they count each other in."""

from __future__ import annotations

import hashlib

from supvisors.engine.cluster.peers import Peer
from supvisors.engine.messages import Hello
from supvisors.engine.settings import Settings
from supvisors.model.agreement import differences
from supvisors.model.enums import InstanceState

SHOWN = 5
"""More differences than that are counted, not listed."""


def digest(settings: Settings) -> int:
    """Return a number that is the same on two instances that agree on all; never 0."""
    text = repr(sorted((topic, sorted(keys.items())) for topic, keys in settings.info.agreement.items()))
    return 1 + int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), 'big')


def contradiction(settings: Settings, peer: Peer) -> str:
    """Return who differs, in which keys, and both values; empty when the instance can be counted in."""
    if peer.info is None:
        return ''
    found = differences(settings.info.agreement, peer.info.agreement)
    shown = [str(one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        shown.append(f'and {len(found) - SHOWN} more')
    return '; '.join(shown)


def is_stranger(peer: Peer, body: Hello, mine: int) -> bool:
    """True when it must not be taken for one of us yet: it is refused, or has another configuration not looked at."""
    if peer.state is InstanceState.ISOLATED:
        return True
    return body.agreement not in (0, mine) and not peer.agreed
