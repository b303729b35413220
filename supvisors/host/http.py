"""Supervisord's HTTP servers: their addresses, their speed, and the answers that wait for something."""
from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from supervisor.compat import as_bytes
from supervisor.http import deferring_http_channel
from supervisor.medusa import asyncore_25 as asyncore
from supervisor.web import DeferredWebProducer
from supervisor.xmlrpc import DeferredXMLRPCResponse

_DEFERRED = (DeferredXMLRPCResponse, DeferredWebProducer)
_LONGEST_WAIT = 1.0
MAX_HEAD = 64 * 1024
MAX_BODY = 8 * 1024 * 1024
"""Of a request, in bytes: supervisord itself would keep whatever is sent, without asking for a password first."""
_DOCTYPE = b'<!DOCTYPE'


class HostError(ValueError):
    """supervisord is not configured as Supvisors needs it."""


def inet_config(options: Any) -> dict[str, Any]:
    """The first inet server of the configuration."""
    for config in options.server_configs:
        if config['family'] == socket.AF_INET:
            return dict(config)
    raise HostError('Supvisors needs an [inet_http_server] section in the configuration of supervisord, '
                    'reachable from the other instances: for example [inet_http_server] with port=:60000')


def inet_address(options: Any) -> tuple[str, int]:
    """Host and port; an empty host means all interfaces."""
    config = inet_config(options)
    return config['host'], config['port']


def credentials(options: Any) -> tuple[str, str]:
    """User name and password; empty when there is none."""
    config = inet_config(options)
    return config['username'] or '', config['password'] or ''


def servers(options: Any, *families: int) -> Iterator[Any]:
    """The servers, of these families only if some are given. There are none before supervisord is RUNNING."""
    for config, server in options.httpservers:
        if not families or config['family'] in families:
            yield server


class Channel(deferring_http_channel):  # type: ignore[misc]
    """Sends more than 4 kB at once, and does not call a deferred answer without a delay in an endless rush.

    `supervisor.stopProcess` is such an answer: supervisord uses a whole processor until the process has stopped.
    """
    ac_out_buffer_size = 65536
    delay: float = 0
    _received = 0
    """Bytes of the head or the body that is being read."""
    _in_body = False
    _whole = False
    """The present request has been read; its answer is waited for."""
    _given_up = False

    def collect_incoming_data(self, data: bytes) -> None:
        if self._waits_to_answer():
            # supervisord would add it to the body, and read that again. A line end after the body is harmless
            if data.strip():
                self._give_up()
            return
        in_body = self.current_request is not None
        if in_body != self._in_body:
            self._in_body, self._received = in_body, 0
        self._received += len(data)
        if self._received > (MAX_BODY if in_body else MAX_HEAD):
            self._give_up()
        if not self._given_up:
            super().collect_incoming_data(data)

    def found_terminator(self) -> None:
        # medusa goes through what it has read to its end, even when the channel is closed meanwhile
        if self._given_up or self._waits_to_answer():
            return
        in_body = self.current_request is not None
        if not in_body:
            # the next head begins after this one
            self._received = 0
        elif _declares_a_type(self.current_request):
            self.set_terminator(b'\r\n\r\n')
            self.current_request.error(400)
            return
        super().found_terminator()
        self._whole = in_body or getattr(self.current_request, 'collector', None) is None

    def _waits_to_answer(self) -> bool:
        return self._whole and self.current_request is not None

    def _give_up(self) -> None:
        """Not answered: who sends without end does not read."""
        self._given_up = True
        self.close()

    def push_with_producer(self, producer: Any) -> None:
        if isinstance(producer, DeferredXMLRPCResponse):
            # supervisord tells the number of characters as length, and sends bytes: give it bytes
            respond = producer.getresponse
            producer.getresponse = lambda body: respond(as_bytes(body))
        super().push_with_producer(producer)

    def refill_buffer(self) -> None:
        super().refill_buffer()
        if not self.delay and _waits(self):
            # `release_answers` makes it shorter
            self.delay = _LONGEST_WAIT


def _declares_a_type(request: Any) -> bool:
    """Its entities would become hundreds of megabytes, and hold the loop meanwhile; XML-RPC has none."""
    collector = getattr(request, 'collector', None)
    return collector is not None and _DOCTYPE in b''.join(collector.data)


def speed_up(options: Any) -> None:
    for server in servers(options):
        server.channel_class = Channel
    for server in servers(options, socket.AF_INET):
        # Linux hands it down to the accepted sockets
        server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def release_answers() -> None:
    """Have the deferred answers called at the next pass of the loop, whatever their delay."""
    for channel in list(asyncore.socket_map.values()):
        if isinstance(channel, deferring_http_channel) and _waits(channel):
            channel.last_writable_check = 0


def _waits(channel: Any) -> bool:
    producers = channel.producer_fifo
    return not producers.is_empty() and isinstance(producers.first(), _DEFERRED) and not producers.first().finished
