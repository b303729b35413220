"""Who joins anew has lived all the time: what it runs still runs, and is not started anywhere else."""

from __future__ import annotations

import pytest

from supvisors.engine.commands import ADOPT_STOP, START_PROCESS
from supvisors.engine.messages import Claim, Hello
from supvisors.model.identity import Incarnation
from tests.unit.engine.harness import Program, World, application, managed, operation
from tests.unit.engine.node import Node

X = 'app:x'


def world_of(letters: str = 'abc') -> World:
    return operation(letters, managed(app=application(x=1)), programs={X: Program(2)})


@pytest.mark.parametrize('comes', [True, False])
def test_a_start_waits_for_who_has_begun_to_join_anew(comes: bool) -> None:
    world = world_of()
    world['c'].request(START_PROCESS, X, strategy=3)
    world.run_until(lambda: 'RUNNING c' in world.states_of(X))
    world.split('ab', 'c')
    begins_to_join(world['c'], world['a'])
    ticket = world['b'].request(START_PROCESS, X)
    world.run(2.0)
    assert world.starts() == [('c', X)]
    assert not ticket.done
    if comes:
        world.heal()
    world.run(6.0)
    assert ticket.done and not ticket.code
    assert world.starts() == [('c', X)] if comes else [('c', X), ('b', X)]


def begins_to_join(node: Node, master: Node) -> None:
    """The Master hears the first word of its next life, and nothing else yet."""
    core = node.engine.core
    core.incarnation = Incarnation(core.incarnation.boot, core.incarnation.epoch + 1)
    hello = core.envelope(Hello(Claim(), None, node.engine.membership.agreement))
    master.engine.receive(hello, master.now())


def test_a_copy_that_is_stopped_on_its_own_instance_leaves_the_other_one_alone() -> None:
    world = world_of()
    for letter in 'bc':
        world[letter].spawn(X)
    world.run(4.0)
    world['c'].halt(X)
    world['c'].request(ADOPT_STOP, X)
    world.run(10.0)
    assert world.where(X) == 'b'
