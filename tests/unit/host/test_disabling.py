"""Programs disabled and enabled, on a supervisord whose programs end when the test says so."""
from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from supervisor.states import SupervisorStates
from supervisor.xmlrpc import RPCError

from supvisors.engine.commands import Refused
from supvisors.host import Disabilities, register_faults
from supvisors.host.overrides import DISABLED, OBSOLETE, Overrides
from supvisors.host.stopping import MARGIN
from supvisors.model.enums import FaultCode, ProcessState
from tests.unit.host.bench import Bench

Make = Callable[[str], Any]
QUIET = 'stdout_logfile=NONE\nstderr_logfile=NONE\n'

PROGRAMS = f"""
[program:auto]
command=/bin/true auto
autorestart=true
{QUIET}
[program:hand]
command=/bin/true hand
autostart=false
startsecs=0
stopwaitsecs=3
{QUIET}
[program:many]
command=/bin/true %(group_name)s
process_name=many_%(process_num)d
numprocs=2
{QUIET}
[program:lone]
command=/bin/true lone
{QUIET}
[group:left]
programs=auto,many
[group:right]
programs=many,hand
"""
MANY = ['left:many_0', 'left:many_1', 'right:many_0', 'right:many_1']


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'disabled.json'


@pytest.fixture
def make(make_supervisord: Make, path: Path) -> Iterator[Callable[..., Bench]]:
    """Builds a bench; a file there is read."""
    register_faults()
    made: list[Bench] = []

    def make(programs: str = PROGRAMS) -> Bench:
        made.append(Bench(make_supervisord(programs), Disabilities(str(path), lambda level, text: None)))
        return made[-1]

    yield make
    for bench in made:
        bench.supervisord.options.cleanup()


@pytest.fixture
def bench(make: Callable[..., Bench]) -> Bench:
    return make()


def refused(call: Callable[..., Any], *arguments: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code, caught.value.text


def started(bench: Bench) -> list[str]:
    return sorted(record.namespec for record in bench.host.records() if record.running)


# ---- disable

def test_disabled_programs_are_never_started_by_supervisord(make: Callable[..., Bench], path: Path) -> None:
    path.write_text('{"auto": true, "many": true, "gone": true}')
    bench = make()
    (_, records), *_ = bench.told
    assert [record.namespec for record in records if record.disabled] == ['left:auto', *MANY]
    bench.transition()
    bench.transition()
    assert started(bench) == ['lone']


def test_all_processes_of_all_groups_are_marked_told_and_stopped(bench: Bench, path: Path) -> None:
    bench.transition()
    bench.told.clear()
    work = bench.host.disable('many')
    assert json.loads(path.read_text()) == {'auto': False, 'hand': False, 'lone': False, 'many': True}
    assert started(bench) == ['left:auto', 'lone']
    # first that no more is started there, then that a user stops it, then the stop
    first = bench.told[:4]
    assert [(event.record.namespec, event.record.disabled, event.record.state) for event in first] \
        == [(namespec, True, ProcessState.STARTING) for namespec in MANY]
    assert bench.adopted == [(False, namespec, '') for namespec in MANY]
    assert bench.told.index((False, MANY[0], '')) == 4
    assert [bench.last(namespec).state for namespec in MANY] == [ProcessState.STOPPING] * 4
    assert [number for _, number in bench.signals] == [signal.SIGTERM] * 4
    for namespec in MANY:
        assert work() is None
        bench.end(namespec)
    assert work() == (0, '')
    bench.transition()
    assert started(bench) == ['left:auto', 'lone']


def test_a_program_that_does_not_run_is_disabled_at_once(bench: Bench) -> None:
    assert bench.host.disable('hand')() == (0, '')
    assert bench.adopted == [] and bench.record('right:hand').disabled


def test_the_end_of_a_disabled_program_is_no_reason_to_restart_it(bench: Bench) -> None:
    bench.transition()
    # its end comes before the signal
    bench.supervisord.options.mood = SupervisorStates.RESTARTING
    process = bench.process('left:auto')
    process.laststart -= 2
    bench.transition()
    bench.supervisord.options.mood = SupervisorStates.RUNNING
    bench.end('left:auto', 1)
    assert process.state == ProcessState.EXITED
    assert bench.host.disable('auto')() == (0, '')
    bench.transition()
    assert process.state == ProcessState.EXITED


def test_retries_end(bench: Bench) -> None:
    bench.transition()
    bench.end('lone', 1)
    assert bench.record('lone').state == ProcessState.BACKOFF
    assert bench.host.disable('lone')() == (0, '')
    assert bench.adopted == [(False, 'lone', '')]
    process = bench.process('lone')
    assert process.state == ProcessState.STOPPED
    process.delay = 0
    bench.transition()
    assert process.state == ProcessState.STOPPED


def test_what_is_stopping_already_is_waited_for(bench: Bench) -> None:
    bench.transition()
    bench.host.stop('lone')
    work = bench.host.disable('lone')
    assert work() is None and bench.adopted == [] and len(bench.signals) == 1
    bench.end('lone')
    assert work() == (0, '')


def test_repeating_is_no_error_and_stops_what_runs(bench: Bench, path: Path) -> None:
    bench.host.disable('lone')
    path.unlink()
    # against all odds
    bench.process('lone').spawn()
    work = bench.host.disable('lone')
    assert work() is None and not path.exists()
    bench.end('lone')
    assert work() == (0, '')


def test_a_process_that_does_not_stop(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.transition()
    bench.process('right:hand').spawn()
    begin = time.monotonic()
    work = bench.host.disable('hand')
    monkeypatch.setattr(time, 'monotonic', lambda: begin + 3 + MARGIN - 0.1)
    assert work() is None
    monkeypatch.setattr(time, 'monotonic', lambda: begin + 3 + MARGIN + 0.1)
    assert work() == (FaultCode.STILL_RUNNING, 'right:hand is still running')
    bench.end('right:hand')
    assert work() == (0, '')


def test_a_process_that_cannot_be_signalled(bench: Bench) -> None:
    bench.transition()

    def forbidden(pid: int, number: int) -> None:
        raise PermissionError(1, 'Operation not permitted')

    bench.supervisord.options.kill = forbidden
    outcome = bench.host.disable('lone')()
    assert outcome is not None
    assert outcome[0] == FaultCode.STILL_RUNNING and 'unknown problem killing lone' in outcome[1]


def test_a_group_that_is_removed_meanwhile(bench: Bench) -> None:
    bench.transition()
    work = bench.host.disable('lone')
    bench.end('lone')
    assert bench.supervisord.remove_process_group('lone')
    assert work() == (0, '')
    assert refused(bench.host.enable, 'lone') == (FaultCode.BAD_NAME, "the local supervisord has no program 'lone'")


@pytest.mark.parametrize('name', ['nope', '', 'left', 'left:auto', 'many_0', 'left:*', 'x' * 1000])
def test_unknown_programs(bench: Bench, path: Path, name: str) -> None:
    for call in (bench.host.enable, bench.host.disable):
        code, text = refused(call, name)
        assert code == FaultCode.BAD_NAME and len(text) < 120
    assert not path.exists()


def test_nothing_changes_when_the_file_cannot_be_written(bench: Bench, path: Path) -> None:
    bench.transition()
    bench.host.disable('hand')
    path.unlink()
    path.mkdir()
    before, told = bench.host.records(), len(bench.told)
    for call, program in ((bench.host.disable, 'lone'), (bench.host.enable, 'hand')):
        code, text = refused(call, program)
        assert code == FaultCode.FAILED
        assert str(path) in text and 'Is a directory' in text and 'nothing has changed' in text
    assert (bench.host.records(), len(bench.told)) == (before, told)
    # the groups compare their configurations with the file
    assert bench.process('lone').config is bench.supervisord.process_groups['lone'].config.process_configs[0]


@pytest.mark.parametrize('section', ['fcgi-program', 'eventlistener'])
def test_other_kinds_of_programs(make: Callable[..., Bench], tmp_path: Path, section: str) -> None:
    bench = make(f'[{section}:special]\ncommand=/bin/true\nevents=TICK_60\nsocket=unix://{tmp_path}/socket\n'
                 f'process_name=p%(process_num)d\nnumprocs=2\n{QUIET}')
    bench.transition()
    work = bench.host.disable('special')
    assert len(bench.signals) == 2 and work() is None
    for name in ('special:p0', 'special:p1'):
        bench.end(name)
    bench.transition()
    assert work() == (0, '') and started(bench) == []
    assert bench.host.enable('special')() == (0, '')
    bench.transition()
    assert started(bench) == ['special:p0', 'special:p1']
    for name in ('special:p0', 'special:p1'):
        bench.end(name)


def test_groups_that_come_later_are_held_back(bench: Bench) -> None:
    group = bench.supervisord.process_groups['left'].config
    bench.host.disable('many')
    assert bench.supervisord.remove_process_group('left')
    bench.told.clear()
    assert bench.supervisord.add_process_group(group)
    assert {event.record.namespec: event.record.disabled for event in bench.told} \
        == {'left:auto': False, 'left:many_0': True, 'left:many_1': True}
    bench.transition()
    assert started(bench) == ['left:auto', 'lone']


def test_supervisord_sees_no_change(bench: Bench) -> None:
    bench.host.disable('many')
    bench.supervisord.options.process_config(do_usage=False)
    assert bench.supervisord.diff_to_active() == ([], [], [])


# ---- enable

def test_enabling_starts_what_has_autostart(bench: Bench, path: Path) -> None:
    bench.transition()
    for program in ('many', 'hand'):
        bench.host.disable(program)
    for namespec in MANY:
        bench.end(namespec)
    bench.told.clear()
    assert bench.host.enable('many')() == bench.host.enable('hand')() == (0, '')
    assert json.loads(path.read_text()) == {'auto': False, 'hand': False, 'lone': False, 'many': False}
    # as a user who wants it: the former stop does not hold any more
    assert bench.adopted == [(True, namespec, '') for namespec in MANY]
    assert not any(record.disabled for record in bench.host.records())
    assert not bench.last('right:hand').disabled and not bench.last(MANY[0]).disabled
    bench.transition()
    assert started(bench) == ['left:auto', *MANY[:2], 'lone', *MANY[2:]]
    for namespec in MANY:
        process = bench.process(namespec)
        assert process.config in process.group.config.process_configs


def test_enabling_while_it_stops(bench: Bench) -> None:
    bench.transition()
    work = bench.host.disable('lone')
    assert bench.host.enable('lone')() == (0, '')
    assert bench.adopted == [(False, 'lone', ''), (True, 'lone', '')]
    bench.end('lone')
    bench.transition()
    assert started(bench) == ['left:auto', *MANY[:2], 'lone', *MANY[2:]]
    # it has stopped, whoever has started it again since
    assert work() == (0, '')


def test_enabling_what_is_enabled_starts_nothing(bench: Bench, path: Path) -> None:
    bench.transition()
    bench.host.stop('lone')
    bench.end('lone')
    bench.told.clear()
    assert bench.host.enable('lone')() == (0, '')
    bench.transition()
    assert bench.told == [] and bench.record('lone').state == ProcessState.STOPPED and not path.exists()


# ---- who wants to start it

def test_orders_are_refused(bench: Bench) -> None:
    bench.host.disable('hand')
    assert bench.host.start('right:hand', '') == (FaultCode.DISABLED, 'right:hand')
    bench.host.enable('hand')
    assert bench.host.start('right:hand', '') == (0, '')


def test_plain_starts_are_refused(bench: Bench) -> None:
    bench.host.disable('hand')
    plain = bench.plain()
    for arguments in (('right:hand',), ('right:hand', False)):
        with pytest.raises(RPCError) as caught:
            plain.startProcess(*arguments)
        assert (caught.value.code, caught.value.text) == (103, 'DISABLED: right:hand')
    results = plain.startProcessGroup('right', False)()
    assert [(result['name'], result['status'], result['description']) for result in results] == [
        ('many_0', 80, 'OK'), ('many_1', 80, 'OK'), ('hand', 103, 'DISABLED: right:hand')]
    assert (True, 'right:hand', '') not in bench.adopted
    bench.host.enable('hand')
    assert plain.startProcess('right:hand', False) is True


def test_supervisord_itself_refuses_everything_once_it_stops(bench: Bench) -> None:
    bench.host.disable('hand')
    bench.supervisord.options.mood = SupervisorStates.SHUTDOWN
    with pytest.raises(RPCError) as caught:
        bench.plain().startProcess('right:hand')
    assert caught.value.code == FaultCode.SHUTDOWN_STATE
    assert bench.host.start('right:hand', '')[0] == FaultCode.SHUTDOWN_STATE


def test_a_corrupt_file_does_not_stop_the_start(make: Callable[..., Bench], path: Path) -> None:
    path.write_text('{')
    bench = make()
    bench.transition()
    assert started(bench) == ['left:auto', *MANY[:2], 'lone', *MANY[2:]]


def test_without_file(make_supervisord: Make) -> None:
    bench = Bench(make_supervisord(PROGRAMS))
    assert bench.host.disable('auto')() == (0, '')
    bench.transition()
    assert 'left:auto' not in started(bench)
    bench.supervisord.options.cleanup()


def test_what_is_held_back_is_not_tried_again(bench: Bench) -> None:
    bench.transition()
    bench.end('lone', 1)
    process = bench.process('lone')
    overrides = Overrides(bench.host._processes)
    overrides.hold_back(process, OBSOLETE)
    overrides.hold_back(process, DISABLED)
    process.delay = 0
    bench.transition()
    assert process.state == ProcessState.FATAL
    # one reason is enough
    overrides.release(process, OBSOLETE)
    assert not process.config.autostart
    overrides.release(process, DISABLED)
    assert process.config is process.group.config.process_configs[0]
