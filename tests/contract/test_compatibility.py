"""docs/compatibility.md is what its generator writes today; every row of the peer is there, with tests that exist."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from supvisors.config.option_table import FORMER, option_table
from supvisors.engine.cluster.tables import SYSTEM_TABLE, SystemEvent
from supvisors.model.enums import SupvisorsState
from tools import generate_compatibility as tool

pytestmark = pytest.mark.xdist_group('compatibility')

DATA = tool.load()
ROWS = {
    'options': (
        'supvisors_list', 'software_name', 'software_icon', 'multicast_group', 'multicast_interface', 'multicast_ttl',
        'stereotypes', 'rules_files', 'css_files', 'event_link', 'event_port', 'auto_fence', 'synchro_options',
        'synchro_timeout', 'inactivity_ticks', 'core_identifiers', 'disabilities_file', 'conciliation_strategy',
        'starting_strategy', 'supvisors_failure_strategy', 'stats_enabled', 'stats_collecting_period', 'stats_periods',
        'stats_histo', 'stats_irix_mode', 'tail_limit', 'tailf_limit', 'logfile', 'logfile_maxbytes',
        'logfile_backups', 'loglevel',
    ),
    'aborts': (
        'no inet HTTP server', 'synchro_options empty, or only CORE without core_identifiers',
        'element of supvisors_list outside of the grammar', 'element whose host cannot be resolved now',
        'no element is local', 'two or more elements are local',
        'loglevel, logfile_maxbytes, logfile_backups invalid', 'logfile is NONE or syslog',
    ),
    'instances': (
        'local tick, local instance STOPPED', 'heartbeat from a STOPPED peer, local instance CHECKED or RUNNING',
        'heartbeat from a peer that is active', 'heartbeat from a peer, local instance not yet CHECKED or RUNNING',
        'authorized, valid, no event lost', 'activation', 'inactivity', 'link error', 'next evaluation of a FAILED one',
        'local instance lost',
    ),
    'states': (
        'self RUNNING', 'self lost', 'end-of-synchronization condition', 'peer CHECKED', 'slave lost', 'Master lost',
        'two Masters, or one without Master', 'initial conditions lost, RESYNC', 'initial conditions lost, SHUTDOWN',
        'start jobs done (Master)', 'conflict and idle (Master)', 'no conflict (Master)', 'restart() at Master',
        'shutdown() at Master', 'stop jobs done (Master)', 'Master state received (slave)',
    ),
    'scenarios': (
        'late join, others in OPERATION', 'late join during DISTRIBUTION', 'late join during CONCILIATION',
        'slave lost', 'Master lost', 'comes back within the inactivity time', 'comes back later',
        'comes back after isolation', 'partition, no fencing', 'partition, with fencing', 'Master frozen, then resumed',
        'all see the Master, two do not see each other',
    ),
    'rules': (
        'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R14', 'R15', 'R16',
    ),
    'processes': (
        'W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W9', 'W10', 'W11', 'W12', 'W13', 'W14', 'W15', 'W16', 'W17', 'W18',
        'W19', 'W20', 'W22', 'W23', 'W24', 'W25', 'W26', 'W27',
    ),
}
"""What the peer documents or does, in its order: nothing of it may be forgotten here."""
NOT_YET = ('not built yet: CONCILIATION', 'not built yet: isolation of lost instances')
"""The only reasons for a row without tests."""


def all_rows() -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, row) for name in ROWS for row in DATA[name]['rows'])


def named() -> dict[str, list[str]]:
    """Every test that is named, and where."""
    places: dict[str, list[str]] = {}
    for name, row in all_rows():
        for test in row['tests']:
            places.setdefault(test, []).append(f'{name}: {row["key"]}')
    for kind in ('purpose', *tool.FILES):
        for item in DATA[tool.DIFFERENCES][kind]:
            assert item['tests'], item
            for test in item['tests']:
                places.setdefault(test, []).append(kind)
    for item in (item for kind in ('answers', 'values', 'fields') for item in DATA[tool.ANSWERS][kind]):
        assert item['tests'], item
        for test in item['tests']:
            places.setdefault(test, []).append(tool.ANSWERS)
    return places


def exists(test: str, ids: Collection[str]) -> bool:
    """`...[x=*]` and `...::*` are beginnings; a name without brackets is a test with all of its cases."""
    if test.endswith(('*]', '::*')):
        return any(one.startswith(test.rstrip(']').removesuffix('*')) for one in ids)
    return test in ids or any(one.startswith(f'{test}[') for one in ids)


@pytest.fixture(scope='module')
def ids() -> frozenset[str]:
    """What pytest itself collects in the files that are named."""
    files = sorted({test.partition('::')[0] for test in named()})
    missing = [file for file in files if not (tool.ROOT / file).exists()]
    assert not missing, f'no such files: {missing}'
    environ = {name: value for name, value in os.environ.items() if not name.startswith('PYTEST_')}
    done = subprocess.run(
        [sys.executable, '-m', 'pytest', '--collect-only', '-q', '-n', '0', '-p', 'no:cacheprovider', *files],
        cwd=tool.ROOT, env=environ, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return frozenset(line for line in done.stdout.splitlines() if '::' in line)


def test_the_page_is_up_to_date() -> None:
    """When this fails: python tools/generate_compatibility.py"""
    assert tool.PAGE.read_text(encoding='utf-8') == tool.render(DATA)


def test_every_test_that_is_named_exists(ids: frozenset[str]) -> None:
    gone = {test: places for test, places in named().items() if not exists(test, ids)}
    assert not gone, f'renamed or removed; correct contract/compatibility/: {gone}'


@pytest.mark.parametrize('test, found', [
    ('t/a.py::test_one', True), ('t/a.py::test_two', True), ('t/a.py::test_two[x=1]', True),
    ('t/a.py::test_two[x=*]', True), ('t/a.py::*', True),
    ('t/a.py::test_tw', False), ('t/a.py::test_two[x=2]', False), ('t/a.py::test_two[y=*]', False),
    ('t/a.py::test_one[x=*]', False), ('t/b.py::*', False), ('t/b.py::test_one', False),
])
def test_what_exists(test: str, found: bool) -> None:
    assert exists(test, {'t/a.py::test_one', 't/a.py::test_two[x=1]'}) is found


@pytest.mark.parametrize('name', ROWS)
def test_every_row_is_there(name: str) -> None:
    assert [row['key'] for row in DATA[name]['rows']] == list(ROWS[name])


@pytest.mark.parametrize('name, key', [(name, key) for name, keys in ROWS.items() for key in keys])
def test_a_row_says_all(name: str, key: str) -> None:
    (row,) = [row for row in DATA[name]['rows'] if row['key'] == key]
    assert row['peer'] and row['here']
    pending, why = row.get('pending'), row.get('why')
    assert pending is None or pending in NOT_YET
    assert row['tests'], 'no test'
    assert len(set(row['tests'])) == len(row['tests'])
    assert row['verdict'] == ('different' if why or pending else 'same')


def test_every_option_of_ours_is_told() -> None:
    """Those of the peer have a row; the others are among what is accepted here."""
    told = ' '.join(item['what'] for item in DATA[tool.DIFFERENCES]['accepted'])
    assert set(option_table(60000)) - set(ROWS['options']) == {
        name for name in re.findall(r'`(\w+)`', told) if name not in ROWS['options']}
    former = ' '.join(item['what'] for item in DATA[tool.DIFFERENCES]['refused'])
    assert all(f'`{name}`' in former for name in FORMER)


def test_every_event_of_the_table_has_a_row() -> None:
    assert {event for row in DATA['states']['rows'] for event in row.get('events', ())} == set(SystemEvent.__members__)


@pytest.mark.parametrize('event', SystemEvent)
def test_moves_are_those_of_the_table(event: SystemEvent) -> None:
    text = ' '.join(tool.moves([event.name]))
    for state in SupvisorsState:
        target = SYSTEM_TABLE[state, event]
        assert (state.name in text.partition(' to ')[0]) == (target is not state)
        assert target is state or f' to {target.name}.' in text


def test_links_lead_somewhere() -> None:
    page = tool.render(DATA)
    headings = {tool.anchor(heading) for heading in re.findall(r'^#+ (.+)$', page, re.MULTILINE)}
    links = re.findall(r'\]\(([^)#]*)#?([^)]*)\)', page)
    assert len(links) > len(ROWS)
    for file, heading in links:
        if file:
            text = (tool.PAGE.parent / file).read_text(encoding='utf-8')
            assert not heading or heading in {tool.anchor(one) for one in re.findall(r'^#+ (.+)$', text, re.MULTILINE)}
        else:
            assert heading in headings


def test_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert tool.main(['--check']) == 0
    monkeypatch.setattr(tool, 'PAGE', tmp_path / 'compatibility.md')
    assert tool.main(['--check']) == 1
    assert tool.main([]) == 0
    assert tool.main(['--check']) == 0
