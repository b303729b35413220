"""Models: what a program takes from the one that it refers to, and that one from the next."""
from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import attrs

from supvisors.config.errors import shown
from supvisors.config.rules_check import Checked, Checker
from supvisors.config.rules_xml import Element

REFERENCE = 'reference'


@attrs.frozen
class Merged:
    """The values of a program with those of its models, and the element that says each of them."""
    values: dict[str, Any]
    leaves: dict[str, Element]


@attrs.define
class Models:
    """All models of all files. They may refer to one another, in any order, any number of times."""
    checker: Checker
    declared: Mapping[str, Checked]
    complete: bool = True
    """Every file was read: a model that is not there is nowhere."""

    def check(self) -> None:
        """Look for references to nothing, and for loops, each of which is told once."""
        sound: set[str] = set()
        for name, checked in self.declared.items():
            self.check_reference(checked)
            chain = [name]
            while (following := self._following(self.declared[chain[-1]])) and following not in sound:
                if following in chain:
                    loop = ' -> '.join([*chain[chain.index(following):], following])
                    self.checker.refuse(self.declared[following].leaves[REFERENCE], accepted='another model',
                                        reason=f'models that refer to themselves: {shown(loop)}',
                                        remedy='remove one of these references')
                    break
                chain.append(following)
            sound.update(chain)

    def check_reference(self, checked: Checked) -> None:
        """Refuse a reference to nothing."""
        name = checked.values.get(REFERENCE)
        if name is None or name in self.declared or not self.complete:
            return
        near = difflib.get_close_matches(name, self.declared, n=1)
        self.checker.refuse(checked.leaves[REFERENCE], 'no file has this model', 'the name of a model', name,
                            f'write {shown(near[0])}' if near else 'correct the name, or declare the model')

    def merged(self, checked: Checked) -> Merged:
        """Return what the program says, over what its model says, over what the model of that one says..."""
        chain = [checked]
        seen = {name := self._following(checked)}
        while name:
            chain.append(self.declared[name])
            name = self._following(chain[-1])
            if name in seen:
                break
            seen.add(name)
        merged = Merged({}, {})
        for item in reversed(chain):
            merged.values.update(item.values)
            merged.leaves.update(item.leaves)
        merged.values.pop(REFERENCE, None)
        return merged

    def _following(self, checked: Checked) -> str:
        """The name of the model, empty when there is none."""
        name = checked.values.get(REFERENCE, '')
        return name if name in self.declared else ''
