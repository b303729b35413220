"""From text to model: the options of the section, the rules files, the local instance."""
from supvisors.config.agreement import agreement
from supvisors.config.configuration import Configuration, read_configuration
from supvisors.config.errors import ConfigurationError, Note, Problem
from supvisors.config.instances import Found, find_local
from supvisors.config.network import HostNames, Network, host_names, local_network
from supvisors.config.options import read_options
from supvisors.config.places import places
from supvisors.config.rules import read_rules
from supvisors.config.secret import read_secret

__all__ = [
    'Configuration',
    'ConfigurationError',
    'Found',
    'HostNames',
    'Network',
    'Note',
    'Problem',
    'agreement',
    'find_local',
    'host_names',
    'local_network',
    'places',
    'read_configuration',
    'read_options',
    'read_rules',
    'read_secret',
]
