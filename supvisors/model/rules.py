"""Rules of applications and of their programs (the rules file, once read)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from supvisors.model.enums import RunningFailureStrategy, StartingFailureStrategy, StartingStrategy


@attrs.frozen
class ProgramRules:
    """Rules of one process."""

    identifiers: tuple[str, ...] = ('*',)
    start_sequence: int = 0
    stop_sequence: int = 0
    required: bool = False
    wait_exit: bool = False
    expected_loading: int = 0
    starting_failure_strategy: StartingFailureStrategy = StartingFailureStrategy.ABORT
    running_failure_strategy: RunningFailureStrategy = RunningFailureStrategy.CONTINUE


@attrs.frozen
class ApplicationRules:
    """Rules of one application; `programs` maps process names to their rules."""

    managed: bool = False
    start_sequence: int = 0
    stop_sequence: int = 0
    starting_strategy: StartingStrategy = StartingStrategy.CONFIG
    starting_failure_strategy: StartingFailureStrategy = StartingFailureStrategy.ABORT
    running_failure_strategy: RunningFailureStrategy = RunningFailureStrategy.CONTINUE
    programs: Mapping[str, ProgramRules] = attrs.field(factory=dict)
    default_program: ProgramRules = ProgramRules()

    def program(self, name: str) -> ProgramRules:
        return self.programs.get(name, self.default_program)


@attrs.frozen
class Rules:
    """All rules. An application without an entry is not managed."""

    applications: Mapping[str, ApplicationRules] = attrs.field(factory=dict)
    unmanaged: ApplicationRules = ApplicationRules()

    def application(self, name: str) -> ApplicationRules:
        return self.applications.get(name, self.unmanaged)

    def program(self, group: str, name: str) -> ProgramRules:
        return self.application(group).program(name)
