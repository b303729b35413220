"""A user ends the synchronization: with a Master of his choice, or with the one that the election gives."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import Refused
from supvisors.engine.messages import Status, Update
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from tests.unit.engine.harness import A, B, Bench, World, ident

USER: dict[str, Any] = {'synchro_options': frozenset((O.USER,))}


def waiting(letters: str = 'abc', boot: str | None = None, **values: Any) -> World:
    """All have met, and wait for a user."""
    world = World(letters, boot=boot, **{**USER, **values})
    world.run(30.0)
    assert world.states() == {S.SYNCHRONIZATION}
    return world


def answers(world: World) -> dict[str, str]:
    """What each publishes of the answer that it was given."""
    return {node.letter: node.engine.peers.local.status.sync_end for node in world.up()}


# -- the answer
@pytest.mark.parametrize('asked', 'abc')
@pytest.mark.parametrize('master', 'abc')
def test_the_named_one_leads_wherever_it_is_said(asked: str, master: str) -> None:
    world = waiting()
    world[asked].end_sync(master)
    world.run(1.0)
    assert world.operating()
    assert world.leaders() == master


@pytest.mark.parametrize('asked', 'abc')
def test_without_a_name_the_election_gives_the_master(asked: str) -> None:
    world = waiting()
    world[asked].end_sync()
    world.run(1.0)
    assert world.operating()
    assert world.leaders() == 'a'


def test_without_a_name_the_core_comes_first() -> None:
    world = waiting(core_identifiers=('c',))
    world['a'].end_sync()
    world.run(1.0)
    assert world.leaders() == 'c'


def test_the_named_one_comes_before_the_core() -> None:
    world = waiting(core_identifiers=('c',))
    world['a'].end_sync('b')
    world.run(1.0)
    assert world.leaders() == 'b'


def test_the_answer_is_told_to_the_others_and_forgotten_once_there_is_a_master() -> None:
    world = waiting()
    world.lose = lambda source, target, envelope: not isinstance(envelope.body, Update)
    world['b'].end_sync('c')
    world.settle()
    assert answers(world) == {'a': '', 'b': 'c:1', 'c': ''}
    assert {letter: world[letter].engine.synchro.wanted() for letter in 'abc'} == dict.fromkeys('abc', 'c:1')
    assert world.states() == {S.ELECTION}
    world.lose = lambda source, target, envelope: False
    world.run(5.0)
    assert world.leaders() == 'c'
    assert answers(world) == dict.fromkeys('abc', '')


def test_the_next_election_does_not_know_the_answer() -> None:
    world = waiting()
    world['b'].end_sync('c')
    world.run(2.0)
    assert world.leaders() == 'c'
    world['c'].crash()
    world.run(8.0)
    world['c'].boot()
    world.run(8.0)
    assert world.leaders() == 'a'


def test_who_joins_meanwhile_goes_along() -> None:
    world = waiting('abc', 'ab')
    world.lose = lambda source, target, envelope: not isinstance(envelope.body, Update)
    world['a'].end_sync('b')
    world.settle()
    world.lose = lambda source, target, envelope: False
    world['c'].boot()
    world.run(5.0)
    assert world.operating() and world.leaders() == 'b'


def test_the_answer_is_enough_for_those_that_wait_for_others() -> None:
    world = waiting('abc', 'ab', synchro_options=frozenset((O.USER, O.STRICT)))
    world['a'].end_sync('b')
    world.run(2.0)
    assert world.operating() and world.leaders() == 'b'


def test_who_starts_when_there_is_a_master_follows_it_and_asks_no_user() -> None:
    world = waiting('abc', 'ab')
    world['a'].end_sync()
    world.run(2.0)
    world['c'].boot()
    world.run(2.0)
    assert world.operating() and world.leaders() == 'a'


# -- not as it should be
@pytest.mark.parametrize(
    'answers_', [('b', 'c', ''), ('b', 'c', 'a'), ('c', '', 'c'), ('', '', 'b'), ('c', 'b', 'b'), ('b', 'a', '')]
)
def test_several_users_with_several_answers_get_one_master(answers_: tuple[str, ...]) -> None:
    world = waiting()
    named = {answer for answer in answers_ if answer}
    for letter, answer in zip('abc', answers_, strict=True):
        if answer or letter == 'a':
            world[letter].end_sync(answer)
    for _ in range(40):
        world.run(0.1)
        assert len(world.leaders()) <= 1
    world.run(6.0)
    assert world.operating()
    assert world.leaders() in named | {'a', 'b', 'c'}
    assert answers(world) == dict.fromkeys('abc', '')


def test_an_answer_replaces_the_former_one() -> None:
    world = waiting()
    world['a'].end_sync('c')
    world['a'].end_sync('b')
    world.run(2.0)
    assert world.leaders() == 'b'


@pytest.mark.parametrize('how', ['crash', 'leave'])
@pytest.mark.parametrize('asked', 'ab')
def test_the_named_one_leaves_meanwhile(asked: str, how: str) -> None:
    world = waiting()
    world.lose = lambda source, target, envelope: 'c' in (source, target)
    world[asked].end_sync('c')
    world.settle()
    getattr(world['c'], how)()
    world.lose = lambda source, target, envelope: False
    world.run(8.0)
    assert world.operating()
    assert world.masters() == {'a': 'a', 'b': 'a'}


def test_a_named_one_that_does_not_stand_is_not_waited_for_for_ever() -> None:
    world = waiting()
    world['a'].end_sync('c')
    world['c'].stalled = True
    world.settle()
    world.run(2.5)
    assert world.leaders() == ''  # it is given some time
    world['c'].frozen = True
    world.run(10.0)
    assert world.masters()['a'] == world.masters()['b'] in ('a', 'b')  # they stand at the same time


# -- the faults, in their order
def code(bench: Bench, name: str) -> int:
    with pytest.raises(Refused) as refused:
        bench.engine.end_sync(name, bench.now)
    return int(refused.value.code)


def met(*options: O) -> Bench:
    """a knows b, and c and d that were never met; c has its nick and d as their stereotype."""
    bench = Bench('abcd', synchro_options=frozenset(options))
    bench.join('b')
    bench.tick()
    return bench


def test_there_is_a_master_already() -> None:
    for options in ((O.USER,), (O.TIMEOUT,)):
        bench = met(*options)
        bench.say('b', bench.beat('b', 'ab'), term=20)
        assert bench.engine.master == B
        for name in ('nobody', 'c', 'b', ''):
            assert code(bench, name) == 101


def test_the_option_is_not_selected() -> None:
    bench = met(O.STRICT, O.TIMEOUT)
    for name in ('nobody', 'c', 'b', ''):
        assert code(bench, name) == 104


def test_the_name_is_of_none_of_several_or_of_one_that_does_not_run() -> None:
    bench = met(O.USER)
    for letter in 'bc':  # the same stereotype
        identity = bench.peer(letter).identity
        object.__setattr__(identity, 'stereotypes', ('backup',))
    bench.engine.peers.changes += 1
    assert code(bench, 'nobody') == 10
    assert code(bench, '*') == 10
    assert code(bench, 'backup') == 2  # although one of both does not run
    assert code(bench, 'c') == 70
    assert code(bench, ident('c')) == 70
    assert bench.engine.synchro.choice == ''
    bench.engine.end_sync('b', bench.now)
    assert bench.engine.synchro.choice == B


def test_a_stereotype_of_one_instance_is_a_name() -> None:
    bench = met(O.USER)
    object.__setattr__(bench.peer('b').identity, 'stereotypes', ('backup',))
    bench.engine.peers.changes += 1
    bench.engine.end_sync('backup', bench.now)
    assert bench.engine.synchro.choice == B


def test_the_answer_is_published() -> None:
    bench = met(O.USER)
    bench.effects.clear()
    bench.engine.end_sync('', bench.now)
    bench.tick()
    assert [body.status.sync_end for _, body in bench.take(Update) if body.status] == ['*']


def test_an_answer_that_is_refused_changes_nothing() -> None:
    bench = met(O.USER)
    bench.tick(1.0)
    assert code(bench, 'nobody') == 10
    bench.tick(1.0)
    assert bench.engine.state is S.SYNCHRONIZATION
    assert bench.engine.master == '' and bench.engine.local.identifier == A


def test_the_answer_of_another_release_that_has_none_is_none() -> None:
    bench = met(O.USER)
    bench.say('b', Update(status=Status(int(S.SYNCHRONIZATION))), seq=1)
    bench.tick(1.0)
    assert bench.engine.state is S.SYNCHRONIZATION
