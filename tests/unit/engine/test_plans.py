"""What a request means: the checks before it is accepted, the intents that it writes, its outcome."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine import commands
from supvisors.engine.commands import Command, Refused
from supvisors.engine.orchestration.jobs import Job
from supvisors.engine.orchestration.plans import Planner
from supvisors.engine.orchestration.tasks import Task
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import ProcessState as P
from supvisors.model.enums import StartingStrategy
from supvisors.model.ledger import Intent
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Bench, Program, World, application, managed, operation, record

RULES = managed(
    app=application(x=1, y=2, z=2, free=0),
    idle=application(x=0),
    tight=application(x=ProgramRules(identifiers=('c',), start_sequence=1), y=2),
    heavy=application(x=ProgramRules(start_sequence=1, expected_loading=101)),
)
NAMESPECS = ('app:x', 'app:y', 'app:z', 'app:free', 'idle:x', 'tight:x', 'tight:y', 'heavy:x', 'lone', 'loose:x')


@pytest.fixture
def bench() -> Bench:
    """a leads; all programs are on a and b; c is not there."""
    bench = Bench('abc', [record(namespec) for namespec in NAMESPECS], rules=RULES, synchro_options=frozenset())
    bench.join('b', *(record(namespec) for namespec in NAMESPECS))
    bench.engine.election.master = 'a:1'
    return bench


def show(bench: Bench, **states: P) -> None:
    """States of processes of the application `app`, on b."""
    records = [record(f'app:{name}', state) for name, state in states.items()]
    bench.engine.inventory.apply('b:1', records, (), bench.time)


def planner(bench: Bench) -> Planner:
    return bench.engine.planner


# -- checks
REFUSED: list[Any] = [
    ('start_application', 'none', {}, F.BAD_NAME, 'application none unknown'),
    ('start_application', 'lone', {}, F.NOT_MANAGED, 'application lone has no rules'),
    ('start_application', 'app', {'x': P.RUNNING}, F.ALREADY_STARTED, 'application app is RUNNING'),
    ('start_application', 'app', {'free': P.BACKOFF}, F.ALREADY_STARTED, 'application app is STARTING'),
    ('start_application', 'app', {'x': P.STOPPING}, F.ALREADY_STARTED, 'application app is STOPPING'),
    (
        'start_application',
        'idle',
        {},
        F.ABNORMAL_TERMINATION,
        'application idle has no process with a start_sequence',
    ),
    (
        'start_application',
        'tight',
        {},
        F.ABNORMAL_TERMINATION,
        'tight:x: No resource available (c:1: STOPPED)',
    ),
    ('start_application', 'heavy', {}, F.ABNORMAL_TERMINATION, 'heavy:x: No resource available (a:1: 0 + 101 > 100;'),
    ('stop_application', 'none', {}, F.BAD_NAME, 'application none unknown'),
    ('stop_application', 'lone', {}, F.NOT_MANAGED, 'application lone has no rules'),
    ('stop_application', 'app', {}, F.NOT_RUNNING, 'application app: nothing is running'),
    ('stop_application', 'app', {'x': P.FATAL}, F.NOT_RUNNING, 'application app: nothing is running'),
    ('start_process', 'none', {}, F.BAD_NAME, 'process none unknown'),
    ('start_process', 'app:none', {}, F.BAD_NAME, 'process app:none unknown'),
    ('start_process', 'none:*', {}, F.BAD_NAME, 'process none:* unknown'),
    ('start_process', 'app:x', {'x': P.STARTING}, F.ALREADY_STARTED, 'app:x'),
    ('start_process', 'app:*', {'x': P.RUNNING, 'z': P.BACKOFF}, F.ALREADY_STARTED, 'app:x, app:z'),
    ('start_process', 'tight:x', {}, F.ABNORMAL_TERMINATION, 'tight:x: No resource available (c:1: STOPPED)'),
    ('stop_process', 'none', {}, F.BAD_NAME, 'process none unknown'),
    ('stop_process', 'app:x', {'y': P.RUNNING}, F.NOT_RUNNING, 'app:x: nothing is running'),
    ('stop_process', 'app:*', {}, F.NOT_RUNNING, 'app:*: nothing is running'),
    ('adopt_start', 'none', {}, F.BAD_NAME, 'process none unknown'),
    ('adopt_stop', 'none', {}, F.BAD_NAME, 'process none unknown'),
    ('dance', 'app', {}, F.FAILED, 'the Master does not know the request dance'),
]


@pytest.mark.parametrize(('kind', 'target', 'states', 'code', 'text'), REFUSED)
def test_refused(bench: Bench, kind: str, target: str, states: dict[str, P], code: F, text: str) -> None:
    show(bench, **states)
    with pytest.raises(Refused) as refused:
        planner(bench).check(Command(kind, target, origin='b:1'))
    assert refused.value.code is code
    assert refused.value.text.startswith(text)


@pytest.mark.parametrize(
    ('kind', 'target', 'states'),
    [
        ('start_application', 'app', {}),
        ('start_application', 'app', {'x': P.FATAL}),
        ('stop_application', 'app', {'free': P.RUNNING}),
        ('stop_application', 'app', {'x': P.STOPPING}),
        ('start_process', 'app:x', {'y': P.RUNNING}),
        ('start_process', 'app:x', {'x': P.STOPPING}),
        ('start_process', 'lone', {}),
        ('start_process', 'loose:*', {}),
        ('start_process', 'tight:*', {}),  # one of them has room
        ('stop_process', 'app:*', {'x': P.RUNNING}),
        ('adopt_start', 'app:x', {'x': P.RUNNING}),
        ('adopt_stop', 'app:x', {}),
        ('restart', '', {}),
        ('shutdown', '', {}),
    ],
)
def test_accepted(bench: Bench, kind: str, target: str, states: dict[str, P]) -> None:
    show(bench, **states)
    planner(bench).check(Command(kind, target, origin='b:1'))


def test_the_strategy_is_that_of_the_request(bench: Bench) -> None:
    local = int(StartingStrategy.LOCAL)
    planner(bench).check(Command('start_process', 'app:x', local, origin='b:1'))
    with pytest.raises(Refused, match=r'not the local instance \(c:1\)'):
        planner(bench).check(Command('start_process', 'app:x', local, origin='c:1'))


def test_what_is_being_started_is_started(bench: Bench) -> None:
    bench.engine.jobs.add(planner(bench).single_start(['app:x'], StartingStrategy.CONFIG))
    for kind, target in (('start_process', 'app:x'), ('start_application', 'app')):
        with pytest.raises(Refused) as refused:
            planner(bench).check(Command(kind, target))
        assert refused.value.code is F.ALREADY_STARTED
    for kind, target in (('stop_process', 'app:x'), ('stop_application', 'app')):
        planner(bench).check(Command(kind, target))


# -- intents
@pytest.mark.parametrize(
    ('kind', 'target', 'running', 'namespecs'),
    [
        ('start_application', 'app', True, ['app:x', 'app:y', 'app:z']),  # those of the start sequence
        ('stop_application', 'app', False, ['app:free', 'app:x', 'app:y', 'app:z']),
        ('start_process', 'app:x', True, ['app:x']),
        ('start_process', 'app:*', True, ['app:free', 'app:x', 'app:y', 'app:z']),
        ('stop_process', 'app:', False, ['app:free', 'app:x', 'app:y', 'app:z']),
        ('stop_process', 'lone', False, ['lone']),
        ('adopt_start', 'app:x', True, ['app:x']),
        ('adopt_stop', 'app:x', False, ['app:x']),
        ('restart', '', None, []),
        ('shutdown', '', None, []),
    ],
)
def test_intents(bench: Bench, kind: str, target: str, running: bool, namespecs: list[str]) -> None:
    written = planner(bench).intents('r1', Command(kind, target, extra_args='-v'))
    assert sorted(namespec for namespec, _ in written) == namespecs
    extra_args = '-v' if kind in ('start_process', 'restart_process', 'adopt_start') else ''
    assert all(intent == Intent(running, extra_args, 'r1') for _, intent in written)


@pytest.mark.parametrize(('kind', 'target'), [('stop_process', 'app:x'), ('stop_application', 'app')])
def test_an_application_starts_with_the_last_extra_arguments_of_its_processes(kind: str, target: str) -> None:
    world = operation('abc', managed(app=application(x=1)), programs={'app:x': Program()})
    for request in (('start_process', 'app:x', 0, '-v'), (kind, target)):
        ticket = world['b'].request(*request)
        world.run_until(lambda ticket=ticket: ticket.done)
    world['b'].request('start_application', 'app')
    world.run(2.0)
    assert world['a'].records['app:x'].extra_args == '-v'


def test_a_start_without_extra_arguments_resets_them() -> None:
    world = operation('abc', managed(app=application(x=1)), programs={'app:x': Program()})
    for request in (('start_process', 'app:x', 0, '-v'), ('stop_process', 'app:x'), ('start_process', 'app:x')):
        ticket = world['b'].request(*request)
        world.run_until(lambda ticket=ticket: ticket.done)
    assert world['a'].records['app:x'].extra_args == ''


# -- jobs
def ranks(job: Any) -> list[list[str]]:
    if job.start:
        return [[task.namespec for task in rank] for rank in job.start_ranks]
    return [sorted(rank) for rank in job.stop_ranks]


def test_stages_of_the_requests(bench: Bench) -> None:
    def stages(kind: str, target: str = '') -> list[list[list[list[str]]]]:
        return [[ranks(job) for job in stage] for stage in planner(bench).stages('r1', Command(kind, target))]

    assert stages('start_application', 'app') == [[[['app:x'], ['app:y', 'app:z']]]]
    assert stages('start_process', 'app:*') == [[[['app:free', 'app:x', 'app:y', 'app:z']]]]
    assert stages('stop_application', 'app') == [[[['app:free', 'app:x', 'app:y', 'app:z']]]]
    assert stages('stop_process', 'app:y') == [[[['app:y']]]]
    assert stages('adopt_start', 'app:y') == stages('adopt_stop', 'app:y') == []
    (everything,) = stages('shutdown')
    assert sorted(one for job in everything for rank in job for one in rank) == sorted(NAMESPECS)


def test_everything_is_stopped_application_rank_after_application_rank_downwards() -> None:
    rules = managed(one=application(stop=1, x=0), two=application(stop=2, x=0), other=application(stop=2, x=0))
    records = [record(f'{name}:x') for name in ('one', 'two', 'other', 'none')]
    bench = Bench('ab', records, rules=rules)
    stages = bench.engine.planner.stages('r1', Command(commands.SHUTDOWN))
    assert [[job.application for job in stage] for stage in stages] == [['other', 'two'], ['one'], ['none']]


def test_wait_exit_holds_in_a_sequence_and_not_for_a_single_start() -> None:
    rules = managed(app=application(x=ProgramRules(start_sequence=1, wait_exit=True)))
    bench = Bench('ab', [record('app:x')], rules=rules)
    sequence = bench.engine.planner.start_job('app', ['app:x'], StartingStrategy.CONFIG)
    single = bench.engine.planner.single_start(['app:x'], StartingStrategy.CONFIG)
    assert [task.wait_exit for job in (sequence, single) for task in job.all_tasks()] == [True, False]


# -- outcomes
@pytest.mark.parametrize(
    ('kind', 'target', 'states', 'failures', 'outcome'),
    [
        ('start_application', 'app', {'x': P.RUNNING}, [], (0, '')),
        ('start_application', 'app', {'x': P.RUNNING}, ['app:y: no'], (0, '')),
        ('start_application', 'app', {}, ['app:y: no'], (F.NOT_RUNNING, 'application app is STOPPED; app:y: no')),
        ('start_application', 'app', {'x': P.STARTING}, [], (F.NOT_RUNNING, 'application app is STARTING')),
        ('stop_application', 'app', {'x': P.EXITED}, ['app:x: no'], (0, '')),
        (
            'stop_application',
            'app',
            {'x': P.RUNNING, 'free': P.STOPPING},
            [],
            (F.STILL_RUNNING, 'app:free on b:1; app:x on b:1'),
        ),
        ('start_process', 'app:x', {'x': P.RUNNING}, [], (0, '')),
        ('start_process', 'app:*', {'x': P.RUNNING}, ['app:y: no'], (F.NOT_RUNNING, 'app:y: no')),
        ('stop_process', 'app:x', {'y': P.RUNNING}, [], (0, '')),
        ('stop_process', 'app:x', {'x': P.STOPPING}, ['app:x: no'], (F.STILL_RUNNING, 'app:x on b:1; app:x: no')),
        ('adopt_start', 'app:x', {}, [], (0, '')),
        ('adopt_stop', 'app:x', {'x': P.RUNNING}, [], (0, '')),
    ],
)
def test_outcome(
    bench: Bench, kind: str, target: str, states: dict[str, P], failures: list[str], outcome: tuple[int, str]
) -> None:
    show(bench, **states)
    job = Job('app', True, start_ranks=[[]])
    for failure in failures:
        task = Task(failure.split(': ')[0], True)
        task.fail('no')
        job.start_ranks[0].append(task)
    assert planner(bench).outcome(Command(kind, target), [job]) == outcome


def test_a_prediction_of_room_changes_nothing(bench: Bench) -> None:
    before = bench.engine.ledger.items()
    bench.effects.clear()
    planner(bench).check(Command('start_application', 'app'))
    assert bench.engine.ledger.items() == before
    assert bench.engine.drain() == []
    assert bench.engine.jobs.jobs == []


def test_a_group_of_one_name_is_its_process() -> None:
    world: World = operation('ab', programs={'lone': Program()})
    ticket = world['b'].request('start_process', 'lone')
    world.run_until(lambda: ticket.done)
    assert (ticket.code, world.where('lone')) == (0, 'a')
