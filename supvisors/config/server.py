"""supervisord's own configuration file, read by supervisord's own code and without any of its side effects."""
from __future__ import annotations

import os
import re
import socket
from typing import Any

import attrs
from supervisor.options import ServerOptions

from supvisors.config.errors import ConfigurationError, Note, Problem
from supvisors.config.places import SECTION, endless, places

FACTORY = 'supvisors.plugin:make_supvisors_rpcinterface'
MAIN_FACTORY = 'supervisor.rpcinterface:make_main_rpcinterface'
ADD = f'add: [{SECTION}] with supervisor.rpcinterface_factory = {FACTORY}'
HERE = 'without [include], %(here)s is written %%(here)s in this section; with [include], it is written %(here)s'

_OPTION = re.compile(rf"for '{re.escape(SECTION)}\.([^']+)'")


@attrs.frozen
class Server:
    """What the plugin needs of supervisord."""
    raw: dict[str, str]
    http_port: int
    nick: str
    here: str
    password: str
    environ: dict[str, str] = attrs.field(repr=False)
    places: dict[str, str]
    notes: tuple[Note, ...] = ()


def read_server(file: str, nick: str = '') -> Server:
    """Return what the file gives to the plugin.

    :param nick: what supervisord would be given with `-i`, if anything
    :raise ConfigurationError: supervisord would not start, or would start without Supvisors
    """
    if pipes := endless(file):
        raise ConfigurationError([_not_regular(pipe) for pipe in pipes])
    options = _Options()
    try:
        options.realize(['-c', file, *(('-i', nick) if nick else ())], doc='', progname='supervisord')
    except _Refused as error:
        raise ConfigurationError([_refused(file, str(error))]) from None
    except Exception as error:
        # supervisord itself would end with the traceback of it
        text = f'supervisord cannot read it ({type(error).__name__}: {error})'
        raise ConfigurationError([Problem(file, None, '', text, 'correct the file')]) from None
    factories = {name: (factory, raw) for name, factory, raw in options.rpcinterface_factories}
    inet = [config for config in options.server_configs if config['family'] == socket.AF_INET]
    problems = [*_section_problems(file, factories), *_server_problems(file, inet)]
    if problems:
        raise ConfigurationError(problems)
    notes = [Note('warn', f'{file}: {text}') for text in options.parse_warnings]
    if 'supervisor' not in factories:
        notes.append(Note('warn', f'{file}: there is no [rpcinterface:supervisor], which supervisorctl and the clients '
                                  f'need: add it, with supervisor.rpcinterface_factory = {MAIN_FACTORY}'))
    environ = {key.removeprefix('ENV_'): value for key, value in options.environ_expansions.items()}
    return Server(factories['supvisors'][1], inet[0]['port'], options.identifier, options.here or os.getcwd(),
                  inet[0]['password'] or '', environ, places(file), tuple(notes))


class _Refused(Exception):
    """supervisord would print this and end."""


class _Options(ServerOptions):  # type: ignore[misc]
    """Never prints, never ends the process. Nothing is opened before `make_logger` and `openhttpservers`."""

    def usage(self, msg: Any) -> None:
        raise _Refused(str(msg))


def _not_regular(file: str) -> Problem:
    return Problem(file, None, '', 'it is not a regular file, hence it is not read: reading it might never end',
                   'copy its content into a file, and check that one')


def _refused(file: str, text: str) -> Problem:
    option = _OPTION.search(text)
    place = places(file).get(option[1], '') if option else ''
    remedy = HERE if option and ("('here')" in text or "unsupported format character '/'" in text) else 'correct it'
    # the rest is all the variables of the environment
    said = text.partition('. Available names')[0]
    return Problem(f'option {option[1]}' if option else file, None, '', f'supervisord says: {said}', remedy, place)


def _section_problems(file: str, factories: dict[str, tuple[Any, dict[str, str]]]) -> list[Problem]:
    ours = [name for name, (factory, _) in factories.items() if _spec(factory) == FACTORY]
    if 'supvisors' in ours:
        return []
    if 'supvisors' in factories:
        reason = f'the factory of [{SECTION}] is {_spec(factories["supvisors"][0])}'
        return [Problem(file, None, '', reason, f'set it to {FACTORY}')]
    if ours:
        return [Problem(file, None, '', f'[rpcinterface:{ours[0]}] has the factory of Supvisors under another name',
                        f'rename it to [{SECTION}]')]
    return [Problem(file, None, '', f'there is no [{SECTION}]: supervisord would start without Supvisors', ADD)]


def _server_problems(file: str, inet: list[dict[str, Any]]) -> list[Problem]:
    if inet:
        return []
    return [Problem(file, None, '', 'Supvisors needs an [inet_http_server], reachable from the other instances',
                    'add: [inet_http_server] with, for example, port=:60000')]


def _spec(factory: Any) -> str:
    return f'{getattr(factory, "__module__", "?")}:{getattr(factory, "__qualname__", "?")}'
