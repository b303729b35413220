"""What a request means.

The checks before it is accepted, the intents that it writes, and the jobs that carry it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from supvisors.engine import commands
from supvisors.engine.commands import Command, Refused
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.jobs import Job, Jobs
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.engine.orchestration.prediction import Oracle
from supvisors.engine.orchestration.tasks import Task, TaskState
from supvisors.engine.view import Prediction
from supvisors.model.enums import ApplicationState, FaultCode, ProcessState, StartingStrategy
from supvisors.model.ledger import Intent
from supvisors.model.process import make_namespec, split_namespec
from supvisors.model.rules import Rules

STRATEGIES = frozenset(StartingStrategy)
_GIVE_ARGUMENTS = (commands.START_PROCESS, commands.RESTART_PROCESS, commands.ADOPT_START)
Stages = list[list[Job]]
"""Jobs of one stage run together; a stage begins when the one before has ended."""


class NoResource(Refused):
    """No instance can take any of these processes now."""

    def __init__(self, whys: Mapping[str, str]) -> None:
        super().__init__(FaultCode.ABNORMAL_TERMINATION, '; '.join(f'{key}: {why}' for key, why in whys.items()))
        self.whys = whys


class Planner:
    def __init__(self, inventory: Inventory, ledger: Ledger, rules: Rules, jobs: Jobs) -> None:
        self.inventory = inventory
        self.ledger = ledger
        self.rules = rules
        self.jobs = jobs
        self.oracle = Oracle(inventory, jobs, rules)
        self.waiting: set[str] = set()
        """The requests that are accepted and not begun."""
        self._kinds: Mapping[str, Kind] = {
            commands.START_APPLICATION: Kind(
                self._check_start_application,
                self._start_application,
                self._application_running,
                self._sequence,
                running=True,
            ),
            commands.STOP_APPLICATION: Kind(
                self._check_stop_application, self._stop_application, self._all_stopped, self._members, running=False
            ),
            commands.START_PROCESS: Kind(
                self._check_start_process, self._start_process, self._all_started, self.expand, running=True
            ),
            commands.STOP_PROCESS: Kind(
                self._check_stop_process, self._stop_process, self._all_stopped, self.expand, running=False
            ),
            commands.RESTART_APPLICATION: Kind(
                self._check_restart_application,
                self._restart_application,
                self._application_running,
                self._sequence,
                running=True,
            ),
            commands.RESTART_PROCESS: Kind(
                self._check_restart_process, self._restart_process, self._all_started, self.expand, running=True
            ),
            commands.RESTART_SEQUENCE: Kind(
                self._check_restart_sequence, self._restart_sequence, _success, self._whole_sequence, running=True
            ),
            commands.ADOPT_START: Kind(self._known, _nothing, _success, self.expand, running=True),
            commands.ADOPT_STOP: Kind(self._known, _nothing, _success, self.expand, running=False),
            commands.RESTART: Kind(_accept, self._stop_all, _success, _none, running=None),
            commands.SHUTDOWN: Kind(_accept, self._stop_all, _success, _none, running=None),
        }

    # -- the four questions about a request
    def check(self, command: Command) -> None:
        """Raise `Refused` if the request cannot be accepted now."""
        self._kind(command).check(command)

    def settle(self, command: Command) -> Command:
        """Fix what is left open before it is recorded: `start_any_process` becomes the start of one process."""
        if command.kind != commands.START_ANY_PROCESS:
            return command
        self._check_strategy(command)
        for namespec in self._matching(command.target):
            if self.jobs.choose(namespec, StartingStrategy(command.strategy), command.origin).identifier:
                return attrs.evolve(command, kind=commands.START_PROCESS, target=namespec)
        raise Refused(FaultCode.FAILED, f'no stopped process matches {command.target[:60]!r} and can be started')

    def _matching(self, expression: str) -> Iterator[str]:
        try:
            regex = re.compile(expression)
        except (re.error, RecursionError, OverflowError):
            raise Refused(FaultCode.INCORRECT_PARAMETERS, f'{expression[:60]!r} is no regular expression') from None
        for namespec in self.inventory.namespecs():
            if regex.search(namespec) and not self.inventory.where(namespec) and not self._starting(namespec):
                yield namespec

    def predict(self, command: Command) -> list[Prediction]:
        """What this start would do now. Raises `Refused`, as the start itself would, but for resources."""
        local = command.origin
        strategy = StartingStrategy(command.strategy)
        if command.kind == commands.START_APPLICATION:
            self._check_stopped(command.target)
            job = self.start_job(command.target, self.inventory.group(command.target), strategy, local=local)
        else:
            self._check_not_running(command)
            job = self.single_start(self.expand(command.target), strategy, local=local)
        return self.oracle.predict(job.start_ranks, local)

    def intents(self, request: str, command: Command) -> list[tuple[str, Intent]]:
        kind = self._kind(command)
        if kind.running is None:
            return []
        return [
            (namespec, self._intent(namespec, command, kind.running, request))
            for namespec in kind.scope(command.target)
            if not self._is_one_copy(namespec, command)
        ]

    def _is_one_copy(self, namespec: str, command: Command) -> bool:
        """A copy is stopped on its instance while another one runs elsewhere: the process itself is still wanted."""
        elsewhere = set(self.inventory.running_where(namespec)) - {command.origin}
        return command.kind == commands.ADOPT_STOP and bool(elsewhere)

    def stages(self, request: str, command: Command) -> Stages:
        return self._kind(command).stages(request, command)

    def outcome(self, command: Command, jobs: Iterable[Job], request: str = '') -> tuple[int, str]:
        """The code and the text once all jobs have ended."""
        jobs = list(jobs)
        failures = [text for job in jobs for text in job.failures()]
        before = self._failed_before(request, command, jobs)
        failures += [f'{key}: {ProcessState(state).name}' for key, state in before.items()]
        if self._is_gone(command, jobs):
            failures.append(f'{command.target} has been removed')
        return self._kind(command).outcome(command, failures)

    def _failed_before(self, request: str, command: Command, jobs: Iterable[Job]) -> dict[str, int]:
        """What a former Master has started for the request, and what failed or was stopped before this one led."""
        kind = self._kind(command)
        tried = {task.namespec for job in jobs for task in job.all_tasks()}
        left = [key for key in kind.scope(command.target) if key not in tried] if kind.running else []
        states = {key: self.inventory.view(key).state for key in left}
        return {
            key: state
            for key, state in states.items()
            if state == ProcessState.FATAL or (state == ProcessState.STOPPED and self._has_ended_for(key, request))
        }

    def _has_ended_for(self, namespec: str, request: str) -> bool:
        last = self.ledger.last_placement(namespec)
        return last is not None and last.request == request and last.ended

    def _is_gone(self, command: Command, jobs: Iterable[Job]) -> bool:
        """What was to be started was removed before its start began."""
        started = any(any(job.start_ranks) for job in jobs)
        return bool(command.target) and not started and not self._kind(command).scope(command.target)

    def undone(self, request: str, command: Command, jobs: Iterable[Job]) -> list[tuple[str, Intent]]:
        """Of a request that has failed: the processes that its arguments could not start, with those of before."""
        if command.kind not in _GIVE_ARGUMENTS:
            return []
        failed = {task.namespec for job in jobs for task in job.all_tasks() if task.state is TaskState.FAILED}
        intents = {key: self.ledger.intent(key) for key in failed.union(self._failed_before(request, command, jobs))}
        return [
            (key, attrs.evolve(intent, extra_args=intent.former))
            for key, intent in sorted(intents.items())
            if intent is not None
            and (intent.request, intent.extra_args == intent.former) == (request, False)
            and not self.inventory.where(key)
        ]

    def _kind(self, command: Command) -> Kind:
        self._check_strategy(command)
        kind = self._kinds.get(command.kind)
        if kind is None:
            raise Refused(
                FaultCode.FAILED, f'the Master does not know the request {command.kind}: is its release older?'
            )
        return kind

    def _check_strategy(self, command: Command) -> None:
        if command.strategy not in STRATEGIES:
            raise Refused(FaultCode.INCORRECT_PARAMETERS, f'strategy {command.strategy} is unknown to the Master')

    # -- what a target designates
    def expand(self, target: str) -> list[str]:
        """The processes that a namespec designates, `group:*` included."""
        group, name = split_namespec(target)
        if name is None:
            return self.inventory.group(group)
        namespec = make_namespec(group, name)
        return [namespec] if namespec in self.inventory else []

    def _members(self, target: str) -> list[str]:
        return self.inventory.group(target)

    def _sequence(self, application: str) -> list[str]:
        """The processes of its start sequence."""
        return [namespec for rank in self._ranks(application, self.inventory.group(application)) for namespec in rank]

    def _intent(self, namespec: str, command: Command, running: bool, request: str) -> Intent:
        """Only a start that gives arguments changes them; stops, and starts of a whole application, keep the last."""
        known = self.ledger.intent(namespec)
        last = known.extra_args if known is not None else ''
        return Intent(running, command.extra_args if command.kind in _GIVE_ARGUMENTS else last, request, last)

    # -- checks
    def _starting(self, namespec: str) -> bool:
        """It is being started, or will be as soon as enough others hold the request."""
        intent = self.ledger.intent(namespec)
        return self.jobs.starting(namespec) or (
            intent is not None and intent.running and intent.request in self.waiting
        )

    def _known(self, command: Command) -> None:
        if not self.expand(command.target):
            raise Refused(FaultCode.BAD_NAME, f'process {command.target} unknown')

    def _check_application(self, name: str) -> None:
        if not self.inventory.group(name):
            raise Refused(FaultCode.BAD_NAME, f'application {name} unknown')
        if not self.rules.application(name).managed:
            raise Refused(FaultCode.NOT_MANAGED, f'application {name} has no rules')

    def _check_start_application(self, command: Command) -> None:
        self._check_stopped(command.target)
        self._check_room(self._first_rank(command.target), command)

    def _check_stopped(self, application: str) -> None:
        self._check_application(application)
        state = self.inventory.application(application).state
        if state is not ApplicationState.STOPPED or any(map(self._starting, self.inventory.group(application))):
            raise Refused(FaultCode.ALREADY_STARTED, f'application {application} is {state.name}')

    def _first_rank(self, application: str) -> list[str]:
        ranks = self._ranks(application, self.inventory.group(application))
        if not ranks:
            raise Refused(
                FaultCode.ABNORMAL_TERMINATION, f'application {application} has no process with a start_sequence'
            )
        return ranks[0]

    def _check_restart_application(self, command: Command) -> None:
        self._check_application(command.target)
        first = self._first_rank(command.target)
        if not any(map(self.inventory.where, self.inventory.group(command.target))):
            # otherwise the room is made by the stop
            self._check_room(first, command)

    def _check_restart_process(self, command: Command) -> None:
        self._known(command)
        namespecs = self.expand(command.target)
        if not any(map(self.inventory.where, namespecs)):
            self._check_room(namespecs, command)

    def _check_restart_sequence(self, command: Command) -> None:
        if self.jobs.jobs or self.waiting:
            raise Refused(FaultCode.BAD_SUPVISORS_STATE, 'something is being started or stopped')
        if not self._whole_sequence():
            raise Refused(FaultCode.ABNORMAL_TERMINATION, 'no application has anything to start')

    def _check_room(self, namespecs: Iterable[str], command: Command) -> None:
        whys = {}
        for namespec in namespecs:
            choice = self.jobs.choose(namespec, StartingStrategy(command.strategy), command.origin)
            if choice.identifier or self.inventory.where(namespec):
                # what is stopping is waited for, and makes room
                return
            whys[namespec] = f'No resource available ({choice.why()})'
        raise NoResource(whys)

    def _check_stop_application(self, command: Command) -> None:
        self._check_application(command.target)
        self._check_running(self.inventory.group(command.target), f'application {command.target}')

    def _check_start_process(self, command: Command) -> None:
        self._check_not_running(command)
        self._check_room(self.expand(command.target), command)

    def _check_not_running(self, command: Command) -> None:
        self._known(command)
        namespecs = self.expand(command.target)
        running = [key for key in namespecs if self.inventory.running_where(key) or self._starting(key)]
        if running:
            raise Refused(FaultCode.ALREADY_STARTED, ', '.join(running))

    def _check_stop_process(self, command: Command) -> None:
        self._known(command)
        self._check_running(self.expand(command.target), command.target)

    def _check_running(self, namespecs: list[str], what: str) -> None:
        if not any(self.inventory.where(key) or self._starting(key) for key in namespecs):
            raise Refused(FaultCode.NOT_RUNNING, f'{what}: nothing is running')

    # -- jobs
    def _ranks(self, application: str, namespecs: Iterable[str]) -> list[list[str]]:
        """The processes that have a start sequence, rank after rank."""
        rules = self.rules.application(application)
        return _by_rank(namespecs, lambda name: rules.program(name).start_sequence, skip_zero=True)

    def start_job(
        self, application: str, namespecs: Iterable[str], strategy: StartingStrategy, request: str = '', local: str = ''
    ) -> Job:
        """Start these processes of one application in the order of its start sequence."""
        rules = self.rules.application(application)
        ranks = [
            [
                Task(key, True, '', local, self._extra_args(key), strategy, rules.program(_name(key)).wait_exit)
                for key in rank
            ]
            for rank in self._ranks(application, namespecs)
        ]
        return Job(application, True, request, start_ranks=ranks)

    def single_start(self, namespecs: list[str], strategy: StartingStrategy, request: str = '', local: str = '') -> Job:
        """Start these processes at once, whatever their ranks."""
        tasks = [Task(key, True, '', local, self._extra_args(key), strategy) for key in namespecs]
        return Job(split_namespec(namespecs[0])[0] if namespecs else '', True, request, start_ranks=[tasks])

    def stop_job(self, application: str, request: str = '', namespecs: Iterable[str] | None = None) -> Job:
        """Stop these processes of one application, or all, in the order of its stop sequence."""
        rules = self.rules.application(application)
        all_of_it = self.inventory.group(application) if namespecs is None else namespecs
        ranks = _by_rank(all_of_it, lambda name: rules.program(name).stop_sequence)
        return Job(application, False, request, stop_ranks=ranks[::-1])

    def _extra_args(self, namespec: str) -> str:
        intent = self.ledger.intent(namespec)
        return intent.extra_args if intent else ''

    def _start_application(self, request: str, command: Command) -> Stages:
        todo = self._not_started_for(self.inventory.group(command.target), request)
        return [[self.start_job(command.target, todo, StartingStrategy(command.strategy), request, command.origin)]]

    def _start_process(self, request: str, command: Command) -> Stages:
        todo = self._not_started_for(self.expand(command.target), request)
        return [[self.single_start(todo, StartingStrategy(command.strategy), request, command.origin)]]

    def _not_started_for(self, namespecs: Iterable[str], request: str) -> list[str]:
        """A former Master may have started some before it was lost: what has ended since is not started twice."""
        todo = []
        for namespec in namespecs:
            if not self._has_ended_for(namespec, request):
                todo.append(namespec)
        return todo

    def _restart_application(self, request: str, command: Command) -> Stages:
        before = self._not_placed_for(self.inventory.group(command.target), request)
        return [[self.stop_job(command.target, request, before)], *self._start_application(request, command)]

    def _restart_process(self, request: str, command: Command) -> Stages:
        before = self._not_placed_for(self.expand(command.target), request)
        stop = Job(split_namespec(command.target)[0], False, request, stop_ranks=[before])
        return [[stop], *self._start_process(request, command)]

    def _not_placed_for(self, namespecs: Iterable[str], request: str) -> list[str]:
        """What still runs as it did before the request: a former Master may have restarted some already."""
        placed = {key: self.ledger.last_placement(key) for key in namespecs}
        return [key for key, last in placed.items() if last is None or last.request != request]

    def _restart_sequence(self, request: str, command: Command) -> Stages:
        ranks: dict[int, list[Job]] = {}
        for application in self.inventory.groups():
            rules = self.rules.application(application)
            todo = self._not_started_for(self._sequence(application), request)
            # those that a former Master has begun to start too: the next ranks wait for them
            todo = [key for key in todo if self._wanted_by(key, request)]
            if todo:
                job = self.start_job(application, todo, rules.starting_strategy, request)
                ranks.setdefault(rules.start_sequence, []).append(job)
        return [ranks[rank] for rank in sorted(ranks)]

    def _wanted_by(self, namespec: str, request: str) -> bool:
        intent = self.ledger.intent(namespec)
        return intent is not None and intent.running and intent.request == request

    def sequence(self) -> dict[str, list[str]]:
        """What the start sequences want, by application: what a user has stopped stays stopped, what runs is left."""
        found: dict[str, list[str]] = {}
        for application in self.inventory.groups():
            if self.rules.application(application).start_sequence:
                active = self.inventory.application(application).state is not ApplicationState.STOPPED
                todo = [key for key in self._sequence(application) if self._is_missing(key, active)]
                found.update({application: todo} if todo else {})
        return found

    def _is_missing(self, namespec: str, active: bool) -> bool:
        """In an application that is `active`, what has ended as expected has done its work."""
        intent = self.ledger.intent(namespec)
        if (intent is not None and not intent.running) or self.inventory.where(namespec):
            return False
        view = self.inventory.view(namespec)
        return not (active and view.state == ProcessState.EXITED and view.expected_exit)

    def _whole_sequence(self, target: str = '') -> list[str]:
        return [namespec for namespecs in self.sequence().values() for namespec in namespecs]

    def _stop_application(self, request: str, command: Command) -> Stages:
        return [[self.stop_job(command.target, request)]]

    def _stop_process(self, request: str, command: Command) -> Stages:
        namespecs = self.expand(command.target)
        return [[Job(split_namespec(command.target)[0], False, request, stop_ranks=[namespecs])]]

    def _stop_all(self, request: str, command: Command) -> Stages:
        ranks: dict[int, list[Job]] = {}
        for application in self.inventory.groups():
            rank = self.rules.application(application).stop_sequence
            ranks.setdefault(rank, []).append(self.stop_job(application, request))
        return [ranks[rank] for rank in sorted(ranks, reverse=True)]

    # -- outcomes
    def _application_running(self, command: Command, failures: list[str]) -> tuple[int, str]:
        state = self.inventory.application(command.target).state
        if state is ApplicationState.RUNNING:
            return 0, ''
        return FaultCode.NOT_RUNNING, '; '.join([f'application {command.target} is {state.name}', *failures])

    def _all_started(self, command: Command, failures: list[str]) -> tuple[int, str]:
        return (FaultCode.NOT_RUNNING, '; '.join(failures)) if failures else (0, '')

    def _all_stopped(self, command: Command, failures: list[str]) -> tuple[int, str]:
        scope = self._kind(command).scope(command.target)
        running = [f'{key} on {", ".join(self.inventory.where(key))}' for key in scope if self.inventory.where(key)]
        return (FaultCode.STILL_RUNNING, '; '.join([*running, *failures])) if running else (0, '')


@attrs.frozen
class Kind:
    """How one kind of request is handled; `running` is what it makes users want of the processes in its scope."""

    check: Callable[[Command], None]
    stages: Callable[[str, Command], Stages]
    outcome: Callable[[Command, list[str]], tuple[int, str]]
    scope: Callable[[str], list[str]]
    running: bool | None


def _accept(command: Command) -> None:
    """Nothing to check."""


def _nothing(request: str, command: Command) -> Stages:
    return []


def _none(target: str) -> list[str]:
    return []


def _success(command: Command, failures: list[str]) -> tuple[int, str]:
    return 0, ''


def _name(namespec: str) -> str:
    return split_namespec(namespec)[1] or ''


def _by_rank(namespecs: Iterable[str], rank_of: Callable[[str], int], skip_zero: bool = False) -> list[list[str]]:
    ranks: dict[int, list[str]] = {}
    for namespec in namespecs:
        rank = rank_of(_name(namespec))
        if rank or not skip_zero:
            ranks.setdefault(rank, []).append(namespec)
    return [ranks[rank] for rank in sorted(ranks)]
