"""Who leads: one vote in a term, no term for two, nobody while the Master lives."""

from __future__ import annotations

import pytest

from supvisors.engine import events
from supvisors.engine.messages import Claim, Heartbeat, Status, Update, Vote, VoteRequest
from supvisors.engine.orchestration.ledger import intent_item
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption
from supvisors.model.identity import Incarnation
from supvisors.model.ledger import Intent, Version
from supvisors.model.terms import election_number
from tests.unit.engine.harness import A, B, Bench, C, World, operation, record

X = 'app:x'
ALONE = frozenset[SynchroOption]()


@pytest.fixture
def bench() -> Bench:
    """a, in ELECTION with b and c."""
    bench = Bench('abc')
    bench.join('bc')
    bench.tick()
    assert bench.engine.state is S.ELECTION
    return bench


def ask(bench: Bench, letter: str, term: int, digest: int = 0) -> list[str]:
    """That instance asks for our vote: how it was answered ('' is a vote given)."""
    bench.effects.clear()
    bench.say(letter, VoteRequest(term, digest))
    return [body.refused for _, body in bench.take(Vote)]


# -- voting
def test_a_vote_is_given_once_in_a_term(bench: Bench) -> None:
    term = bench.standing() + 10
    assert ask(bench, 'b', term) == ['']
    assert bench.engine.core.term == term
    assert ask(bench, 'c', term) == [f'already in election {election_number(term)}']
    assert ask(bench, 'c', term - 1) == [f'already in election {election_number(term)}']
    assert ask(bench, 'c', term + 1) == ['']


def test_no_vote_while_the_master_lives(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    assert bench.engine.master == B
    assert ask(bench, 'c', 30) == ['the Master lives']
    assert bench.engine.core.term == 20


def test_the_master_that_asks_for_votes_leads_no_more(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    assert ask(bench, 'b', 30) == ['']
    assert bench.engine.master == ''


def test_a_master_that_leaves_is_as_good_as_gone(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.say('b', Update(status=Status(int(S.FINAL), leaving=True)), term=20, seq=1)
    assert ask(bench, 'c', 30) == ['']


def test_a_master_votes_for_nobody(bench: Bench) -> None:
    bench.lead()
    assert ask(bench, 'c', bench.term) == ['the Master lives']
    assert bench.engine.election.leading


def test_who_is_not_a_member_gets_no_vote() -> None:
    bench = Bench('abc')
    assert ask(bench, 'b', 10) == []


def test_one_that_ends_does_not_vote(bench: Bench) -> None:
    bench.observe(events.HostLeaving())
    assert ask(bench, 'b', 30) == ['in state FINAL']


def test_the_vote_brings_the_ledger_if_it_differs(bench: Bench) -> None:
    item = intent_item(X, Version(1, 'c:1', 1), Intent(True))
    bench.engine.ledger.merge((item,))
    term = bench.standing() + 1
    bench.say('b', VoteRequest(term, bench.engine.ledger.digest))
    assert [body.items for _, body in bench.take(Vote)] == [()]
    bench.say('b', VoteRequest(term + 1, 1))
    assert [body.items for _, body in bench.take(Vote)] == [(item,)]


# -- standing
def test_the_candidate_leads_when_all_members_have_voted(bench: Bench) -> None:
    assert [to for to, _ in bench.take(VoteRequest)] == ['b', 'c']
    bench.say('b', Vote(bench.standing(), ''))
    assert not bench.engine.election.leading
    bench.say('c', Vote(bench.standing(), ''))
    assert bench.engine.election.leading
    assert bench.engine.master == A
    assert bench.engine.core.term == bench.standing()


def test_a_candidate_stays_in_its_term_until_it_is_elected(bench: Bench) -> None:
    term = bench.engine.core.term
    assert bench.standing() > term
    bench.tick(2.0)
    assert bench.engine.core.term == term


def test_a_vote_of_another_term_does_not_count(bench: Bench) -> None:
    bench.say('b', Vote(bench.standing() - 1, ''))
    bench.say('c', Vote(bench.standing(), ''))
    assert not bench.engine.election.leading


def test_a_candidate_gives_no_vote_up_to_its_own_term(bench: Bench) -> None:
    term = bench.standing()
    assert ask(bench, 'b', term) == [f'already in election {election_number(term)}']
    assert ask(bench, 'b', term + 1) == ['']
    for letter in 'bc':
        bench.say(letter, Vote(term, ''))
    assert not bench.engine.election.leading  # it has voted for another since


def test_a_refusal_asks_again_in_a_term_beyond_what_the_voter_knows(bench: Bench) -> None:
    term = bench.standing()
    bench.effects.clear()
    bench.say('b', Vote(term, 'because', 50))
    bench.say('c', Vote(term, ''))
    assert not bench.engine.election.leading
    bench.tick(0.2)
    assert [to for to, _ in bench.take(VoteRequest)] == ['b', 'c']
    assert bench.standing() > 50
    bench.say('c', Vote(term, ''))  # a vote for the former term
    bench.say('b', Vote(bench.standing(), ''))
    assert not bench.engine.election.leading


def test_who_is_lost_or_leaves_is_not_waited_for(bench: Bench) -> None:
    bench.say('b', Vote(bench.standing(), ''))
    bench.engine.membership.count_out(bench.peer('c'), 'for the test')
    bench.tick(1.0)
    bench.say('b', Vote(bench.standing(), ''))
    assert bench.engine.election.leading


def test_one_alone_leads_by_itself() -> None:
    world = World('abc', boot='b', synchro_options=frozenset((SynchroOption.TIMEOUT,)), synchro_timeout=1.0)
    world.run(2.0)
    assert world.leaders() == 'b'


def test_the_new_master_takes_over_the_ledgers_of_its_voters(bench: Bench) -> None:
    older = intent_item(X, Version(1, C, 1), Intent(True, '-v'))
    newer = intent_item(X, Version(2, C, 1), Intent(False))
    bench.say('b', Vote(bench.standing(), '', items=(newer,)))
    bench.say('c', Vote(bench.standing(), '', items=(older,)))
    assert bench.engine.ledger.intent(X) == Intent(False)


def test_the_new_master_waits_for_what_its_voters_have_done(bench: Bench) -> None:
    bench.say('b', Vote(bench.standing(), ''), seq=2)
    bench.say('c', Vote(bench.standing(), ''))
    assert bench.engine.election.leading
    assert not bench.engine.election.ready
    bench.say('b', bench.welcome(record(X)), seq=2)
    bench.tick()
    assert bench.engine.election.ready


def test_a_voter_that_is_lost_is_not_waited_for_any_longer(bench: Bench) -> None:
    bench.say('b', Vote(bench.standing(), ''), seq=2)
    bench.say('c', Vote(bench.standing(), ''))
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    assert bench.engine.election.ready


def test_who_knows_of_a_master_does_not_stand(bench: Bench) -> None:
    bench.say('b', Update(status=Status(int(S.OPERATION), master=B)), seq=1)
    bench.effects.clear()
    bench.tick(2.0)
    assert bench.take(VoteRequest) == []


# -- terms
@pytest.mark.parametrize('letters', ['ab', 'abc', 'abcde'])
def test_no_term_belongs_to_two_instances(letters: str) -> None:
    terms: dict[int, str] = {}
    for letter in letters:
        ordered = letter + letters.replace(letter, '')
        bench = Bench(ordered, synchro_options=ALONE)
        for known in range(30):
            bench.engine.core.term = known << 32
            term = bench.engine.election._next_term()
            assert election_number(term) == known + 1
            assert terms.setdefault(term, letter) == letter


def test_no_term_belongs_to_two_instances_that_do_not_know_each_other() -> None:
    first, second = (Bench(letter, synchro_options=ALONE).engine.election._next_term() for letter in 'ab')
    assert first != second


def test_a_candidate_goes_beyond_the_terms_that_it_has_heard_of() -> None:
    bench = Bench('abc', synchro_options=ALONE)
    bench.say('b', bench.welcome(), term=41 << 32)
    assert bench.engine.election._next_term() > 41 << 32


# -- in turn
def test_the_best_candidate_stands_first() -> None:
    world = operation('abc')
    assert world.leaders() == 'a'
    assert {source for source, _, envelope in world.sent if isinstance(envelope.body, VoteRequest)} == {'a'}


@pytest.mark.parametrize('delay', [0.0, 0.1])
def test_core_instances_come_first(delay: float) -> None:
    world = World('abcd', boot='', core_identifiers=('d', 'c'))
    for letter in 'abcd':
        world[letter].boot()
        if delay:
            world.run(delay)
    world.run_until(world.operating)
    assert world.leaders() == 'c'
    assert {source for source, _, envelope in world.sent if isinstance(envelope.body, VoteRequest)} == {'c'}


def test_the_next_one_stands_when_the_best_does_not() -> None:
    world = World('abc')
    world.lose = lambda source, target, envelope: isinstance(envelope.body, VoteRequest) and source == 'a'
    world.run(5.0)
    assert world.leaders() == 'b'


def test_the_next_master_is_the_next_best() -> None:
    world = operation('abc')
    world['a'].crash()
    world.run(3.0)
    assert world.leaders() == 'b'
    assert world.masters() == {'b': 'b', 'c': 'b'}


def test_a_former_master_that_comes_back_follows_the_new_one() -> None:
    world = operation('abc')
    world['a'].crash()
    world.run(5.0)
    term = world['b'].engine.core.term
    world['a'].boot()
    world.run(5.0)
    assert world.masters() == dict.fromkeys('abc', 'b')
    assert world['b'].engine.core.term == term  # a join interrupts nothing: there was no election


def test_a_master_that_leaves_hands_over_at_once() -> None:
    world = operation('abc')
    world['a'].leave()
    world.run(1.5)
    assert world.leaders() == 'b'


def test_nicks_that_differ_between_the_viewers_do_not_count() -> None:
    """By nick each would find the other one better: a has the smaller one for b only, and b for a only."""
    world = World('ab', own={'a': {'nicks': {'a': 'y', 'b': 'x'}}, 'b': {'nicks': {'a': 'x', 'b': 'y'}}})
    world.run(2.0)
    assert world.operating()
    assert world.leaders() == 'a'
    assert {source for source, _, envelope in world.sent if isinstance(envelope.body, VoteRequest)} == {'a'}


def test_nicks_that_instances_give_themselves_do_not_count() -> None:
    unnamed = {'a': '', 'b': ''}
    world = World('ab', nicks=unnamed, own={'a': {'nick': 'z2'}, 'b': {'nick': 'z1'}})
    world.run(2.0)
    assert world.operating()
    assert world.leaders() == 'a'


def test_two_followers_that_do_not_see_each_other_hold_up_nothing() -> None:
    """They see the Master, and all others do."""
    world = operation('abcd')
    world.split('c', 'd')
    world.run(20.0)
    assert world.operating() and world.leaders() == 'a'
    world['a'].crash()
    world.run(10.0)
    assert world.operating() and world.leaders() == 'b'
    assert world.sees('b') == 'bcd'


# -- stepping down
def test_a_master_steps_down_when_a_member_follows_another_in_a_higher_term(bench: Bench) -> None:
    bench.lead()
    bench.say('b', bench.beat('b', claim=Claim(C)), term=bench.term)
    assert bench.engine.election.leading  # not in the same term
    bench.say('b', bench.beat('b', claim=Claim(C)), term=bench.term + 5)
    assert not bench.engine.election.leading
    assert bench.engine.master == ''


def test_a_follower_goes_along_with_a_higher_term(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.say('c', bench.beat('c', 'abc'), term=21)
    assert bench.engine.master == C
    assert bench.engine.core.term == 21


def test_a_follower_ignores_a_lower_term(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.say('c', bench.beat('c', 'abc'), term=19)
    assert bench.engine.master == B


def test_a_master_that_does_not_count_us_in_is_not_followed(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'bc'), term=20)
    assert bench.engine.master == ''
    other = Heartbeat(Claim(B, 2), bench.engine.peers.local.times, members={A: Incarnation('a0', 0)})
    bench.say('b', other, term=20)
    assert bench.engine.master == ''


def test_a_master_that_says_so_leads_no_more(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.say('b', bench.beat('b'), term=20)
    assert bench.engine.master == ''
