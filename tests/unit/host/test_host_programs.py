from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supvisors.host.programs import Programs
from supvisors.host.shield import Shielded

MANY = """
[program:many]
command=/bin/true
process_name=p_%(process_num)d
numprocs=12
numprocs_start=3
"""


def programs(supervisord: Any) -> Programs:
    return Programs(supervisord.options, Shielded(supervisord.options))


def test_rank_follows_process_num_and_not_names(make_supervisord: Callable[[str], Any]) -> None:
    table = programs(make_supervisord(MANY))
    assert [table.lookup('many', f'p_{number}') for number in (3, 4, 10, 14)] \
        == [('many', 0), ('many', 1), ('many', 7), ('many', 11)]


def test_each_process_of_a_group_has_its_program(make_supervisord: Callable[[str], Any]) -> None:
    table = programs(make_supervisord(MANY + """
[program:single]
command=/bin/true
process_name=other_name
[group:app]
programs=many,single
[group:second]
programs=single
"""))
    assert table.lookup('app', 'p_4') == ('many', 1)
    assert table.lookup('app', 'other_name') == table.lookup('second', 'other_name') == ('single', 0)


@pytest.mark.parametrize('section', ['eventlistener', 'fcgi-program'])
def test_other_kinds_of_programs(make_supervisord: Callable[[str], Any], tmp_path: Path, section: str) -> None:
    table = programs(make_supervisord(f"""
[{section}:special]
command=/bin/true
process_name=%(program_name)s_%(process_num)02d
numprocs=2
events=TICK_60
socket=unix://{tmp_path}/socket
"""))
    assert table.lookup('special', 'special_01') == ('special', 1)


def test_included_files_are_read(make_supervisord: Callable[[str], Any], tmp_path: Path) -> None:
    (tmp_path / 'more.ini').write_text(MANY)
    assert programs(make_supervisord('[include]\nfiles=*.ini\n')).lookup('many', 'p_5') == ('many', 2)


def test_options_of_supervisord_are_left_as_they_were(make_supervisord: Callable[[str], Any]) -> None:
    supervisord = make_supervisord(MANY)
    before = {name: value for name, value in vars(supervisord.options).items()}
    section = dict(vars(supervisord.options.configroot.supervisord))
    programs(supervisord).close()
    assert vars(supervisord.options) == before
    assert vars(supervisord.options.configroot.supervisord) == section
    assert supervisord.diff_to_active() == ([], [], [])


def test_later_readings_are_listened_to(make_supervisord: Callable[[str], Any], tmp_path: Path) -> None:
    supervisord = make_supervisord(MANY)
    table = programs(supervisord)
    config = tmp_path / 'supervisord.conf'
    config.write_text(config.read_text() + MANY.replace('program:many', 'program:late'))
    supervisord.options.process_config(do_usage=False)
    added, changed, removed = supervisord.diff_to_active()
    assert [group.name for group in added] == ['late'] and not changed and not removed
    assert table.lookup('late', 'p_14') == ('p_14', 0)
    table.follow(added[0])
    assert table.lookup('late', 'p_14') == ('late', 11)


def test_a_file_that_has_become_unreadable_is_logged(make_supervisord: Callable[[str], Any], tmp_path: Path) -> None:
    supervisord = make_supervisord(MANY)
    (tmp_path / 'supervisord.conf').unlink()
    assert programs(supervisord).lookup('many', 'p_3') == ('p_3', 0)
    assert 'program names may be wrong' in (tmp_path / 'supervisord.log').read_text()


@pytest.mark.parametrize('more', ['', 'umask=99\n'])
def test_another_number_of_processes_changes_nothing(make_supervisord: Callable[[str], Any], more: str) -> None:
    # supervisord warns about each process
    supervisord = make_supervisord(MANY + 'stdout_logfile_maxbytes=0\n')
    options = supervisord.options
    table = programs(supervisord)
    (section,) = table.sections('many')
    section.parser.read_string(f'[program:many]\n{more}')
    before = options.parse_warnings[:]
    assert len(before) >= 12
    if more:
        with pytest.raises(ValueError, match="in section 'program:many'"):
            table.expand(section, 14, 0, 14)
    else:
        names = [config.name for config in table.expand(section, 14, 0, 14)]
        assert names == [f'p_{number}' for number in range(3, 17)]
    assert options.parse_warnings == before and table.members(section).keys() == set(range(12))
    assert supervisord.diff_to_active() == ([], [], [])
