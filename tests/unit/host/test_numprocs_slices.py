"""Large changes of a number of processes leave supervisord's loop free: they are made in slices."""
from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from supvisors.engine.commands import Refused
from supvisors.model.enums import FaultCode
from tests.unit.host.situation import Situation, situations

Make = Callable[[str], Situation]

POOL = """
[program:pool]
command=/nowhere/pool %(process_num)d of %(numprocs)d
process_name=p_%(process_num)d
numprocs=2
numprocs_start=5
autostart=false
[program:other]
command=/nowhere/other
process_name=o_%(process_num)d
numprocs=1
autostart=false
[group:tools]
programs=pool,other
"""


@pytest.fixture
def make(make_supervisord: Callable[[str], Any]) -> Iterator[Make]:
    yield from situations(make_supervisord)


@pytest.fixture
def stepwise(make: Make, monkeypatch: pytest.MonkeyPatch) -> Situation:
    """Each turn of the loop makes one step only."""
    monkeypatch.setattr('supvisors.host.numprocs.SLICE', 0.0)
    return make(POOL)


def turns(situation: Situation, work: Callable[[], Any], most: int = 100_000) -> list[float]:
    """The CPU time that each turn took until the work has ended."""
    times: list[float] = []
    while work() is None:
        assert len(times) < most
        begin = time.process_time()
        situation.host._numprocs.settle()
        times.append(time.process_time() - begin)
    return times


def test_a_large_number_never_holds_the_loop_for_long(make: Make, tmp_path: Path) -> None:
    situation = make(POOL)
    for wanted in (1000, 2):
        begin = time.process_time()
        work = situation.host.update_numprocs('pool', wanted, False)
        times = [time.process_time() - begin, *turns(situation, work)]
        assert work() == (0, '')
        assert len(situation.names('tools')) == wanted + 1
        # SLICE is 10 ms; it took 700 ms at one go
        assert sorted(times)[len(times) * 9 // 10] < 0.02 and max(times) < 0.1
    assert not list(tmp_path.glob('p_1*')), 'log files of the removed ones'


def test_what_was_there_is_not_expanded_again(make: Make) -> None:
    situation = make(POOL)
    turns(situation, situation.host.update_numprocs('pool', 300, False))
    expanded: list[tuple[int, int]] = []
    programs = situation.host._programs
    original = programs.expand

    def expand(section: Any, numprocs: int, first: int, count: int) -> Any:
        expanded.append((first, count))
        return original(section, numprocs, first, count)

    programs.expand = expand  # type: ignore[method-assign]
    assert turns(situation, situation.host.update_numprocs('pool', 301, False)) == []
    assert expanded == [(300, 1)]


def test_all_have_the_numbers_of_one_expansion(stepwise: Situation) -> None:
    work = stepwise.host.update_numprocs('pool', 20, False)
    assert work() is None and stepwise.names('tools') == ['p_5', 'p_6', 'o_0']
    assert turns(stepwise, work) and work() == (0, '')
    assert stepwise.names('tools') == ['p_5', 'p_6', 'o_0', *(f'p_{number}' for number in range(7, 25))]
    for index in range(2, 20):
        record = stepwise.host.record(f'tools:p_{index + 5}')
        assert record is not None and (record.program_name, record.process_index) == ('pool', index)
        assert stepwise.process(f'tools:p_{index + 5}').config.command == f'/nowhere/pool {index + 5} of 20'


def test_the_loop_is_woken_as_long_as_there_is_more_to_do(stepwise: Situation) -> None:
    asked: list[bool] = []
    stepwise.host._numprocs._wake = lambda: asked.append(True)
    work = stepwise.host.update_numprocs('pool', 9, False)
    while work() is None:
        assert asked, 'nobody would go on'
        asked.clear()
        stepwise.host._numprocs.settle()


def test_a_second_call_for_the_program_is_refused_meanwhile(stepwise: Situation) -> None:
    work = stepwise.host.update_numprocs('pool', 9, False)
    for wanted in (9, 1, 50):
        with pytest.raises(Refused, match='another update_numprocs of pool goes on') as caught:
            stepwise.host.update_numprocs('pool', wanted, False)
        assert caught.value.code == FaultCode.FAILED
    # that of another program waits for its turn
    other = stepwise.host.update_numprocs('other', 3, False)
    assert other() is None
    turns(stepwise, other)
    assert (work(), other()) == ((0, ''), (0, ''))
    assert len(stepwise.names('tools')) == 12
    assert turns(stepwise, stepwise.host.update_numprocs('pool', 2, False)) and len(stepwise.names('tools')) == 5


def test_a_refusal_late_leaves_no_trace(stepwise: Situation, tmp_path: Path) -> None:
    situation = stepwise
    options = situation.supervisord.options
    before = (situation.names('tools'), situation.host.records(), sorted(os.listdir(tmp_path)))

    def name_of_log(name: str, identifier: str, channel: str) -> str:
        if name == 'p_20':
            raise OSError(28, 'No space left on device')
        return str(type(options).get_autochildlog_name(options, name, identifier, channel))

    options.get_autochildlog_name = name_of_log
    work = situation.host.update_numprocs('pool', 30, False)
    most = 0
    while work() is None:
        situation.host._numprocs.settle()
        most = max(most, len(os.listdir(tmp_path)))
    assert most > len(before[2])
    code, text = work() or (0, '')
    assert code == FaultCode.FAILED and text.startswith('the log files of p_20 cannot be made')
    assert (situation.names('tools'), situation.host.records(), sorted(os.listdir(tmp_path))) == before
    assert situation.calls == []
    # nothing is in the way of the next one
    del options.get_autochildlog_name
    work = situation.host.update_numprocs('pool', 30, False)
    turns(situation, work)
    assert work() == (0, '') and len(situation.names('tools')) == 31


def test_the_group_is_removed_meanwhile(stepwise: Situation, tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))
    work = stepwise.host.update_numprocs('pool', 30, False)
    stepwise.supervisord.remove_process_group('tools')
    turns(stepwise, work)
    assert work() == (30, 'the group tools has been removed meanwhile; nothing has changed')
    assert sorted(os.listdir(tmp_path)) == before


def test_the_group_is_removed_while_it_gets_its_processes(stepwise: Situation, tmp_path: Path) -> None:
    work = stepwise.host.update_numprocs('pool', 30, False)
    while len(stepwise.names('tools')) < 10:
        stepwise.host._numprocs.settle()
    stepwise.supervisord.remove_process_group('tools')
    turns(stepwise, work)
    code, text = work() or (0, '')
    assert code == 30 and text.startswith('removed meanwhile: tools:p_5') and not stepwise.host.records()
