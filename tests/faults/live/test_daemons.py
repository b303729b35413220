"""Daemons that are killed, lost with their host, frozen, and reloaded again and again."""
from __future__ import annotations

import psutil
import pytest

from supvisors.demo import wait_for
from tests.faults.cluster import NetDaemon
from tests.faults.trial import trial, work

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

RELOADS = 100
WARM = 9
"""Reloads after which nothing new is to be opened any more."""
SLACK = 8
"""Descriptors and threads that come and go: connections of the tests, look-ups."""


@pytest.mark.parametrize('programs', [True, False], ids=['with-host', 'alone'])
@pytest.mark.parametrize('whom', ['master', 'other'])
def test_killed(whom: str, programs: bool) -> None:
    with trial(f'killed-{whom}-{"with-host" if programs else "alone"}', work(3)) as one:
        lost = one.master if whom == 'master' else one.one(one.master)
        one.last(2)
        one.kill(lost, programs)
        one.last(8)
        one.spawn(lost)
        one.last(4)


def test_frozen() -> None:
    with trial('frozen', work(4)) as one:
        for lost in (one.master, one.one(one.master)):
            one.last(2)
            one.freeze(lost)
            one.last(7)
            one.resume(lost)
            one.last(5)


def test_reloaded_a_hundred_times() -> None:
    with trial('reloaded', work(3), traffic=False) as one:
        nick = one.one(one.master)
        processes = [psutil.Process(daemon.pid) for daemon in one.cluster.daemons]
        before: list[int] = []
        for number in range(RELOADS):
            starts = _starts(one.cluster[nick])
            one.reload(nick)
            wait_for(lambda: _starts(one.cluster[nick]) > starts and one.view(nick), 20, f'reload {number}')  # noqa: B023
            if number == WARM:
                before = _opened(processes)
        one.settled()
        after = _opened(processes)
        assert all(now <= then + SLACK for then, now in zip(before, after, strict=True)), (before, after)


def _starts(daemon: NetDaemon) -> int:
    return (daemon.folder / 'supervisord.log').read_text(errors='replace').count('supervisord started with pid')


def _opened(processes: list[psutil.Process]) -> list[int]:
    return [process.num_fds() + process.num_threads() for process in processes]
