"""Names to numeric addresses, away from the bus thread: a name server may take many seconds to stay silent."""
from __future__ import annotations

import socket
import threading
from collections import OrderedDict, deque
from collections.abc import Callable

from supvisors.bus.mailbox import Mailbox

Resolved = Callable[[tuple[str, ...]], None]

LIMIT = 8
"""Threads: one name that hangs must not hold back those that /etc/hosts answers at once."""
NAMES = 4096
"""Waited for, or remembered: peers say where their bus is, and could say something else each time."""


def is_numeric(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)  # does not ask anybody
    except (OSError, ValueError):  # ValueError: what is no host name at all, such as a label of 64 letters
        return False
    return True


class Resolver:
    """`resolve` is called by the bus thread and answers there. Threads live only while there are names to look up."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._lock = threading.Lock()
        self._todo: deque[str] = deque()
        self._threads: set[threading.Thread] = set()
        self._waiting: dict[str, list[Resolved]] = {}
        self._known: OrderedDict[str, tuple[str, ...]] = OrderedDict()  # the one resolved last is the last

    def resolve(self, host: str, done: Resolved) -> None:
        """`done` gets the addresses, none when the name is not known; at once when the host is numeric."""
        if is_numeric(host):
            done((host,))
            return
        if len(self._waiting) >= NAMES and host not in self._waiting:
            done(self.known(host))
            return
        waiting = self._waiting.setdefault(host, [])
        waiting.append(done)
        if len(waiting) == 1:
            self._submit(host)

    def known(self, host: str) -> tuple[str, ...]:
        """What is known without asking."""
        return (host,) if is_numeric(host) else self._known.get(host, ())

    def join(self, timeout: float) -> None:
        """Wait for the last names; the threads are daemons, so one that hangs is left behind."""
        with self._lock:
            self._todo.clear()
            threads = list(self._threads)
        for thread in threads:
            thread.join(timeout / len(threads))

    def _submit(self, host: str) -> None:
        with self._lock:
            self._todo.append(host)
            if len(self._threads) >= LIMIT:
                return
            thread = threading.Thread(target=self._work, name='supvisors-names', daemon=True)
            self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._todo:
                    self._threads.discard(threading.current_thread())
                    return
                host = self._todo.popleft()
            self._mailbox.post(self._resolved, host, _ask(host))

    def _resolved(self, host: str, addresses: tuple[str, ...]) -> None:
        # the last answer serves when the name server is down: addresses seldom change
        addresses = addresses or self._known.get(host, ())
        if addresses:
            self._known[host] = addresses
            self._known.move_to_end(host)
            if len(self._known) > NAMES:
                self._known.popitem(last=False)
        for done in self._waiting.pop(host, ()):
            done(addresses)


def _ask(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
