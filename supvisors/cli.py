"""The command `supvisors`."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from supvisors_client import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its status."""
    parser = argparse.ArgumentParser(prog='supvisors', description='Makes many supervisord daemons one system.')
    parser.add_argument('--version', action='version', version=f'supvisors {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND', required=True)
    _add_check(commands)
    _add_demo(commands)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


CHECK = """\
Reads supervisord's configuration files as supervisord and Supvisors would at their start, and starts, opens or writes
nothing: the options of [rpcinterface:supvisors], the rules files, the secret, and which instance of supvisors_list is
the local one. All errors and warnings are printed, with their file and line.

Several files are taken as files of one system: what must be the same in all of them is compared (supvisors_list,
multicast_group, strategies, core_identifiers, rules, and the secret, which is never shown), and no two may be for the
same instance, or give the same nick to two instances. An instance that no file is for is worth a warning.

Names in core_identifiers and in rules files are compared with the identifiers, nicks and stereotypes of the instances.
As the stereotypes of an instance are in its own file, all names that mean nothing are told (warnings) when each
instance of supvisors_list has its file here. With fewer files, only those that end with a port, as identifiers do, are
told: any other one may be a stereotype that is not known here. Of core_identifiers in a single file, that is a note
(--json). With multicast_group, instances may come that no file names: nothing is told."""

CHECK_END = """\
A file may be checked on another host than its own. Paths, users and variables are then looked for on this host, and the
local instance too, unless the file tells it (local_identifier, or identifier in [supervisord]): when this host is none
of supvisors_list, that is a warning, and an error with --local. Only regular files are read: no pipes.

status: 0 when there is no error, 1 when there is one, 2 when the command itself is not understood"""


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        'check', help='check configuration files of supervisord, without starting anything', description=CHECK,
        epilog=CHECK_END, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('files', nargs='+', metavar='FILE', help='configuration file of a supervisord')
    parser.add_argument('-i', '--identifier', default='', metavar='NAME',
                        help='the identifier that supervisord is started with (its option -i); for a single FILE')
    parser.add_argument('--local', action='store_true', help='refuse a file that is not for this host')
    parser.add_argument('--json', action='store_true', help='print JSON')
    parser.set_defaults(run=lambda options: _run_check(options, parser))


def _run_check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from supvisors.config.check import as_json, as_text, check

    if options.identifier and len(options.files) > 1:
        parser.error('-i is for a single FILE: two instances cannot have the same identifier')
    report = check(options.files, options.local, options.identifier)
    print(as_json(report) if options.json else as_text(report))
    return 0 if report.ok else 1


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = 'three daemons on this machine, two applications, and the end of the daemon under one of them'
    parser = commands.add_parser('demo', help=text, description=text.capitalize() + '.')
    parser.add_argument('--once', action='store_true', help='print the tables before and after, then end')
    parser.add_argument('--base', type=Path, metavar='DIR', help='make the temporary folder in DIR')
    parser.set_defaults(run=_run_demo)


def _run_demo(options: argparse.Namespace) -> int:
    from supvisors.demo.command import run

    return run(options.once, options.base)


if __name__ == '__main__':
    sys.exit(main())
