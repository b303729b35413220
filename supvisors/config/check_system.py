"""What is wrong between the configuration files of one system, each of them being right by itself."""
from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from supvisors.config.agreement import agreement
from supvisors.config.check_report import FileReport, Report
from supvisors.config.configuration import Reading
from supvisors.config.errors import at, shown
from supvisors.model.agreement import differences
from supvisors.model.enums import SynchroOption
from supvisors.model.identity import Identity, resolve
from supvisors.model.rules import Rules

ALL = '*'
IDENTIFIER = re.compile(r'.+:[0-9]+')
"""What ends with a port is taken for an identifier, not for a stereotype that is not known here."""
Names = dict[str, list[str]]
"""Names, and where they are written."""


def compare(report: Report) -> None:
    """Each file with the first: two that agree with it agree with each other."""
    readings = report.readings
    for other, theirs in readings[1:]:
        first, mine = readings[0]
        texts = _texts(mine, first), _texts(theirs, other)
        report.errors += [difference.told(f'in {first.file}', f'in {other.file}') for difference in differences(*texts)]
        if mine.secret != theirs.secret:
            report.errors.append(f'the secret is not the same: in {first.file} it is {_origin(mine)}, and in '
                                 f'{other.file} it is {_origin(theirs)}')


def _texts(reading: Reading, file: FileReport) -> Mapping[str, Mapping[str, str]]:
    """What the instances compare when they meet, and what keeps them from meeting at all."""
    group = reading.options.multicast_group
    return {'discovery': {'multicast_group': f'{group[0]}:{group[1]}' if group else ''},
            **agreement(reading.options, file.instances, reading.rules or Rules())}


def _origin(reading: Reading) -> str:
    """Where the secret comes from; the secret itself is never shown."""
    if reading.options.secret_file:
        return f'the content of secret_file {shown(reading.options.secret_file)}'
    return 'the password of [inet_http_server]' if reading.secret else 'not set'


def who_is_who(report: Report) -> None:
    """Two files for one instance, one name for two, and instances that have no file."""
    known = [(file, file.local) for file, _ in report.readings if file.local]
    for (one, mine), (other, theirs) in combinations(known, 2):
        if mine.identifier == theirs.identifier:
            _note_twice(report, one, other, mine.identifier)
        elif clash := _clash(mine, theirs) or _clash(theirs, mine):
            report.errors.append(f'{one.file} and {other.file}: {clash}')
    if len(report.readings) > 1 and len(known) == len(report.files):
        report.warnings += [f'no file is for {identifier}, which is in supvisors_list'
                            for identifier in _without_file(report)]


def _clash(one: Identity, other: Identity) -> str:
    nick = shown(one.nick_identifier)
    if one.nick_identifier == other.nick_identifier:
        return f'the nick {nick} is given to {one.identifier} and to {other.identifier}: change one of them'
    if one.nick_identifier == other.identifier:
        return f'the nick {nick} of {one.identifier} is the identifier of another instance: change it'
    return ''


def _without_file(report: Report) -> list[str]:
    local = {file.local.identifier for file, _ in report.readings if file.local}
    return list(dict.fromkeys(item.identifier for file, _ in report.readings for item in file.instances
                              if item.identifier not in local))


def _note_twice(report: Report, one: FileReport, other: FileReport, identifier: str) -> None:
    """What this host is called says nothing of another host, where one of the files may go."""
    text = f'{one.file} and {other.file} are both for {identifier}'
    if all(file.is_certain for file in (one, other)):
        report.errors.append(f'{text}: correct local_identifier, or the identifier of supervisord, in one of them')
    else:
        report.warnings.append(f'{text} on this host: give local_identifier or the identifier of supervisord in each '
                               'of them, or check them where they go')


def nobodys_names(report: Report) -> None:
    """Names in core_identifiers and in rules files that designate no instance. With the discovery, they may come."""
    readings = report.readings
    if not readings or any(reading.options.multicast_group for _, reading in readings):
        return
    instances = _instances(report)
    # the stereotypes of an instance are in its own file
    complete = len(readings) == len(report.files) and all(file.local for file, _ in readings) and not (
        _without_file(report))
    names = {*instances, *(item.nick_identifier for item in instances.values()),
             *(name for _, reading in readings for name in reading.options.stereotypes)}
    core = _core_names(report, names)
    told = _told(core, complete)
    if len(readings) == 1:
        readings[0][0].notes += told
    else:
        report.warnings += told
    report.warnings += _told(_rules_names(report, names), complete)
    if complete and core:
        _core_alone(report, instances)


def _instances(report: Report) -> dict[str, Identity]:
    """All that are named, as their own file calls them when it is here."""
    instances = {item.identifier: item for file, _ in report.readings for item in file.instances}
    return instances | {file.local.identifier: file.local for file, _ in report.readings if file.local}


def _core_names(report: Report, names: set[str]) -> Names:
    found: Names = {}
    for file, reading in report.readings:
        where = at(file.places, 'core_identifiers') + 'option core_identifiers'
        for name in reading.options.core_identifiers:
            if name not in names and name != ALL:
                found.setdefault(name, []).append(where)
    return found


def _rules_names(report: Report, names: set[str]) -> Names:
    found: Names = {}
    for _, reading in report.readings:
        for name, places in (reading.rules or Rules()).unknown(names).items():
            found.setdefault(name, []).extend(places)
    return found


def _told(names: Names, complete: bool) -> list[str]:
    return [f'{", ".join(dict.fromkeys(places))}: {shown(name)} is the identifier, the nick or a stereotype of no '
            'instance: correct it' for name, places in names.items() if complete or IDENTIFIER.fullmatch(name)]


def _core_alone(report: Report, instances: Mapping[str, Identity]) -> None:
    """Without any Core instance, what waits for them alone never ends."""
    for file, reading in report.readings:
        options = reading.options
        if options.synchro_options == {SynchroOption.CORE} and not resolve(options.core_identifiers, instances):
            report.errors.append(
                f'{at(file.places, "core_identifiers")}option core_identifiers: it designates no instance, and '
                'synchro_options is CORE alone: the synchronization would never end; remedy: correct one of them')
