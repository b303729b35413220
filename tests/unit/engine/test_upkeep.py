"""What the Master does unasked: the automatic start, repairs, and stops that hold."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from supvisors.engine import commands
from supvisors.engine.commands import START_APPLICATION, START_PROCESS, STOP_APPLICATION, STOP_PROCESS, Ticket
from supvisors.model.enums import RunningFailureStrategy as Failure
from supvisors.model.enums import SupvisorsState, SynchroOption
from supvisors.model.ledger import Intent, Placement
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import C, Program, World, application, managed, operation

X, Y = 'app:x', 'app:y'
RESTART = Failure.RESTART_PROCESS
TIMEOUT = frozenset((SynchroOption.TIMEOUT,))


def done(world: World, ticket: Ticket) -> int:
    world.run_until(lambda: ticket.done)
    return ticket.code


def one(failure: Failure = RESTART, start_sequence: int = 0, program: Program | None = None, **values: Any) -> World:
    """One program, x, that can run anywhere but on a, the Master; c first."""
    rules = ProgramRules(identifiers=('c', 'd', 'b'), start_sequence=start_sequence, running_failure_strategy=failure)
    return operation('abcd', managed(app=application(0, x=rules)), programs={X: program or Program()}, **values)


def running(world: World, extra_args: str = '') -> World:
    """x runs on c, on demand of a user."""
    assert done(world, world['b'].request(START_PROCESS, X, 0, extra_args)) == 0
    assert world.where(X) == 'c'
    return world


# -- the automatic start
def test_applications_start_rank_after_rank_and_those_of_rank_0_do_not() -> None:
    rules = managed(
        two=application(2, x=1), one=application(1, x=1, y=2), other=application(1, x=1, z=0), none=application(0, x=1)
    )
    programs = {key: Program(2) for key in ('one:x', 'one:y', 'two:x', 'other:x', 'other:z', 'none:x', 'free')}
    world = operation('abc', rules, programs=programs)
    assert [namespec for _, namespec in world.starts()] == ['one:x', 'other:x', 'one:y', 'two:x']
    assert world.time_of('one:x', 'STARTING') == world.time_of('other:x', 'STARTING')
    assert world.time_of('two:x', 'STARTING') == world.time_of('one:y', 'RUNNING')


def test_what_runs_already_is_left_alone() -> None:
    world = World('abc', managed(app=application(1, x=1, y=2)), programs={X: Program(autostart=True), Y: Program()})
    world.run_until(world.operating)
    assert [letter for letter, namespec in world.starts() if namespec == X] == ['a', 'b', 'c']
    assert [letter for letter, namespec in world.starts() if namespec == Y] == ['a']


def test_a_late_joiner_that_brings_room_gets_what_could_not_be_placed() -> None:
    rule = ProgramRules(start_sequence=1, expected_loading=60)
    rules = managed(app=application(1, x=rule, y=rule, z=rule))
    programs = {key: Program() for key in (X, Y, 'app:z')}
    world = World('abc', rules, programs=programs, boot='ab', synchro_options=TIMEOUT, synchro_timeout=1.0)
    world.run_until(world.operating)
    assert world.starts() == [('a', X), ('b', Y)]
    world['c'].boot()
    world.run(5.0)
    assert world.starts() == [('a', X), ('b', Y), ('c', 'app:z')]
    assert world.operating()


def test_a_late_joiner_that_brings_programs_gets_them_started() -> None:
    rules = managed(app=application(1, x=1, y=2))
    only = {'a': {X: Program()}, 'b': {X: Program()}, 'c': {X: Program(), Y: Program()}}
    world = World('abc', rules, only=only, boot='ab', synchro_options=TIMEOUT, synchro_timeout=1.0)
    world.run_until(world.operating)
    world['c'].boot()
    world.run(5.0)
    assert world.starts() == [('a', X), ('c', Y)]


def test_a_late_joiner_does_not_start_again_what_was_stopped_or_has_ended() -> None:
    rules = managed(app=application(1, x=1, y=1))
    programs = {X: Program(), Y: Program(fatal=True)}
    world = World('abc', rules, programs=programs, boot='ab', synchro_options=TIMEOUT, synchro_timeout=1.0)
    world.run_until(world.operating)
    assert done(world, world['a'].request(STOP_APPLICATION, 'app')) == 0
    before = world.starts()
    world['c'].boot()
    world.run(10.0)
    assert world.starts() == before


def test_the_automatic_start_writes_the_intent_that_is_missing_only() -> None:
    rules = managed(app=application(1, x=1))
    world = operation('abc', rules, programs={X: Program()})
    assert world['b'].engine.ledger.intent(X) == Intent(True, '', 'automatic start')


@pytest.mark.parametrize('crash_after', [0.0, 1.0, 3.0])
def test_a_new_master_ends_the_automatic_start(crash_after: float) -> None:
    rules = managed(app=application(1, x=1, y=2), other=application(2, x=1))
    programs = {X: Program(2), Y: Program(2), 'other:x': Program(2)}
    world = World('abcd', rules, only={letter: programs for letter in 'bcd'})
    world.run(crash_after)
    assert world.leaders() == 'a'
    world['a'].crash()
    world.run(20.0)
    assert world.operating()
    assert [namespec for _, namespec in world.starts()] == [X, Y, 'other:x']


# -- placements
def test_the_placement_follows_the_process() -> None:
    world = one()
    started = world['b'].request(START_PROCESS, X)
    assert done(world, started) == 0
    placement = Placement(C, 'c1', 0, started.request)
    for node in world.nodes.values():
        assert node.engine.ledger.placement(X) == placement
    assert done(world, world['b'].request(STOP_PROCESS, X)) == 0
    world.run(0.1)
    for node in world.nodes.values():
        assert node.engine.ledger.placement(X) is None
        assert node.engine.ledger.last_placement(X) == attrs.evolve(placement, ended=True)


# -- repairs
def test_a_lost_process_is_started_again_on_the_next_instance() -> None:
    world = running(one(), '-v')
    world['c'].crash()
    world.run(5.0)
    assert world.where(X) == 'd'
    assert world.starts() == [('c', X), ('d', X)]
    assert world['d'].records[X].extra_args == '-v'  # with the arguments that the user gave


def test_a_silent_instance_is_repaired_too_and_its_process_starts_once() -> None:
    world = running(one())
    world.split('abd', 'c')
    world.run(10.0)
    assert world.starts()[1:] == [('d', X)]


def test_the_process_of_a_lost_master_is_started_again() -> None:
    rules = ProgramRules(running_failure_strategy=RESTART)
    world = operation('abc', managed(app=application(x=rules)), programs={X: Program()})
    done(world, world['c'].request(START_PROCESS, X))
    assert world.where(X) == 'a'
    world['a'].crash()
    world.run(8.0)
    assert world.leaders() == 'b'
    assert world.where(X) == 'b'
    assert world.starts() == [('a', X), ('b', X)]


def test_master_and_instance_lost_together() -> None:
    world = running(one())
    world['a'].crash()
    world['c'].crash()
    world.run(8.0)
    assert world.starts() == [('c', X), ('d', X)]


@pytest.mark.parametrize('failure', [strategy for strategy in Failure if strategy is not RESTART])
def test_other_strategies_leave_a_lost_process_alone_for_now(failure: Failure) -> None:
    world = running(one(failure))
    world['c'].crash()
    world.run(10.0)
    assert world.where(X) == ''


def test_a_process_that_crashes_is_left_to_its_supervisord() -> None:
    world = running(one(program=Program(lasts=2.0, expected=False)))
    world.run(20.0)
    assert world.starts() == [('c', X)]
    assert world['a'].engine.ledger.placement(X) is None


def test_a_process_that_runs_elsewhere_too_is_not_started_again() -> None:
    world = running(one())
    world['b'].spawn(X)
    world.run(2.0)
    world['c'].crash()
    world.run(10.0)
    assert world.where(X) == 'b'
    placement = world['a'].engine.ledger.placement(X)
    assert placement is not None
    assert placement.identifier == 'b:1'


def test_a_repair_without_room_is_done_when_an_instance_comes() -> None:
    world = one()
    world['d'].crash()
    world['b'].programs[X].disabled = True
    world['b'].crash()
    world['b'].boot()
    world.run(8.0)
    running(world)
    world['c'].crash()
    world.run(20.0)
    assert world.where(X) == ''
    world['d'].boot()
    world.run(3.0)
    assert world.where(X) == 'd'


def test_a_repair_without_room_is_tried_again_every_five_seconds() -> None:
    load = ProgramRules(identifiers=('c', 'b'), expected_loading=60, running_failure_strategy=RESTART)
    heavy = ProgramRules(identifiers=('b',), expected_loading=60)
    world = operation('abc', managed(app=application(x=load, y=heavy)), programs={X: Program(), Y: Program()})
    done(world, world['a'].request(START_PROCESS, X))
    done(world, world['a'].request(START_PROCESS, Y))
    world['c'].crash()
    world.run(12.0)
    assert world.where(X) == ''
    done(world, world['a'].request(STOP_PROCESS, Y))
    world.run(6.0)
    assert world.where(X) == 'b'


def test_a_repair_that_fails_on_its_new_instance_is_not_repeated_for_ever() -> None:
    world = running(one())
    for letter in 'bd':
        world[letter].programs[X].fatal = True
    world['c'].crash()
    world.run(60.0)
    assert [letter for letter, _ in world.starts()] == ['c', 'd']


def test_a_new_master_repairs_what_the_lost_one_was_about_to() -> None:
    world = running(one())
    world['c'].crash()
    world.run(0.03)  # the loss is not known yet
    world['a'].crash()
    world.run(8.0)
    assert world.starts() == [('c', X), ('d', X)]


# -- planned leaves
def test_a_planned_leave_is_repaired_after_the_failure_timeout() -> None:
    world = running(one(failure_timeout=4.0))
    world['c'].leave()
    world.run_until(lambda: not world['c'].up)
    left = world.now
    world.run_until(lambda: world.where(X) == 'd', 10.0)
    assert world.now - left == pytest.approx(4.0, abs=0.1)


def test_a_master_that_leaves_with_its_process_is_repaired_by_the_next_one() -> None:
    rules = ProgramRules(running_failure_strategy=RESTART)
    world = operation('abc', managed(app=application(x=rules)), programs={X: Program(stop_time=2.0)})
    done(world, world['c'].request(START_PROCESS, X))
    assert world.where(X) == 'a'
    world['a'].leave()
    world.run(12.0)
    assert world.starts() == [('a', X), ('b', X)]
    assert world.time_of(X, 'STARTING') > world.time_of(X, 'STOPPED')


def test_one_that_comes_back_in_time_is_repaired_at_once_and_can_take_it() -> None:
    world = running(one(failure_timeout=30.0))
    world['c'].leave()
    world.run_until(lambda: not world['c'].up)
    world.run(1.0)
    assert world.where(X) == ''
    world['c'].boot()
    world.run(2.0)
    assert world.where(X) == 'c'
    assert [letter for letter, _ in world.starts()] == ['c', 'c']


def test_nothing_is_started_elsewhere_while_it_ends_on_one_that_leaves() -> None:
    world = running(one(program=Program(stop_time=6.0)))
    world['c'].leave()
    world.run(6.0)
    assert [letter for letter, _ in world.starts()] == ['c']
    world.run(6.0)
    assert [letter for letter, _ in world.starts()] == ['c', 'd']
    assert world.time_of(X, 'STARTING') >= world.time_of(X, 'STOPPED')


# -- stops that hold
@pytest.mark.parametrize('lost', ['c', 'a', 'ac'])
def test_what_was_stopped_on_purpose_stays_stopped(lost: str) -> None:
    world = running(one(start_sequence=1))
    done(world, world['b'].request(STOP_PROCESS, X))
    for letter in lost:
        world[letter].crash()
    world.run(10.0)
    for letter in lost:
        world[letter].boot()
    world.run(10.0)
    assert world.where(X) == ''
    assert len(world.starts()) == 1


def test_what_is_lost_while_it_is_being_stopped_is_not_expected_any_more() -> None:
    world = running(one(program=Program(stop_time=60.0)))
    stop = world['b'].request(STOP_PROCESS, X)
    world.run(1.0)
    world['c'].crash()
    assert done(world, stop) == 0
    world.run(0.5)
    assert world['a'].engine.ledger.placement(X) is None
    world.run(10.0)
    assert len(world.starts()) == 1


def test_what_runs_against_a_stop_is_stopped_after_two_seconds() -> None:
    world = running(one())
    done(world, world['b'].request(STOP_PROCESS, X))
    world['d'].spawn(X)
    world.run(1.9)
    assert world.where(X) == 'd'
    world.run(1.0)
    assert world.where(X) == ''


def test_an_instance_that_autostarts_against_a_stop_is_corrected() -> None:
    world = running(one())
    done(world, world['b'].request(STOP_PROCESS, X))
    world['d'].crash()
    world['d'].programs[X].autostart = True
    world['d'].boot()
    world.run(6.0)
    assert world.where(X) == ''


@pytest.mark.parametrize('startsecs', [0, 1, 5])
def test_what_a_user_starts_again_by_himself_is_not_stopped(startsecs: int) -> None:
    world = running(one(program=Program(startsecs)))
    done(world, world['b'].request(STOP_PROCESS, X))
    world['d'].spawn(X)
    world.run(0.5)
    world['d'].request(commands.ADOPT_START, X)
    world.run(20.0)
    assert world.where(X) == 'd'


def test_a_stop_that_fails_is_tried_again() -> None:
    world = running(one(program=Program(stopwaitsecs=1, stop_time=float('inf'))))
    world['b'].request(STOP_PROCESS, X)
    world.run(20.0)
    world['c'].show(X, 20)  # it is RUNNING, whatever was asked
    world['c'].programs[X].stop_time = 0.5
    world.run(30.0)
    assert world.where(X) == ''


def test_what_nobody_has_spoken_of_may_run() -> None:
    world = one()
    world['d'].spawn(X)
    world.run(20.0)
    assert world.where(X) == 'd'


def test_a_stop_on_the_small_side_of_a_partition_holds_after_the_heal() -> None:
    """d loses a, b and c, starts x itself, and is told to stop it: after the heal, x is stopped on c as well."""
    world = running(one())
    world.split('abc', 'd')
    world.run(10.0)
    assert world.where(X) == 'cd'
    assert done(world, world['d'].request(STOP_PROCESS, X)) == 0
    assert world.where(X) == 'c'
    world.heal()
    world.run(15.0)
    assert world.operating()
    assert world['a'].engine.ledger.intent(X).running is False  # type: ignore[union-attr]
    assert world.where(X) == ''


def test_a_stop_on_the_large_side_of_a_partition_holds_after_the_heal() -> None:
    world = running(one())
    world.split('abc', 'd')
    world.run(10.0)
    assert done(world, world['b'].request(STOP_PROCESS, X)) == 0
    assert world.where(X) == 'd'
    world.heal()
    world.run(15.0)
    assert world.where(X) == ''


def test_after_the_heal_users_can_change_what_the_small_side_wrote() -> None:
    """The small side wrote in a higher term than that of the Master that stays: that must not hold for ever."""
    world = running(one())
    world.split('abc', 'd')
    world.run(10.0)
    assert done(world, world['d'].request(STOP_PROCESS, X)) == 0
    world.heal()
    world.run(15.0)
    if world.where(X):
        assert done(world, world['b'].request(STOP_PROCESS, X)) == 0
    assert done(world, world['b'].request(START_PROCESS, X, 0, '-new')) == 0
    assert world.where(X) == 'c'
    assert world['c'].records[X].extra_args == '-new'
    assert done(world, world['b'].request(STOP_PROCESS, X)) == 0
    world.run(5.0)
    assert world['d'].engine.ledger.intent(X).running is False  # type: ignore[union-attr]


def test_after_the_heal_the_master_takes_note_of_what_runs() -> None:
    """d believed that x was lost; the Master that stays knows better, and what it writes must count."""
    world = running(one(Failure.CONTINUE))
    world.split('abc', 'd')
    world.run(10.0)
    world.heal()
    world.run(10.0)
    for letter in 'abcd':
        placement = world[letter].engine.ledger.placement(X)
        assert placement is not None
        assert placement.identifier == C


def test_a_start_after_a_stop_is_the_last_word() -> None:
    world = running(one())
    done(world, world['b'].request(STOP_PROCESS, X))
    running(world)
    world['c'].crash()
    world.run(6.0)
    assert world.where(X) == 'd'


def test_a_repair_never_changes_what_users_want() -> None:
    world = running(one(), '-v')
    before = [item for item in world['a'].engine.ledger.items() if item.intent]
    world['c'].crash()
    world.run(6.0)
    assert world.where(X) == 'd'
    assert [item for item in world['a'].engine.ledger.items() if item.intent] == before


def test_a_whole_application_comes_back_after_the_loss_of_its_instance() -> None:
    rule = ProgramRules(identifiers=('c', 'b'), start_sequence=1, running_failure_strategy=RESTART)
    world = operation('abc', managed(app=application(x=rule, y=rule)), programs={X: Program(), Y: Program()})
    done(world, world['b'].request(START_APPLICATION, 'app'))
    world['c'].crash()
    world.run(6.0)
    assert world.where(X) == world.where(Y) == 'b'
    assert world.states() == {SupvisorsState.OPERATION}
