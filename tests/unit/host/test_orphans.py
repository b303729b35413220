"""Programs that survive a supervisord that was killed: real ones, and a supervisord whose loop does not run."""
from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from supervisor.process import Subprocess

from supvisors.demo import wait_for
from supvisors.host import lives
from supvisors.host.endings import Ending, Manner
from supvisors.host.holding import Hold
from supvisors.host.lives import look
from supvisors.host.orphans import Orphans, OrphanSettings
from supvisors.host.processes import Processes
from supvisors.host.programs import Programs
from supvisors.host.shield import Shielded
from supvisors.host.survivors import MOST_BYTES, BadRecord, Content, Entry, Survivors, path_beside
from supvisors.model.enums import ProcessState
from supvisors.model.orphan import Orphan

Make = Callable[[str], Any]
Start = Callable[[str], int]

WEB = """
[program:web]
command=/bin/sleep 1000
autostart=false
stopwaitsecs=1
startretries=0
"""
STUBBORN = 'trap "" TERM; while :; do sleep 0.1; done'
KEEPER = """
import subprocess, sys, time
print(subprocess.Popen(['/bin/sleep', '1000'], start_new_session=True).pid, flush=True)
time.sleep(1000)
"""


def shell(script: str) -> str:
    return f'/bin/sh -c {shlex.quote(script)}'


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a program, and returns its pid. It is no child of this process, and the head of a group."""
    keepers: list[subprocess.Popen[bytes]] = []
    pids: list[int] = []

    def run(command: str) -> int:
        source = KEEPER.replace("['/bin/sleep', '1000']", repr(shlex.split(command)))
        keepers.append(subprocess.Popen([sys.executable, '-c', source], stdout=subprocess.PIPE))
        stdout = keepers[-1].stdout
        assert stdout
        pids.append(int(stdout.readline()))
        return pids[-1]

    yield run
    for pid in pids:
        # the keeper has not waited for it: the pid is its own still
        os.killpg(pid, signal.SIGKILL)
    for keeper in keepers:
        keeper.kill()
        keeper.communicate()


class World:
    """One supervisord, and what it has told."""

    def __init__(self, supervisord: Any, mode: str) -> None:
        self.logs: list[tuple[str, str]] = []
        self.told: list[tuple[Orphan, ...]] = []
        self.wakes: list[float] = []
        options = supervisord.options
        self.supervisord = supervisord
        self.processes = Processes(supervisord, Programs(options, Shielded(options)))
        settings = OrphanSettings(mode, '10.0.0.1:60000', lambda level, text: self.logs.append((level, text)))
        self.orphans = Orphans(supervisord, self.processes, settings, self.wakes.append, self.told.append)
        self.path = path_beside(options.pidfile, settings.identifier)

    def logged(self, level: str) -> list[str]:
        return [text for one, text in self.logs if one == level]

    def process(self, namespec: str) -> Any:
        return self.processes.find(namespec)

    def spawned(self, namespec: str, pid: int) -> None:
        """As supervisord does after the fork."""
        self.process(namespec).pid = pid
        self.supervisord.options.pidhistory[pid] = self.process(namespec)

    def until_ended(self, pid: int) -> None:
        def ended() -> bool:
            self.orphans.check()
            return look(pid) is None and not self.told[-1]

        wait_for(ended, 10, f'the end of {pid}')


@pytest.fixture
def make_world(make_supervisord: Make) -> Callable[..., World]:
    return lambda mode='report', text=WEB: World(make_supervisord(text), mode)


MakeWorld = Callable[..., World]


def recorded(path: Path) -> set[tuple[str, int]]:
    return {(one['namespec'], one['pid']) for one in json.loads(path.read_text())['processes']}


def leave(path: Path, *entries: Entry) -> None:
    Survivors(path).write(entries)


def entry_of(pid: int, namespec: str = 'web') -> Entry:
    life = look(pid)
    assert life is not None
    return Entry(pid, life.start, namespec)


# ---- lives

def test_a_life_is_its_pid_and_its_start(start: Start) -> None:
    program = start('/bin/sleep 1000')
    life = look(program)
    assert life is not None and life == look(program)
    assert life.parent == psutil.Process(program).ppid() != os.getpid()
    assert abs(lives.since_epoch(life.start) - time.time()) < 5
    os.kill(program, signal.SIGKILL)
    # nobody waits for it: it stays a zombie, which has ended
    wait_for(lambda: look(program) is None, 5, 'the end of the program')


def test_nobody_lives_there() -> None:
    pid = max(psutil.pids()) + 10_000
    assert look(pid) is None and lives._of_psutil(pid) is None


def test_any_name_of_a_program_is_understood(tmp_path: Path) -> None:
    odd = tmp_path / 'a) S 1 (b'
    odd.symlink_to('/bin/sleep')
    program = subprocess.Popen([odd, '1000'])
    try:
        life = look(program.pid)
        assert life is not None and life.parent == os.getpid()
        other = look(os.getpid())
        assert other is not None and other.start <= life.start
    finally:
        program.kill()
        program.wait()


def test_without_proc_the_same_is_known_of_psutil(start: Start) -> None:
    program = start('/bin/sleep 1000')
    first = lives._of_psutil(program)
    assert first is not None and first == lives._of_psutil(program)
    assert first.parent == psutil.Process(program).ppid()
    assert abs(first.start / 1e6 - time.time()) < 5
    os.kill(program, signal.SIGKILL)
    wait_for(lambda: lives._of_psutil(program) is None, 5, 'the end of the program')


# ---- the file

ENTRIES = (Entry(42, 1234, 'web:front'), Entry(2**31 - 1, 2**62, 'é'))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    assert survivors.read().processes == ()
    survivors.write(ENTRIES)
    assert survivors.read().processes == ENTRIES
    assert survivors.path.stat().st_mode & 0o777 == 0o600
    survivors.write(ENTRIES[:1])
    assert survivors.read().processes == ENTRIES[:1]
    assert os.listdir(tmp_path) == ['programs']
    survivors.remove()
    survivors.remove()
    assert os.listdir(tmp_path) == []


def test_another_boot_of_the_machine_leaves_no_survivor(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.write(ENTRIES)
    survivors.path.write_text(survivors.path.read_text().replace(lives.boot(), 'another'))
    assert survivors.read().processes == ()


def content(**changes: object) -> bytes:
    entry = {'pid': 42, 'start': 1, 'namespec': 'web', **changes}
    return json.dumps({'boot': lives.boot(), 'processes': [entry]}).encode()


@pytest.mark.parametrize('data', [
    b'', b'{', b'\xff\xfe', b'null', b'[]', b'[' * 100_000, b'{}', b'{"boot": "", "processes": {}}',
    content(pid=1), content(pid=0), content(pid=-1), content(pid='42'), content(pid=2**31),
    content(pid=4.2), content(pid=True),
    content(start=-1), content(start=None), content(start=1e300), content(namespec=''), content(namespec='x' * 1001),
    content(namespec=None), content() + b'x',
], ids=range(22))
def test_a_file_that_is_not_understood_is_refused(tmp_path: Path, data: bytes) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.path.write_bytes(data)
    with pytest.raises(BadRecord):
        survivors.read()


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.path.write_bytes(b' ' * MOST_BYTES + b' ')
    with pytest.raises(BadRecord, match='larger than'):
        survivors.read()


@pytest.mark.parametrize('mode', [0o620, 0o602])
def test_a_file_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.write(ENTRIES)
    survivors.path.chmod(mode)
    with pytest.raises(BadRecord, match='others may write it'):
        survivors.read()


@pytest.mark.skipif(os.geteuid() != 0, reason='only root may give a file away')
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.write(ENTRIES)
    os.chown(survivors.path, 4242, 0)
    with pytest.raises(BadRecord, match='its owner is user 4242'):
        survivors.read()


def _link(path: Path) -> None:
    good = path.with_name('good')
    Survivors(good).write(ENTRIES)
    path.symlink_to(good)


@pytest.mark.parametrize('make', [_link, Path.mkdir, os.mkfifo])
def test_only_a_plain_file_is_read(tmp_path: Path, make: Callable[[Path], Any]) -> None:
    survivors = Survivors(tmp_path / 'programs')
    make(survivors.path)
    with pytest.raises(BadRecord):
        survivors.read()
    assert survivors.put_aside() == tmp_path / 'programs.bad'
    survivors.write(ENTRIES)
    assert survivors.read().processes == ENTRIES


def test_a_failed_write_leaves_the_former_file_and_no_draft(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    survivors.path.mkdir()
    with pytest.raises(IsADirectoryError):
        survivors.write(ENTRIES)
    assert os.listdir(tmp_path) == ['programs']


def test_a_link_in_the_place_of_the_draft_is_not_followed(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    victim = tmp_path / 'victim'
    victim.write_text('precious')
    (tmp_path / f'programs.{os.getpid()}').symlink_to(victim)
    survivors.write(ENTRIES)
    assert victim.read_text() == 'precious' and survivors.read().processes == ENTRIES


def test_each_daemon_of_a_machine_has_its_file() -> None:
    one = path_beside('/run/supervisord.pid', '10.0.0.1:60000')
    assert one.parent == Path('/run') and re.fullmatch(r'supvisors-10\.0\.0\.1_60000-[0-9a-f]{8}\.programs', one.name)
    assert len({one, path_beside('/run/supervisord.pid', '10.0.0.1:60001'),
                path_beside('/run/supervisord.pid', '[::1]:60000'), path_beside('/tmp/x.pid', '10.0.0.1:60000')}) == 4
    assert path_beside('/run/x.pid', '../../etc/passwd').parent == Path('/run')
    # what is replaced makes a difference too, and a name is never too long
    assert len({path_beside('/run/x.pid', name) for name in ('\xe91', '\xe81', 'a:b', 'a_b')}) == 4
    assert len(path_beside('/run/x.pid', 'x' * 500).name) < 255


# ---- the record of a life

def test_the_record_follows_the_programs(make_world: MakeWorld, start: Start) -> None:
    world = make_world(text=WEB + '[group:app]\nprograms=a\n[program:a]\ncommand=/bin/sleep 1000\nautostart=false\n')
    world.orphans.open()
    assert recorded(world.path) == set()
    web, app = start('/bin/sleep 1000'), start('/bin/sleep 1000')
    world.spawned('web', web)
    world.spawned('app:a', app)
    world.orphans.check()
    assert recorded(world.path) == {('web', web), ('app:a', app)}
    written = world.path.stat()
    world.orphans.check()
    assert (world.path.stat().st_ino, world.path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    del world.supervisord.options.pidhistory[web]
    world.orphans.check()
    assert recorded(world.path) == {('app:a', app)}
    # supervisord fails: what it leaves behind is known
    world.orphans.close()
    assert recorded(world.path) == {('app:a', app)}
    del world.supervisord.options.pidhistory[app]
    world.orphans.close()
    assert not world.path.exists() and world.logs == []


def test_a_supervisord_that_never_runs_leaves_the_record_of_the_other(make_world: MakeWorld) -> None:
    world = make_world()
    leave(world.path, *ENTRIES)
    world.orphans.check()
    world.orphans.close()
    assert Survivors(world.path).read().processes == ENTRIES


def test_two_hundred_programs_are_written_down_quickly(make_world: MakeWorld) -> None:
    text = '[program:p]\ncommand=/bin/true\nnumprocs=200\nprocess_name=%(process_num)d\nautostart=false\n'
    world = make_world(text=text)
    world.orphans.open()
    history = world.supervisord.options.pidhistory
    programs = [subprocess.Popen(['/bin/sleep', '1000']) for _ in range(200)]
    try:
        for number, program in enumerate(programs):
            world.spawned(f'p:{number}', program.pid)
        assert duration(world.orphans.check) < 0.1
        assert len(recorded(world.path)) == 200
        times, idle = [], []
        for program in programs[:20]:
            process = history.pop(program.pid)
            times.append(duration(world.orphans.check))
            history[program.pid] = process
            times.append(duration(world.orphans.check))
            idle.append(duration(world.orphans.check))
        # the loop of supervisord is held that long; 0.5 ms and 10 us on a machine with nothing else to do
        assert sorted(times)[len(times) // 2] < 0.005 and sorted(idle)[len(idle) // 2] < 0.0005
    finally:
        for program in programs:
            program.kill()
        for program in programs:
            program.wait()


def duration(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


@pytest.mark.parametrize('mode', ['report', 'stop'])
def test_a_folder_that_cannot_be_written_is_told_once(make_world: MakeWorld, mode: str) -> None:
    world = make_world(mode)
    world.path.mkdir()
    (world.path / 'something').touch()
    world.path.with_name(f'{world.path.name}.bad').write_text('in the way')
    world.orphans.open()
    world.spawned('web', os.getpid())
    world.orphans.check()
    world.orphans.tick()
    world.orphans.close()
    aside, unwritten = world.logged('warn')
    assert 'cannot be renamed' in aside and 'cannot be written' in unwritten and 'orphans = ignore' in unwritten


def test_a_bad_file_is_kept_aside_and_replaced(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    program = start('/bin/sleep 1000')
    world.path.write_text(f'{{"pid": {program}')
    world.orphans.open()
    (warning,) = world.logged('warn')
    aside = world.path.with_name(f'{world.path.name}.bad')
    assert str(world.path) in warning and str(aside) in warning
    assert aside.read_text() == f'{{"pid": {program}' and recorded(world.path) == set()
    assert look(program) is not None and world.told == []


# ---- orphans

def test_orphans_are_reported_until_they_end(make_world: MakeWorld, start: Start) -> None:
    world = make_world()
    program, other = start('/bin/sleep 1000'), start('/bin/sleep 1000')
    leave(world.path, entry_of(program), entry_of(other, 'gone:x'))
    world.orphans.open()
    (orphans,) = world.told
    assert [(one.namespec, one.pid) for one in orphans] == [('gone:x', other), ('web', program)]
    assert all(abs(one.start - time.time()) < 60 for one in orphans)
    for orphan, warning in zip(orphans, world.logged('warn'), strict=True):
        assert f'{orphan.namespec} (pid {orphan.pid})' in warning and 'orphans = stop' in warning
    # left to the next supervisord, beside the programs of this one
    world.spawned('web', os.getpid())
    world.orphans.check()
    assert recorded(world.path) == {('web', program), ('gone:x', other), ('web', os.getpid())}
    os.kill(program, signal.SIGKILL)
    wait_for(lambda: look(program) is None, 5, 'the end of the program')
    world.orphans.tick()
    assert [one.pid for one in world.told[-1]] == [other] and len(world.told) == 2
    assert recorded(world.path) == {('gone:x', other), ('web', os.getpid())}
    assert len(world.logs) == 3 and f'pid {program}' in world.logged('info')[0]
    world.orphans.tick()
    assert len(world.told) == 2
    # the other one is reported only: nothing was sent to it
    assert look(other) is not None
    del world.supervisord.options.pidhistory[os.getpid()]
    world.orphans.close()
    assert recorded(world.path) == {('gone:x', other)}


@pytest.mark.parametrize('mode', ['report', 'stop'])
def test_who_has_got_the_pid_is_left_alone(make_world: MakeWorld, start: Start, mode: str) -> None:
    world = make_world(mode)
    program = start('/bin/sleep 1000')
    entry = entry_of(program)
    ours = entry_of(os.getpid())
    child = subprocess.Popen(['/bin/sleep', '1000'])
    try:
        leave(world.path, Entry(entry.pid, entry.start - 1, 'web'), ours, entry_of(child.pid))
        world.orphans.open()
        world.orphans.check()
        world.orphans.tick()
        assert world.told == [] and world.logs == []
        assert look(program) is not None and child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_ignore_does_not_even_look(make_world: MakeWorld, start: Start) -> None:
    world = make_world('ignore')
    program = start('/bin/sleep 1000')
    leave(world.path, entry_of(program))
    before = world.path.stat()
    world.orphans.open()
    world.spawned('web', os.getpid())
    world.orphans.hold()
    world.orphans.check()
    world.orphans.tick()
    world.orphans.close()
    assert world.path.stat() == before
    assert (world.logs, world.told, world.wakes) == ([], [], []) and look(program) is not None


def test_an_orphan_is_stopped_and_its_program_is_held_back_until_then(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    program = start(shell('trap "sleep 0.3; exit" TERM; while :; do sleep 0.05; done'))
    wait_for(lambda: psutil.Process(program).children(), 5, 'a shell that works')
    leave(world.path, entry_of(program))
    process = world.process('web')
    world.orphans.open()
    assert 'is not started here before its end' in world.logged('warn')[0]
    assert process.spawn() is None
    assert (process.state, process.pid, process.backoff, process.spawnerr) == (ProcessState.BACKOFF, 0, 0, None)
    # as often as supervisord tries again: none is left, and it does not give up
    for _ in range(3):
        process.transition()
    assert process.state == ProcessState.BACKOFF
    assert world.wakes and world.wakes[-1] - time.monotonic() < 0.1
    world.until_ended(program)
    assert [len(told) for told in world.told] == [1, 0]
    assert len(world.logged('warn')) == 1 and recorded(world.path) == set()
    # nothing is left in the way of supervisord
    assert process.spawn.__func__ is Subprocess.spawn
    assert process.delay <= time.time()


def test_an_orphan_that_resists_is_killed_after_stopwaitsecs(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    program = start(shell(STUBBORN))
    wait_for(lambda: psutil.Process(program).children(), 5, 'a shell that works')
    leave(world.path, entry_of(program))
    begin = time.monotonic()
    world.orphans.open()
    world.until_ended(program)
    assert 1.0 <= time.monotonic() - begin < 5.0
    assert 'SIGKILL' in world.logged('warn')[1] and '1 s (stopwaitsecs)' in world.logged('warn')[1]
    # it was looked at now and then, not all the time
    assert len(world.wakes) < 20


@pytest.mark.parametrize('as_group', [True, False])
def test_an_orphan_is_stopped_as_its_configuration_says(make_world: MakeWorld, start: Start, as_group: bool) -> None:
    how = '\n'.join(f'{name}={str(as_group).lower()}' for name in ('stopasgroup', 'killasgroup'))
    world = make_world('stop', WEB + f'stopsignal=USR1\n{how}\n')
    program = start(shell('trap "" TERM; trap "exit" USR1; sleep 1000 & wait'))
    (child,) = wait_for(lambda: psutil.Process(program).children(), 5, 'a shell that works')
    leave(world.path, entry_of(program))
    try:
        world.orphans.open()
        world.until_ended(program)
        if as_group:
            wait_for(lambda: look(child.pid) is None, 5, 'the end of the child')
        else:
            assert look(child.pid) is not None
    finally:
        if look(child.pid):
            child.kill()


def test_what_is_not_configured_any_more_is_stopped_as_by_default(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    program = start('/bin/sleep 1000')
    leave(world.path, entry_of(program, 'former:x'))
    world.orphans.open()
    world.until_ended(program)


def test_two_orphans_of_one_program_hold_it_back_until_the_last(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    quick, slow = start('/bin/sleep 1000'), start(shell(STUBBORN))
    wait_for(lambda: psutil.Process(slow).children(), 5, 'a shell that works')
    leave(world.path, entry_of(quick), entry_of(slow))
    world.orphans.open()

    def one_left() -> bool:
        world.orphans.check()
        return len(world.told[-1]) == 1

    wait_for(one_left, 5, 'the end of the first')
    assert isinstance(world.process('web').spawn, Hold)
    world.until_ended(slow)
    assert not isinstance(world.process('web').spawn, Hold)


def test_a_group_that_is_added_again_is_held_back_too(make_world: MakeWorld, start: Start) -> None:
    world = make_world('stop')
    program = start(shell(STUBBORN))
    leave(world.path, entry_of(program))
    world.orphans.open()
    config = world.supervisord.process_groups['web'].config
    assert world.supervisord.remove_process_group('web') and world.supervisord.add_process_group(config)
    world.orphans.hold()
    assert isinstance(world.process('web').spawn, Hold)
    world.orphans.hold()
    world.until_ended(program)
    assert not isinstance(world.process('web').spawn, Hold)


def test_a_hold_that_was_covered_lets_through_once_it_has_ended(make_world: MakeWorld) -> None:
    process = make_world().process('web')
    asked: list[str] = []
    process.spawn = lambda: asked.append('spawned')
    hold = Hold(process)
    process.spawn = lambda: hold()
    hold.end()
    process.spawn()
    assert asked == ['spawned']


def test_a_stop_ends_the_wait(make_world: MakeWorld) -> None:
    process = make_world().process('web')
    hold = Hold(process)
    process.spawn()
    process.stop()
    hold.end()
    process.transition()
    assert process.state == ProcessState.STOPPED and not process.pid


def test_content_of_a_later_release_is_read(tmp_path: Path) -> None:
    survivors = Survivors(tmp_path / 'programs')
    content = Content(lives.boot(), ENTRIES)
    survivors.write(content.processes)
    text = json.loads(survivors.path.read_text())
    text['more'] = text['processes'][0]['more'] = 1
    survivors.path.write_text(json.dumps(text))
    survivors.path.chmod(0o600)
    assert survivors.read().processes == ENTRIES


# ---- whose record it is

SUPERVISORD = """
import os, subprocess, sys, time
from pathlib import Path
sys.path[:0] = {path!r}
from supvisors.host.survivors import Survivors
Survivors(Path({record!r})).write(())
environ = {{**os.environ, 'SUPERVISOR_SERVER_URL': {url!r}, 'SUPERVISOR_GROUP_NAME': 'web',
           'SUPERVISOR_PROCESS_NAME': 'web'}}
for options in (dict(preexec_fn=os.setpgrp), dict(start_new_session=True), dict()):
    print(subprocess.Popen(['/bin/sleep', '1000'], env=environ, **options).pid, flush=True)
time.sleep(1000)
"""


@pytest.fixture
def killed(make_world: MakeWorld) -> Iterator[Callable[..., tuple[World, list[int], subprocess.Popen[bytes]]]]:
    """Another supervisord that writes its record, and forks only then."""
    started: list[subprocess.Popen[bytes]] = []
    pids: list[int] = []

    def run(url: str = 'http://here:1') -> tuple[World, list[int], subprocess.Popen[bytes]]:
        world = make_world()
        source = SUPERVISORD.format(path=sys.path, record=str(world.path), url=url)
        started.append(subprocess.Popen([sys.executable, '-c', source], stdout=subprocess.PIPE, start_new_session=True))
        assert started[-1].stdout
        pids.extend(int(started[-1].stdout.readline()) for _ in range(3))
        world.orphans._server_url = 'http://here:1'
        return world, pids, started[-1]

    yield run
    # they hold the pipe
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for one in started:
        one.kill()
        one.communicate()


Killed = Callable[..., tuple[World, list[int], 'subprocess.Popen[bytes]']]


@pytest.mark.skipif(not os.path.isdir('/proc/self'), reason='Linux only')
def test_what_was_forked_after_the_last_record_is_found(killed: Killed) -> None:
    world, (program, in_another_session, in_a_group), owner = killed()
    owner.kill()
    owner.wait()
    assert duration(world.orphans.open) < 1.0
    # neither one that its program has sent away, nor one of its helpers
    assert [(one.namespec, one.pid) for one in world.told[0]] == [('web', program)]
    assert look(in_another_session) and look(in_a_group)


def test_the_programs_of_another_server_are_not_ours(killed: Killed) -> None:
    world, _, owner = killed('http://there:1')
    owner.kill()
    owner.wait()
    world.orphans.open()
    assert world.told == []


def test_the_record_of_a_supervisord_that_lives_is_left_alone(killed: Killed) -> None:
    world, (program, *_), owner = killed()
    before = world.path.stat()
    world.orphans.open()
    world.spawned('web', os.getpid())
    world.orphans.check()
    world.orphans.close()
    assert world.told == [] and look(program)
    (warning,) = world.logged('warn')
    assert f'pid {owner.pid}' in warning and 'orphans is ignored' in warning
    assert (world.path.stat().st_ino, world.path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


# ---- details of a hold and of an end

def test_a_hold_starts_from_a_clean_process(make_world: MakeWorld) -> None:
    process = make_world().process('web')
    process.killing = process.administrative_stop = process.system_stop = True
    process.spawnerr, process.exitstatus = 'former', 3
    Hold(process)
    process.spawn()
    assert (process.killing, process.administrative_stop, process.system_stop) == (False, False, False)
    assert (process.spawnerr, process.exitstatus, process.state) == (None, None, ProcessState.BACKOFF)


def test_a_hold_gives_back_what_it_covered(make_world: MakeWorld) -> None:
    process = make_world().process('web')
    asked: list[str] = []
    process.spawn = covered = lambda: asked.append('spawned')
    Hold(process).end()
    assert process.spawn is covered


def test_who_has_left_his_group_is_sent_the_signal_alone() -> None:
    """A group with the pid of nobody's is not sent anything."""
    other = subprocess.Popen(['/bin/sleep', '1000'])
    try:
        # in the group of this test
        Ending(entry_of(other.pid), Manner(as_group=True), lambda level, text: None, 0.0).advance(0.0)
        assert other.wait(5) == -signal.SIGTERM
    finally:
        other.kill()
        other.wait()
