"""The faults of one run, drawn from its seed: several kinds, which may overlap, for half a minute to a minute."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.simulation.faults import MASTER, Fault

WEIGHTS = {
    'crash': 24,
    'power_off': 8,
    'leave': 12,
    'partition': 12,
    'one_way': 6,
    'mute': 6,
    'lossy': 6,
    'freeze': 14,
    'stall': 8,
    'clock_step': 4,
}
DURATIONS = {
    'crash': (0.2, 15.0),
    'power_off': (2.0, 15.0),
    'leave': (5.0, 5.0),
    'partition': (0.5, 20.0),
    'one_way': (0.5, 15.0),
    'mute': (0.5, 15.0),
    'lossy': (2.0, 15.0),
    'freeze': (0.3, 15.0),
    'stall': (0.5, 12.0),
    'clock_step': (0.0, 0.0),
}


def draw_faults(rng: random.Random, count: int, start: float, may_die: bool) -> tuple[tuple[Fault, ...], float]:
    """The faults, and when all are over (with what a graceful end or a restart takes)."""
    window = rng.uniform(20.0, 45.0)
    faults = []
    for _ in range(rng.choice((1, 2, 2, 3, 4, 6, 8))):
        kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        faults.append(_draw(rng, kind, count, start + rng.uniform(0.0, window)))
    if may_die and count > 3 and rng.random() < 0.2:
        faults.append(Fault('crash', start + rng.uniform(0.0, window), 0.0, (_target(rng, count),), 1.0))
    faults.sort(key=lambda fault: fault.at)
    calm = max(fault.end for fault in faults) + 1.0
    return tuple(faults), calm


def focused(seed: int, count: int, start: float, kinds: Sequence[str], number: int) -> tuple[tuple[Fault, ...], float]:
    """Faults of these kinds only, one after the other: what shows one bug quickly."""
    rng = random.Random(f'{seed}/focus')
    faults, at = [], start
    for _ in range(number):
        fault = _draw(rng, rng.choice(kinds), count, at)
        faults.append(fault)
        at = fault.end + rng.uniform(2.0, 8.0)
    return tuple(faults), faults[-1].end + 1.0


def _draw(rng: random.Random, kind: str, count: int, at: float) -> Fault:
    duration = rng.uniform(*DURATIONS[kind])
    targets: tuple[int, ...] = (_target(rng, count),)
    amount = 0.0
    if kind == 'partition':
        targets = tuple(rng.sample(range(count), rng.choice((1, max(1, count // 2), rng.randint(1, count - 1)))))
        if rng.random() < 0.2:
            targets = (MASTER,)
    elif kind in ('one_way', 'mute'):
        first = _target(rng, count)
        others = [index for index in range(count) if index != first]
        targets = (first, *rng.sample(others, rng.choice((1, 1, rng.randint(1, len(others))))))
    elif kind == 'lossy':
        amount = rng.uniform(0.05, 0.4)
    elif kind == 'clock_step':
        amount = rng.choice((-3600.0, -7.0, 5.0, 86400.0))
    return Fault(kind, at, duration, targets, amount)


def _target(rng: random.Random, count: int) -> int:
    return MASTER if rng.random() < 0.3 else rng.randrange(count)
