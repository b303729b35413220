"""Limits of time, and how a caller leaves one to its default."""

from __future__ import annotations

from enum import Enum
from math import isfinite
from typing import Final, Literal, TypeAlias


class _Default(Enum):
    DEFAULT = 'DEFAULT'


DEFAULT: Final = _Default.DEFAULT
"""The limit of the client; no limit for a request that waits for the end of the work."""

Timeout: TypeAlias = float | Literal[_Default.DEFAULT] | None
"""Seconds for a whole call, connection included; None for no limit."""


def checked(seconds: float | None) -> float | None:
    """Return the limit.

    Raises:
        ValueError: not above zero, or not finite.
    """
    if seconds is not None and not (isfinite(seconds) and seconds > 0):
        raise ValueError(f'a time-out is a finite number of seconds above 0, or None, got {seconds!r}')
    return seconds
