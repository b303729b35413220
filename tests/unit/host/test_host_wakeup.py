from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from supervisor.medusa import asyncore_25 as asyncore

from supvisors.host.shield import Shielded
from supvisors.host.wakeup import Wakeup


class Turns:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> None:
        self.number += 1


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def wakeup(turns: Turns) -> Iterator[Wakeup]:
    wakeup = Wakeup(turns, lambda doing: nullcontext())
    wakeup.open()
    yield wakeup
    wakeup.close()


def poll() -> bool:
    """One pass of the loop over our socket."""
    fd, dispatcher = next((fd, each) for fd, each in asyncore.socket_map.items() if isinstance(each, Wakeup))
    assert dispatcher.readable() and not dispatcher.writable()
    if select.select([fd], [], [], 0)[0]:
        dispatcher.handle_read_event()
        return True
    return False


def test_wake_ups_are_coalesced(wakeup: Wakeup, turns: Turns) -> None:
    assert not poll()
    for _ in range(1000):
        wakeup.wake()
    assert poll() and not poll()
    assert turns.number == 1
    wakeup.wake()
    assert poll() and turns.number == 2


def test_no_wake_up_is_lost_among_threads(wakeup: Wakeup) -> None:
    queue: list[int] = []
    taken: list[int] = []

    def work(numbers: range) -> None:
        for number in numbers:
            queue.append(number)
            wakeup.wake()

    def turn() -> None:
        while queue:
            taken.append(queue.pop())

    wakeup._on_wake = turn
    threads = [threading.Thread(target=work, args=(range(start, 20000, 4),)) for start in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        poll()
    poll()
    assert sorted(taken) == list(range(20000))


def test_a_wake_up_during_a_turn_makes_another(wakeup: Wakeup, turns: Turns) -> None:
    def turn() -> None:
        turns()
        if turns.number == 1:
            wakeup.wake()

    wakeup._on_wake = turn
    wakeup.wake()
    assert poll() and poll() and not poll()


class Hasty:
    """A reader during whose reading a thread wakes the loop."""

    def __init__(self, reader: Any, wake: Callable[[], None], after: bool) -> None:
        self.reader, self.wake, self.after = reader, wake, after

    def recv(self, size: int) -> None:
        if not self.after:
            self.wake()
        self.reader.recv(size)
        if self.after:
            self.wake()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)


@pytest.mark.parametrize('after', [False, True])
def test_a_wake_up_during_the_reading_does_not_end_all_others(wakeup: Wakeup, turns: Turns, after: bool) -> None:
    reader = wakeup._reader
    wakeup.wake()
    wakeup._reader = Hasty(reader, wakeup.wake, after)  # type: ignore[assignment]
    assert poll()
    wakeup._reader = reader
    wakeup.wake()
    assert poll()
    assert turns.number == 2


def test_signals_wake(wakeup: Wakeup) -> None:
    former = signal.signal(signal.SIGUSR2, lambda *_: None)
    try:
        os.kill(os.getpid(), signal.SIGUSR2)
        assert poll()
    finally:
        signal.signal(signal.SIGUSR2, former)


def test_nothing_is_left_behind(turns: Turns) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    first = signal.set_wakeup_fd(writer)
    before = sorted(os.listdir('/proc/self/fd'))
    try:
        wakeup = Wakeup(turns, lambda doing: nullcontext())
        wakeup.wake()
        wakeup.close()
        for _ in range(20):
            wakeup = Wakeup(turns, lambda doing: nullcontext())
            wakeup.open()
            wakeup.close()
            wakeup.close()
            wakeup.wake()
        assert sorted(os.listdir('/proc/self/fd')) == before
        assert not any(isinstance(each, Wakeup) for each in asyncore.socket_map.values())
    finally:
        assert signal.set_wakeup_fd(first) == writer
        os.close(reader)
        os.close(writer)


def test_wake_up_descriptor_of_another_is_kept(turns: Turns) -> None:
    wakeup = Wakeup(turns, lambda doing: nullcontext())
    wakeup.open()
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        signal.set_wakeup_fd(writer)
        wakeup.close()
        assert signal.set_wakeup_fd(-1) == writer
    finally:
        os.close(reader)
        os.close(writer)


def test_an_exception_is_logged(make_supervisord: Callable[[str], Any]) -> None:
    def fail() -> None:
        raise RuntimeError('planted')

    options = make_supervisord('').options
    wakeup = Wakeup(fail, Shielded(options))
    wakeup.open()
    try:
        wakeup.wake()
        assert poll()
        try:
            raise OSError('of the loop')
        except OSError:
            wakeup.handle_error()
    finally:
        wakeup.close()
    with open(options.logfile) as file:
        log = file.read()
    assert 'RuntimeError: planted' in log and 'OSError: of the loop' in log and 'Traceback' in log
