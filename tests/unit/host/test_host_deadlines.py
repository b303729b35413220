from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from supvisors.demo.waiting import wait_for
from supvisors.host.deadlines import MARGIN, Deadlines
from supvisors.model.enums import ProcessState

KEY = ('app', 'one')


def process(state: int, remaining: float, startsecs: int = 5) -> Any:
    date = time.time() + remaining
    return SimpleNamespace(state=state, delay=date, laststart=date - startsecs,
                           config=SimpleNamespace(startsecs=startsecs))


@pytest.mark.parametrize('state', [ProcessState.STARTING, ProcessState.BACKOFF, ProcessState.STOPPING])
def test_asks_to_be_woken_just_after_the_end_of_the_delay(state: int) -> None:
    asked: list[float] = []
    before = time.monotonic()
    Deadlines(asked.append).watch(KEY, process(state, 5))
    assert len(asked) == 1
    assert before + 5 + MARGIN - 0.001 <= asked[0] <= time.monotonic() + 5 + MARGIN


@pytest.mark.parametrize('state', [ProcessState.STOPPED, ProcessState.RUNNING, ProcessState.EXITED, ProcessState.FATAL])
def test_other_states_have_no_delay(state: int) -> None:
    asked: list[float] = []
    deadlines = Deadlines(asked.append)
    deadlines.watch(KEY, process(state, 5))
    deadlines.check()
    assert asked == []


def test_each_process_has_its_own_deadline() -> None:
    asked: list[float] = []
    deadlines = Deadlines(asked.append)
    for index, remaining in enumerate((5, 1, 9)):
        deadlines.watch(('app', str(index)), process(ProcessState.STARTING, remaining))
    assert [round(mono - time.monotonic()) for mono in asked] == [5, 1, 9]


def test_woken_too_early_by_the_wall_clock_asks_again() -> None:
    asked: list[float] = []
    deadlines = Deadlines(asked.append)
    one = process(ProcessState.STARTING, -1)
    deadlines.watch(KEY, one)
    wait_for(lambda: time.monotonic() > max(asked) + MARGIN, 5, 'the deadline has passed')
    deadlines.check()
    assert len(asked) == 1
    # the wall clock is set back
    one.laststart += 4
    deadlines.check()
    assert len(asked) == 2 and round(asked[1] - time.monotonic()) == 3


def test_forgotten_or_finished_asks_no_more() -> None:
    asked: list[float] = []
    deadlines = Deadlines(asked.append)
    one = process(ProcessState.STOPPING, -1)
    deadlines.watch(KEY, one)
    deadlines.watch(('app', 'two'), process(ProcessState.STOPPING, -1))
    deadlines.forget(('app', 'two'))
    wait_for(lambda: time.monotonic() > max(asked) + MARGIN, 5, 'the deadline has passed')
    one.state, one.delay = ProcessState.STOPPED, time.time() + 9
    deadlines.check()
    assert len(asked) == 2
