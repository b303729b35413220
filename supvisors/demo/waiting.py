"""Waiting for a condition, with a deadline: the only way that the demo and the live tests let time pass."""
from __future__ import annotations

import http.client
import time
import xmlrpc.client
from collections.abc import Callable
from typing import TypeVar

from supvisors_client import SupvisorsError

T = TypeVar('T')

NOT_YET = (OSError, http.client.HTTPException, xmlrpc.client.Error, SupvisorsError)
"""Errors that a daemon on its way up or down gives to those who ask: the condition is not met yet."""


def wait_for(probe: Callable[[], T], timeout: float, what: str, period: float = 0.02) -> T:
    """Call `probe` until it returns something true, and return that.

    Raises:
        TimeoutError: it did not within `timeout` seconds; the text tells `what` was awaited, and the last result.
    """
    end = time.monotonic() + timeout
    while True:
        try:
            value = probe()
            if value:
                return value
            last = repr(value)
        except NOT_YET as error:
            last = f'{type(error).__name__}: {error}'
        if time.monotonic() >= end:
            raise TimeoutError(f'{what}: not within {timeout:g} s (last: {last[:2000]})')
        time.sleep(period)
