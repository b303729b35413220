"""The one place that supervisord always goes through when it ends: shutdown, reload and error alike."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from supvisors.host.shield import Shield


class Leaving:
    """Calls `on_leave` once, before supervisord's own `options.cleanup`.

    On reload, supervisord then closes all descriptors above 4 on its own: what still owns one by then would later
    close the descriptor of somebody else.
    """

    def __init__(self, options: Any, on_leave: Callable[[], None], shield: Shield) -> None:
        self._options = options
        self._on_leave: Callable[[], None] | None = on_leave
        self._shield = shield
        self._original = options.cleanup
        options.cleanup = self._cleanup

    def _cleanup(self) -> None:
        on_leave, self._on_leave = self._on_leave, None
        try:
            if on_leave is not None:
                with self._shield('leaving'):
                    on_leave()
        finally:
            self._options.__dict__.pop('cleanup', None)
            self._original()
