"""Where the plugin logs: in supervisord's own log, or in a file of its own. supervisord's format is never altered."""
from __future__ import annotations

from typing import Any

from supervisor import loggers

from supvisors.model.options import Options

SHARED = 'AUTO'
FORMAT = '%(asctime)s;%(levelname)s;%(message)s\n'


class Log:
    """Callable with a level of supervisord (`critical`, `error`, `warn`, `info`, `debug`) and a text."""

    def __init__(self, host_logger: Any, options: Options) -> None:
        self._own = options.logfile.upper() != SHARED
        self._logger = self._make(options) if self._own else host_logger
        self._prefix = '' if self._own else 'supvisors: '

    def _make(self, options: Options) -> Any:
        logger = loggers.getLogger(getattr(loggers.LevelsByName, _LEVEL_NAMES[options.loglevel]))
        if options.logfile.upper() != 'NONE':
            loggers.handle_file(logger, options.logfile, FORMAT, rotating=options.logfile_maxbytes > 0,
                                maxbytes=options.logfile_maxbytes, backups=options.logfile_backups)
        return logger

    def __call__(self, level: str, text: str) -> None:
        getattr(self._logger, level)(self._prefix + text)

    def close(self) -> None:
        if self._own:
            self._logger.close()


_LEVEL_NAMES = {'critical': 'CRIT', 'error': 'ERRO', 'warn': 'WARN', 'info': 'INFO', 'debug': 'DEBG', 'trace': 'TRAC',
                'blather': 'BLAT'}
