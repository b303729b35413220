"""How the ledger reaches all: a request is held by two others before it is carried out, what is lost is made good."""

from __future__ import annotations

import pytest

from supvisors.engine.commands import START_PROCESS, STOP_PROCESS, Command
from supvisors.engine.messages import LedgerOffer, Order, Replicate, ReplicateAck, Submit
from supvisors.engine.orchestration.ledger import Ledger, intent_item
from supvisors.model.enums import ProcessState as P
from supvisors.model.ledger import Intent, Item, Version
from tests.unit.engine.harness import A, B, Bench, Program, World, application, managed, operation, record

X, Y, Z = 'app:x', 'app:y', 'app:z'
TERM = 20


def item(sequence: int, namespec: str = X, running: bool = True) -> Item:
    return intent_item(namespec, Version(TERM, B, sequence), Intent(running))


# -- at the Master
def leading(letters: str = 'abcd') -> Bench:
    bench = Bench(letters)
    bench.join(letters[1:], record(X))
    bench.lead()
    bench.tick()
    bench.effects.clear()
    return bench


def submit(bench: Bench, source: str = 'b', number: int = 1) -> None:
    command = Command(START_PROCESS, X, origin=f'{source}:1')
    bench.say(source, Submit(f'{source}/{number}', command.to_dict()))
    bench.tick()


def acknowledge(bench: Bench, letters: str) -> None:
    for letter in letters:
        bench.say(letter, ReplicateAck(bench.engine.replication.index))
    bench.tick()


def ordered(bench: Bench) -> list[str]:
    return [to for to, body in bench.take(Order)]


def test_a_request_is_carried_out_once_two_others_hold_it() -> None:
    bench = leading()
    bench.engine.inventory.apply(A, (record(X, disabled=True),), (), 0.0)
    submit(bench)
    assert ordered(bench) == []
    acknowledge(bench, 'b')
    assert ordered(bench) == []
    acknowledge(bench, 'c')
    assert ordered(bench) == ['b']


def test_all_there_are_is_enough() -> None:
    bench = leading('ab')
    submit(bench)
    assert ordered(bench) == []
    acknowledge(bench, 'b')
    assert ordered(bench) == ['b']


def test_a_suspect_is_not_waited_for() -> None:
    bench = leading('abc')
    submit(bench)
    acknowledge(bench, 'b')
    assert ordered(bench) == []
    bench.peer('c').suspect = True
    bench.tick()
    assert ordered(bench) == ['b']


@pytest.mark.parametrize('letters', ['ab', 'abc', 'abcd'])
def test_a_hung_main_loop_does_not_hold_up_the_requests_of_all(letters: str) -> None:
    world = operation(letters, managed(app=application(x=0)), programs={X: Program()})
    world[letters[-1]].stalled = True
    world.run(5.0)
    ticket = world['a'].request(START_PROCESS, X)
    world.run(30.0)
    assert (ticket.done, ticket.code) == (True, 0)


def test_an_acknowledgement_of_less_or_of_another_term_does_not_count() -> None:
    bench = leading('ab')
    submit(bench)
    index = bench.engine.replication.index
    bench.say('b', ReplicateAck(index - 1))
    bench.engine.replication.acknowledged(bench.peer('b'), ReplicateAck(index), bench.term - 1)
    bench.tick()
    assert ordered(bench) == []
    acknowledge(bench, 'b')
    assert ordered(bench) == ['b']


def test_what_is_not_acknowledged_is_sent_again_whole() -> None:
    bench = leading()
    submit(bench)
    first = bench.take(Replicate)
    assert [to for to, _ in first] == ['b', 'c', 'd']
    assert not any(body.whole for _, body in first)
    acknowledge(bench, 'bd')
    bench.tick(0.5)
    again = bench.take(Replicate)
    whole = {to: body for to, body in again if body.whole}
    assert {one.key for one in whole['c'].items} == {one.key for one in bench.engine.ledger.items()}
    acknowledge(bench, 'bcd')
    bench.effects.clear()
    bench.tick(2.0)
    assert bench.take(Replicate) == []


def test_what_a_member_offers_is_taken_and_passed_on() -> None:
    bench = leading('abc')
    newer = intent_item(X, Version(bench.term + 1, 'c:1', 1), Intent(False))
    bench.say('b', LedgerOffer((newer,)))
    bench.tick()
    sent = bench.take(Replicate)
    assert bench.engine.ledger.intent(X) == Intent(False)
    assert [to for to, body in sent if newer in body.items and body.whole] == ['b']
    assert [to for to, body in sent if newer in body.items and not body.whole] == ['b', 'c']


def test_an_offer_to_one_that_does_not_lead_changes_nothing() -> None:
    bench = Bench('abc')
    bench.join('bc')
    bench.say('b', LedgerOffer((item(1),)))
    assert bench.engine.ledger.items() == ()


# -- at the others
@pytest.fixture
def follower() -> Bench:
    """a, following b in term 20."""
    bench = Bench('abc')
    bench.join('bc')
    bench.say('b', bench.beat('b', 'abc'), term=TERM)
    bench.effects.clear()
    return bench


def replicate(bench: Bench, index: int, *items: Item, whole: bool = False, source: str = 'b', term: int = TERM) -> list:
    """Items arrive: what is acknowledged."""
    bench.effects.clear()
    bench.say(source, Replicate(index, items, whole), term=term)
    return [body.index for _, body in bench.take(ReplicateAck)]


def test_items_are_merged_and_acknowledged(follower: Bench) -> None:
    assert replicate(follower, 2, item(1), item(2, Y)) == [2]
    assert replicate(follower, 3, item(3, Z)) == [3]
    assert len(follower.engine.ledger) == 3


def test_after_a_gap_only_what_came_before_it_is_acknowledged(follower: Bench) -> None:
    assert replicate(follower, 1, item(1)) == [1]
    assert replicate(follower, 3, item(3, Z)) == [1]
    assert follower.engine.ledger.intent(Z) == Intent(True)  # taken nonetheless
    assert replicate(follower, 3, item(1), item(2, Y), item(3, Z), whole=True) == [3]


def test_what_comes_twice_or_late_is_acknowledged_alike(follower: Bench) -> None:
    assert replicate(follower, 2, item(1), item(2, Y)) == [2]
    assert replicate(follower, 1, item(1)) == [2]
    assert replicate(follower, 2, item(1), item(2, Y)) == [2]
    assert len(follower.engine.ledger) == 2


def test_only_the_master_writes(follower: Bench) -> None:
    assert replicate(follower, 1, item(1), source='c') == []
    assert replicate(follower, 1, item(1), term=TERM - 1) == []
    assert follower.engine.ledger.items() == ()


def test_a_new_master_counts_anew(follower: Bench) -> None:
    assert replicate(follower, 5, item(5), whole=True) == [5]
    follower.say('c', follower.beat('c', 'abc'), term=TERM + 1)
    assert replicate(follower, 1, item(6, Y), source='c', term=TERM + 1) == [1]


def test_a_ledger_that_lags_is_asked_for_and_one_that_differs_is_offered(follower: Bench) -> None:
    replicate(follower, 1, item(1))
    digest = follower.engine.ledger.digest
    follower.say('b', follower.beat('b', 'abc', ledger_index=1, ledger_digest=digest), term=TERM)
    assert follower.take(LedgerOffer) == []
    follower.say('b', follower.beat('b', 'abc', ledger_index=2, ledger_digest=77), term=TERM)
    assert follower.take(LedgerOffer) == [('b', LedgerOffer(()))]
    follower.say('b', follower.beat('b', 'abc', ledger_index=2, ledger_digest=77), term=TERM)
    assert follower.take(LedgerOffer) == []  # not for each heartbeat
    follower.tick(0.5)
    follower.say('b', follower.beat('b', 'abc', ledger_index=1, ledger_digest=77), term=TERM)
    assert follower.take(LedgerOffer) == [('b', LedgerOffer((item(1),)))]


# -- all together
RULES = managed(app=application(x=0, y=0, z=0))
PROGRAMS = {X: Program(), Y: Program(startsecs=3), Z: Program(lasts=1.0)}


def same_ledgers(world: World) -> bool:
    return len({node.engine.ledger.digest for node in world.up()}) == 1


def test_all_hold_the_same_ledger() -> None:
    world = operation('abcd', RULES, programs=PROGRAMS)
    for namespec in (X, Y, Z):
        world['c'].request(START_PROCESS, namespec)
    world.run(6.0)
    world['d'].request(STOP_PROCESS, X)
    world.run(3.0)
    assert same_ledgers(world)
    assert len(world['d'].engine.ledger) == 3 + 3 + 4  # intents, placements, requests


def test_lost_items_are_made_good() -> None:
    world = operation('abcd', RULES, programs=PROGRAMS)
    world.lose = lambda source, target, envelope: target == 'd' and isinstance(envelope.body, Replicate)
    ticket = world['c'].request(START_PROCESS, X)
    world.run(3.0)
    assert ticket.done
    assert not same_ledgers(world)
    world.lose = lambda source, target, envelope: False
    world.run(1.0)
    assert same_ledgers(world)


def test_a_late_joiner_gets_the_ledger() -> None:
    world = operation('abcd', RULES, programs=PROGRAMS)
    world['d'].crash()
    world['b'].request(START_PROCESS, X)
    world.run(5.0)
    world['d'].boot()
    world.run(2.0)
    assert same_ledgers(world)
    assert world['d'].engine.ledger.intent(X) is not None


def test_what_both_sides_of_a_partition_wrote_is_merged() -> None:
    world = operation('abcde', RULES, programs=PROGRAMS)
    world.split('ab', 'cde')
    world.run(8.0)
    world['b'].request(START_PROCESS, X)
    world['d'].request(START_PROCESS, Y)
    world.run(6.0)
    world.heal()
    world.run(6.0)
    assert same_ledgers(world)
    for letter in 'abcde':
        assert [world[letter].engine.ledger.intent(key).running for key in (X, Y)] == [True, True]


def test_equal_ledgers_are_equal_in_content() -> None:
    one, other = Ledger(), Ledger()
    one.merge((item(1), item(2, Y)))
    other.merge((item(2, Y), item(1)))
    assert one.digest == other.digest
    assert one.intent(X) == other.intent(X)


@pytest.mark.parametrize('crash_after', [0.0, 0.5, 1.0, 2.0, 3.1])
def test_a_new_master_resumes_open_requests_and_starts_nothing_twice(crash_after: float) -> None:
    """A group of three, of which one takes three seconds and one ends by itself after one."""
    world = operation('abcd', RULES, only={letter: PROGRAMS for letter in 'bcd'})
    ticket = world['c'].request(START_PROCESS, 'app:*')
    world.settle()
    assert ticket.accepted
    world.run(crash_after)
    world['a'].crash()
    world.run(15.0)
    assert world.leaders() == 'b'
    assert (ticket.done, ticket.code) == (True, 0)
    started = [namespec for _, namespec in world.starts()]
    assert sorted(started) == [X, Y, Z]
    assert world['d'].engine.ledger.open_requests() == []
    assert world['b'].engine.inventory.view(Z).state == P.EXITED
