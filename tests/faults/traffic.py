"""Clients that ask for starts, stops and restarts while the faults happen."""
from __future__ import annotations

import random
import threading
import xmlrpc.client
from collections.abc import Sequence
from concurrent.futures import Future

from tests.faults.cluster import FaultCluster, NetDaemon
from tests.faults.history import Answered, Asked, History
from tests.faults.recorder import LOST

OUTCOME = 60.0
"""Seconds within which a request must have its outcome."""
PAUSE = 0.4, 1.6

_METHODS = {
    'start_process': ('supvisors.start_process', 5), 'stop_process': ('supvisors.stop_process', 3),
    'restart_process': ('supvisors.restart_process', 2), 'start_application': ('supvisors.start_application', 1),
    'stop_application': ('supvisors.stop_application', 1), 'restart_application': ('supvisors.restart_application', 1),
}


class Traffic:
    """Requests about the programs of one managed application, drawn from a seed."""

    def __init__(self, cluster: FaultCluster, history: History, application: str, names: Sequence[str],
                 seed: str) -> None:
        self._cluster, self._history = cluster, history
        self._application = application
        self._namespecs = tuple(f'{application}:{name}' for name in names)
        self._rng = random.Random(seed)
        self._end = threading.Event()
        self._open: list[Future[None]] = []
        self._thread = threading.Thread(target=self._run, name='traffic')
        self._thread.start()

    def close(self) -> None:
        """Ask nothing more, and wait for all outcomes."""
        self._end.set()
        self._thread.join()
        for one in self._open:
            one.result()

    def _run(self) -> None:
        while not self._end.wait(self._rng.uniform(*PAUSE)):
            method = self._rng.choices(list(_METHODS), [weight for _, weight in _METHODS.values()])[0]
            namespec = self._rng.choice(self._namespecs)
            daemon = self._rng.choice(self._cluster.daemons)
            if daemon.alive:
                self._open.append(self.ask(daemon, method, namespec))

    def ask(self, daemon: NetDaemon, method: str, namespec: str) -> Future[None]:
        """Make one request; it is done once its outcome is in the history."""
        whole = method.endswith('application')
        asked = self._history.add(Asked(number=self._history.next_number(), nick=daemon.nick, method=method,
                                        namespecs=self._namespecs if whole else (namespec,)))
        target = self._application if whole else namespec
        arguments = (target,) if method.startswith('stop') else ('CONFIG', target)
        return daemon.crew.submit(self._send, daemon, asked, arguments)

    def _send(self, daemon: NetDaemon, asked: Asked, arguments: tuple[str, ...]) -> None:
        try:
            answer = daemon.ask(_METHODS[asked.method][0], arguments, OUTCOME)
            outcome = 'done' if answer is True else f'strange: {answer!r}'
        except xmlrpc.client.Fault as fault:
            outcome = f'fault {fault.faultCode}: {fault.faultString}'
        except LOST as error:
            outcome = f'lost: {type(error).__name__}: {error}'
        self._history.add(Answered(number=asked.number, outcome=outcome))
