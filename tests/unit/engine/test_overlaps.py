"""Requests that overlap: an earlier one never undoes what a later one has done."""

from __future__ import annotations

from supvisors.engine.commands import RESTART_APPLICATION, START_APPLICATION, START_PROCESS, STOP_PROCESS
from tests.unit.engine.harness import Program, application, managed, operation

ONE, SLOW = 'app:one', 'app:slow'


def test_a_stop_stage_leaves_alone_what_a_later_request_has_started() -> None:
    programs = {ONE: Program(), SLOW: Program(stop_time=4.0)}
    world = operation('abc', managed(app=application(one=1, slow=1)), programs=programs)
    world.outcome(world['b'].request(START_APPLICATION, 'app'))
    world.outcome(world['b'].request(STOP_PROCESS, ONE))
    restart = world['b'].request(RESTART_APPLICATION, 'app')
    world.run(1.0)
    start = world['c'].request(START_PROCESS, ONE)
    assert world.outcome(start) == (0, '')
    before = len(world.states_of(ONE))
    world.outcome(restart)
    world.run(10.0)
    assert world.where(ONE) and world.where(SLOW)
    assert world.states_of(ONE)[before:] == []
