"""The command `supvisors check`: what the plugin would say of these files at its start, without starting anything.

Of several files, also what must be the same in all of them, and who is who: they are taken as files of one system.
"""
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import attrs

from supvisors.config.agreement import agreement
from supvisors.config.configuration import Reading, gather
from supvisors.config.errors import ConfigurationError, Note, Problem, placed
from supvisors.config.network import is_loopback
from supvisors.config.option_table import LOGFILES
from supvisors.config.rules import find_files
from supvisors.config.server import Server, read_server
from supvisors.model.agreement import differences
from supvisors.model.identity import Identity


@attrs.define
class FileReport:
    """One file. `reading` is None when supervisord would not even call the plugin."""
    file: str
    reading: Reading | None = None
    errors: list[str] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    @property
    def local(self) -> Identity | None:
        """The instance that the file makes of this host."""
        return self.reading.found.local if self.reading and self.reading.found else None

    @property
    def is_certain(self) -> bool:
        """It would be the same instance on any host."""
        if self.reading is None or self.reading.found is None:
            return False
        return self.reading.found.by_name or is_loopback(self.reading.found.local.host_id)

    @property
    def instances(self) -> tuple[Identity, ...]:
        if self.reading is None:
            return ()
        return self.reading.found.instances if self.reading.found else self.reading.options.instances

    @property
    def rules_files(self) -> list[str]:
        return find_files(self.reading.options.rules_files)[0] if self.reading and self.reading.rules else []

    @property
    def applications(self) -> list[str]:
        return sorted(self.reading.rules.applications) if self.reading and self.reading.rules else []

    def take(self, notes: Sequence[Note]) -> None:
        for note in notes:
            (self.notes if note.level == 'info' else self.warnings).append(note.text)


@attrs.define
class Report:
    """All files, and what is wrong between them."""
    files: list[FileReport]
    errors: list[str] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors and not any(file.errors for file in self.files)


def check(files: Sequence[str], local: bool = False, nick: str = '') -> Report:
    """Read the files and compare them.

    :param local: a file that is not for this host is refused
    :param nick: what supervisord would be given with `-i`, if anything
    """
    report = Report([check_file(file, local, nick) for file in dict.fromkeys(map(os.path.abspath, files))])
    read = [file for file in report.files if file.reading and not file.errors]
    _compare(report, read)
    _who_is_who(report, read)
    return report


def check_file(file: str, local: bool = False, nick: str = '') -> FileReport:
    """Read one file, as the plugin would."""
    report = FileReport(file)
    try:
        server = read_server(file, nick)
    except ConfigurationError as error:
        report.errors += map(str, error.problems)
        return report
    reading = gather(server.raw, http_port=server.http_port, nick=server.nick, here=server.here,
                     password=server.password, environ=server.environ, places=server.places)
    report.reading = reading
    report.errors += map(str, reading.problems)
    if local:
        report.errors += map(str, reading.elsewhere)
    else:
        report.warnings += [f'this file is not for this host: {problem}' for problem in reading.elsewhere]
    report.errors += map(str, _logfile_problems(reading, server))
    report.take([*server.notes, *reading.notes])
    return report


def _logfile_problems(reading: Reading, server: Server) -> list[Problem]:
    """The plugin would open its own log; here it is only looked whether that could work."""
    file = reading.options.logfile
    if file in LOGFILES.values() or os.access(file if os.path.exists(file) else os.path.dirname(file), os.W_OK):
        return []
    return placed([Problem('option logfile', file, '', 'it cannot be written',
                           'create its folder, correct its permissions, or use AUTO')], server.places)


def _compare(report: Report, files: Sequence[FileReport]) -> None:
    """Each one with the first: two that agree with it agree with each other."""
    texts = {file.file: agreement(file.reading.options, file.instances, file.reading.rules)
             for file in files if file.reading and file.reading.rules}
    for file in list(texts)[1:]:
        first = next(iter(texts))
        report.errors += [difference.told(f'in {first}', f'in {file}')
                          for difference in differences(texts[first], texts[file])]


def _who_is_who(report: Report, files: Sequence[FileReport]) -> None:
    """Two files for one instance, one nick for two, and instances that have no file."""
    known = [(file, file.local) for file in files if file.local]
    for (one, mine), (other, theirs) in combinations(known, 2):
        if mine.identifier == theirs.identifier:
            _note_twice(report, one, other, mine.identifier)
        elif mine.nick_identifier in (theirs.nick_identifier, theirs.identifier):
            report.errors.append(f'{one.file} and {other.file}: the nick {mine.nick_identifier!r} is given to '
                                 f'{mine.identifier} and to {theirs.identifier}: change one of them')
    if len(files) > 1 and len(known) == len(report.files):
        local = {identity.identifier for _, identity in known}
        missing = dict.fromkeys(item.identifier for file in files for item in file.instances
                                if item.identifier not in local)
        report.warnings += [f'no file is for {identifier}, which is in supvisors_list' for identifier in missing]


def _note_twice(report: Report, one: FileReport, other: FileReport, identifier: str) -> None:
    """What this host is called says nothing of another host, where one of the files may go."""
    text = f'{one.file} and {other.file} are both for {identifier}'
    if all(file.is_certain for file in (one, other)):
        report.errors.append(f'{text}: correct local_identifier, or the identifier of supervisord, in one of them')
    else:
        report.warnings.append(f'{text} on this host: give local_identifier or the identifier of supervisord in each '
                               'of them, or check them where they go')


def as_text(report: Report) -> str:
    """What is wrong, file by file, each with a summary when nothing is."""
    lines = []
    for file in report.files:
        lines += [f'error: {text}' for text in file.errors]
        lines += [f'warning: {text}' for text in file.warnings]
        if not file.errors:
            lines.append(f'ok: {file.file}: {_summary(file)}')
    lines += [f'error: {text}' for text in report.errors]
    lines += [f'warning: {text}' for text in report.warnings]
    return '\n'.join(lines)


def _summary(file: FileReport) -> str:
    local, count = file.local, len(file.instances)
    who = 'an instance on another host'
    if local:
        who = f'instance {local.identifier}'
        if local.nick_identifier != local.identifier:
            who += f' ({local.nick_identifier})'
    return (f'{who}; {count} instance{"s" * (count != 1)}: {", ".join(item.identifier for item in file.instances)}; '
            f'rules: {", ".join(file.rules_files) or "none"}; applications: {", ".join(file.applications) or "none"}')


def as_json(report: Report) -> str:
    """The same, for programs."""
    files: list[dict[str, Any]] = [{
        'file': file.file,
        'identifier': file.local.identifier if file.local else '',
        'nick_identifier': file.local.nick_identifier if file.local else '',
        'instances': [item.identifier for item in file.instances],
        'rules_files': file.rules_files,
        'applications': file.applications,
        'errors': file.errors,
        'warnings': file.warnings,
        'notes': file.notes,
    } for file in report.files]
    return json.dumps({'ok': report.ok, 'files': files, 'errors': report.errors, 'warnings': report.warnings}, indent=2)
