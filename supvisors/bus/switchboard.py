"""The bus thread: owns every socket, and carries what comes in to the inbox and what goes out to the links."""
from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import zmq

from supvisors.bus import keys, sockets
from supvisors.bus.beacon import Beacon
from supvisors.bus.beat import Beat
from supvisors.bus.counters import Counters
from supvisors.bus.discovery import Discoverer, Surroundings
from supvisors.bus.inbox import Inbox
from supvisors.bus.links import Link, Office
from supvisors.bus.mailbox import Mailbox
from supvisors.bus.multicast import Discovery
from supvisors.bus.probe import Probe
from supvisors.bus.problems import Problems
from supvisors.bus.reactor import Reactor, Watch
from supvisors.bus.resolver import Resolver
from supvisors.bus.strays import count_strays
from supvisors.bus.timer import Timers
from supvisors.bus.trials import Place, Trials
from supvisors.bus.wire import MAX_FRAME, Description, Fault, Rejected, decode, encode, encode_description
from supvisors.bus.zap import Doorkeeper
from supvisors.engine.events import Discovered, DiscoveryJoined, TcpProbed
from supvisors.engine.messages import Envelope, Ping, Pong
from supvisors.model.identity import Identity, Incarnation

BATCH = 200
"""Frames read before anything else gets its turn."""
REOPEN_DELAY = 1.0
FROM_BEACONS = ''
"""Stands for all senders of beacons in the inbox: their number has no bound."""
FROM_GROUP = 'group'
"""Another one, for what no number of beacons may push out of the inbox."""

COUNTED = {
    Fault.MALFORMED: 'malformed',
    Fault.VERSION: 'other_version',
    Fault.KIND: 'unknown_kind',
}


class Settings(NamedTuple):
    local: Identity
    description: Description
    """Ours."""
    peers: tuple[Identity, ...]
    listed: frozenset[str]
    """Identifiers of the peers that the configuration gives; the others were discovered."""
    secret: str
    wake: Callable[[], None]
    """Never raises."""
    loop_age: Callable[[], float]
    discovery: Discovery | None


class Switchboard:
    """Built by the main thread; everything else but `said` runs in the bus thread."""

    def __init__(self, settings: Settings, listener: socket.socket, mailbox: Mailbox, inbox: Inbox, timers: Timers,
                 counters: Counters, problems: Problems) -> None:
        self.said: Envelope | None = None
        """What the engine said last: a Pong is made of it. Set by the main thread."""
        self.resolver = Resolver(mailbox)
        self._settings = settings
        self._listener = listener
        self._mailbox = mailbox
        self._inbox = inbox
        self._timers = timers
        self._counters = counters
        self._problems = problems
        self._reactor = Reactor(self._failed)
        self._beat = Beat(self._reactor, settings.loop_age, self._say)
        self._keys: keys.Keys | None = None
        self._context: zmq.Context[sockets.Sock] | None = None
        self._inbound: sockets.Sock | None = None
        self._inbound_made = 0
        self._inbound_monitor: sockets.Sock | None = None
        self._zap: sockets.Sock | None = None
        self._peers = {peer.identifier: peer for peer in settings.peers}
        self._office: Office | None = None
        self._links: dict[str, Link] = {}
        self._trials = Trials(self._reactor)
        self._releases: dict[str, str] = {}
        """What each peer runs, by its last description; as many as peers."""
        self._discoverer: Discoverer | None = None
        self._stopping = False

    # -- the thread
    def run(self) -> None:
        # signals must interrupt the main loop, not this thread
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._start()
            while not self._stopping:
                self._turn()
        finally:
            self._reactor.guard('close', self._close)
            self._listener.close()
            self._mailbox.close()

    def stop(self) -> None:
        self._stopping = True

    def _turn(self) -> None:
        try:
            self._reactor.turn(self._timers.next())
        except Exception as error:  # the poll itself: one of its sockets is broken, and does not say which
            self._failed('poll', error)
            time.sleep(0.1)
            self._abandon()
            self._start()
        if self._timers.expire(time.monotonic()):
            self._settings.wake()

    def _start(self) -> None:
        self._reactor.watch(self._mailbox.fd, zmq.POLLIN, Watch('mailbox', self._collect, self._nothing))
        if not self._reactor.guard('open', self._open):
            # no descriptor or no memory left: it may pass
            self._abandon(keep_mailbox=True)
            self._reactor.after(REOPEN_DELAY, self._start)

    def _open(self) -> None:
        settings = self._settings
        if settings.secret and self._keys is None:
            self._keys = keys.derive(settings.secret)
        context: zmq.Context[sockets.Sock] = zmq.Context()
        self._context = context
        context.set(zmq.MAX_SOCKETS, sockets.MAX_SOCKETS)
        self._open_zap()
        self._open_inbound()
        self._office = Office(settings.local.identifier, context, self._reactor, self.resolver, self._keys,
                              self._counters, encode_description(settings.description), self._inbox.put)
        for peer in self._peers.values():
            self._link(peer, self._office)
        self._open_discovery()

    def _link(self, peer: Identity, office: Office) -> None:
        identifier = peer.identifier
        link = self._links[identifier] = Link(peer, office, len(self._links),
                                              lambda reached: self._trials.outcome(identifier, reached))
        if identifier in self._settings.listed:
            link.start()
        else:
            self._trials.add(identifier, link)

    def _open_discovery(self) -> None:
        if self._settings.discovery is None:
            return
        if self._discoverer is None:
            local, mine = self._settings.local, self._settings.description
            beacon = Beacon(local.identifier, local.host_id, local.port, mine.boot, local.nick, local.stereotypes,
                            mine.port, mine.host)
            self._discoverer = Discoverer(
                self._settings.discovery, beacon, keys.derive_beacon_key(self._settings.secret),
                Surroundings(self._reactor, self._counters, self._report, self._discovered, self._group_joined))
        self._discoverer.open()

    def _open_zap(self) -> None:
        if self._keys is None:
            return
        assert self._context is not None
        if self._zap is not None:
            self._reactor.unwatch(self._zap)
            with contextlib.suppress(zmq.ZMQError):
                self._zap.unbind(sockets.ZAP_ENDPOINT)
            self._zap.close(0)
        self._zap = sockets.open_zap(self._context)
        doorkeeper = Doorkeeper(self._zap, self._keys)
        self._reactor.watch(self._zap, zmq.POLLIN, Watch('authentication', doorkeeper.handle, self._open_zap))

    def _open_inbound(self) -> None:
        assert self._context is not None
        self._close_inbound()
        self._inbound = sockets.open_inbound(self._context, self._listener, self._keys)
        self._inbound_made += 1
        self._inbound_monitor = sockets.open_monitor(self._context, self._inbound, f'inbound-{self._inbound_made}',
                                                     sockets.INBOUND_EVENTS)
        self._reactor.watch(self._inbound, zmq.POLLIN, Watch('inbound', self._receive, self._open_inbound))
        self._reactor.watch(self._inbound_monitor, zmq.POLLIN, Watch('inbound', self._watched, self._open_inbound))

    def _close_inbound(self) -> None:
        for sock in (self._inbound, self._inbound_monitor):
            if sock is not None:
                self._reactor.unwatch(sock)
        if self._inbound is not None and self._inbound_monitor is not None:
            sockets.close_monitored(self._inbound, self._inbound_monitor)
        elif self._inbound is not None:
            self._inbound.close(0)
        self._inbound = self._inbound_monitor = None

    # -- from the main thread, through the mailbox
    def forward(self, to: Sequence[str], data: bytes) -> None:
        size = len(data)
        if size > MAX_FRAME:
            self._counters.overflow_out += len(to)
            self._report('size', f'a message of {size} bytes was not sent: the bus carries {MAX_FRAME} at most')
            return
        # copied once, then shared by all links: copy=False here would start a thread of pyzmq's own
        frame = zmq.Frame(data, copy=True)
        for identifier in to:
            link = self._links.get(identifier)
            if link is None:
                self._counters.unlinked += 1
            else:
                self._guard_link(link, frame, size)

    def set_beat(self, to: Sequence[str], envelope: Envelope) -> None:
        self._beat.set(to, envelope)

    def add_peer(self, peer: Identity) -> None:
        if peer.identifier in self._peers:
            return
        self._peers[peer.identifier] = peer
        if self._office is not None:  # else it will be linked with the others
            self._link(peer, self._office)

    def probe(self, peer: Identity) -> None:
        def probed(refused: bool) -> None:
            self._inbox.put(peer.identifier, TcpProbed(peer.identifier, refused))

        Probe(self._reactor, self.resolver, peer, probed)

    def _guard_link(self, link: Link, frame: zmq.Frame, size: int) -> None:
        # one broken link must not take the message from the others
        if not self._reactor.guard('send', lambda: link.send(frame, size)):
            self._reactor.guard('send (repair)', link.rebuild)

    def _collect(self) -> None:
        for call, args in self._mailbox.take():
            self._reactor.guard('mailbox', lambda call=call, args=args: call(*args))  # type: ignore[misc]

    # -- from the others
    def _receive(self) -> None:
        assert self._inbound is not None
        for _ in range(BATCH):
            try:
                frames = self._inbound.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._counters.frames_in += 1
            self._counters.bytes_in += sum(map(len, frames))
            try:
                if len(frames) != 1:
                    raise Rejected(Fault.MALFORMED, f'{len(frames)} frames instead of one')
                self._deliver(decode(frames[0]), frames[0])
            except Rejected as rejected:
                self._reject(rejected)

    def _deliver(self, content: Envelope | Description, frame: bytes) -> None:
        sender = content.identifier if isinstance(content, Description) else content.sender
        link = self._links.get(sender)
        if link is None:
            self._counters.unknown_sender += 1
            if self._settings.discovery is None:  # else its beacon may come any moment
                self._report('sender', f'messages from {sender[:80]!r} are dropped: it is not in supvisors_list')
            return
        if isinstance(content, Description):
            self._releases[sender] = content.release
        mine = self._settings.description.release
        if self._releases.get(sender, mine) != mine:
            self._counters.unknown_fields += count_strays(frame)
        if isinstance(content, Description):
            self._located(link, sender, Place(content.host, content.port, content.boot))
        else:
            self._located(link, sender, Place('', content.bus_port, content.incarnation.boot))
            if isinstance(content.body, Ping):
                self._say((sender,), self._pong(content.body.number))
            else:
                self._inbox.put(sender, content)

    def _located(self, link: Link, sender: str, place: Place) -> None:
        if self._trials.tries(sender):
            self._trials.heard(sender, place)
        else:
            link.heard(*place)

    def _discovered(self, beacon: Beacon) -> None:
        name, place = beacon.identifier, Place(beacon.bus_host, beacon.bus_port, beacon.boot)
        if self._trials.tries(name):
            self._trials.seen(name, place)
        elif name in self._links:
            self._links[name].seen(*place)
        self._inbox.put(FROM_BEACONS, Discovered(beacon.identity))

    def _group_joined(self, joined: bool) -> None:
        self._inbox.put(FROM_GROUP, DiscoveryJoined(joined))

    def _pong(self, number: int) -> Envelope:
        """Made here: an instance whose main loop hangs is still reached."""
        if self.said is not None:
            return msgspec.structs.replace(self.said, body=Pong(number), receiver=None)
        mine = self._settings.description
        return Envelope(mine.identifier, Incarnation(mine.boot, 0), 0, 0, Pong(number))

    def _say(self, to: Sequence[str], envelope: Envelope) -> None:
        self.forward(to, encode(msgspec.structs.replace(envelope, bus_port=self._settings.description.port)))

    def _reject(self, rejected: Rejected) -> None:
        name = COUNTED[rejected.fault]
        setattr(self._counters, name, getattr(self._counters, name) + 1)
        self._report(name, f'a message on the bus was dropped: {rejected}')

    def _watched(self) -> None:
        assert self._inbound_monitor is not None
        for event in sockets.read_monitor(self._inbound_monitor):
            # a hang-up without detail is not a refusal: port scanners, daemons that die
            if event in sockets.FAILURES and event != zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                self._counters.refused += 1
                self._report('refused', 'a connection to the bus was refused: it has another secret than this instance')

    # -- troubles and end
    def _failed(self, name: str, error: Exception) -> None:
        self._counters.errors += 1
        self._report(f'{name}: {type(error).__name__}', f'unexpected error in the bus thread ({name}): {error!r}')

    def _report(self, topic: str, sentence: str) -> None:
        if self._problems.add(topic, sentence):
            self._settings.wake()

    def _nothing(self) -> None:
        pass

    def _abandon(self, keep_mailbox: bool = False) -> None:
        """Drop every socket without waiting. Who the peers are is not forgotten."""
        self._reactor.forget()
        self._trials.forget()
        for link in self._links.values():
            link.close()
        self._links = {}
        self._office = None
        if self._discoverer is not None:
            self._discoverer.close()
        context, self._context = self._context, None
        self._inbound = self._inbound_monitor = self._zap = None
        if context is not None:
            context.destroy(0)
        if keep_mailbox:
            self._reactor.watch(self._mailbox.fd, zmq.POLLIN, Watch('mailbox', self._collect, self._nothing))

    def _close(self) -> None:
        """What was sent leaves first: a Bye must arrive before the others see our socket close."""
        if self._discoverer is not None:
            self._discoverer.close()
        monitors = [link.flush(sockets.LINGER) for link in self._links.values()]
        deadline = time.monotonic() + sockets.LINGER / 1000 + 0.1
        for monitor in monitors:
            if monitor is not None:
                _await_stop(monitor, deadline)
        if self._context is not None:
            self._context.destroy(0)


def _await_stop(monitor: sockets.Sock, deadline: float) -> None:
    """Wait until the socket that is watched has sent all it had, or has given up."""
    while monitor.poll(max(0, int((deadline - time.monotonic()) * 1000))):
        if zmq.EVENT_MONITOR_STOPPED in sockets.read_monitor(monitor):
            return
