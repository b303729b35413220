"""Instances whose configurations contradict each other: two systems that do not disturb each other, until one is
corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from supvisors.engine import events
from supvisors.engine.messages import Envelope, Heartbeat, Hello, VoteRequest, Welcome
from supvisors.model.enums import InstanceState as I
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from tests.unit.engine.harness import Program, World, application, ident, managed

X = 'app:x'
Agreement = dict[str, dict[str, str]]
OURS: Agreement = {
    'strategies': {'auto_fence': 'false', 'starting_strategy': 'CONFIG'},
    'list': {'supvisors_list': 'a:1,b:1,c:1'},
    'rules': {'application app': 'd1'},
    'core': {'core_identifiers': ''},
}
TIMED: dict[str, Any] = {'synchro_options': frozenset((O.TIMEOUT,)), 'synchro_timeout': 5.0}
ALL_TOPICS = [
    ('strategies', 'starting_strategy', 'LOCAL', 'starting_strategy is CONFIG here and LOCAL there'),
    ('strategies', 'auto_fence', 'true', 'auto_fence is false here and true there'),
    ('list', 'supvisors_list', 'a:1,c:1', 'supvisors_list is a:1,b:1,c:1 here and a:1,c:1 there'),
    ('rules', 'application app', 'd2', 'the rules of application app are d1 here and d2 there'),
    ('rules', 'application new', 'd3', 'the rules of application new are not set here and d3 there'),
    ('core', 'core_identifiers', 'c', 'core_identifiers is not set here and c there'),
]
LOCAL = ('strategies', 'starting_strategy', 'LOCAL')


def changed(topic: str, key: str, value: str) -> Agreement:
    return {**OURS, topic: {**OURS[topic], key: value}}


def different(letters: str = 'abc', others: str = 'c', rules: Any = None, **values: Any) -> World:
    """Those others have another starting_strategy."""
    own = {letter: {'agreement': changed(*LOCAL)} for letter in others}
    return World(letters, rules, own=own, agreement=OURS, **{**TIMED, **values})


def refused(world: World, one: str, other: str) -> bool:
    view = world[one].engine.instance(ident(other))
    return view.state is I.ISOLATED and view.reason.startswith('REFUSED: ')


def apart(world: World, *groups: str) -> bool:
    """Each instance sees its group RUNNING, and those of the others that are up ISOLATED."""
    up = ''.join(node.letter for node in world.up())
    return all(
        world.sees(one) == ''.join(sorted(set(group) & set(up)))
        and all(refused(world, one, other) for other in up if other not in group)
        for group in groups
        for one in group
        if one in up
    )


def undisturbed(world: World) -> bool:
    return all(node.engine.core.incarnation.epoch == 0 for node in world.up())


# -- each topic, both sides
@pytest.mark.parametrize(('topic', 'key', 'value', 'text'), ALL_TOPICS)
def test_each_topic_is_compared_and_both_sides_show_it(topic: str, key: str, value: str, text: str) -> None:
    own = {'c': {'agreement': changed(topic, key, value)}}
    world = World('abc', own=own, agreement=OURS, **TIMED)
    world.run(2.0)
    assert apart(world, 'ab', 'c')
    for letter in 'ab':
        assert world[letter].engine.instance('c:1').reason == f'REFUSED: {text}; correct one of both and restart it'
    ours, theirs = OURS[topic].get(key) or 'not set', value
    mirrored = text.replace(f'{ours} here and {theirs} there', f'{theirs} here and {ours} there')
    assert mirrored != text
    for letter in 'ab':
        reason = world['c'].engine.instance(ident(letter)).reason
        assert reason == f'REFUSED: {mirrored}; correct one of both and restart it'
    assert [text for text in world.logs('a', 'warn') if 'c is refused' in text]


Loss = Callable[[str, str, Envelope], bool]
LOSSES: dict[str, Loss] = {
    'from the refused one': lambda source, target, envelope: source == 'c',
    'to the refused one': lambda source, target, envelope: target == 'c',
    'all welcomes': lambda source, target, envelope: isinstance(envelope.body, Welcome),
    'all greetings': lambda source, target, envelope: isinstance(envelope.body, Hello),
    'welcomes from it': lambda source, target, envelope: source == 'c' and isinstance(envelope.body, Welcome),
    'welcomes to it': lambda source, target, envelope: target == 'c' and isinstance(envelope.body, Welcome),
    'first answers': lambda source, target, envelope: isinstance(envelope.body, Welcome) and not envelope.body.want,
    'first questions': lambda source, target, envelope: isinstance(envelope.body, Welcome) and envelope.body.want,
}


@pytest.mark.parametrize('loss', LOSSES)
def test_both_sides_refuse_although_messages_were_lost(loss: str) -> None:
    world = different()
    world.lose = LOSSES[loss]
    world.run(2.0)
    world.lose = lambda source, target, envelope: False
    world.run(6.0)
    assert apart(world, 'ab', 'c')
    world.run(10.0)
    assert apart(world, 'ab', 'c')
    assert undisturbed(world)


# -- two systems
def test_who_is_refused_disturbs_no_operation() -> None:
    world = different(boot='ab')
    world.run(8.0)
    assert world.operating()
    term = world['a'].engine.core.term
    since = len(world.sent)
    world['c'].boot()
    world.run(20.0)
    assert apart(world, 'ab', 'c')
    assert world.state('c') is S.SYNCHRONIZATION  # it waits: the others are at work
    assert {world.state(letter) for letter in 'ab'} == {S.OPERATION}
    assert world['a'].engine.core.term == term
    assert not [one for source, _, one in world.sent[since:] if isinstance(one.body, VoteRequest)]
    assert undisturbed(world)


@pytest.mark.parametrize('alone', 'abc')
def test_two_masters_that_refuse_each_other_go_on(alone: str) -> None:
    """Both have begun before they could meet."""
    others = 'abc'.replace(alone, '')
    world = different(others=alone, rules=managed(app=application(1, x=1)), programs={X: Program()})
    world.split(alone, others)
    world.run(10.0)
    assert sorted(world.leaders()) == sorted(alone + others[0])
    terms = {node.letter: node.engine.core.term for node in world.up()}
    world.heal()
    seen = set()
    for _ in range(40):
        world.run(0.5)
        seen |= world.states()
        assert sorted(world.leaders()) == sorted(alone + others[0])
    assert seen == {S.OPERATION}
    assert apart(world, others, alone)
    assert {node.letter: node.engine.core.term for node in world.up()} == terms
    assert undisturbed(world)


def test_the_lost_master_is_replaced_by_no_refused_one() -> None:
    world = different('abcd', 'd', boot='abc')
    world.run(8.0)
    world['d'].boot()
    world.run(5.0)
    world['a'].crash()
    world.run(8.0)
    assert world.masters() == {'b': 'b', 'c': 'b', 'd': ''}
    assert world.state('d') is S.SYNCHRONIZATION
    assert undisturbed(world)


def test_heartbeats_do_not_go_to_who_is_refused() -> None:
    world = different()
    world.run(3.0)
    since = len(world.sent)
    world.run(10.0)
    pairs = {source + target for source, target, one in world.sent[since:] if isinstance(one.body, Heartbeat)}
    assert pairs <= {'ab', 'ba'}


# -- which of both begins
@pytest.mark.parametrize(
    ('letters', 'others', 'begins'),
    [
        ('abc', 'c', 'ab'),
        ('abc', 'ab', 'ab'),
        ('abc', 'a', 'bc'),
        ('ab', 'b', 'a'),
        ('abcd', 'cd', 'ab'),
        ('abcd', 'bc', 'ad'),
    ],
)
def test_the_larger_group_begins_and_the_other_waits(letters: str, others: str, begins: str) -> None:
    rules = managed(app=application(1, x=1))
    world = different(letters, others, rules, programs={X: Program()})
    world.run(30.0)
    waits = ''.join(letter for letter in letters if letter not in begins)
    assert {world.state(letter) for letter in begins} == {S.OPERATION}
    assert {world.state(letter) for letter in waits} == {S.SYNCHRONIZATION}
    assert len(world.where(X)) == 1 and world.where(X) in begins
    for letter in waits:
        assert len([text for text in world.logs(letter, 'warn') if 'the synchronization waits: ' in text]) == 1
    assert undisturbed(world)


def test_the_larger_group_waits_when_the_smaller_one_is_at_work() -> None:
    world = different(boot='c')
    world.run(8.0)
    assert world.operating()
    for letter in 'ab':
        world[letter].boot()
    world.run(20.0)
    assert apart(world, 'ab', 'c')
    assert world.state('c') is S.OPERATION
    assert {world.state(letter) for letter in 'ab'} == {S.SYNCHRONIZATION}


@pytest.mark.parametrize('how', ['crash', 'leave', 'cut'])
def test_who_has_waited_goes_on_when_the_other_group_ends(how: str) -> None:
    world = different()
    world.run(15.0)
    assert world.state('c') is S.SYNCHRONIZATION
    if how == 'cut':  # the bus sees it by its own heartbeats
        world.split('ab', 'c')
        for letter in 'ab':
            world['c'].observe(events.LinkDown(ident(letter)))
    else:
        for letter in 'ab':
            getattr(world[letter], how)()
    world.run(3.0)
    assert world.state('c') is S.OPERATION
    assert world.masters()['c'] == 'c'


def test_who_has_waited_goes_on_once_only_a_smaller_group_is_left() -> None:
    world = different('abcde', 'de')
    world.run(15.0)
    assert {world.state(letter) for letter in 'de'} == {S.SYNCHRONIZATION}
    for letter in 'abc':
        world[letter].crash()
    world['c'].boot()  # alone now, and it meets those that wait
    world.run(10.0)
    assert {world.state(letter) for letter in 'de'} == {S.OPERATION}
    assert world.state('c') is S.SYNCHRONIZATION


# -- corrected
def test_the_refused_one_is_corrected_and_joins_by_itself() -> None:
    world = different()
    world.run(15.0)
    world['c'].crash()
    world.run(1.0)
    world.own['c']['agreement'] = OURS
    world['c'].boot()
    world.run(3.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3
    assert [world['a'].engine.instance('c:1').reason, world['c'].engine.instance('a:1').reason] == ['', '']
    assert undisturbed(world)


def test_the_others_are_corrected_one_after_the_other() -> None:
    world = different()
    world.run(15.0)
    for letter in 'ba':
        world[letter].crash()
        world.run(1.0)
        world.own[letter] = {'agreement': changed(*LOCAL)}
        world[letter].boot()
        world.run(5.0)
    world.run(10.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abc'] == ['abc'] * 3


def test_a_restart_without_a_correction_is_refused_again() -> None:
    world = different()
    world.run(15.0)
    world['c'].crash()
    world['c'].boot()
    world.run(10.0)
    assert apart(world, 'ab', 'c')
    assert len([text for text in world.logs('a', 'warn') if 'c is refused' in text]) == 2


# -- another release
MORE: Agreement = {**OURS, 'strategies': {**OURS['strategies'], 'new_option': '1'}, 'new_topic': {'new_key': '1'}}


@pytest.mark.parametrize('letter', 'ac')
def test_another_release_that_compares_more_is_accepted(letter: str) -> None:
    world = World('abc', own={letter: {'agreement': MORE}}, agreement=OURS)
    world.run(3.0)
    assert world.operating()
    assert [world.sees(one) for one in 'abc'] == ['abc'] * 3


@pytest.mark.parametrize('restarted', ['', 'd', 'e', 'ade', 'abcde'])
@pytest.mark.parametrize(('one', 'other'), [('ab', 'cde'), ('abc', 'de')])
def test_two_masters_of_two_releases_meet_and_one_stays(one: str, other: str, restarted: str) -> None:
    own = {letter: {'agreement': MORE} for letter in other}
    world = World('abcde', own=own, agreement=OURS, **TIMED)
    world.run(8.0)
    assert world.operating()
    world.split(one, other)
    world.run(8.0)
    for letter in restarted:  # its configuration has to be looked at again
        world[letter].crash()
        world[letter].boot()
        world.run(6.0)
    world.run(5.0)
    assert len(world.leaders()) == 2
    world.heal()
    world.run(15.0)
    assert world.operating()
    assert [world.sees(letter) for letter in 'abcde'] == ['abcde'] * 5
