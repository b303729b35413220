"""The state of each process over all instances: an instance that never ran it has no say."""

from __future__ import annotations

import pytest

from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.tables import InstanceEvent
from supvisors.engine.core import Core
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.model.enums import ApplicationState as Ap
from supvisors.model.enums import ProcessState as P
from supvisors.model.identity import Now
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules
from tests.unit.engine.harness import A, B, C, ident, record, settings

JOIN = (InstanceEvent.MET, InstanceEvent.WELCOMED, InstanceEvent.ACTIVATED)
RULES = Rules(
    {
        'app': ApplicationRules(
            True,
            programs={
                'must': ProgramRules(required=True, expected_loading=30),
                'may': ProgramRules(expected_loading=5),
            },
        )
    }
)


class Situation:
    """An inventory over the instances a, b and c, all members."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.peers = Peers(Core(settings('a', 'abc'), Now(0.0, 0.0)))
        self.inventory = Inventory(self.peers, rules)
        self.time = 0.0
        for letter in 'abc':
            self.join(letter)

    def join(self, letter: str) -> None:
        for event in JOIN:
            self.peers.step(self.peers[ident(letter)], event)
        self.inventory.membership_changed()

    def lose(self, letter: str) -> None:
        self.peers.step(self.peers[ident(letter)], InstanceEvent.LOST)
        self.inventory.lose(ident(letter), self.time)
        self.inventory.membership_changed()

    def put(self, letter: str, namespec: str, state: P, **values: object) -> None:
        self.time += 1.0
        one: ProcessRecord = record(namespec, state, event_mono=self.time, **values)
        self.inventory.apply(ident(letter), (one,), (), self.time)

    def shown(self, namespec: str) -> tuple[str, bool, str]:
        view = self.inventory.view(namespec)
        return P(view.state).name, view.expected_exit, ''.join(name[0] for name in view.identifiers)


@pytest.fixture
def world() -> Situation:
    return Situation()


# -- one process
def test_worked_trace(world: Situation) -> None:
    """Spec 40, 2.2, with two decisions of ours: STOPPING counts as being there, and who never ran it has no say."""
    for letter in 'abc':
        world.put(letter, 'app:x', P.STOPPED)
    assert world.shown('app:x') == ('STOPPED', True, '')
    trace = [
        ('a', P.STARTING, True, ('STARTING', True, 'a')),
        ('b', P.STARTING, True, ('STARTING', True, 'ab')),
        ('a', P.RUNNING, True, ('RUNNING', True, 'ab')),
        ('a', P.STOPPING, True, ('STARTING', True, 'ab')),
        ('a', P.STOPPED, True, ('STARTING', True, 'b')),
        ('b', P.EXITED, False, ('EXITED', False, '')),
        ('c', P.STARTING, True, ('STARTING', True, 'c')),
        ('c', P.FATAL, True, ('FATAL', True, '')),
        ('a', P.STOPPED, True, ('STOPPED', True, '')),  # a has run it: the latest word is its own
    ]
    for letter, state, expected, shown in trace:
        world.put(letter, 'app:x', state, expected=expected, start=1)
        assert world.shown('app:x') == shown, (letter, state.name)


def test_a_newcomer_that_never_ran_it_does_not_hide_its_failure(world: Situation) -> None:
    world.put('a', 'app:x', P.FATAL)
    world.put('b', 'app:x', P.STOPPED)
    assert world.shown('app:x')[0] == 'FATAL'
    world.put('b', 'app:x', P.STOPPED, start=5)
    assert world.shown('app:x')[0] == 'STOPPED'


@pytest.mark.parametrize(
    ('states', 'shown'),
    [
        ((P.STARTING, P.RUNNING, P.BACKOFF), 'RUNNING'),
        ((P.STARTING, P.STOPPING, P.BACKOFF), 'BACKOFF'),
        ((P.STOPPING, P.STARTING, P.STOPPED), 'STARTING'),
        ((P.STOPPED, P.STOPPING, P.FATAL), 'STOPPING'),
        ((P.RUNNING, P.FATAL, P.EXITED), 'RUNNING'),
    ],
)
def test_the_liveliest_state_is_shown(world: Situation, states: tuple[P, ...], shown: str) -> None:
    for letter, state in zip('abc', states, strict=True):
        world.put(letter, 'app:x', state)
    assert world.shown('app:x')[0] == shown


def test_stopping_is_there_but_not_in_the_running_family(world: Situation) -> None:
    world.put('a', 'app:x', P.STOPPING)
    world.put('b', 'app:x', P.BACKOFF)
    world.put('c', 'app:x', P.EXITED)
    assert world.inventory.where('app:x') == [A, B]
    assert world.inventory.running_where('app:x') == [B]
    assert world.inventory.where('app:unknown') == world.inventory.running_where('app:unknown') == []


def test_extra_arguments_are_those_of_who_runs_it(world: Situation) -> None:
    world.put('a', 'app:x', P.RUNNING, extra_args='-a')
    world.put('b', 'app:x', P.EXITED, extra_args='-b')
    assert world.inventory.view('app:x').extra_args == '-a'


# -- lost instances
def test_what_ran_on_a_lost_instance_is_fatal_and_the_rest_is_as_it_was(world: Situation) -> None:
    world.put('b', 'app:x', P.RUNNING, pid=12)
    world.put('b', 'app:y', P.EXITED)
    world.put('b', 'app:z', P.STOPPING)
    world.lose('b')
    lost = world.inventory.record('app:x', B)
    assert lost is not None
    assert (lost.state, lost.expected, lost.pid, lost.spawnerr) == (P.FATAL, False, 0, f'Supervisor {B} lost')
    assert world.shown('app:x') == ('FATAL', False, '')
    assert world.shown('app:y') == ('EXITED', True, '')
    assert world.shown('app:z')[0] == 'FATAL'


def test_a_lost_instance_does_not_hide_who_still_runs_it(world: Situation) -> None:
    world.put('a', 'app:x', P.RUNNING)
    world.put('b', 'app:x', P.RUNNING)
    world.lose('b')
    assert world.shown('app:x') == ('RUNNING', True, 'a')


def test_who_is_not_a_member_does_not_count(world: Situation) -> None:
    world.put('b', 'app:must', P.RUNNING)
    assert world.inventory.load(B) == 30
    world.peers.step(world.peers[B], InstanceEvent.LOST)
    world.inventory.membership_changed()
    assert world.inventory.where('app:must') == []
    assert world.inventory.load(B) == 0


# -- snapshots, additions, removals
def test_a_snapshot_removes_what_it_does_not_hold(world: Situation) -> None:
    for letter in 'ab':
        world.put(letter, 'app:x', P.STOPPED)
        world.put(letter, 'app:y', P.STOPPED)
    world.put('b', 'lone', P.RUNNING)
    world.inventory.replace(B, (record('app:y', P.RUNNING),), 9.0)
    assert world.inventory.namespecs() == ['app:x', 'app:y']
    assert world.inventory.record('app:x', B) is None
    assert world.inventory.record('app:x', A) is not None
    assert [one.namespec for one in world.inventory.records_of(B)] == ['app:y']
    assert world.inventory.groups() == ['app']


def test_a_process_disappears_with_its_last_instance_and_the_group_with_its_last_process(world: Situation) -> None:
    world.put('a', 'app:x', P.STOPPED)
    world.put('b', 'app:x', P.STOPPED)
    world.inventory.apply(A, (), ('app:x', 'app:never'), 5.0)
    assert 'app:x' in world.inventory
    world.inventory.apply(B, (), ('app:x',), 5.0)
    assert 'app:x' not in world.inventory
    assert world.inventory.groups() == world.inventory.group('app') == []
    world.put('a', 'app:x', P.STOPPED)
    assert world.inventory.group('app') == ['app:x']


def test_all_is_sorted_by_group_then_name(world: Situation) -> None:
    for letter, namespec in (('b', 'b:z'), ('a', 'b-c:a'), ('a', 'a'), ('b', 'b:a'), ('a', 'b'), ('c', 'a:x')):
        world.put(letter, namespec, P.RUNNING)
        world.put('c', namespec, P.RUNNING)
    assert world.inventory.namespecs() == ['a', 'a:x', 'b:a', 'b', 'b:z', 'b-c:a']
    assert world.inventory.groups() == ['a', 'b', 'b-c']
    assert world.inventory.group('b') == ['b:a', 'b', 'b:z']
    assert [one.namespec for one in world.inventory.records_of(C)] == world.inventory.namespecs()
    assert world.inventory.where('b') == [A, C]


# -- what is kept between two changes
def test_a_view_is_kept_until_its_process_or_the_members_change(world: Situation) -> None:
    world.put('a', 'app:x', P.RUNNING)
    world.put('a', 'app:y', P.RUNNING)
    x, y = world.inventory.view('app:x'), world.inventory.view('app:y')
    assert world.inventory.view('app:x') is x
    world.put('a', 'app:x', P.STOPPING)
    assert world.inventory.view('app:x') != x
    assert world.inventory.view('app:y') is y
    world.inventory.membership_changed()
    assert world.inventory.view('app:y') is not y


def test_loads_are_kept_until_something_changes(world: Situation) -> None:
    world.put('a', 'app:must', P.RUNNING)
    assert world.inventory.load(A) == 30
    world.put('a', 'app:may', P.STARTING)
    assert world.inventory.load(A) == 35
    world.put('a', 'app:must', P.STOPPING)
    assert world.inventory.load(A) == 35  # what is stopping still needs its room
    world.put('b', 'app:must', P.BACKOFF)
    world.put('b', 'free', P.RUNNING)
    assert [world.inventory.load(name) for name in (A, B, C)] == [35, 30, 0]


def test_what_has_changed_is_dirty_and_what_is_the_same_is_not(world: Situation) -> None:
    world.put('a', 'app:x', P.RUNNING)
    world.put('a', 'app:y', P.RUNNING)
    assert world.inventory.dirty == {'app:x', 'app:y'}
    world.inventory.dirty.clear()
    world.inventory.replace(A, tuple(world.inventory.records_of(A)), 9.0)
    assert world.inventory.dirty == set()
    world.inventory.replace(A, (record('app:x', P.STOPPED),), 9.0)
    assert world.inventory.dirty == {'app:x', 'app:y'}
    world.inventory.dirty.clear()
    world.inventory.membership_changed()
    assert world.inventory.dirty == {'app:x'}


def test_has_run(world: Situation) -> None:
    world.put('a', 'app:x', P.STOPPED)
    assert not world.inventory.has_run('app:x')
    assert not world.inventory.has_run('app:unknown')
    world.put('b', 'app:x', P.STOPPED, start=1)
    assert world.inventory.has_run('app:x')


def test_an_instance_has_failed_when_one_of_its_processes_has_crashed(world: Situation) -> None:
    world.put('a', 'app:x', P.RUNNING)
    world.put('b', 'app:x', P.EXITED, expected=False)
    assert [world.inventory.failed(name) for name in (A, B, C)] == [False, True, False]


# -- applications
@pytest.mark.parametrize(
    ('states', 'shown'),
    [
        ((P.STOPPED, P.EXITED, P.FATAL), Ap.STOPPED),
        ((P.STOPPED, P.RUNNING, P.FATAL), Ap.RUNNING),
        ((P.STARTING, P.RUNNING, P.STOPPED), Ap.STARTING),
        ((P.BACKOFF, P.RUNNING, P.STOPPED), Ap.STARTING),
        ((P.STARTING, P.RUNNING, P.STOPPING), Ap.STOPPING),
    ],
)
def test_application_state(world: Situation, states: tuple[P, ...], shown: Ap) -> None:
    for name, state in zip('xyz', states, strict=True):
        world.put('a', f'app:{name}', state)
    assert world.inventory.application('app').state is shown


@pytest.mark.parametrize(
    ('must', 'may', 'expected', 'failures'),
    [
        (P.RUNNING, P.RUNNING, True, (False, False)),
        (P.FATAL, P.RUNNING, True, (True, False)),
        (P.UNKNOWN, P.RUNNING, True, (True, False)),
        (P.EXITED, P.RUNNING, False, (True, False)),
        (P.EXITED, P.RUNNING, True, (False, False)),
        (P.STOPPED, P.RUNNING, True, (True, False)),  # required, and the application is not stopped
        (P.STOPPED, P.STOPPED, True, (False, False)),
        (P.STOPPED, P.FATAL, True, (False, True)),
        (P.RUNNING, P.FATAL, True, (False, True)),
        (P.RUNNING, P.STOPPED, True, (False, False)),
        (P.FATAL, P.FATAL, True, (True, False)),  # the major one hides the minor one
    ],
)
def test_failures(world: Situation, must: P, may: P, expected: bool, failures: tuple[bool, bool]) -> None:
    world.put('a', 'app:must', must, expected=expected)
    world.put('b', 'app:may', may)
    view = world.inventory.application('app')
    assert (view.major_failure, view.minor_failure) == failures
    assert view.managed


def test_an_application_without_rules_never_fails() -> None:
    world = Situation(Rules())
    world.put('a', 'app:must', P.FATAL)
    view = world.inventory.application('app')
    assert (view.managed, view.state, view.major_failure, view.minor_failure) == (False, Ap.STOPPED, False, False)
