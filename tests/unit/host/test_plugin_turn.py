"""What one turn of the plugin may start: however much there is to do, supervisord's loop goes on."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from supvisors import plugin as module
from supvisors.demo.ports import HOST, Ports
from supvisors.engine.effects import Spawn
from supvisors.model.enums import ProcessState
from supvisors.plugin import Plugin

PROCESSES = 100
MOST = 20
"""Forks in one turn."""
CONFIG = """
[inet_http_server]
port={host}:{port}
[program:many]
command=/bin/sleep 1000
process_name=p_%(process_num)03d
numprocs={processes}
autostart=false
startsecs=1000
redirect_stderr=true
stdout_logfile=NONE
"""


class Turned:
    """A plugin whose turns the test takes; forks are only noted, and succeed."""

    def __init__(self, supervisord: Any, port: int) -> None:
        pids = itertools.count(10 ** 7)
        supervisord.options.fork = lambda: next(pids)
        self._processes = supervisord.process_groups['many'].processes
        self.plugin = Plugin(supervisord, {'supvisors_list': f'{HOST}:{port}', 'event_link': 'NONE'})
        self.woken = 0
        self.plugin.host.wake = self._wake  # type: ignore[method-assign]
        self.plugin.engine.core.effects.extend(
            Spawn(number, f'many:{name}', '') for number, name in enumerate(self._processes))

    def _wake(self) -> None:
        self.woken += 1

    def turn(self) -> int:
        """How many processes it has started."""
        before, self.woken = self._started(), 0
        self.plugin.turn()
        return self._started() - before

    def _started(self) -> int:
        return sum(process.state == ProcessState.STARTING for process in self._processes.values())


@pytest.fixture
def turned(make_supervisord: Callable[[str], Any]) -> Iterator[Turned]:
    ports = Ports()
    try:
        port = ports.take()
        supervisord = make_supervisord(CONFIG.format(host=HOST, port=port, processes=PROCESSES))
        yield Turned(supervisord, port)
        supervisord.options.cleanup()
    finally:
        ports.release()


def test_twenty_at_most(turned: Turned, monkeypatch: pytest.MonkeyPatch) -> None:
    """However quick the machine is: here, no time is short."""
    monkeypatch.setattr(module, 'SLICE', 3600.0)
    for _ in range(PROCESSES // MOST):
        assert turned.turn() == MOST
        # the rest is done in the next pass, at once
        assert turned.woken
    assert turned.turn() == 0
