"""The state of the system as the local instance sees it: when it may start, then what the Master says."""

from __future__ import annotations

import pytest

from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.peers import Peers
from supvisors.engine.cluster.system import System
from supvisors.engine.cluster.tables import InstanceEvent, SystemEvent
from supvisors.engine.commands import RESTART, SHUTDOWN, Refused
from supvisors.engine.core import Core
from supvisors.engine.effects import RestartHost, ShutdownHost
from supvisors.engine.messages import Heartbeat, Status
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from supvisors.model.identity import Now
from tests.unit.engine.harness import Bench, Program, World, application, ident, managed, operation, settings

X = 'app:x'


class Situation:
    """The system as a sees it, among a, b and c."""

    def __init__(self, *options: O, core: str = '', timeout: float = 15.0) -> None:
        values = {'synchro_options': frozenset(options), 'synchro_timeout': timeout, 'core_identifiers': tuple(core)}
        self.core = Core(settings('a', 'abc', **values), Now(100.0, 0.0))
        self.peers = Peers(self.core)
        self.system = System(self.core, self.peers, Election(self.core, self.peers, Ledger(), lambda: None))
        self.system.ready()
        self.join('a')

    def join(self, letters: str) -> None:
        for letter in letters:
            for event in (InstanceEvent.MET, InstanceEvent.WELCOMED, InstanceEvent.ACTIVATED):
                self.peers.step(self.peers[ident(letter)], event)

    def synchronized(self, seconds: float = 0.0) -> bool:
        self.core.now = Now(100.0 + seconds, 0.0)
        return self.system.synchronized()


# -- when it may start
@pytest.mark.parametrize('option', [O.STRICT, O.LIST])
def test_all_known_instances_are_awaited(option: O) -> None:
    situation = Situation(option)
    situation.join('b')
    assert not situation.synchronized(1000.0)
    situation.join('c')
    assert situation.synchronized(1000.0)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE])
def test_one_that_leaves_is_not_there(option: O) -> None:
    situation = Situation(option, core='c')
    situation.join('bc')
    situation.peers[ident('c')].status = Status(leaving=True)
    assert not situation.synchronized()


def test_the_timeout_is_enough() -> None:
    situation = Situation(O.TIMEOUT, timeout=15.0)
    situation.core.deadline = 1e9
    assert not situation.synchronized(14.9)
    assert situation.core.deadline == 115.0  # and the engine wants to be called then
    assert situation.synchronized(15.0)


@pytest.mark.parametrize(
    ('core', 'members', 'enough'),
    [('b', '', False), ('b', 'c', False), ('b', 'b', True), ('bc', 'b', False), ('bc', 'bc', True), ('', 'bc', False)],
)
def test_the_core_instances_are_enough(core: str, members: str, enough: bool) -> None:
    situation = Situation(O.CORE, core=core)
    situation.join(members)
    assert situation.synchronized(1000.0) is enough


def test_the_first_satisfied_option_is_enough() -> None:
    situation = Situation(O.STRICT, O.CORE, O.TIMEOUT, core='b')
    assert not situation.synchronized(1.0)
    situation.join('b')
    assert situation.synchronized(1.0)
    assert Situation(O.STRICT, O.TIMEOUT).synchronized(15.0)


def test_a_user_and_no_option_at_all_wait_for_a_master() -> None:
    for situation in (Situation(O.USER), Situation()):
        situation.join('bc')
        assert not situation.synchronized(1000.0)


@pytest.mark.parametrize(
    ('options', 'members', 'degraded'),
    [
        ([O.STRICT], 'b', True),
        ([O.STRICT], 'bc', False),
        ([O.CORE], 'b', False),
        ([O.CORE], 'c', True),
        ([O.CORE, O.LIST], 'b', True),
        ([O.TIMEOUT], '', False),
    ],
)
def test_degraded_means_that_an_expected_instance_is_missing(options: list[O], members: str, degraded: bool) -> None:
    situation = Situation(*options, core='b')
    situation.join(members)
    assert situation.system.degraded is degraded


# -- what moves it on
def test_off_until_the_host_is_ready() -> None:
    core = Core(settings(), Now(0.0, 0.0))
    peers = Peers(core)
    system = System(core, peers, Election(core, peers, Ledger(), lambda: None))
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


def test_a_master_that_ends_is_not_followed() -> None:
    bench = Bench('abc', synchro_timeout=1e9)
    bench.join('bc')
    bench.say('b', bench.beat('b', 'abc', system_state=int(S.FINAL), ending=int(S.RESTARTING)), term=20)
    assert bench.engine.master == ''
