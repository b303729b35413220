"""What scenarios are made of: records that are replayed, and what is done and awaited between them."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from supvisors.demo import wait_for
from tests.contract.replay.record import Record, numbered
from tests.contract.replay.stage import Stage


@attrs.frozen
class Play:
    """Replay one record. `same`: what the value says of states must be the same too, not only its shape."""
    record: Record
    same: bool = False

    def run(self, stage: Stage) -> Iterator[str]:
        if self.same and not self.record.has_value:
            raise ValueError(f'{self.record} has no value to compare')
        outcome = stage.replay(self.record)
        found = list(stage.check(self.record, outcome))
        if self.same and not found and essence(outcome.value) != essence(self.record.value):
            found = [f'{essence(outcome.value)} instead of {essence(self.record.value)}']
        return (f'{self.record}: {problem}' for problem in found)


@attrs.frozen
class Act:
    """Something that is done, or awaited, so that the next records have what they need."""
    run_on: Callable[[Stage], object]

    def run(self, stage: Stage) -> Iterator[str]:
        self.run_on(stage)
        return iter(())


Step: TypeAlias = 'Play | Act'
Scenario: TypeAlias = 'tuple[Step | tuple[Step, ...], ...]'

_TOLD = ('application_name', 'process_name', 'name', 'group', 'statename', 'fsm_statename', 'expected_exit',
         'extra_args', 'disabled', 'managed', 'major_failure', 'minor_failure')


def essence(value: Any) -> Any:
    """What a value says of states and names, whatever the order; of the places of a process only how many they are."""
    if isinstance(value, list):
        return sorted(map(essence, value), key=repr)
    if not isinstance(value, Mapping):
        return value
    told = {key: value[key] for key in _TOLD if key in value}
    return {**told, 'places': len(value['identifiers'])} if 'identifiers' in value else told


def flat(scenario: Scenario) -> Iterator[Step]:
    for item in scenario:
        if isinstance(item, tuple):
            yield from item
        else:
            yield item


def run(scenario: Scenario, stage: Stage) -> list[str]:
    """Go through a scenario, and tell what is not as recorded, or as decided."""
    found: list[str] = []
    for step in flat(scenario):
        try:
            found += step.run(stage)
        except (TimeoutError, AssertionError) as error:
            return [*found, f'given up: {error}']
    return found


def no_problems(found: list[str]) -> None:
    """Fail with all of them, one a line."""
    assert not found, '\n'.join([f'{len(found)} differences', *found])


# -- what scenarios are written with
def play(method: str, *indexes: int) -> tuple[Step, ...]:
    """Replay these records of a method, by their numbers."""
    return tuple(Play(numbered(method, index)) for index in indexes)


def same(method: str, *indexes: int) -> tuple[Step, ...]:
    """Replay these records, whose values tell the same of states."""
    return tuple(Play(numbered(method, index), same=True) for index in indexes)


def do(nick: str, method: str, *params: Any) -> Act:
    """Call a method that must succeed."""
    def act(stage: Stage) -> None:
        outcome = stage.call(nick, method if '.' in method else f'supvisors.{method}', *params)
        assert not outcome.fault and not outcome.http, f'{method}{params}: {outcome}'

    return Act(act)


def attempt(nick: str, method: str, *params: Any) -> Act:
    """Call a method of Supvisors, whatever its answer: it is told when what is going on has ended."""
    return Act(lambda stage: stage.call(nick, f'supvisors.{method}', *params))


def until(namespec: str, state: str, nick: str = 'sv01', timeout: float = 15.0) -> Act:
    """Await a state of a process, as one instance says."""
    return Act(lambda stage: stage.cluster.wait_state(namespec, state, stage.cluster[nick], timeout))


def idle(nick: str = 'sv01', timeout: float = 20.0) -> Act:
    """Await OPERATION with no job in the whole system, as one instance says."""
    def act(stage: Stage) -> None:
        def ended() -> bool:
            state = stage.ask(nick, 'get_supvisors_state')
            return bool(state['fsm_statename'] == 'OPERATION' and not state['starting_jobs']
                        and not state['stopping_jobs'])

        wait_for(ended, timeout, 'OPERATION without jobs')

    return Act(act)


def told(nick: str, method: str, *params: Any, by: Callable[[Any], bool], timeout: float = 15.0) -> Act:
    """Await an answer that pleases."""
    def act(stage: Stage) -> None:
        wait_for(lambda: by(stage.ask(nick, method, *params)), timeout, f'{method}{params} as wanted')

    return Act(act)
