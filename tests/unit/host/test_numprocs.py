"""More and fewer processes of a program: which ones, when, and what is told."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import EventListenerConfig
from supervisor.process import EventListenerPool, FastCGISubprocess

from supvisors.engine.events import ProcessChanged, ProcessRemoved
from supvisors.host.overrides import OBSOLETE
from supvisors.model.enums import ProcessState
from tests.unit.host.situation import RUNNING, STOPPED, STOPPING, Situation, situations

Make = Callable[[str], Situation]

POOL = """
[{kind}:pool]
command=/nowhere/pool --number %(process_num)d
process_name=p_%(process_num){padding}
numprocs={numprocs}
numprocs_start={start}
autostart=false
autorestart=true
startsecs=0
events=TICK_60
socket=unix://{folder}/socket
"""


@pytest.fixture
def make(make_supervisord: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    # all at one go, however slow the machine is
    monkeypatch.setattr('supvisors.host.numprocs.SLICE', 60.0)
    yield from situations(make_supervisord)


def pool(tmp_path: Path, numprocs: int = 2, kind: str = 'program', padding: str = 'd', start: int = 0,
         more: str = '') -> str:
    return POOL.format(kind=kind, padding=padding, numprocs=numprocs, start=start, folder=tmp_path) + more


def names(first: int, last: int, padding: str = 'd') -> list[str]:
    """From the first process number to the one before the last."""
    return [f'p_{format(number, padding)}' for number in range(first, last)]


def namespecs(*numbers: int) -> list[str]:
    return [f'pool:p_{number}' for number in numbers]


# -- by number, never by name
@pytest.mark.parametrize('kind', ['program', 'fcgi-program', 'eventlistener'])
@pytest.mark.parametrize('padding', ['d', '02d'])
@pytest.mark.parametrize('start', [0, 3])
def test_nine_eleven_nine(make: Make, tmp_path: Path, kind: str, padding: str, start: int) -> None:
    situation = make(pool(tmp_path, 9, kind, padding, start))
    host = situation.host
    nine = {name: situation.process(f'pool:{name}') for name in names(start, start + 9, padding)}
    assert host.update_numprocs('pool', 11, False)() == (0, '')
    added = names(start + 9, start + 11, padding)
    assert set(situation.names('pool')) == {*nine, *added}
    assert [call.record.name for call in situation.calls if isinstance(call, ProcessChanged)] == added
    record = host.record(f'pool:{added[1]}')
    assert record is not None and (record.program_name, record.process_index, record.state) == ('pool', 10, STOPPED)
    process = situation.process(f'pool:{added[1]}')
    assert process.config.command == f'/nowhere/pool --number {start + 10}'
    assert (process.group, type(process)) == (situation.supervisord.process_groups['pool'],
                                             type(next(iter(nine.values()))))
    assert host.update_numprocs('pool', 9, False)() == (0, '')
    # the objects themselves: nothing was made anew
    assert {name: situation.process(f'pool:{name}') is process for name, process in nine.items()} \
        == dict.fromkeys(situation.names('pool'), True)
    assert situation.removed == [f'pool:{name}' for name in added]
    assert [record.name for record in host.records()] == sorted(nine)


def test_the_new_ones_of_a_fcgi_program_share_the_socket_of_its_group(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 1, 'fcgi-program'))
    situation.host.update_numprocs('pool', 2, False)
    new = situation.process('pool:p_1')
    assert isinstance(new, FastCGISubprocess)
    new.before_spawn()
    assert new.fcgi_sock.fileno() == situation.process('pool:p_0').group.socket_manager.get_socket().fileno()
    new.after_finish()


def test_the_new_ones_of_an_event_listener_are_in_its_pool(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 1, 'eventlistener'))
    situation.host.update_numprocs('pool', 3, False)
    group, new = situation.supervisord.process_groups['pool'], situation.process('pool:p_2')
    assert isinstance(group, EventListenerPool) and new.group is group
    assert isinstance(new.config, EventListenerConfig)


@pytest.fixture
def grouped(make: Make, tmp_path: Path) -> Situation:
    more = '[program:other]\ncommand=/bin/true\nautostart=false\n' \
           '[group:a]\nprograms=pool\n[group:b]\nprograms=other,pool\n'
    return make(pool(tmp_path, 2, more=more))


def test_each_group_that_uses_the_program(grouped: Situation) -> None:
    host = grouped.host
    grouped.run('b:p_1')
    assert host.update_numprocs('pool', 3, False)() == (0, '')
    assert (grouped.names('a'), grouped.names('b')) == (names(0, 3), ['other', *names(0, 3)])
    work = host.update_numprocs('pool', 1, False)
    assert work() is None and (grouped.names('a'), grouped.names('b')) == (['p_0'], ['other', 'p_0', 'p_1'])
    grouped.end('b:p_1')
    assert work() is None
    grouped.loop()
    assert work() == (0, '') and grouped.names('b') == ['other', 'p_0']
    assert grouped.removed == ['a:p_1', 'a:p_2', 'b:p_2', 'b:p_1']


# -- what runs
@pytest.mark.parametrize('state', [ProcessState.STOPPED, ProcessState.EXITED, ProcessState.FATAL])
@pytest.mark.parametrize('lazy', [False, True])
def test_what_does_not_run_is_removed_at_once(make: Make, tmp_path: Path, state: int, lazy: bool) -> None:
    situation = make(pool(tmp_path, 3))
    situation.process('pool:p_2').state = state
    assert situation.host.update_numprocs('pool', 2, lazy)() == (0, '')
    assert situation.calls == [ProcessRemoved('pool:p_2')]
    assert situation.host.record('pool:p_2') is None


@pytest.mark.parametrize('lazy', [False, True])
def test_what_waits_for_its_next_try_is_removed_at_once(make: Make, tmp_path: Path, lazy: bool) -> None:
    situation = make(pool(tmp_path, 3))
    situation.process('pool:p_2').state = ProcessState.BACKOFF.value
    work = situation.host.update_numprocs('pool', 2, lazy)
    assert (situation.names('pool'), work()) == (names(0, 2), (0, ''))
    assert situation.adopted == ([] if lazy else [('stop', 'pool:p_2')])


def test_what_runs_is_stopped_as_by_a_user_and_then_removed(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 3))
    situation.run(*namespecs(0, 1, 2))
    situation.calls.clear()
    work = situation.host.update_numprocs('pool', 1, False)
    assert [situation.process(key).state for key in namespecs(0, 1, 2)] == [RUNNING, STOPPING, STOPPING]
    # its end must not be taken for a failure
    assert situation.calls[0] == ('stop', 'pool:p_1') and situation.adopted[1] == ('stop', 'pool:p_2')
    situation.end('pool:p_2')
    situation.end('pool:p_1')
    # supervisord may be going through the group when it tells
    assert work() is None and situation.names('pool') == names(0, 3)
    situation.loop()
    assert (situation.names('pool'), work(), situation.removed) == (['p_0'], (0, ''), namespecs(1, 2))


@pytest.mark.parametrize('ends', ['by itself', 'stopped by a user'])
def test_lazy_leaves_it_running_and_never_starts_it_again(make: Make, tmp_path: Path, ends: str) -> None:
    situation = make(pool(tmp_path, 2))
    situation.run('pool:p_1')
    assert situation.process('pool:p_1').config.autorestart
    work = situation.host.update_numprocs('pool', 1, True)
    situation.loop()
    assert (work(), situation.process('pool:p_1').state, situation.adopted) == ((0, ''), RUNNING, [])
    if ends == 'stopped by a user':
        situation.host.stop('pool:p_1')
    situation.end('pool:p_1')
    states = [call.record.state for call in situation.calls if isinstance(call, ProcessChanged)]
    situation.loop()
    # no turn between its end and its removal: nobody sees an end that would have to be repaired
    turns = [call for call in situation.calls[-2:] if call == 'turn' or isinstance(call, ProcessRemoved)]
    assert turns == [ProcessRemoved('pool:p_1'), 'turn'] and situation.names('pool') == ['p_0']
    assert ProcessState.STARTING not in states[2:]


def test_even_without_a_turn_it_is_not_started_again(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 2))
    situation.run('pool:p_1')
    situation.host.update_numprocs('pool', 1, True)
    situation.end('pool:p_1')
    situation.supervisord.process_groups['pool'].transition()
    assert situation.process('pool:p_1').state == ProcessState.EXITED


def test_what_is_stopping_already_is_waited_for(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 2))
    situation.run('pool:p_1')
    situation.host.stop('pool:p_1')
    work = situation.host.update_numprocs('pool', 1, False)
    assert (work(), situation.adopted) == (None, [])
    situation.end('pool:p_1')
    situation.loop()
    assert work() == (0, '')


def test_what_cannot_be_stopped_is_said_in_the_end(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 2) + 'stopwaitsecs=-6\n')
    situation.run('pool:p_1')
    work = situation.host.update_numprocs('pool', 1, False)
    assert work() == (91, 'pool:p_1 is still running')
    # it is removed all the same, whenever it ends
    situation.end('pool:p_1')
    situation.loop()
    assert situation.names('pool') == ['p_0'] and work() == (0, '')


# -- wanted again
def test_lazy_and_back_keeps_the_process(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 3))
    situation.run('pool:p_2')
    original, config = situation.process('pool:p_2'), situation.process('pool:p_2').config
    situation.host.update_numprocs('pool', 2, True)
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    situation.loop()
    assert situation.process('pool:p_2') is original and original.config is config and situation.removed == []
    situation.end('pool:p_2')
    situation.loop()
    # its autorestart is in force again: the command is not there
    assert original.state == ProcessState.BACKOFF


def test_lazy_then_not_lazy_stops_it(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 3))
    situation.run('pool:p_1', 'pool:p_2')
    situation.host.update_numprocs('pool', 2, True)
    work = situation.host.update_numprocs('pool', 2, False)
    assert work() is None and situation.process('pool:p_2').state == STOPPING
    situation.end('pool:p_2')
    situation.loop()
    assert work() == (0, '') and situation.process('pool:p_1').state == RUNNING


@pytest.mark.parametrize('autostart', [True, False])
def test_back_while_it_stops(make: Make, tmp_path: Path, autostart: bool) -> None:
    """It stays, and follows its autostart as a new process does."""
    situation = make(pool(tmp_path, 3).replace('autostart=false', f'autostart={autostart}'))
    situation.run('pool:p_2')
    first = situation.host.update_numprocs('pool', 2, False)
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    assert first() == (30, 'wanted again meanwhile: pool:p_2')
    situation.end('pool:p_2')
    situation.loop()
    situation.loop()
    assert situation.names('pool') == names(0, 3)
    # started: its command is not there
    assert (situation.process('pool:p_2').state == STOPPED) is not autostart
    assert situation.adopted == [('stop', 'pool:p_2'), *([('start', 'pool:p_2')] if autostart else [])]


def test_removed_before_anybody_looked(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 2))
    work = situation.host.update_numprocs('pool', 3, False)
    situation.host.update_numprocs('pool', 2, False)
    assert work() == (30, 'removed meanwhile: pool:p_2')


# -- nothing to do
@pytest.mark.parametrize('lazy', [False, True])
def test_the_same_number_does_nothing(make: Make, tmp_path: Path, lazy: bool) -> None:
    situation = make(pool(tmp_path, 2))
    situation.run('pool:p_1')
    situation.calls.clear()
    assert situation.host.update_numprocs('pool', 2, lazy)() == (0, '')
    assert situation.calls == []


# -- what goes with it
def test_the_groups_keep_the_configuration_of_the_file(make: Make, tmp_path: Path) -> None:
    """`supervisorctl update` must not see a change, and a reload gives what the file says."""
    situation = make(pool(tmp_path, 3))
    situation.run('pool:p_2')
    situation.host.update_numprocs('pool', 4, False)
    situation.host.update_numprocs('pool', 2, True)
    situation.supervisord.options.process_config(do_usage=False)
    assert situation.supervisord.diff_to_active() == ([], [], [])


@pytest.mark.parametrize('autostart', [True, False])
def test_autostart_of_the_new_ones(make: Make, tmp_path: Path, autostart: bool) -> None:
    situation = make(pool(tmp_path, 1).replace('autostart=false', f'autostart={autostart}'))
    situation.process('pool:p_0').laststart = 1.0
    situation.host.update_numprocs('pool', 2, False)
    # a user wants it: one who has stopped it before must not find it stopped again by the Master, who must know it
    assert situation.adopted == []
    situation.loop()
    last = situation.calls.index('turn')
    assert situation.calls[last + 1:last + 2] == ([('start', 'pool:p_1')] if autostart else [])
    # its command is not there
    assert (situation.process('pool:p_1').state == ProcessState.BACKOFF) is autostart


def test_new_processes_of_a_disabled_program_are_disabled(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 1).replace('autostart=false', 'autostart=true'))
    situation.host.disable('pool')
    situation.host.update_numprocs('pool', 2, False)
    situation.loop()
    record = situation.host.record('pool:p_1')
    assert record is not None and record.disabled and record.state == STOPPED and situation.adopted == []


def test_nothing_is_left_of_a_removed_process(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 2))
    host = situation.host
    host.start('pool:p_1', '--more')
    process = situation.process('pool:p_1')
    host._overrides.set_extra_args(process, '--more')
    host._overrides.hold_back(process, OBSOLETE)
    host.update_numprocs('pool', 1, False)
    host.update_numprocs('pool', 2, False)
    record = host.record('pool:p_1')
    assert record is not None and (record.extra_args, record.event_mono, record.state) == ('', 0.0, STOPPED)
    assert situation.process('pool:p_1').config.command == '/nowhere/pool --number 1'


def test_log_files_that_supervisord_names_itself(make: Make, tmp_path: Path) -> None:
    situation = make(pool(tmp_path, 1))
    situation.host.update_numprocs('pool', 2, False)
    config = situation.process('pool:p_1').config
    assert Path(config.stdout_logfile).parent == tmp_path and Path(config.stdout_logfile).exists()
    assert Path(config.stderr_logfile).name.startswith('p_1-stderr---')


def test_log_files_go_with_the_processes_that_are_removed(make: Make, tmp_path: Path) -> None:
    mine = tmp_path / 'mine-2.log'
    situation = make(pool(tmp_path, 2) + f'stderr_logfile={tmp_path}/mine-%(process_num)d.log\n')
    situation.host.update_numprocs('pool', 3, False)
    situation.process('pool:p_1').config.create_autochildlogs()
    kept, removed = (Path(situation.process(key).config.stdout_logfile) for key in namespecs(1, 2))
    mine.write_text('kept')
    for number in (1, 2):
        Path(f'{removed}.{number}').write_text('rotated')
    stranger = Path(f'{removed}x')
    stranger.write_text('kept')
    situation.host.update_numprocs('pool', 2, False)
    assert kept.exists()
    assert not removed.exists() and not list(tmp_path.glob(f'{removed.name}.*'))
    assert mine.exists() and stranger.exists()
