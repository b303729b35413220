"""From text to model: the options of the section, the rules files, the local instance."""
from supvisors.config.errors import ConfigurationError, Note, Problem
from supvisors.config.instances import Found, find_local
from supvisors.config.network import HostNames, Network, host_names, local_network
from supvisors.config.options import read_options
from supvisors.config.rules import read_rules
from supvisors.config.secret import read_secret

__all__ = [
    'ConfigurationError',
    'Found',
    'HostNames',
    'Network',
    'Note',
    'Problem',
    'find_local',
    'host_names',
    'local_network',
    'read_options',
    'read_rules',
    'read_secret',
]
