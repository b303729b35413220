"""A start sequence goes on whatever happens around it, tells what became of it, and never waits for ever."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.engine.commands import START_APPLICATION, START_PROCESS, STOP_APPLICATION
from supvisors.engine.events import ProcessRemoved
from supvisors.engine.orchestration.jobs import ORDERS_PER_TURN
from supvisors.model.enums import DistributionRule, SupvisorsState, SynchroOption
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingFailureStrategy as Failure
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ApplicationRules, ProgramRules
from tests.unit.engine.harness import A, Program, World, application, managed, operation

W, X, Y, Z = 'app:w', 'app:x', 'app:y', 'app:z'
SINGLE = DistributionRule.SINGLE_INSTANCE


def world_of(rules: ApplicationRules, letters: str = 'abcd', programs: Any = None, **values: Any) -> World:
    named = {f'app:{name}': Program(2) for name in rules.programs} | (programs or {})
    return operation(letters, managed(app=rules), programs=named, **values)


def start(world: World, letter: str = 'b', **values: Any) -> Any:
    return world[letter].request(START_APPLICATION, 'app', **values)


def on(identifiers: str, rank: int = 1, **values: Any) -> ProgramRules:
    return ProgramRules(identifiers=tuple(identifiers), start_sequence=rank, **values)


# -- targets
def test_an_application_on_one_instance_goes_on_elsewhere_when_that_one_is_lost_between_two_ranks() -> None:
    rules = attrs.evolve(application(x=1, y=2, z=3), distribution=SINGLE, identifiers=('c', 'd'))
    world = world_of(rules)
    ticket = start(world)
    world.run(3.0)
    assert (world.where(X), world.where(Y)) == ('c', 'c')
    world['c'].crash()
    code, _ = world.outcome(ticket, 30.0)
    assert (code, world.where(Y), world.where(Z)) == (0, 'd', 'd')
    assert world['a'].engine.jobs.jobs == []


def test_an_application_on_one_instance_ends_in_failure_when_there_is_no_other() -> None:
    rules = attrs.evolve(application(x=1, y=2, z=3), distribution=SINGLE, identifiers=('c',))
    world = world_of(rules)
    ticket = start(world)
    world.run(3.0)
    world['c'].crash()
    code, text = world.outcome(ticket, 30.0)
    assert code == F.NOT_RUNNING
    assert f'{Y}: No resource available (c:1: STOPPED)' in text
    assert world['a'].engine.jobs.jobs == []
    assert world.operating()


@pytest.mark.parametrize('lost', ['c', 'cd'])
def test_one_lost_target_after_the_other_is_replaced_by_the_next_candidate(lost: str) -> None:
    world = world_of(application(x=on('cdb'), y=2), programs={X: Program(4)})
    ticket = start(world)
    for letter in lost:
        while world.where(X) != letter:
            world.run(0.5)
        world.run(1.0)
        world[letter].crash()
    assert world.outcome(ticket) == (0, '')
    assert [letter for letter, key in world.starts() if key == X] == [*'cdb'[: len(lost) + 1]]
    assert world.time_of(Y, 'STARTING') >= world.time_of(X, 'RUNNING')
    assert f'{lost[0]}:1 lost while {X} was starting there: choosing again' in world.logs('a', 'warn')


def test_a_target_that_is_lost_and_cannot_be_replaced_is_a_failure_as_any_other() -> None:
    failing = on('c', required=True, starting_failure_strategy=Failure.STOP)
    world = world_of(application(w=1, x=attrs.evolve(failing, start_sequence=2), y=3), programs={X: Program(4)})
    ticket = start(world)
    world.run(3.0)
    world['c'].crash()
    world.outcome(ticket)
    assert f'{X}: No resource available (c:1: STOPPED)' in world.logs('a', 'warn')
    assert f'{Y}: not started, since {X} failed (STOP)' in world.logs('a', 'warn')
    world.run(10.0)
    assert (world.where(W), world.where(Y)) == ('', '')


# -- every cause of a failure, each strategy
CAUSES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    'an event': ({'fatal': True}, {}, f'{X}: FATAL on c:1'),
    'no resource': ({'disabled': True}, {}, f'{X}: No resource available (c:1: program disabled)'),
    'the order is refused': ({'fault': F.NO_FILE}, {}, f'{X}: c:1: NO_FILE'),
    'time, before it runs': ({'slow': 1000.0}, {}, f'{X}: not RUNNING on c:1 in time'),
    'time, before it ends': (
        {'lasts': 1000.0},
        {'wait_exit': True},
        f'{X}: has not ended on c:1 within wait_exit_timeout (8 s)',
    ),
}


@pytest.mark.parametrize('strategy', Failure)
@pytest.mark.parametrize('cause', CAUSES)
def test_the_strategy_applies_whatever_the_cause(cause: str, strategy: Failure) -> None:
    behaviour, rule, text = CAUSES[cause]
    failing = on('c', 2, required=True, starting_failure_strategy=strategy, **rule)
    world = world_of(application(w=1, x=failing, y=3), programs={X: Program(2, **behaviour)}, wait_exit_timeout=8.0)
    world.outcome(start(world))
    world.run(20.0)
    assert any(line.startswith(text) for line in world.logs('a', 'warn'))
    assert (bool(world.where(W)), bool(world.where(Y))) == {
        Failure.ABORT: (True, False),
        Failure.STOP: (False, False),
        Failure.CONTINUE: (True, True),
    }[strategy]


# -- what waits for an exit
def test_without_a_limit_an_exit_is_waited_for_as_long_as_it_takes() -> None:
    world = world_of(application(x=on('c', wait_exit=True), y=2), programs={X: Program(lasts=300.0)})
    ticket = start(world)
    world.run(290.0)
    assert not ticket.done
    assert world.outcome(ticket, 20.0) == (0, '')
    assert world.where(Y) == 'a'


def test_an_exit_in_time_is_no_failure_and_one_too_late_leaves_the_process_running() -> None:
    rules = application(x=on('c', wait_exit=True), y=2)
    for lasts, failed in ((9.0, False), (60.0, True)):
        world = world_of(rules, programs={X: Program(lasts=lasts)}, wait_exit_timeout=10.0)
        code, _ = world.outcome(start(world))
        assert code == 0
        logs = [line for line in world.logs('a', 'warn') if 'wait_exit_timeout' in line]
        assert bool(logs) is failed
        assert world.where(X) == ('c' if failed else '')
        assert world.where(Y) == 'a'  # x is not required


def test_the_limit_begins_when_it_runs() -> None:
    world = world_of(
        application(x=on('c', wait_exit=True)), programs={X: Program(20, lasts=4.0)}, wait_exit_timeout=5.0
    )
    assert world.outcome(start(world))[1] == 'application app is STOPPED'
    assert [line for line in world.logs('a', 'warn') if 'wait_exit_timeout' in line] == []


def test_the_limit_begins_anew_on_the_instance_that_replaces_a_lost_one() -> None:
    world = world_of(
        application(x=on('cd', wait_exit=True), y=2), programs={X: Program(1, lasts=6.0)}, wait_exit_timeout=8.0
    )
    ticket = start(world)
    world.run(6.0)
    world['c'].crash()
    assert world.outcome(ticket) == (0, '')
    assert [line for line in world.logs('a', 'warn') if 'wait_exit_timeout' in line] == []
    assert [letter for letter, key in world.starts() if key == X] == ['c', 'd']


def test_the_automatic_start_ends_although_a_process_does_not_exit() -> None:
    rules = managed(one=application(1, x=ProgramRules(start_sequence=1, wait_exit=True)), two=application(2, x=1))
    world = World('ab', rules, programs={'one:x': Program(lasts=1e6), 'two:x': Program()}, wait_exit_timeout=10.0)
    world.run(8.0)
    assert world.states() == {SupvisorsState.DISTRIBUTION}
    world.run(8.0)
    assert world.operating()
    assert (world.where('one:x'), world.where('two:x')) == ('a', 'a')


# -- independent of each other
def test_a_sequence_that_hangs_holds_no_other_request_up() -> None:
    rules = managed(
        slow=application(x=ProgramRules(start_sequence=1, wait_exit=True), y=2, z=0), other=application(x=1, y=2)
    )
    programs = {key: Program() for key in ('slow:y', 'slow:z', 'other:x', 'other:y')} | {'slow:x': Program(lasts=1e6)}
    world = operation('abc', rules, programs=programs)
    hanging = world['b'].request(START_APPLICATION, 'slow')
    world.run(3.0)
    assert world.outcome(world['b'].request(START_APPLICATION, 'other'), 5.0) == (0, '')
    assert world.outcome(world['c'].request(START_PROCESS, 'slow:z'), 5.0) == (0, '')
    assert world.outcome(world['c'].request(STOP_APPLICATION, 'other'), 5.0) == (0, '')
    assert not hanging.done
    assert world.outcome(world['c'].request(STOP_APPLICATION, 'slow'), 10.0) == (0, '')
    assert world.outcome(hanging, 5.0)[0] == F.NOT_RUNNING


def test_each_request_is_answered_with_its_own_outcome() -> None:
    """x cannot be started: who asked for y is told of success, who asked for x of the failure, and when it is known."""
    world = world_of(application(x=1, y=1), programs={X: Program(2, fatal=True), Y: Program(6)})
    failing = world['b'].request(START_PROCESS, X)
    working = world['b'].request(START_PROCESS, Y)
    code, text = world.outcome(failing)
    assert (code, text) == (F.NOT_RUNNING, f'{X}: FATAL on a:1')
    assert not working.done
    assert world.outcome(working) == (0, '')
    assert world.time_of(Y, 'RUNNING') == pytest.approx(world.now, abs=0.5)


def test_arguments_belong_to_one_process_of_one_group() -> None:
    """Two groups, processes of the same name, and a program of that name: each has its own."""
    programs = {key: Program() for key in ('g1:x', 'g2:x', 'x')}
    world = operation('a', managed(g1=application(x=1), g2=application(x=1), x=application(x=1)), programs=programs)
    for namespec in programs:
        arguments = '' if namespec == 'x' else f'-for {namespec}'
        assert world.outcome(world['a'].request(START_PROCESS, namespec, 0, arguments)) == (0, '')
    assert {key: world['a'].records[key].extra_args for key in programs} == {
        'g1:x': '-for g1:x', 'g2:x': '-for g2:x', 'x': '',
    }  # fmt: skip


# -- joins, elections, the Master
@pytest.mark.parametrize('after', [0.0, 0.5, 1.5, 2.5, 3.5])
@pytest.mark.parametrize('happening', ['a joins', 'master lost', 'both'])
def test_a_sequence_outlives_joins_and_elections(happening: str, after: float) -> None:
    rules = managed(app=application(x=on('cb'), y=on('cb', 2), z=on('cb', 3)))
    world = World(
        'abcde', rules, programs={key: Program() for key in (X, Y, Z)}, boot='abcd',
        synchro_options=frozenset((SynchroOption.TIMEOUT,)), synchro_timeout=1.0,
    )  # fmt: skip
    world.run_until(world.operating)
    ticket = world['d'].request(START_APPLICATION, 'app')
    world.run(after)
    if happening != 'a joins':
        world['a'].crash()
    if happening != 'master lost':
        world['e'].boot()
    assert world.outcome(ticket) == (0, '')
    assert world.starts() == [('c', X), ('c', Y), ('c', Z)]
    assert world.time_of(X, 'RUNNING') <= world.time_of(Y, 'STARTING')
    assert world.time_of(Y, 'RUNNING') <= world.time_of(Z, 'STARTING')
    world.run(10.0)
    assert world.operating()


# -- in slices, and with what disappears
def test_twenty_orders_a_turn() -> None:
    rules = application(**{f'x{n:02}': 1 for n in range(50)})
    world = world_of(rules, 'a')
    turns: list[int] = []
    engine = world['a'].engine
    world['a'].silent_orders = True
    world['a'].request(START_APPLICATION, 'app')
    while len(turns) < 4:
        engine.tick(world['a'].now())
        turns.append(len(engine.drain(1000)))
        assert engine.next_deadline <= world['a'].now().mono + 1.0
    ordered = sum(engine.jobs._ordered[number].start for number in engine.jobs._ordered)
    assert ORDERS_PER_TURN == 20
    assert ordered == 50


@pytest.mark.parametrize('namespecs', [(X,), (Y,), (X, Y)])
@pytest.mark.parametrize('distribution', DistributionRule)
@pytest.mark.parametrize('after', [0.5, 1.5])
def test_processes_that_are_removed_meanwhile_hold_nothing_up(
    after: float, distribution: DistributionRule, namespecs: tuple[str, ...]
) -> None:
    rules = attrs.evolve(application(x=1, y=2, z=3), distribution=distribution)
    world = world_of(rules)
    ticket = start(world)
    world.run(after)
    for node in world.nodes.values():
        for namespec in namespecs:
            del node.records[namespec], node.programs[namespec]
            node.observe(ProcessRemoved(namespec))
    assert world.outcome(ticket) == (0, '')
    # one instance may know of the removal before the others do: which one is taken then does not matter
    assert len(world.where(Z)) == 1
    if distribution is not DistributionRule.ALL_INSTANCES and Y not in namespecs:
        assert world.where(Y) == world.where(Z)
    assert world['a'].engine.jobs.jobs == []
    assert world.operating()


# -- ties
@pytest.mark.parametrize('strategy', [strategy for strategy in S if strategy is not S.LOCAL])
@pytest.mark.parametrize('order', ['abcd', 'dcba', 'bdac'])
def test_ties_follow_the_order_of_the_rules(order: str, strategy: S) -> None:
    """All loads are equal: the first one, and the last one for the most loaded; the same for whoever is asked."""
    world = world_of(application(x=on(order)), machines={'a': 'N1', 'b': 'N1', 'c': 'N2', 'd': 'N2'})
    chosen = order[-1] if strategy in (S.MOST_LOADED, S.MOST_LOADED_NODE) else order[0]
    for node in world.nodes.values():
        assert node.engine.jobs.choose(X, strategy, A).identifier == f'{chosen}:1'
    assert world.outcome(start(world, 'c', strategy=strategy)) == (0, '')
    assert world.where(X) == chosen
