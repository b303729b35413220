"""What must be the same on all instances, and where two of them differ. What is compared is drawn up by `config`."""
from __future__ import annotations

from collections.abc import Mapping

import attrs

RULES = 'rules'
"""The topic where a key that is missing says something: that application has no rules."""

Agreement = Mapping[str, Mapping[str, str]]
"""Topic -> key -> value, all as texts."""


@attrs.frozen
class Difference:
    """One value that is not the same on two instances; empty where there is none."""
    topic: str
    key: str
    mine: str
    theirs: str

    def __str__(self) -> str:
        return self.told('here', 'there')

    def told(self, here: str, there: str) -> str:
        """The difference in words, `here` and `there` being where the two values come from."""
        subject = f'the rules of {self.key} are' if self.topic == RULES else f'{self.key} is'
        mine, theirs = self.mine or 'not set', self.theirs or 'not set'
        return f'{subject} {mine} {here} and {theirs} {there}'


def differences(mine: Agreement, theirs: Agreement) -> list[Difference]:
    """Return where they differ, in the order of `mine`.

    A topic or a key that one side does not know is of another release, or does not count there: it is skipped.
    """
    found = []
    for topic, values in mine.items():
        others = theirs.get(topic)
        if others is None:
            continue
        keys = dict.fromkeys((*values, *others)) if topic == RULES else [key for key in values if key in others]
        found += [Difference(topic, key, values.get(key, ''), others.get(key, '')) for key in keys
                  if values.get(key, '') != others.get(key, '')]
    return found
