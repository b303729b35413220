"""A target, and how it is run: for a time, counting what was tried; the first thing found ends it."""
from __future__ import annotations

import resource
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

BATCH = 25
"""Examples between two looks at the clock: hypothesis counts examples, not seconds."""
Check = Callable[[Any], None]
"""Raises when the input did harm."""


@attrs.frozen
class Target:
    """`open` gives what checks one input; the inputs are those of `strategy`."""
    name: str
    strategy: SearchStrategy[Any]
    open: Callable[[], AbstractContextManager[Check]]
    live: bool = False
    """It needs a daemon."""


@attrs.frozen
class Outcome:
    target: str
    executions: int
    seconds: float
    grown: int
    """By how many kB the largest size of this process has grown."""
    finding: str = ''

    def __str__(self) -> str:
        found = 'nothing found' if not self.finding else 'FOUND'
        return (f'{self.target:<14} {self.executions:>8} executions {self.seconds:>7.1f} s '
                f'{self.grown / 1024:>7.1f} MB grown  {found}')


def run(target: Target, seconds: float, first_seed: int = 0) -> Outcome:
    """Run a target for so long, from this seed on. What it finds is made small first."""
    executions = 0
    finding = ''
    begin, size = time.monotonic(), _largest_size()
    number = first_seed
    try:
        # what shows at the end only is found there
        with target.open() as check:
            def one(value: Any) -> None:
                nonlocal executions
                executions += 1
                check(value)

            while time.monotonic() < begin + seconds:
                _batch(target.strategy, one, number)
                number += 1
    except Exception:
        finding = f'target {target.name}, seed {number}\n{traceback.format_exc()}'
    return Outcome(target.name, executions, time.monotonic() - begin, _largest_size() - size, finding)


def _batch(strategy: SearchStrategy[Any], check: Check, number: int) -> None:
    @seed(number)
    @settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.generate, Phase.shrink), print_blob=False)
    @given(strategy)
    def one(value: Any) -> None:
        check(value)

    one()


def _largest_size() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
