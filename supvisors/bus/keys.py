"""From the secret of the cluster to its one CURVE key pair."""
from __future__ import annotations

import hashlib
from typing import NamedTuple

import zmq
from zmq.utils import z85

SALT = b'supvisors bus 1'
"""Fixed, so that all instances get the same keys; it keeps tables made for other programs useless."""
COST = 2 ** 14
"""16 MB and some 60 ms per guess: what a bus thread can afford once, and a guesser of short passwords cannot."""


class Keys(NamedTuple):
    """The public half is as good as a password towards a server: neither half is sent or logged."""
    public: bytes
    secret: bytes

    def __repr__(self) -> str:
        return 'Keys(...)'


def derive(secret: str) -> Keys:
    raw = hashlib.scrypt(secret.encode(), salt=SALT, n=COST, r=8, p=1, dklen=32)
    private = z85.encode(raw)
    return Keys(zmq.curve_public(private), private)
