"""Links that are cut, cut one way, slow, lossy, or that come and go."""
from __future__ import annotations

import pytest

from tests.faults.network import sides
from tests.faults.trial import trial, work

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


@pytest.mark.parametrize('whom', ['master', 'other'])
def test_cable_pulled(whom: str) -> None:
    with trial(f'cable-{whom}', work(3)) as one:
        lost = one.master if whom == 'master' else one.one(one.master)
        one.last(2)
        one.pull(lost)
        one.last(9)
        others = set(one.history.nicks) - {lost}
        assert one.seen(lost) == {lost} and all(one.seen(other) == others for other in others)
        one.plug(lost)
        one.last(5)


@pytest.mark.parametrize('groups', [('ab', 'cde'), ('abc', 'de'), ('ab', 'cd', 'e')], ids='-'.join)
def test_partition(groups: tuple[str, ...]) -> None:
    """`a` is the first Master: it is in the smaller part, in the larger one, and in one of three."""
    with trial(f'partition-{"-".join(groups)}', work(5)) as one:
        one.last(2)
        pairs = sides(*groups)
        one.cut(pairs)
        one.last(10)
        assert all(one.seen(nick) == set(group) for group in groups for nick in group)
        one.heal(pairs)
        one.last(5)


def test_one_link_cut_one_way() -> None:
    """Others reach both: nobody is lost."""
    with trial('one-way-link', work(4)) as one:
        one.last(2)
        pair = one.master, one.one(one.master)
        for cut in (pair, pair[::-1]):
            one.cut([cut], one_way=True)
            assert not one.connects(*pair)
            one.last(7)
            assert all(one.seen(nick) == set(one.history.nicks) for nick in one.history.nicks)
            one.heal([cut])
            assert one.connects(*pair)
            one.last(3)


@pytest.mark.parametrize('way', ['mute', 'deaf'])
def test_one_way(way: str) -> None:
    """Nobody hears the Master any more, or it hears nobody."""
    with trial(f'one-way-{way}', work(3)) as one:
        one.last(2)
        lost = one.master
        pairs = [(lost, other) if way == 'mute' else (other, lost) for other in one.history.nicks if other != lost]
        one.cut(pairs, one_way=True)
        one.last(9)
        assert lost not in one.seen(next(other for other in one.history.nicks if other != lost))
        one.heal(pairs)
        one.last(5)


def test_delay_and_loss() -> None:
    with trial('delay-and-loss', work(3)) as one:
        for nick, delay, jitter, loss in (('a', 0.1, 0.05, 0.0), ('b', 0.02, 0.02, 0.03), ('c', 0.05, 0.05, 0.01)):
            one.disturb(nick, delay, jitter, loss)
        # there and back through two relays, or three times that where the first attempt is lost
        assert max(one.connects('a', 'c') for _ in range(3)) > 0.15
        one.last(20)
        for nick in one.history.nicks:
            one.calm(nick)
        one.last(3)


def test_flapping() -> None:
    with trial('flapping', work(4)) as one:
        nick = one.one(one.master)
        for _ in range(12):
            one.pull(nick)
            one.last(one.rng.uniform(0.2, 1.5))
            one.plug(nick)
            one.last(one.rng.uniform(0.2, 1.5))
        one.last(3)
