"""What two instances must agree on before they count each other in: one engine, and what others tell it."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine import events
from supvisors.engine.cluster.handshake import SHOWN, contradiction, digest
from supvisors.engine.messages import Claim, Heartbeat, Hello, VoteRequest, Welcome
from supvisors.model.enums import InstanceState as I
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from supvisors.model.terms import next_term
from tests.unit.engine.harness import A, B, Bench, incarnation, record, settings

Agreement = dict[str, dict[str, str]]
OURS: Agreement = {'strategies': {'starting_strategy': 'CONFIG'}, 'rules': {'application app': 'd1'}}
THEIRS: Agreement = {**OURS, 'strategies': {'starting_strategy': 'LOCAL'}}
NEXT_RELEASE: Agreement = {**OURS, 'more': {'new': '1'}, 'strategies': {**OURS['strategies'], 'new': '1'}}
TEXT = 'starting_strategy is CONFIG here and LOCAL there'


def digest_of(agreement: Agreement) -> int:
    return digest(settings(agreement=agreement))


@pytest.fixture
def bench() -> Bench:
    """a, which has just met b and c."""
    bench = Bench('abc', agreement=OURS, synchro_options=frozenset((O.TIMEOUT,)), synchro_timeout=1e9)
    for letter in 'bc':
        bench.say(letter, Hello(Claim(), agreement=digest_of(OURS)))
    bench.effects.clear()
    return bench


def refuse(bench: Bench, letter: str = 'b', **values: Any) -> None:
    bench.say(letter, bench.welcome(agreement=THEIRS, **values))
    assert bench.peer(letter).state is I.ISOLATED


# -- the digest
def test_the_digest_is_the_same_where_all_is_and_never_that_of_the_unknown() -> None:
    reordered = dict(reversed(OURS.items()))
    assert digest_of(reordered) == digest_of(OURS)
    assert len({digest_of(one) for one in (OURS, THEIRS, NEXT_RELEASE, {})}) == 4
    assert digest_of({}) > 0


def test_a_greeting_tells_the_digest_and_the_claim(bench: Bench) -> None:
    bench.tick(0.5)
    said = bench.take(Hello)
    assert {(to, body.agreement) for to, body in said} == {('b', digest_of(OURS)), ('c', digest_of(OURS))}
    assert [body.claim for _, body in said] == [Claim('', 1)] * len(said)


# -- what contradicts
@pytest.mark.parametrize(
    ('theirs', 'text'),
    [
        (OURS, ''),
        (THEIRS, TEXT),
        (NEXT_RELEASE, ''),
        ({}, ''),
        ({'strategies': OURS['strategies']}, ''),
        ({'rules': {}}, 'the rules of application app are d1 here and not set there'),
        (
            {'rules': {'application app': 'd1', 'application new': 'd2'}},
            'the rules of application new are not set here and d2 there',
        ),
        (
            {**THEIRS, 'rules': {'application app': 'd2'}},
            f'{TEXT}; the rules of application app are d1 here and d2 there',
        ),
    ],
)
def test_what_differs_is_told_with_both_values(bench: Bench, theirs: Agreement, text: str) -> None:
    bench.say('b', bench.welcome(agreement=theirs))
    assert bench.peer('b').state is (I.ISOLATED if text else I.RUNNING)
    assert bench.peer('b').refused == text
    assert bench.peer('b').agreed is not bool(text)
    reason = bench.engine.instance(B).reason
    assert reason == (f'REFUSED: {text}; correct one of both and restart it' if text else '')


@pytest.mark.parametrize(('count', 'tail'), [(SHOWN, ''), (SHOWN + 1, 'and 1 more'), (SHOWN + 20, 'and 20 more')])
def test_many_differences_are_counted(count: int, tail: str) -> None:
    ours, theirs = ({'core': {f'key{i:02}': value for i in range(count)}} for value in '12')
    bench = Bench('ab', agreement=ours)
    bench.say('b', Hello(Claim()))
    bench.say('b', bench.welcome(agreement=theirs))
    shown = bench.peer('b').refused.split('; ')
    assert shown[:SHOWN] == [f'key{i:02} is 1 here and 2 there' for i in range(SHOWN)]
    assert shown[SHOWN:] == ([tail] if tail else [])


def test_who_was_never_met_contradicts_nothing() -> None:
    bench = Bench('ab', agreement=OURS)
    assert contradiction(bench.engine.core.settings, bench.peer('b')) == ''


# -- what a refusal does
def test_a_refusal_is_told_once(bench: Bench) -> None:
    for _ in range(3):
        refuse(bench)
    assert bench.logs('warn') == [f'b is refused: {TEXT}; correct one of both and restart it']


@pytest.mark.parametrize('want', [False, True])
def test_who_is_refused_learns_it_from_our_welcome(bench: Bench, want: bool) -> None:
    refuse(bench, want=want)
    answers = bench.take(Welcome)
    assert [(to, body.want) for to, body in answers] == ([('b', False)] if want else [])
    if want:
        assert answers[0][1].info.agreement == OURS


def test_who_is_refused_is_greeted_less_often_and_told_so(bench: Bench) -> None:
    refuse(bench)
    bench.effects.clear()
    bench.tick(8.0)
    said = [body for to, body in bench.take(Hello) if to == 'b']
    assert 3 <= len(said) <= 5  # the others hear of us twice a second
    assert all(body.refuses and body.evicted is None for body in said)


@pytest.mark.parametrize('refuses', [False, True])
def test_who_does_not_know_yet_that_it_refuses_us_is_welcomed_again(bench: Bench, refuses: bool) -> None:
    refuse(bench)
    bench.effects.clear()
    bench.say('b', Hello(Claim(), agreement=digest_of(THEIRS), refuses=refuses))
    assert [(to, body.want) for to, body in bench.take(Welcome)] == ([] if refuses else [('b', False)])
    assert bench.peer('b').state is I.ISOLATED


def test_nothing_else_is_taken_from_who_is_refused(bench: Bench) -> None:
    refuse(bench)
    bench.say('b', bench.beat('b', 'ab'), term=20)
    bench.say('b', VoteRequest(next_term(0, B), 0))
    assert bench.engine.master == ''
    assert bench.engine.core.term == 0
    assert bench.peer('b').times.counter == 0


def test_a_member_is_not_refused_afterwards(bench: Bench) -> None:
    """Its configuration cannot change without a restart: this is a snapshot."""
    bench.join('b')
    bench.say('b', bench.welcome(record('app:x'), agreement=THEIRS), seq=3)
    assert bench.peer('b').running
    assert (bench.peer('b').refused, bench.peer('b').seq) == ('', 3)
    assert bench.engine.process('app', 'x') is not None


def test_its_restart_is_looked_at_anew(bench: Bench) -> None:
    refuse(bench)
    bench.say('b', Hello(Claim()), who=incarnation('b', boots=2))
    assert bench.peer('b').state is I.CHECKING
    assert (bench.peer('b').refused, bench.peer('b').agreed) == ('', False)
    assert bench.engine.instance(B).reason == 'no answer yet'
    bench.say('b', bench.welcome(agreement=OURS), who=incarnation('b', boots=2))
    assert bench.peer('b').running
    assert bench.engine.instance(B).reason == ''


def test_a_restart_that_changes_nothing_is_refused_again(bench: Bench) -> None:
    refuse(bench)
    bench.effects.clear()
    bench.say('b', Hello(Claim()), who=incarnation('b', boots=2))
    bench.say('b', bench.welcome(agreement=THEIRS), who=incarnation('b', boots=2))
    assert bench.peer('b').state is I.ISOLATED
    assert len([text for text in bench.logs('warn') if 'is refused' in text]) == 1


def test_a_refused_one_that_ends_is_stopped_and_no_loss_of_a_member(bench: Bench) -> None:
    bench.join('c')
    refuse(bench)
    bench.observe(events.LinkDown(B))
    bench.observe(events.TcpProbed(B, True))
    assert bench.peer('b').state is I.STOPPED
    assert bench.peer('c').running


# -- strangers: no elections, no rejoins
@pytest.mark.parametrize('known', [False, True])
@pytest.mark.parametrize('leading', [False, True])
def test_a_stranger_that_counts_us_out_does_not_make_us_join_anew(bench: Bench, leading: bool, known: bool) -> None:
    bench.engine.system.state = S.ELECTION
    bench.say('c', bench.welcome(agreement=OURS))
    if leading:
        bench.engine.election.step_down()
        bench.tick()
        bench.say('c', bench.vote(), term=bench.standing())
        assert bench.engine.election.leading
    if known:
        refuse(bench)
    term = bench.engine.core.term
    hello = Hello(Claim(B, 9), bench.engine.core.incarnation, digest_of(THEIRS))
    bench.say('b', hello, term=term + 1000)
    assert bench.engine.core.incarnation.epoch == 0
    assert bench.engine.election.leading is leading
    assert bench.engine.core.term == term


def test_who_is_refused_is_a_stranger_even_without_a_digest(bench: Bench) -> None:
    refuse(bench)
    bench.say('b', Hello(Claim(B, 9), bench.engine.core.incarnation))
    assert bench.engine.core.incarnation.epoch == 0


@pytest.mark.parametrize('agreement', [0, 1])
def test_a_greeting_without_a_digest_is_that_of_one_of_us(bench: Bench, agreement: int) -> None:
    """It may be of a release that does not send any."""
    bench.say('b', bench.welcome(agreement=OURS))
    bench.peer('b').agreed = False
    bench.say('b', Hello(Claim(B, 1), bench.engine.core.incarnation, agreement and digest_of(THEIRS)))
    assert bench.engine.core.incarnation.epoch == (0 if agreement else 1)


def test_one_of_another_release_that_agrees_is_no_stranger(bench: Bench) -> None:
    bench.say('b', bench.welcome(agreement=NEXT_RELEASE))
    assert bench.peer('b').agreed
    bench.say('b', Hello(Claim(B, 1), bench.engine.core.incarnation, digest_of(NEXT_RELEASE)))
    assert bench.engine.core.incarnation.epoch == 1  # its word counts


def test_a_claim_of_who_is_refused_is_noted(bench: Bench) -> None:
    refuse(bench)
    bench.say('b', Hello(Claim(B, 7), None, digest_of(THEIRS), True))
    assert bench.peer('b').claim == Claim(B, 7)


def test_a_rejoin_looks_at_the_refused_ones_anew(bench: Bench) -> None:
    bench.join('c')
    refuse(bench)
    bench.say('c', Hello(Claim('c:1', 2), bench.engine.core.incarnation, digest_of(OURS)))
    assert bench.engine.core.incarnation.epoch == 1
    assert bench.peer('b').state is I.STOPPED
    bench.say('b', Hello(Claim(), None, digest_of(THEIRS)))
    refuse(bench)


def test_heartbeats_do_not_go_to_who_is_refused(bench: Bench) -> None:
    bench.join('c')
    refuse(bench)
    bench.tick(1.0)
    assert bench.engine._beat is not None and isinstance(bench.engine._beat, Heartbeat)
    assert A not in bench.engine._urgent[0] and B not in bench.engine._urgent[0]
