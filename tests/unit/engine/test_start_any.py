"""`start_any_process`: the first stopped process that matches and that an instance can hold, and no other."""

from __future__ import annotations

import pytest

from supvisors.engine.commands import START_ANY_PROCESS, START_PROCESS, STOP_PROCESS
from supvisors.engine.messages import Order
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ProgramRules
from tests.unit.engine.harness import Program, World, application, managed, operation

PROGRAMS = ('app:x1', 'app:x2', 'app:x3', 'bpp:x1', 'lone')


def world_of(letters: str = 'abcd', names: tuple[str, ...] = PROGRAMS, **rules: ProgramRules) -> World:
    """By default all are on c, or else on b; the Master a and d run nothing."""
    anywhere = ProgramRules(identifiers=('c', 'b'))
    app = application(**{name: rules.get(name, anywhere) for name in ('x1', 'x2', 'x3')})
    managed_rules = managed(app=app, bpp=application(x1=anywhere), lone=application(lone=anywhere))
    return operation(letters, managed_rules, programs={name: Program() for name in names})


def any_of(world: World, expression: str, strategy: int = 0, extra_args: str = '') -> tuple[int, str, str]:
    ticket = world['d'].request(START_ANY_PROCESS, expression, strategy, extra_args)
    code, text = world.outcome(ticket)
    return code, text, ticket.target


def test_the_first_one_that_is_stopped_is_started_and_told() -> None:
    world = world_of()
    for namespec in ('app:x1', 'app:x2', 'app:x3', 'bpp:x1'):
        assert any_of(world, ':x') == (0, '', namespec)
        assert world.where(namespec) == 'c'
    assert any_of(world, ':x') == (F.FAILED, "no stopped process matches ':x' and can be started", '')
    assert [namespec for _, namespec in world.starts()] == ['app:x1', 'app:x2', 'app:x3', 'bpp:x1']


def test_the_expression_is_searched_in_the_namespec() -> None:
    world = world_of()
    assert any_of(world, 'x3$') == (0, '', 'app:x3')
    assert any_of(world, '^b') == (0, '', 'bpp:x1')
    assert any_of(world, '^one')[0] == F.FAILED
    assert any_of(world, '^lone$') == (0, '', 'lone')


def test_one_that_no_instance_can_hold_is_passed_over() -> None:
    world = world_of(
        x1=ProgramRules(identifiers=('c',), expected_loading=101),
        x2=ProgramRules(identifiers=()),
    )
    world['b'].show('app:x3', 0, disabled=True)
    assert any_of(world, '^app') == (0, '', 'app:x3')
    assert world.starts() == [('c', 'app:x3')]


def test_with_the_strategy_and_the_arguments_of_the_request() -> None:
    world = world_of(x2=ProgramRules(), x1=ProgramRules(identifiers=('c',)))
    assert any_of(world, '^app', S.LOCAL, '-v 3') == (0, '', 'app:x2')
    assert world['d'].records['app:x2'].extra_args == '-v 3'


def test_one_that_is_stopping_or_being_started_is_passed_over() -> None:
    world = world_of()
    world['c'].programs['app:x1'].stop_time = 30.0
    assert world.outcome(world['d'].request(START_PROCESS, 'app:x1')) == (0, '')
    world['d'].request(STOP_PROCESS, 'app:x1')
    world['b'].request(START_PROCESS, 'app:x2')
    world.settle()
    assert any_of(world, '^app') == (0, '', 'app:x3')


@pytest.mark.parametrize('between', [0.0, 0.2])
def test_requests_at_the_same_time_get_different_processes(between: float) -> None:
    world = world_of()
    tickets = []
    for letter in 'abcd':
        tickets.append(world[letter].request(START_ANY_PROCESS, '^app'))
        world.run(between)
    world.run(5.0)
    assert sorted(ticket.target for ticket in tickets) == ['', 'app:x1', 'app:x2', 'app:x3']
    assert sorted(ticket.code for ticket in tickets) == [0, 0, 0, F.FAILED]
    assert len(world.starts()) == 3


@pytest.mark.parametrize('expression', ['(', '[', '*', 'x{2,1}', '(?P<a>'])
def test_no_regular_expression(expression: str) -> None:
    world = world_of()
    code, text, target = any_of(world, expression)
    assert (code, target) == (F.INCORRECT_PARAMETERS, '')
    assert text == f'{expression!r} is no regular expression'
    assert world.operating()


def test_a_strategy_that_the_master_does_not_know_is_refused() -> None:
    world = world_of()
    assert any_of(world, 'x', 9) == (F.INCORRECT_PARAMETERS, 'strategy 9 is unknown to the Master', '')
    assert world.operating()


def test_the_process_is_fixed_before_the_request_is_recorded() -> None:
    """All instances hold its name, whatever becomes of the Master."""
    world = world_of()
    ticket = world['d'].request(START_ANY_PROCESS, '^app', 0, '-v')
    world.settle()
    for node in world.nodes.values():
        record = node.engine.ledger.request(ticket.request)
        assert record is not None
        assert (record.command['kind'], record.command['target']) == (START_PROCESS, 'app:x1')
        assert node.engine.ledger.intent('app:x1').request == ticket.request  # type: ignore[union-attr]


@pytest.mark.parametrize('after', [0.0, 0.3, 0.9, 1.5])
def test_a_new_master_goes_on_with_the_same_process(after: float) -> None:
    """Since then x1 has become the last choice: that does not count any more."""
    world = world_of()
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Order) and source == 'a'
    ticket = world['d'].request(START_ANY_PROCESS, '^app')
    world.run(after)
    assert ticket.target == 'app:x1'
    world['c'].crash()
    world['a'].crash()
    assert world.outcome(ticket) == (0, '')
    assert ticket.target == 'app:x1'
    assert world.starts() == [('b', 'app:x1')]


def test_a_request_that_the_lost_master_had_not_recorded_is_decided_by_the_new_one() -> None:
    world = world_of()
    world.lose = lambda source, target, envelope: 'a' in (source, target)
    ticket = world['d'].request(START_ANY_PROCESS, '^app')
    world.settle()
    world['a'].crash()
    world.lose = lambda source, target, envelope: False
    assert world.outcome(ticket) == (0, '')
    assert (ticket.target, world.where('app:x1')) == ('app:x1', 'c')
    assert len(world.starts()) == 1
