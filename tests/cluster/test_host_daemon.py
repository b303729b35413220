"""A real supervisord for the tests of the host: no test here."""
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
import xmlrpc.client
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import SupervisorTransport

from supvisors.demo.layout import RUN_MARK
from supvisors.demo.leftovers import kill_marked
from supvisors.demo.ports import Ports

ROOT = Path(__file__).parents[2]
DEADLINE = 30.0

CONFIG = """
[supervisord]
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}
loglevel=debug
identifier=probe

[inet_http_server]
port=127.0.0.1:{port}
username=user
password=secret

[unix_http_server]
file={folder}/supervisor.sock
username=user
password=secret

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[rpcinterface:probe]
supervisor.rpcinterface_factory = tests.cluster.test_host_probe:make_probe
journal = {folder}/journal
"""


def wait_for(condition: Callable[[], Any], what: str, deadline: float = DEADLINE) -> Any:
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f'not in {deadline} s: {what}')


class Daemon:
    """One supervisord and all that it starts."""

    def __init__(self, folder: Path, programs: str, python: str = sys.executable) -> None:
        self.folder = folder
        self.python = python
        # a client that tries an ephemeral port again and again may connect to itself, and hold it
        self._ports = Ports()
        self.port = self._ports.take()
        self.mark = uuid.uuid4().hex
        self.pid = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.config = folder / 'supervisord.conf'
        self.write(programs)

    def write(self, programs: str) -> None:
        self.config.write_text(CONFIG.format(folder=self.folder, port=self.port) + programs.format(folder=self.folder))

    def start(self, foreground: bool = True, deadline: float = DEADLINE) -> Daemon:
        environ = dict(os.environ)
        environ['PYTHONPATH'] = str(ROOT)
        environ[RUN_MARK] = self.mark
        command = [self.python, '-m', 'supervisor.supervisord', '-c', str(self.config)]
        with open(self.folder / 'output', 'ab') as output:
            self.process = subprocess.Popen(command + ['-n'] * foreground, env=environ, stdout=output, stderr=output,
                                            stdin=subprocess.DEVNULL, start_new_session=True)
        process = self.process
        wait_for(lambda: self.answers() or process.poll(), 'a running supervisord', deadline)
        if process.poll():
            raise AssertionError(f'supervisord has failed: {(self.folder / "output").read_text()}')
        return self

    def answers(self) -> bool:
        with contextlib.suppress(OSError, xmlrpc.client.Error, ValueError):
            self.pid = self.rpc.supervisor.getPID()
            return bool(self.rpc.probe.turns())
        return False

    def kill(self) -> None:
        """End the daemon and its programs, those included that have outlived a daemon that failed."""
        kill_marked(self.mark)
        if self.process:
            self.process.wait(5)
        self._ports.release()

    @property
    def rpc(self) -> Any:
        return xmlrpc.client.ServerProxy(f'http://user:secret@127.0.0.1:{self.port}', allow_none=True)

    @property
    def unix_rpc(self) -> Any:
        transport = SupervisorTransport('user', 'secret', f'unix://{self.folder}/supervisor.sock')
        return xmlrpc.client.ServerProxy('http://127.0.0.1', transport)

    def journal(self, *start: object) -> list[str]:
        """Lines of the journal, without the pid, that start with these words."""
        lines = [line.split(' ', 1)[1] for line in (self.folder / 'journal').read_text().splitlines()]
        wanted = ''.join(f'{word} ' for word in start)
        return [line for line in lines if f'{line} '.startswith(wanted)]

    def log(self) -> str:
        return (self.folder / 'supervisord.log').read_text()

    def state(self, namespec: str) -> int:
        return int(self.rpc.probe.record(namespec)['state'])

    def wait_state(self, namespec: str, state: int) -> dict[str, Any]:
        wait_for(lambda: self.state(namespec) == state, f'{namespec} in {state}')
        return dict(self.rpc.probe.record(namespec))

    def states(self, namespec: str) -> list[int]:
        """The states that the host has told about a process, in order."""
        return [call[2] for call in self.rpc.probe.calls() if call[0] == 'changed' and call[1] == namespec]

    def descriptors(self) -> list[str]:
        """What its descriptors are; the random part of the names of logs is left out."""
        links = []
        for fd in os.listdir(f'/proc/{self.pid}/fd'):
            with contextlib.suppress(OSError):
                link = os.readlink(f'/proc/{self.pid}/fd/{fd}')
                links.append(link.split('---')[0] if link.startswith('/') else link.split(':')[0])
        return sorted(links)

    def connections(self) -> int:
        """Open connections to its HTTP servers."""
        kinds = psutil.Process(self.pid).net_connections('tcp')
        return sum(connection.status != psutil.CONN_LISTEN for connection in kinds)

    def ended(self) -> bool:
        if self.process is not None and self.process.pid == self.pid:
            return self.process.poll() is not None
        return not psutil.pid_exists(self.pid)

    def signal(self, number: int = signal.SIGTERM) -> None:
        os.kill(self.pid, number)
