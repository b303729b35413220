"""The state of an application, from those of its processes."""

from __future__ import annotations

from collections.abc import Sequence

from supvisors.engine.view import ApplicationView, ProcessView
from supvisors.model.enums import RUNNING_STATES, ApplicationState, ProcessState
from supvisors.model.rules import ApplicationRules

_BAD_STATES = (ProcessState.FATAL, ProcessState.UNKNOWN)


def application_view(name: str, rules: ApplicationRules, views: Sequence[ProcessView]) -> ApplicationView:
    state = _state({view.state for view in views})
    bad = [
        view
        for view in views
        if view.state in _BAD_STATES or (view.state == ProcessState.EXITED and not view.expected_exit)
    ]
    major = _fails(rules, views, bad, state is not ApplicationState.STOPPED)
    return ApplicationView(
        name, rules.managed, state, rules.managed and major, rules.managed and not major and bool(bad)
    )


def _fails(rules: ApplicationRules, views: Sequence[ProcessView], bad: Sequence[ProcessView], active: bool) -> bool:
    """A formula says so as long as the application is not stopped; or else its required processes do."""
    if rules.formula is not None:
        # an error in it is a failure too: nobody can say that the application works
        return active and rules.formula.evaluate({view.name: _works(view) for view in views}) is not True
    required = [view for view in views if rules.program(view.name).required]
    return any(view in bad or (view.state == ProcessState.STOPPED and active) for view in required)


def _works(view: ProcessView) -> bool:
    return view.state in RUNNING_STATES or (view.state == ProcessState.EXITED and view.expected_exit)


def _state(states: set[int]) -> ApplicationState:
    if ProcessState.STOPPING in states:
        return ApplicationState.STOPPING
    if states & {ProcessState.STARTING, ProcessState.BACKOFF}:
        return ApplicationState.STARTING
    return ApplicationState.RUNNING if ProcessState.RUNNING in states else ApplicationState.STOPPED
