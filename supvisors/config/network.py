"""What the local host is called and which addresses it has. Nothing here asks a name server.

`gethostbyaddr`, `getfqdn` and the like wait for the network, in supervisord's main loop: they are not used. Hence

* `fqdn` is what the host calls itself (`gethostname`), fully qualified only when the administrator named it so;
* the `host_name` of an interface is that name when no other interface has an IPv4 address, else the address;
* there are no aliases.
"""
from __future__ import annotations

import hashlib
import ipaddress
import socket
import uuid
from collections.abc import Mapping, Sequence
from typing import TypedDict

import attrs
import psutil

MULTICAST_BIT = 1 << 40


class NicInfo(TypedDict):
    nic_name: str
    ipv4_address: str
    netmask: str


class Address(TypedDict):
    host_name: str
    aliases: list[str]
    ipv4_addresses: list[str]
    nic_info: NicInfo


class Network(TypedDict):
    """The `network` structure of the API (`get_network_info`)."""
    fqdn: str
    machine_id: str
    addresses: dict[str, Address]


@attrs.frozen
class HostNames:
    """The names and the addresses under which the local host is known without asking anyone.

    `names` are in lower case; `addresses` are in the form of `ipaddress`, IPv6 without zone, loopback included.
    """
    hostname: str
    addresses: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.hostname.lower(), self.short_name, 'localhost'))

    @property
    def short_name(self) -> str:
        return short(self.hostname)


def short(name: str) -> str:
    """Return the first label of a host name, in lower case."""
    return name.lower().partition('.')[0]


def host_names() -> HostNames:
    """Return the names and addresses of this host, from its own tables."""
    found = (normalise(item.address) for nic in psutil.net_if_addrs().values() for item in nic
             if item.family in (socket.AF_INET, socket.AF_INET6))
    return HostNames(socket.gethostname(), frozenset(filter(None, found)))


def normalise(address: str) -> str:
    """Return an IP address in its usual form, without its zone; an empty text when it is none."""
    try:
        return str(ipaddress.ip_address(address.partition('%')[0]))
    except ValueError:
        return ''


def is_loopback(host: str) -> bool:
    """Tell if that host, a name or an address, is the local one wherever it is said."""
    address = normalise(host)
    return ipaddress.ip_address(address).is_loopback if address else host.lower() == 'localhost'


def local_network() -> Network:
    """Return the network description of this host. Loopback and interfaces without IPv4 address are left out."""
    nics = {name: [(item.address, item.netmask or '') for item in items if item.family == socket.AF_INET]
            for name, items in psutil.net_if_addrs().items()}
    hostname = socket.gethostname()
    return Network(fqdn=hostname, machine_id=machine_id(uuid.getnode(), hostname), addresses=describe(nics, hostname))


def describe(nics: Mapping[str, Sequence[tuple[str, str]]], hostname: str) -> dict[str, Address]:
    """Return the addresses by interface, from its (address, netmask) pairs; the first pair of each is the one told."""
    kept = {name: next((pair for pair in pairs if not ipaddress.ip_address(pair[0]).is_loopback), None)
            for name, pairs in nics.items()}
    told = {name: pair for name, pair in kept.items() if pair}
    return {name: Address(host_name=hostname if len(told) == 1 else address, aliases=[], ipv4_addresses=[address],
                          nic_info=NicInfo(nic_name=name, ipv4_address=address, netmask=netmask or '255.255.255.255'))
            for name, (address, netmask) in told.items()}


def machine_id(node: int, hostname: str) -> str:
    """Return an opaque text, the same for all the daemons of a host and over its life: `aa:bb:cc:dd:ee:ff`.

    `node` is `uuid.getnode()`, a hardware address of 48 bits. When there is none, Python draws one at random in each
    process, with the multicast bit set: the host name is then used instead, so that two daemons of one host agree.
    """
    if node & MULTICAST_BIT:
        return hashlib.sha256(hostname.encode(errors='replace')).digest()[:6].hex(':')
    return node.to_bytes(6, 'big').hex(':')
