"""One supervisord: its programs go through the states of supervisord, and its end is as long as theirs."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from supvisors.engine.events import HostLeaving, HostLeft, HostReady, HostTick, Obeyed, ProcessChanged
from supvisors.model.enums import FaultCode, ProcessState
from tests.simulation.clock import HostClock, Scheduler
from tests.simulation.host import Host
from tests.simulation.program import Behaviour


class Box:
    """A host, with what its engine is told."""

    def __init__(self, **programs: Behaviour) -> None:
        self.scheduler = Scheduler()
        self.events: list[Any] = []
        self.deferred: list[Callable[[], None]] = []
        self.blocked = False
        self.host = Host(
            self.scheduler, HostClock(50.0, 1000.0), random.Random(1), programs, self.events.append, self.main
        )
        self.host.start()

    def main(self, action: Callable[[], None]) -> None:
        if self.blocked:
            self.deferred.append(action)
        else:
            action()

    def after(self, delay: float) -> None:
        self.scheduler.run_until(self.scheduler.now + delay)

    def states(self, name: str = 'p') -> list[ProcessState]:
        return [
            ProcessState(event.record.state)
            for event in self.events
            if isinstance(event, ProcessChanged) and event.record.name == name
        ]

    def kinds(self) -> list[type]:
        return [type(event) for event in self.events]


S = ProcessState


def test_a_plain_start_and_stop() -> None:
    box = Box(p=Behaviour(startsecs=1, stop_time=0.5))
    box.host.spawn(7, 'p', '-x')
    assert box.states() == [S.STARTING]
    assert box.events[-1] == Obeyed(7)
    box.after(2.0)
    assert box.states() == [S.STARTING, S.RUNNING]
    assert box.host.programs['p'].record().extra_args == '-x'
    box.host.halt(8, 'p')
    box.after(0.4)
    assert box.states()[-1] is S.STOPPING
    box.after(0.2)
    assert box.states()[-1] is S.STOPPED
    assert not box.host.programs['p'].present


@pytest.mark.parametrize('retries', [0, 2])
def test_a_program_that_dies_at_start_ends_fatal(retries: int) -> None:
    box = Box(p=Behaviour(crash_at_start=1.0, startretries=retries))
    box.host.spawn(1, 'p', '')
    box.after(30.0)
    assert box.states() == [S.STARTING, S.BACKOFF] * (retries + 1) + [S.FATAL]


def test_startsecs_zero_is_running_at_once() -> None:
    box = Box(p=Behaviour(startsecs=0))
    box.host.spawn(1, 'p', '')
    assert box.states() == [S.STARTING, S.RUNNING]


def test_a_program_that_ends_is_started_again_if_configured() -> None:
    box = Box(p=Behaviour(lifetime=1.0, exit_expected=False, autorestart=True))
    box.host.spawn(1, 'p', '')
    box.after(20.0)
    assert box.states()[:4] == [S.STARTING, S.RUNNING, S.EXITED, S.STARTING]
    exited = next(
        event.record for event in box.events if isinstance(event, ProcessChanged) and event.record.state == S.EXITED
    )
    assert exited.crashed


def test_a_program_that_refuses_to_stop_is_killed() -> None:
    box = Box(p=Behaviour(stop_time=1e9, stopwaitsecs=3))
    box.host.spawn(1, 'p', '')
    box.after(2.0)
    box.host.halt(2, 'p')
    box.after(2.9)
    assert box.host.programs['p'].present
    box.after(0.2)
    assert box.states()[-1] is S.STOPPED


def test_faults_of_orders() -> None:
    box = Box(p=Behaviour(stop_time=1.0))
    box.host.halt(1, 'p')
    assert box.events[-1].code == FaultCode.NOT_RUNNING
    box.host.spawn(2, 'unknown', '')
    assert box.events[-1].code == FaultCode.BAD_NAME
    box.host.spawn(3, 'p', '')
    box.host.spawn(4, 'p', '')
    assert box.events[-1].code == FaultCode.ALREADY_STARTED
    box.host.halt(5, 'p')
    box.host.spawn(6, 'p', '')
    assert box.events[-1].code == FaultCode.FAILED


def test_a_stop_in_backoff_is_immediate() -> None:
    box = Box(p=Behaviour(crash_at_start=1.0))
    box.host.spawn(1, 'p', '')
    while box.host.programs['p'].state is not S.BACKOFF:
        box.after(0.1)
    box.host.halt(2, 'p')
    box.after(30.0)
    assert box.states() == [S.STARTING, S.BACKOFF, S.STOPPED]


def test_what_dies_while_the_loop_is_blocked_is_seen_later() -> None:
    box = Box(p=Behaviour(lifetime=0.1, exit_expected=True))
    box.host.spawn(1, 'p', '')
    box.blocked = True
    box.after(10.0)
    assert box.states() == [S.STARTING]
    assert not box.host.programs['p'].present
    box.blocked = False
    for action in box.deferred:
        action()
    assert box.states() == [S.STARTING, S.RUNNING, S.EXITED]


def test_leaving_takes_the_time_of_the_programs() -> None:
    box, gone = Box(p=Behaviour(stop_time=4.0), q=Behaviour(stop_time=2.0)), []
    box.host.spawn(1, 'p', '')
    box.host.spawn(2, 'q', '')
    box.after(2.0)
    box.host.leave(lambda: gone.append(box.scheduler.now))
    assert HostLeaving in box.kinds()
    box.host.spawn(3, 'p', '')
    assert box.events[-1].code == FaultCode.SHUTDOWN_STATE
    box.after(5.9)
    assert not gone
    box.after(0.5)
    assert gone
    assert isinstance(box.events[-1], HostLeft)
    assert box.host.programs['p'].last_end == 'host'


def test_a_kill_ends_all_and_says_nothing() -> None:
    box = Box(p=Behaviour())
    box.host.spawn(1, 'p', '')
    before = len(box.events)
    box.host.kill()
    box.after(20.0)
    assert len(box.events) == before
    assert not box.host.programs['p'].present
    box.host.start()
    assert isinstance(box.events[before], HostReady)
    assert box.events[before].records[0].state == S.STOPPED


def test_a_tick_every_five_seconds_of_the_wall_clock() -> None:
    box = Box()
    box.after(21.0)
    assert box.kinds().count(HostTick) == 5
