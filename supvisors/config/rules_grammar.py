"""The grammar of a rules file, as a table, and the check of a document against it.

    root         alias model application, any number of each, in any order
    application  @name | @pattern   the leaves of APPLICATION, and programs, once each
    programs     program, any number
    program      @name | @pattern   the leaves of PROGRAM, once each (a model has the same content)
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from supvisors.config.errors import Note, Problem, Refused, shown
from supvisors.config.parsers import BOOLEAN, Parser, choice, integer, member, unique
from supvisors.config.rules_xml import Element
from supvisors.model.enums import RunningFailureStrategy, StartingFailureStrategy, StartingStrategy

SIGNS = frozenset('@#')
NOT_YET = 'is not applied yet'


def _identifiers(text: str) -> tuple[str, ...]:
    names = unique(text.split(','))
    if not names:
        raise Refused
    kept = tuple(name for name in names if name not in SIGNS)
    return ('*',) if '*' in kept or not kept else kept


def _name_text(text: str) -> str:
    if not text:
        raise Refused
    return text


IDENTIFIERS = Parser(_identifiers, 'a comma separated list of identifiers, nicks or stereotypes, or *')
RANK = integer(0, 127)
NOT_EMPTY = Parser(_name_text, 'a text')


@attrs.frozen
class Leaf:
    """An element that holds a text. When it is not `applied`, it is checked and noted."""
    parser: Parser
    applied: bool = True
    harmless: str = ''
    """The value (in capitals) that says what is done anyway: it needs no note though it is not applied."""


@attrs.frozen
class Group:
    """An element that holds others, `repeated` any number of times or once each."""
    leaves: Mapping[str, Leaf] = attrs.field(factory=dict)
    groups: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    applied: bool = True


COMMON: dict[str, Leaf] = {
    'start_sequence': Leaf(RANK),
    'stop_sequence': Leaf(RANK),
    'starting_failure_strategy': Leaf(member(StartingFailureStrategy)),
    'running_failure_strategy': Leaf(member(RunningFailureStrategy)),
}
APPLICATION: dict[str, Leaf] = {
    **COMMON,
    'starting_strategy': Leaf(member(StartingStrategy)),
    # these say where an application that is not distributed may run: without a distribution they mean nothing
    'identifiers': Leaf(IDENTIFIERS, applied=False, harmless='*'),
    'distribution': Leaf(choice(('ALL_INSTANCES', 'SINGLE_INSTANCE', 'SINGLE_NODE')), False, 'ALL_INSTANCES'),
    'operational_status': Leaf(NOT_EMPTY, applied=False),
}
PROGRAM: dict[str, Leaf] = {
    **COMMON,
    'identifiers': Leaf(IDENTIFIERS),
    'required': Leaf(BOOLEAN),
    'wait_exit': Leaf(BOOLEAN),
    'expected_loading': Leaf(integer(0, 100)),
    'reference': Leaf(NOT_EMPTY, applied=False),
}
GRAMMAR: dict[str, Group] = {
    'root': Group(groups=('alias', 'model', 'application')),
    'alias': Group(attributes=('name',), applied=False),
    'model': Group(PROGRAM, attributes=('name',), applied=False),
    'application': Group(APPLICATION, ('programs',), ('name', 'pattern')),
    'programs': Group(groups=('program',)),
    'program': Group(PROGRAM, attributes=('name', 'pattern')),
}
REPEATED = frozenset(('alias', 'model', 'application', 'program'))


@attrs.define
class Checked:
    """An element that was checked: the values of its leaves that are applied, and its groups."""
    element: Element
    values: dict[str, Any] = attrs.field(factory=dict)
    groups: list[Checked] = attrs.field(factory=list)

    @property
    def name(self) -> str:
        return self.element.attribute('name')


@attrs.define
class Checker:
    """Checks elements, and gathers what is wrong with them and what is worth a line."""
    problems: list[Problem] = attrs.field(factory=list)
    notes: list[Note] = attrs.field(factory=list)

    def note(self, element: Element, text: str) -> None:
        self.notes.append(Note('warn', f'{element.where} {text}'))

    def refuse(self, element: Element, reason: str = '', accepted: str = '', value: str | None = None) -> None:
        self.problems.append(Problem(element.where, value, accepted, reason, 'correct the element, or remove it'))

    def check(self, element: Element, expected: str = '') -> Checked:
        """Check a group and all that it holds."""
        if expected and element.tag != expected:
            self.refuse(element, accepted=f'<{expected}>')
            return Checked(element)
        group = GRAMMAR[element.tag]
        checked = Checked(element)
        self._attributes(element, group)
        if element.tag == 'alias':
            self._leaf(element, Leaf(IDENTIFIERS, applied=False))
        elif element.text.strip():
            self.refuse(element, 'it holds elements only', 'no text', element.text.strip())
        seen: dict[str, Element] = {}
        for child in element.children:
            if child.tag not in group.leaves and child.tag not in group.groups:
                known = ', '.join(f'<{tag}>' for tag in (*group.leaves, *group.groups)) or 'a text only'
                self.refuse(child, 'this element is unknown here', known)
            elif child.tag not in REPEATED and child.tag in seen:
                self.refuse(child, f'it is given already at line {seen[child.tag].line}', 'one at most')
            elif child.tag in group.groups:
                seen[child.tag] = child
                checked.groups.append(self.check(child))
            else:
                seen[child.tag] = child
                self._child(checked, child, group.leaves[child.tag])
        return checked

    def _child(self, checked: Checked, child: Element, leaf: Leaf) -> None:
        for attribute in child.attributes:
            self.refuse(child, f'attribute {shown(attribute)} is unknown here', 'no attribute')
        for inner in child.children:
            self.refuse(inner, 'this element is unknown here', 'a text only')
        value = self._leaf(child, leaf)
        if leaf.applied and value is not None:
            checked.values[child.tag] = value

    def _leaf(self, element: Element, leaf: Leaf) -> Any:
        """Return the value, None when it is refused."""
        text = element.text.strip()
        try:
            value = leaf.parser(text)
        except Refused as exc:
            self.refuse(element, str(exc), leaf.parser.accepts, text)
            return None
        if leaf.applied and leaf.parser is IDENTIFIERS:
            for sign in sorted(SIGNS.intersection(unique(text.split(',')))):
                self.note(element, f'{sign} {NOT_YET}')
        if not leaf.applied and (not leaf.harmless or text.upper() != leaf.harmless) and element.tag != 'alias':
            self.note(element, NOT_YET)
        return value

    def _attributes(self, element: Element, group: Group) -> None:
        for attribute in element.attributes:
            if attribute not in group.attributes:
                accepted = ' or '.join(group.attributes) or 'no attribute'
                self.refuse(element, f'attribute {shown(attribute)} is unknown here', accepted)
        if not group.attributes:
            return
        name, pattern = element.attribute('name'), element.attribute('pattern')
        if 'pattern' in group.attributes:
            if pattern:
                skipped = '' if name else ': skipped, it has only that'
                self.note(element, f'pattern {NOT_YET}{skipped}')
            elif not name:
                self.note(element, 'has neither name nor pattern: it is skipped')
        elif not name:
            self.refuse(element, 'it has no name', 'attribute name')
        else:
            self.note(element, NOT_YET)
