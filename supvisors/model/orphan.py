"""A program that has survived the supervisord that started it."""

from __future__ import annotations

import attrs


@attrs.frozen
class Orphan:
    """`start` is in seconds since the Epoch."""

    namespec: str
    pid: int
    start: int

    def __str__(self) -> str:
        return f'{self.namespec} (pid {self.pid})'
