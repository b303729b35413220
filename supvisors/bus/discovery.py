"""Beacons sent and heard, in the bus thread. Nothing that arrives here can raise, wait, or take unbounded memory."""
from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable

import attrs
import zmq

from supvisors.bus.acquaintances import Acquaintances
from supvisors.bus.beacon import MAX_DATAGRAM, MAX_NICK, Beacon, Fault, NotABeacon, seal, unseal
from supvisors.bus.counters import Counters
from supvisors.bus.multicast import Discovery, open_receiver, open_sender
from supvisors.bus.reactor import Alarm, Reactor, Watch

PERIOD = 2.0
"""A datagram may be lost: an instance that starts is known two beacons later, in the time of a `failure_timeout`."""
JITTER = 0.1
"""So that the instances of a cluster started together do not send together."""
QUICK = (0.2, 0.3, 0.5)
"""Pauses between the first beacons: 0, 0.2, 0.5 and 1 s. Those that start together hear each other at once."""
ANSWER_DELAY = 0.1
"""At most, at random: many hear a new instance at the same time."""
ANSWER_PAUSE = 0.5
"""Between two answers, whatever number of new instances is heard."""
BATCH = 100
"""Datagrams read before anything else gets its turn."""
RETRY_FIRST = 1.0
RETRY_MAX = 5.0
"""The network may come long after the daemon, and the synchronization waits for it. A try costs some system calls."""
DEAF_AFTER = 15.0
"""Our own beacons come back to us. When they do not, the membership may have gone with its interface."""

COMPLAINTS = {
    Fault.OVERSIZED: 'a datagram on the multicast group was dropped: {why}. Another program uses {place}: choose '
                     'another multicast_group',
    Fault.MALFORMED: 'a datagram on the multicast group was dropped: {why}. If that lasts, choose another '
                     'multicast_group than {place}',
    Fault.VERSION: 'a beacon on {place} was dropped: {why}: install the same release everywhere',
    Fault.SEAL: 'a beacon on {place} was dropped: {why}: use the same secret_file, or else the same HTTP password, '
                'on all instances, or another multicast_group for each cluster',
}

NICK_REMEDY = ('Choose one on one line, without comma or control character, of at most {most} bytes: <nick> in '
               'local_identifier or supvisors_list, or else identifier in [supervisord]')
REMEDIES = {'nick': NICK_REMEDY, 'stereotypes': 'Correct the option stereotypes', 'bus_host': 'Correct bus_host'}
OTHER_REMEDY = 'Set local_identifier to the name or address of this host, and its HTTP port'


@attrs.frozen
class Surroundings:
    """What the bus gives to the discovery."""
    reactor: Reactor
    counters: Counters
    report: Callable[[str, str], None]
    """Topic and sentence."""
    discovered: Callable[[Beacon], None]
    joined: Callable[[bool], None]
    """Whether the group is joined, and our own beacons leave; told when it changes."""


class Discoverer:
    """Joins the group between `open` and `close`, again and again if it must."""

    def __init__(self, discovery: Discovery, beacon: Beacon, key: bytes, around: Surroundings) -> None:
        self._discovery = discovery
        self._beacon = beacon
        self._key = key
        self._around = around
        self._datagram = b'' if beacon.flaw else seal(beacon, key)
        self._mute = self._why_mute()
        self._joined: bool | None = None
        """What was told last."""
        self._known = Acquaintances()
        self._receiver: socket.socket | None = None
        self._sender: socket.socket | None = None
        self._retry = RETRY_FIRST
        self._quick = 0
        self._answered = 0.0
        self._heard_myself = 0.0
        self._next: Alarm | None = None
        self._answer: Alarm | None = None

    @property
    def place(self) -> str:
        return f'{self._discovery.group}:{self._discovery.port}'

    def open(self) -> None:
        if self._mute:
            self._report('mute', self._mute)
        self._join()

    def close(self) -> None:
        self._leave()
        self._tell(False)

    def _why_mute(self) -> str:
        """Why no other instance would take our beacon; empty when all is well."""
        flaw = self._beacon.flaw
        if flaw:
            value = str(getattr(self._beacon, flaw))[:80]
            return (f'this instance cannot be discovered: no other takes {value!r} as its {flaw}. '
                    f'{REMEDIES.get(flaw, OTHER_REMEDY).format(most=MAX_NICK)}')
        if len(self._datagram) > MAX_DATAGRAM:
            return (f'this instance cannot be discovered: its beacon would have {len(self._datagram)} bytes, more than '
                    f'{MAX_DATAGRAM}. Shorten its nick or its stereotypes')
        return ''

    # -- the group
    def _leave(self) -> None:
        for alarm in (self._next, self._answer):
            if alarm is not None:
                alarm.cancel()
        self._next = self._answer = None
        if self._receiver is not None:
            self._around.reactor.unwatch(self._receiver.fileno())
            self._receiver.close()
        if self._sender is not None:
            self._sender.close()
        self._receiver = self._sender = None

    def _join(self) -> None:
        self._leave()
        try:
            self._receiver = open_receiver(self._discovery)
            self._sender = open_sender(self._discovery)
        except OSError as error:
            self._rejoin_later(error)
            return
        self._around.reactor.watch(self._receiver.fileno(), zmq.POLLIN, Watch('discovery', self._receive, self._join))
        self._heard_myself = time.monotonic()
        self._quick = 0
        self._beat()

    def _rejoin_later(self, error: OSError) -> None:
        """The rest of the bus goes on."""
        interface = self._discovery.interface
        where = f'{self.place} on interface {interface}' if interface else self.place
        remedy = (f'give the address of an interface of this host instead of {interface}' if interface
                  else 'add a route for it, or set multicast_interface')
        self._report('join', f'the discovery cannot use the multicast group {where}: {error.strerror}. Correct '
                             f'multicast_group, or {remedy}; trying again until it works')
        self._leave()
        self._tell(False)
        self._next = self._around.reactor.after(self._retry, self._join)
        self._retry = min(2 * self._retry, RETRY_MAX)

    # -- speaking
    def _beat(self) -> None:
        # the next one first: whatever this one raises, the beacons go on
        self._next = self._around.reactor.after(self._pause(), self._beat)
        if time.monotonic() - self._heard_myself > DEAF_AFTER and not self._mute:
            self._report('deaf', f'no beacon of this instance comes back from {self.place} in {DEAF_AFTER:.0f} s: '
                                 f'check the network, its firewall and multicast_interface; joining the group again')
            self._join()
        else:
            self._send()

    def _pause(self) -> float:
        if self._quick < len(QUICK):
            self._quick += 1
            return QUICK[self._quick - 1]
        return PERIOD * random.uniform(1 - JITTER, 1 + JITTER)

    def _reply(self) -> None:
        """To an instance that has just come: it shall not wait for our next beacon."""
        if self._answer is None:
            earliest = max(0.0, self._answered + ANSWER_PAUSE - time.monotonic())
            self._answer = self._around.reactor.after(earliest + random.uniform(0, ANSWER_DELAY), self._send_reply)

    def _send_reply(self) -> None:
        self._answer = None
        self._answered = time.monotonic()
        self._send()

    def _send(self) -> None:
        if self._sender is None:
            return
        if self._mute:
            self._tell(False)
            return
        try:
            self._sender.sendto(self._datagram, (self._discovery.group, self._discovery.port))
        except OSError as error:
            self._around.counters.beacons_unsent += 1
            self._report('send', f'a beacon could not be sent to {self.place}: {error.strerror}. Check the network, '
                                 f'its firewall and multicast_interface')
            self._tell(False)
        else:
            self._around.counters.beacons_out += 1
            self._tell(True)

    # -- listening
    def _receive(self) -> None:
        assert self._receiver is not None
        for _ in range(BATCH):
            try:
                datagram = self._receiver.recv(MAX_DATAGRAM + 1)  # one more: what is too long must show
            except BlockingIOError:
                return
            except OSError as error:
                self._rejoin_later(error)
                return
            try:
                self._heard(unseal(datagram, self._key))
            except NotABeacon as refused:
                self._refuse(refused)

    def _heard(self, beacon: Beacon) -> None:
        counters, now = self._around.counters, time.monotonic()
        if beacon.boot == self._beacon.boot:
            self._heard_myself = now
            self._retry = RETRY_FIRST
            return
        counters.beacons_in += 1
        if beacon.identifier == self._beacon.identifier:
            counters.beacons_namesake += 1
            self._report('namesake', f'another instance on {self.place} calls itself {beacon.identifier}, as this one '
                                     f'does: give each its own host name or HTTP port, or set local_identifier')
            return
        meeting = self._known.meet(beacon.identifier, beacon.boot, now)
        if meeting is None:
            counters.beacons_overflow += 1
            self._report('overflow', f'more than {len(self._known)} instances are announced on {self.place}: set '
                                     f'secret_file, so that only yours are heard')
            return
        if meeting.first:
            self._reply()
        if meeting.tell:
            self._around.discovered(beacon)

    def _refuse(self, refused: NotABeacon) -> None:
        name = refused.fault.value
        setattr(self._around.counters, name, getattr(self._around.counters, name) + 1)
        self._report(name, COMPLAINTS[refused.fault].format(why=refused, place=self.place))

    def _tell(self, joined: bool) -> None:
        if joined is not self._joined:
            self._joined = joined
            self._around.joined(joined)

    def _report(self, topic: str, sentence: str) -> None:
        self._around.report(f'discovery: {topic}', sentence)
