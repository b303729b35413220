"""A few seconds of each target; `make fuzz` runs them for as long as one likes."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from tests.fuzz.files import check_options
from tests.fuzz.running import Target, run
from tests.fuzz.targets import TARGETS
from tests.fuzz.trees import parts, replaced

SECONDS = 2.5
"""For each: some 20 s for all, on one core."""


@pytest.mark.parametrize('name', [pytest.param(name, marks=[pytest.mark.live] * target.live)
                                  for name, target in TARGETS.items()])
def test_whatever_comes_in_harms_nothing(name: str, record_property: Callable[[str, object], None]) -> None:
    outcome = run(TARGETS[name], SECONDS)
    record_property('executions', outcome.executions)
    print(outcome)
    assert not outcome.finding, outcome.finding
    assert outcome.executions >= 10, f'{outcome}: hardly anything was tried'


def test_what_is_found_ends_the_run_and_is_told() -> None:
    def refuse(value: int) -> None:
        assert value < 1000, f'{value} is too large'

    class Opened:
        def __enter__(self) -> object:
            return refuse

        def __exit__(self, *_: object) -> None:
            pass

    outcome = run(Target('numbers', st.integers(0, 10_000), Opened), 30)  # type: ignore[arg-type]
    assert outcome.seconds < 20
    assert '1000 is too large' in outcome.finding and 'FOUND' in str(outcome)


def test_a_part_is_replaced_where_it_is() -> None:
    tree = {'a': [1, {'b': 2}], 'c': 3}
    assert [path for path, _ in parts(tree)] == [(), ('a',), ('a', 0), ('a', 1), ('a', 1, 'b'), ('c',)]
    assert replaced(tree, ('a', 1, 'b'), 9) == {'a': [1, {'b': 9}], 'c': 3}
    assert replaced(tree, ('a', 7), 9) == replaced(tree, ('x', 'y'), 9) == tree == {'a': [1, {'b': 2}], 'c': 3}


def test_a_number_of_many_digits_is_refused_at_once() -> None:
    """Its pattern once tried each way to cut the digits in two."""
    check_options(({'wait_exit_timeout': '9' * 100_000 + 'x', 'failure_timeout': '.' + '9' * 100_000 + 'x'}, 'n'))
