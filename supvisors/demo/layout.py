"""What a cluster on this machine is made of, and the configuration files that say so."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from supvisors.demo.ports import HOST

SLEEP = '/bin/sleep 100000'
RUN_MARK = 'SUPVISORS_RUN'
"""Environment variable that every process of a cluster carries: what is found with it is ours to remove."""

_PROGRAM = {
    'autostart': 'false',
    'autorestart': 'false',
    'startsecs': '0',
    'stopwaitsecs': '5',
    'stdout_logfile': 'NONE',
    'stderr_logfile': 'NONE',
}
_OPTIONS = {'synchro_options': 'STRICT', 'stats_enabled': 'false', 'event_link': 'NONE'}


@attrs.frozen
class Program:
    """A `[program:name]` section. `on` holds the nick names of the daemons that have it; None means all."""
    name: str
    command: str = SLEEP
    on: tuple[str, ...] | None = None
    options: Mapping[str, str] = attrs.field(factory=dict)

    def section(self) -> list[str]:
        options = {'command': self.command.replace('%', '%%'), **_PROGRAM, **self.options}
        return [f'[program:{self.name}]', *(f'{key}={value}' for key, value in options.items()), '']


@attrs.frozen
class Layout:
    """The daemons and their programs. An option whose value is empty is left out of the file."""
    nicks: tuple[str, ...]
    programs: tuple[Program, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    rules: str = ''
    options: Mapping[str, str] = attrs.field(factory=dict)
    own: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    """Options of single daemons, by nick name."""
    username: str = ''
    password: str = ''
    unix_socket: bool = False
    plugin: bool = True

    def text(self, nick: str, ports: Mapping[str, int], folder: Path) -> str:
        """Return the configuration file of one daemon."""
        lines = [*self._servers(ports[nick], folder), *self._supervisord(nick)]
        if self.plugin:
            lines += self._supvisors(nick, ports, folder)
        return '\n'.join([*lines, *self._programs(nick)])

    def _servers(self, port: int, folder: Path) -> list[str]:
        account = [f'username={self.username}', f'password={self.password}'] if self.username else []
        lines = ['[inet_http_server]', f'port={HOST}:{port}', *account, '']
        if self.unix_socket:
            lines += ['[unix_http_server]', f'file={folder}/supervisor.sock', *account, '']
        return [*lines, '[supervisorctl]', f'serverurl=http://{HOST}:{port}', *account, '']

    def _supervisord(self, nick: str) -> list[str]:
        return [
            '[supervisord]', 'nodaemon=true', 'silent=true', f'identifier={nick}', 'loglevel=info',
            'logfile=%(here)s/supervisord.log', 'pidfile=%(here)s/supervisord.pid', 'childlogdir=%(here)s', '',
            '[rpcinterface:supervisor]',
            'supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface', '',
        ]

    def _supvisors(self, nick: str, ports: Mapping[str, int], folder: Path) -> list[str]:
        options = {
            'supvisors_list': ','.join(f'<{nick}>{HOST}:{ports[nick]}' for nick in self.nicks),
            'rules_files': str(folder / 'rules.xml') if self.rules else '',
            **_OPTIONS, **self.options, **self.own.get(nick, {}),
        }
        return [
            '[rpcinterface:supvisors]',
            'supervisor.rpcinterface_factory = supvisors.plugin:make_supvisors_rpcinterface',
            *(f'{key} = {value}' for key, value in options.items() if value), '',
        ]

    def _programs(self, nick: str) -> list[str]:
        here = [program for program in self.programs if program.on is None or nick in program.on]
        lines = [line for program in here for line in program.section()]
        names = {program.name for program in here}
        for group, members in self.groups.items():
            known = [name for name in members if name in names]
            if known:
                lines += [f'[group:{group}]', f'programs={",".join(known)}', '']
        return lines


def rules_file(applications: Sequence[str]) -> str:
    """Return a rules file that holds these `<application>` elements."""
    return '\n'.join(['<?xml version="1.0" encoding="UTF-8"?>', '<root>', *applications, '</root>', ''])


def application(name: str, programs: Mapping[str, Mapping[str, object]], **elements: object) -> str:
    """Return an `<application>` element; `programs` maps a program to its elements."""
    lines = [f'  <application name="{name}">', *_elements(elements, 4), '    <programs>']
    for program, rules in programs.items():
        lines += [f'      <program name="{program}">', *_elements(rules, 8), '      </program>']
    return '\n'.join([*lines, '    </programs>', '  </application>'])


def _elements(values: Mapping[str, object], indent: int) -> list[str]:
    return [f'{" " * indent}<{name}>{value}</{name}>' for name, value in values.items()]
