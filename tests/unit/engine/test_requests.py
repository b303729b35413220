"""The requests that an instance received: carried to the Master until their outcome is known, and ended once."""

from __future__ import annotations

import pytest

from supvisors.engine.commands import START_APPLICATION, START_PROCESS, STOP_PROCESS, Command, Refused, Ticket
from supvisors.engine.effects import Wake
from supvisors.engine.events import HostTick
from supvisors.engine.messages import Envelope, Replicate, Submit, SubmitRefused, Update, Welcome
from supvisors.model.enums import FaultCode
from tests.unit.engine.harness import Bench, Node, Program, World, application, managed, operation, record

X = 'app:x'
RULES = managed(app=application(x=1))


def wakes(node: Node, ticket: Ticket) -> int:
    return sum(isinstance(effect, Wake) and effect.request == ticket.request for effect in node.carried_out)


@pytest.mark.parametrize('letter', 'abc')
def test_a_request_can_be_made_anywhere(letter: str) -> None:
    world = operation('abc', RULES, programs={X: Program(startsecs=2, disabled=letter != 'c')})
    world['a'].programs[X].disabled = False
    ticket = world[letter].request(STOP_PROCESS, X)
    world.run(0.5)
    assert (ticket.done, ticket.code) == (True, FaultCode.NOT_RUNNING)


def test_a_ticket_is_accepted_then_done_and_wakes_twice() -> None:
    world = operation('abc', RULES, programs={X: Program(startsecs=2)})
    world.run(3.0)
    world['b'].request(STOP_PROCESS, X)
    world.run(2.0)
    ticket = world['b'].request(START_PROCESS, X)
    assert not ticket.accepted
    world.settle()
    assert ticket.accepted and not ticket.done
    assert wakes(world['b'], ticket) == 1
    world.run(1.0)
    assert not ticket.done
    world.run(1.5)
    assert ticket.done
    assert (ticket.code, ticket.text) == (0, '')
    assert wakes(world['b'], ticket) == 2


@pytest.mark.parametrize('letter', 'ab')
def test_a_refusal_ends_the_ticket(letter: str) -> None:
    world = operation('abc', RULES, programs={X: Program()})
    ticket = world[letter].request(START_PROCESS, 'app:none')
    world.run(0.0)
    assert (ticket.accepted, ticket.done) == (True, True)
    assert (ticket.code, ticket.text) == (FaultCode.BAD_NAME, 'process app:none unknown')
    assert wakes(world[letter], ticket) == 1
    assert world[letter].engine.ledger.open_requests() == []


def test_tickets_have_names_of_their_own() -> None:
    world = operation('abc', RULES, programs={X: Program()})
    names = {world[letter].request(STOP_PROCESS, X).request for letter in 'aabbcc'}
    assert len(names) == 6


# -- sent until accepted
def test_a_request_is_sent_again_until_the_ledger_shows_it() -> None:
    bench = Bench('abc')
    bench.join('bc')
    bench.say('b', bench.beat('b', 'abc'), term=20)
    bench.effects.clear()
    ticket = bench.engine.request(Command(STOP_PROCESS, X, origin='a:1'), bench.now)
    bench.tick(1.0)
    sent = bench.take(Submit)
    assert [to for to, _ in sent] == ['b'] * 3
    assert {body.request for _, body in sent} == {ticket.request}
    bench.say('b', SubmitRefused(ticket.request, int(FaultCode.NOT_RUNNING), 'no'), term=20)
    bench.say('b', SubmitRefused(ticket.request, int(FaultCode.FAILED), 'again'), term=20)
    assert (ticket.done, ticket.code, ticket.text) == (True, FaultCode.NOT_RUNNING, 'no')
    bench.tick(1.0)
    assert bench.take(Submit) == []


def test_a_lost_request_arrives_later_and_is_carried_out_once() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Submit)
    ticket = world['c'].request(START_PROCESS, X)
    world.run(2.0)
    assert not ticket.accepted
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Replicate) and target == 'c'
    world.run(1.0)  # the Master has it, and c does not know
    assert not ticket.accepted
    world.lose = lambda source, target, envelope: False
    world.run(3.0)
    assert (ticket.done, ticket.code) == (True, 0)
    assert len(world.starts()) == 1
    assert world['a'].engine.ledger.open_requests() == []


def test_a_request_made_while_electing_waits_for_the_new_master() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    world['a'].crash()
    world.run(0.1)
    ticket = world['c'].request(START_PROCESS, X)
    world.run(5.0)
    assert (ticket.done, ticket.code) == (True, 0)
    assert len(world.starts()) == 1


def test_a_request_not_yet_accepted_is_told_to_the_new_master() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Submit) and target == 'a'
    ticket = world['c'].request(START_PROCESS, X)
    world.run(1.0)
    world['a'].crash()
    world.run(5.0)
    assert (ticket.done, ticket.code) == (True, 0)


def test_without_a_master_a_request_is_given_up() -> None:
    world = World('abc', boot='ab', synchro_timeout=1e9)
    world.run(1.0)
    ticket = world['a'].request(START_PROCESS, X)
    world.run(29.0)
    assert not ticket.done
    world.run(3.0)
    assert (ticket.done, ticket.code) == (True, FaultCode.FAILED)
    assert 'no Master could be reached' in ticket.text
    assert wakes(world['a'], ticket) == 1


def test_an_accepted_request_is_given_up_too_when_no_master_comes() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program(startsecs=100)})
    ticket = world['b'].request(START_PROCESS, X)
    world.run(1.0)
    assert ticket.accepted and not ticket.done
    world['a'].crash()
    world['c'].crash()
    world.lose = lambda source, target, envelope: True
    world['b'].engine.election.hold_until = float('inf')
    world.run(40.0)
    assert (ticket.done, ticket.code) == (True, FaultCode.FAILED)


def test_an_instance_that_stops_refuses_at_once() -> None:
    world = operation('abc', RULES, programs={X: Program(stop_time=5.0)})
    world.run(2.0)
    world['a'].leave()
    world.settle()
    with pytest.raises(Refused) as refused:
        world['a'].request(START_PROCESS, X)
    assert refused.value.code is FaultCode.SHUTDOWN_STATE


# -- what is published meanwhile
@pytest.mark.parametrize('letter', 'ac')
def test_who_received_a_request_and_who_drives_it_are_starting(letter: str) -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program(startsecs=2)})
    world[letter].request(START_PROCESS, X)
    world.run(0.5)
    expected = sorted({'a:1', f'{letter}:1'})
    assert [sorted(node.engine.starting_instances) for node in world.up()] == [expected] * 3
    world.run(2.0)
    assert [list(node.engine.starting_instances) for node in world.up()] == [[]] * 3
    world[letter].request(STOP_PROCESS, X)
    world.run(0.2)
    assert [sorted(node.engine.stopping_instances) for node in world.up()] == [expected] * 3
    world.run(2.0)
    assert [list(node.engine.stopping_instances) for node in world.up()] == [[]] * 3


# -- outcomes
def test_the_outcome_is_told_once_our_inventory_shows_it() -> None:
    """b starts it, c asked for it: c must not answer before it knows what b has done."""
    world = operation('abc', managed(app=application(x=0)), only={'b': {X: Program()}})
    world.lose = lambda source, target, envelope: (
        (source, target) == ('b', 'c') and isinstance(envelope.body, Update | Welcome)
    )
    ticket = world['c'].request(START_PROCESS, X)
    world.run(1.5)
    assert world['a'].engine.ledger.open_requests() == []
    assert not ticket.done
    world.lose = lambda source, target, envelope: False
    world['b'].observe(HostTick())
    world.settle()
    assert ticket.done
    assert world['c'].engine.inventory.where(X) == ['b:1']


def test_the_outcome_is_not_awaited_for_ever() -> None:
    world = operation('abc', managed(app=application(x=0)), only={'b': {X: Program()}})
    world.lose = lambda source, target, envelope: (
        (source, target) == ('b', 'c') and isinstance(envelope.body, Update | Welcome)
    )
    ticket = world['c'].request(START_PROCESS, X)
    world.run(5.0)
    assert (ticket.done, ticket.code) == (True, 0)


def test_a_request_under_way_on_the_small_side_ends_after_the_heal() -> None:
    world = operation('abcd', managed(app=application(x=0)), programs={X: Program(startsecs=20)})
    world.split('abc', 'd')
    world.run(8.0)
    assert world.leaders() == 'ad'
    ticket = world['d'].request(START_PROCESS, X)
    world.run(2.0)
    assert ticket.accepted and not ticket.done
    world.heal()
    world.run(60.0)
    assert world.leaders() == 'a'
    assert ticket.done
    assert world['a'].engine.ledger.open_requests() == []


def test_every_ticket_ends_once_whatever_happens_to_the_master() -> None:
    programs = {X: Program(), 'app:y': Program(fatal=True)}
    world = operation('abcde', managed(app=application(x=0, y=0)), programs=programs)
    tickets = [(letter, world[letter].request(START_PROCESS, 'app:*')) for letter in 'cd']
    world.run(0.2)
    world['a'].crash()
    tickets += [(letter, world[letter].request(START_APPLICATION, 'app')) for letter in 'ce']
    world.run(4.0)
    world['b'].frozen = True
    world.run(10.0)
    world['b'].resume()
    world.run(30.0)
    assert all(ticket.done for _, ticket in tickets)
    for letter, ticket in tickets:
        assert wakes(world[letter], ticket) <= 2
        outcome = [ticket.code, ticket.text]
        world.run(1.0)
        assert [ticket.code, ticket.text] == outcome


def test_a_finished_request_is_forgotten_after_ten_minutes() -> None:
    world = operation('ab', managed(app=application(x=0)), programs={X: Program()})
    ticket = world['b'].request(START_PROCESS, X)
    world.run(5.0)
    assert [node.engine.ledger.request(ticket.request) is None for node in world.up()] == [False, False]
    world.run(590.0)
    assert [node.engine.ledger.request(ticket.request) is None for node in world.up()] == [False, False]
    world.run(20.0)
    assert [node.engine.ledger.request(ticket.request) is None for node in world.up()] == [True, True]


def test_a_request_sent_again_gets_the_first_outcome() -> None:
    bench = Bench('ab')
    bench.join('b', record(X))
    bench.lead()
    body = Submit('b/1', Command(STOP_PROCESS, X, origin='b:1').to_dict())
    bench.say('b', body)
    assert [(to, one.code) for to, one in bench.take(SubmitRefused)] == [('b', FaultCode.NOT_RUNNING)]
    start = Submit('b/2', Command(START_PROCESS, X, origin='b:1').to_dict())
    bench.say('b', start)
    bench.say('b', start)
    bench.say('b', start)
    assert bench.take(SubmitRefused) == []
    assert [key for key, _ in bench.engine.ledger.open_requests()] == ['b/2']


# -- refused, forgotten, given up
def done(world: World, ticket: Ticket) -> int:
    world.run_until(lambda: ticket.done)
    return ticket.code


def test_a_copy_of_a_refused_request_that_arrives_later_is_refused_again() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    assert done(world, world['c'].request(START_PROCESS, X)) == 0
    copies: list[Envelope] = []
    world.lose = lambda source, target, envelope: copies.append(envelope) is not None
    refused = world['b'].request(START_PROCESS, X)
    world.run(1.0)
    assert (refused.done, refused.code) == (True, 60)
    (submitted,) = [envelope for envelope in copies if isinstance(envelope.body, Submit)]
    assert done(world, world['c'].request(STOP_PROCESS, X)) == 0
    world['a'].engine.receive(submitted, world['a'].now())
    world.run(5.0)
    assert world.where(X) == ''


def test_a_request_is_accepted_once_others_hold_it() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    world.lose = lambda source, target, envelope: isinstance(envelope.body, Replicate)
    ticket = world['a'].request(START_PROCESS, X)
    world.run(0.3)
    assert not ticket.accepted
    world.lose = lambda source, target, envelope: False
    world.run(2.0)
    assert (ticket.accepted, ticket.code) == (True, 0)


def test_a_master_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    world['a'].stalled = True
    ticket = world['b'].request(START_PROCESS, X)
    world.run(40.0)
    assert (ticket.done, ticket.code) == (True, 30)


def test_finished_requests_are_forgotten_everywhere() -> None:
    world = operation('abc', managed(app=application(x=0)), programs={X: Program()})
    for _ in range(5):
        done(world, world['b'].request(START_PROCESS, X))
        done(world, world['c'].request(STOP_PROCESS, X))
    size = len(world['a'].engine.ledger)
    world.run(700.0)
    assert {len(world[letter].engine.ledger) for letter in 'abc'} == {size - 10}
