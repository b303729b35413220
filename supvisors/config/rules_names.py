"""Lists of identifiers: aliases are replaced by what they stand for, and signs leave the names.

`*` is all instances. `@` and `#` say how the members of a homogeneous group are spread over the names beside them.
"""
from __future__ import annotations

from collections.abc import Mapping

import attrs

from supvisors.config.errors import shown
from supvisors.config.rules_check import Checked, Checker
from supvisors.config.rules_xml import Element
from supvisors.model.spreading import Spread

ALL = '*'
MAX_NESTING = 50
"""Aliases inside one another."""
SIGNS = frozenset(sign.value for sign in Spread if sign.value)


@attrs.frozen
class Names:
    """What a list of identifiers says. Signs are `Spread`, or both when the text has both."""
    identifiers: tuple[str, ...] = (ALL,)
    signs: tuple[str, ...] = ()

    @property
    def spread(self) -> Spread:
        return Spread(self.signs[0]) if self.signs else Spread.NONE


@attrs.define
class Aliases:
    """All aliases of all files. They may use one another, in any order."""
    checker: Checker
    declared: Mapping[str, Checked]
    mentions: dict[str, list[str]] = attrs.field(factory=dict)
    """The names that are no aliases and no signs, and where they are written."""
    _expanded: dict[str, tuple[str, ...]] = attrs.field(factory=dict)

    def check(self) -> None:
        """Expand them all, so that what is wrong with one is told even if it is not used."""
        for name, checked in self.declared.items():
            if name in SIGNS or name == ALL or ',' in name:
                self.checker.refuse(checked.element, 'no list of identifiers can name it',
                                    'a name without comma, other than *, @ and #', name, 'give it another name')
            self._mention(checked.element, checked.value or ())
            self._expand(name, [])

    def names(self, element: Element, written: tuple[str, ...]) -> Names:
        """Return what the words of the element say."""
        self._mention(element, written)
        words = dict.fromkeys(word for item in written for word in self._expand(item, []))
        names = tuple(word for word in words if word not in SIGNS)
        identifiers = (ALL,) if ALL in names or not names else names
        return Names(identifiers, tuple(sorted(SIGNS.intersection(words))))

    def _expand(self, name: str, parents: list[str]) -> tuple[str, ...]:
        if name not in self.declared:
            return (name,)
        if name in parents:
            # told once, at the first alias of the loop that is looked at
            loop = ' -> '.join([*parents[parents.index(name):], name])
            self.checker.refuse(self.declared[name].element, f'aliases that stand for themselves: {shown(loop)}',
                                remedy='remove one of these names from its alias')
            return ()
        if len(parents) == MAX_NESTING:
            self.checker.refuse(self.declared[name].element, f'more than {MAX_NESTING} aliases inside one another',
                                remedy='write the identifiers themselves')
            return ()
        if name not in self._expanded:
            members = self.declared[name].value or ()
            found = [word for member in members for word in self._expand(member, [*parents, name])]
            self._expanded[name] = tuple(dict.fromkeys(found))
        return self._expanded[name]

    def _mention(self, element: Element, words: tuple[str, ...]) -> None:
        for word in words:
            if word not in self.declared and word not in SIGNS and word != ALL:
                self.mentions.setdefault(word, []).append(element.where)
