"""Passes frames between two interfaces later than they came, and loses some: a program without our packages.

    python relay.py ONE OTHER DELAY JITTER LOSS SEED     prints `ready`, then runs until it is killed

The order within one direction is kept. The header of virtio (PACKET_VNET_HDR) goes along with each frame, so what the
kernel has left to the network card (checksums, segments) stays right.
"""
from __future__ import annotations

import heapq
import random
import select
import socket
import sys
import time

SOL_PACKET = 263
PACKET_VNET_HDR = 15
PACKET_OUTGOING = 4
ETH_P_ALL = 3
MTU = 70000
QUEUE = 10000
"""Frames under way, at most: what is more is lost, as in a network card."""


def listen(interface: str) -> socket.socket:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((interface, ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.setblocking(False)
    return sock


def main(one: str, other: str, delay: float, jitter: float, loss: float, seed: int) -> None:
    rng = random.Random(seed)
    first, second = listen(one), listen(other)
    way = {first: second, second: first}
    last = {first: 0.0, second: 0.0}
    queue: list[tuple[float, int, socket.socket, bytes]] = []
    number = 0
    print('ready', flush=True)
    while True:
        timeout = max(0.0, queue[0][0] - time.monotonic()) if queue else None
        for sock in select.select(list(way), [], [], timeout)[0]:
            frame, origin = sock.recvfrom(MTU)
            if origin[2] == PACKET_OUTGOING or rng.random() < loss or len(queue) >= QUEUE:
                continue
            due = max(last[sock], time.monotonic() + delay + rng.uniform(-jitter, jitter))
            last[sock] = due
            number += 1
            heapq.heappush(queue, (due, number, way[sock], frame))
        while queue and queue[0][0] <= time.monotonic():
            _, _, sock, frame = heapq.heappop(queue)
            try:
                sock.send(frame)
            except OSError:
                continue  # the interface is down, or its queue is full: lost


if __name__ == '__main__':
    _, FROM, TO, DELAY, JITTER, LOSS, SEED = sys.argv
    main(FROM, TO, float(DELAY), float(JITTER), float(LOSS), int(SEED))
