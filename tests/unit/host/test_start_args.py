"""Starts with arguments, on a supervisord whose programs end when the test says so."""
from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from supervisor.states import SupervisorStates

from supvisors.engine.commands import Refused
from supvisors.host import register_faults
from supvisors.host.arguments import MAX_ARGUMENT
from supvisors.host.holding import Hold
from supvisors.model.enums import FaultCode, ProcessState
from tests.unit.host.bench import Bench

Make = Callable[[str], Any]

PROGRAMS = """
[program:hand]
command=/bin/true one
autostart=false
startsecs=1
stdout_logfile=NONE
stderr_logfile=NONE
[program:again]
command=/bin/true again
autorestart=true
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:shared]
command=/bin/true %(group_name)s
autostart=false
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:missing]
command=/nowhere/program
autostart=false
[program:folder]
command=/tmp
autostart=false
[program:badly]
command=/bin/true "unfinished
autostart=false
[program:unloggable]
command=/bin/true
autostart=false
stdout_logfile={folder}/nowhere/out.log
[group:left]
programs=shared
[group:right]
programs=shared
"""


@pytest.fixture
def bench(make_supervisord: Make, tmp_path: Any) -> Iterator[Bench]:
    register_faults()
    (tmp_path / 'nowhere').mkdir()
    bench = Bench(make_supervisord(PROGRAMS.replace('{folder}', str(tmp_path))))
    bench.told.clear()
    yield bench
    bench.supervisord.options.cleanup()


def run(bench: Bench, namespec: str) -> None:
    """supervisord finds that it has lasted for startsecs."""
    bench.process(namespec).laststart -= 2
    bench.transition()


def refused(bench: Bench, namespec: str, extra_args: str = '') -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        bench.host.start_args(namespec, extra_args)
    return caught.value.code, caught.value.text


def test_ended_when_it_runs(bench: Bench) -> None:
    work = bench.host.start_args('hand', "two 'three four'")
    assert bench.adopted == [(True, 'hand', "two 'three four'")]
    assert bench.spawned == ["/bin/true one two 'three four'"]
    assert bench.process('hand').get_execv_args()[1] == ['/bin/true', 'one', 'two', 'three four']
    assert work() is None
    told = bench.last('hand')
    assert (told.state, told.extra_args, told.pid > 0) == (ProcessState.STARTING, "two 'three four'", True)
    run(bench, 'hand')
    assert work() == (0, '')


def test_ended_when_it_has_run_whatever_came_then(bench: Bench) -> None:
    work = bench.host.start_args('hand', '')
    run(bench, 'hand')
    bench.end('hand', 3)
    assert bench.record('hand').state == ProcessState.EXITED
    assert work() == (0, '')


def test_a_former_run_does_not_count(bench: Bench) -> None:
    bench.host.start_args('hand', '')
    run(bench, 'hand')
    bench.end('hand')
    assert bench.host.start_args('hand', '')() is None


def test_a_crash_is_a_spawn_error_at_once(bench: Bench) -> None:
    work = bench.host.start_args('hand', 'x')
    bench.end('hand', 1)
    assert bench.record('hand').state == ProcessState.BACKOFF
    assert work() == (FaultCode.SPAWN_ERROR, 'hand: Exited too quickly (process log may have details)')
    # it was started: the retries have the arguments
    bench.process('hand').delay = 0
    bench.transition()
    assert bench.spawned.count('/bin/true one x') == 2


def test_a_stop_meanwhile_is_a_spawn_error(bench: Bench) -> None:
    work = bench.host.start_args('hand', '')
    bench.host.stop('hand')
    assert work() == (FaultCode.SPAWN_ERROR, 'hand: STOPPING')
    assert [number for _, number in bench.signals] == [signal.SIGTERM]
    bench.end('hand')
    assert work() == (FaultCode.SPAWN_ERROR, 'hand: STOPPED')
    bench.supervisord.remove_process_group('hand')
    assert work() == (FaultCode.SPAWN_ERROR, 'hand: removed from supervisord')


def test_arguments_last_until_others_are_given(bench: Bench) -> None:
    def command_after(extra_args: str) -> str:
        bench.host.start_args('hand', extra_args)
        command = bench.spawned[-1]
        run(bench, 'hand')
        bench.end('hand')
        return command

    assert command_after('x') == '/bin/true one x'
    assert command_after('y') == '/bin/true one y'
    assert bench.record('hand').extra_args == 'y'
    # supervisord's own starts have them too, and say so
    assert bench.plain().startProcess('hand', False) is True
    assert bench.spawned[-1] == '/bin/true one y' and bench.adopted[-1] == (True, 'hand', 'y')
    bench.end('hand', 1)
    bench.host.stop('hand')
    assert command_after('') == '/bin/true one'
    process = bench.process('hand')
    assert process.config is process.group.config.process_configs[0]


def test_automatic_restarts_have_the_arguments(bench: Bench) -> None:
    bench.transition()
    bench.host.stop('again')
    bench.end('again')
    bench.host.start_args('again', 'x')
    run(bench, 'again')
    bench.end('again', 1)
    bench.transition()
    assert bench.spawned[-2:] == ['/bin/true again x'] * 2


def test_each_group_keeps_its_own_command(bench: Bench) -> None:
    bench.host.start_args('left:shared', 'x')
    bench.host.start('right:shared', 'y')
    assert bench.spawned == ['/bin/true left x', '/bin/true right y']


def test_supervisord_sees_no_change(bench: Bench) -> None:
    bench.host.start_args('left:shared', 'x')
    bench.supervisord.options.process_config(do_usage=False)
    assert bench.supervisord.diff_to_active() == ([], [], [])


# ---- refused: nothing changes

@pytest.mark.parametrize('namespec', ['nope', 'left:nope', 'left', 'left:*', 'left:', '', ':', 'shared', ':shared'])
def test_unknown_processes(bench: Bench, namespec: str) -> None:
    assert refused(bench, namespec) == (
        FaultCode.BAD_NAME, f'process {namespec!r} is unknown to the local supervisord')
    assert bench.told == []


def test_disabled_comes_before_running(bench: Bench) -> None:
    bench.host.start_args('hand', 'x')
    bench.host.disable('hand')
    assert refused(bench, 'hand', '"') == (FaultCode.DISABLED, 'hand')


@pytest.mark.parametrize(('state', 'code', 'text'), [
    (ProcessState.STARTING, 60, 'hand'), (ProcessState.RUNNING, 60, 'hand'), (ProcessState.BACKOFF, 60, 'hand'),
    (ProcessState.STOPPING, 91, 'hand is stopping'), (ProcessState.UNKNOWN, 30, 'hand is in an unknown process state')])
def test_states_where_it_cannot_start(bench: Bench, state: ProcessState, code: int, text: str) -> None:
    process = bench.process('hand')
    process.state = state.value
    # the state comes before the arguments
    for extra_args in ('x', '"'):
        assert refused(bench, 'hand', extra_args) == (code, text)
    assert (process.state, bench.told, bench.record('hand').extra_args) == (state, [], '')


def test_supervisord_is_stopping(bench: Bench) -> None:
    bench.supervisord.options.mood = SupervisorStates.SHUTDOWN
    assert refused(bench, 'hand', 'x') == (FaultCode.SHUTDOWN_STATE, 'hand')
    assert bench.told == []


def test_arguments_that_cannot_be_parsed_change_nothing(bench: Bench) -> None:
    bench.host.start_args('hand', 'former')
    run(bench, 'hand')
    bench.end('hand')
    before, told = bench.record('hand'), len(bench.told)
    assert refused(bench, 'hand', 'a "b') == (
        FaultCode.NOT_EXECUTABLE, "can't parse command '/bin/true one a \"b': No closing quotation")
    assert refused(bench, 'hand', 'a \\')[1].endswith('No escaped character')
    assert (bench.record('hand'), len(bench.told)) == (before, told)


@pytest.mark.parametrize(('name', 'code', 'text'), [
    ('missing', 20, "can't find command '/nowhere/program'"), ('folder', 21, "command at '/tmp' is a directory"),
    ('badly', 21, "can't parse command '/bin/true \"unfinished x': No closing quotation")])
def test_a_command_that_cannot_be_executed_is_shown_in_fatal(bench: Bench, name: str, code: int, text: str) -> None:
    assert refused(bench, name, 'x') == (code, text)
    told = bench.last(name)
    assert (told.state, told.spawnerr, told.extra_args) == (ProcessState.FATAL, text, '')
    # nobody wants it to run
    assert bench.adopted == [] and bench.spawned == []
    process = bench.process(name)
    assert process.config is process.group.config.process_configs[0]


def test_a_command_that_is_gone_keeps_its_former_arguments(bench: Bench) -> None:
    bench.host.start_args('hand', 'former')
    run(bench, 'hand')
    bench.end('hand')
    stat = bench.supervisord.options.stat

    def gone(name: str) -> Any:
        raise FileNotFoundError(2, 'No such file or directory')

    bench.supervisord.options.stat = gone
    assert refused(bench, 'hand', 'new')[0] == FaultCode.NO_FILE
    # an order of the Master fails the same way
    assert bench.host.start('hand', 'new')[0] == FaultCode.NO_FILE
    assert bench.record('hand').extra_args == 'former'
    bench.supervisord.options.stat = stat
    bench.plain().startProcess('hand', False)
    assert bench.spawned[-1] == '/bin/true one former'


def test_a_fork_that_fails_is_told_at_once(bench: Bench, tmp_path: Any) -> None:
    (tmp_path / 'nowhere').rmdir()
    code, text = refused(bench, 'unloggable')
    assert code == FaultCode.SPAWN_ERROR and 'making dispatchers' in text
    assert bench.record('unloggable').state == ProcessState.BACKOFF


# ---- several reasons

def test_arguments_and_holding_back_compose(bench: Bench) -> None:
    bench.transition()
    process = bench.process('again')
    bench.host.stop('again')
    bench.end('again')
    bench.host.start_args('again', 'x')
    run(bench, 'again')
    bench.host.disable('again')
    assert (process.config.command, process.config.autostart, process.config.autorestart) \
        == ('/bin/true again x', False, False)
    bench.end('again')
    bench.host.enable('again')
    original = process.group.config.process_configs[0]
    assert process.config.command == '/bin/true again x'
    assert (process.config.autostart, process.config.autorestart) == (True, original.autorestart)
    # what enabling starts has the arguments that the intent has
    assert bench.adopted[-1] == (True, 'again', 'x')
    bench.transition()
    assert bench.spawned[-1] == '/bin/true again x'
    assert (original.command, original.autostart) == ('/bin/true again', True)


# ---- given up: the former arguments

def fail(bench: Bench, namespec: str) -> None:
    """Let each try fail, until supervisord gives up."""
    for _ in range(20):
        process = bench.process(namespec)
        if process.state == ProcessState.FATAL:
            return
        if process.state == ProcessState.STARTING:
            bench.end(namespec, 1)
        process.delay = 0
        bench.transition()
    raise AssertionError('not given up')


def test_a_start_that_is_given_up_gives_the_former_arguments_back(bench: Bench) -> None:
    bench.host.start_args('hand', 'former')
    run(bench, 'hand')
    bench.end('hand')
    work = bench.host.start_args('hand', 'new')
    fail(bench, 'hand')
    assert [one for one in bench.spawned if one.startswith('/bin/true one')][1:] == ['/bin/true one new'] * 4
    assert (work() or (0, ''))[0] == FaultCode.SPAWN_ERROR
    assert bench.last('hand').extra_args == 'former' and bench.adopted[-1] == (True, 'hand', 'former')
    bench.plain().startProcess('hand', False)
    assert bench.spawned[-1] == '/bin/true one former' and bench.adopted[-1] == (True, 'hand', 'former')


def test_an_order_that_is_given_up_gives_them_back_without_speaking_for_a_user(bench: Bench) -> None:
    assert bench.host.start('hand', 'new') == (0, '')
    fail(bench, 'hand')
    assert bench.record('hand').extra_args == '' and bench.adopted == []


def test_a_stop_before_it_runs_gives_them_back_and_holds(bench: Bench) -> None:
    bench.host.start_args('hand', 'new')
    bench.plain().stopProcess('hand', False)
    bench.end('hand')
    assert bench.record('hand').extra_args == ''
    assert bench.adopted == [(True, 'hand', 'new'), (False, 'hand', '')]


def test_forks_that_fail_give_them_back_in_the_end(bench: Bench) -> None:
    def full() -> int:
        raise OSError(11, 'Resource temporarily unavailable')

    bench.supervisord.options.fork = full
    assert refused(bench, 'hand', 'new')[0] == FaultCode.SPAWN_ERROR
    fail(bench, 'hand')
    assert bench.record('hand').extra_args == '' and bench.adopted[-1] == (True, 'hand', '')


def test_former_failures_do_not_count_among_the_retries(bench: Bench) -> None:
    bench.host.start_args('hand', '')
    fail(bench, 'hand')
    bench.spawned.clear()
    bench.process('hand').backoff = 4
    bench.host.start_args('hand', '')
    fail(bench, 'hand')
    assert len(bench.spawned) == 4


# ---- an orphan that does not end

def test_a_start_that_is_held_back_for_too_long_is_answered(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    process = bench.process('hand')
    Hold(process, lambda: 'not started before the end of pid 4242')
    work = bench.host.start_args('hand', 'x')
    assert work() is None
    monkeypatch.setattr('supvisors.host.spawning.HOLD_MARGIN', -1.0 - process.config.stopwaitsecs)
    assert work() == (FaultCode.SPAWN_ERROR, 'hand: not started before the end of pid 4242')


# ---- sizes

def test_arguments_that_no_program_can_have(bench: Bench) -> None:
    for extra_args in ('x' * MAX_ARGUMENT, '\u00e9' * (MAX_ARGUMENT // 2), 'a\0b', '\ud800'):
        code, text = refused(bench, 'hand', extra_args)
        assert code == FaultCode.NOT_EXECUTABLE and len(text) < 1000
        code, text = bench.host.start('hand', extra_args)
        assert code == FaultCode.INCORRECT_PARAMETERS and len(text) < 1000
    assert bench.told == [] and len(refused(bench, 'missing', 'y ' * 100_000)[1]) < 1000
    assert len(refused(bench, 'badly', 'y ' * 100_000)[1]) < 1000
    assert bench.host.start_args('hand', 'x' * (MAX_ARGUMENT - 1))() is None
