"""One ZeroMQ connection to a peer, and the monitor that tells what becomes of it."""
from __future__ import annotations

from collections.abc import Callable

import zmq

from supvisors.bus import sockets
from supvisors.bus.keys import Keys
from supvisors.bus.reactor import Reactor, Watch


class Connection:
    """Made anew for each attempt that must be fresh: ZeroMQ gives up for good after a refused handshake.

    `told` gets the events of `sockets.LINK_EVENTS`, none after `close`.
    """

    def __init__(self, context: zmq.Context[sockets.Sock], reactor: Reactor, keys: Keys | None, name: str,
                 endpoint: str, told: Callable[[int], None], repair: Callable[[], None]) -> None:
        self._reactor = reactor
        self._told = told
        self._closed = False
        self._socket = sockets.open_link(context, keys)
        try:
            self._monitor = sockets.open_monitor(context, self._socket, name, sockets.LINK_EVENTS)
        except BaseException:
            self._socket.close(0)
            raise
        reactor.watch(self._monitor, zmq.POLLIN, Watch(name, self._read, repair))
        try:
            self._socket.connect(endpoint)
        except BaseException:
            self.close()
            raise

    def send(self, frame: zmq.Frame) -> bool:
        """Never waits; False when the frame could not go."""
        if self._try_send(frame):
            return True
        # libzmq may not have read its own mail, where a new connection is announced: reading EVENTS makes it do so
        return bool(self._socket.poll(0, zmq.POLLOUT)) and self._try_send(frame)

    def close(self) -> None:
        self._leave()
        sockets.close_monitored(self._socket, self._monitor)

    def flush(self, linger: int) -> sockets.Sock:
        """Close, sending what was queued during `linger` ms; return the monitor, which tells the end of it."""
        self._leave()
        self._socket.close(linger)
        return self._monitor

    def _leave(self) -> None:
        self._closed = True
        self._reactor.unwatch(self._monitor)

    def _try_send(self, frame: zmq.Frame) -> bool:
        try:
            self._socket.send(frame, zmq.DONTWAIT, copy=False)
        except zmq.Again:
            return False
        return True

    def _read(self) -> None:
        for event in sockets.read_monitor(self._monitor):
            self._told(event)
            if self._closed:
                return
