"""Which life a pid stands for: pids are given again, but never together with the same start time in one boot."""
from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import attrs
import psutil

_ENDED = (b'Z', b'X', b'x')
_TICK = os.sysconf('SC_CLK_TCK')
_MICROSECOND = 1_000_000


@attrs.frozen
class Life:
    parent: int
    start: int
    """When it began, as the kernel tells it: comparable within one boot of the machine, whatever its clock does."""


@attrs.frozen
class KernelLife(Life):
    """What only /proc tells."""

    group: int
    session: int


def look(pid: int) -> Life | None:
    """None when nobody lives there: a zombie has ended."""
    try:
        with open(f'/proc/{pid}/stat', 'rb', buffering=0) as stat:
            return _of_kernel(stat.read())
    except FileNotFoundError:
        return None if _has_proc() else _of_psutil(pid)
    except ProcessLookupError:
        return None


def look_closely(pid: int) -> KernelLife | None:
    """As `look`, where there is a /proc."""
    try:
        with open(f'/proc/{pid}/stat', 'rb', buffering=0) as stat:
            return _of_kernel(stat.read())
    except (FileNotFoundError, ProcessLookupError):
        return None


def now() -> int:
    """The present time as the start of a life would be told."""
    if not _has_proc():
        return int(time.time() * _MICROSECOND)
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * _TICK)


def boot() -> str:
    """Tells one boot of the machine from another; empty where nothing tells it."""
    with suppress(OSError):
        return Path('/proc/sys/kernel/random/boot_id').read_text().strip()
    return ''


def since_epoch(start: int) -> int:
    """The start of a life by the present clock, in seconds."""
    if not _has_proc():
        return start // _MICROSECOND
    return int(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + start / _TICK)


def _has_proc() -> bool:
    return os.path.exists('/proc/self/stat')


def _of_kernel(stat: bytes) -> KernelLife | None:
    # the name, in parentheses, may hold anything
    state, parent, group, session, *others = stat[stat.rindex(b')') + 2:].split()
    return None if state in _ENDED else KernelLife(int(parent), int(others[15]), int(group), int(session))


def _of_psutil(pid: int) -> Life | None:
    """Where there is no /proc, the kernel keeps the date of the start."""
    try:
        process = psutil.Process(pid)
        ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        return None if ended else Life(process.ppid(), round(process.create_time() * _MICROSECOND))
    except psutil.Error:
        return None
