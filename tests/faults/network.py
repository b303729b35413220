"""One network namespace a daemon, all joined by the bridge of one more, and what can go wrong between them.

The namespaces are held by processes and have no name: when those end, nothing is left. A one-way cut is a wrong
hardware address of the neighbour, so that what is sent is lost on the bridge without a word, as on a bad cable; it
needs nothing of the kernel that could be left out of it. Neither does the relay that delays and loses (`relay`).
"""
from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from supvisors.demo import wait_for
from supvisors.demo.layout import RUN_MARK
from tests.faults.machine import run

NOWHERE = '02:00:00:00:ff:ff'
HUB = '.hub'
RELAY = Path(__file__).with_name('relay.py')


class Network:
    """`addresses`: the IPv4 address of each daemon, by nick name."""

    def __init__(self, mark: str, addresses: Mapping[str, str]) -> None:
        self.addresses = dict(addresses)
        self._environ = {**os.environ, RUN_MARK: mark}
        self._holders: dict[str, subprocess.Popen[bytes]] = {}
        self._relays: dict[str, subprocess.Popen[bytes]] = {}
        self._number = {nick: index for index, nick in enumerate(addresses)}
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _build(self) -> None:
        for name in (HUB, *self.addresses):
            self._holders[name] = subprocess.Popen(
                ['unshare', '--net', 'sleep', '1000000'], env=self._environ, stdin=subprocess.DEVNULL)
        wait_for(lambda: all(self._is_apart(name) for name in self._holders), 10, 'the network namespaces')
        self._ip(HUB, 'link add br0 type bridge')
        self._ip(HUB, 'link set br0 up')
        for nick, address in self.addresses.items():
            self._ip(HUB, f'link add {self._port(nick)} type veth peer name eth0 address {self._hardware(nick)} '
                          f'netns {self._holders[nick].pid}')
            self._ip(HUB, f'link set {self._port(nick)} master br0 up')
            self._ip(nick, 'link set lo up')
            self._ip(nick, f'addr add {address}/24 dev eth0')
            self._ip(nick, 'link set eth0 up')

    def close(self) -> None:
        for process in (*self._relays.values(), *self._holders.values()):
            process.kill()
            process.wait()

    def namespace(self, nick: str) -> Path:
        return Path(f'/proc/{self._holders[nick].pid}/ns/net')

    def inside(self, nick: str) -> list[str]:
        """What to put before a command to run it in the namespace of a daemon; it keeps its pid."""
        return ['nsenter', f'--net={self.namespace(nick)}']

    # -- faults
    def pull(self, nick: str) -> None:
        """Pull the cable of a daemon."""
        self._ip(HUB, f'link set {self._port(nick)} down')

    def plug(self, nick: str) -> None:
        self._ip(HUB, f'link set {self._port(nick)} up')

    def deafen(self, sender: str, receiver: str) -> None:
        """What the one sends to the other is lost; the way back stays good."""
        self._neighbour(sender, receiver, NOWHERE)

    def restore(self, sender: str, receiver: str) -> None:
        self._neighbour(sender, receiver, self._hardware(receiver))

    def swallow(self, nick: str, address: str) -> None:
        """What a daemon sends to an address that nobody has is lost, instead of refused."""
        self._ip(nick, f'neigh replace {address} dev eth0 lladdr {NOWHERE} nud permanent')

    def disturb(self, nick: str, delay: float, jitter: float, loss: float, seed: int) -> None:
        """What a daemon sends and receives comes later by a delay (s) and a share of it is lost."""
        port, inner, outer = self._port(nick), f'i{self._number[nick]}', f'o{self._number[nick]}'
        self._ip(HUB, f'link add {inner} type veth peer name {outer}')
        self._ip(HUB, f'link set {outer} master br0 up')
        self._ip(HUB, f'link set {inner} up')
        self._ip(HUB, f'link set {port} nomaster')
        relay = subprocess.Popen(
            [*self.inside(HUB), sys.executable, str(RELAY), port, inner, str(delay), str(jitter), str(loss), str(seed)],
            env=self._environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self._relays[nick] = relay
        assert relay.stdout is not None
        if relay.stdout.readline() != b'ready\n':
            raise RuntimeError(f'the relay of {nick} has ended with status {relay.wait()}')

    def calm(self, nick: str) -> None:
        relay = self._relays.pop(nick)
        relay.kill()
        relay.wait()
        self._ip(HUB, f'link del i{self._number[nick]}')
        self._ip(HUB, f'link set {self._port(nick)} master br0')

    # -- parts
    def _is_apart(self, name: str) -> bool:
        with contextlib.suppress(OSError):
            return os.readlink(self.namespace(name)) != os.readlink('/proc/self/ns/net')
        return False

    def _neighbour(self, nick: str, other: str, hardware: str) -> None:
        self._ip(nick, f'neigh replace {self.addresses[other]} dev eth0 lladdr {hardware} nud permanent')

    def _hardware(self, nick: str) -> str:
        return f'02:00:00:00:00:{self._number[nick] + 1:02x}'

    def _port(self, nick: str) -> str:
        return f'v{self._number[nick]}'

    def _ip(self, name: str, command: str) -> None:
        run([*self.inside(name), 'ip', *command.split()])


def sides(*groups: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of instances that a partition into these groups separates."""
    return [(one, other) for index, group in enumerate(groups) for rest in groups[index + 1:]
            for one in group for other in rest]
