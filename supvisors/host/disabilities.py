"""Which programs are disabled, and the file that remembers it: `{program: true when it is disabled}`, in JSON."""
from __future__ import annotations

import itertools
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress

Log = Callable[[str, str], object]
"""Given a level of supervisord and a text."""
_NEW_MODE = 0o644


def _no_log(level: str, text: str) -> None:
    """For who wants none."""


class Disabilities:
    """A container of the names of the disabled programs. Without a path, it remembers nothing."""

    def __init__(self, path: str = '', log: Log = _no_log) -> None:
        self.path = path
        self._log = log
        self._marks: dict[str, bool] = {}
        """As in the file: programs that supervisord does not know are kept."""
        self._warned = False
        self._unread = ''
        """Why there is a file that could not be read: it must not be replaced then."""

    def __contains__(self, program: object) -> bool:
        return isinstance(program, str) and self._marks.get(program, False)

    def read(self) -> None:
        """Once, before any program is started. Whatever is wrong with the file is logged, and survived."""
        if not self.path:
            return
        try:
            self._marks = _parse(_content(self.path))
        except FileNotFoundError:
            return
        except OSError as error:
            self._unread = _why(error)
            self._log('warn', f'disabilities_file {self.path} cannot be read ({self._unread}): no program is disabled, '
                              'and disable and enable are refused; correct it, then restart supervisord')
        except (ValueError, RecursionError) as error:
            self._put_aside(str(error))

    def set(self, program: str, disabled: bool, known: Iterable[str]) -> None:
        """Write the file, with all known programs, and only then believe it. Raises OSError: nothing has changed."""
        marks = {**dict.fromkeys(known, False), **self._marks, program: disabled}
        if not self.path:
            self._warn_once()
        else:
            if self._unread:
                raise OSError(None, f'{self._unread} when supervisord started: correct it, then restart supervisord',
                              self.path)
            _write(self.path, marks)
        self._marks = marks

    def _warn_once(self) -> None:
        if not self._warned:
            self._warned = True
            self._log('warn', 'option disabilities_file is not set: the disabled programs are forgotten when '
                              'supervisord restarts')

    def _put_aside(self, reason: str) -> None:
        told = f'disabilities_file {self.path} is corrupt ({reason}): no program is disabled until disable is called'
        try:
            kept = _rename(self.path)
        except OSError as error:
            self._unread = f'corrupt, and could not be renamed ({_why(error)})'
            self._log('warn', f'{told}; it could not be renamed ({_why(error)}), so disable and enable are refused; '
                              'correct it or remove it, then restart supervisord')
        else:
            self._log('warn', f'{told}; it is kept as {kept}: correct it, put it back and restart supervisord, or '
                              'disable the programs again')


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _content(path: str) -> bytes:
    # a pipe would be waited for
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(None, 'it is not a regular file', path)
    with open(path, 'rb') as file:
        return file.read()


def _parse(content: bytes) -> dict[str, bool]:
    marks = json.loads(content.decode('utf-8-sig'))
    if not isinstance(marks, dict):
        raise ValueError('not a JSON object {program: boolean}')
    for program, disabled in marks.items():
        if not isinstance(disabled, bool):
            raise ValueError(f'the value of {program[:60]!r} is neither true nor false')
    return marks


def _rename(path: str) -> str:
    """Give the file the next free name, and return it."""
    for number in itertools.count(1):
        kept = f'{path}.corrupt-{number}'
        with suppress(FileExistsError):
            # taken by an empty file first: a rename would replace one that has just come
            os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
    try:
        os.replace(path, kept)
    except OSError:
        os.unlink(kept)
        raise
    return kept


def _write(path: str, marks: dict[str, bool]) -> None:
    """All or nothing for whoever reads it."""
    # without fsync, which holds supervisord's loop for more than 20 ms: a power cut may lose the last seconds
    # a link stays a link
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp('.tmp', f'{name}.', folder)
    try:
        with open(descriptor, 'w', encoding='ascii') as file:
            file.write(json.dumps(marks, indent=1, sort_keys=True) + '\n')
            os.fchmod(descriptor, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return _NEW_MODE
