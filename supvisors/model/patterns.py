"""The attribute `pattern` of rules: a regular expression, found anywhere in a name, and how specific it is.

Of the patterns that are found in a name, the most specific one counts: the one with the most literal characters in
every match. Then the one that matches the longest text, then the one that comes first.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

import attrs

T = TypeVar('T')

GROUP = re.compile(r'\(\?(?:P<\w+>|<\w+>|>|[a-zA-Z]*(?:-[a-zA-Z]+)?:)')
"""How a group begins that holds what is matched, when it is not a plain parenthesis."""
CONDITION = re.compile(r'\(\?\(\w+\)')
NO_TEXT = re.compile(r'\(\?(?:=|!|<=|<!)')
ALONE = re.compile(r'\(\?(?:#[^)]*|P=\w+|[a-zA-Z]+)\)')
CLASS = re.compile(r'\[\^?\]?(?:\\.|[^\]\\])*\]', re.DOTALL)
ESCAPE = re.compile(r'\\(?:(?P<character>x..|u.{4}|U.{8}|N\{[^}]*\}|[afnrtv]|[^a-zA-Z0-9])|[0-9]+|.)', re.DOTALL)
REPEAT = re.compile(r'(?:(?P<sign>[*+?])|\{(?:(?P<exactly>[0-9]+)|(?P<least>[0-9]*),[0-9]*)\})[?+]?')


@attrs.frozen
class PatternRule(Generic[T]):
    """A pattern and what it gives. `re.error` is raised when it is no regular expression."""

    pattern: str
    rules: T
    literals: int = attrs.field(init=False, eq=False)
    """How many literal characters every match holds at least."""
    _regex: re.Pattern[str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, '_regex', re.compile(self.pattern))
        object.__setattr__(self, 'literals', literals(self.pattern))

    def found(self, name: str) -> int | None:
        """Return the length of what is matched in the name, None when nothing is."""
        match = self._regex.search(name)
        return match.end() - match.start() if match else None


def by_specificity(patterns: Iterable[PatternRule[T]]) -> tuple[PatternRule[T], ...]:
    """Return them with the most specific ones first, otherwise in their order."""
    return tuple(sorted(patterns, key=lambda item: -item.literals))


def candidates(patterns: Iterable[PatternRule[T]], name: str) -> list[PatternRule[T]]:
    """Return those that are found in the name; the first one counts."""
    found = [(item, item.found(name)) for item in patterns]
    matching = [(item, length) for item, length in found if length is not None]
    return [item for item, _ in sorted(matching, key=lambda pair: (-pair[0].literals, -pair[1]))]


def literals(pattern: str) -> int:
    """Return how many literal characters every match of the regular expression holds at least.

    Not literal: `.`, `[...]`, `\\d` and the like, anchors, what is looked ahead or behind, what may be absent. Of
    alternatives, the one with the fewest counts; what is repeated counts as often as it must be there.
    """
    return _Counter(pattern).alternatives()


class _Counter:
    """Goes once through a regular expression that is known to be one."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.offset = 0

    def take(self, regex: re.Pattern[str]) -> re.Match[str] | None:
        match = regex.match(self.pattern, self.offset)
        if match:
            self.offset = match.end()
        return match

    def alternatives(self) -> int:
        """Up to the parenthesis that ends the group, which is taken, or to the end."""
        counts = [0]
        while self.offset < len(self.pattern):
            character = self.pattern[self.offset]
            if character == ')':
                self.offset += 1
                break
            if character == '|':
                self.offset += 1
                counts.append(0)
            else:
                counts[-1] += self.item() * self.times()
        return min(counts)

    def item(self) -> int:
        if self.take(ALONE) or self.take(CLASS):
            return 0
        escape = self.take(ESCAPE)
        if escape:
            return int(escape['character'] is not None)
        if self.take(NO_TEXT):
            self.alternatives()
            return 0
        if self.take(CONDITION):
            begin = self.offset
            count = self.alternatives()
            # without a second alternative, the first one may be absent
            return count if '|' in self.pattern[begin:self.offset] else 0
        if self.take(GROUP):
            return self.alternatives()
        character = self.pattern[self.offset]
        self.offset += 1
        if character == '(':
            return self.alternatives()
        return int(character not in '.^$')

    def times(self) -> int:
        """How often the item before must be there."""
        repeat = self.take(REPEAT)
        if not repeat or repeat['sign'] == '+':
            return 1
        return int(repeat['exactly'] or repeat['least'] or 0)
