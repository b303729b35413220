"""What the main thread sees of the bus. Nothing here ever waits, but `close`."""
from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import attrs
import msgspec
import zmq

from supvisors.bus import sockets
from supvisors.bus.counters import Counters
from supvisors.bus.inbox import Inbox, Received
from supvisors.bus.lookup import CALLER
from supvisors.bus.mailbox import Mailbox
from supvisors.bus.multicast import Discovery
from supvisors.bus.problems import Problems
from supvisors.bus.switchboard import Settings, Switchboard
from supvisors.bus.timer import Timers
from supvisors.bus.wire import Description, encode
from supvisors.engine.messages import Envelope
from supvisors.model.identity import Identity

BACKLOG = 10_000
"""Calls that the bus thread has not taken yet. It takes thousands in a millisecond: more means that it is stuck."""
MAX_PEERS = 1000
"""Each takes three of `sockets.MAX_SOCKETS`. Far above any cluster; discovery without a secret adds whoever says so."""


class Bus:
    """Messages between this instance and its peers.

    Made at any time. It owns a thread and sockets between `start` and `close` only: supervisord forks when it
    daemonises, and closes descriptors when it reloads. All methods are for the main thread.
    """

    def __init__(self, local: Identity, peers: Sequence[Identity], boot: str, secret: str, wake: Callable[[], None],
                 bind_host: str, bus_port: int = 0, advertised_host: str = '', discovery: Discovery | None = None,
                 release: str = '') -> None:
        """`wake` is called by the bus thread: it must not wait. `bind_host`: that of the HTTP server ('' for all).

        `discovery`: where beacons are sent and heard; None for a list that never changes. `release`: the version of
        this package.
        """
        self.counters = Counters()
        self._local = local
        self._discovery = discovery
        self._description = Description(local.identifier, boot, 0, advertised_host, release=release)
        self._peers = {peer.identifier: peer for peer in peers if peer.identifier != local.identifier}
        self._listed = frozenset(self._peers)
        self._secret = secret
        self._call_wake = wake
        self._bind = bind_host, bus_port
        self._alive = time.monotonic()
        self._inbox = Inbox(self._wake, self.counters)
        self._timers = Timers()
        self._problems = Problems()
        self._mailbox: Mailbox | None = None
        self._switchboard: Switchboard | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Bind and start the thread. OSError: the port cannot be bound; RuntimeError: pyzmq has no CURVE."""
        if self._thread is not None:
            raise RuntimeError('the bus is started already')
        if self._secret and not zmq.has('curve'):
            raise RuntimeError('this pyzmq was built without CURVE: install the wheel of PyPI')
        host, port = self._bind
        try:
            listener = sockets.open_listener(host, port)
        except OSError as error:
            raise OSError(error.errno, f'the bus cannot listen at {host or "*"}:{port}: {error.strerror}') from error
        self._description = msgspec.structs.replace(self._description, port=listener.getsockname()[1])
        self._alive = time.monotonic()
        mailbox = Mailbox()
        settings = Settings(self._local, self._description, tuple(self._peers.values()), self._listed, self._secret,
                            self._wake, self.loop_age, self._discovery)
        switchboard = Switchboard(settings, listener, mailbox, self._inbox, self._timers, self.counters, self._problems)
        # a daemon: should it ever outlive `close`, it must not keep the process alive
        thread = threading.Thread(target=switchboard.run, name='supvisors-bus', daemon=True)
        try:
            thread.start()
        except RuntimeError:
            mailbox.close()
            listener.close()
            raise
        self._mailbox, self._switchboard, self._thread = mailbox, switchboard, thread

    def close(self, timeout: float = 2.0) -> None:
        """Send what can still be sent, and let go of everything, in this time at most. What was not drained is lost."""
        thread, self._thread = self._thread, None
        mailbox, self._mailbox = self._mailbox, None
        switchboard, self._switchboard = self._switchboard, None
        if thread is None or mailbox is None or switchboard is None:
            return
        deadline = time.monotonic() + timeout
        mailbox.post(switchboard.stop)
        thread.join(timeout)
        switchboard.resolver.join(max(0.0, deadline - time.monotonic()))
        self._description = msgspec.structs.replace(self._description, port=0)
        self._inbox = Inbox(self._wake, self.counters)

    def description(self, query: Mapping[str, str] | None = None) -> dict[str, str | int]:
        """The JSON answer of `GET /supvisors/bus`; nothing of it is secret. Port 0: the bus is not started.

        A query that says who asks is told whether we would hear it (`knows`).
        """
        answer = msgspec.structs.asdict(self._description)
        caller = (query or {}).get(CALLER)
        return answer if caller is None else {**answer, 'knows': self._knows(caller)}

    def _knows(self, caller: str) -> bool:
        if caller in self._peers or self._discovery is not None:
            return True
        self._problems.add('caller', f'{caller[:80]!r} wants to join this instance, and is not in its supvisors_list: '
                                     f'use the same list everywhere')
        return False

    def add_peer(self, peer: Identity) -> None:
        """Link to one more instance, before or after `start`; nothing happens when it is linked already.

        It was discovered: unlike those of the configuration, it is tried in its turn until it was reached (`Trials`).
        """
        if peer.identifier in self._peers or peer.identifier == self._local.identifier:
            return
        if len(self._peers) >= MAX_PEERS:
            self._problems.add('peers', f'{peer.identifier} is not linked: the bus has {MAX_PEERS} peers. If they do '
                                        f'not exist, set secret_file, so that only your instances are discovered')
            return
        self._peers[peer.identifier] = peer
        if self._mailbox is not None and self._switchboard is not None:
            self._mailbox.post(self._switchboard.add_peer, peer)

    def send(self, to: Sequence[str], envelope: Envelope) -> None:
        """Send to these identifiers; dropped without a word, but counted, where the link is not up."""
        mailbox, switchboard = self._mailbox, self._switchboard
        if mailbox is None or switchboard is None:
            self.counters.backlog += len(to)
            return
        switchboard.said = envelope
        if len(mailbox) >= BACKLOG:
            self.counters.backlog += len(to)
            return
        data = encode(msgspec.structs.replace(envelope, bus_port=self._description.port))
        mailbox.post(switchboard.forward, tuple(to), data)

    def set_beat(self, to: Sequence[str], envelope: Envelope) -> None:
        """Send this heartbeat now and each second, with fresh times and the age of the main loop, until the next."""
        if self._mailbox is not None and self._switchboard is not None:
            self._switchboard.said = envelope
            self._mailbox.post(self._switchboard.set_beat, tuple(to), envelope)

    def probe_tcp(self, identifier: str) -> None:
        """Answered by `TcpProbed`."""
        if self._mailbox is not None and self._switchboard is not None and identifier in self._peers:
            self._mailbox.post(self._switchboard.probe, self._peers[identifier])

    def wake_at(self, mono: float) -> None:
        if self._timers.add(mono) and self._mailbox is not None:
            self._mailbox.nudge()

    def main_loop_alive(self) -> None:
        self._alive = time.monotonic()

    def _wake(self) -> None:
        # closed under our feet, or full: the main loop is about to end, or awake already
        with contextlib.suppress(Exception):
            self._call_wake()

    def loop_age(self) -> float:
        return time.monotonic() - self._alive

    def drain(self, limit: int) -> list[tuple[Received, float]]:
        """What has arrived, oldest first, with the monotonic time of each. Fewer than `limit`: there is no more.

        `wake` is called when the queue stops being empty, and not again before it has been: drain it until it is.
        """
        return self._inbox.drain(limit)

    def problems(self) -> list[str]:
        """Sentences for the log since the last call; at most one per topic and minute. `wake` announces them."""
        return self._problems.take()

    def statistics(self) -> dict[str, int]:
        return attrs.asdict(self.counters)
