"""Who is here: greeting, welcoming, counting out."""

from __future__ import annotations

import pytest

from supvisors.engine import events
from supvisors.engine.messages import Bye, Claim, Heartbeat, Hello, SnapshotRequest, Update, Welcome
from supvisors.model.enums import InstanceState as I
from supvisors.model.enums import ProcessState as P
from supvisors.model.identity import Incarnation
from tests.unit.engine.harness import A, B, Bench, Program, World, incarnation, operation, record

LIFE1, LIFE2 = Incarnation('b1', 0), Incarnation('b2', 0)
X = 'app:x'


@pytest.fixture
def bench() -> Bench:
    return Bench('abc')


# -- greeting and welcoming
def test_those_that_are_not_members_are_greeted_twice_a_second(bench: Bench) -> None:
    assert [to for to, _ in bench.take(Hello)] == ['b', 'c']
    bench.tick(2.0)
    assert [to for to, _ in bench.take(Hello)] == ['b', 'c'] * 4


def test_who_has_no_link_is_not_greeted(bench: Bench) -> None:
    bench.observe(events.LinkDown(B))
    bench.take(Hello)
    bench.tick(2.0)
    assert {to for to, _ in bench.take(Hello)} == {'c'}
    bench.observe(events.LinkUp(B))
    bench.tick()
    assert [to for to, _ in bench.take(Hello)] == ['b']  # at once


def test_a_member_is_not_greeted_any_more(bench: Bench) -> None:
    bench.join('b')
    bench.tick(2.0)
    assert {to for to, _ in bench.take(Hello)} == {'c'}


def test_a_greeting_is_answered_by_all_that_must_be_known() -> None:
    bench = Bench('abc', [record(X, P.RUNNING)])
    bench.take(Hello)
    bench.say('b', Hello(Claim()))
    ((to, body),) = bench.take(Welcome)
    assert to == 'b'
    assert [one.namespec for one in body.records] == [X]
    assert body.want  # and we want the same in return
    assert bench.peer('b').state is I.CHECKING


def test_a_welcome_makes_a_member_and_is_answered_if_it_asks_for_it(bench: Bench) -> None:
    bench.say('b', bench.welcome(record(X, P.RUNNING), want=True), seq=3)
    assert bench.peer('b').state is I.RUNNING
    assert bench.peer('b').seq == 3
    assert bench.engine.inventory.where(X) == [B]
    ((to, body),) = bench.take(Welcome)
    assert (to, body.want) == ('b', False)
    bench.say('c', bench.welcome(want=False))
    assert bench.take(Welcome) == []


def test_a_member_that_does_not_know_us_any_more_is_welcomed_without_asking_back(bench: Bench) -> None:
    bench.join('b')
    bench.say('b', Hello(Claim()))
    ((to, body),) = bench.take(Welcome)
    assert (to, body.want) == ('b', False)


def test_two_that_greet_each_other_are_members_of_each_other() -> None:
    world = World('ab')
    world.run(0.0)
    assert (world.sees('a'), world.sees('b')) == ('ab', 'ab')


def test_nothing_but_greetings_is_taken_from_who_is_not_a_member(bench: Bench) -> None:
    bench.say('b', Update((record(X, P.RUNNING),)), seq=1)
    assert X not in bench.engine.inventory


def test_a_message_for_a_former_life_of_ours_is_ignored_but_a_greeting_is_not(bench: Bench) -> None:
    former = Incarnation('a0', 0)
    bench.say('b', bench.welcome(), receiver=former)
    assert bench.peer('b').state is I.STOPPED
    bench.say('b', Hello(Claim()), receiver=former)
    assert bench.peer('b').state is I.CHECKING


def test_strangers_and_our_own_echo_are_ignored(bench: Bench) -> None:
    changes = bench.engine.peers.changes
    bench.say('z', Hello(Claim()))
    bench.say('a', Hello(Claim()))
    assert bench.engine.peers.changes == changes


# -- updates and gaps
def test_updates_are_applied_in_order(bench: Bench) -> None:
    bench.join('b', record(X))
    bench.say('b', Update((record(X, P.STARTING),)), seq=1)
    bench.say('b', Update((record(X, P.RUNNING),)), seq=2)
    assert bench.engine.inventory.record(X, B) == record(X, P.RUNNING)
    bench.say('b', Update(removed=(X,)), seq=3)
    assert X not in bench.engine.inventory
    assert bench.take(SnapshotRequest) == []


def test_an_update_that_comes_twice_counts_once(bench: Bench) -> None:
    bench.join('b', record(X))
    bench.say('b', Update((record(X, P.STARTING),)), seq=1)
    bench.say('b', Update((record(X, P.RUNNING),)), seq=2)
    bench.say('b', Update((record(X, P.STARTING),)), seq=1)
    assert bench.engine.inventory.where(X) == [B]
    assert bench.peer('b').seq == 2


def test_a_gap_asks_for_a_snapshot_once_in_a_while(bench: Bench) -> None:
    bench.join('b', record(X))
    bench.say('b', Update((record(X, P.RUNNING),)), seq=2)
    assert bench.engine.inventory.where(X) == []
    assert [to for to, _ in bench.take(SnapshotRequest)] == ['b']
    bench.say('b', Update(), seq=3)
    assert bench.take(SnapshotRequest) == []
    bench.tick(0.5)
    bench.say('b', Update(), seq=4)
    assert [to for to, _ in bench.take(SnapshotRequest)] == ['b']
    bench.say('b', bench.welcome(record(X, P.RUNNING)), seq=4)
    assert bench.engine.inventory.where(X) == [B]
    bench.tick(0.5)
    bench.say('b', Update(), seq=5)
    assert bench.take(SnapshotRequest) == []


def test_any_message_reveals_a_gap(bench: Bench) -> None:
    bench.join('b')
    bench.say('b', bench.beat('b'), seq=1)
    assert [to for to, _ in bench.take(SnapshotRequest)] == ['b']


def test_an_old_snapshot_does_not_undo_what_is_known(bench: Bench) -> None:
    bench.join('b', record(X))
    bench.say('b', Update((record(X, P.RUNNING),)), seq=1)
    bench.say('b', bench.welcome(record(X)), seq=0)
    assert bench.engine.inventory.where(X) == [B]


def test_a_lost_update_is_made_good() -> None:
    world = operation('abc', programs={X: Program(startsecs=0)})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Update) and target == 'c'
    world['b'].spawn(X)
    world.run(0.0)
    assert world['c'].engine.inventory.where(X) == []
    world.lose = lambda source, target, envelope: False
    world.run(6.0)  # the TICK of b tells it at the latest
    assert world['c'].engine.inventory.where(X) == [B]


# -- incarnations
def test_a_restarted_instance_is_a_clean_loss_and_a_clean_join(bench: Bench) -> None:
    bench.join('b', record(X, P.RUNNING))
    bench.say('b', Update(), seq=1)
    bench.say('b', Hello(Claim()), who=LIFE2, seq=0)
    assert bench.peer('b').state is I.CHECKING
    assert bench.engine.inventory.where(X) == []
    lost = bench.engine.inventory.record(X, B)
    assert lost is not None
    assert lost.state == P.FATAL
    bench.say('b', bench.welcome(record(X)), who=LIFE2, seq=0)
    assert bench.peer('b').state is I.RUNNING
    assert bench.peer('b').incarnation == LIFE2
    assert bench.engine.inventory.record(X, B) == record(X)


def test_a_past_boot_is_never_heard_again(bench: Bench) -> None:
    bench.join('b')
    bench.say('b', Hello(Claim()), who=LIFE2)
    bench.say('b', bench.welcome(), who=LIFE2)
    for body in (Hello(Claim()), bench.welcome(record(X)), Bye()):
        bench.say('b', body, who=LIFE1)
    bench.say('b', Hello(Claim()), who=Incarnation('b1', 5))
    assert bench.peer('b').incarnation == LIFE2
    assert bench.peer('b').running
    assert X not in bench.engine.inventory


def test_an_earlier_epoch_is_ignored_and_a_later_one_joins_anew(bench: Bench) -> None:
    bench.say('b', Hello(Claim()), who=incarnation('b', 1))
    bench.say('b', bench.welcome(), who=incarnation('b', 1))
    bench.say('b', Hello(Claim()), who=incarnation('b', 0))
    assert bench.peer('b').incarnation == incarnation('b', 1)
    bench.say('b', Hello(Claim()), who=incarnation('b', 2))
    assert bench.peer('b').incarnation == incarnation('b', 2)
    assert bench.peer('b').state is I.CHECKING


def test_who_was_counted_out_is_refused_and_told_so(bench: Bench) -> None:
    bench.join('bc')
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    bench.take(Hello)
    bench.say('b', Update((record(X, P.RUNNING),)), seq=1)
    assert bench.peer('b').state is I.STOPPED
    assert X not in bench.engine.inventory
    ((to, body),) = bench.take(Hello)
    assert (to, body.evicted) == ('b', LIFE1)
    bench.say('b', bench.beat('b'))
    assert bench.take(Hello) == []  # not for each message
    bench.say('b', Hello(Claim()), who=incarnation('b', 1))
    assert bench.peer('b').state is I.CHECKING


def test_the_greeting_of_who_was_counted_out_tells_it_too(bench: Bench) -> None:
    bench.join('b')
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    bench.tick(1.0)
    assert {body.evicted for to, body in bench.take(Hello) if to == 'b'} == {LIFE1}


def test_a_counted_out_instance_joins_anew_with_the_next_epoch(bench: Bench) -> None:
    bench.join('bc', record(X, P.RUNNING))
    bench.engine.core.term = 7
    bench.say('b', Hello(Claim(B, 2), bench.engine.core.incarnation))
    core = bench.engine.core
    assert core.incarnation == Incarnation('a1', 1)
    assert bench.engine.peers.local.incarnation == core.incarnation
    assert core.term == 0
    assert [bench.peer(letter).state for letter in 'bc'] == [I.STOPPED, I.STOPPED]
    assert bench.engine.inventory.where(X) == []
    bench.take(Hello)
    bench.tick(0.5)
    assert {to for to, _ in bench.take(Hello)} == {'b', 'c'}


def test_being_told_of_a_former_incarnation_changes_nothing(bench: Bench) -> None:
    bench.join('bc')
    bench.say('b', Hello(Claim(B, 2), Incarnation('a0', 3)))
    assert bench.engine.core.incarnation == Incarnation('a1', 0)


# -- loss
def test_a_loss_is_told_once(bench: Bench) -> None:
    bench.join('bc')
    membership = bench.engine.membership
    lost: list[str] = []
    membership.on_lost = lambda peer: lost.append(peer.name)
    membership.count_out(bench.peer('b'), 'for the test')
    membership.count_out(bench.peer('b'), 'again')
    assert lost == [B]
    bench.say('c', Hello(Claim()), who=incarnation('c', 1))  # one that was not a member is not lost
    lost.clear()
    membership.count_out(bench.peer('c'), 'for the test')
    assert lost == []


def test_the_losses_of_the_master_are_taken_over(bench: Bench) -> None:
    bench.join('bc')
    bench.say('b', bench.beat('b', 'ab', gone={'c:1': incarnation('c')}), term=3)
    assert bench.engine.master == B
    assert bench.peer('c').state is I.STOPPED


def test_the_master_cannot_take_us_out_through_its_losses_nor_a_later_incarnation(bench: Bench) -> None:
    bench.join('bc')
    gone = {A: bench.engine.core.incarnation, B: incarnation('b'), 'c:1': Incarnation('c0', 0), 'z:1': LIFE1}
    bench.say('b', bench.beat('b', 'abc', gone=gone), term=3)
    assert [bench.peer(letter).running for letter in 'abc'] == [True, True, True]


def test_a_follower_greets_only_whom_the_master_counts_in(bench: Bench) -> None:
    bench.join('b')
    bench.say('b', bench.beat('b', 'ab'), term=3)
    bench.take(Hello)
    bench.tick(2.0)
    assert bench.take(Hello) == []
    bench.say('b', bench.beat('b', 'abc'), term=3)
    bench.tick(0.0)
    assert [to for to, _ in bench.take(Hello)] == ['c']


# -- all together
def test_a_crashed_instance_comes_back() -> None:
    world = operation('abc')
    world['c'].crash()
    world.run(5.0)
    assert (world.sees('a'), world.sees('b')) == ('ab', 'ab')
    world['c'].boot()
    world.run(3.0)
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert world['a'].engine.peers['c:1'].incarnation == Incarnation('c2', 0)


def test_a_quick_restart_that_nobody_has_missed_is_a_new_life() -> None:
    world = operation('abc')
    world['c'].crash()
    world['c'].boot()
    world.run(2.0)
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert world['b'].engine.peers['c:1'].incarnation == Incarnation('c2', 0)


def test_who_was_cut_off_comes_back_as_a_new_incarnation() -> None:
    world = operation('abc')
    world.split('ab', 'c')
    world.run(10.0)
    assert [world.sees(letter) for letter in 'abc'] == ['ab', 'ab', 'c']
    world.heal()
    world.run(5.0)
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert world['a'].engine.peers['c:1'].incarnation == Incarnation('c1', 1)
    assert world.operating()


def test_a_join_interrupts_nothing() -> None:
    world = operation('abc')
    world['c'].crash()
    world.run(5.0)
    since = len(world.sent)
    world['c'].boot()
    world.run(3.0)
    states = {
        envelope.body.system_state
        for source, _, envelope in world.sent[since:]
        if isinstance(envelope.body, Heartbeat) and source in 'ab'
    }
    assert states == {4}
    assert world.leaders() == 'a'
