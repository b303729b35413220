"""Virtual time."""

from tests.simulation.clock import HostClock, Scheduler


def test_actions_run_in_order_of_time_then_of_insertion() -> None:
    scheduler = Scheduler()
    seen: list[object] = []
    for time, name in ((2.0, 'late'), (1.0, 'first'), (1.0, 'second'), (3.0, 'never')):
        scheduler.at(time, seen.append, name)
    scheduler.run_until(2.5)
    assert seen == ['first', 'second', 'late']
    assert scheduler.now == 2.5
    assert len(scheduler) == 1


def test_an_action_in_the_past_runs_now() -> None:
    scheduler = Scheduler()
    seen: list[object] = []
    scheduler.at(1.0, lambda: scheduler.at(0.5, lambda: seen.append(scheduler.now)))
    scheduler.run_until(1.0)
    assert seen == [1.0]


def test_stop_ends_the_run_at_once() -> None:
    scheduler = Scheduler()
    seen: list[object] = []
    scheduler.at(1.0, scheduler.stop)
    scheduler.at(1.5, seen.append, 'after')
    scheduler.run_until(10.0)
    assert seen == []
    assert scheduler.now == 1.0


def test_a_fast_clock_reaches_its_deadline_early() -> None:
    clock = HostClock(mono_offset=100.0, wall_offset=1000.0, rate=1.01)
    assert clock.read(10.0) == (110.1, 1010.1)
    assert abs(clock.virtual(110.1) - 10.0) < 1e-9
    clock.step_wall(-3600.0)
    assert clock.read(10.0).mono == 110.1
    assert clock.read(10.0).wall == 1010.1 - 3600.0
