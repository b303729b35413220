"""The example system: three daemons and two applications."""
from __future__ import annotations

from supvisors.demo.layout import Layout, Program, application, rules_file

NICKS = ('alpha', 'beta', 'gamma')
MOVED = 'shop'
"""The application whose daemon is killed."""

_TICKER = "/bin/sh -c 'while :; do date; sleep 2; done'"
_TREE = {'stopasgroup': 'true', 'killasgroup': 'true'}


def sample_layout() -> Layout:
    """`shop` lives on beta, or on gamma when beta is gone, or at last on alpha; `stats` lives where the load is least,
    but not on beta."""
    shop = application(
        'shop',
        {
            'db': _program(1, 'beta,gamma,alpha', 20),
            'api': _program(2, 'beta,gamma,alpha', 15),
            'web': _program(3, 'beta,gamma,alpha', 10),
        },
        start_sequence=1, running_failure_strategy='RESTART_PROCESS')
    stats = application(
        'stats',
        {'collector': _program(1, 'alpha,gamma', 10), 'report': _program(2, 'alpha,gamma', 5)},
        start_sequence=2, starting_strategy='LESS_LOADED', running_failure_strategy='RESTART_PROCESS')
    return Layout(
        nicks=NICKS,
        programs=(
            Program('db'), Program('api'), Program('web'),
            Program('collector'), Program('report', _TICKER, options=_TREE),
        ),
        groups={'shop': ('db', 'api', 'web'), 'stats': ('collector', 'report')},
        rules=rules_file([shop, stats]))


def _program(rank: int, identifiers: str, loading: int) -> dict[str, object]:
    return {'identifiers': identifiers, 'start_sequence': rank, 'required': 'true', 'expected_loading': loading}
