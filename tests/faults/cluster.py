"""A cluster whose daemons have a network namespace each, and can be asked whatever happens to their links."""
from __future__ import annotations

import subprocess
import xmlrpc.client
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import attrs

from supvisors.demo import Daemon, Ending, Layout, LocalCluster
from supvisors.demo.daemon import _Transport
from supvisors.demo.ports import HOST
from tests.faults.machine import enter
from tests.faults.network import Network

T = TypeVar('T')

NICK = 'SUPVISORS_FAULTS_NICK'
"""Environment variable of a daemon and its programs: whose they are."""
SUBNET = '10.99.0'
CREW = 24
"""Threads that ask in each namespace: the requests under way at one daemon, at most."""


class _Once(_Transport):
    """Sends a request once: that of xmlrpc.client sends it again when the connection was closed on it."""

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:
        return self.single_request(host, handler, request_body, verbose)


class Crew:
    """Threads inside one network namespace."""

    def __init__(self, namespace: Path, name: str) -> None:
        self._executor = ThreadPoolExecutor(CREW, thread_name_prefix=f'in-{name}', initializer=enter,
                                            initargs=(namespace,))

    def submit(self, action: Callable[..., T], *arguments: Any) -> Future[T]:
        return self._executor.submit(action, *arguments)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


@attrs.define(eq=False, kw_only=True)
class NetDaemon(Daemon):
    """A daemon in its namespace. It is asked from inside, so a cut never hides it from the tests."""
    address: str
    prefix: list[str]
    """What runs a command where the daemon is to run; the command keeps the pid."""
    crew: Crew = attrs.field(repr=False)

    @property
    def identifier(self) -> str:
        return f'{self.address}:{self.port}'

    @property
    def url(self) -> str:
        return f'http://{self.identifier}'

    def spawn(self) -> None:
        if self.alive:
            raise RuntimeError(f'{self.nick} is already running')
        with open(self.folder / 'console.log', 'ab') as console:
            self.process = subprocess.Popen(
                [*self.prefix, str(self.supervisord), '-n', '-c', str(self.conf)], cwd=self.folder,
                env=dict(self.environ), stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
                start_new_session=True)

    def proxy(self, timeout: float = 10.0) -> Any:
        """Only for threads inside the namespace: see `call`."""
        return xmlrpc.client.ServerProxy(f'{self.url}/RPC2', transport=_Once(timeout))

    def call(self, method: str, *params: Any, timeout: float = 10.0) -> Any:
        return self.crew.submit(self.ask, method, params, timeout).result()

    def ask(self, method: str, params: tuple[Any, ...], timeout: float) -> Any:
        """Call one method from a thread that is inside."""
        with self.proxy(timeout) as proxy:
            return getattr(proxy, method)(*params)


class FaultCluster(LocalCluster):
    """Each daemon has the address 10.99.0.N in its own namespace; nothing of it can be reached from the machine."""

    daemons: list[NetDaemon]  # type: ignore[assignment]

    def __init__(self, layout: Layout, base: Path | None = None) -> None:
        self._addresses = {nick: f'{SUBNET}.{number}' for number, nick in enumerate(layout.nicks, 1)}
        super().__init__(layout, base)
        self.network = Network(self.mark, self._addresses)
        self.daemons = [self._moved(daemon) for daemon in self.daemons]

    def _moved(self, daemon: Daemon) -> NetDaemon:
        return NetDaemon(
            nick=daemon.nick, port=daemon.port, folder=daemon.folder, supervisord=daemon.supervisord,
            environ={**daemon.environ, NICK: daemon.nick}, address=self._addresses[daemon.nick],
            prefix=self.network.inside(daemon.nick), crew=Crew(self.network.namespace(daemon.nick), daemon.nick))

    def rewrite(self, layout: Layout) -> None:
        super().rewrite(layout)
        for daemon in self.daemons:
            text = daemon.conf.read_text()
            for other in self.daemons:
                text = text.replace(f'{HOST}:{other.port}', f'{self._addresses[other.nick]}:{other.port}')
            daemon.conf.write_text(text)

    def __getitem__(self, name: str | int) -> NetDaemon:
        found = super().__getitem__(name)
        assert isinstance(found, NetDaemon)
        return found

    def stop(self, grace: float = 10.0) -> Ending:
        ending = super().stop(grace)
        for daemon in self.daemons:
            daemon.crew.close()
        self.network.close()
        return ending

    def __enter__(self) -> FaultCluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.stop()
        self.remove()
