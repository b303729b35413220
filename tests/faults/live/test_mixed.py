"""Faults of all kinds, drawn from a seed: `make test-faults SEED=12345` draws the same ones in the same order."""
from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from tests.faults.network import sides
from tests.faults.trial import Trial, trial, work

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

SEED = 'FAULTS_SEED'
"""Environment variable: the seed to draw from, instead of a new one."""
FAULTS = 5


def _host_lost(one: Trial, nick: str) -> None:
    one.kill(nick, programs=True)
    one.last(one.rng.uniform(1.0, 7.0))
    one.spawn(nick)


def _daemon_lost(one: Trial, nick: str) -> None:
    one.kill(nick, programs=False)
    one.last(one.rng.uniform(1.0, 7.0))
    one.spawn(nick)


def _frozen(one: Trial, nick: str) -> None:
    one.freeze(nick)
    one.last(one.rng.uniform(1.0, 7.0))
    one.resume(nick)


def _pulled(one: Trial, nick: str) -> None:
    one.pull(nick)
    one.last(one.rng.uniform(1.0, 7.0))
    one.plug(nick)


def _parted(one: Trial, nick: str) -> None:
    others = [other for other in one.history.nicks if other != nick]
    with_it = one.rng.sample(others, one.rng.randrange(len(others)))
    pairs = sides([nick, *with_it], [other for other in others if other not in with_it])
    one.cut(pairs, one_way=one.rng.random() < 0.3)
    one.last(one.rng.uniform(2.0, 8.0))
    one.heal(pairs)


def _reloaded(one: Trial, nick: str) -> None:
    one.reload(nick)
    one.last(one.rng.uniform(0.5, 3.0))


def _disturbed(one: Trial, nick: str) -> None:
    one.disturb(nick, 0.05, 0.05, one.rng.choice((0.0, 0.02)))
    one.last(one.rng.uniform(3.0, 6.0))
    one.calm(nick)


KINDS: tuple[Callable[[Trial, str], None], ...] = (
    _host_lost, _daemon_lost, _frozen, _pulled, _parted, _reloaded, _disturbed)


@pytest.mark.parametrize('number', [0, 1])
def test_mixed(number: int) -> None:
    seed = int(os.environ.get(SEED) or 0) or random.randrange(1, 1_000_000)
    print(f'replay: make test-faults SEED={seed} ARGS="-k mixed"')
    with trial(f'mixed-{number}', work(4 + number), seed) as one:
        for _ in range(FAULTS):
            kind, nick = one.rng.choice(KINDS), one.one()
            print(f'{one.history.now:.3f} s: {kind.__name__[1:]} {nick}')
            kind(one, nick)
            one.last(one.rng.uniform(0.0, 3.0))
