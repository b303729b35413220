"""The simulator catches bugs planted in the engine, each by an invariant that is about it."""

import pytest

from tests.simulation.planted import PLANTED, planted
from tests.simulation.runner import run


@pytest.mark.timeout(300)
@pytest.mark.parametrize('name', PLANTED)
def test_a_planted_bug_is_caught(name: str) -> None:
    plant = PLANTED[name]
    kinds = []
    with planted(plant):
        for seed in plant.seeds:
            violation = run(seed, change=plant.focus).violation
            if violation is not None:
                kinds.append(violation.kind)
                if violation.kind in plant.kinds:
                    return
    pytest.fail(f'{name} was not caught by the seeds {plant.seeds}: {kinds or "no violation"}')


def test_a_planted_bug_is_gone_afterwards() -> None:
    plant = PLANTED['does_not_wait']
    from supvisors.engine.orchestration.jobs import Jobs

    before = Jobs._advance_start
    with planted(plant):
        assert Jobs._advance_start is not before
    assert Jobs._advance_start is before
