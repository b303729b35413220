"""A plugin of supervisord that only holds a `Host`: it records what it is told and lets the tests look at it."""
from __future__ import annotations

import heapq
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import attrs
from supervisor.http import NOT_DONE_YET

from supvisors.host import Host, register_faults
from supvisors.model.process import ProcessRecord

PATH = '/probe/hello'


class Timer:
    """The clock that the bus thread is for the real plugin."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = lambda: None
        self.deadlines: list[float] = []
        self.condition = threading.Condition()
        self.stopped = False
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        # not before: daemonising marks as stopped the thread objects made so far, even those not started
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def wake_at(self, mono: float) -> None:
        with self.condition:
            heapq.heappush(self.deadlines, mono)
            self.condition.notify()

    def run(self) -> None:
        with self.condition:
            while not self.stopped:
                now = time.monotonic()
                if self.deadlines and self.deadlines[0] <= now:
                    heapq.heappop(self.deadlines)
                    self.wake()
                else:
                    self.condition.wait(self.deadlines[0] - now if self.deadlines else None)

    def stop(self) -> None:
        with self.condition:
            self.stopped = True
            self.condition.notify()
        if self.thread is not None:
            self.thread.join(2)


class Recorder:
    """The callbacks. What must outlive the daemon also goes to a file, opened and closed for each line."""

    def __init__(self, journal: str) -> None:
        self.journal = journal
        self.timer = Timer()
        self.calls: list[list[Any]] = []
        self.turns = 0
        self.turned = threading.Event()
        self.closed = False
        self.failing = ''
        self.host: Host
        self.supervisord: Any

    def note(self, *call: Any) -> None:
        self.calls.append(list(call))
        if call[0] != 'HostTick':
            with open(self.journal, 'a') as file:
                print(os.getpid(), *call, file=file)
        if self.failing == call[0]:
            self.failing = ''
            raise RuntimeError(f'planted in {call[0]}')

    def ready(self, records: tuple[ProcessRecord, ...]) -> None:
        self.timer.wake = self.host.wake
        self.timer.start()
        self.note('ready', len(records))

    def observe(self, event: Any) -> None:
        record = getattr(event, 'record', None)
        if record is not None:
            self.note('changed', record.namespec, record.state, record.expected, record.pid)
        else:
            self.note(type(event).__name__, getattr(event, 'namespec', ''))

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        record = self.host.record(namespec)
        self.note('adopt', start, namespec, extra_args, record and record.state)

    def turn(self) -> None:
        self.turns += 1
        self.turned.set()

    def leaving(self) -> None:
        self.note('leaving')

    def closing(self) -> None:
        self.timer.stop()
        self.closed = True
        self.turned.set()
        self.note('closing', *(record.namespec for record in self.host.records() if not record.stopped))


class Probe:
    """The RPC namespace. Only the methods of its class are served, and only those without an underscore."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def calls(self) -> list[list[Any]]:
        """All that the callbacks were told.

        @return array result The calls
        """
        return self._recorder.calls

    def turns(self) -> int:
        return self._recorder.turns

    def fail(self, call: str) -> bool:
        self._recorder.failing = call
        return True

    def order(self, start: bool, namespec: str, extra_args: str) -> list[Any]:
        host = self._recorder.host
        return list(host.start(namespec, extra_args) if start else host.stop(namespec))

    def record(self, namespec: str) -> Any:
        record = self._recorder.host.record(namespec)
        return attrs.asdict(record) if record else False

    def records(self) -> list[str]:
        return [record.namespec for record in self._recorder.host.records()]

    def addresses(self) -> list[list[Any]]:
        return [list(self._recorder.host.inet_address()), list(self._recorder.host.credentials())]

    def leave(self, restart: bool) -> bool:
        (self._recorder.host.restart if restart else self._recorder.host.shutdown)()
        return True

    def break_loop(self) -> bool:
        """Make supervisord's loop end by an exception at its next pass."""
        self._recorder.supervisord.process_groups['one'].transition = None
        return True

    def threads(self) -> int:
        return threading.active_count()

    def wake_ups(self, number: int) -> Any:
        """From a thread, wake the loop and wait for the turn, again and again; the answer is deferred for ever."""
        served = []

        def work() -> None:
            for _ in range(number):
                self._recorder.turned.clear()
                self._recorder.host.wake()
                if not self._recorder.turned.wait(60) or self._recorder.closed:
                    break
                served.append(1)
            done.set()
            self._recorder.host.answer_ready()

        def answer() -> Any:
            return len(served) if done.is_set() else NOT_DONE_YET

        done = threading.Event()
        answer.delay = 3600  # type: ignore[attr-defined]
        threading.Thread(target=work, daemon=True).start()
        return answer


def make_probe(supervisord: Any, journal: str) -> Probe:
    with open(journal, 'a') as file:
        print(os.getpid(), 'factory', file=file)
    recorder = getattr(supervisord, 'probe_recorder', None)
    if recorder is None:
        register_faults()
        threads = threading.active_count()
        recorder = supervisord.probe_recorder = Recorder(journal)
        recorder.supervisord = supervisord
        recorder.host = Host(supervisord, recorder, recorder.timer.wake_at)
        recorder.host.add_http_route(PATH, lambda query: {'turns': recorder.turns, 'pid': os.getpid()})
        assert threading.active_count() == threads
    return Probe(recorder)
