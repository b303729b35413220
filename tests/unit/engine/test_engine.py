"""The engine as a whole: what goes in, what comes out, in slices and when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from supvisors.engine import effects, events
from supvisors.engine.commands import SHUTDOWN, START_APPLICATION, START_PROCESS, Command, Refused
from supvisors.engine.effects import Log, Send, SetBeat
from supvisors.engine.engine import IDLE, Engine
from supvisors.engine.messages import Bye, Claim, Heartbeat, Hello, Tick, Update, Welcome
from supvisors.engine.orchestration.jobs import ORDERS_PER_TURN
from supvisors.model.enums import FaultCode, ProcessState, SupvisorsState
from supvisors.model.identity import Now
from tests.unit.engine.harness import (
    A,
    B,
    Bench,
    Program,
    World,
    application,
    decode,
    encode,
    ident,
    managed,
    operation,
    record,
    settings,
)

X = 'app:x'


# -- draining
def test_effects_come_out_in_order_and_in_slices() -> None:
    engine = Engine(settings(), Now(0.0, 0.0))
    for number in range(120):
        engine.core.log('info', str(number))
    slices = []
    while effects_ := engine.drain():
        slices.append([effect.text for effect in effects_])  # type: ignore[union-attr]
    assert [len(one) for one in slices] == [50, 50, 20]
    assert [text for one in slices for text in one] == [str(number) for number in range(120)]


@given(st.integers(0, 40), st.integers(1, 15))
def test_a_slice_is_never_larger_than_its_budget_and_nothing_is_lost(count: int, budget: int) -> None:
    engine = Engine(settings(), Now(0.0, 0.0))
    wanted = [Log('info', str(number)) for number in range(count)]
    engine.core.effects.extend(wanted)
    out: list[Any] = []
    while one := engine.drain(budget):
        assert len(one) <= budget
        out += one
    assert out == wanted
    assert engine.drain(budget) == []


def test_many_processes_are_started_in_slices() -> None:
    programs = {f'app:p{number:03}': Program() for number in range(200)}
    rules = managed(app=application(1, **{f'p{number:03}': 1 for number in range(200)}))
    engine = World('a', rules, programs=programs, boot='')['a']
    engine.boot()
    engine.engine.observe(engine.inbox.pop(0)[0], engine.now())
    sizes: list[int] = []
    turns: list[int] = []
    for _ in range(20):
        engine.engine.tick(engine.now())
        turns.append(0)
        while one := engine.engine.drain(15):
            sizes.append(len(one))
            turns[-1] += sum(isinstance(effect, effects.Spawn) for effect in one)
    assert max(sizes) == 15
    assert max(turns) == ORDERS_PER_TURN
    assert sum(turns) == 200


# -- before and after
def test_nothing_happens_before_the_host_is_ready() -> None:
    bench = Bench.__new__(Bench)
    engine = Engine(settings(), Now(100.0, 0.0))
    bench.engine, bench.time, bench.effects, bench.asked, bench.term, bench.seqs = engine, 100.0, [], [], 0, {}
    bench.observe(events.LinkUp(B))
    bench.say('b', Hello(Claim()))
    bench.say('b', bench.welcome(record(X)))
    bench.tick(10.0)
    assert bench.effects == []
    assert engine.state is SupvisorsState.OFF
    assert not bench.peer('b').running


def test_the_engine_wants_to_be_called_at_least_once_a_second() -> None:
    bench = Bench('ab')
    bench.tick()
    assert bench.time < bench.engine.next_deadline <= bench.time + IDLE


def test_time_never_goes_back() -> None:
    bench = Bench('ab')
    bench.engine.tick(Now(50.0, 0.0))
    assert bench.engine.core.now == bench.now


def test_one_that_leaves_or_ends_takes_no_request() -> None:
    bench = Bench('ab')
    bench.observe(events.HostLeaving())
    with pytest.raises(Refused) as refused:
        bench.engine.request(Command(START_PROCESS, X), bench.now)
    assert refused.value.code is FaultCode.SHUTDOWN_STATE


# -- what is published
def test_changes_are_published_once_to_the_members() -> None:
    bench = Bench('abc', [record(X)])
    bench.join('b')
    bench.tick()
    bench.effects.clear()
    seq = bench.engine.core.inventory_seq
    bench.observe(events.ProcessChanged(record(X, ProcessState.STARTING)))
    bench.observe(events.ProcessChanged(record(X, ProcessState.RUNNING)))
    bench.observe(events.ProcessRemoved('app:gone'))
    bench.tick()
    sent = [effect for effect in bench.effects if isinstance(effect, Send) and isinstance(effect.envelope.body, Update)]
    assert [effect.to for effect in sent] == [(B,)]
    assert sent[0].envelope.body == Update((record(X, ProcessState.RUNNING),), ('app:gone',))
    assert sent[0].envelope.inventory_seq == seq + 1 == bench.engine.core.inventory_seq
    bench.effects.clear()
    bench.tick()
    assert bench.take(Update) == []


def test_a_process_added_again_is_not_removed() -> None:
    bench = Bench('ab', [record(X)])
    bench.join('b')
    bench.tick()
    bench.effects.clear()
    bench.observe(events.ProcessRemoved(X))
    bench.observe(events.ProcessChanged(record(X)))
    bench.tick()
    assert [body for _, body in bench.take(Update)] == [Update((record(X),))]
    bench.observe(events.ProcessChanged(record(X, ProcessState.RUNNING)))
    bench.observe(events.ProcessRemoved(X))
    bench.tick()
    assert [body for _, body in bench.take(Update)] == [Update((), (X,))]


def test_the_status_is_published_when_it_changes() -> None:
    bench = Bench('ab', synchro_timeout=1e9)
    bench.join('b')
    bench.tick()
    ((_, body),) = [one for one in bench.take(Update) if one[1].status is not None][-1:]
    assert body.status.state == SupvisorsState.ELECTION
    assert body.status.instance_states == {A: 3, B: 3}
    bench.tick()
    assert bench.take(Update) == []


def test_a_newcomer_gets_what_has_just_changed() -> None:
    """The welcome and the update that crosses it lead to the same."""
    world = operation('abc', programs={X: Program(0)})
    world['c'].crash()
    world.run(5.0)
    world['c'].boot()
    world['b'].spawn(X)
    world.run(2.0)
    for letter in 'abc':
        assert world[letter].engine.inventory.where(X) == [B]


def test_the_tick_goes_to_all_members_with_its_counter() -> None:
    bench = Bench('abc')
    bench.join('bc')
    bench.effects.clear()
    bench.observe(events.HostTick())
    bench.observe(events.HostTick())
    ticks = bench.take(Tick)
    assert [to for to, _ in ticks] == ['b', 'c', 'b', 'c']
    assert [body.times.counter for _, body in ticks] == [1, 1, 2, 2]
    bench.say('b', Tick(ticks[0][1].times))
    assert bench.peer('b').times.counter == 1
    assert bench.peer('b').received[0] == 2  # our own counter when it came


def test_the_goodbye_goes_to_all_members() -> None:
    bench = Bench('abc')
    bench.join('bc')
    bench.effects.clear()
    bench.observe(events.HostLeft())
    assert [to for to, _ in bench.take(Bye)] == ['b', 'c']


# -- heartbeats
def beats(bench: Bench) -> list[SetBeat]:
    found = [effect for effect in bench.effects if isinstance(effect, SetBeat)]
    bench.effects.clear()
    return found


def test_heartbeats_go_to_all_without_a_master_then_to_it_and_from_it() -> None:
    bench = Bench('abc')
    bench.join('b')
    bench.tick()
    assert beats(bench)[-1].to == (B,)
    bench.join('c')
    bench.tick()
    assert beats(bench)[-1].to == (B, 'c:1')
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.tick()
    (beat,) = beats(bench)[-1:]
    assert beat.to == (B,)
    assert beat.envelope.body.claim == Claim(B, begun=True)  # type: ignore[union-attr]


def test_the_master_tells_whom_it_counts_in_and_whom_it_has_lost() -> None:
    bench = Bench('abc')
    bench.join('bc')
    bench.lead()
    bench.engine.membership.count_out(bench.peer('c'), 'for the test')
    bench.tick()
    body = beats(bench)[-1].envelope.body
    assert isinstance(body, Heartbeat)
    assert body.claim == Claim(A, 2, begun=True)
    assert sorted(body.members or {}) == [A, B]
    assert list(body.gone) == ['c:1']


def test_a_heartbeat_that_says_nothing_new_is_not_set_again() -> None:
    bench = Bench('ab', synchro_timeout=1e9)
    bench.join('b')
    bench.tick()
    beats(bench)
    for _ in range(5):
        bench.tick()
    assert beats(bench) == []


# -- the wire
def test_everything_that_is_sent_comes_back_from_the_wire() -> None:
    world = operation('abcd', managed(app=application(1, x=1)), programs={X: Program()})
    world['c'].crash()
    world['b'].request(SHUTDOWN)
    world.run(5.0)
    kinds = set()
    for _, _, envelope in world.sent:
        assert decode(encode(envelope)) == envelope
        kinds.add(type(envelope.body).__name__)
    assert {'Hello', 'Welcome', 'Update', 'Heartbeat', 'Vote', 'VoteRequest', 'Replicate', 'Submit', 'Bye'} <= kinds


# -- whatever the faults, all come to rest
ACTIONS = ['crash', 'boot', 'split', 'heal', 'start', 'freeze', 'resume']
faults = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from('abcd')), max_size=8)


@hypothesis_settings(max_examples=25, deadline=None, derandomize=True)
@given(faults)
def test_after_any_faults_there_is_one_master_and_one_view(actions: list[tuple[str, str]]) -> None:
    world = operation('abcd', managed(app=application(1, x=1, y=2)), programs={X: Program(), 'app:y': Program()})
    for action, letter in actions:
        node = world[letter]
        if action == 'boot' and not node.up:
            node.boot()
        elif action == 'crash' and node.up:
            node.crash()
        elif action == 'split':
            world.split('abcd'.replace(letter, ''), letter)
        elif action == 'heal':
            world.heal()
        elif action == 'start' and node.up and not node.frozen:
            node.request(START_APPLICATION, 'app')
        elif action == 'freeze' and node.up:
            node.frozen = True
        elif action == 'resume':
            node.resume()
        world.run(1.3)
    world.heal()
    for node in world.nodes.values():
        node.resume()
        if not node.up:
            node.boot()
    world.run(30.0)
    assert world.operating()
    assert len(world.leaders()) == 1
    assert [world.sees(letter) for letter in 'abcd'] == ['abcd'] * 4
    assert len({node.engine.ledger.digest for node in world.up()}) == 1
    shown = [[world[letter].engine.inventory.where(key) for key in (X, 'app:y')] for letter in 'abcd']
    assert shown == [[[ident(one) for one in world.where(key)] for key in (X, 'app:y')]] * 4


def test_a_welcome_is_the_whole_inventory() -> None:
    bench = Bench('ab', [record('app:z'), record('app:x'), record('a')])
    bench.say('b', Hello(Claim()))
    ((_, body),) = bench.take(Welcome)
    assert [one.namespec for one in body.records] == ['a', 'app:x', 'app:z']
