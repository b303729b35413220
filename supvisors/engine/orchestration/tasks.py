"""One order of the Master to one instance about one process, followed until its effect is seen.

A task is level-triggered: each step compares what is wanted with the inventory, so that no single event can be missed.
"""

from __future__ import annotations

from enum import Enum

import attrs

from supvisors.model.enums import FaultCode, ProcessState, StartingStrategy
from supvisors.model.identity import Incarnation
from supvisors.model.process import ProcessRecord

REMOVED = 'the process has been removed'


class TaskState(Enum):
    WAITING = 'not ordered yet'
    ORDERED = 'ordered, no result yet'
    OBEYED = 'obeyed, the effect is awaited'
    DONE = 'the effect is there'
    FAILED = 'it will not come'


@attrs.define(eq=False)
class Task:
    namespec: str
    start: bool
    target: str = ''
    """The instance ordered to; chosen by strategy for a start, given for a stop."""
    local: str = ''
    """What LOCAL means for a start: the instance that received the request."""
    extra_args: str = ''
    strategy: StartingStrategy = StartingStrategy.CONFIG
    wait_exit: bool = False
    state: TaskState = TaskState.WAITING
    number: int = 0
    incarnation: Incarnation | None = None
    sent: float = 0.0
    deadline: float = 0.0
    tried: tuple[int, float] = (0, 0.0)
    """STARTING or BACKOFF, and since when on the clock of the target."""
    exit_by: float = 0.0
    """Until when a process with `wait_exit` must have ended; 0 before it runs."""
    effect_seq: int = 0
    """The effect is in the inventory of the target from this number on."""
    code: int = 0
    reason: str = ''

    @property
    def finished(self) -> bool:
        return self.state in (TaskState.DONE, TaskState.FAILED)

    @property
    def in_flight(self) -> bool:
        """An order is out, and the process may be starting or stopping because of it."""
        return self.state in (TaskState.ORDERED, TaskState.OBEYED)

    def done(self) -> None:
        self.state = TaskState.DONE

    def fail(self, reason: str, code: int = FaultCode.NOT_RUNNING) -> None:
        self.state, self.reason, self.code = TaskState.FAILED, reason, code

    def retry(self) -> None:
        """The target is lost: choose again."""
        self.state, self.target, self.incarnation, self.number = TaskState.WAITING, '', None, 0
        self.deadline = self.exit_by = 0.0
        self.tried = 0, 0.0


def start_outcome(task: Task, record: ProcessRecord | None) -> tuple[TaskState, str]:
    """Where a start stands, from the record of the process on its target once the order was obeyed."""
    if record is None:
        return TaskState.FAILED, REMOVED
    if record.state == ProcessState.RUNNING and not task.wait_exit:
        return TaskState.DONE, ''
    if record.running:
        return TaskState.OBEYED, ''
    if record.state == ProcessState.EXITED and record.expected:
        return TaskState.DONE, ''
    why = record.spawnerr or record.description
    return TaskState.FAILED, f'{ProcessState(record.state).name} on {task.target}' + (f' ({why})' if why else '')
