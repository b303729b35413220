"""The answers to the reading methods."""

from __future__ import annotations

from supvisors.engine import events
from supvisors.engine.messages import Heartbeat, Info, Status, Times, Update
from supvisors.model.enums import ApplicationState, InstanceState, SupvisorsState
from supvisors.model.enums import ProcessState as P
from supvisors.model.orphan import Orphan
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import A, B, Bench, C, application, managed, record

X, Y = 'app:x', 'app:y'


def bench_of(**values: object) -> Bench:
    rules = managed(app=application(x=ProgramRules(expected_loading=30), y=0))
    bench = Bench('abc', [record(X), record(Y), record('lone')], rules=rules, **values)
    bench.join('b', record(X, P.RUNNING), state=4, master=B, starting=True)
    return bench


def test_modes_are_what_the_instance_says_and_nothing_once_it_is_lost() -> None:
    bench = bench_of()
    bench.say('b', Update(status=Status(4, True, False, B, True, False, False, {A: 3, B: 3, C: 0})), seq=1)
    modes = bench.engine.modes(B)
    assert (modes.state, modes.degraded, modes.master, modes.starting, modes.stopping) == (
        SupvisorsState.OPERATION,
        True,
        B,
        True,
        False,
    )
    assert modes.instance_states == {
        A: InstanceState.RUNNING,
        B: InstanceState.RUNNING,
        C: InstanceState.STOPPED,
    }
    assert list(bench.engine.starting_instances) == [B]
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    modes = bench.engine.modes(B)
    assert (modes.state, modes.master, modes.starting) == (SupvisorsState.OFF, '', False)
    assert list(bench.engine.starting_instances) == []


def test_an_instance_is_shown_with_its_load_and_its_clocks() -> None:
    bench = bench_of()
    bench.say('b', Update((record(Y, P.FATAL),)), seq=1)
    bench.say('b', Heartbeat(bench.engine.election.claim(), Times(9, 1.5, 2.5), loop_age=0.7), seq=1)
    view = bench.engine.instance(B)
    assert (view.state, view.loading, view.process_failure) == (InstanceState.RUNNING, 30, True)
    assert (view.remote_counter, view.remote_mono, view.remote_wall) == (9, 1.5, 2.5)
    assert (view.local_counter, view.local_mono, view.local_wall) == (0, *bench.now)
    assert (view.stalled, view.reason) == (0.7, '')
    assert view.info == Info('1.0', '')


def test_a_reason_is_given_for_an_instance_that_cannot_be_used() -> None:
    bench = bench_of()
    assert bench.engine.instance(C).reason == 'no answer yet'
    bench.observe(events.LinkProblem(C, 'open port 7777'))
    assert bench.engine.instance(C).reason == 'open port 7777'
    bench.observe(events.LinkUp(C))
    assert bench.engine.instance(C).reason == 'no answer yet'
    bench.peer('b').suspect = True
    assert 'nothing new starts there' in bench.engine.instance(B).reason
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    view = bench.engine.instance(B)
    assert (view.reason, view.loading, view.process_failure) == ('lost, or stopped', 0, False)
    assert view.info is not None


def test_orphans_are_told_to_all_and_shown_as_long_as_their_instance_counts() -> None:
    bench, orphan = bench_of(), Orphan(X, 42, 1_700_000_000)
    bench.observe(events.OrphansChanged((orphan,)))
    bench.tick()
    assert bench.engine.instance(A).orphans == (orphan,)
    told = [one.envelope.body.status for one in bench.asked if isinstance(one.envelope.body, Update)][-1]
    assert told is not None and told.orphans == (orphan,)
    bench.observe(events.OrphansChanged(()))
    bench.tick()
    assert bench.engine.instance(A).orphans == ()
    bench.say('b', Update(status=Status(4, master=B, orphans=(orphan,))), seq=1)
    assert bench.engine.instance(B).orphans == (orphan,)
    bench.engine.membership.count_out(bench.peer('b'), 'for the test')
    assert bench.engine.instance(B).orphans == ()


def test_names_are_resolved_and_all_is_not_a_name() -> None:
    engine = bench_of().engine
    assert engine.resolve('b') == engine.resolve(B) == [B]
    assert engine.resolve('*') == engine.resolve('none') == []
    assert engine.identifiers() == [A, B, C]
    assert engine.local.identifier == A
    assert engine.identity(B).nick_identifier == 'b'


def test_applications_and_processes_are_sorted_and_absent_ones_are_none() -> None:
    engine = bench_of().engine
    assert [view.name for view in engine.applications()] == ['app', 'lone']
    assert [(view.group, view.name) for view in engine.processes()] == [('app', 'x'), ('app', 'y'), ('lone', 'lone')]
    assert [view.name for view in engine.processes('app')] == ['x', 'y']
    assert engine.processes('none') == []
    application_view = engine.application('app')
    assert application_view is not None
    assert (application_view.state, application_view.managed) == (ApplicationState.RUNNING, True)
    process = engine.process('app', 'x')
    assert process is not None
    assert (process.state, process.identifiers) == (P.RUNNING, (B,))
    assert engine.process('lone', 'lone') is not None
    assert engine.application('none') is engine.process('app', 'none') is None


def test_local_records_are_those_of_the_local_supervisord() -> None:
    engine = bench_of().engine
    assert engine.local_records() == [record(X), record(Y), record('lone')]


def test_the_master_and_the_state() -> None:
    bench = bench_of(synchro_timeout=1e9)
    assert (bench.engine.master, bench.engine.state) == ('', SupvisorsState.SYNCHRONIZATION)
    bench.say('b', bench.beat('b', 'ab', system_state=int(SupvisorsState.OPERATION)), term=20)
    bench.tick()
    assert (bench.engine.master, bench.engine.state) == (B, SupvisorsState.OPERATION)
