"""One supervisord of a cluster on this machine."""
from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sysconfig
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import attrs
import psutil

from supvisors.demo.ports import HOST
from supvisors_client import SupvisorsClient


def find_script(name: str) -> Path:
    """Return a script (such as `supervisord`) of this Python environment, or else of the PATH."""
    own = Path(sysconfig.get_path('scripts')) / name
    found = str(own) if own.exists() else shutil.which(name)
    if not found:
        raise RuntimeError(f'{name} not found beside {sysconfig.get_path("scripts")}: pip install supervisor')
    return Path(found)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = self._timeout
        return connection


@attrs.define(eq=False)
class Daemon:
    """Its configuration is written by the cluster; it may be started and killed any number of times."""
    nick: str
    port: int
    folder: Path
    supervisord: Path
    environ: Mapping[str, str] = attrs.field(repr=False)
    username: str = ''
    password: str = attrs.field(default='', repr=False)
    process: subprocess.Popen[bytes] | None = attrs.field(default=None, repr=False)
    killed: bool = False
    """It was killed once: its programs of that time may live on."""

    @property
    def identifier(self) -> str:
        return f'{HOST}:{self.port}'

    @property
    def conf(self) -> Path:
        return self.folder / 'supervisord.conf'

    @property
    def url(self) -> str:
        return f'http://{HOST}:{self.port}'

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError(f'{self.nick} was never started')
        return self.process.pid

    # -- life
    def spawn(self) -> None:
        if self.alive:
            raise RuntimeError(f'{self.nick} is already running')
        with open(self.folder / 'console.log', 'ab') as console:
            self.process = subprocess.Popen(
                [str(self.supervisord), '-n', '-c', str(self.conf)], cwd=self.folder, env=dict(self.environ),
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, start_new_session=True)

    def signal(self, number: int) -> None:
        """Send a signal to the daemon alone, if it still lives."""
        if self.alive:
            os.kill(self.pid, number)

    def kill(self, programs: bool = False) -> None:
        """SIGKILL the daemon, and its programs too if told so (a host that loses its power); wait for its end."""
        self.killed = True
        doomed = self.programs() if programs else []
        self.signal(signal.SIGKILL)
        for program in doomed:
            with contextlib.suppress(psutil.Error):
                program.kill()
        self.wait(10.0)

    def wait(self, timeout: float) -> int:
        """Wait for the end of the daemon, and return its status.

        Raises:
            TimeoutError: it still lives after `timeout` seconds.
        """
        if self.process is None:
            raise RuntimeError(f'{self.nick} was never started')
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f'{self.nick} has not ended within {timeout:g} s') from None

    def programs(self) -> list[psutil.Process]:
        """The processes that the daemon has started, and theirs."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.Error:
            return []

    # -- doors
    def proxy(self, timeout: float = 10.0) -> Any:
        """A plain `xmlrpc.client.ServerProxy`, for one thread, to be used in a `with` statement."""
        account = f'{quote(self.username, safe="")}:{quote(self.password, safe="")}@' if self.username else ''
        return xmlrpc.client.ServerProxy(f'http://{account}{HOST}:{self.port}/RPC2', transport=_Transport(timeout))

    def call(self, method: str, *params: Any, timeout: float = 10.0) -> Any:
        """Call one method by plain XML-RPC, on a connection of its own."""
        with self.proxy(timeout) as proxy:
            return getattr(proxy, method)(*params)

    def client(self, timeout: float | None = 10.0) -> SupvisorsClient:
        """A client of the Python SDK."""
        if self.username:
            return SupvisorsClient(self.url, username=self.username, password=self.password, timeout=timeout)
        return SupvisorsClient(self.url, timeout=timeout)

    def ctl(self, *arguments: str, timeout: float = 60.0) -> str:
        """Run supervisorctl with the configuration of this daemon, and return what it printed."""
        done = subprocess.run([str(self.supervisord.with_name('supervisorctl')), '-c', str(self.conf), *arguments],
                              cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, text=True, check=False)
        return done.stdout

    # -- logs
    def tail(self, size: int = 4000) -> str:
        """The end of its console and of its log."""
        parts = []
        for name in ('console.log', 'supervisord.log'):
            with contextlib.suppress(OSError):
                text = (self.folder / name).read_text(errors='replace')[-size:]
                if text.strip():
                    parts.append(f'--- {self.nick}: {name}\n{text.rstrip()}')
        return '\n'.join(parts) or f'--- {self.nick}: nothing logged'
