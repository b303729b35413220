"""Scenarios that run on demand only: `make test-faults`, or their path named on the command line."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.machine import no_networks

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    named = [(config.invocation_params.dir / argument.partition('::')[0]).resolve() for argument in config.args]
    asked = any(path in (HERE, HERE.parent) or HERE in path.parents for path in named)
    return None if asked else True


@pytest.fixture(autouse=True)
def networks() -> None:
    reason = no_networks()
    if reason:
        pytest.skip(reason)
