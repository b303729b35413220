"""What the namespace `supervisor` does to a whole daemon, through the Python SDK, and what is refused meanwhile."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from interop_python import ACCOUNTS, ACTS, READS, layout, python_name, wait_log

from supvisors.demo import Daemon, wait_for
from supvisors_client import ProcessState, ShutdownStateFault
from tests.cluster.runs import running

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop_python'), pytest.mark.timeout(120)]


@pytest.fixture(params=['open', 'password'])
def ending(request: pytest.FixtureRequest) -> Iterator[Daemon]:
    """A daemon that needs two seconds to stop its program."""
    with running(layout(*ACCOUNTS[request.param])) as cluster:
        with cluster[0].client() as client:
            client.supervisor.start_process('shy')
            wait_log(client, 'shy', 'ready')
        yield cluster[0]


def test_shutdown_and_what_is_refused_meanwhile(ending: Daemon) -> None:
    with ending.client() as client:
        assert client.supervisor.shutdown() is True
        others: dict[str, tuple[Any, ...]] = {
            **READS, **dict.fromkeys(('clearLog', 'shutdown', 'restart', 'clearAllProcessLogs'), ()),
            **dict.fromkeys(('startAllProcesses', 'stopAllProcesses'), (False,)), 'signalAllProcesses': ('HUP',),
            **dict.fromkeys(('addProcessGroup', 'removeProcessGroup', 'startProcess', 'stopProcess'), ('alone',)),
            **dict.fromkeys(('startProcessGroup', 'stopProcessGroup', 'clearProcessLog', 'clearProcessLogs'), ('web',)),
            **dict.fromkeys(('signalProcess', 'signalProcessGroup'), ('alone', 'HUP')),
            'sendProcessStdin': ('alone', 'x'),
        }
        assert set(others) == {*READS, *ACTS} - {'sendRemoteCommEvent'}
        for name, arguments in others.items():
            with pytest.raises(ShutdownStateFault):
                getattr(client.supervisor, python_name(name))(*arguments)
        with pytest.raises(ShutdownStateFault):
            client.get_all_local_process_info()
        assert client.supervisor.send_remote_comm_event('kind', 'x') is True
    assert ending.wait(30) == 0


def test_restart(ending: Daemon) -> None:
    def starts() -> int:
        return (ending.folder / 'supervisord.log').read_text().count('supervisord started with pid')

    before = starts()
    with ending.client() as client:
        assert client.supervisor.restart() is True
        wait_for(lambda: starts() == before + 1, 30, 'supervisord started again')
        wait_for(lambda: client.supervisor.get_process_info('shy').state is ProcessState.STOPPED, 30, 'a new life')
