"""Instance to instance: one background thread per daemon, that moves bytes and decides nothing."""
from supvisors.bus.bus import Bus
from supvisors.bus.counters import Counters
from supvisors.bus.inbox import Received
from supvisors.bus.multicast import Discovery

__all__ = ['Bus', 'Counters', 'Discovery', 'Received']
