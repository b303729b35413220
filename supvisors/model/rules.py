"""Rules of applications and of their programs (the rules file, once read)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingFailureStrategy, StartingStrategy
from supvisors.model.formula import Formula
from supvisors.model.patterns import PatternRule, candidates
from supvisors.model.spreading import Spread

MAX_REMEMBERED = 10_000
"""Names whose pattern is remembered; beyond, all are forgotten, and looked up again when they are asked for."""


@attrs.frozen
class ProgramRules:
    """Rules of one process. `identifiers` and `spread` are one value: they are overridden together."""

    identifiers: tuple[str, ...] = ('*',)
    start_sequence: int = 0
    stop_sequence: int = 0
    required: bool = False
    wait_exit: bool = False
    expected_loading: int = 0
    starting_failure_strategy: StartingFailureStrategy = StartingFailureStrategy.ABORT
    running_failure_strategy: RunningFailureStrategy = RunningFailureStrategy.CONTINUE
    spread: Spread = Spread.NONE


@attrs.frozen
class ApplicationRules:
    """Rules of one application; `programs` maps process names to their rules, `patterns` are for the other ones."""

    managed: bool = False
    start_sequence: int = 0
    stop_sequence: int = 0
    starting_strategy: StartingStrategy = StartingStrategy.CONFIG
    starting_failure_strategy: StartingFailureStrategy = StartingFailureStrategy.ABORT
    running_failure_strategy: RunningFailureStrategy = RunningFailureStrategy.CONTINUE
    programs: Mapping[str, ProgramRules] = attrs.field(factory=dict)
    default_program: ProgramRules = ProgramRules()
    distribution: DistributionRule = DistributionRule.ALL_INSTANCES
    identifiers: tuple[str, ...] = ('*',)
    spread: Spread = Spread.NONE
    formula: Formula | None = None
    patterns: tuple[PatternRule[ProgramRules], ...] = ()
    _found: dict[str, ProgramRules] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def program(self, name: str) -> ProgramRules:
        known = self.programs.get(name)
        if known is not None or not self.patterns:
            return known or self.default_program
        if name not in self._found:
            _make_room(self._found)
            matching = self.candidates(name)
            self._found[name] = matching[0].rules if matching else self.default_program
        return self._found[name]

    def candidates(self, name: str) -> list[PatternRule[ProgramRules]]:
        """The patterns that match the name of a process. The first one counts, unless a name is the same."""
        return candidates(self.patterns, name)


@attrs.frozen
class Rules:
    """All rules. An application that neither has a name nor matches a pattern here is not managed."""

    applications: Mapping[str, ApplicationRules] = attrs.field(factory=dict)
    unmanaged: ApplicationRules = ApplicationRules()
    patterns: tuple[PatternRule[ApplicationRules], ...] = ()
    mentions: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, eq=False, repr=False)
    """Each name that is written in a list of identifiers, and the places where it is."""
    _found: dict[str, ApplicationRules] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def application(self, name: str) -> ApplicationRules:
        known = self.applications.get(name)
        if known is not None or not self.patterns:
            return known or self.unmanaged
        if name not in self._found:
            _make_room(self._found)
            matching = self.candidates(name)
            self._found[name] = matching[0].rules if matching else self.unmanaged
        return self._found[name]

    def candidates(self, name: str) -> list[PatternRule[ApplicationRules]]:
        """The patterns that match the name of an application. The first one counts, unless a name is the same."""
        return candidates(self.patterns, name)

    def program(self, group: str, name: str) -> ProgramRules:
        return self.application(group).program(name)

    def unknown(self, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the names in lists of identifiers that are not among the `known` ones, and where they are written.

        :param known: the identifiers, nicks and stereotypes of all instances
        """
        names = frozenset(known)
        return {name: places for name, places in self.mentions.items() if name not in names}


def _make_room(found: dict[str, ProgramRules] | dict[str, ApplicationRules]) -> None:
    if len(found) >= MAX_REMEMBERED:
        found.clear()
