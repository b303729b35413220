"""Two Masters that meet, one that was frozen, and those that others have counted out."""

from __future__ import annotations

import pytest

from supvisors.engine.commands import START_PROCESS
from supvisors.engine.effects import Spawn
from supvisors.engine.messages import Claim, Hello
from supvisors.model.enums import RunningFailureStrategy as Failure
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import A, B, Bench, Program, World, application, managed, operation

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
