"""Everything that touches supervisord. The only room that knows its internals."""
from supvisors.host.callbacks import Callbacks, Observation
from supvisors.host.faults import register_faults
from supvisors.host.host import Host
from supvisors.host.http import HostError
from supvisors.host.spawning import Outcome

__all__ = ['Callbacks', 'Host', 'HostError', 'Observation', 'Outcome', 'register_faults']
