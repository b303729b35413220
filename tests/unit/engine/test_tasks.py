"""Where a start stands, from the record of the process on its target."""

from __future__ import annotations

import pytest

from supvisors.engine.orchestration.tasks import Task, TaskState, start_outcome
from supvisors.model.enums import FaultCode
from supvisors.model.enums import ProcessState as P
from supvisors.model.identity import Incarnation
from tests.unit.engine.harness import A, record

OBEYED, DONE, FAILED = TaskState.OBEYED, TaskState.DONE, TaskState.FAILED


@pytest.mark.parametrize(
    ('state', 'expected', 'ends_running', 'wait_exit'),
    [
        (P.STARTING, True, OBEYED, OBEYED),
        (P.BACKOFF, True, OBEYED, OBEYED),
        (P.RUNNING, True, DONE, OBEYED),
        (P.EXITED, True, DONE, DONE),
        (P.EXITED, False, FAILED, FAILED),
        (P.FATAL, True, FAILED, FAILED),
        (P.STOPPED, True, FAILED, FAILED),
        (P.STOPPING, True, FAILED, FAILED),
        (P.UNKNOWN, True, FAILED, FAILED),
    ],
)
def test_outcome(state: P, expected: bool, ends_running: TaskState, wait_exit: TaskState) -> None:
    one = record('app:x', state, expected=expected)
    assert start_outcome(Task('app:x', True, A), one)[0] is ends_running
    assert start_outcome(Task('app:x', True, A, wait_exit=True), one)[0] is wait_exit


@pytest.mark.parametrize(
    ('values', 'reason'),
    [
        ({}, f'FATAL on {A}'),
        ({'spawnerr': 'no such file'}, f'FATAL on {A} (no such file)'),
        ({'description': 'Exited too quickly'}, f'FATAL on {A} (Exited too quickly)'),
        ({'spawnerr': 'no such file', 'description': 'x'}, f'FATAL on {A} (no such file)'),
    ],
)
def test_a_failure_says_where_and_why(values: dict[str, str], reason: str) -> None:
    assert start_outcome(Task('app:x', True, A), record('app:x', P.FATAL, **values)) == (FAILED, reason)


def test_a_process_that_was_removed_has_failed() -> None:
    assert start_outcome(Task('app:x', True, A), None) == (FAILED, 'the process has been removed')


@pytest.mark.parametrize(
    ('state', 'finished', 'in_flight'),
    [
        (TaskState.WAITING, False, False),
        (TaskState.ORDERED, False, True),
        (TaskState.OBEYED, False, True),
        (TaskState.DONE, True, False),
        (TaskState.FAILED, True, False),
    ],
)
def test_states(state: TaskState, finished: bool, in_flight: bool) -> None:
    task = Task('app:x', True, state=state)
    assert (task.finished, task.in_flight) == (finished, in_flight)


def test_a_failed_task_keeps_its_reason() -> None:
    task = Task('app:x', True, A)
    task.fail('why')
    assert (task.state, task.reason, task.code) == (TaskState.FAILED, 'why', FaultCode.NOT_RUNNING)


def test_a_task_tried_again_forgets_its_target() -> None:
    task = Task('app:x', True, A, state=TaskState.OBEYED, number=3, incarnation=Incarnation('a1', 0))
    task.retry()
    assert (task.state, task.target, task.incarnation, task.number) == (TaskState.WAITING, '', None, 0)
