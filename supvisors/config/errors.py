"""What is wrong or worth a line in a configuration: problems refuse it, notes are for the log."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import attrs

SHOWN_LENGTH = 120
"""A value is cut after this number of characters in a text."""


class Note(NamedTuple):
    """A line for the log. `level` is a name of supervisord: `warn` or `info`."""
    level: str
    text: str


def shown(value: str) -> str:
    """Return the value as a message shows it: quoted, on one line, not longer than `SHOWN_LENGTH`."""
    return repr(value if len(value) <= SHOWN_LENGTH else value[:SHOWN_LENGTH] + '...')


@attrs.frozen
class Problem:
    """One thing that is refused.

    `where` names the option, or the file, the line and the element; `value` is what was written there (None when it
    does not help, or must not be shown); `accepted` says what would be right; `reason` what is wrong, when that is not
    obvious; `remedy` what to do; `place` is the file and the line, when `where` does not tell them.
    """
    where: str
    value: str | None = None
    accepted: str = ''
    reason: str = ''
    remedy: str = ''
    place: str = ''

    @property
    def option(self) -> str:
        """The name of the option that is refused; empty when it is something else."""
        kind, _, name = self.where.partition(' ')
        return name if kind == 'option' else ''

    def __str__(self) -> str:
        place = f'{self.place}: ' if self.place else ''
        head = place + (self.where if self.value is None else f'{self.where} = {shown(self.value)}')
        parts = (('', self.reason), ('accepted: ', self.accepted), ('remedy: ', self.remedy))
        tail = '; '.join(label + text for label, text in parts if text)
        return f'{head}: {tail}' if tail else head


def placed(problems: Iterable[Problem], places: Mapping[str, str]) -> list[Problem]:
    """Return the problems, with the file and the line of those that are about an option."""
    return [attrs.evolve(problem, place=problem.place or places.get(problem.option, '')) for problem in problems]


def at(places: Mapping[str, str], option: str) -> str:
    """Return how a text about an option begins: with its file and its line, when they are known."""
    return f'{places[option]}: ' if option in places else ''


class ConfigurationError(Exception):
    """The configuration is refused. `problems` are all that were found, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f'{count} error{"s" * (count > 1)} in the configuration of Supvisors:'
        super().__init__('\n  '.join([head, *map(str, self.problems)]))


class Refused(ValueError):
    """Raised by a parser. Its text says what is wrong, when there is more to say than what is accepted."""
