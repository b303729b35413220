"""Rules: what holds without an entry."""

from __future__ import annotations

from supvisors.model.patterns import PatternRule
from supvisors.model.rules import MAX_REMEMBERED, ApplicationRules, ProgramRules, Rules

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


PRG, PRG0, ANY = (ProgramRules(start_sequence=rank) for rank in (1, 2, 3))
APP = ApplicationRules(True, programs={'prg_00': PRG0}, patterns=(PatternRule('.*', ANY), PatternRule('prg_', PRG)),
                       default_program=ProgramRules(expected_loading=9))
WEB = ApplicationRules(True, 7, programs={'x': PRG0}, default_program=ANY)
PATTERNS = Rules({'web-1': WEB}, patterns=(PatternRule('', APP), PatternRule('^web-', ApplicationRules(True, 1))))


def test_a_name_comes_before_any_pattern() -> None:
    assert [APP.program(name) for name in ('prg_00', 'prg_01', 'other')] == [PRG0, PRG, ANY]
    assert PATTERNS.application('web-1') is WEB
    assert PATTERNS.application('web-2').start_sequence == 1
    assert PATTERNS.application('other') is APP
    assert PATTERNS.program('other', 'prg_77') is PRG
    assert PATTERNS.program('web-1', 'prg_77') is ANY


def test_what_matches_nothing_has_the_defaults() -> None:
    rules = Rules(patterns=(PatternRule('^web', APP),), unmanaged=ApplicationRules(start_sequence=4))
    assert rules.application('shop').start_sequence == rules.application('shop').start_sequence == 4
    only = ApplicationRules(patterns=(PatternRule('^x', PRG),), default_program=ANY)
    assert only.program('y') is only.program('y') is ANY


def test_all_candidates_are_told_the_first_one_counts() -> None:
    assert [item.pattern for item in PATTERNS.candidates('web-2')] == ['^web-', '']
    assert [item.pattern for item in APP.candidates('prg_00')] == ['prg_', '.*']


def test_what_is_remembered_is_bounded_and_changes_nothing() -> None:
    fresh = Rules(patterns=(PatternRule('1', APP),))
    for number in range(MAX_REMEMBERED + 10):
        fresh.application(str(number))
    assert len(fresh._found) <= MAX_REMEMBERED
    assert fresh.application('1') is APP
    assert fresh == Rules(patterns=(PatternRule('1', APP),))


def test_names_that_are_not_known_are_told_with_their_places() -> None:
    rules = Rules(mentions={'a': ('f:1',), 'b': ('f:2', 'f:3'), 'front': ('f:4',)})
    assert rules.unknown(['a', 'front']) == {'b': ('f:2', 'f:3')}
    assert rules.unknown(iter(())) == dict(rules.mentions)
    assert rules.unknown(['front', 'b', 'a', 'c']) == {}
