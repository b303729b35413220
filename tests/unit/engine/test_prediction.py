"""What a start would do: told without changing anything, and just what the start then does."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from supvisors.engine.commands import START_APPLICATION, START_PROCESS, STOP_PROCESS, Command, Refused
from supvisors.engine.view import Prediction
from supvisors.model.enums import DistributionRule
from supvisors.model.enums import FaultCode as F
from supvisors.model.enums import ProcessState as P
from supvisors.model.enums import StartingFailureStrategy as Failure
from supvisors.model.enums import StartingStrategy as S
from supvisors.model.rules import ApplicationRules, ProgramRules
from supvisors.model.spreading import Spread
from tests.unit.engine.harness import A, B, C, Program, World, application, ident, managed, operation
from tests.unit.engine.picture import picture

X, Y, Z = 'app:x', 'app:y', 'app:z'


def world_of(rules: ApplicationRules, letters: str = 'abc', **values: Any) -> World:
    programs = {f'app:{name}': Program() for name in rules.programs}
    return operation(letters, managed(app=rules), **{'programs': programs, **values})


def predict(world: World, target: str = 'app', strategy: S = S.CONFIG, letter: str = 'b') -> list[Prediction]:
    kind = START_PROCESS if ':' in target else START_APPLICATION
    return list(world[letter].engine.predict(Command(kind, target, int(strategy), origin=ident(letter))))


def refused(world: World, target: str, letter: str = 'b') -> tuple[F, str]:
    with pytest.raises(Refused) as refusal:
        predict(world, target, letter=letter)
    return refusal.value.code, refusal.value.text


def made(name: str, state: P, *identifiers: str, reason: str = '') -> Prediction:
    return Prediction('app', name, int(state), reason, identifiers)


# -- what is told
def test_each_process_of_the_sequence_with_its_instance_sorted() -> None:
    world = world_of(application(z=1, y=2, x=2, w=0))
    assert predict(world) == [made('x', P.RUNNING, A), made('y', P.RUNNING, A), made('z', P.RUNNING, A)]
    assert predict(world, 'app', S.LOCAL, 'c') == [made(name, P.RUNNING, C) for name in 'xyz']


def test_what_is_waited_for_until_it_exits_has_exited_where_it_ran_and_has_left_its_room() -> None:
    rules = application(
        x=ProgramRules(start_sequence=1, wait_exit=True, expected_loading=60),
        y=ProgramRules(start_sequence=2, expected_loading=60),
        z=ProgramRules(start_sequence=2, expected_loading=60),
    )
    world = world_of(rules)
    assert predict(world) == [made('x', P.EXITED, A), made('y', P.RUNNING, A), made('z', P.RUNNING, B)]
    assert predict(world, X) == [made('x', P.RUNNING, A)]  # alone, nobody waits for its exit


def test_what_no_instance_can_take_is_fatal_with_all_the_reasons() -> None:
    rule = ProgramRules(start_sequence=1, expected_loading=60, identifiers=('b', 'c'))
    world = world_of(application(x=rule, y=rule, z=rule))
    world['c'].show(Z, 0, disabled=True)
    world.settle()
    reason = 'No resource available (b:1: 60 + 60 > 100; c:1: program disabled)'
    assert predict(world) == [made('x', P.RUNNING, B), made('y', P.RUNNING, C), made('z', P.FATAL, reason=reason)]


@pytest.mark.parametrize(
    ('strategy', 'required', 'w', 'z', 'reason'),
    [
        (Failure.ABORT, True, P.RUNNING, P.STOPPED, f'not started, since {X} failed (ABORT)'),
        (Failure.STOP, True, P.STOPPED, P.STOPPED, f'not started, since {X} failed (STOP)'),
        (Failure.CONTINUE, True, P.RUNNING, P.RUNNING, ''),
        (Failure.ABORT, False, P.RUNNING, P.RUNNING, ''),
        (Failure.STOP, False, P.RUNNING, P.RUNNING, ''),
    ],
)
def test_the_starting_failure_strategies_apply(strategy: Failure, required: bool, w: P, z: P, reason: str) -> None:
    """w is started before x fails, y with it, z after it."""
    failing = ProgramRules(identifiers=(), start_sequence=2, required=required, starting_failure_strategy=strategy)
    world = world_of(application(w=1, x=failing, y=2, z=3))
    found = {one.name: one for one in predict(world)}
    assert {name: one.state for name, one in found.items()} == {'w': w, 'x': P.FATAL, 'y': w, 'z': z}
    assert found['z'].reason == reason
    assert found['w'].identifiers == ((A,) if w == P.RUNNING else ())
    world.outcome(world['b'].request(START_APPLICATION, 'app'))
    world.run(10.0)
    assert [bool(world.where(f'app:{name}')) for name in 'wyz'] == [w == P.RUNNING, w == P.RUNNING, z == P.RUNNING]


def test_what_runs_is_not_told_and_counts() -> None:
    rule = ProgramRules(expected_loading=60)
    world = world_of(application(x=rule, y=rule))
    world['a'].spawn(X)
    world.run(2.0)
    assert predict(world, Y) == [made('y', P.RUNNING, B)]


def test_what_is_stopping_is_started_again_where_it_leaves_its_room() -> None:
    world = world_of(application(x=ProgramRules(identifiers=('c',), expected_loading=60)))
    world['c'].programs[X].stop_time = 3.0
    assert world.outcome(world['b'].request(START_PROCESS, X)) == (0, '')
    world['b'].request(STOP_PROCESS, X)
    world.run(1.0)
    assert predict(world, X) == [made('x', P.RUNNING, C)]
    assert world.outcome(world['b'].request(START_PROCESS, X)) == (0, '')
    assert world.where(X) == 'c'


def test_the_master_counts_what_is_only_ordered() -> None:
    rule = ProgramRules(expected_loading=60)
    world = world_of(application(x=rule, y=rule))
    world['a'].silent_orders = True
    world['a'].request(START_PROCESS, X)
    world.settle()
    assert predict(world, Y, letter='a') == [made('y', P.RUNNING, B)]


def test_more_than_are_ordered_in_one_turn() -> None:
    rules = application(**{f'x{n:02}': ProgramRules(start_sequence=1, expected_loading=4) for n in range(45)})
    world = world_of(rules)
    found = predict(world)
    assert [one.identifiers for one in found] == [(A,)] * 25 + [(B,)] * 20
    assert world.outcome(world['b'].request(START_APPLICATION, 'app')) == (0, '')
    assert {key: ident(letter) for letter, key in world.starts()} == {
        f'app:{one.name}': one.identifiers[0] for one in found
    }


# -- what is refused
def test_refused_as_the_start_itself_but_for_resources() -> None:
    rules = managed(app=application(x=ProgramRules(identifiers=(), start_sequence=1)), idle=application(x=0))
    world = operation('abc', rules, programs=dict.fromkeys((X, 'idle:x', 'lone'), Program()))
    assert refused(world, 'none') == (F.BAD_NAME, 'application none unknown')
    assert refused(world, 'lone') == (F.NOT_MANAGED, 'application lone has no rules')
    assert refused(world, 'app:none') == (F.BAD_NAME, 'process app:none unknown')
    reason = 'No resource available (no instance is allowed by the rules)'
    assert predict(world) == predict(world, X) == [made('x', P.FATAL, reason=reason)]
    assert predict(world, 'idle') == []
    world['c'].spawn(X)
    world.run(2.0)
    assert refused(world, 'app') == (F.ALREADY_STARTED, 'application app is RUNNING')
    assert refused(world, X) == refused(world, 'app:*') == (F.ALREADY_STARTED, X)


# -- nothing changes
@pytest.mark.parametrize('target', ['app', 'app:x0', 'app:*'])
@pytest.mark.parametrize('letter', 'ab')
def test_nothing_changes_anywhere(target: str, letter: str) -> None:
    """Even where members are spread, processes end by themselves, and others cannot be placed."""
    member = ProgramRules(identifiers=('b', 'a'), start_sequence=1, spread=Spread.EVENLY, wait_exit=True)
    rules = application(x0=member, x1=member, y=ProgramRules(start_sequence=2, expected_loading=101))
    programs = {f'app:{name}': Program(section=name[0], index=int(name[1:] or 0)) for name in ('x0', 'x1', 'y')}
    world = world_of(rules, programs={**programs, 'lone': Program(startsecs=9)})
    world['c'].request(START_PROCESS, 'lone')
    world.run(1.0)
    before = {key: picture(node.engine) for key, node in world.nodes.items()}
    sent, history = len(world.sent), list(world.history)
    first = predict(world, target, letter=letter)
    assert first
    assert predict(world, target, letter=letter) == first
    assert {key: picture(node.engine) for key, node in world.nodes.items()} == before
    world.settle()
    assert (len(world.sent), world.history) == (sent, history)


def test_what_was_only_predicted_still_has_never_run() -> None:
    world = world_of(application(x=ProgramRules(start_sequence=1, wait_exit=True)))
    for letter in 'abc':
        predict(world, letter=letter)
        predict(world, X, letter=letter)
    world.run(2.0)
    for node in world.nodes.values():
        assert not node.engine.inventory.has_run(X)
        assert node.engine.process('app', 'x').state == P.STOPPED  # type: ignore[union-attr]
        assert node.engine.ledger.last_placement(X) is None


def test_a_picture_shows_a_change_however_deep() -> None:
    world = world_of(application(x=1))
    engine = world['a'].engine
    before = picture(engine)
    assert len(before) > 5000
    engine.inventory._processes[X][B] = attrs.evolve(engine.inventory._processes[X][B], told=1.5)
    changed = picture(engine)
    assert [line for line in changed.split('\n') if line not in before.split('\n')] != []


# -- the start then does just that
NAMES = ('x0', 'x1', 'x2', 'y', 'z')
MACHINES: tuple[dict[str, str], ...] = (
    {},
    {'a': 'N1', 'c': 'N1', 'b': 'N2', 'd': 'N2'},
    dict.fromkeys('abc', 'N1'),
)
identifiers = st.permutations('abcd').flatmap(lambda order: st.integers(1, 4).map(lambda n: tuple(order[:n])))
program_rules = st.builds(
    ProgramRules,
    identifiers=st.one_of(st.just(('*',)), identifiers),
    start_sequence=st.integers(0, 3),
    required=st.booleans(),
    wait_exit=st.booleans(),
    expected_loading=st.sampled_from((0, 10, 25, 40, 60)),
    starting_failure_strategy=st.sampled_from(Failure),
    spread=st.sampled_from((Spread.NONE, Spread.NONE, Spread.ONE_EACH, Spread.EVENLY)),
)
situations = st.fixed_dictionaries(
    {
        'programs': st.dictionaries(st.sampled_from(NAMES), program_rules, min_size=1),
        'distribution': st.sampled_from(DistributionRule),
        'places': st.one_of(st.just(('*',)), identifiers),
        'loads': st.dictionaries(st.sampled_from('abcd'), st.sampled_from((10, 30, 50, 70))),
        'machines': st.sampled_from(MACHINES),
        'disabled': st.sets(st.tuples(st.sampled_from('abcd'), st.sampled_from(NAMES)), max_size=3),
        'absent': st.sets(st.tuples(st.sampled_from('abcd'), st.sampled_from(NAMES)), max_size=3),
        'strategy': st.sampled_from(S),
        'letter': st.sampled_from('abcd'),
    }
)
few = hypothesis_settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    # an example takes a tenth of a second: the smallest one would be looked for too long
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def situation_of(situation: dict[str, Any]) -> World:
    rules = attrs.evolve(
        application(**situation['programs']), distribution=situation['distribution'], identifiers=situation['places']
    )
    only = {
        letter: {
            f'app:{name}': Program(
                lasts=2.0 if rule.wait_exit else None,
                disabled=(letter, name) in situation['disabled'],
                section=name[0],
                index=int(name[1:] or 0),
            )
            for name, rule in situation['programs'].items()
            if (letter, name) not in situation['absent']
        }
        | {f'load:{letter}': Program()}
        for letter in 'abcd'
    }
    loads = application(**{key: ProgramRules(expected_loading=load) for key, load in situation['loads'].items()})
    world = operation('abcd', managed(app=rules, load=loads), only=only, machines=situation['machines'])
    for letter in situation['loads']:
        world[letter].spawn(f'load:{letter}')
    world.run(3.0)
    world.history.clear()
    return world


def placed(predictions: list[Prediction]) -> dict[str, str]:
    return {f'app:{one.name}': one.identifiers[0] for one in predictions if one.identifiers}


@few
@given(situations)
def test_an_application_ends_where_it_was_predicted(situation: dict[str, Any]) -> None:
    world = situation_of(situation)
    if not world['a'].engine.inventory.group('app'):
        return
    strategy, letter = situation['strategy'], situation['letter']
    before = picture(world[letter].engine)
    found = predict(world, 'app', strategy, letter)
    assert picture(world[letter].engine) == before
    if strategy is not S.LOCAL:
        for other in 'abcd':
            assert predict(world, 'app', strategy, other) == found
    code, text = world.outcome(world[letter].request(START_APPLICATION, 'app', strategy))
    world.run(15.0)
    if code == F.ABNORMAL_TERMINATION:
        assert world.starts() == []
        # it is refused when nothing of its first rank can be started
        ranks = {f'app:{one.name}': situation['programs'][one.name].start_sequence for one in found}
        first = [one for one in found if ranks[f'app:{one.name}'] == min(ranks.values())]
        assert {one.state for one in first} <= {P.FATAL}
        assert all(f'app:{one.name}: {one.reason.split(" (")[0]}' in text for one in first)
        return
    logged = world.logs('a', 'warn')
    for one in found:
        namespec = f'app:{one.name}'
        states = world.states_of(namespec)
        if one.state in (P.RUNNING, P.EXITED):
            assert states[-1] == f'{P(one.state).name} {one.identifiers[0][0]}'
            assert len([state for state in states if state.startswith('STARTING')]) == 1
        elif one.reason.startswith('stopped'):
            assert states[-1].startswith('STOPPED')
        else:
            assert states == []
            assert f'{namespec}: {one.reason}' in logged
    assert {key for _, key in world.starts()} <= {f'app:{one.name}' for one in found}


@few
@given(situations, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_a_process_ends_where_it_was_predicted(situation: dict[str, Any], name: str, sibling: str) -> None:
    """Also when a sibling runs already."""
    world = situation_of(situation)
    engine = world['a'].engine
    target = f'app:{name}'
    if target not in engine.inventory:
        return
    home = situation['letter']
    if sibling != name and f'app:{sibling}' in world[home].programs:
        world[home].spawn(f'app:{sibling}')
        world.run(1.5)
    world.history.clear()
    for strategy in S:
        before = picture(engine)
        found = predict(world, target, strategy, 'a')
        assert picture(engine) == before
        code, text = world.outcome(world['a'].request(START_PROCESS, target, strategy))
        assert (code == 0) is (found[0].state == P.RUNNING)
        assert {key: ident(letter) for letter, key in world.starts()} == placed(found)
        if code:
            assert text == f'{target}: {found[0].reason}'
        if world.where(target):
            assert world.outcome(world['a'].request(STOP_PROCESS, target)) == (0, '')
        world.history.clear()
