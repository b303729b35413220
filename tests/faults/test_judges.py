"""Each judge sees what it is there for, and nothing where there is nothing to see."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import pytest

from tests.faults import court
from tests.faults.court import Court
from tests.faults.history import Answered, Asked, Entry, Fault, History, Life, Silence, View
from tests.faults.judges import Answers, Copies, Masters
from tests.faults.liveness import Liveness, unsettled
from tests.faults.request_judge import Requests

NICKS = ('a', 'b', 'c')
SEEN = dict.fromkeys(NICKS, 'RUNNING')
X = 'work:x'
CUT = (('a', 'b'), ('a', 'c'))


def view(at: float, nick: str, master: str = 'a', took: float = 0.01, **changes: Any) -> View:
    values: dict[str, Any] = {'state': 'OPERATION', 'instances': SEEN, 'processes': {X: ('a',)},
                                 'own': (X,) if nick == 'a' else (), **changes}
    return View(at=at, nick=nick, master=master, took=took, **values)


def life(at: float, *nicks: str, orphans: tuple[str, ...] = ()) -> Life:
    copies = tuple((nick, 100 + number, nick in orphans) for number, nick in enumerate(nicks))
    return Life(at=at, since=at - 0.01, copies={X: copies} if copies else {})


def lives(begin: float, end: float, *nicks: str) -> list[Entry]:
    return [life(begin + step, *nicks) for step in range(int(end - begin))]


def request(at: float, ended: float, method: str, outcome: str = 'done', number: int = 1,
            nick: str = 'a') -> list[Entry]:
    return [Asked(at=at, number=number, nick=nick, method=method, namespecs=(X,)),
            Answered(at=ended, number=number, outcome=outcome)]


def judged(entries: Sequence[Entry]) -> list[str]:
    """The properties that are broken, in order."""
    history = History(NICKS, sorted(entries, key=lambda entry: entry.at))
    one = Court(history)
    one.wanted = (X,)
    return [text.partition(' ')[0] for text in one.judge((Masters, Copies, Answers, Requests, Liveness))]


def two_masters(begin: float, end: float) -> list[Entry]:
    return [view(begin + step / 2, nick, nick) for step in range(int(2 * (end - begin))) for nick in 'ab']


def test_nothing_to_see() -> None:
    assert judged([*(view(step / 2, nick) for step in range(100) for nick in NICKS), *lives(0, 50, 'a')]) == []


def test_two_masters_that_reach_each_other() -> None:
    assert judged([*two_masters(20, 40), life(41, 'a')]) == ['masters']


def test_two_masters_for_a_moment() -> None:
    assert judged([*two_masters(20, 27), life(41, 'a')]) == []


def test_two_masters_on_two_sides() -> None:
    cut = [Fault(at=19, kind='cut', pairs=CUT), Fault(at=38, kind='cut', pairs=CUT, begins=False)]
    assert judged([*cut, *two_masters(20, 44), life(45, 'a')]) == []
    assert judged([*cut, *two_masters(20, 60), life(61, 'a')]) == ['masters']


def test_two_copies_that_no_fault_explains() -> None:
    assert judged(lives(20, 40, 'a', 'b')) == ['copies']
    assert judged([*lives(20, 23, 'a', 'b'), *lives(23, 40, 'a')]) == []


def test_two_copies_again_and_again_for_a_moment() -> None:
    none = Life(at=24, since=24, copies={})
    assert judged([*lives(20, 24, 'a', 'b'), none, *lives(30, 33, 'a', 'b'), *lives(33, 40, 'a')]) == []


def test_a_program_whose_daemon_was_killed_is_no_copy() -> None:
    assert judged([life(20 + step, 'a', 'b', orphans=('b',)) for step in range(20)]) == []


@pytest.mark.parametrize(('settled', 'found'), [(False, []), (True, ['copies'])])
def test_two_copies_after_a_cut(monkeypatch: pytest.MonkeyPatch, settled: bool, found: list[str]) -> None:
    monkeypatch.setitem(court.EXPECTED, 'conflicts are settled', settled)
    cut = [Fault(at=19, kind='cut', pairs=CUT), Fault(at=30, kind='cut', pairs=CUT, begins=False)]
    assert judged([*cut, *lives(25, 40, 'a', 'b'), *lives(40, 80, 'a')]) == []
    assert judged([*cut, *lives(25, 80, 'a', 'b')]) == found


def test_a_cut_that_others_reach_around_explains_no_copies() -> None:
    pairs = (('a', 'b'),)
    assert judged([Fault(at=19, kind='cut', pairs=pairs), *lives(25, 40, 'a', 'b'),
                   Fault(at=41, kind='cut', pairs=pairs, begins=False), *lives(41, 60, 'a', 'b')]) == ['copies']


def test_a_daemon_that_is_up_answers() -> None:
    silence = Silence(at=40, nick='b', took=4, error='TimeoutError')
    assert judged([life(1, 'a'), silence]) == ['answers']
    assert judged([life(1, 'a'), Fault(at=35, kind='freeze', nick='b', pairs=()), silence]) == []


def test_answers_that_take_long() -> None:
    slow = [view(20 + step / 10, 'b', took=2.0) for step in range(10)]
    quick = [view(20 + step / 10, 'c') for step in range(100)]
    assert judged([*slow, *quick, life(60, 'a')]) == ['answers']
    assert judged([*slow, *quick, attrs.evolve(life(60, 'a'), late=1.0)]) == []


@pytest.mark.parametrize(('entries', 'found'), [
    (request(40, 41, 'start_process'), []),
    (request(40, 41, 'start_process', 'fault 60: ALREADY_STARTED: x'), []),
    (request(40, 41, 'start_process', 'fault 30: FAILED: x'), ['requests']),
    (request(40, 41, 'start_process', "strange: 'yes'"), ['requests']),
    (request(40, 41, 'start_process', 'lost: TimeoutError'), ['requests']),
    (request(40, 41, 'start_process')[:1], ['requests']),
    ([*request(40, 41, 'start_process'), Answered(at=42, number=1, outcome='done')], ['requests']),
], ids=['done', 'refused', 'failed', 'strange', 'lost', 'open', 'twice'])
def test_outcomes(entries: list[Entry], found: list[str]) -> None:
    assert judged([*entries, *lives(10, 60, 'a')]) == found


def test_a_request_is_lost_with_its_daemon() -> None:
    killed = Fault(at=40.5, kind='kill', nick='a', pairs=CUT)
    assert judged([*request(40, 41, 'start_process', 'lost: reset'), killed, *lives(10, 60, 'b')]) == []


def test_a_start_is_true() -> None:
    assert judged([*request(40, 41, 'start_process'), Life(at=42, since=41.5, copies={})]) == ['requests']


def test_a_stop_is_true_and_holds() -> None:
    stop = request(20, 21, 'stop_process')
    assert judged([*lives(10, 20, 'a'), *stop, Life(at=22, since=21.9, copies={})]) == []
    assert judged([*lives(10, 20, 'a'), *stop, life(22, 'a'), Life(at=30, since=30, copies={})]) == ['requests']
    assert judged([*lives(10, 20, 'a'), *stop, Life(at=22, since=21.9, copies={}), life(30, 'b')]) == ['requests']
    again = request(24, 25, 'start_process', number=2)
    assert judged([*lives(10, 20, 'a'), *stop, Life(at=22, since=21.9, copies={}), *again, life(30, 'b')]) == []


def test_what_is_wanted_runs() -> None:
    nothing = Life(at=60, since=59, copies={})
    assert judged([*lives(10, 20, 'a'), nothing]) == ['liveness']
    assert judged([*lives(10, 20, 'a'), *request(40, 41, 'start_process'), life(42, 'a'), nothing]) == ['liveness']
    assert judged([*lives(10, 20, 'a'), *request(20, 21, 'stop_process'), nothing]) == []


CALM = {nick: view(1, nick) for nick in NICKS}


@pytest.mark.parametrize(('changes', 'text'), [
    ({}, ''),
    ({'master': 'b'}, 'the Masters are'),
    ({'state': 'ELECTION'}, 'not in OPERATION'),
    ({'instances': {**SEEN, 'a': 'CHECKED'}}, 'b sees'),
    ({'jobs': ('a',)}, 'jobs are pending'),
    ({'processes': None}, 'b cannot tell'),
    ({'processes': {X: ('b',)}}, 'b sees work:x'),
    ({'own': (X,)}, 'b says that it runs'),
], ids=lambda value: value if isinstance(value, str) else '')
def test_calm(changes: dict[str, Any], text: str) -> None:
    views = {**CALM, 'b': view(1, 'b', **changes)}
    problem = unsettled(views, life(1, 'a'), NICKS)
    assert problem.startswith(text) and bool(problem) == bool(text)


def test_an_orphan_does_not_outlive_the_return_of_its_daemon() -> None:
    orphaned = life(1, 'a', 'b', orphans=('b',))
    assert 'orphans' in unsettled(CALM, orphaned, NICKS)
    gone = {**SEEN, 'b': 'FAILED'}
    without = {nick: attrs.evolve(one, instances=gone) for nick, one in CALM.items() if nick != 'b'}
    assert unsettled(without, orphaned, NICKS) == ''
