"""Where the plugin logs: in supervisord's own log, or in a file of its own. supervisord's format is never altered."""
from __future__ import annotations

from typing import Any

from supervisor import loggers

from supvisors.host.http import HostError
from supvisors.model.options import Options

SHARED = 'AUTO'
FORMAT = '%(asctime)s;%(levelname)s;%(message)s\n'


class Log:
    """Callable with a level of supervisord (`critical`, `error`, `warn`, `info`, `debug`) and a text."""

    def __init__(self, server: Any, options: Options) -> None:
        """`server`: the options of supervisord. Raises HostError if the log file cannot be opened."""
        self._server = server
        self._own = options.logfile.upper() != SHARED
        self._logger = self._make(options) if self._own else server.logger
        self._prefix = '' if self._own else 'supvisors: '
        self._reopen_host = server.reopenlogs
        if self._own:
            server.reopenlogs = self._reopen

    def _make(self, options: Options) -> Any:
        logger = loggers.getLogger(getattr(loggers.LevelsByName, _LEVEL_NAMES[options.loglevel]))
        if options.logfile.upper() != 'NONE':
            try:
                loggers.handle_file(logger, options.logfile, FORMAT, rotating=options.logfile_maxbytes > 0,
                                    maxbytes=options.logfile_maxbytes, backups=options.logfile_backups)
            except OSError as error:
                why = f'option logfile = {options.logfile!r}: cannot be opened ({error.strerror})'
                raise HostError(f'{why}; create its folder, correct its permissions, or use AUTO to '
                                'share the log of supervisord') from None
        return logger

    def __call__(self, level: str, text: str) -> None:
        getattr(self._logger, level)(self._prefix + text)

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


_LEVEL_NAMES = {'critical': 'CRIT', 'error': 'ERRO', 'warn': 'WARN', 'info': 'INFO', 'debug': 'DEBG', 'trace': 'TRAC',
                'blather': 'BLAT'}
