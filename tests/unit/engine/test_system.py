"""The state of the system as the local instance sees it: what moves it on, then what the Master says."""

from __future__ import annotations

import pytest

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.synchro import Synchro
from supvisors.engine.cluster.system import System
from supvisors.engine.cluster.tables import SystemEvent
from supvisors.engine.commands import RESTART, SHUTDOWN, Refused
from supvisors.engine.core import Core
from supvisors.engine.effects import RestartHost, ShutdownHost
from supvisors.engine.messages import Claim, Heartbeat
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.enums import SupvisorsFailureStrategy
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from supvisors.model.identity import Now
from tests.unit.engine.harness import Bench, Program, World, application, ident, managed, operation, settings
from tests.unit.engine.situation import Situation

X = 'app:x'


# -- what moves it on
def test_off_until_the_host_is_ready() -> None:
    core = Core(settings(), Now(0.0, 0.0))
    peers = Peers(core)
    synchro = Synchro(core, peers)
    system = System(core, synchro, Election(core, peers, Ledger(), synchro.preferred, lambda: None))
    system.evaluate(None)
    assert system.state is S.OFF
    system.ready()
    assert system.state is S.SYNCHRONIZATION


def test_a_satisfied_option_leads_to_election_and_only_without_a_master() -> None:
    situation = Situation(O.STRICT)
    situation.system.evaluate(None)
    assert situation.system.state is S.SYNCHRONIZATION
    situation.join('bc')
    situation.system.evaluate(S.OPERATION)
    assert situation.system.state is S.OPERATION
    situation.system.evaluate(None)
    assert situation.system.state is S.ELECTION


@pytest.mark.parametrize('master', [S.DISTRIBUTION, S.OPERATION, S.RESTARTING, S.SHUTTING_DOWN])
def test_a_late_joiner_adopts_the_state_of_the_master(master: S) -> None:
    situation = Situation(O.STRICT)
    situation.system.evaluate(master)
    assert situation.system.state is master


def test_who_comes_back_at_the_end_is_not_ended_with_the_others() -> None:
    situation = Situation(O.STRICT)
    situation.system.evaluate(S.FINAL)
    assert situation.system.state is S.SYNCHRONIZATION


@pytest.mark.parametrize('ending', [S.RESTARTING, S.SHUTTING_DOWN])
def test_final_remembers_what_led_to_it(ending: S) -> None:
    situation = Situation(O.STRICT)
    for state in (S.OPERATION, ending, S.FINAL):
        situation.system.evaluate(state)
    assert situation.system.state is S.FINAL
    assert situation.system.ended_by is ending
    for state in (None, S.OPERATION):
        situation.system.evaluate(state)
    assert situation.system.state is S.FINAL


def test_the_claim_says_whether_the_synchronization_has_ended() -> None:
    situation = Situation(O.STRICT)
    assert situation.election.claim() == Claim('', 1)
    for event in (SystemEvent.MASTER_OPERATES, SystemEvent.NO_MASTER):
        situation.system.step(event)
        assert situation.election.claim() == Claim('', 1, begun=True)
    situation.system.step(SystemEvent.CONDITIONS_LOST)
    assert situation.election.claim() == Claim('', 1)


@pytest.mark.parametrize(('master', 'again'), [(S.OPERATION, False), (None, True)])
def test_the_master_decides_whether_the_conditions_are_lost(master: S | None, again: bool) -> None:
    """A follower may see less than its Master; without one it decides for itself."""
    situation = Situation(O.STRICT, supvisors_failure_strategy=SupvisorsFailureStrategy.RESYNC, failure_timeout=3.0)
    situation.join('b')
    situation.election.master = ident('b') if master else ''
    situation.system.step(SystemEvent.MASTER_OPERATES)
    for seconds in (10.0, 20.0):
        situation.at(seconds)
        situation.system.evaluate(master)
    assert (situation.system.state is S.SYNCHRONIZATION) is again


def test_a_step_that_changes_nothing_says_so() -> None:
    situation = Situation(O.STRICT)
    assert not situation.system.step(SystemEvent.MASTER_ENDS)
    assert situation.system.step(SystemEvent.HOST_LEAVING)
    assert not situation.system.step(SystemEvent.MASTER_OPERATES)


# -- all together
def test_with_a_timeout_those_that_are_there_begin() -> None:
    world = World('abc', boot='bc', synchro_options=frozenset((O.STRICT, O.TIMEOUT)), synchro_timeout=15.0)
    world.run(14.9)
    assert world.states() == {S.SYNCHRONIZATION}
    world.run(2.0)
    assert world.operating()
    assert world.leaders() == 'b'


def test_with_the_core_they_begin_without_the_others() -> None:
    world = World('abcd', boot='bd', synchro_options=frozenset((O.CORE,)), core_identifiers=('d',))
    world.run(2.0)
    assert world.operating()
    assert world.leaders() == 'd'


@pytest.mark.parametrize('letter', 'abc')
def test_a_late_joiner_is_in_operation_at_once_and_the_others_stay_there(letter: str) -> None:
    world = operation('abc')
    world[letter].crash()
    world.run(6.0)
    assert world.operating()
    since = len(world.sent)
    world[letter].boot()
    world.run(2.0)
    assert world.operating()
    published = {
        S(envelope.body.system_state).name
        for source, _, envelope in world.sent[since:]
        if isinstance(envelope.body, Heartbeat) and source != letter
    }
    assert published == {'OPERATION'}


def test_a_late_joiner_during_the_automatic_start_counts_at_once_and_interrupts_nothing() -> None:
    rules, programs = managed(app=application(1, x=1)), {'b': {X: Program(startsecs=20)}}
    options = {'synchro_options': frozenset((O.STRICT, O.TIMEOUT)), 'synchro_timeout': 3.0}
    world = World('abc', rules, only=programs, boot='ab', **options)
    world.run(6.0)
    assert world.states() == {S.DISTRIBUTION}
    world['c'].boot()
    world.run(2.0)
    assert world.states() == {S.DISTRIBUTION}
    assert world.sees('a') == 'abc'
    world.run(30.0)
    assert world.operating()
    assert world.states_of(X) == ['STARTING b', 'RUNNING b']


def test_an_instance_that_stops_is_final_and_refuses_requests() -> None:
    world = operation('abc', programs={X: Program(stop_time=1.0)})
    world['c'].spawn(X)
    world.run(2.0)
    world['c'].leave()
    world.run(0.1)
    assert world['c'].engine.state is S.FINAL
    with pytest.raises(Refused):
        world['c'].request('start_process', X)
    assert {world[letter].engine.state for letter in 'ab'} == {S.OPERATION}


@pytest.mark.parametrize(
    ('kind', 'state', 'effect'), [(RESTART, S.RESTARTING, RestartHost), (SHUTDOWN, S.SHUTTING_DOWN, ShutdownHost)]
)
def test_all_end_and_the_master_last(kind: str, state: S, effect: type) -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program(stop_time=2.0)})
    world['c'].spawn(X)
    world.run(2.0)
    world['b'].request(kind)
    world.run(1.0)
    assert world.states() == {state}
    world.run(6.0)
    assert world.up() == []
    assert sorted(world.ends) == ['a', 'b', 'c'] and world.ends[-1] == 'a'
    for node in world.nodes.values():
        assert [type(one) for one in node.carried_out if isinstance(one, RestartHost | ShutdownHost)] == [effect]


@pytest.mark.parametrize('letter', 'ab')
def test_a_whole_restart_comes_back_to_operation(letter: str) -> None:
    world = operation('abc', managed(app=application(1, x=1)), programs={X: Program()})
    world[letter].request(RESTART)
    world.run_until(lambda: len(world.up()) < 3)
    for _ in range(100):
        for node in world.nodes.values():
            if not node.up:
                node.boot()
        world.run(0.1)
    world.run(10.0)
    assert world.operating()
    assert [node.boots for node in world.nodes.values()] == [2, 2, 2]
    assert len(world.where(X)) == 1


@pytest.mark.parametrize('kind', [RESTART, SHUTDOWN])
def test_the_next_master_ends_what_the_lost_one_had_begun(kind: str) -> None:
    world = operation('abc', programs={X: Program(stop_time=4.0)})
    world['c'].spawn(X)
    world.run(2.0)
    world['b'].request(kind)
    world.run(1.0)
    world['a'].crash()
    world.run(10.0)
    assert world.up() == []
    for letter in 'bc':
        ends = [one for one in world[letter].carried_out if isinstance(one, RestartHost | ShutdownHost)]
        assert [type(one) for one in ends] == [RestartHost if kind == RESTART else ShutdownHost]


@pytest.mark.parametrize('state', [S.FINAL, S.SYNCHRONIZATION])
def test_a_master_that_gives_up_the_lead_is_not_followed(state: S) -> None:
    bench = Bench('abc', synchro_timeout=1e9)
    bench.join('bc')
    bench.say('b', bench.beat('b', 'abc', system_state=int(state), ending=int(S.RESTARTING)), term=20)
    assert bench.engine.master == ''
    assert [text for text in bench.logs() if 'Master is' in text] == []


def test_who_follows_goes_back_to_the_synchronization_with_its_master() -> None:
    bench = Bench('abc', synchro_options=frozenset())
    bench.join('bc')
    bench.say('b', bench.beat('b', 'abc', system_state=int(S.OPERATION)), term=20)
    bench.tick()
    assert bench.engine.state is S.OPERATION
    bench.say('b', bench.beat('b', 'abc', system_state=int(S.SYNCHRONIZATION)), term=20)
    assert bench.engine.master == ''
    bench.tick(1.0)
    assert bench.engine.state is S.SYNCHRONIZATION
