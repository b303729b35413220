"""Where the plugin logs: in supervisord's own log, or in one of its own. supervisord's format is never altered."""
from __future__ import annotations

import os
from typing import Any

from supervisor import loggers

from supvisors.host.http import HostError
from supvisors.model.options import Options

SHARED = 'AUTO'
NOWHERE = ('NONE', 'OFF')
SYSLOG = 'SYSLOG'
SYSLOG_SOCKETS = ('/dev/log', '/var/run/syslog', '/var/run/log')
"""Where the C library finds the syslog of the machine (Linux, macOS, FreeBSD)."""
FORMAT = '%(asctime)s;%(levelname)s;%(message)s\n'


class Log:
    """Callable with a level of supervisord (`critical`, `error`, `warn`, `info`, `debug`) and a text."""

    def __init__(self, server: Any, options: Options) -> None:
        """`server`: the options of supervisord. Raises HostError if the log cannot be opened."""
        self._server = server
        self._own = options.logfile.upper() != SHARED
        self._logger = _make(server, options) if self._own else server.logger
        self._prefix = '' if self._own else 'supvisors: '
        self._reopen_host = server.reopenlogs
        if self._own:
            server.reopenlogs = self._reopen

    def __call__(self, level: str, text: str) -> None:
        getattr(self._logger, level)(self._prefix + text)

    def set_level(self, name: str) -> None:
        """Log from this level on, until supervisord restarts or reloads. A shared log changes for supervisord too."""
        level = loggers.getLevelNumByDescription(name)
        self._logger.level = level
        for handler in self._logger.handlers:
            handler.setLevel(level)

    def _reopen(self) -> None:
        """SIGUSR2: a log that was moved away is left for a new one, as supervisord does for its own."""
        self._reopen_host()
        for handler in self._logger.handlers:
            if hasattr(handler, 'reopen'):
                handler.reopen()

    def close(self) -> None:
        if self._own:
            self._server.reopenlogs = self._reopen_host
            self._logger.close()


def _make(server: Any, options: Options) -> Any:
    """A logger of our own. In the foreground it is echoed, as supervisord's own is."""
    logger = loggers.getLogger(loggers.getLevelNumByDescription(options.loglevel))
    lead = f'{options.software_name.replace("%", "%%")};' if options.software_name else ''
    if server.nodaemon and not server.silent:
        loggers.handle_stdout(logger, lead + FORMAT)
    kind = options.logfile.upper()
    if kind == SYSLOG:
        _warn_without_syslog(server.logger)
        loggers.handle_syslog(logger, lead + FORMAT.rstrip('\n'))
    elif kind not in NOWHERE:
        _add_file(logger, lead + FORMAT, options)
    return logger


def _add_file(logger: Any, form: str, options: Options) -> None:
    try:
        loggers.handle_file(logger, options.logfile, form, rotating=options.logfile_maxbytes > 0,
                            maxbytes=options.logfile_maxbytes, backups=options.logfile_backups)
    except OSError as error:
        why = f'option logfile = {options.logfile!r}: cannot be opened ({error.strerror})'
        raise HostError(f'{why}; create its folder, correct its permissions, or use AUTO to '
                        'share the log of supervisord') from None


def _warn_without_syslog(logger: Any) -> None:
    # the C library drops what it is given, without a word; a syslog that starts later gets the rest
    if not any(map(os.path.exists, SYSLOG_SOCKETS)):
        logger.warn(f'supvisors: option logfile = SYSLOG: no syslog on this machine ({", ".join(SYSLOG_SOCKETS)}), '
                    'nothing is logged until there is one; start one, or use AUTO to share the log of supervisord')
