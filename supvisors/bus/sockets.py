"""The ZeroMQ sockets of the bus; each option with its reason."""
from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

import zmq

from supvisors.bus.keys import Keys
from supvisors.bus.wire import MAX_FRAME

Sock = zmq.Socket[bytes]

MAX_SOCKETS = 4096
"""Three per peer (link, and both ends of its monitor): ZeroMQ's own limit of 1023 would end at 340 peers."""
LINGER = 300
ZAP_ENDPOINT = 'inproc://zeromq.zap.01'
ZAP_DOMAIN = b'supvisors'

COMMON = {
    zmq.LINGER: 0,           # explicit where something is worth waiting for: a daemon must be able to stop
    zmq.IPV6: 1,
    zmq.MAXMSGSIZE: MAX_FRAME,
    zmq.TCP_KEEPALIVE: 1,    # on the bound side, that sends nothing: forgets hosts that have vanished
    zmq.TCP_KEEPALIVE_IDLE: 30,
    zmq.TCP_KEEPALIVE_INTVL: 10,
    zmq.TCP_KEEPALIVE_CNT: 3,
    zmq.HANDSHAKE_IVL: 3000,  # the kernel accepts for a frozen daemon: not 30 s before trying again
}
LINK = {
    zmq.IMMEDIATE: 1,         # queue nothing for a peer that is not there: stale news are worse than none
    zmq.SNDHWM: 1000,         # bounds what a peer that does not read can hold back here; dropped at disconnection
    zmq.RECONNECT_IVL: 100,
    zmq.RECONNECT_IVL_MAX: 500,
    zmq.CONNECT_TIMEOUT: 1000,  # a fresh SYN each second: the kernel's own retries wait 1, 2, 4... 32 s
    # as HEARTBEAT_TIMEOUT: the kernel goes on sending what a closed connection held back, and after a cut of 6 s that
    # came behind messages of the new one, 7 s old (TCP_USER_TIMEOUT on Linux)
    zmq.TCP_MAXRT: 3000,
    zmq.HEARTBEAT_IVL: 1000,    # by the connecting side only: half the frames of both sides, and it sees the same
    zmq.HEARTBEAT_TIMEOUT: 3000,
    zmq.HEARTBEAT_TTL: 10000,   # lets the bound side forget a vanished peer, too
}
INBOUND = {
    zmq.RCVHWM: 1000,
}
FAILURES = {
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
    zmq.EVENT_HANDSHAKE_FAILED_AUTH,
}
LINK_EVENTS = zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED | zmq.EVENT_MONITOR_STOPPED
INBOUND_EVENTS = 0
for _event in FAILURES:
    LINK_EVENTS |= _event
    INBOUND_EVENTS |= _event


def endpoint(address: str, port: int) -> str:
    return f'tcp://[{address}]:{port}' if ':' in address else f'tcp://{address}:{port}'


def open_listener(host: str, port: int) -> socket.socket:
    """Bind and listen, now and here, so that the port is known before the bus thread has its keys.

    ZeroMQ takes the descriptor over later; who connects meanwhile waits in the backlog.
    """
    if host in ('', '*', '::', '0.0.0.0'):
        if host != '0.0.0.0' and socket.has_dualstack_ipv6():
            try:
                return _listen(socket.AF_INET6, ('::', port), dual=True)
            except OSError:
                if port:
                    raise
        return _listen(socket.AF_INET, ('0.0.0.0', port))
    # supervisord has just resolved the same name to bind its HTTP server
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return _listen(family, address)


def _listen(family: int, address: Any, dual: bool = False) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if dual else 1)
        listener.bind(address)
        listener.listen(256)
        listener.setblocking(False)  # ZeroMQ must not wait in accept for a connection that was reset meanwhile
    except OSError:
        listener.close()
        raise
    return listener


def open_inbound(context: zmq.Context[Sock], listener: socket.socket, keys: Keys | None) -> Sock:
    """PULL rather than ROUTER: nothing is ever answered on it, so no routing id, and one frame per message."""
    inbound = _open(context, zmq.PULL, COMMON | INBOUND)
    try:
        if keys is not None:
            inbound.setsockopt(zmq.CURVE_SERVER, 1)
            inbound.setsockopt(zmq.CURVE_SECRETKEY, keys.secret)
            inbound.setsockopt(zmq.CURVE_PUBLICKEY, keys.public)
            inbound.setsockopt(zmq.ZAP_DOMAIN, ZAP_DOMAIN)
        # ZeroMQ closes its own; ours lets the socket be rebuilt on the same port
        descriptor = os.dup(listener.fileno())
        inbound.setsockopt(zmq.USE_FD, descriptor)
        try:
            inbound.bind('tcp://127.0.0.1:*')  # only the descriptor counts
        except zmq.ZMQError:
            os.close(descriptor)
            raise
    except BaseException:
        inbound.close(0)
        raise
    return inbound


def open_link(context: zmq.Context[Sock], keys: Keys | None) -> Sock:
    """Not connected yet: its monitor must exist first."""
    link = _open(context, zmq.PUSH, COMMON | LINK)
    if keys is not None:
        link.setsockopt(zmq.CURVE_SECRETKEY, keys.secret)
        link.setsockopt(zmq.CURVE_PUBLICKEY, keys.public)
        link.setsockopt(zmq.CURVE_SERVERKEY, keys.public)
    return link


def open_monitor(context: zmq.Context[Sock], watched: Sock, name: str, events: int) -> Sock:
    watched.monitor(f'inproc://{name}', events)
    monitor = _open(context, zmq.PAIR, {zmq.LINGER: 0, zmq.RCVHWM: 0})
    monitor.connect(f'inproc://{name}')
    return monitor


def close_monitored(watched: Sock, monitor: Sock) -> None:
    """In this order: an event for a monitor that has gone would block a thread of libzmq until the context ends."""
    watched.disable_monitor()
    watched.close(0)
    monitor.close(0)


def open_zap(context: zmq.Context[Sock]) -> Sock:
    zap = _open(context, zmq.ROUTER, {zmq.LINGER: 0})
    try:
        zap.bind(ZAP_ENDPOINT)
    except zmq.ZMQError:
        zap.close(0)
        raise
    return zap


def read_monitor(monitor: Sock) -> Iterator[int]:
    """The events that are there now."""
    while True:
        try:
            head, *_ = monitor.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return
        yield struct.unpack_from('=H', head)[0]


def _open(context: zmq.Context[Sock], kind: int, options: dict[zmq.SocketOption, int]) -> Sock:
    sock = context.socket(kind)
    for option, value in options.items():
        sock.setsockopt(option, value)
    return sock
