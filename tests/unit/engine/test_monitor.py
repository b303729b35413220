"""Who is lost: silence confirmed by others, a port that refuses, a goodbye."""

from __future__ import annotations

import pytest

from supvisors.engine import events
from supvisors.engine.effects import ProbeTcp
from supvisors.engine.messages import Bye, Claim, Hello, Ping, Pong, ProbeReport, ProbeRequest
from supvisors.model.enums import InstanceState as I
from tests.unit.engine.harness import B, Bench, Program, World, incarnation, operation

TIMEOUT = 3.0
X = 'app:x'


@pytest.fixture
def bench() -> Bench:
    """a, without a Master: it watches b, c, d and e."""
    bench = Bench('abcde', synchro_options=frozenset())
    bench.join('bcde')
    return bench


def talk(bench: Bench, letters: str, seconds: float) -> None:
    """Time passes, and these instances send their heartbeats."""
    for _ in range(round(seconds * 2)):
        bench.tick(0.5)
        for letter in letters:
            bench.say(letter, bench.beat(letter))


# -- silence
def test_a_silent_instance_is_probed_by_us_and_three_others(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT - 0.5)
    assert bench.take(ProbeRequest) == []
    talk(bench, 'cde', 0.5)
    sent = [(effect.to, effect.envelope.body) for effect in bench.effects if hasattr(effect, 'to')]
    ping = [to for to, body in sent if isinstance(body, Ping)]
    asked = [(to, body.target) for to, body in sent if isinstance(body, ProbeRequest)]
    assert ping == [(B,)]
    assert asked == [(('c:1', 'd:1', 'e:1'), B)]
    assert bench.peer('b').running


def test_not_more_than_three_are_asked_and_only_those_with_a_link() -> None:
    bench = Bench('abcdefg', synchro_options=frozenset())
    bench.join('bcdefg')
    bench.observe(events.LinkDown('c:1'))
    talk(bench, 'cdefg', TIMEOUT)
    assert [to for to, _ in bench.take(ProbeRequest)] == ['d', 'e', 'f']


def test_who_answers_nobody_is_lost(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT)
    bench.tick(0.7)
    assert bench.peer('b').state is I.STOPPED
    assert bench.peer('c').running


def test_who_answers_another_is_suspect_and_asked_for_again(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT)
    ((_, first), *_) = bench.take(ProbeRequest)
    bench.say('d', ProbeReport(B, first.number))
    bench.tick(0.7)
    assert bench.peer('b').running
    assert bench.peer('b').suspect
    ((_, second), *_) = bench.take(ProbeRequest)
    assert second.number != first.number
    bench.say('d', ProbeReport(B, first.number))  # the answer to the former question
    bench.tick(0.7)
    assert bench.peer('b').state is I.STOPPED


def test_a_suspect_that_speaks_is_one_no_more(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT)
    ((_, request), *_) = bench.take(ProbeRequest)
    bench.say('c', ProbeReport(B, request.number))
    bench.tick(0.7)
    bench.say('b', bench.beat('b'))
    assert not bench.peer('b').suspect
    bench.tick(0.7)
    assert bench.peer('b').running


def test_who_answers_us_is_not_lost(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT)
    bench.say('b', Pong(1))
    bench.tick(0.7)
    assert bench.peer('b').running
    assert not bench.peer('b').suspect


def test_an_instance_that_never_ends_its_introduction_is_counted_out() -> None:
    bench = Bench('abc', synchro_options=frozenset())
    bench.say('b', Hello(Claim()))
    assert bench.peer('b').state is I.CHECKING
    bench.tick(TIMEOUT + 1.0)
    assert bench.peer('b').state is I.STOPPED


def test_we_probe_for_another(bench: Bench) -> None:
    bench.say('c', ProbeRequest(B, 77))
    ((to, ping),) = bench.take(Ping)
    assert to == 'b'
    bench.say('b', Pong(ping.number))
    assert bench.take(ProbeReport) == [('c', ProbeReport(B, 77))]
    bench.say('b', Pong(ping.number))
    assert bench.take(ProbeReport) == []


def test_the_answer_of_another_is_no_answer_of_the_target(bench: Bench) -> None:
    bench.say('c', ProbeRequest(B, 77))
    ((_, ping),) = bench.take(Ping)
    bench.say('d', Pong(ping.number))
    assert bench.take(ProbeReport) == []


def test_a_probe_of_ourselves_or_of_a_stranger_is_not_made(bench: Bench) -> None:
    bench.say('c', ProbeRequest('a:1', 1))
    bench.say('c', ProbeRequest('z:1', 2))
    assert bench.take(Ping) == []


def test_an_errand_too_old_is_forgotten(bench: Bench) -> None:
    bench.say('c', ProbeRequest(B, 77))
    ((_, ping),) = bench.take(Ping)
    talk(bench, 'bcde', 1.0)
    bench.say('c', ProbeRequest('d:1', 78))
    bench.take(Ping)
    bench.say('b', Pong(ping.number))
    assert bench.take(ProbeReport) == []


# -- our own lateness
def test_our_own_lateness_is_not_held_against_the_others(bench: Bench) -> None:
    talk(bench, 'bcde', 1.0)
    bench.time += 60.0  # the loop does not run
    bench.tick()
    bench.tick(1.0)
    assert [bench.peer(letter).running for letter in 'bcde'] == [True] * 4
    bench.tick(TIMEOUT)
    assert [bench.peer(letter).running for letter in 'bcde'] == [False] * 4


def test_a_probe_under_way_is_given_its_time_again_after_our_lateness(bench: Bench) -> None:
    talk(bench, 'cde', TIMEOUT)
    bench.time += 5.0
    bench.tick()
    assert bench.peer('b').running


def test_a_small_delay_is_no_lateness(bench: Bench) -> None:
    heard = bench.peer('b').last_heard
    bench.time = bench.engine.next_deadline + 0.4
    bench.tick()
    assert bench.peer('b').last_heard == heard


# -- dropped connections
def test_a_port_that_refuses_twice_is_a_loss_at_once(bench: Bench) -> None:
    bench.observe(events.LinkDown(B))
    assert [effect for effect in bench.effects if isinstance(effect, ProbeTcp)] == [ProbeTcp(B)]
    assert bench.peer('b').running
    bench.observe(events.TcpProbed(B, True))
    assert bench.peer('b').state is I.STOPPED


def test_a_port_that_does_not_refuse_is_no_loss(bench: Bench) -> None:
    bench.observe(events.LinkDown(B))
    bench.observe(events.TcpProbed(B, False))
    assert bench.peer('b').running


def test_a_refusal_after_the_link_is_back_is_no_loss(bench: Bench) -> None:
    bench.observe(events.LinkDown(B))
    bench.observe(events.LinkUp(B))
    bench.observe(events.TcpProbed(B, True))
    assert bench.peer('b').running


def test_nobody_is_probed_for_an_instance_never_met() -> None:
    bench = Bench('ab')
    bench.observe(events.LinkDown(B))
    assert not [effect for effect in bench.effects if isinstance(effect, ProbeTcp)]


# -- links that cannot be had
def test_a_problem_of_a_link_is_shown_at_once_and_logged_once_it_has_lasted() -> None:
    bench = Bench('abc', failure_timeout=TIMEOUT)
    bench.effects.clear()
    bench.observe(events.LinkProblem(B, 'connection refused'))
    assert bench.engine.instance(B).reason == 'connection refused'
    bench.tick(TIMEOUT - 0.1)
    assert bench.logs('warn') == []
    bench.tick(0.1)
    assert bench.logs('warn') == ['b:1: connection refused']
    bench.tick(20.0)
    assert bench.logs('warn') == ['b:1: connection refused']  # once


def test_the_engine_wants_to_be_called_when_a_problem_has_lasted() -> None:
    bench = Bench('ab', failure_timeout=0.3)
    bench.effects.clear()
    bench.observe(events.LinkProblem(B, 'connection refused'))
    assert bench.engine.next_deadline <= bench.time + 0.3
    bench.tick(0.31)
    assert bench.logs('warn') == ['b:1: connection refused']


@pytest.mark.parametrize('event', [events.LinkUp(B), events.LinkProblem(B, '')])
def test_a_problem_that_passes_is_never_logged(event: events.Event) -> None:
    bench = Bench('abc', failure_timeout=TIMEOUT)
    bench.effects.clear()
    bench.observe(events.LinkProblem(B, 'connection refused'))
    bench.tick(TIMEOUT - 0.1)
    bench.observe(event)
    bench.tick(20.0)
    assert bench.logs('warn') == []
    assert bench.engine.instance(B).reason == 'no answer yet'


def test_another_problem_is_logged_too_and_each_instance_has_its_own() -> None:
    bench = Bench('abc', failure_timeout=TIMEOUT)
    bench.effects.clear()
    bench.observe(events.LinkProblem(B, 'connection refused'))
    bench.observe(events.LinkProblem('c:1', 'wrong secret'))
    bench.tick(TIMEOUT)
    assert bench.logs('warn') == ['b:1: connection refused', 'c:1: wrong secret']
    bench.observe(events.LinkProblem(B, 'wrong secret'))
    bench.tick(TIMEOUT)
    assert bench.logs('warn')[2:] == ['b:1: wrong secret']


# -- leaving
def test_a_goodbye_is_not_a_loss_by_silence(bench: Bench) -> None:
    bench.say('b', Bye())
    assert bench.peer('b').state is I.STOPPED
    assert bench.peer('b').left == bench.time
    assert any('is STOPPED: it has left' in effect.text for effect in bench.effects if hasattr(effect, 'text'))


def test_who_comes_back_has_not_left_any_more(bench: Bench) -> None:
    bench.say('b', Bye())
    bench.say('b', bench.welcome(), who=incarnation('b', boots=2))
    assert bench.peer('b').left == float('-inf')
    assert bench.peer('b').running


def test_one_that_leaves_stays_a_member_until_its_programs_have_ended() -> None:
    world = operation('abc', programs={X: Program(stop_time=5.0)})
    world['c'].spawn(X)
    world.run(2.0)
    world['c'].leave()
    world.run(4.0)
    assert world.sees('a') == 'abc'
    assert world['a'].engine.peers['c:1'].status.leaving
    assert world['a'].engine.inventory.where(X) == ['c:1']
    world.run(2.0)
    assert world.sees('a') == 'ab'
    assert world['a'].engine.inventory.where(X) == []
    assert world['a'].engine.peers['c:1'].left > 0


# -- who watches whom
def test_a_crash_is_seen_at_once_and_a_silence_within_five_seconds() -> None:
    world = operation('abcd')
    world['d'].crash()
    world.run(0.2)
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    world.split('ab', 'c')
    world.run(4.5)
    assert [world.sees(letter) for letter in 'ab'] == ['ab'] * 2


def test_a_follower_watches_its_master_only() -> None:
    world = operation('abc')
    world.split('ac', 'b')
    world.cut.discard(frozenset('ab'))  # b and c do not hear each other, and nobody misses anything
    world.run(30.0)
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3


def test_an_instance_that_others_reach_is_suspect_and_not_lost() -> None:
    world = operation('abc')
    world.cut = {frozenset('ac')}
    world.run(8.0)
    assert world.sees('a') == 'abc'
    assert world['a'].engine.peers['c:1'].suspect
    world.heal()
    world.run(3.0)
    assert not world['a'].engine.peers['c:1'].suspect
    assert world.operating()


def test_a_hung_main_loop_is_no_loss() -> None:
    world = operation('abc')
    world['c'].stalled = True
    world.run(20.0)
    assert [world.sees(letter) for letter in 'ab'] == ['abc'] * 2
    world['c'].resume()
    world.run(2.0)
    assert world.operating()


def test_without_a_master_each_watches_all() -> None:
    world = World('abc', boot='ab', synchro_timeout=1e9)
    world.run(2.0)
    assert world.sees('a') == 'ab'
    world.split('a', 'b')
    world.run(5.0)
    assert (world.sees('a'), world.sees('b')) == ('a', 'b')
