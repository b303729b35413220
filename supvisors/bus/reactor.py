"""The loop of the bus thread: sockets and alarms, whose handlers may fail without stopping it."""
from __future__ import annotations

import heapq
import itertools
import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Union

import zmq

Source = Union['zmq.Socket[bytes]', int]
Failed = Callable[[str, Exception], None]

REPAIR_DELAY = 1.0


class Alarm:
    """A call to come, that can be cancelled."""
    __slots__ = ('action', 'cancelled')

    def __init__(self, action: Callable[[], None]) -> None:
        self.action = action
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Watch(NamedTuple):
    """What to do when a source is ready, and how to rebuild it when that raises."""
    name: str
    handle: Callable[[], None]
    repair: Callable[[], None]


class Reactor:
    def __init__(self, failed: Failed) -> None:
        self._failed = failed
        self._poller = zmq.Poller()
        self._watches: dict[Any, Watch] = {}
        self._alarms: list[tuple[float, int, Alarm]] = []
        self._numbers = itertools.count()

    def watch(self, source: Source, flags: int, watch: Watch) -> None:
        """`source` is a ZeroMQ socket or a file descriptor; watching it again replaces flags and handlers."""
        self._poller.register(source, flags)
        self._watches[source] = watch

    def unwatch(self, source: Source) -> None:
        if self._watches.pop(source, None) is not None:
            self._poller.unregister(source)

    def forget(self) -> None:
        """Watch nothing any more; the alarms stay."""
        self._poller = zmq.Poller()
        self._watches.clear()

    def at(self, mono: float, action: Callable[[], None]) -> Alarm:
        alarm = Alarm(action)
        heapq.heappush(self._alarms, (mono, next(self._numbers), alarm))
        return alarm

    def after(self, delay: float, action: Callable[[], None]) -> Alarm:
        return self.at(time.monotonic() + delay, action)

    def turn(self, latest: float | None = None) -> None:
        """Wait for something to do, at most until `latest`, and do it."""
        for source, _ in self._poller.poll(self._timeout(latest)):
            watch = self._watches.get(source)
            if watch is not None:  # else an earlier handler of this turn has closed it
                self._run(watch)
        now = time.monotonic()
        while self._alarms and (self._alarms[0][0] <= now or self._alarms[0][2].cancelled):
            alarm = heapq.heappop(self._alarms)[2]
            if not alarm.cancelled:
                self.guard('alarm', alarm.action)

    def guard(self, name: str, action: Callable[[], None]) -> bool:
        """Return False if the action has raised; it is recorded."""
        try:
            action()
        except Exception as error:
            self._failed(name, error)
            return False
        return True

    def _run(self, watch: Watch) -> None:
        if not self.guard(watch.name, watch.handle):
            self._repair(watch)

    def _repair(self, watch: Watch) -> None:
        if not self.guard(f'{watch.name} (repair)', watch.repair):
            self.after(REPAIR_DELAY, lambda: self._repair(watch))

    def _timeout(self, latest: float | None) -> int | None:
        times = [mono for mono in (latest, self._alarms[0][0] if self._alarms else None) if mono is not None]
        if not times:
            return None
        # rounded up: rounded down the loop would turn for nothing during the last millisecond
        return max(0, math.ceil((min(times) - time.monotonic()) * 1000))
