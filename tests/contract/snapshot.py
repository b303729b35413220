"""All that a system shows, without what time changes by itself: equal before and after what must change nothing."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from supvisors.demo import Daemon
from tests.contract.raw_rpc import RawClient

_CLOCKS = frozenset((
    'now', 'now_monotonic', 'description', 'uptime', 'stalled', 'remote_sequence_counter', 'remote_mtime',
    'remote_time', 'local_sequence_counter', 'local_mtime', 'local_time',
))
"""Clocks, and what is counted from them. Not the times of events, nor the pids: nothing happens."""

_METHODS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ('supvisors.get_supvisors_state', ()),
    ('supvisors.get_all_instances_state_modes', ()),
    ('supvisors.get_master_identifier', ()),
    ('supvisors.get_core_identifiers', ()),
    ('supvisors.get_strategies', ()),
    ('supvisors.get_statistics_status', ()),
    ('supvisors.get_all_instances_info', ()),
    ('supvisors.get_all_applications_info', ()),
    ('supvisors.get_all_process_info', ()),
    ('supvisors.get_all_local_process_info', ()),
    ('supvisors.get_inner_process_info', ()),
    ('supvisors.get_conflicts', ()),
    ('supervisor.getState', ()),
    ('supervisor.getPID', ()),
    ('supervisor.getAllProcessInfo', ()),
    ('supervisor.getAllConfigInfo', ()),
)


def snapshot(daemons: Iterable[Daemon]) -> dict[str, Any]:
    """What each daemon answers to every method that reads, by `nick: method(arguments)`."""
    seen: dict[str, Any] = {}
    for daemon in daemons:
        with RawClient(daemon) as client:
            seen |= {f'{daemon.nick}: {method}{arguments}': _stable(_value(client, method, arguments))
                     for method, arguments in _calls(client)}
        for path in sorted(daemon.folder.glob('*.json')):
            seen[f'{daemon.nick}: {path.name}'] = path.read_text()
    return seen


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())
            if before.get(key) != after.get(key)}


def _calls(client: RawClient) -> Iterable[tuple[str, tuple[Any, ...]]]:
    yield from _METHODS
    for application in _value(client, 'supvisors.get_all_applications_info', ()):
        name = application['application_name']
        yield 'supvisors.get_application_rules', (name,)
        yield 'supvisors.get_process_rules', (f'{name}:*',)
    for instance in _value(client, 'supvisors.get_all_instances_info', ()):
        yield 'supvisors.get_network_info', (instance['identifier'],)


def _value(client: RawClient, method: str, arguments: tuple[Any, ...]) -> Any:
    reply = client.call(method, *arguments)
    assert reply.status == 200 and reply.fault == (0, ''), (method, arguments, reply)
    return reply.value


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(item) for key, item in value.items() if key not in _CLOCKS}
    return [_stable(item) for item in value] if isinstance(value, list) else value
