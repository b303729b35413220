"""The log of the plugin: where it goes, in which format, and that supervisord's own stays as it is."""
from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from supvisors.host import log as log_module
from supvisors.host.http import HostError
from supvisors.host.log import Log
from supvisors.model.options import Options
from tests.unit.host.conftest import Make

TIME = r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}'
LEVELS = {'critical': 'CRIT', 'error': 'ERRO', 'warn': 'WARN', 'info': 'INFO', 'debug': 'DEBG', 'trace': 'TRAC',
          'blather': 'BLAT'}


@pytest.fixture
def server(make_supervisord: Make) -> Any:
    """The options of a supervisord that runs in the foreground, silently."""
    return make_supervisord('').options


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / 'supvisors.log'


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def main_log(server: Any) -> list[str]:
    return lines(Path(server.logfile))


def test_shared_log_keeps_the_format_of_supervisord(server: Any) -> None:
    log = Log(server, Options(loglevel='blather', software_name='soft'))
    log('warn', '100%s ok')
    log('debug', 'hidden: the level is that of supervisord')
    log.close()
    server.logger.info('still here')
    first, second = main_log(server)
    assert re.fullmatch(rf'{TIME} WARN supvisors: 100%s ok', first)
    assert re.fullmatch(rf'{TIME} INFO still here', second)


@pytest.mark.parametrize(('name', 'lead'), [('', ''), ('My soft', 'My soft;'), ('100%', '100%;')])
def test_own_log(server: Any, own: Path, name: str, lead: str) -> None:
    log = Log(server, Options(logfile=str(own), software_name=name))
    log('warn', 'a text; with 100%s')
    log('debug', 'hidden')
    log.close()
    [line] = lines(own)
    assert re.fullmatch(rf'{re.escape(lead)}{TIME};WARN;a text; with 100%s', line)
    assert main_log(server) == []


@pytest.mark.parametrize('given', LEVELS)
def test_level(server: Any, own: Path, given: str) -> None:
    log = Log(server, Options(logfile=str(own), loglevel=given))
    for level in LEVELS:
        log(level, 'text')
    shown = [line.split(';')[1] for line in lines(own)]
    assert shown == list(LEVELS.values())[:list(LEVELS).index(given) + 1]
    log.close()


@pytest.mark.parametrize('shared', [False, True])
def test_level_changed_at_run_time(server: Any, own: Path, shared: bool) -> None:
    log = Log(server, Options() if shared else Options(logfile=str(own)))
    for number, level in enumerate(('error', 'debug', 'info')):
        log.set_level(level)
        log('debug', f'debug {number}')
        log('info', f'info {number}')
        log('error', f'error {number}')
        server.logger.debug('of supervisord')
    written = main_log(server) if shared else lines(own)
    shown = re.findall(r'(?:;|supvisors: )(\w+ \d)$', '\n'.join(written), re.MULTILINE)
    assert shown == ['error 0', 'debug 1', 'info 1', 'error 1', 'info 2', 'error 2']
    # supervisord's level changes with a log that is shared, and with no other
    assert len([line for line in main_log(server) if 'of supervisord' in line]) == int(shared)
    log.close()


@pytest.mark.parametrize('logfile', ['NONE', 'OFF', 'off', 'none'])
def test_no_log(server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logfile: str) -> None:
    monkeypatch.chdir(tmp_path)
    log = Log(server, Options(logfile=logfile))
    log('critical', 'nowhere')
    server.reopenlogs()
    log.close()
    assert not any('nowhere' in path.read_text() for path in tmp_path.iterdir())
    assert not (tmp_path / logfile).exists()


@pytest.mark.parametrize('logfile', ['AUTO', 'NONE', 'own'])
@pytest.mark.parametrize(('nodaemon', 'silent'), [(True, False), (True, True), (False, False), (False, True)])
def test_echo_in_the_foreground(server: Any, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logfile: str,
                                nodaemon: bool, silent: bool) -> None:
    console = tmp_path / 'console'
    monkeypatch.setattr('sys.stdout', console.open('w'))
    server.nodaemon, server.silent = nodaemon, silent
    log = Log(server, Options(logfile=str(own) if logfile == 'own' else logfile))
    log('warn', 'text')
    log.close()
    sys.stdout.close()
    echoed = logfile != 'AUTO' and nodaemon and not silent
    assert bool(re.fullmatch(rf'{TIME};WARN;text\n', console.read_text())) == echoed


def test_rotation(server: Any, own: Path) -> None:
    log = Log(server, Options(logfile=str(own), logfile_maxbytes=200, logfile_backups=2))
    for number in range(20):
        log('info', f'line {number:02} {"x" * 40}')
    log.close()
    assert sorted(path.name for path in own.parent.glob('supvisors.log*')) == [
        'supvisors.log', 'supvisors.log.1', 'supvisors.log.2']
    kept = [line for suffix in ('.2', '.1', '') for line in lines(own.with_name(own.name + suffix))]
    assert [int(re.search(r'line (\d\d)', line)[1]) for line in kept] == list(range(20))[-len(kept):]  # type: ignore[index]
    assert own.with_name('supvisors.log.1').stat().st_size < 300


def test_no_rotation(server: Any, own: Path) -> None:
    log = Log(server, Options(logfile=str(own), logfile_maxbytes=0))
    for _ in range(50):
        log('info', 'x' * 100)
    log.close()
    assert len(lines(own)) == 50
    assert list(own.parent.glob('supvisors.log.*')) == []


def test_reopened_with_those_of_supervisord(server: Any, own: Path) -> None:
    log = Log(server, Options(logfile=str(own)))
    log('info', 'before')
    moved, moved_main = own.with_name('moved.log'), own.with_name('moved-main.log')
    own.rename(moved)
    Path(server.logfile).rename(moved_main)
    server.reopenlogs()
    log('info', 'after')
    assert [line.split(';')[-1] for line in lines(moved) + lines(own)] == ['before', 'after']
    server.logger.info('main')
    assert [line[-4:] for line in main_log(server)] == ['main']
    log.close()
    original = type(server).reopenlogs
    assert server.reopenlogs.__func__ is original


def test_closed_file(server: Any, own: Path) -> None:
    log = Log(server, Options(logfile=str(own)))
    handler = log._logger.handlers[0]
    log.close()
    assert handler.closed and handler.stream.closed
    # and once more, for a reload
    again = Log(server, Options(logfile=str(own)))
    again('info', 'again')
    again.close()
    assert [line.split(';')[-1] for line in lines(own)] == ['again']


def test_a_file_that_cannot_be_opened(server: Any, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r'option logfile = .*No such file or directory.*create its folder'):
        Log(server, Options(logfile=str(tmp_path / 'missing' / 'supvisors.log')))


class Sent:
    """What `syslog.syslog` was given: the C library and its daemon are not of this test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[str] = []
        monkeypatch.setattr('supervisor.loggers.syslog.syslog', self.messages.append)


def test_syslog(server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent(monkeypatch)
    there = tmp_path / 'there'
    there.touch()
    monkeypatch.setattr(log_module, 'SYSLOG_SOCKETS', (str(tmp_path / 'missing'), str(there)))
    monkeypatch.chdir(tmp_path)
    log = Log(server, Options(logfile='SYSLOG', software_name='soft'))
    log('warn', 'two\nlines')
    log('debug', 'hidden')
    server.reopenlogs()
    log.close()
    assert [re.sub(TIME, 'TIME', message) for message in sent.messages] == [
        'soft;TIME;WARN;two', 'soft;TIME;WARN;lines']
    assert not (tmp_path / 'SYSLOG').exists() and not (tmp_path / 'syslog').exists()
    assert not any('no syslog' in line for line in main_log(server))


def test_a_machine_without_syslog(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sent = Sent(monkeypatch)
    monkeypatch.setattr(log_module, 'SYSLOG_SOCKETS', (str(tmp_path / 'missing'),))
    log = Log(server, Options(logfile='SYSLOG'))
    log('warn', 'text')
    [line] = main_log(server)
    assert re.search(r'WARN supvisors: option logfile = SYSLOG: no syslog on this machine \(.*missing\)', line)
    assert len(sent.messages) == 1
