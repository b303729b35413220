"""Groups that supervisord adds and removes while it runs, as `supervisorctl update` makes it do."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from supvisors.engine.commands import Refused
from supvisors.engine.events import ProcessChanged
from tests.unit.host.situation import STOPPED, Situation, situations

Make = Callable[[str], Situation]

PROGRAMS = """
[program:pool]
command=/nowhere/old
process_name=p_%(process_num)d
numprocs=2
autostart=false
"""


@pytest.fixture
def make(make_supervisord: Callable[[str], Any]) -> Iterator[Make]:
    yield from situations(make_supervisord)


def rewrite(tmp_path: Path, situation: Situation, *changes: tuple[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Change the file and have supervisord read it again: what is added, changed and removed."""
    config = tmp_path / 'supervisord.conf'
    text = config.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    config.write_text(text)
    situation.supervisord.options.process_config(do_usage=False)
    added, changed, removed = situation.supervisord.diff_to_active()
    return [group.name for group in added], [group.name for group in changed], [group.name for group in removed]


def add(situation: Situation, name: str) -> None:
    (config,) = [group for group in situation.supervisord.options.process_group_configs if group.name == name]
    assert situation.supervisord.add_process_group(config)


def remove(situation: Situation, name: str) -> None:
    assert situation.supervisord.remove_process_group(name)


def test_a_program_that_comes_with_a_new_file(make: Make, tmp_path: Path) -> None:
    situation = make(PROGRAMS)
    late = PROGRAMS.replace('program:pool', 'program:late').replace('numprocs=2', 'numprocs=3')
    assert rewrite(tmp_path, situation, ('autostart=false\n', f'autostart=false\n{late}')) == (['late'], [], [])
    with pytest.raises(Refused, match="no program 'late'"):
        situation.host.update_numprocs('late', 4, False)
    add(situation, 'late')
    assert [(call.record.namespec, call.record.program_name, call.record.process_index) for call in situation.calls
            if isinstance(call, ProcessChanged)] == [(f'late:p_{index}', 'late', index) for index in range(3)]
    assert situation.host.update_numprocs('late', 4, False)() == (0, '')
    remove(situation, 'late')
    assert situation.removed == [f'late:p_{index}' for index in range(4)]
    with pytest.raises(Refused, match="no program 'late'"):
        situation.host.update_numprocs('late', 4, False)


def test_a_group_made_anew_follows_the_new_file(make: Make, tmp_path: Path) -> None:
    situation = make(PROGRAMS)
    situation.host.update_numprocs('pool', 4, False)
    changes = ('/nowhere/old', '/nowhere/new'), ('numprocs=2', 'numprocs=3\nnumprocs_start=7')
    assert rewrite(tmp_path, situation, *changes) == ([], ['pool'], [])
    remove(situation, 'pool')
    add(situation, 'pool')
    assert situation.names('pool') == ['p_7', 'p_8', 'p_9']
    assert situation.host.update_numprocs('pool', 4, False)() == (0, '')
    assert situation.process('pool:p_10').config.command == '/nowhere/new'
    record = situation.host.record('pool:p_10')
    assert record is not None and (record.program_name, record.process_index) == ('pool', 3)


def test_a_group_made_anew_of_the_same_file(make: Make) -> None:
    """Nothing is left of what was in force: arguments, numprocs, processes that were to go."""
    situation = make(PROGRAMS)
    host = situation.host
    host._overrides.set_extra_args(situation.process('pool:p_0'), '--more')
    host.update_numprocs('pool', 3, False)
    situation.run('pool:p_2')
    host.update_numprocs('pool', 2, True)
    situation.end('pool:p_2')
    remove(situation, 'pool')
    add(situation, 'pool')
    assert situation.names('pool') == ['p_0', 'p_1']
    record = host.record('pool:p_0')
    assert record is not None and (record.extra_args, record.program_name, record.process_index) == ('', 'pool', 0)
    assert situation.process('pool:p_0').config.command == '/nowhere/old'
    situation.calls.clear()
    assert host.update_numprocs('pool', 3, False)() == (0, '')
    situation.loop()
    assert situation.removed == []
    situation.run('pool:p_2')
    situation.end('pool:p_2')
    situation.loop()
    assert situation.names('pool') == ['p_0', 'p_1', 'p_2']


def test_what_starts_by_itself_is_wanted_once_it_is_known(make: Make, tmp_path: Path) -> None:
    """`update` stops a group before it replaces it: the Master must not take the new processes for stopped ones."""
    situation = make(PROGRAMS)
    rewrite(tmp_path, situation, ('autostart=false', 'autostart=true'))
    remove(situation, 'pool')
    add(situation, 'pool')
    assert situation.adopted == []
    situation.loop()
    assert situation.calls.index('turn') < situation.calls.index(('start', 'pool:p_0'))
    assert situation.adopted == [('start', 'pool:p_0'), ('start', 'pool:p_1')]
    situation.loop()
    assert len(situation.adopted) == 2


def test_disabled_stays_disabled(make: Make, tmp_path: Path) -> None:
    situation = make(PROGRAMS)
    situation.host.disable('pool')
    rewrite(tmp_path, situation, ('autostart=false', 'autostart=true'))
    remove(situation, 'pool')
    add(situation, 'pool')
    situation.loop()
    record = situation.host.record('pool:p_1')
    assert record is not None and record.disabled and record.state == STOPPED and situation.adopted == []


def test_a_name_that_goes_over_to_another_program(make: Make, tmp_path: Path) -> None:
    situation = make(PROGRAMS + '[group:app]\nprograms=pool\n')
    other = '[program:other]\ncommand=/bin/true\nprocess_name=p_1\nautostart=false\n[group:app]\nprograms=other\n'
    assert situation.host.record('app:p_1').program_name == 'pool'  # type: ignore[union-attr]
    rewrite(tmp_path, situation, ('[group:app]\nprograms=pool\n', other))
    # only read
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    assert situation.names('app') == ['p_0', 'p_1', 'p_2']
    remove(situation, 'app')
    add(situation, 'app')
    record = situation.host.record('app:p_1')
    assert record is not None and (record.program_name, record.process_index) == ('other', 0)
    with pytest.raises(Refused, match='does not depend on the process number'):
        situation.host.update_numprocs('other', 2, False)
    add(situation, 'pool')
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    assert situation.names('pool') == ['p_0', 'p_1', 'p_2'] and situation.names('app') == ['p_1']
