"""Options of the `[rpcinterface:supvisors]` section, once read and checked."""

from __future__ import annotations

import attrs

from supvisors.model.enums import ConciliationStrategy, StartingStrategy, SupvisorsFailureStrategy, SynchroOption
from supvisors.model.identity import Identity


@attrs.frozen
class Options:
    """Every option that the plugin acts on. Durations are in seconds."""

    instances: tuple[Identity, ...] = ()
    """The elements of `supvisors_list`, in order; empty when the option is absent."""
    local_identifier: str = ''
    """Which element of `instances` is the local one (identifier or nick); empty: it is looked for."""
    stereotypes: tuple[str, ...] = ()
    rules_files: tuple[str, ...] = ()
    auto_fence: bool = False
    multicast_group: tuple[str, int] | None = None
    """Group and port of the discovery; None when it is off."""
    multicast_interface: str = ''
    """Address of the interface on which the discovery listens; empty: any."""
    multicast_ttl: int = 1
    synchro_options: frozenset[SynchroOption] = frozenset((SynchroOption.STRICT, SynchroOption.TIMEOUT))
    synchro_timeout: float = 15.0
    core_identifiers: tuple[str, ...] = ()
    conciliation_strategy: ConciliationStrategy = ConciliationStrategy.USER
    starting_strategy: StartingStrategy = StartingStrategy.CONFIG
    supvisors_failure_strategy: SupvisorsFailureStrategy = SupvisorsFailureStrategy.CONTINUE
    failure_timeout: float = 3.0
    orphans: str = 'report'
    """What is done with programs that survived a killed supervisord: report, stop or ignore."""
    disabilities_file: str = ''
    """Remembers the disabled programs; empty: nothing does."""
    wait_exit_timeout: float = 0.0
    """Given to a process with `wait_exit` to end, once it runs; 0 is no limit."""
    bus_port: int = 0
    """Port of the bus; 0 lets the system choose a free one."""
    bus_host: str = ''
    """Host told to the others for the bus, when they must not use the one of `supvisors_list`."""
    secret_file: str = ''
    logfile: str = 'AUTO'
    logfile_maxbytes: int = 50 * 1024 * 1024
    logfile_backups: int = 10
    loglevel: str = 'info'
    software_name: str = ''
    host_stats: bool = True
    process_stats: bool = True
    stats_collecting_period: float = 5.0
