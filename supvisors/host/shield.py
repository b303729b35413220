"""An exception of ours never reaches supervisord, whose loop it would end, and never goes unseen."""
from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Shield = Callable[[str], Any]


class Shielded:
    """Makes context managers that log an exception, with its traceback, through supervisord's logger."""

    def __init__(self, options: Any) -> None:
        # the logger itself is not kept: supervisord makes a new one at each reload
        self._options = options

    @contextmanager
    def __call__(self, doing: str) -> Iterator[None]:
        try:
            yield
        except Exception:
            self._options.logger.critical(f'supvisors: error while {doing}\n{traceback.format_exc()}')
