"""Real objects of supervisord, without its loop: no program is ever started."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from supervisor import events
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

Make = Callable[[str], Any]

HEAD = """
[supervisord]
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}
nodaemon=true
silent=true
"""


@pytest.fixture
def make_supervisord(tmp_path: Path) -> Iterator[Make]:
    """Builds what supervisord is before it opens its HTTP servers."""
    made: list[Any] = []

    def make(text: str) -> Any:
        config = tmp_path / 'supervisord.conf'
        config.write_text(HEAD.format(folder=tmp_path) + text)
        options = ServerOptions()
        options.realize(['-c', str(config)])
        options.make_logger()
        supervisord = Supervisor(options)
        events.clear()
        for group in options.process_group_configs:
            supervisord.add_process_group(group)
        made.append(options)
        return supervisord

    yield make
    events.clear()
    for options in made:
        options.close_logger()
