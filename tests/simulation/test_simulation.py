"""At least 200 seeded runs, half of them with 8 to 30 instances; the same seed gives the same run."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.runner import Summary, run
from tests.simulation.scenario import LARGE, SMALL, draw

CHUNK = 10
RUNS = int(os.environ.get('SIMULATION_RUNS', '200'))
FIRST = int(os.environ.get('SIMULATION_FIRST_SEED', '0'))
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
@pytest.mark.slow
@pytest.mark.parametrize('first', range(FIRST, FIRST + RUNS, CHUNK))
def test_seeds(first: int, record_property: Callable[[str, object], None]) -> None:
    summary = Summary()
    for seed in range(first, first + CHUNK):
        result = run(seed)
        assert result.quiet >= 60.0 or result.violation
        summary.add(result)
    record_property('simulation', summary.plain())
    assert not summary.failures, '\n'.join(
        f'seed {result.seed}: {result.violation}\n  again: {result.replay}' for result in summary.failures
    )


def test_half_of_the_scenarios_are_large() -> None:
    sizes = [len(draw(seed).identities) for seed in range(200)]
    assert all(SMALL[0] <= size <= SMALL[1] for size in sizes[::2])
    assert all(LARGE[0] <= size <= LARGE[1] for size in sizes[1::2])
    assert max(sizes) > 25


def test_every_kind_of_fault_is_drawn() -> None:
    kinds = {fault.kind for seed in range(200) for fault in draw(seed).faults}
    assert kinds == {
        'crash', 'power_off', 'leave', 'partition', 'one_way', 'mute', 'lossy', 'freeze', 'stall', 'clock_step'
    }  # fmt: skip


def test_the_same_seed_gives_the_same_run() -> None:
    assert run(6).hash == run(6).hash != run(8).hash


@pytest.mark.timeout(120)
def test_the_same_seed_gives_the_same_run_in_another_process() -> None:
    """Whatever the order of its sets: a failing seed can be replayed."""
    code = 'from tests.simulation.runner import run; print(run(6).hash, run(11, size=8).hash)'
    outputs = {
        subprocess.run(
            [sys.executable, '-c', code], cwd=ROOT, env={**os.environ, 'PYTHONHASHSEED': seed, 'PYTHONPATH': str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ('1', '2')
    }  # fmt: skip
    assert len(outputs) == 1
