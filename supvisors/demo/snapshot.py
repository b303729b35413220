"""The system at one moment, read through the Python SDK, and what changed since another moment."""
from __future__ import annotations

from collections.abc import Mapping

import attrs

from supvisors_client import SupvisorsClient


@attrs.frozen
class InstanceRow:
    nick: str
    state: str
    loading: int
    processes: int
    url: str
    reason: str


@attrs.frozen
class ProcessRow:
    namespec: str
    state: str
    places: tuple[str, ...]

    @property
    def where(self) -> str:
        return ', '.join(self.places) if self.state == 'RUNNING' else ''


@attrs.frozen
class Snapshot:
    """What one instance, `asked`, says."""
    asked: str
    state: str
    master: str
    instances: tuple[InstanceRow, ...]
    applications: Mapping[str, str]
    processes: tuple[ProcessRow, ...]

    def places(self, application: str) -> set[str]:
        """Where an application runs; empty until all its processes are RUNNING, each in one place."""
        rows = [row for row in self.processes if row.namespec.startswith(f'{application}:')]
        complete = all(row.state == 'RUNNING' and len(row.places) == 1 for row in rows)
        return {place for row in rows for place in row.places} if complete else set()


def take_snapshot(client: SupvisorsClient) -> Snapshot:
    """Ask one instance for everything that the demo shows.

    Raises:
        SupvisorsError: it cannot answer now.
    """
    status = client.get_supvisors_state()
    infos = client.get_all_instances_info()
    nicks = {info.identifier: info.nick_identifier for info in infos}
    working = status.fsm_statename not in ('OFF', 'SYNCHRONIZATION')
    processes = tuple(
        ProcessRow(f'{info.application_name}:{info.process_name}', info.statename,
                   tuple(nicks.get(place, place) for place in info.identifiers))
        for info in (client.get_all_process_info() if working else ()))
    instances = tuple(
        InstanceRow(info.nick_identifier, info.statename, info.loading,
                    sum(info.nick_identifier in row.places for row in processes),
                    f'http://{info.node_name}:{info.port}', info.reason or '')
        for info in sorted(infos, key=lambda info: info.nick_identifier))
    applications = {
        info.application_name: info.statename for info in (client.get_all_applications_info() if working else ())
    }
    master = nicks.get(status.master_identifier, status.master_identifier)
    return Snapshot(status.nick_identifier, status.fsm_statename, master, instances, applications, processes)


def differences(before: Snapshot | None, after: Snapshot) -> list[str]:
    """Return what happened between two snapshots, a line an event."""
    lines = []
    old_instances = {row.nick: row.state for row in before.instances} if before else {}
    for instance in after.instances:
        if old_instances.get(instance.nick) != instance.state:
            why = f' ({instance.reason})' if instance.reason else ''
            lines.append(f'instance {instance.nick} is {instance.state}{why}')
    if before is None or before.master != after.master:
        lines.append(f'the Master is {after.master}' if after.master else 'there is no Master')
    if before is None or before.state != after.state:
        lines.append(f'the system is in {after.state}')
    old_applications = before.applications if before else {}
    for name, state in after.applications.items():
        if old_applications.get(name, 'STOPPED') != state:
            lines.append(f'application {name} is {state}')
    old_processes = {row.namespec: row for row in before.processes} if before else {}
    lines += [_told(row) for row in after.processes if _changed(old_processes.get(row.namespec), row)]
    return lines


def _changed(before: ProcessRow | None, after: ProcessRow) -> bool:
    old = (before.state, before.where) if before else ('STOPPED', '')
    return old != (after.state, after.where)


def _told(row: ProcessRow) -> str:
    return f'process {row.namespec} is {row.state}' + (f' on {row.where}' if row.where else '')
