"""Follows a cluster through the Python SDK, whichever daemons are alive."""
from __future__ import annotations

import time

from supvisors.demo.cluster import LocalCluster
from supvisors.demo.daemon import Daemon
from supvisors.demo.snapshot import Snapshot, differences, take_snapshot
from supvisors.demo.waiting import wait_for
from supvisors_client import SupvisorsClient, SupvisorsError

ASK_TIMEOUT = 2.0


class Watch:
    """The last snapshot, and the events since the beginning."""

    def __init__(self, cluster: LocalCluster) -> None:
        self._cluster = cluster
        self._clients: dict[str, SupvisorsClient] = {}
        self._begin = time.monotonic()
        self.snapshot: Snapshot | None = None
        self.events: list[str] = []

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()

    def note(self, text: str) -> None:
        """Add an event."""
        self.events.append(f'{time.monotonic() - self._begin:7.2f} s  {text}')

    def look(self) -> Snapshot | None:
        """Take a snapshot from the first daemon that answers; None when none does."""
        for daemon in self._cluster.alive:
            try:
                snapshot = take_snapshot(self._client(daemon))
            except SupvisorsError:
                continue
            for line in differences(self.snapshot, snapshot):
                self.note(line)
            self.snapshot = snapshot
            return snapshot
        return None

    def wait_for_places(self, application: str, without: str, timeout: float) -> set[str]:
        """Wait until all processes of an application run, and none of them on the instance `without`."""
        def elsewhere() -> set[str]:
            snapshot = self.look()
            places = snapshot.places(application) if snapshot else set()
            return set() if without in places else places

        where = f'elsewhere than on {without}' if without else 'completely'
        return wait_for(elsewhere, timeout, f'application {application} running {where}')

    def _client(self, daemon: Daemon) -> SupvisorsClient:
        if daemon.nick not in self._clients:
            self._clients[daemon.nick] = daemon.client(ASK_TIMEOUT)
        return self._clients[daemon.nick]
