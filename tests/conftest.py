"""For every level: the logs of the daemons that a failing test ran on are part of its report."""
from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.cluster.runs import pending_logs


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and report.when in ('setup', 'call'):
        report.sections.extend(('daemons', log) for log in pending_logs())
    return report
