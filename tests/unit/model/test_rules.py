"""Rules: what holds without an entry."""

from __future__ import annotations

from supvisors.model.rules import ApplicationRules, ProgramRules, Rules

RULES = Rules({'app': ApplicationRules(True, 3, programs={'x': ProgramRules(start_sequence=1)})})


def test_an_application_without_rules_is_not_managed_and_not_started() -> None:
    assert not RULES.application('other').managed
    assert RULES.application('other').start_sequence == 0
    assert RULES.program('other', 'x') == ProgramRules()


def test_a_program_without_rules_has_the_default_ones() -> None:
    assert RULES.program('app', 'x').start_sequence == 1
    assert RULES.program('app', 'y') == ProgramRules()
    assert RULES.program('app', 'y').identifiers == ('*',)


def test_the_default_of_an_application_can_be_given() -> None:
    default = ProgramRules(expected_loading=20)
    rules = Rules({'app': ApplicationRules(True, default_program=default)})
    assert rules.program('app', 'y') is default
