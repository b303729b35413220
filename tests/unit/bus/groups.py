"""Multicast groups on the loopback interface."""
from __future__ import annotations

import random

import pytest

from supvisors.bus import Discovery
from supvisors.bus.multicast import open_receiver, open_sender


def loopback_carries_multicast() -> bool:
    place = make_place()
    try:
        with open_receiver(place) as receiver, open_sender(place) as sender:
            sender.sendto(b'x', (place.group, place.port))
            receiver.settimeout(5)
            return receiver.recv(10) == b'x'
    except OSError:
        return False


def make_place() -> Discovery:
    """A group that no other test uses."""
    group = f'239.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(1, 255)}'
    return Discovery(group, random.randrange(20000, 32000), '127.0.0.1', 0)


needs_multicast = pytest.mark.skipif(not loopback_carries_multicast(),
                                     reason='this machine has no multicast on loopback')
