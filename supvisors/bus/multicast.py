"""The two UDP sockets of the discovery; each option with its reason."""
from __future__ import annotations

import socket
import sys
from typing import NamedTuple

IP_MULTICAST_ALL = 49
"""Linux; the module `socket` does not name it."""


class Discovery(NamedTuple):
    """What the options `multicast_group`, `multicast_interface` and `multicast_ttl` say."""
    group: str
    port: int
    interface: str = ''
    """An IPv4 address of this host; empty: the one that the routes designate."""
    ttl: int = 1


def open_receiver(discovery: Discovery) -> socket.socket:
    """Raise OSError when the group cannot be joined."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # all daemons of this host listen on the same port, and each gets its copy
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not sys.platform.startswith('linux') and hasattr(socket, 'SO_REUSEPORT'):
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # what BSD and macOS want for the same
        if sys.platform.startswith('linux'):
            # otherwise what another program has joined on another interface comes here too
            receiver.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
        # not to any address: unicast datagrams and other groups on the same port are none of our business
        receiver.bind((discovery.group, discovery.port))
        membership = socket.inet_aton(discovery.group) + socket.inet_aton(discovery.interface or '0.0.0.0')
        receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        receiver.setblocking(False)
    except OSError:
        receiver.close()
        raise
    return receiver


def open_sender(discovery: Discovery) -> socket.socket:
    """Another one: what leaves a socket that is bound to a group has no source address on some systems."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, discovery.ttl)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)  # for the other daemons of this host
        if discovery.interface:
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(discovery.interface))
        sender.setblocking(False)
    except OSError:
        sender.close()
        raise
    return sender
