"""Programs that a killed supervisord had no time to write down, found by what it gave them. On Linux only."""
from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress

from supvisors.host.lives import KernelLife, look_closely
from supvisors.host.survivors import Content, Entry
from supvisors.model.process import make_namespec

MOST_SECONDS = 0.5
"""Before supervisord starts any program. A thousand processes take 20 ms."""


def find(former: Content, server_url: str) -> list[Entry]:
    """Those that the former supervisord has forked since it wrote its record.

    They are in its session, each at the head of its own group, and have lost it as parent for an older process; their
    environment names its server. A program that has left that session since is not found, nor is one whose
    environment may not be read or was changed (`serverurl`).
    """
    owner = former.owner
    if owner is None or not server_url or not os.path.isdir('/proc/self'):
        return []
    end = time.monotonic() + MOST_SECONDS
    known = {entry.pid for entry in former.processes}
    found = []
    for pid in _pids():
        if time.monotonic() > end:
            break
        life = look_closely(pid)
        if life is None or pid in known or life.session != owner.session or life.group != pid \
                or life.start < former.written or not _is_older(life.parent, owner.start):
            continue
        if namespec := _namespec(pid, server_url):
            found.append(Entry(pid, life.start, namespec))
    return found


def _pids() -> Iterator[int]:
    with suppress(OSError):
        yield from sorted(int(name) for name in os.listdir('/proc') if name.isdecimal())


def _is_older(pid: int, start: int) -> bool:
    """Who inherits the children of a process is init, or one that the process came from."""
    life: KernelLife | None = look_closely(pid)
    return pid == 1 or (life is not None and life.start < start)


def _namespec(pid: int, server_url: str) -> str:
    """That of the program, if its supervisord had this URL; else empty."""
    try:
        with open(f'/proc/{pid}/environ', 'rb') as file:
            pairs = os.fsdecode(file.read()).split('\0')
    except OSError:
        return ''
    environ = dict(pair.partition('=')[::2] for pair in pairs)
    group, name = environ.get('SUPERVISOR_GROUP_NAME', ''), environ.get('SUPERVISOR_PROCESS_NAME', '')
    if environ.get('SUPERVISOR_SERVER_URL') != server_url or not group or not name:
        return ''
    return make_namespec(group, name)
