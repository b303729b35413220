"""Patterns: how specific one is, and which one counts."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supvisors.model.patterns import PatternRule, by_specificity, candidates, literals


@pytest.mark.parametrize(('pattern', 'count'), [
    ('', 0), ('.*', 0), ('.', 0), ('^$', 0), ('prg_', 4), (r'^prg_\d+$', 4), ('a|bcd', 1), ('ab|', 0), ('a(b|cd)e', 3),
    ('(?:ab){2,3}c?', 4), ('(ab)*', 0), ('(ab)+?', 2), ('ab?', 1), ('a{3}', 3), ('a{,3}b', 1), ('a{0}', 0),
    ('[abc]d', 1), ('[]a]b', 1), ('[^]a]b', 1), (r'[\]a]b', 1), (r'\[a\]', 3), (r'\.', 1), (r'\x41\.b', 3), (r'\t', 1),
    (r'\u00e9\d\b\Z', 1), (r'(a)\1', 1), (r'(?P<n>x)(?P=n)', 1), ('xy(?=zz)', 2), ('(?<!zz)x', 1), ('(?!a|b)x', 1),
    ('(a)?(?(1)b|cc)', 1), ('(a)?(?(1)b)c', 1), ('a{b', 3), ('a{1', 3), ('(?i:ab)c', 3), ('(?i)ab', 2), ('(?#zz)a', 1),
    ('(?s-i:a)', 1), ('é', 1),
])
def test_literals(pattern: str, count: int) -> None:
    re.compile(pattern)
    assert literals(pattern) == count


PIECES = st.recursive(
    st.sampled_from(['a', 'b', '_', '.', r'\d', r'\.', '[ab]', '[^]x]', '^', 'é']),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(''.join), st.tuples(inner, inner).map('|'.join),
        inner.map('(?:{})'.format), inner.map('({})'.format), inner.map('(?P<n>{})'.format), inner.map('(?={})'.format),
        st.tuples(inner.map('(?:{})'.format), st.sampled_from(['*', '+', '?', '{2}', '{1,3}', '{,2}', '+?', '*?'])).map(
            ''.join)),
    max_leaves=8)


@pytest.mark.skipif(sys.version_info < (3, 11), reason='the parser of regular expressions is elsewhere')
@settings(max_examples=300)
@given(PIECES)
def test_no_match_is_shorter_than_its_literals(pattern: str) -> None:
    try:
        shortest = re._parser.parse(pattern).getwidth()[0]  # type: ignore[attr-defined]
    except re.error:
        return
    assert 0 <= literals(pattern) <= shortest


@given(st.text(min_size=1, max_size=10))
def test_a_literal_text_has_all_its_characters(text: str) -> None:
    assert literals(re.escape(text)) == len(text)


@pytest.mark.parametrize(('patterns', 'name', 'expected'), [
    # the example where the longest match is the least careful pattern
    (['.*', 'prg', 'prg_'], 'prg_00', ['prg_', 'prg', '.*']),
    (['.*', 'prg_'], 'other', ['.*']),
    # as specific: the longest text, then the first one
    ([r'prg_\d', r'prg_\d+', 'prg_'], 'prg_00', [r'prg_\d+', r'prg_\d', 'prg_']),
    (['_00', 'prg'], 'prg_00', ['_00', 'prg']), (['prg', '_00'], 'prg_00', ['prg', '_00']),
    # found anywhere, unless it is anchored
    (['prg_', '^prg_'], 'my_prg_2', ['prg_']), ([''], 'x', ['']), (['x'], 'y', []), (['A'], 'a', []),
])
def test_which_one_counts(patterns: list[str], name: str, expected: list[str]) -> None:
    rules = [PatternRule(pattern, None) for pattern in patterns]
    assert [item.pattern for item in candidates(rules, name)] == expected
    assert [item.pattern for item in candidates(by_specificity(rules), name)] == expected


def test_a_wrong_one() -> None:
    with pytest.raises(re.error):
        PatternRule('(', None)
