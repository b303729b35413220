"""Nothing lasts for ever: neither a start that goes nowhere, nor the memory of processes that have come and gone."""

from __future__ import annotations

import attrs
import pytest

from supvisors.engine.commands import START_PROCESS
from supvisors.engine.events import ProcessChanged, ProcessRemoved
from supvisors.model.enums import ProcessState as P
from supvisors.model.enums import SupvisorsState
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Node, Program, World, application, managed, operation

X = 'app:x'


def starting(world: World) -> Node:
    world.run_until(lambda: any(node.records[X].state == P.STARTING for node in world.up()))
    return next(node for node in world.up() if node.records[X].state == P.STARTING)


@pytest.mark.parametrize('automatic', [True, False])
def test_a_process_that_stays_in_backoff_is_given_up(automatic: bool) -> None:
    rules = application(1, x=1) if automatic else application(x=0)
    programs = {X: Program(startsecs=1, slow=1e9)}
    world = World('abc', managed(app=rules), programs=programs) if automatic else operation(
        'abc', managed(app=rules), programs=programs)
    ticket = None if automatic else world['b'].request(START_PROCESS, X)
    starting(world).show(X, P.BACKOFF)
    world.run(60.0)
    assert world.operating() is not automatic
    world.run(90.0)
    assert world.operating()
    assert ticket is None or (ticket.done and 'not RUNNING on' in ticket.text)


def test_supervisord_may_try_as_often_as_it_wants() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program(startsecs=1, slow=1e9)})
    ticket = world['b'].request(START_PROCESS, X)
    node = starting(world)
    for pause in range(1, 30):
        node.show(X, P.BACKOFF)
        world.run(float(pause))
        assert not ticket.done
        node.show(X, P.STARTING)
        world.run(1.0)
    node.show(X, P.RUNNING)
    assert world.outcome(ticket) == (0, '')


def test_processes_that_have_come_and_gone_are_forgotten() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    node = world['a']
    before = [len(other.engine.ledger) for other in world.up()]
    for number in range(5):
        namespec = f'other:p{number}'
        node.programs[namespec] = Program()
        node.records[namespec] = attrs.evolve(node.records[X], group='other', name=f'p{number}')
        node.observe(ProcessChanged(node.records[namespec]))
        world.run(1.0)
        world.outcome(world['b'].request(START_PROCESS, namespec))
        node.halt(namespec)
        world.run(2.0)
        del node.programs[namespec], node.records[namespec]
        node.observe(ProcessRemoved(namespec))
        world.run(1.0)
    assert all(other.engine.ledger.intent('other:p0') is None for other in world.up())
    assert len({other.engine.ledger.digest for other in world.up()}) == 1
    world.run(700.0)
    assert [len(other.engine.ledger) for other in world.up()] == before
    assert world.up()[0].engine.state is SupvisorsState.OPERATION


def test_the_system_operates_while_a_program_of_the_automatic_start_is_awaited() -> None:
    rules = application(1, x=ProgramRules(start_sequence=1, wait_exit=True), y=2)
    later = application(2, z=1)
    programs = {X: Program(lasts=300.0), 'app:y': Program(), 'later:z': Program(), 'app:free': Program()}
    world = World('abc', managed(app=rules, later=later), programs=programs)
    world.run_until(lambda: f'RUNNING {world.where(X)}' in world.states_of(X))
    world.run(50.0)
    assert not world.operating()
    world.run(15.0)
    assert world.operating()
    assert world.outcome(world['b'].request(START_PROCESS, 'app:free')) == (0, '')
    assert not world.where('later:z')
    world.run(310.0)
    assert world.where('app:y') and world.where('later:z')
