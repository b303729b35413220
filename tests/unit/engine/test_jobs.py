"""The processes of an application are started and stopped rank after rank, and every wait has an end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from supvisors.engine import commands
from supvisors.engine.commands import START_APPLICATION, START_PROCESS, STOP_APPLICATION, STOP_PROCESS, Ticket
from supvisors.engine.events import ProcessRemoved
from supvisors.engine.messages import Order, OrderResult, Status, Update
from supvisors.model.enums import FaultCode, StartingStrategy
from supvisors.model.enums import ProcessState as P
from supvisors.model.enums import StartingFailureStrategy as Failure
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Bench, Program, World, application, ident, incarnation, managed, operation, record

W, X, Y, Z = 'app:w', 'app:x', 'app:y', 'app:z'


def world_of(rules: Any, programs: dict[str, Program], letters: str = 'abc', **values: Any) -> World:
    return operation(letters, managed(app=rules), programs=programs, **values)


def done(world: World, ticket: Ticket, within: float = 60.0) -> tuple[int, str]:
    world.run_until(lambda: ticket.done, within)
    return ticket.code, ticket.text


def start(world: World, letter: str = 'b', **values: Any) -> Ticket:
    return world[letter].request(START_APPLICATION, 'app', **values)


# -- ranks
def test_a_rank_begins_when_the_one_before_has_ended() -> None:
    world = world_of(application(w=3, x=1, y=2, z=2), {W: Program(), X: Program(2), Y: Program(3), Z: Program(1)})
    assert done(world, start(world)) == (0, '')
    assert [namespec for _, namespec in world.starts()] == [X, Y, Z, W]
    assert world.time_of(Y, 'STARTING') == world.time_of(Z, 'STARTING') == world.time_of(X, 'RUNNING')
    assert world.time_of(W, 'STARTING') == world.time_of(Y, 'RUNNING')


names = st.sampled_from('stuvwxyz')


@hypothesis_settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 4)), min_size=1))
def test_ranks_in_order_whatever_the_programs(programs: dict[str, tuple[int, int, int]]) -> None:
    """Start ranks upwards without 0, stop ranks downwards with it."""
    rules = application(
        **{name: ProgramRules(start_sequence=first, stop_sequence=last) for name, (first, _, last) in programs.items()}
    )
    world = world_of(rules, {f'app:{name}': Program(startsecs) for name, (_, startsecs, _) in programs.items()}, 'ab')
    ticket = start(world)
    if not any(first for first, _, _ in programs.values()):
        assert done(world, ticket)[0] == FaultCode.ABNORMAL_TERMINATION
        return
    assert done(world, ticket) == (0, '')
    started = {name for name, (first, _, _) in programs.items() if first}
    assert {namespec for _, namespec in world.starts()} == {f'app:{name}' for name in started}
    for one in started:
        for other in started:
            if programs[one][0] < programs[other][0]:
                assert world.time_of(f'app:{one}', 'RUNNING') <= world.time_of(f'app:{other}', 'STARTING')
    assert done(world, world['b'].request(STOP_APPLICATION, 'app')) == (0, '')
    for one in started:
        for other in started:
            if programs[one][2] > programs[other][2]:
                assert world.time_of(f'app:{one}', 'STOPPED') <= world.time_of(f'app:{other}', 'STOPPING')


def test_stop_ranks_go_down_and_rank_0_is_stopped_last() -> None:
    rules = application(
        w=ProgramRules(start_sequence=1, stop_sequence=2),
        x=ProgramRules(start_sequence=1, stop_sequence=3),
        y=ProgramRules(start_sequence=1),
    )
    world = world_of(rules, {key: Program(stop_time=1.0) for key in (W, X, Y)})
    done(world, start(world))
    assert done(world, world['c'].request(STOP_APPLICATION, 'app')) == (0, '')
    assert world.time_of(W, 'STOPPING') == world.time_of(X, 'STOPPED')
    assert world.time_of(Y, 'STOPPING') == world.time_of(W, 'STOPPED')


def test_wait_exit_waits_for_the_exit_and_a_single_start_does_not() -> None:
    rules = application(x=ProgramRules(start_sequence=1, wait_exit=True), y=2)
    world = world_of(rules, {X: Program(lasts=20.0), Y: Program()})
    assert done(world, start(world)) == (0, '')
    assert world.time_of(Y, 'STARTING') == world.time_of(X, 'EXITED') == pytest.approx(21.0)
    begin = world.now
    assert done(world, world['b'].request(START_PROCESS, X)) == (0, '')
    assert world.now - begin == pytest.approx(1.0)


# -- what fails to start
def failing(strategy: Failure, required: bool = True, **bad: Any) -> World:
    rules = application(
        w=1,
        x=ProgramRules(start_sequence=2, required=required, starting_failure_strategy=strategy),
        y=ProgramRules(start_sequence=2),
        z=3,
    )
    return world_of(rules, {W: Program(), X: Program(**(bad or {'fatal': True})), Y: Program(4), Z: Program()})


def test_abort_starts_nothing_more_and_stops_nothing() -> None:
    world = failing(Failure.ABORT)
    assert done(world, start(world))[0] == 0  # the application runs, at least in part
    assert 'STARTING a' not in world.states_of(Z)
    world.run(20.0)
    assert [bool(world.where(key)) for key in (W, X, Y, Z)] == [True, False, True, False]


def test_stop_stops_the_whole_application() -> None:
    world = failing(Failure.STOP)
    done(world, start(world))
    world.run(20.0)
    assert [bool(world.where(key)) for key in (W, X, Y, Z)] == [False] * 4
    assert world.time_of(Y, 'STOPPING') >= world.time_of(Y, 'RUNNING')  # what was on its way was followed to its end
    assert (Z, 'STARTING') not in [(key, state) for _, _, key, state in world.history]


@pytest.mark.parametrize(
    ('strategy', 'required'), [(Failure.CONTINUE, True), (Failure.STOP, False), (Failure.ABORT, False)]
)
def test_continue_and_what_is_not_required_go_on(strategy: Failure, required: bool) -> None:
    world = failing(strategy, required)
    done(world, start(world))
    assert [bool(world.where(key)) for key in (W, X, Y, Z)] == [True, False, True, True]


@pytest.mark.parametrize('bad', [{'fault': FaultCode.NO_FILE}, {'disabled': True}, {'slow': 100.0}, {'lasts': 0.0}])
def test_every_cause_of_a_failure_counts(bad: dict[str, Any]) -> None:
    rules = application(x=ProgramRules(start_sequence=1, required=True), y=1, z=2)
    one = Program(0 if 'lasts' in bad else 1, expected=False, **bad)
    world = world_of(rules, {X: one, Y: Program(2), Z: Program()})
    done(world, start(world))
    assert world.where(Y) == 'a'
    assert (world.where(Z) == '') is ('lasts' not in bad)  # with startsecs 0 it was RUNNING first


def test_what_an_aborted_start_left_out_can_be_started_later() -> None:
    world = failing(Failure.ABORT)
    done(world, start(world))
    assert done(world, world['b'].request(START_PROCESS, Z)) == (0, '')


def test_an_application_can_be_started_again_after_an_aborted_start() -> None:
    world = failing(Failure.ABORT)
    done(world, start(world))
    assert done(world, world['b'].request(STOP_APPLICATION, 'app')) == (0, '')
    for node in world.nodes.values():
        node.programs[X].fatal = False
    assert done(world, start(world)) == (0, '')
    assert [bool(world.where(key)) for key in (W, X, Y, Z)] == [True] * 4


def test_the_text_says_what_failed_and_why() -> None:
    world = world_of(application(x=1), {X: Program(fatal=True)})
    code, text = done(world, world['b'].request(START_PROCESS, X))
    assert (code, text) == (FaultCode.NOT_RUNNING, f'{X}: FATAL on a:1')


def test_backoff_is_waited_for() -> None:
    world = world_of(application(x=1), {X: Program(startsecs=8, fatal=True)})
    ticket = world['b'].request(START_PROCESS, X)
    world.run(15.0)
    assert not ticket.done  # 8 s of STARTING, then BACKOFF
    assert done(world, ticket)[0] == FaultCode.NOT_RUNNING
    assert world.states_of(X) == ['STARTING a', 'BACKOFF a', 'FATAL a']


def test_a_start_that_takes_too_long_is_given_up() -> None:
    world = world_of(application(x=1), {X: Program(startsecs=3, slow=100.0)})
    ticket = world['b'].request(START_PROCESS, X)
    begin = world.now
    assert done(world, ticket) == (FaultCode.NOT_RUNNING, f'{X}: not RUNNING on a:1 in time')
    assert world.now - begin == pytest.approx(3.0 + 5.0)


# -- placement
def test_no_resource_with_a_reason_for_each_candidate() -> None:
    bench = Bench('abcdef', rules=managed(app=application(x=ProgramRules(expected_loading=60), y=0)))
    bench.join('bcde', record(X), record(Y))
    bench.peer('b').suspect = True
    bench.say('c', Update((record(X, disabled=True),)), seq=1)
    bench.say('d', Update(removed=(X,)), seq=1)
    bench.seqs.update(c=1, d=1, e=1)
    bench.say('e', Update(status=Status(leaving=True)), seq=1)
    choice = bench.engine.jobs.choose(X, StartingStrategy.CONFIG)
    assert choice.identifier == ''
    assert choice.why() == (
        'a:1: program not configured; b:1: does not answer; c:1: program disabled; d:1: program not configured; '
        'e:1: leaving; f:1: STOPPED'
    )


def test_the_rules_tell_the_candidates_and_their_order() -> None:
    rules = application(x=ProgramRules(identifiers=('c', 'b:1', 'unknown')), y=ProgramRules(identifiers=()))
    world = world_of(rules, {X: Program(), Y: Program()})
    assert done(world, world['a'].request(START_PROCESS, X)) == (0, '')
    assert world.where(X) == 'c'
    code, text = done(world, world['a'].request(START_PROCESS, Y))
    assert (code, text) == (
        FaultCode.ABNORMAL_TERMINATION,
        f'{Y}: No resource available (no instance is allowed by the rules)',
    )


def test_what_is_on_its_way_counts_and_instances_of_one_machine_share_100() -> None:
    load = ProgramRules(start_sequence=1, expected_loading=40)
    rules = application(**dict.fromkeys('tuvwxyz', load))
    world = world_of(
        rules,
        {f'app:{name}': Program() for name in 'tuvwxyz'},
        'abcdef',
        machines={letter: 'N1' if letter in 'ace' else 'N2' for letter in 'abcdef'},
    )
    ticket = start(world, strategy=StartingStrategy.CONFIG)
    assert done(world, ticket)[0] == 0
    assert [letter for letter, _ in world.starts()] == ['a', 'a', 'b', 'b']
    assert [bool(world.where(f'app:{name}')) for name in 'tuvwxyz'] == [True] * 4 + [False] * 3


def test_less_loaded_spreads_the_processes_of_one_rank() -> None:
    rules = application(**dict.fromkeys('xyz', ProgramRules(start_sequence=1, expected_loading=10)))
    world = world_of(rules, {key: Program() for key in (X, Y, Z)})
    done(world, start(world, strategy=StartingStrategy.LESS_LOADED))
    assert world.starts() == [('a', X), ('b', Y), ('c', Z)]


@pytest.mark.parametrize('letter', 'abc')
def test_local_is_the_instance_that_received_the_request(letter: str) -> None:
    world = world_of(application(x=1, y=2), {X: Program(), Y: Program()})
    assert done(world, start(world, letter, strategy=StartingStrategy.LOCAL)) == (0, '')
    assert world.where(X) == world.where(Y) == letter


# -- targets that are lost
def test_a_lost_target_is_replaced_by_the_next_candidate() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c', 'b'), start_sequence=1)), {X: Program(3)})
    ticket = start(world)
    world.run(1.0)
    assert world.where(X) == 'c'
    world['c'].crash()
    assert done(world, ticket) == (0, '')
    assert world.where(X) == 'b'
    assert world.starts() == [('c', X), ('b', X)]


def test_a_target_that_comes_back_as_another_is_lost_too() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c', 'b'), start_sequence=1)), {X: Program(3)})
    ticket = start(world)
    world.run(1.0)
    world['c'].crash()
    world['c'].boot()
    assert done(world, ticket) == (0, '')
    assert len(world.where(X)) == 1


def test_without_another_candidate_the_start_fails() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c',), start_sequence=1)), {X: Program(3)})
    ticket = start(world)
    world.run(1.0)
    world['c'].crash()
    code, text = done(world, ticket)
    assert code == FaultCode.NOT_RUNNING
    assert 'No resource available (c:1: STOPPED)' in text


def test_local_remains_the_instance_that_received_the_request_when_it_is_lost() -> None:
    world = world_of(application(x=1), {X: Program(3)})
    world['c'].request(START_PROCESS, X, StartingStrategy.LOCAL)
    world.run(1.0)
    assert world.where(X) == 'c'
    world['c'].crash()
    world.run(20.0)
    assert world.where(X) == ''


def test_the_ranks_after_a_lost_target_wait_for_its_replacement() -> None:
    rules = application(x=ProgramRules(identifiers=('c', 'b'), start_sequence=1), y=2)
    world = world_of(rules, {X: Program(3), Y: Program()})
    ticket = start(world)
    world.run(1.0)
    world['c'].crash()
    assert done(world, ticket) == (0, '')
    assert world.time_of(Y, 'STARTING') == world.time_of(X, 'RUNNING')


# -- orders and their answers
def leading() -> Bench:
    """a is Master; x can run on b and c."""
    bench = Bench('abc', rules=managed(app=application(x=1)))
    bench.join('bc', record(X))
    bench.lead()
    bench.tick()
    bench.effects.clear()
    bench.engine.jobs.add(bench.engine.planner.single_start([X], StartingStrategy.CONFIG))
    bench.tick()
    return bench


def beats(bench: Bench, seconds: float) -> None:
    for _ in range(round(seconds)):
        bench.tick(1.0)
        for letter in 'bc':
            if bench.peer(letter).running:
                bench.say(letter, bench.beat(letter))
                bench.say(letter, Update(), seq=bench.peer(letter).seq)


def test_an_order_without_an_answer_is_sent_again_and_is_the_same() -> None:
    bench = leading()
    beats(bench, 2.0)
    orders = bench.take(Order)
    assert {to for to, _ in orders} == {'b'}
    assert 4 <= len(orders) <= 8
    assert len({body.number for _, body in orders}) == 1
    assert orders[0][1].target == incarnation('b')


def test_an_answered_order_is_not_sent_again() -> None:
    bench = leading()
    ((_, order),) = bench.take(Order)
    bench.say('b', OrderResult(order.number, 0, '', 1))
    bench.say('b', Update((record(X, P.STARTING),)), seq=1)
    bench.seqs['b'] = 1
    beats(bench, 2.0)
    assert bench.take(Order) == []


def test_an_answer_is_taken_from_the_target_only() -> None:
    bench = leading()
    ((_, order),) = bench.take(Order)
    bench.say('c', OrderResult(order.number + 1, 30, 'no', 0))
    bench.tick()
    assert bench.engine.jobs.starting(X)


def test_the_state_before_the_order_is_not_taken_for_its_effect() -> None:
    """The answer overtakes the inventory: STOPPED is not a failure yet."""
    bench = leading()
    ((_, order),) = bench.take(Order)
    bench.say('b', OrderResult(order.number, 0, '', 1))
    bench.tick(0.5)
    assert bench.engine.jobs.starting(X)
    bench.say('b', Update((record(X, P.RUNNING),)), seq=1)
    bench.seqs['b'] = 1
    bench.tick()
    assert not bench.engine.jobs.starting(X)
    assert bench.engine.jobs.jobs == []


def test_a_start_that_is_never_answered_fails_and_is_not_placed_elsewhere_while_its_target_lives() -> None:
    bench = leading()
    beats(bench, 12.0)
    assert not bench.engine.jobs.starting(X)
    choice = bench.engine.jobs.choose(X, StartingStrategy.CONFIG)
    assert choice.identifier == 'b:1'  # it can only be asked again there
    bench.peer('b').suspect = True
    choice = bench.engine.jobs.choose(X, StartingStrategy.CONFIG)
    assert choice.identifier == ''
    assert choice.refusals['c:1'] == 'b:1 has not answered an earlier order to start it'


def test_once_the_silent_target_is_lost_another_is_chosen() -> None:
    bench = leading()
    beats(bench, 12.0)
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    assert bench.engine.jobs.choose(X, StartingStrategy.CONFIG).identifier == 'c:1'


def test_a_late_answer_frees_the_process() -> None:
    bench = leading()
    ((_, order),) = bench.take(Order)
    beats(bench, 12.0)
    bench.say('b', OrderResult(order.number, 30, 'no', 0))
    bench.peer('b').suspect = True
    assert bench.engine.jobs.choose(X, StartingStrategy.CONFIG).identifier == 'c:1'


def test_lost_orders_and_lost_answers_start_a_process_once() -> None:
    for kind in (Order, OrderResult):
        world = world_of(application(x=ProgramRules(identifiers=('c',), start_sequence=1)), {X: Program()})
        world.lose = lambda source, target, envelope, kind=kind: isinstance(envelope.body, kind)
        ticket = start(world)
        world.run(1.5)
        assert not ticket.done
        world.lose = lambda source, target, envelope: False
        assert done(world, ticket) == (0, '')
        assert world.starts() == [('c', X)]


def test_one_that_takes_orders_and_does_not_answer_keeps_the_process() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c', 'b'), start_sequence=1)), {X: Program()})
    world['c'].silent_orders = True
    code, text = done(world, start(world))
    assert code == FaultCode.NOT_RUNNING
    assert f'{X}: c:1 did not obey within 10 s' in text
    world.run(10.0)
    assert world.starts() == []


# -- stops
def test_a_process_is_stopped_wherever_it_runs() -> None:
    world = world_of(application(x=0), {X: Program()})
    world['b'].spawn(X)
    world['c'].spawn(X)
    world.run(2.0)
    assert done(world, world['a'].request(STOP_PROCESS, X)) == (0, '')
    assert world.where(X) == ''


def test_a_stop_during_a_start_wins() -> None:
    world = world_of(application(x=1, y=2), {X: Program(5), Y: Program()})
    first = start(world)
    world.run(1.0)
    second = world['c'].request(STOP_APPLICATION, 'app')
    assert done(world, second) == (0, '')
    assert done(world, first)[0] == FaultCode.NOT_RUNNING
    world.run(20.0)
    assert world.where(X) == world.where(Y) == ''
    assert Y not in [namespec for _, namespec in world.starts()]


def test_a_stop_catches_a_start_whose_order_is_on_its_way() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c',))), {X: Program()})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, OrderResult | Update) and source == 'c'
    world['b'].request(START_PROCESS, X)
    world.run(0.1)
    stop = world['b'].request(STOP_PROCESS, X)
    world.run(1.0)
    assert not stop.done
    world.lose = lambda source, target, envelope: False
    assert done(world, stop) == (0, '')
    world.run(10.0)
    assert world.where(X) == ''


def test_a_start_after_a_stop_waits_until_it_has_ended() -> None:
    world = world_of(application(x=0), {X: Program(stop_time=3.0)})
    done(world, world['a'].request(START_PROCESS, X))
    stop = world['a'].request(STOP_PROCESS, X)
    world.run(0.5)
    begin = world['a'].request(START_PROCESS, X)
    assert done(world, begin) == (0, '')
    assert stop.done
    assert world.states_of(X)[-4:] == ['STOPPING a', 'STOPPED a', 'STARTING a', 'RUNNING a']


def test_a_stop_that_never_ends_is_given_up_and_named() -> None:
    world = world_of(application(x=0), {X: Program(stopwaitsecs=3, stop_time=float('inf'))})
    done(world, world['a'].request(START_PROCESS, X))
    begin = world.now
    code, text = done(world, world['a'].request(STOP_PROCESS, X))
    assert code == FaultCode.STILL_RUNNING
    assert text == f'{X} on a:1; {X}: still running on a:1'
    assert world.now - begin == pytest.approx(3.0 + 5.0)


def test_a_start_that_waits_for_a_stop_that_never_ends_is_given_up() -> None:
    world = world_of(application(x=0), {X: Program(stopwaitsecs=3, stop_time=float('inf'))})
    done(world, world['a'].request(START_PROCESS, X))
    world['a'].request(STOP_PROCESS, X)
    world.run(1.0)
    assert done(world, world['a'].request(START_PROCESS, X), 60.0)[0] == FaultCode.NOT_RUNNING


@pytest.mark.parametrize('kind', [START_APPLICATION, STOP_APPLICATION])
def test_a_process_that_is_removed_meanwhile_holds_nothing_up(kind: str) -> None:
    world = world_of(application(x=1, y=2), {X: Program(3, stop_time=3.0), Y: Program()})
    if kind == STOP_APPLICATION:
        done(world, start(world))
    ticket = world['b'].request(kind, 'app')
    world.run(1.0)
    for node in world.nodes.values():
        for namespec in (X, Y):
            node.observe(ProcessRemoved(namespec))
        node.programs.clear()
        node.records.clear()
    done(world, ticket)
    assert world['b'].engine.application('app') is None


def test_what_is_stopped_on_a_lost_instance_is_stopped() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c',))), {X: Program(stop_time=60.0)})
    done(world, world['a'].request(START_PROCESS, X))
    stop = world['a'].request(STOP_PROCESS, X)
    world.run(1.0)
    world['c'].crash()
    assert done(world, stop) == (0, '')


def test_extra_arguments_reach_the_program() -> None:
    world = world_of(application(x=0), {X: Program()})
    done(world, world['b'].request(START_PROCESS, X, 0, '-v 3'))
    assert world['a'].records[X].extra_args == '-v 3'
    assert world['c'].engine.inventory.view(X).extra_args == '-v 3'


def test_applications_run_independently() -> None:
    rules = managed(slow=application(x=ProgramRules(start_sequence=1, wait_exit=True)), quick=application(x=1))
    world = operation('abc', rules, programs={'slow:x': Program(lasts=1e6), 'quick:x': Program()})
    slow = world['b'].request(commands.START_APPLICATION, 'slow')
    world.run(1.0)
    assert done(world, world['c'].request(commands.START_APPLICATION, 'quick'), 3.0) == (0, '')
    assert not slow.done


def test_the_known_instances_only() -> None:
    world = world_of(application(x=0), {X: Program()})
    assert {name for name in world['a'].engine.jobs.choose(X, StartingStrategy.LOCAL, 'z:1').refusals} == {
        ident(letter) for letter in 'abc'
    }
