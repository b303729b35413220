"""Every option of the `[rpcinterface:supvisors]` section, once: name, parser with its range, default, help."""
from __future__ import annotations

import attrs

from supvisors.config.elements import elements_parser
from supvisors.config.parsers import (
    BOOLEAN,
    GLOBS,
    HOST_NAME,
    INTERFACE,
    MULTICAST_GROUP,
    PATH,
    PORT,
    SIZE,
    TEXT,
    WORDS,
    Parser,
    choice,
    integer,
    member,
    members,
    number,
    numbers,
    path_or,
    statistics,
)
from supvisors.model.enums import ConciliationStrategy, StartingStrategy, SupvisorsFailureStrategy, SynchroOption


@attrs.frozen
class Option:
    """One option. `default` is a text of the same kind as a user's, empty when there is none."""
    name: str
    parser: Parser
    default: str
    help: str
    fields: tuple[str, ...] = ()
    """The fields of `model.Options` that it gives, one for each value when there are several; none when it is known
    but not used yet."""
    hidden: bool = False
    """Its value is never shown."""
    split_first: bool = False
    """It is a list of files: the text is split, then each part is expanded."""
    same: bool = False
    """It must be the same on all instances, or say the same."""


LOGFILES = {'AUTO': 'AUTO', 'NONE': 'NONE', 'OFF': 'NONE', 'SYSLOG': 'SYSLOG'}
LEVELS = ('critical', 'error', 'warn', 'info', 'debug', 'trace', 'blather')

FORMER = {
    'internal_port': 'instances find the ports of each other by themselves; bus_port pins the local one',
    'rules_file': 'use rules_files',
    'stereotype': 'use stereotypes',
}
"""Names of old releases, still met in files, and what replaces them."""


def _used(name: str, parser: Parser, default: str, text: str, *fields: str, **kwargs: bool) -> Option:
    return Option(name, parser, default, text, fields or (name,), **kwargs)


def option_table(http_port: int) -> dict[str, Option]:
    """All options by name. The local HTTP port is the default port of the elements of `supvisors_list`."""
    options = [
        _used('supvisors_list', elements_parser(http_port), '', 'The instances of the system, in order.', 'instances',
              same=True),
        *(option for group in GROUPS.values() for option in group),
    ]
    return {option.name: option for option in options}


GROUPS: dict[str, tuple[Option, ...]] = {
    'Instances': (
        _used('local_identifier', TEXT, '', 'The local instance in supvisors_list: its identifier or nick.'),
        _used('stereotypes', WORDS, '', 'Tags of the local instance, accepted wherever an identifier is.'),
        _used('core_identifiers', WORDS, '', 'Identifiers, nicks or stereotypes that CORE waits for.', same=True),
        _used('multicast_group', MULTICAST_GROUP, '', 'Group and port of the discovery; setting it turns it on.',
              same=True),
        _used('multicast_interface', INTERFACE, 'ANY', 'Address of the interface on which the discovery listens.'),
        _used('multicast_ttl', integer(0, 255), '1', 'Number of hops that the discovery may go.'),
    ),
    'Links between instances': (
        _used('bus_port', integer(0, 65535), '0', 'TCP port where this instance listens to the others, not the HTTP '
              'port; 0: any free one.'),
        _used('bus_host', HOST_NAME, '', 'Host where the others reach that port, when it is not the one of the list.'),
        _used('secret_file', PATH, '', 'File holding the secret that the instances share; without it, the password of '
              '[inet_http_server] is the secret.', hidden=True, same=True),
        _used('wait_exit_timeout', number(0, 86400), '0',
              'Seconds given to a process with wait_exit to end, once it runs; 0: no limit.'),
        _used('failure_timeout', number(0.5, 3600), '3', 'Seconds of silence after which an instance is suspected.'),
        _used('inactivity_ticks', integer(2, 720), '', 'failure_timeout in ticks of 5 seconds, as it used to be given.',
              'failure_timeout'),
    ),
    'Behaviour of the system': (
        _used('synchro_options', members(SynchroOption), 'STRICT, TIMEOUT, CORE', 'What ends the synchronization; CORE '
              'counts only when core_identifiers is set.'),
        _used('synchro_timeout', integer(0, 1200), '15', 'Seconds after which TIMEOUT ends the synchronization.'),
        _used('auto_fence', BOOLEAN, 'false', 'Isolate the instances that were lost.', same=True),
        _used('conciliation_strategy', member(ConciliationStrategy), 'USER', 'How duplicate processes are settled.',
              same=True),
        _used('starting_strategy', member(StartingStrategy), 'CONFIG', 'Where the processes of applications start, '
              'unless the rules say otherwise.', same=True),
        _used('supvisors_failure_strategy', member(SupvisorsFailureStrategy), 'CONTINUE', 'What is done when the '
              'conditions of the synchronization are not met any more; always CONTINUE when synchro_options has '
              'TIMEOUT.', same=True),
        _used('rules_files', GLOBS, '', 'Rules of applications and programs, in XML.', split_first=True, same=True),
        _used('orphans', choice(('report', 'stop', 'ignore')), 'report', 'What is done with programs that survived a '
              'killed supervisord, which a file beside its pid file remembers. report: they are logged and shown, and '
              'run twice where they are started again; stop: they are stopped, and started again only then; ignore: '
              'nothing, without a file.'),
        _used('disabilities_file', PATH, '', 'JSON file that remembers the disabled programs; without it they are '
              'forgotten when supervisord restarts.'),
    ),
    'Log': (
        _used('logfile', path_or(LOGFILES), 'AUTO', "Own log file; AUTO: supervisord's log."),
        _used('logfile_maxbytes', SIZE, '50MB', 'Size at which the own log file rotates; 0: never.'),
        _used('logfile_backups', integer(0), '10', 'Number of rotated log files kept.'),
        _used('loglevel', choice(LEVELS), 'info', "Level of the own log file; no effect in supervisord's."),
    ),
    'Events and statistics': (
        Option('event_link', choice(('NONE', 'ZMQ', 'WS')), 'NONE', 'Publication of events to the outside.'),
        Option('event_port', PORT, '', 'Port of that publication; the HTTP port + 1 by default.'),
        _used('stats_enabled', statistics(), 'ALL', 'Statistics collected: of the host, of the processes. OFF adds '
              'nothing, a true boolean is ALL.', 'host_stats', 'process_stats'),
        _used('stats_collecting_period', number(1, 3600), '5', 'Seconds between two samples, at least.'),
        Option('stats_periods', numbers(1, 3600, 3), '10', 'Seconds over which the statistics are averaged.'),
        Option('stats_histo', integer(10, 1500), '200', 'Number of points kept.'),
        Option('stats_irix_mode', BOOLEAN, 'false', 'Share of one processor rather than of all.'),
    ),
    'Dashboard': (
        _used('software_name', TEXT, '', 'Title of the dashboard; it begins the lines of an own log file, too.'),
        Option('software_icon', GLOBS, '', 'Image of the dashboard.', split_first=True),
        Option('css_files', GLOBS, '', 'More style sheets of the dashboard.', split_first=True),
        Option('tail_limit', SIZE, '1KB', 'Size of a log in the dashboard.'),
        Option('tailf_limit', SIZE, '1KB', 'Size of a log that is followed in the dashboard.'),
    ),
}
"""The options but `supvisors_list`, by heading."""
