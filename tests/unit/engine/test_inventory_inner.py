"""What is known of the processes of one instance: the last event, and the crashes of this life of it."""

from __future__ import annotations

import attrs

from supvisors.engine.messages import Update
from supvisors.model.enums import ProcessState as P
from tests.unit.engine.harness import A, B, Bench, C, ident, record
from tests.unit.engine.test_inventory import Situation

X = 'app:x'


def told(situation: Situation, letter: str = 'a') -> tuple[float, bool]:
    [entry] = situation.inventory.entries_of(ident(letter))
    return entry.told, entry.has_crashed


def test_a_process_without_event_was_never_told_of() -> None:
    situation = Situation()
    situation.inventory.replace(A, [record(X)], 5.0)
    assert told(situation) == (0.0, False)
    situation.inventory.apply(A, [record(X, P.RUNNING, event_mono=1.0)], (), 7.0)
    assert told(situation) == (7.0, False)


def test_what_changes_without_an_event_does_not_count_as_one() -> None:
    situation = Situation()
    started = record(X, P.STARTING, event_mono=1.0)
    situation.inventory.apply(A, [started], (), 7.0)
    situation.inventory.apply(A, [attrs.evolve(started, pid=42)], (), 8.0)
    assert told(situation) == (7.0, False)
    situation.inventory.apply(A, [record(X, P.RUNNING, event_mono=2.0)], (), 9.0)
    assert told(situation) == (9.0, False)


def test_a_crash_is_remembered() -> None:
    for crash in (record(X, P.FATAL), record(X, P.EXITED, expected=False)):
        situation = Situation()
        situation.inventory.apply(A, [crash], (), 1.0)
        situation.inventory.apply(A, [record(X, P.RUNNING)], (), 2.0)
        assert told(situation)[1]
        # a gap is filled by a snapshot too: this is no new life
        situation.inventory.replace(A, [record(X, P.RUNNING)], 3.0)
        assert told(situation)[1]
        situation.inventory.apply(B, [record(X, P.RUNNING)], (), 4.0)
        assert not told(situation, 'b')[1]


def test_an_expected_end_is_no_crash() -> None:
    situation = Situation()
    for state in (P.EXITED, P.BACKOFF, P.STOPPED, P.STOPPING):
        situation.inventory.apply(A, [record(X, state)], (), 1.0)
        assert not told(situation)[1]


def test_a_process_that_comes_back_after_its_removal_has_not_crashed() -> None:
    situation = Situation()
    situation.put('a', X, P.FATAL)
    situation.inventory.apply(A, (), [X], 2.0)
    situation.put('a', X, P.STOPPED)
    assert not told(situation)[1]


def test_a_loss_is_no_crash_of_what_ran_and_a_new_life_forgets() -> None:
    situation = Situation()
    situation.put('a', X, P.RUNNING)
    situation.put('a', 'app:y', P.FATAL)
    situation.lose('a')
    shown = [(entry.record.state, entry.told, entry.has_crashed) for entry in situation.inventory.entries_of(A)]
    assert shown == [(P.FATAL, 1.0, False), (P.FATAL, 2.0, True)]
    situation.inventory.replace(A, [record(X), record('app:y')], 9.0)
    assert [entry.has_crashed for entry in situation.inventory.entries_of(A)] == [False, False]
    # and one that has crashed before it was met is seen as it is
    situation.lose('a')
    situation.inventory.replace(A, [record(X), record('app:y', P.FATAL)], 9.0)
    assert [entry.has_crashed for entry in situation.inventory.entries_of(A)] == [False, True]


def test_the_same_record_after_a_loss() -> None:
    """Nothing else has changed: the crash counts all the same."""
    situation = Situation()
    crash = record(X, P.FATAL)
    situation.inventory.apply(A, [crash], (), 1.0)
    situation.lose('a')
    situation.inventory.replace(A, [crash], 9.0)
    assert told(situation)[1]


def test_shown_by_instance() -> None:
    bench = Bench('abc', [record('app:x'), record('lone')])
    bench.join('b', record(X, P.RUNNING, event_mono=3.0))
    engine = bench.engine
    assert [view.record.namespec for view in engine.inner_processes(A)] == [X, 'lone']
    [view] = engine.inner_processes(B)
    assert (view.identity, view.record.event_mono, view.local_mono) == (engine.identity(B), 3.0, bench.now.mono)
    assert engine.inner_processes(C) == []
    bench.say('b', Update((record(X, P.FATAL, event_mono=4.0),)), seq=1)
    assert [view.has_crashed for view in engine.inner_processes(B)] == [True]
    engine.membership.count_out(bench.peer('b'), 'for the test')
    assert [view.record.state for view in engine.inner_processes(B)] == [P.FATAL]
