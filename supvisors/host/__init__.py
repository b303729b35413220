"""Everything that touches supervisord. The only room that knows its internals."""
from supvisors.host.callbacks import Callbacks, Observation
from supvisors.host.disabilities import Disabilities
from supvisors.host.faults import register_faults
from supvisors.host.host import Host
from supvisors.host.http import HostError
from supvisors.host.orphans import OrphanSettings
from supvisors.host.spawning import Outcome

__all__ = ['Callbacks', 'Disabilities', 'Host', 'HostError', 'Observation', 'OrphanSettings', 'Outcome',
           'register_faults']
