"""The processes that carry the mark of a run in their environment, wherever they were adopted."""
from __future__ import annotations

import psutil

from supvisors.demo.layout import RUN_MARK
from supvisors.demo.waiting import wait_for


def marked(mark: str) -> list[psutil.Process]:
    """Return the living processes of a run."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN_MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def kill_marked(mark: str, timeout: float = 10.0) -> list[str]:
    """Kill what is left of a run, until nothing is. Return the command lines of what was found."""
    found: dict[int, str] = {}

    def none_left() -> bool:
        processes = marked(mark)
        for process in processes:
            try:
                found.setdefault(process.pid, ' '.join(process.cmdline()))
                process.kill()
            except psutil.Error:
                continue
        return not processes

    wait_for(none_left, timeout, 'end of the processes left behind')
    return list(found.values())
