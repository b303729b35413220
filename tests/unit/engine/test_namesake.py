"""Two daemons under one name: whoever stays is a member again, and while both are there that is told."""

from __future__ import annotations

from supvisors.engine.messages import Claim, Heartbeat, Hello
from supvisors.model.identity import Incarnation
from tests.unit.engine.harness import B, Bench

TRUE, OTHER = Incarnation('b1', 0), Incarnation('fake', 0)


def hello(bench: Bench, who: Incarnation) -> list[Incarnation | None]:
    """That daemon greets: which incarnations it is told are over."""
    bench.effects.clear()
    bench.say('b', Hello(Claim()), who=who)
    return [body.evicted for _, body in bench.take(Hello) if body.evicted is not None]


def member(bench: Bench, who: Incarnation) -> bool:
    bench.say('b', Hello(Claim()), who=who)
    bench.say('b', bench.welcome(), who=who)
    return bench.peer('b').running and bench.peer('b').incarnation == who


def test_the_true_one_joins_anew_once_the_other_has_gone() -> None:
    bench = Bench('ab')
    assert member(bench, TRUE)
    assert member(bench, OTHER)
    bench.tick(1.0)
    assert hello(bench, TRUE) == [TRUE], 'it is told that it must join anew'
    assert bench.peer('b').incarnation == OTHER
    bench.engine.membership.count_out(bench.peer('b'), 'gone')
    assert member(bench, TRUE._replace(epoch=1))


def test_a_late_message_of_a_former_boot_brings_nobody_back() -> None:
    bench = Bench('ab')
    assert member(bench, TRUE)
    bench.engine.membership.count_out(bench.peer('b'), 'gone')
    assert member(bench, OTHER)
    bench.say('b', bench.beat('b'), who=TRUE)
    assert bench.peer('b').incarnation == OTHER
    bench.engine.membership.count_out(bench.peer('b'), 'gone')
    bench.say('b', Heartbeat(Claim(), bench.peer('b').times), who=TRUE)
    assert not member(bench, TRUE)


def test_two_at_a_time_are_told_once_a_minute_and_shown() -> None:
    bench = Bench('ab')
    assert member(bench, TRUE)
    assert member(bench, OTHER)
    bench.effects.clear()
    for _ in range(5):
        bench.tick(1.0)
        bench.say('b', bench.beat('b'), who=OTHER)
        assert not member(bench, TRUE._replace(epoch=1))
    assert [text for text in bench.logs() if 'two daemons call themselves' in text] == [
        f'two daemons call themselves {B}: stop one, or correct its configuration']
    assert 'two daemons' in bench.engine.instance(B).reason
    bench.tick(10.5)
    assert 'two daemons' not in bench.engine.instance(B).reason


def test_the_true_one_is_believed_once_the_other_is_not_heard_any_more() -> None:
    """Nobody counts the other one out: whoever probes it is answered by the true one."""
    bench = Bench('ab', failure_timeout=3.0)
    assert member(bench, TRUE)
    assert member(bench, OTHER)
    bench.tick(2.9)
    assert not member(bench, TRUE._replace(epoch=1))
    bench.tick(0.2)
    assert member(bench, TRUE._replace(epoch=1))
