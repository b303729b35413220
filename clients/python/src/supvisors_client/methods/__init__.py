"""The methods of the API, described once: name, parameters, result.

The typed methods of the clients, blocking or not, are thin: they hand their arguments and one of these over to the same
few lines. One module for each namespace of the server.
"""

from supvisors_client.methods import supervisor, supvisors, system
from supvisors_client.methods.description import WAIT, ArgsParam, Method, Param, ProcessParam, reads_only

__all__ = ['WAIT', 'ArgsParam', 'Method', 'Param', 'ProcessParam', 'reads_only', 'supervisor', 'supvisors', 'system']
