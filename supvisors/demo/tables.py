"""The system as text: plain tables for files and pipes, and a live view for terminals."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supvisors.demo.snapshot import Snapshot

if TYPE_CHECKING:
    from rich.console import RenderableType

RICH_MISSING = ("the live view needs the library rich: pip install 'supvisors[cli]'\n"
                '(without it: supvisors demo --once, or send the output to a pipe)')
INSTANCE_TITLES = ('instance', 'state', 'Master', 'load', 'processes', 'URL')
PROCESS_TITLES = ('process', 'state', 'runs on')
FEWEST_EVENTS = 3
FRAMES = 12
"""Lines of the live view that are neither rows, events nor hints: borders, titles, and one hint that wraps."""

_COLOURS = {
    'RUNNING': 'green', 'OPERATION': 'green', 'STARTING': 'yellow', 'STOPPING': 'yellow', 'CHECKING': 'yellow',
    'CHECKED': 'yellow', 'STOPPED': 'dim', 'FAILED': 'red', 'FATAL': 'red', 'ISOLATED': 'red',
}

Rows = Sequence[Sequence[str]]


def instance_rows(snapshot: Snapshot) -> Rows:
    return [
        (row.nick, row.state, '*' if row.nick == snapshot.master else '', f'{row.loading} %', str(row.processes),
         row.url)
        for row in snapshot.instances
    ]


def process_rows(snapshot: Snapshot) -> Rows:
    return [(row.namespec, row.state, row.where) for row in snapshot.processes]


def headline(snapshot: Snapshot) -> str:
    applications = ', '.join(f'{name} {state}' for name, state in snapshot.applications.items())
    return f'{snapshot.state}, Master {snapshot.master or "none"}, as {snapshot.asked} sees it; {applications}'


def plain(snapshot: Snapshot) -> str:
    """Return the snapshot as text without control characters."""
    return '\n'.join([
        headline(snapshot), '',
        *_columns(INSTANCE_TITLES, instance_rows(snapshot)), '',
        *_columns(PROCESS_TITLES, process_rows(snapshot)), '',
    ])


def _columns(titles: Sequence[str], rows: Rows) -> list[str]:
    widths = [max(len(row[column]) for row in (titles, *rows)) for column in range(len(titles))]
    lines = [titles, ['-' * width for width in widths], *rows]
    return ['  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def live(snapshot: Snapshot, events: Sequence[str], hints: Sequence[str], height: int) -> RenderableType:
    """Return the live view, with as many of the last events as `height` lines can hold; imports rich."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    room = height - FRAMES - len(snapshot.instances) - len(snapshot.processes) - len(hints)
    shown = events[-max(FEWEST_EVENTS, room):]
    return Group(
        Text(headline(snapshot), style='bold'),
        _rich_table(INSTANCE_TITLES, instance_rows(snapshot)),
        _rich_table(PROCESS_TITLES, process_rows(snapshot)),
        Panel(Text('\n'.join(shown)), title='events', title_align='left'),
        Panel(Text('\n'.join(hints)), title='to try', title_align='left'),
    )


def _rich_table(titles: Sequence[str], rows: Rows) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    table = Table(*titles, expand=True)
    for row in rows:
        table.add_row(*(Text(cell, style=_COLOURS.get(cell, '')) for cell in row))
    return table


def rich_is_there() -> bool:
    try:
        import rich.live  # noqa: F401
    except ImportError:
        return False
    return True
