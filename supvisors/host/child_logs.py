"""The log files of programs that supervisord names itself (AUTO). Those of a former life are cleared at start."""
from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from supervisor.datatypes import Automatic

_CHANNELS = ('stdout', 'stderr')


def make(config: Any) -> None:
    """Both, or none. Raises OSError."""
    asked = [channel for channel in _CHANNELS if getattr(config, f'{channel}_logfile') is Automatic]
    try:
        config.create_autochildlogs()
    except OSError:
        for channel in asked:
            path = getattr(config, f'{channel}_logfile')
            if path is not Automatic:
                with suppress(OSError):
                    os.unlink(path)
        raise


def remove(config: Any) -> None:
    """With the older ones that rotation has left. Files that the user has named are left alone."""
    for channel, path in _automatic(config):
        with suppress(OSError):
            os.unlink(path)
            for number in itertools.count(1) if getattr(config, f'{channel}_logfile_backups') else ():
                os.unlink(f'{path}.{number}')


def _automatic(config: Any) -> Iterator[tuple[str, str]]:
    """Channel and path of those that supervisord has named: it knows them by their names too."""
    options = config.options
    for channel in _CHANNELS:
        path = getattr(config, f'{channel}_logfile')
        if isinstance(path, str):
            folder, name = os.path.split(path)
            if os.path.abspath(folder) == os.path.abspath(options.childlogdir) and name.endswith('.log') \
                    and name.startswith(f'{config.name}-{channel}---{options.identifier}-'):
                yield channel, path
