"""The grammar of a rules file, as a table: what is checked, the page of the documentation and the XSD come from it.

    root         alias model application, any number of each, in any order
    application  @name | @pattern   the leaves of APPLICATION, and programs, once each
    programs     program, any number
    program      @name | @pattern   the leaves of PROGRAM, once each (a model has the same content)
"""
from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import attrs

from supvisors.config.errors import Refused
from supvisors.config.parsers import BOOLEAN, WORDS, Parser, integer
from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingFailureStrategy, StartingStrategy
from supvisors.model.formula import ACCEPTED, parse_formula

MAX_RANK = 127
MAX_LOADING = 100


def names(enum: type[IntEnum]) -> Parser:
    """The name of a member, as it is written there."""
    def parse(text: str) -> IntEnum:
        try:
            return enum[text]
        except KeyError:
            raise Refused from None
    return Parser(parse, f'one of {", ".join(enum.__members__)}')


def _identifiers(text: str) -> tuple[str, ...]:
    found: tuple[str, ...] = WORDS(text)
    if not found:
        raise Refused
    return found


def _name(text: str) -> str:
    if not text:
        raise Refused
    return text


IDENTIFIERS = Parser(_identifiers, 'a comma separated list of identifiers, nicks, stereotypes, aliases, and *')
RANK = integer(0, MAX_RANK)
LOADING = integer(0, MAX_LOADING)
NAME = Parser(_name, 'a name')
FORMULA = Parser(parse_formula, f'a formula: {ACCEPTED}')
DISTRIBUTION = names(DistributionRule)
STARTING = names(StartingStrategy)
STARTING_FAILURE = names(StartingFailureStrategy)
RUNNING_FAILURE = names(RunningFailureStrategy)


@attrs.frozen
class Leaf:
    """An element that holds a text."""
    parser: Parser
    default: str
    """As the documentation says it."""
    help: str


@attrs.frozen
class Group:
    """An element that holds others, those of `REPEATED` any number of times, the others once each."""
    leaves: Mapping[str, Leaf] = attrs.field(factory=dict)
    groups: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    text: Parser | None = None
    """What it holds instead of other elements."""


APPLICATION: dict[str, Leaf] = {
    'distribution': Leaf(DISTRIBUTION, 'ALL_INSTANCES', (
        'Where the processes may be: on any instances, all on one, or all on those of one node.')),
    'identifiers': Leaf(IDENTIFIERS, '*', (
        'The instances of an application whose `distribution` is not `ALL_INSTANCES`, `#` allowed.')),
    'start_sequence': Leaf(RANK, '0', (
        'The rank in the automatic start, in ascending order; with 0 it is not started automatically.')),
    'stop_sequence': Leaf(RANK, '`start_sequence`', 'The rank when all applications are stopped, in descending order.'),
    'starting_strategy': Leaf(STARTING, 'the option `starting_strategy`', (
        'Which instance is chosen in automatic starts and when something failed; a request says its own.')),
    'starting_failure_strategy': Leaf(STARTING_FAILURE, 'ABORT', (
        'What follows when a required process cannot be started; for the programs that do not say otherwise.')),
    'running_failure_strategy': Leaf(RUNNING_FAILURE, 'CONTINUE', (
        'What follows when a process fails while it runs; for the programs that do not say otherwise.')),
    'operational_status': Leaf(FORMULA, 'none', (
        'When the application is operational: it has a major failure when this is false. It is used instead of '
        '`required`.')),
}
PROGRAM: dict[str, Leaf] = {
    'reference': Leaf(NAME, 'none', 'The name of a model; what is said here overrides it, element by element.'),
    'identifiers': Leaf(IDENTIFIERS, '*', (
        'The instances where it may run, in the order of preference. `@` and `#` are allowed with a `pattern`.')),
    'start_sequence': Leaf(RANK, '0', (
        'The rank in the start of its application, in ascending order; with 0 it is not started with it.')),
    'stop_sequence': Leaf(RANK, '`start_sequence`', 'The rank in the stop of its application, in descending order.'),
    'required': Leaf(BOOLEAN, 'false', (
        'The application has a major failure without it, and `starting_failure_strategy` applies to it.')),
    'wait_exit': Leaf(BOOLEAN, 'false', 'The next rank begins when it has exited as expected.'),
    'expected_loading': Leaf(LOADING, '0', (
        'What it takes of a node, in percent: the sum of what runs on one stays within 100.')),
    'starting_failure_strategy': Leaf(STARTING_FAILURE, 'of the application', (
        'What follows when it cannot be started and is `required`.')),
    'running_failure_strategy': Leaf(RUNNING_FAILURE, 'of the application', 'What follows when it fails.'),
}
GRAMMAR: dict[str, Group] = {
    'root': Group(groups=('alias', 'model', 'application')),
    'alias': Group(attributes=('name',), text=IDENTIFIERS),
    'model': Group(PROGRAM, attributes=('name',)),
    'application': Group(APPLICATION, ('programs',), ('name', 'pattern')),
    'programs': Group(groups=('program',)),
    'program': Group(PROGRAM, attributes=('name', 'pattern')),
}
EDITOR_ATTRIBUTES = frozenset(('xmlns:xsi', 'xsi:noNamespaceSchemaLocation'))
"""On the root, they tell an editor where the XSD is."""
REPEATED = frozenset(('alias', 'model', 'application', 'program'))

LATER = frozenset(('running_failure_strategy',))
"""What is read, and not acted on yet: it is noted where it says something else than its default."""
