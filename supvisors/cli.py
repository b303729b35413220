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
    _add_demo(commands)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


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
