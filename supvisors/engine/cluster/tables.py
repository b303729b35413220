"""The two state machines of the cluster, as tables.

Every pair (state, event) is defined: what is not listed changes nothing.
"""

from __future__ import annotations

from enum import Enum
from itertools import product
from typing import TypeVar

from supvisors.model.enums import InstanceState, SupvisorsState

S = TypeVar('S', bound=Enum)
E = TypeVar('E', bound=Enum)


class InstanceEvent(Enum):
    """What can happen to an instance, as seen by another one."""

    MET = 'a new incarnation is heard'
    WELCOMED = 'all that must be known of it is known'
    ACTIVATED = 'it counts as a member'
    REFUSED = 'its configuration contradicts the local one'
    LOST = 'it is silent, unreachable, restarted or gone'
    ACKNOWLEDGED = 'its loss is taken into account'


class SystemEvent(Enum):
    """What can happen to the system, as one instance sees it."""

    HOST_READY = 'the local supervisord is RUNNING'
    SYNCHRONIZED = 'a synchronisation option is satisfied'
    CONDITIONS_LOST = 'the initial conditions are lost, and the strategy is RESYNC'
    NO_MASTER = 'there is no Master'
    MASTER_DISTRIBUTES = 'the Master is in DISTRIBUTION'
    MASTER_OPERATES = 'the Master is in OPERATION'
    MASTER_RESTARTS = 'the Master is in RESTARTING'
    MASTER_SHUTS_DOWN = 'the Master is in SHUTTING_DOWN'
    MASTER_ENDS = 'the Master is in FINAL'
    HOST_LEAVING = 'the local supervisord stops'


def _total(rows: dict[tuple[S, E], S], states: type[S], events: type[E]) -> dict[tuple[S, E], S]:
    return {(state, event): rows.get((state, event), state) for state, event in product(states, events)}


_I = InstanceState
_ACTIVE = (_I.CHECKING, _I.CHECKED, _I.RUNNING, _I.ISOLATED)

INSTANCE_TABLE = _total(
    {
        (_I.STOPPED, InstanceEvent.MET): _I.CHECKING,
        (_I.CHECKING, InstanceEvent.REFUSED): _I.ISOLATED,
        (_I.CHECKING, InstanceEvent.WELCOMED): _I.CHECKED,
        (_I.CHECKED, InstanceEvent.ACTIVATED): _I.RUNNING,
        **{(state, InstanceEvent.LOST): _I.FAILED for state in _ACTIVE},
        (_I.FAILED, InstanceEvent.ACKNOWLEDGED): _I.STOPPED,
    },
    InstanceState,
    InstanceEvent,
)

_S = SupvisorsState
_E = SystemEvent
_WORKING = (_S.DISTRIBUTION, _S.OPERATION, _S.CONCILIATION)
_ENDING = (_S.RESTARTING, _S.SHUTTING_DOWN)
_FOLLOWED = {
    _E.MASTER_DISTRIBUTES: _S.DISTRIBUTION,
    _E.MASTER_OPERATES: _S.OPERATION,
    _E.MASTER_RESTARTS: _S.RESTARTING,
    _E.MASTER_SHUTS_DOWN: _S.SHUTTING_DOWN,
}

# A Master that is FINAL ends only those that have been told to end: who has just come back waits for the next Master.
SYSTEM_TABLE = _total(
    {
        (_S.OFF, _E.HOST_READY): _S.SYNCHRONIZATION,
        (_S.SYNCHRONIZATION, _E.SYNCHRONIZED): _S.ELECTION,
        **{(state, _E.NO_MASTER): _S.ELECTION for state in _WORKING + _ENDING},
        **{(state, _E.CONDITIONS_LOST): _S.SYNCHRONIZATION for state in (_S.ELECTION, *_WORKING)},
        **{
            (state, event): target
            for event, target in _FOLLOWED.items()
            for state in (_S.SYNCHRONIZATION, _S.ELECTION, *_WORKING, *_ENDING)
        },
        **{(state, _E.MASTER_ENDS): _S.FINAL for state in (*_WORKING, *_ENDING)},
        **{(state, _E.HOST_LEAVING): _S.FINAL for state in SupvisorsState},
    },
    SupvisorsState,
    SystemEvent,
)


def diagram(table: dict[tuple[S, E], S]) -> str:
    """The table as a Mermaid state diagram; parallel transitions are grouped."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for (state, event), target in table.items():
        if target is not state:
            grouped.setdefault((state.name, target.name), []).append(event.name)
    lines = [f'    {source} --> {target}: {", ".join(events)}' for (source, target), events in grouped.items()]
    return '\n'.join(['stateDiagram-v2', *lines])
