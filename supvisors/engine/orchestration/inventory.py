"""Every process of every instance, and the state of each process over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from supvisors.engine.cluster.peers import Peers
from supvisors.engine.orchestration.applications import application_view
from supvisors.engine.view import ApplicationView, ProcessView
from supvisors.model.enums import STOPPED_STATES, ProcessState
from supvisors.model.process import ProcessRecord, split_namespec
from supvisors.model.rules import Rules

REMEMBERED = 1000
"""Processes that were removed."""
_CONFLICT_ORDER = (ProcessState.RUNNING, ProcessState.BACKOFF, ProcessState.STARTING, ProcessState.STOPPING)


@attrs.frozen
class Entry:
    """One process on one instance, and when the local instance was told of it."""

    record: ProcessRecord
    received: float
    told: float = 0.0
    """When the local instance was told of the last event of the process; 0 if there was none."""
    has_crashed: bool = False
    """True if it was seen to crash in this life of the instance."""

    @property
    def has_run(self) -> bool:
        return self.record.start != 0 or self.record.state != ProcessState.STOPPED


class Inventory:
    def __init__(self, peers: Peers, rules: Rules) -> None:
        self._peers = peers
        self._rules = rules
        self._processes: dict[str, dict[str, Entry]] = {}
        self._groups: dict[str, set[str]] = {}
        self._views: dict[str, ProcessView] = {}
        self._sorted: list[str] | None = None
        self._loads: dict[str, int] | None = None
        self._lost: set[str] = set()
        """The instances that have not been back since they were lost."""
        self.dirty: set[str] = set()
        """The processes that changed since the Master last looked."""
        self.removed: dict[str, None] = {}
        """The last processes that were known once, and that no instance knows any more."""

    # -- writing
    def apply(self, instance: str, records: Iterable[ProcessRecord], removed: Iterable[str], received: float) -> None:
        for record in records:
            self._put(instance, record, received)
        for namespec in removed:
            self._remove(instance, namespec)

    def replace(self, instance: str, records: Iterable[ProcessRecord], received: float) -> None:
        """A snapshot: what it does not hold is not there any more."""
        if instance in self._lost:
            # a snapshot after a loss begins a new life, of that instance or of ours: what crashed before is forgotten
            self._lost.discard(instance)
            self._forget_crashes(instance)
        records = tuple(records)
        kept = {record.namespec for record in records}
        gone = [key for key, entries in self._processes.items() if instance in entries and key not in kept]
        self.apply(instance, records, gone, received)

    def lose(self, instance: str, received: float) -> None:
        """The instance is lost: what ran there is shown as failed, the rest as it was."""
        self._lost.add(instance)
        for namespec, entries in self._processes.items():
            entry = entries.get(instance)
            if entry and entry.record.state not in STOPPED_STATES:
                lost = attrs.evolve(
                    entry.record,
                    state=ProcessState.FATAL,
                    expected=False,
                    pid=0,
                    spawnerr=f'Supervisor {instance} lost',
                )
                entries[instance] = attrs.evolve(entry, record=lost, received=received)
                self._touch(namespec)

    def _forget_crashes(self, instance: str) -> None:
        for entries in self._processes.values():
            entry = entries.get(instance)
            if entry and entry.has_crashed:
                entries[instance] = attrs.evolve(entry, has_crashed=False)

    def _put(self, instance: str, record: ProcessRecord, received: float) -> None:
        namespec = record.namespec
        entries = self._processes.get(namespec)
        if entries is None:
            entries = self._processes[namespec] = {}
            self._groups.setdefault(record.group, set()).add(namespec)
            self._sorted = None
            self.removed.pop(namespec, None)
        known = entries.get(instance)
        if known is None or known.record != record or (record.crashed and not known.has_crashed):
            entries[instance] = _next_entry(known, record, received)
            self._touch(namespec)

    def _remove(self, instance: str, namespec: str) -> None:
        entries = self._processes.get(namespec)
        if not entries or entries.pop(instance, None) is None:
            return
        self._touch(namespec)
        if not entries:
            group = split_namespec(namespec)[0]
            del self._processes[namespec]
            self._groups[group].discard(namespec)
            if not self._groups[group]:
                del self._groups[group]
            self._sorted = None
            self.removed[namespec] = None
            if len(self.removed) > REMEMBERED:
                del self.removed[next(iter(self.removed))]

    def _touch(self, namespec: str) -> None:
        self.dirty.add(namespec)
        self._views.pop(namespec, None)
        self._loads = None

    # -- reading
    def __contains__(self, namespec: str) -> bool:
        return namespec in self._processes

    def namespecs(self) -> list[str]:
        """All processes, sorted by group then name."""
        if self._sorted is None:
            self._sorted = sorted(self._processes, key=split_namespec)
        return self._sorted

    def groups(self) -> list[str]:
        return sorted(self._groups)

    def group(self, name: str) -> list[str]:
        return sorted(self._groups.get(name, ()), key=split_namespec)

    def record(self, namespec: str, instance: str) -> ProcessRecord | None:
        entry = self._processes.get(namespec, {}).get(instance)
        return entry.record if entry else None

    def records(self, namespec: str) -> list[tuple[str, ProcessRecord]]:
        """What is known of the process on each instance, lost or not."""
        return [(name, entry.record) for name, entry in self._processes.get(namespec, {}).items()]

    def records_of(self, instance: str) -> list[ProcessRecord]:
        return [entry.record for entry in self.entries_of(instance)]

    def entries_of(self, instance: str) -> list[Entry]:
        """What is known of one instance, lost or not, sorted by group then name."""
        return [self._processes[key][instance] for key in self.namespecs() if instance in self._processes[key]]

    def where(self, namespec: str) -> list[str]:
        """The members where it is not stopped (STOPPING included), sorted."""
        return sorted(name for name, record in self._member_records(namespec) if not record.stopped)

    def running_where(self, namespec: str) -> list[str]:
        """The members where it is in the running family, sorted."""
        return sorted(name for name, record in self._member_records(namespec) if record.running)

    def program(self, namespec: str) -> tuple[str, int]:
        """The program that a process comes from, and its index there."""
        record = next(iter(self._processes[namespec].values())).record
        return record.program_name, record.process_index

    def has_run(self, namespec: str) -> bool:
        return any(entry.has_run for entry in self._processes.get(namespec, {}).values())

    def _member_records(self, namespec: str) -> Iterator[tuple[str, ProcessRecord]]:
        for name, entry in self._processes.get(namespec, {}).items():
            if self._peers[name].running:
                yield name, entry.record

    def view(self, namespec: str) -> ProcessView:
        view = self._views.get(namespec)
        if view is None:
            view = self._views[namespec] = self._make_view(namespec)
        return view

    def _make_view(self, namespec: str) -> ProcessView:
        entries = self._processes[namespec]
        any_record = next(iter(entries.values())).record
        alive = [
            entry
            for name, entry in entries.items()
            if self._peers[name].running and entry.record.state not in STOPPED_STATES
        ]
        received = max(entry.received for entry in entries.values())
        latest = max(entries.values(), key=lambda entry: (entry.has_run, entry.received, entry.record.event_mono))
        state, expected = int(latest.record.state), latest.record.expected
        if alive:
            states = [entry.record.state for entry in alive]
            state, expected = next(one for one in _CONFLICT_ORDER if one in states), True
            latest = max(alive, key=lambda entry: entry.received)
        return ProcessView(
            any_record.group,
            any_record.name,
            int(state),
            expected,
            tuple(self.where(namespec)),
            latest.record.extra_args,
            received,
            latest.record.spawnerr if state == ProcessState.FATAL else '',
        )

    def application(self, name: str) -> ApplicationView:
        """Its state as its processes are, whatever is shown of them."""
        views = [self.view(namespec) for namespec in self._groups.get(name, ())]
        return application_view(name, self._rules.application(name), views)

    def load(self, instance: str) -> int:
        """Sum of the expected loading of what is not stopped on a member: what is stopping still needs its room."""
        if self._loads is None:
            self._loads = self._count_loads()
        return self._loads.get(instance, 0)

    def _count_loads(self) -> dict[str, int]:
        loads: dict[str, int] = {}
        for entries in self._processes.values():
            for name, entry in entries.items():
                if not entry.record.stopped and self._peers[name].running:
                    rule = self._rules.program(entry.record.group, entry.record.name)
                    loads[name] = loads.get(name, 0) + rule.expected_loading
        return loads

    def failed(self, instance: str) -> bool:
        """True if one of the processes of the instance has crashed."""
        return any(entries[instance].record.crashed for entries in self._processes.values() if instance in entries)

    def membership_changed(self) -> None:
        """What counts depends on who is a member."""
        self._views.clear()
        self._loads = None
        self.dirty.update(self._processes)


def _next_entry(known: Entry | None, record: ProcessRecord, received: float) -> Entry:
    told, has_crashed = 0.0, record.crashed
    if known is not None:
        told, has_crashed = known.told, has_crashed or known.has_crashed
    if record.event_mono and (known is None or known.record.event_mono != record.event_mono):
        told = received
    return Entry(record, received, told if record.event_mono else 0.0, has_crashed)
