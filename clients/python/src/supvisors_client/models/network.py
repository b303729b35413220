"""How the instances are reached."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NicInformation:
    """One network interface."""

    nic_name: str
    """Name of the interface."""
    ipv4_address: str
    """IPv4 address of the interface."""
    netmask: str
    """IPv4 netmask of the interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAddress:
    """One address of an instance, with what the resolver of that host says of it."""

    nic_info: NicInformation
    """The interface."""
    host_name: str
    """Host name of the address; the address itself when it has none."""
    aliases: tuple[str, ...]
    """Other names of the address."""
    ipv4_addresses: tuple[str, ...]
    """IPv4 addresses of the host name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalNetwork:
    """Network details of the host of one instance."""

    machine_id: str
    """Opaque text, stable per machine; instances with the same one are on the same node."""
    fqdn: str
    """Fully qualified domain name of the host."""
    addresses: Mapping[str, NetworkAddress]
    """Addresses by interface name, loopback left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInfo:
    """How one instance is reached."""

    identifier: str
    """Identifier of the instance, `host_id:http_port`."""
    nick_identifier: str
    """Nick name of the instance, or a copy of its identifier if it has none."""
    host_id: str
    """Host of the instance as written in the configuration."""
    http_port: int
    """HTTP port of its supervisord, 1 to 65535."""
    stereotypes: tuple[str, ...]
    """Stereotypes of the instance."""
    network: LocalNetwork | None = None
    """Network details; None until the instance has been met once."""
