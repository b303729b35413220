"""Who leads: one vote in a term, no term for two, nobody while the Master lives."""

from __future__ import annotations

import pytest

from supvisors.engine import events
from supvisors.engine.commands import START_PROCESS
from supvisors.engine.effects import Spawn
from supvisors.engine.messages import Claim, Heartbeat, Hello, Status, Update, Vote, VoteRequest
from supvisors.engine.orchestration.ledger import intent_item
from supvisors.model.enums import RunningFailureStrategy as Failure
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption
from supvisors.model.identity import Incarnation
from supvisors.model.ledger import Intent, Version
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import A, B, Bench, C, Program, World, application, managed, operation, record

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
    term = bench.engine.core.term + 10
    assert ask(bench, 'b', term) == ['']
    assert bench.engine.core.term == term
    assert ask(bench, 'c', term) == [f'already in term {term}']
    assert ask(bench, 'c', term - 1) == [f'already in term {term}']
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
    bench.say('b', VoteRequest(30, bench.engine.ledger.digest))
    assert [body.items for _, body in bench.take(Vote)] == [()]
    bench.say('b', VoteRequest(40, 1))
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
    assert ask(bench, 'b', term) == [f'already in term {term}']
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
            bench.engine.core.term = known
            term = bench.engine.election._next_term()
            assert known < term <= known + len(letters)
            assert terms.setdefault(term, letter) == letter


def test_a_candidate_goes_beyond_the_terms_that_it_has_heard_of() -> None:
    bench = Bench('abc', synchro_options=ALONE)
    bench.say('b', bench.welcome(), term=41)
    assert bench.engine.election._next_term() > 41


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


# -- two Masters that meet
def sides(world: World, *letters: str) -> list[str]:
    """The Masters of each side."""
    return [''.join(letter for letter in world.leaders() if letter in side) for side in letters]


def test_the_larger_side_keeps_its_master() -> None:
    world = operation('abcde')
    world.split('ab', 'cde')
    world.run(10.0)
    assert [len(masters) for masters in sides(world, 'ab', 'cde')] == [1, 1]
    (master,) = sides(world, 'cde')
    world.heal()
    world.run(6.0)
    assert world.masters() == dict.fromkeys('abcde', master)
    assert [world.sees(letter) for letter in 'abcde'] == ['abcde'] * 5
    assert [world[letter].engine.core.incarnation.epoch for letter in 'abcde'] == [1, 1, 0, 0, 0]


def test_of_two_equal_sides_one_master_stays() -> None:
    world = operation('abcd')
    world.split('ab', 'cd')
    world.run(10.0)
    assert [len(masters) for masters in sides(world, 'ab', 'cd')] == [1, 1]
    world.heal()
    world.run(6.0)
    assert len(world.leaders()) == 1
    assert world.operating()


@pytest.mark.parametrize(
    ('size', 'term', 'beaten'),
    [(2, 1, True), (1, 9, True), (1, 1, False), (0, 9, False)],
)
def test_the_larger_claim_counts_first_then_the_term(size: int, term: int, beaten: bool) -> None:
    """a alone, in term 4, meets b."""
    bench = Bench('ab', synchro_options=ALONE)
    bench.engine.core.term = 4
    bench.engine.election.master = A
    bench.peer('b').claim = Claim(B, size)
    assert bench.engine.election.beaten_by(bench.peer('b'), term) is beaten


def test_of_two_equal_claims_exactly_one_is_beaten() -> None:
    judged = []
    for ours, theirs in ('ab', 'ba'):
        bench = Bench(ours + theirs, synchro_options=ALONE)
        bench.engine.core.term = 4
        bench.engine.election.master = bench.engine.core.name
        bench.peer(theirs).claim = Claim(bench.peer(theirs).name, 1)
        judged.append(bench.engine.election.beaten_by(bench.peer(theirs), 4))
    assert sorted(judged) == [False, True]


def test_each_side_of_a_partition_has_one_master() -> None:
    world = operation('abcde')
    world.split('ab', 'cd', 'e')
    for _ in range(100):
        world.run(0.1)
        assert max(len(masters) for masters in sides(world, 'ab', 'cd', 'e')) <= 1
    masters = sides(world, 'ab', 'cd', 'e')
    assert ''.join(masters) == world.leaders() and len(world.leaders()) == 3
    assert world.masters() == {
        letter: master for side, master in zip(('ab', 'cd', 'e'), masters, strict=True) for letter in side
    }


# -- a Master that was frozen
@pytest.mark.parametrize('seconds', [6.0, 30.0])
def test_a_frozen_master_that_resumes_repairs_nothing_before_it_steps_down(seconds: float) -> None:
    rules = managed(app=application(x=ProgramRules(running_failure_strategy=Failure.RESTART_PROCESS)))
    world = operation('abcd', rules, programs={X: Program()}, synchro_options=frozenset((SynchroOption.STRICT,)))
    world['d'].request(START_PROCESS, X, 0)
    world.run(3.0)
    assert world.where(X) == 'a'
    world['a'].frozen = True
    world.run(seconds)
    assert world.leaders() == 'ab'
    assert world.where(X) == 'ab'  # started again on b, and a does not know
    world['d'].crash()
    before, spawned = len(world.orders()), world.starts()
    done = len(world['a'].carried_out)
    world['a'].resume()
    world.run(8.0)
    assert world.leaders() == 'b'
    assert world['a'].engine.core.incarnation.epoch == 1
    assert not [effect for effect in world['a'].carried_out[done:] if isinstance(effect, Spawn)]
    assert [order for order in world.orders()[before:] if order[2]] == []
    assert world.starts() == spawned


@pytest.mark.parametrize(('letters', 'paused'), [('abc', 'ab'), ('abcd', 'ab'), ('abcd', 'ac'), ('abcd', 'a')])
@pytest.mark.parametrize('seconds', [3.4, 4.0, 5.0, 5.8, 6.0, 8.0])
def test_a_pause_of_the_master_and_of_a_part_of_its_followers_heals(letters: str, paused: str, seconds: float) -> None:
    """A host with several instances is suspended for some seconds; the others have counted the Master out."""
    world = operation(letters, managed(app=application(1, x=1)), programs={X: Program()})
    world.run(0.37)
    for letter in paused:
        world[letter].frozen = True
    world.run(seconds)
    for letter in paused:
        world[letter].resume()
    world.run(30.0)
    assert world.operating()
    assert [world.sees(letter) for letter in letters] == [letters] * len(letters)


def test_a_frozen_follower_that_resumes_joins_anew() -> None:
    world = operation('abc')
    world['c'].frozen = True
    world.run(8.0)
    assert world.sees('a') == 'ab'
    world['c'].resume()
    world.run(5.0)
    assert world.leaders() == 'a'
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3


# -- being counted out
def test_without_a_master_the_smaller_identifier_counts_the_other_out(bench: Bench) -> None:
    bench.say('b', Hello(Claim(), bench.engine.core.incarnation))
    assert bench.engine.core.incarnation.epoch == 0  # b is larger: it is the one that will join anew
    bench.say('b', Hello(Claim(B, 1), bench.engine.core.incarnation))
    assert bench.engine.core.incarnation.epoch == 1  # but a Master's word counts


def test_a_follower_that_only_another_follower_counts_out_stays(bench: Bench) -> None:
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.say('c', Hello(Claim(B), bench.engine.core.incarnation), term=20)
    assert bench.engine.core.incarnation.epoch == 0
    bench.say('b', Hello(Claim(B, 2), bench.engine.core.incarnation), term=20)
    assert bench.engine.core.incarnation.epoch == 1
