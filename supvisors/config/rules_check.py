"""The check of the elements of a rules file against the grammar, one file at a time."""
from __future__ import annotations

import re
from typing import Any

import attrs

from supvisors.config.errors import Note, Problem, Refused, shown
from supvisors.config.parsers import Parser
from supvisors.config.rules_grammar import EDITOR_ATTRIBUTES, FORMULA, GRAMMAR, REPEATED, Group
from supvisors.config.rules_xml import Element
from supvisors.model.formula import FormulaSyntaxError

REMEDY = 'correct the element, or remove it'


@attrs.define
class Checked:
    """An element that was checked: the values of its leaves, where each of them is, and its groups."""
    element: Element
    values: dict[str, Any] = attrs.field(factory=dict)
    leaves: dict[str, Element] = attrs.field(factory=dict)
    groups: list[Checked] = attrs.field(factory=list)
    value: Any = None
    """What its own text says, None when it is refused or when it has none."""

    @property
    def name(self) -> str:
        return self.element.attribute('name')

    @property
    def pattern(self) -> str:
        return self.element.attribute('pattern')

    def inner(self, tag: str) -> list[Checked]:
        """The groups of that name."""
        return [group for group in self.groups if group.element.tag == tag]


@attrs.define
class Checker:
    """Checks elements, and gathers what is wrong with them and what is worth a line."""
    problems: list[Problem] = attrs.field(factory=list)
    notes: list[Note] = attrs.field(factory=list)

    def note(self, element: Element, text: str) -> None:
        self.notes.append(Note('warn', f'{element.where} {text}'))

    def refuse(self, element: Element, reason: str = '', accepted: str = '', value: str | None = None,
               remedy: str = REMEDY) -> None:
        self.problems.append(Problem(element.where, value, accepted, reason, remedy))

    def check(self, element: Element, expected: str = '') -> Checked:
        """Check a group and all that it holds."""
        checked = Checked(element)
        if expected and element.tag != expected:
            self.refuse(element, accepted=f'<{expected}>')
            return checked
        group = GRAMMAR[element.tag]
        self._attributes(element, group)
        if group.text:
            checked.value = self._text(element, group.text)
        elif element.text.strip():
            self.refuse(element, 'it holds elements only', 'no text', element.text.strip())
        seen: dict[str, Element] = {}
        for child in element.children:
            if child.tag not in group.leaves and child.tag not in group.groups:
                known = ', '.join(f'<{tag}>' for tag in (*group.leaves, *group.groups)) or 'a text only'
                self.refuse(child, 'this element is unknown here', known)
            elif child.tag not in REPEATED and child.tag in seen:
                self.refuse(child, f'it is given already at line {seen[child.tag].line}', 'one at most')
            else:
                seen[child.tag] = child
                self._child(checked, child, group)
        return checked

    def _child(self, checked: Checked, child: Element, group: Group) -> None:
        if child.tag in group.groups:
            checked.groups.append(self.check(child))
            return
        for attribute in child.attributes:
            self.refuse(child, f'attribute {shown(attribute)} is unknown here', 'no attribute')
        for inner in child.children:
            self.refuse(inner, 'this element is unknown here', 'a text only')
        value = self._text(child, group.leaves[child.tag].parser)
        if value is not None:
            checked.values[child.tag] = value
            checked.leaves[child.tag] = child

    def _text(self, element: Element, parser: Parser) -> Any:
        """Return the value of the text, None when it is refused."""
        if parser is FORMULA:
            return self._formula(element)
        text = element.text.strip()
        try:
            return parser(text)
        except Refused as exc:
            self.refuse(element, str(exc), parser.accepts, text)
            return None

    def _formula(self, element: Element) -> Any:
        try:
            return FORMULA.parse(element.text)
        except FormulaSyntaxError as exc:
            where, column = element.at(exc.offset)
            # the text may have many lines: the place says more than to repeat it
            self.problems.append(Problem(where, None, '', f'column {column}: {exc.reason}', 'correct the formula'))
            return None

    def _attributes(self, element: Element, group: Group) -> None:
        accepted = ' or '.join(group.attributes)
        for attribute, value in element.attributes.items():
            if element.tag == 'root' and attribute in EDITOR_ATTRIBUTES:
                continue
            if attribute not in group.attributes:
                self.refuse(element, f'attribute {shown(attribute)} is unknown here', accepted or 'no attribute')
            elif not value.strip():
                self.refuse(element, f'the {attribute} is empty', f'a {attribute}')
        if group.attributes and not any(attribute in element.attributes for attribute in group.attributes):
            if 'pattern' in group.attributes:
                self.note(element, 'has neither name nor pattern: it is never used')
            else:
                self.refuse(element, 'it has no name', 'attribute name')
        if 'pattern' in group.attributes and element.attribute('pattern'):
            self._pattern(element, element.attribute('pattern'))

    def _pattern(self, element: Element, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as exc:
            place = '' if exc.pos is None else f'character {exc.pos + 1} of the pattern: '
            reason = f'{place}{exc.msg}'
        except (RecursionError, OverflowError):
            reason = 'it is too long'
        else:
            return
        self.refuse(element, reason, 'a regular expression', pattern, 'correct the pattern')
