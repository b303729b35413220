"""The local instance in its own view: RUNNING from the first moment to the last one, whatever others say of it."""

from __future__ import annotations

import pytest

from supvisors.model.enums import SupvisorsState as S
from tests.unit.engine.harness import B, World, operation


def watch_itself(world: World, letter: str, seconds: float) -> set[S]:
    """The states that it goes through; it sees itself RUNNING at each step."""
    states = set()
    for _ in range(int(seconds / 0.1)):
        world.run(0.1)
        assert letter in world.sees(letter)
        states.add(world.state(letter))
    return states


def test_it_is_a_member_as_soon_as_its_supervisord_runs() -> None:
    world = World('abc', boot='a')
    world.run(0.1)
    assert world.sees('a') == 'a'


@pytest.mark.parametrize('letter', 'ac')
def test_counted_out_by_all_it_joins_anew_and_is_never_off(letter: str) -> None:
    world = operation('abc')
    world[letter].frozen = True
    world.run(8.0)
    others = 'abc'.replace(letter, '')
    assert [world.sees(other) for other in others] == [others] * 2
    world[letter].resume()
    assert S.OFF not in watch_itself(world, letter, 8.0)
    assert world[letter].engine.core.incarnation.epoch == 1
    assert world.operating()


def test_cut_off_from_all_it_goes_on_alone() -> None:
    world = operation('abc')
    world.split('ab', 'c')
    assert watch_itself(world, 'c', 10.0) <= {S.OPERATION, S.ELECTION, S.DISTRIBUTION}
    assert world.sees('c') == 'c'
    assert world.leaders() == 'ac'


def test_stereotypes_are_those_of_the_last_start() -> None:
    world = operation('abc', own={'b': {'stereotypes': ('@old',)}})
    assert [world[letter].engine.resolve('@old') for letter in 'abc'] == [[B]] * 3
    world['b'].crash()
    world.run(2.0)
    world.own['b'] = {'stereotypes': ('@new',)}
    world['b'].boot()
    world.run(2.0)
    assert [world[letter].engine.resolve('@new') for letter in 'abc'] == [[B]] * 3
    assert [world[letter].engine.resolve('@old') for letter in 'abc'] == [[]] * 3
