"""Asks each daemon again and again, looks at the processes, and writes it all down."""
from __future__ import annotations

import http.client
import threading
import time
import xmlrpc.client
from typing import Any

from supvisors.demo.waiting import NOT_YET
from tests.faults.cluster import FaultCluster, NetDaemon
from tests.faults.history import History, Life, Silence, View
from tests.faults.life import Watch

PERIOD = 0.3
"""Seconds between two questions to one daemon."""
LOOK = 0.15
"""Seconds between two looks at the processes."""
PATIENCE = 4.0
"""Seconds after which a daemon is silent."""


class Recorder:
    def __init__(self, cluster: FaultCluster, history: History) -> None:
        self.history = history
        self._cluster = cluster
        self._watch = Watch(cluster.mark, lambda nick: cluster[nick].pid if cluster[nick].alive else 0)
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        self._looking = threading.Thread(target=self._guarded, args=(self._look,), name='life')
        self._polls = [daemon.crew.submit(self._guarded, self._poll, daemon) for daemon in cluster.daemons]
        self._looking.start()

    def close(self) -> None:
        self._end.set()
        self._looking.join()
        for poll in self._polls:
            poll.result()
        if self._errors:
            raise self._errors[0]

    def _guarded(self, action: Any, *arguments: Any) -> None:
        try:
            while not self._end.is_set():
                action(*arguments)
        except BaseException as error:
            self._errors.append(error)

    def _look(self) -> None:
        begin = time.monotonic()
        self._end.wait(LOOK)
        self.look(0.0 if self._end.is_set() else time.monotonic() - begin - LOOK)

    def look(self, late: float = 0.0) -> Life:
        since = self.history.now
        with self._lock:
            return self.history.add(Life(since=since, copies=self._watch.copies(), late=late))

    def _poll(self, daemon: NetDaemon) -> None:
        begin = time.monotonic()
        try:
            self.history.add(self.view(daemon))
        except NOT_YET as error:
            self.history.add(Silence(nick=daemon.nick, took=time.monotonic() - begin,
                                     error=f'{type(error).__name__}: {error}'))
        self._end.wait(max(0.05, PERIOD - (time.monotonic() - begin)))

    def view(self, daemon: NetDaemon) -> View:
        """Ask a daemon, from a thread inside its namespace."""
        with daemon.proxy(PATIENCE) as proxy:
            begin = time.monotonic()
            state = proxy.supvisors.get_supvisors_state()
            took = time.monotonic() - begin
            own = proxy.supvisors.get_all_local_process_info()
            processes = _processes(proxy)
        names = {other.identifier: other.nick for other in self._cluster.daemons}
        return View(
            nick=daemon.nick, took=took, master=names.get(state['master_identifier'], state['master_identifier']),
            state=state['fsm_statename'],
            instances={names.get(key, key): value for key, value in state['instance_states'].items()},
            jobs=(*state['starting_jobs'], *state['stopping_jobs']),
            processes=None if processes is None else {
                key: tuple(sorted(names.get(one, one) for one in where)) for key, where in processes.items()},
            own=tuple(sorted(_namespec(info['group'], info['name']) for info in own if _present(info['state']))))


def _processes(proxy: Any) -> dict[str, list[str]] | None:
    try:
        return {_namespec(info['application_name'], info['process_name']):
                info['identifiers'] if _present(info['statecode']) else []
                for info in proxy.supvisors.get_all_process_info()}
    except xmlrpc.client.Fault as fault:
        if fault.faultCode == 101:  # BAD_SUPVISORS_STATE: it has no system to tell of
            return None
        raise


def _present(state: int) -> bool:
    return state in (10, 20, 30, 40)  # STARTING, RUNNING, BACKOFF, STOPPING


def _namespec(group: str, name: str) -> str:
    return name if group == name else f'{group}:{name}'


LOST = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError)
"""Errors that mean that no answer came."""
