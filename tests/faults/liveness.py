"""What must come true once all is calm: one Master, equal and true views, nothing pending, and what is wanted runs."""
from __future__ import annotations

from collections.abc import Collection, Mapping

from tests.faults.court import EXPECTED, Court, Judge
from tests.faults.history import Life, View
from tests.faults.request_judge import Requests

GONE = ('STOPPED', 'FAILED')
"""How an instance that is down is seen."""


def unsettled(views: Mapping[str, View], life: Life, nicks: Collection[str]) -> str:
    """Why the system is not calm, or an empty text. `views` are those of the daemons that are up, just given."""
    return _cluster(views) or _instances(views, nicks) or _jobs(views) or _programs(views, life)


def _cluster(views: Mapping[str, View]) -> str:
    masters = {view.master for view in views.values()}
    if len(masters) != 1 or not masters <= set(views):
        return f'the Masters are {({nick: view.master for nick, view in views.items()})}'
    states = {nick: view.state for nick, view in views.items() if view.state != 'OPERATION'}
    return f'not in OPERATION: {states}' if states else ''


def _instances(views: Mapping[str, View], nicks: Collection[str]) -> str:
    for nick, view in views.items():
        wrong = {other: view.instances.get(other) for other in nicks
                 if (view.instances.get(other) != 'RUNNING' if other in views
                     else view.instances.get(other) not in GONE)}
        if wrong:
            return f'{nick} sees {wrong}'
    return ''


def _jobs(views: Mapping[str, View]) -> str:
    jobs = {nick: view.jobs for nick, view in views.items() if view.jobs}
    return f'jobs are pending: {jobs}' if jobs else ''


def _programs(views: Mapping[str, View], life: Life) -> str:
    for nick, view in views.items():
        if view.processes is None:
            return f'{nick} cannot tell of processes'
        for namespec in {*view.processes, *life.copies}:
            where = tuple(sorted(life.where(namespec)))
            if tuple(view.processes.get(namespec, ())) != where:
                return f'{nick} sees {namespec} on {view.processes.get(namespec)}, it lives on {where}'
            if EXPECTED['conflicts are settled'] and len(where) > 1:
                return f'{namespec} lives on {where}'
        own = {namespec for namespec in life.copies if nick in life.where(namespec)}
        if set(view.own) != own:
            return f'{nick} says that it runs {sorted(view.own)}, its programs are {sorted(own)}'
    return _orphans(views, life)


def _orphans(views: Mapping[str, View], life: Life) -> str:
    """With orphans = stop, none outlives the return of its daemon."""
    left = [f'{namespec} ({pid}) of {nick}' for namespec, copies in life.copies.items()
            for nick, pid, orphan in copies if orphan and nick in views]
    return f'orphans: {left}' if left else ''


class Liveness(Judge):
    """At the end of the history; the rest of the end is looked at live, by `unsettled`, until it comes true."""

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self.requests = next(judge for judge in court.judges if isinstance(judge, Requests))

    def finish(self) -> None:
        for namespec in self.court.wanted:
            if self.requests.wanted(namespec):
                self.court.checked('what is wanted runs')
                if not self.court.life.where(namespec):
                    self.court.failed('liveness', f'{namespec} is wanted, and lives nowhere')
