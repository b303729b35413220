"""Scenarios that run at the same time: most of their time is spent awaiting something."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from tests.contract.replay.plan import GROUPS
from tests.contract.replay.stage import Stage
from tests.contract.replay.steps import run

Results = Mapping[tuple[str, str], 'Future[list[str]]']
"""What is found by each scenario: (group, name) -> not as recorded."""


def ids(*groups: str) -> list[tuple[str, str]]:
    """Group and name of each scenario."""
    return [(group, name) for group in groups for name in GROUPS[group]]


Go = Callable[[str, str], 'list[str]']


@contextmanager
def lanes(go: Go, *each: Sequence[tuple[str, str]]) -> Iterator[Results]:
    """Go through these scenarios: those of one lane one after the other, and the lanes at the same time."""
    results: dict[tuple[str, str], Future[list[str]]] = {scenario: Future() for lane in each for scenario in lane}

    def go_through(lane: Sequence[tuple[str, str]]) -> None:
        for scenario in lane:
            try:
                results[scenario].set_result(go(*scenario))
            except Exception as error:
                results[scenario].set_exception(error)

    with ThreadPoolExecutor(len(each)) as pool:
        for lane in each:
            pool.submit(go_through, lane)
        yield results


def on(stage: Stage) -> Go:
    """Scenarios that share a cluster."""
    return lambda group, name: run(GROUPS[group][name], stage)
