"""Who may connect: whoever holds the key of the cluster (RFC 27, ZAP)."""
from __future__ import annotations

import zmq
from zmq.utils import z85

from supvisors.bus.keys import Keys
from supvisors.bus.sockets import Sock

ALLOWED = (b'200', b'OK')
REFUSED = (b'400', b'refused')
BATCH = 100


class Doorkeeper:
    """Answers libzmq's question at each CURVE handshake. Without it libzmq would let any client key in."""

    def __init__(self, sock: Sock, keys: Keys) -> None:
        self._sock = sock
        self._key = z85.decode(keys.public)

    def handle(self) -> None:
        for _ in range(BATCH):
            try:
                frames = self._sock.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._answer(frames)

    def _answer(self, frames: list[bytes]) -> None:
        route, _, version, request, _domain, _address, _identity, mechanism, *credentials = frames
        allowed = mechanism == b'CURVE' and credentials == [self._key]
        code, text = ALLOWED if allowed else REFUSED
        self._sock.send_multipart([route, b'', version, request, code, text, b'', b''], zmq.NOBLOCK)


