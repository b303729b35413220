"""Structures that the API returns: immutable, and built by name only, so that fields may be added.

The field names are those of the API (`auto-fencing` becomes `auto_fencing`). A field typed `| None` is None when the
server left it out. An array is a tuple, empty when the server left it out; a map of free keys is a dictionary that
nobody else holds.
"""

from supvisors_client.models.cluster import (
    InstanceInfo,
    Orphan,
    StateModes,
    StatisticsStatus,
    Strategies,
    SupvisorsStatus,
)
from supvisors_client.models.identity import Identifier, MasterIdentifier
from supvisors_client.models.network import LocalNetwork, NetworkAddress, NetworkInfo, NicInformation
from supvisors_client.models.rules import ApplicationRules, ProcessRules, StartPrediction
from supvisors_client.models.supervisord import (
    ConfigInfo,
    LogTail,
    ProcessStatus,
    ReloadResult,
    SupervisorProcessInfo,
    SupervisorState,
)
from supvisors_client.models.work import ApplicationInfo, InnerProcessInfo, LocalProcessInfo, ProcessInfo

__all__ = [
    'ApplicationInfo',
    'ApplicationRules',
    'ConfigInfo',
    'Identifier',
    'InnerProcessInfo',
    'InstanceInfo',
    'LocalNetwork',
    'LocalProcessInfo',
    'LogTail',
    'MasterIdentifier',
    'NetworkAddress',
    'NetworkInfo',
    'NicInformation',
    'Orphan',
    'ProcessInfo',
    'ProcessRules',
    'ProcessStatus',
    'ReloadResult',
    'StartPrediction',
    'StateModes',
    'StatisticsStatus',
    'Strategies',
    'SupervisorProcessInfo',
    'SupervisorState',
    'SupvisorsStatus',
]
