"""Namespecs, and the families of process states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supvisors.model.enums import ProcessState as P
from supvisors.model.process import ProcessRecord, make_namespec, split_namespec


@pytest.mark.parametrize(
    ('group', 'name', 'namespec'), [('app', 'x', 'app:x'), ('x', 'x', 'x'), ('app', 'x_01', 'app:x_01')]
)
def test_namespec_there_and_back(group: str, name: str, namespec: str) -> None:
    assert make_namespec(group, name) == namespec
    assert split_namespec(namespec) == (group, name)
    assert ProcessRecord(group, name).namespec == namespec


@pytest.mark.parametrize(
    ('namespec', 'pair'),
    [('app:*', ('app', None)), ('app:', ('app', None)), ('x:x', ('x', 'x')), ('app:x:y', ('app', 'x:y'))],
)
def test_split_namespec(namespec: str, pair: tuple[str, str | None]) -> None:
    assert split_namespec(namespec) == pair


names = st.text(st.characters(exclude_characters=':*'), min_size=1, max_size=8)


@given(names, names)
def test_any_namespec_comes_back(group: str, name: str) -> None:
    assert split_namespec(make_namespec(group, name)) == (group, name)


@pytest.mark.parametrize(
    ('state', 'expected', 'running', 'stopped', 'crashed'),
    [
        (P.STOPPED, True, False, True, False),
        (P.STARTING, True, True, False, False),
        (P.RUNNING, True, True, False, False),
        (P.BACKOFF, True, True, False, False),
        (P.STOPPING, True, False, False, False),
        (P.EXITED, True, False, True, False),
        (P.EXITED, False, False, True, True),
        (P.FATAL, True, False, True, True),
        (P.UNKNOWN, True, False, True, False),
        (P.STOPPED, False, False, True, False),
    ],
)
def test_families(state: P, expected: bool, running: bool, stopped: bool, crashed: bool) -> None:
    record = ProcessRecord('app', 'x', int(state), expected)
    assert (record.running, record.stopped, record.crashed) == (running, stopped, crashed)
