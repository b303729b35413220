"""From the secret of the cluster to its one CURVE key pair, and to the key that seals its beacons."""
from __future__ import annotations

import hashlib
from typing import NamedTuple

import zmq
from zmq.utils import z85

SALT = b'supvisors bus 1'
"""Fixed, so that all instances get the same keys; it keeps tables made for other programs useless."""
BEACON_SALT = b'supvisors beacon 1'
"""Another one: who would find the key of the beacons has not found that of the bus."""
COST = 2 ** 14
"""16 MB and some 60 ms per guess: what a bus thread can afford once, and a guesser of short passwords cannot."""
OPEN_KEY = b'supvisors beacon without secret'
"""Known to all: without a secret the seal tells damage from beacons, and nothing more."""


class Keys(NamedTuple):
    """The public half is as good as a password towards a server: neither half is sent or logged."""
    public: bytes
    secret: bytes

    def __repr__(self) -> str:
        return 'Keys(...)'


def derive(secret: str) -> Keys:
    private = z85.encode(_stretch(secret, SALT))
    return Keys(zmq.curve_public(private), private)


def derive_beacon_key(secret: str) -> bytes:
    return _stretch(secret, BEACON_SALT) if secret else OPEN_KEY


def _stretch(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=COST, r=8, p=1, dklen=32)
