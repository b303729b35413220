"""The command `supvisors check`: what the plugin would say of these files at its start, without starting anything.

Of several files, also what must be the same in all of them, and who is who: they are taken as files of one system.
"""
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from supvisors.config.check_report import FileReport, Report
from supvisors.config.check_system import compare, nobodys_names, who_is_who
from supvisors.config.configuration import Reading, gather
from supvisors.config.errors import ConfigurationError, Problem, placed
from supvisors.config.option_table import LOGFILES
from supvisors.config.server import Server, read_server


def check(files: Sequence[str], local: bool = False, nick: str = '') -> Report:
    """Read the files and compare them.

    :param local: a file that is not for this host is refused
    :param nick: what supervisord would be given with `-i`, if anything
    """
    report = Report([check_file(file, local, nick) for file in dict.fromkeys(map(os.path.abspath, files))])
    for look in (compare, who_is_who, nobodys_names):
        look(report)
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
    report.reading, report.places = reading, server.places
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
    if file in LOGFILES.values():
        return []
    if os.path.isdir(file):
        reason, remedy = 'it is a folder', 'name a file in it, or use AUTO'
    elif os.access(file if os.path.exists(file) else os.path.dirname(file), os.W_OK):
        return []
    else:
        reason, remedy = 'it cannot be written', 'create its folder, correct its permissions, or use AUTO'
    return placed([Problem('option logfile', file, '', reason, remedy)], server.places)


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
