"""The initial conditions are lost while the system is at work: CONTINUE, RESYNC, SHUTDOWN."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import RESTART, SHUTDOWN
from supvisors.engine.effects import RestartHost, ShutdownHost
from supvisors.engine.messages import Heartbeat, VoteRequest
from supvisors.model.enums import SupvisorsFailureStrategy as Strategy
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from tests.unit.engine.harness import Program, World, application, managed, operation

X, Y = 'app:x', 'base:y'
TIMEOUT = 3.0


def conditions(strategy: Strategy, *options: O, core: str = '') -> dict[str, Any]:
    return {
        'synchro_options': frozenset(options),
        'core_identifiers': tuple(core),
        'supvisors_failure_strategy': strategy,
        'failure_timeout': TIMEOUT,
    }


def pass_through(world: World, seconds: float, letters: str) -> dict[str, list[str]]:
    """The states that these instances go through meanwhile."""
    seen: dict[str, list[str]] = {letter: [] for letter in letters}
    for _ in range(round(seconds / 0.1)):
        world.run(0.1)
        for letter, states in seen.items():
            name = world.state(letter).name
            if states[-1:] != [name]:
                states.append(name)
    return seen


def ended(world: World) -> list[tuple[str, type]]:
    """Who was told to end, and how."""
    return [
        (node.letter, type(one))
        for node in world.nodes.values()
        for one in node.carried_out
        if isinstance(one, RestartHost | ShutdownHost)
    ]


# -- CONTINUE
@pytest.mark.parametrize('lost', 'ac')
def test_continue_goes_on_without_the_lost_one(lost: str) -> None:
    world = operation('abc', **conditions(Strategy.CONTINUE, O.STRICT))
    assert not any(world[letter].engine.modes(world[letter].name).degraded for letter in 'abc')
    world[lost].crash()
    world.run(20.0)
    assert world.operating()
    left = 'abc'.replace(lost, '')
    assert all(world[letter].engine.modes(world[letter].name).degraded for letter in left)
    world[lost].boot()
    world.run(3.0)
    assert not any(world[letter].engine.modes(world[letter].name).degraded for letter in 'abc')


# -- RESYNC
ALL_OPTIONS = [(O.STRICT, ''), (O.LIST, ''), (O.CORE, 'abc')]


@pytest.mark.parametrize('lost', 'abc')
@pytest.mark.parametrize(('option', 'core'), ALL_OPTIONS)
def test_resync_waits_for_the_lost_one_and_goes_on_once_it_is_back(option: O, core: str, lost: str) -> None:
    rules = managed(app=application(0, x=1))
    values = conditions(Strategy.RESYNC, option, core=core)
    world = operation('abc', rules, programs={X: Program()}, **values)
    left = 'abc'.replace(lost, '')
    world[left[1]].spawn(X)
    world.run(2.0)
    world[lost].crash()
    world.run(TIMEOUT + 1.5)
    seen = pass_through(world, 20.0, left)
    assert seen == {letter: ['SYNCHRONIZATION'] for letter in left}
    assert world.leaders() == ''
    assert world.where(X) == left[1]  # what runs goes on running
    world[lost].boot()
    world.run(4.0)
    assert world.operating()
    assert world.leaders() == 'a'
    assert world.where(X) == left[1]
    assert world.starts() == [(left[1], X)]


@pytest.mark.parametrize('lost', 'ac')
def test_resync_in_distribution(lost: str) -> None:
    rules, programs = managed(app=application(1, x=1)), {'b': {X: Program(startsecs=30)}}
    world = World('abc', rules, only=programs, **conditions(Strategy.RESYNC, O.STRICT))
    world.run(2.0)
    assert world.states() == {S.DISTRIBUTION}
    world[lost].crash()
    left = 'abc'.replace(lost, '')
    world.run(TIMEOUT + 1.5)
    assert pass_through(world, 10.0, left) == {letter: ['SYNCHRONIZATION'] for letter in left}
    world[lost].boot()
    world.run(40.0)
    assert world.operating()
    assert world.starts() == [('b', X)]


@pytest.mark.parametrize('lost', 'abc')
def test_resync_in_election(lost: str) -> None:
    world = World('abc', **conditions(Strategy.RESYNC, O.STRICT))
    world.lose = lambda source, target, envelope: isinstance(envelope.body, VoteRequest)
    world.run(3.0)
    assert world.states() == {S.ELECTION}
    world[lost].crash()
    world.run(TIMEOUT + 1.5)
    assert world.states() == {S.SYNCHRONIZATION}
    world.lose = lambda source, target, envelope: False
    world.run(10.0)
    assert world.states() == {S.SYNCHRONIZATION}
    world[lost].boot()
    world.run(4.0)
    assert world.operating()


@pytest.mark.parametrize('strategy', [Strategy.RESYNC, Strategy.SHUTDOWN])
@pytest.mark.parametrize('lost', 'ac')
def test_an_instance_that_is_soon_back_is_no_loss(lost: str, strategy: Strategy) -> None:
    world = operation('abc', **conditions(strategy, O.STRICT))
    world[lost].crash()
    left = 'abc'.replace(lost, '')
    seen = pass_through(world, TIMEOUT - 1.0, left)
    world[lost].boot()
    after = pass_through(world, 20.0, left)
    assert world.operating()
    for states in (*seen.values(), *after.values()):
        assert set(states) <= {'OPERATION', 'ELECTION'}
    assert ended(world) == []


def test_a_user_answers_again_after_resync() -> None:
    world = World('abc', **conditions(Strategy.RESYNC, O.USER))
    world.run(3.0)
    world['b'].end_sync('c')
    world.run(3.0)
    assert world.leaders() == 'c' and world.operating()
    world['c'].crash()
    world.run(TIMEOUT + 2.0)
    assert world.states() == {S.SYNCHRONIZATION}
    world['c'].boot()
    world.run(20.0)
    assert world.states() == {S.SYNCHRONIZATION}  # the former answer has served
    world['a'].end_sync('b')
    world.run(3.0)
    assert world.leaders() == 'b' and world.operating()


def test_a_user_can_go_on_without_the_lost_one_after_resync() -> None:
    world = World('abc', **conditions(Strategy.RESYNC, O.USER))
    world.run(3.0)
    world['b'].end_sync('c')
    world.run(3.0)
    world['c'].crash()
    world.run(TIMEOUT + 2.0)
    assert world.states() == {S.SYNCHRONIZATION}
    world['a'].end_sync()
    world.run(1.0)
    assert pass_through(world, 20.0, 'ab') == {'a': ['OPERATION'], 'b': ['OPERATION']}


def test_resync_interrupts_the_automatic_start_until_the_lost_one_is_back() -> None:
    rules, programs = managed(app=application(1, x=1, z=2)), {'b': {X: Program(startsecs=8), 'app:z': Program()}}
    world = World('abc', rules, only=programs, **conditions(Strategy.RESYNC, O.STRICT))
    world.run(2.0)
    assert world.states() == {S.DISTRIBUTION}
    world['c'].crash()
    world.run(30.0)
    assert world.states() == {S.SYNCHRONIZATION}
    assert world.starts() == [('b', X)]  # what runs goes on, nothing more is started
    world['c'].boot()
    world.run(10.0)
    assert world.operating()
    assert world.starts() == [('b', X), ('b', 'app:z')]


def test_with_user_all_start_again_although_one_has_joined_after_the_loss() -> None:
    """An instance that joins after the loss has nobody to miss: it must not lead those that start again."""
    world = World('abcd', boot='abc', **conditions(Strategy.RESYNC, O.USER))
    world.run(3.0)
    world['a'].end_sync()
    world.run(3.0)
    world['c'].crash()
    world.run(1.0)
    world['d'].boot()
    world.run(TIMEOUT + 2.0)
    assert pass_through(world, 10.0, 'abd') == {letter: ['SYNCHRONIZATION'] for letter in 'abd'}


def test_a_follower_that_does_not_hear_the_resync_does_not_hold_the_master() -> None:
    world = operation('abc', **conditions(Strategy.RESYNC, O.STRICT))
    world['c'].crash()
    world.run(1.0)
    world.lose = lambda source, target, envelope: (
        isinstance(envelope.body, Heartbeat) and envelope.body.system_state == S.SYNCHRONIZATION
    )
    world.run(TIMEOUT + 3.0)
    world.lose = lambda source, target, envelope: False
    world.run(TIMEOUT + 3.0)
    assert pass_through(world, 10.0, 'ab') == {'a': ['SYNCHRONIZATION'], 'b': ['SYNCHRONIZATION']}


def test_with_user_an_instance_that_was_never_there_is_not_missed() -> None:
    world = World('abc', boot='ab', **conditions(Strategy.RESYNC, O.USER))
    world.run(3.0)
    world['a'].end_sync()
    world.run(20.0)
    assert world.operating()


# -- SHUTDOWN
RULES = managed(app=application(0, stop=1, x=1), base=application(0, stop=2, y=1))
PROGRAMS = {X: Program(stop_time=1.0), Y: Program(stop_time=1.0)}


@pytest.mark.parametrize('lost', 'ac')
@pytest.mark.parametrize(('option', 'core'), ALL_OPTIONS)
def test_shutdown_ends_all_in_order_and_once(option: O, core: str, lost: str) -> None:
    world = operation('abc', RULES, programs=PROGRAMS, **conditions(Strategy.SHUTDOWN, option, core=core))
    world['b'].spawn(X)
    world['b'].spawn(Y)
    world.run(3.0)
    left = 'abc'.replace(lost, '')
    world[lost].crash()
    world.run(TIMEOUT - 0.5)
    assert world.operating()
    world.run(1.5)
    assert {world.state(letter) for letter in left} == {S.SHUTTING_DOWN}
    world.run(10.0)
    assert world.up() == []
    assert sorted(ended(world)) == [(letter, ShutdownHost) for letter in left]
    # the application with the greater stop sequence first
    assert world.time_of(Y, 'STOPPED') <= world.time_of(X, 'STOPPING')
    asked = [text for letter in 'abc' for text in world.logs(letter) if 'accepted: shutdown' in text]
    assert len(asked) == 1
    wanted = [letter for letter in 'abc' if any('lost: SHUTDOWN' in text for text in world.logs(letter, 'critical'))]
    assert wanted == [left[0]]  # the Master, and nobody else


def test_shutdown_waits_for_a_master() -> None:
    world = World('abc', **conditions(Strategy.SHUTDOWN, O.STRICT))
    world.lose = lambda source, target, envelope: isinstance(envelope.body, VoteRequest)
    world.run(3.0)
    world['c'].crash()
    world.run(TIMEOUT + 5.0)
    assert world.states() == {S.ELECTION}
    world.lose = lambda source, target, envelope: False
    world.run(10.0)
    assert world.up() == []
    assert sorted(ended(world)) == [('a', ShutdownHost), ('b', ShutdownHost)]


@pytest.mark.parametrize('strategy', [Strategy.SHUTDOWN, Strategy.RESYNC])
@pytest.mark.parametrize('newcomer', 'acd')
def test_a_mere_join_loses_no_conditions(newcomer: str, strategy: Strategy) -> None:
    """Two Core instances at work, and a third one starts."""
    core = 'abcd'.replace(newcomer, '')[:2]
    world = World('abcd', boot=core, **conditions(strategy, O.CORE, core=core))
    world.run(5.0)
    assert world.operating()
    world[newcomer].boot()
    seen = pass_through(world, 15.0, core)
    assert seen == {letter: ['OPERATION'] for letter in core}
    assert world.operating() and len(world.up()) == 3


def test_a_mere_join_whose_messages_get_lost_loses_no_conditions() -> None:
    world = World('abcd', boot='ab', **conditions(Strategy.SHUTDOWN, O.CORE, core='ab'))
    world.run(5.0)
    world.lose = lambda source, target, envelope: source == 'c' and target == 'b'
    world['c'].boot()
    assert pass_through(world, 15.0, 'ab') == {'a': ['OPERATION'], 'b': ['OPERATION']}


# -- the ending states
@pytest.mark.parametrize('strategy', [Strategy.SHUTDOWN, Strategy.RESYNC])
@pytest.mark.parametrize(('kind', 'effect'), [(RESTART, RestartHost), (SHUTDOWN, ShutdownHost)])
@pytest.mark.parametrize('lost', 'ac')
def test_what_ends_ignores_the_conditions(lost: str, kind: str, effect: type, strategy: Strategy) -> None:
    world = operation('abc', programs={X: Program(stop_time=8.0)}, **conditions(strategy, O.STRICT))
    world['b'].spawn(X)
    world.run(2.0)
    world['b'].request(kind)
    world.run(0.5)
    world[lost].crash()
    left = 'abc'.replace(lost, '')
    world.run(2.0)
    ending = 'RESTARTING' if kind == RESTART else 'SHUTTING_DOWN'
    assert pass_through(world, 4.0, left) == {letter: [ending] for letter in left}
    told = [text for letter in left for text in world.logs(letter) if 'initial conditions' in text]
    assert told == []
    world.run(10.0)
    assert world.up() == []
    assert sorted(ended(world), key=lambda row: row[0]) == [(letter, effect) for letter in left]


@pytest.mark.parametrize('kind', [RESTART, SHUTDOWN])
def test_a_resumed_ending_ignores_the_conditions_however_long_the_election_lasts(kind: str) -> None:
    """RESTARTING and SHUTTING_DOWN ignore the conditions; so does the ELECTION in between when their Master is lost."""
    world = operation('abc', programs={X: Program(stop_time=20.0)}, **conditions(Strategy.RESYNC, O.STRICT))
    world['b'].spawn(X)
    world.run(2.0)
    world['b'].request(kind)
    world.run(0.5)
    world.lose = lambda source, target, envelope: isinstance(envelope.body, VoteRequest)
    world['a'].crash()
    world.run(TIMEOUT + 3.0)
    world.lose = lambda source, target, envelope: False
    world.run(40.0)
    assert world.up() == []
