"""When the main loop is woken."""
from __future__ import annotations

import time

from supvisors.bus.timer import Timers
from tests.unit.bus.nodes import cluster, wait_for


def test_only_the_earliest_needs_a_word_to_the_thread() -> None:
    timers = Timers()
    assert timers.next() is None
    assert timers.add(5.0) is True
    assert timers.add(7.0) is False
    assert timers.add(5.0) is False
    assert timers.add(3.0) is True
    assert timers.next() == 3.0


def test_each_time_expires_once_even_when_close_to_another() -> None:
    timers = Timers()
    for mono in (5.0, 5.000001, 9.0, 5.0):
        timers.add(mono)
    assert timers.expire(4.9) is False
    assert timers.expire(5.0) is True
    assert timers.next() == 5.000001
    assert timers.expire(6.0) is True
    assert timers.expire(6.0) is False
    assert timers.next() == 9.0
    assert timers.add(5.0) is True


def test_the_main_loop_is_woken_at_each_time() -> None:
    with cluster('') as (node,):
        assert node.woken == 0
        start = time.monotonic()
        node.bus.wake_at(start + 3600)
        for number in range(3):
            node.bus.wake_at(start + 0.1 + 0.15 * number)
        wait_for(lambda: node.woken == 1)
        assert time.monotonic() >= start + 0.1
        wait_for(lambda: node.woken == 3)
        assert time.monotonic() >= start + 0.4


def test_a_time_in_the_past_wakes_at_once() -> None:
    with cluster('') as (node,):
        node.bus.wake_at(time.monotonic() - 1)
        wait_for(lambda: node.woken == 1)


def test_a_time_asked_before_start_is_kept() -> None:
    with cluster('') as (node,):
        node.bus.close()
        bus = node.new_bus()
        bus.wake_at(time.monotonic() + 0.05)
        bus.start()
        wait_for(lambda: node.woken == 1)
