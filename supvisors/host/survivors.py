"""The record on disk of the local programs, for the next supervisord to find those that have survived this one."""
from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from supvisors.host import lives

MOST_BYTES = 4 * 1024 * 1024


class Entry(msgspec.Struct, frozen=True):
    """One program. `start` is that of `lives.Life`."""

    pid: Annotated[int, msgspec.Meta(ge=2, le=2**31 - 1)]
    start: Annotated[int, msgspec.Meta(ge=0)]
    namespec: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Owner(msgspec.Struct, frozen=True):
    """The supervisord that writes."""

    pid: int
    start: int
    session: int

    def lives(self) -> bool:
        life = lives.look(self.pid)
        return life is not None and life.start == self.start


class Content(msgspec.Struct, frozen=True):
    boot: str
    processes: tuple[Entry, ...]
    owner: Owner | None = None
    written: int = 0
    """When, as `lives.now` tells it."""


_NOTHING = Content('', ())


class BadRecord(ValueError):
    """The file is there, and cannot be believed."""


def path_beside(pidfile: str, identifier: str) -> Path:
    """Beside the pid file, where supervisord must be able to write anyway; one for each daemon of the machine."""
    name = re.sub(r'[^A-Za-z0-9.-]', '_', identifier)[:100]
    # what is replaced makes no difference to the name
    digest = hashlib.blake2b(identifier.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()
    return Path(pidfile).with_name(f'supvisors-{name}-{digest}.programs')


class Survivors:
    """Replaced as a whole: whoever reads it finds the old one or the new one.

    It is believed only if nobody else could write it: the option `orphans` may have its pids killed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Content:
        """What was written last since the machine has started.

        Raises:
            BadRecord: it is not ours, or cannot be understood.
        """
        try:
            content = msgspec.json.decode(self._read(), type=Content)
        except FileNotFoundError:
            return _NOTHING
        except OSError as error:
            raise BadRecord(error.strerror or str(error)) from None
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise BadRecord(str(error)) from None
        return content if content.boot == lives.boot() else _NOTHING

    def _read(self) -> bytes:
        # neither through a link nor from a pipe that nobody writes into
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            _check(os.fstat(descriptor))
            return os.read(descriptor, MOST_BYTES)
        finally:
            os.close(descriptor)

    def put_aside(self) -> Path:
        """Keep a bad one for whoever wants to know; the next one takes its place. Raises OSError."""
        aside = self.path.with_name(f'{self.path.name}.bad')
        os.replace(self.path, aside)
        return aside

    def write(self, entries: Iterable[Entry]) -> None:
        """Raises OSError. Not forced to the disk: what is lost with the power does not survive it either."""
        # what is forked from now on is not in it
        written = lives.now()
        content = msgspec.json.encode(Content(lives.boot(), tuple(entries), _ourselves(), written))
        draft = self.path.with_name(f'{self.path.name}.{os.getpid()}')
        with suppress(FileNotFoundError):
            draft.unlink()
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, 'wb') as file:
                file.write(content)
            os.replace(draft, self.path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise

    def remove(self) -> None:
        with suppress(OSError):
            self.path.unlink()


def _ourselves() -> Owner | None:
    life = lives.look(os.getpid())
    return None if life is None else Owner(os.getpid(), life.start, os.getsid(0))


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise BadRecord('not a file')
    if status.st_uid not in (0, os.geteuid()):
        raise BadRecord(f'its owner is user {status.st_uid}')
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise BadRecord('others may write it')
    if status.st_size > MOST_BYTES:
        raise BadRecord(f'larger than {MOST_BYTES} bytes')
