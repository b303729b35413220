"""For every level: the logs of the daemons that a failing test ran on, and what the simulator has gone through."""
from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.cluster.runs import pending_logs
from tests.simulation.runner import Summary


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and report.when in ('setup', 'call'):
        report.sections.extend(('daemons', log) for log in pending_logs())
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What all the runs of the simulator have gone through together."""
    figures = [value for reports in terminalreporter.stats.values() for report in reports
               if getattr(report, 'when', '') == 'call'
               for name, value in report.user_properties if name == 'simulation']
    if figures:
        total = Summary()
        for one in figures:
            total.add_plain(one)
        terminalreporter.section('simulation')
        terminalreporter.write_line(str(total).rpartition('\n')[0])
