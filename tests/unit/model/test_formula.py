"""The formula of an application: what it is worth, and what is told of one that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supvisors.model.formula import Formula, FormulaError, FormulaSyntaxError, parse_formula

NAMES = {'p': True, 'q': True, 'r': True, 'db': False, 'a.b': False, 'axb': True}


def value(text: str, names: dict[str, bool] | None = None) -> bool | FormulaError:
    return parse_formula(text).evaluate(NAMES if names is None else names)


@pytest.mark.parametrize(('text', 'expected'), [
    ("'p'", True), ('"p"', True), ("'db'", False), ("not 'db'", True), ("not not 'db'", False), ("('p')", True),
    ("'p' and 'db'", False), ("'p' or 'db'", True), ("'db' or 'db' or 'p'", True), ("'p' and 'q' and 'db'", False),
    # `not` before `and` before `or`
    ("'p' or 'q' and 'db'", True), ("('p' or 'q') and 'db'", False), ("not 'db' and 'p'", True),
    ("not ('db' and 'p')", True), ("not 'p' or 'q'", True), ("not ('p' or 'q')", False),
    ("all('.')", True), ("all('.*')", False), ("any('.*')", True), ("any('p')", True), ("all(('p|q'))", True),
    ("any('d.|p')", True), ("all('d.')", False), ("all('p' and 'q')", True), ("any(all('p|db'))", False),
    ("all('p|q') and not 'r'", False), ('all("[pqr]") and (not all("p|db") or \'db\')', True),
    # the name comes first, then the expression
    ("'a.b'", False), ("'a.?b'", FormulaError("'a.?b' matches 2 processes: write any('a.?b') or all('a.?b')")),
    # as in Python, or as in regular expressions
    (r"'a\\.b'", False), (r"'a\.b'", False), (r"r'a\.b'", False), (r"'\x70'", True), (r'"\w\w"', False),
])
def test_value(text: str, expected: bool | FormulaError) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(('text', 'reason'), [
    ("'zz'", "no process matches 'zz'"), ("'P'", "no process matches 'P'"), ("'d'", "no process matches 'd'"),
    ("any('z.*')", "no process matches 'z.*'"), ("all('z')", "no process matches 'z'"),
    ("'.*'", "'.*' matches 6 processes: write any('.*') or all('.*')"),
    ("not 'p|q'", "'p|q' matches 2 processes: write any('p|q') or all('p|q')"),
    ("'p' and 'p|q'", "'p|q' matches 2 processes: write any('p|q') or all('p|q')"),
    # the others are looked at, whatever the first one is worth
    ("all('p.*') or 'absent'", "no process matches 'absent'"), ("'db' and 'absent'", "no process matches 'absent'"),
    ("any('absent' or 'p')", "no process matches 'absent'"),
])
def test_no_value(text: str, reason: str) -> None:
    error = value(text)
    assert error == FormulaError(reason)
    assert str(error) == reason


def test_nothing_to_match() -> None:
    assert value("all('.*')", {}) == FormulaError("no process matches '.*'")


@pytest.mark.parametrize(('text', 'offset', 'reason'), [
    ('', 0, 'it is empty'), (' \n ', 0, 'it is empty'), ("'p' and", 7, 'ends too early'), ('not', 3, 'ends too early'),
    ("'p' 'q'", 4, '"and" or "or" is missing'), ("and 'p'", 0, 'and is not expected'), (')', 0, ') is not expected'),
    ("('p'", 0, 'has no ")"'), ("any('p'", 3, 'has no ")"'), ("'p')", 3, ') is not expected'),
    ("('p' 'q')", 5, '"and" or "or"'), ("('p' not 'q')", 5, 'not is not expected'),
    ('any()', 4, 'any takes one argument'), ("any('p', 'q')", 7, 'take one argument'), ("all('p',)", 7, 'one argument'),
    ("any 'p'", 4, '"(" is missing after any'), ('()', 1, ') is not expected'), ('all', 3, '"(" is missing after all'),
    ("'p", 0, 'this string has no end'), ("'p\n'", 0, 'has no end'), ('"p\'', 0, 'has no end'),
    ("''", 0, 'the name of no process'), ("all('[')", 4, "'[' is no regular expression: unterminated character set"),
    ("'p' == 'q'", 4, "'=' is not accepted"), ("len('.*')", 0, 'len is unknown'), ("'p' and True", 8, 'True is'),
    ("'p' if 'q' else 'r'", 4, 'if is unknown'), ("['p']", 0, "'[' is not accepted"), ('pass', 0, 'pass is unknown'),
    ("os.system('x')", 0, 'os is unknown'), ("'p'; 'q'", 3, "';' is not accepted"), ("f'p'", 0, 'f is unknown'),
    ("'p' # why", 4, "'#' is not accepted"), ('1', 0, "'1' is not accepted"), ('x' * 100, 0, 'x is unknown'),
    ('(' * 51 + "'p'", 51, 'more than 50'), ('not ' * 20000, 204, 'more than 50'),
    ("'" + '(' * 20000 + "'", 0, 'is no regular expression'),
])
def test_refused(text: str, offset: int, reason: str) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        parse_formula(text)
    assert reason in caught.value.reason
    assert caught.value.offset == offset
    assert f'(character {offset + 1})' in str(caught.value)


def test_layout_has_no_meaning() -> None:
    formula = parse_formula("\n\t  'db'\n     and any (\n 'http_.*' )\r\n or not( 'x  y' )\n  ")
    assert formula.text == "'db' and any('http_.*') or not ('x  y')"
    assert formula == parse_formula(formula.text) == parse_formula(f'  {formula.text}')
    assert formula != parse_formula("'db'")


def test_a_long_chain() -> None:
    assert value(' and '.join(["'p'"] * 20000)) is True
    assert value(' or '.join(["'db'"] * 20000)) is False


NODES = st.recursive(
    st.sampled_from(["'p'", "'db'", "any('.*')", "all('.*')", "'zz'", "'.*'"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(['and', 'or']), inner).map(lambda parts: f'({" ".join(parts)})'),
        inner.map('not {}'.format), inner.map('any({})'.format), inner.map('({})'.format)),
    max_leaves=8)


@settings(max_examples=200)
@given(NODES)
def test_as_python_computes_it(text: str) -> None:
    result = value(text, {'p': True, 'db': False})
    if "'zz'" in text:
        assert result == FormulaError("no process matches 'zz'") or "'.*' matches" in str(result)
        return
    if isinstance(result, FormulaError):
        assert "'.*' matches 2 processes" in result.text
        return
    leaves = {"any('.*')": 'True', "all('.*')": 'False', "any(('.*'))": 'True', "'p'": 'True', "'db'": 'False'}
    for leaf, truth in leaves.items():
        text = text.replace(leaf, truth)
    if "'" not in text:
        assert result is eval(text, {'any': bool})


@settings(max_examples=300)
@given(st.text(max_size=40) | st.lists(
    st.sampled_from(['any', 'all', 'and', 'or', 'not', '(', ')', "'p'", "'.*'", "'('", '"', ' ', '\n', ',', '\\']),
    max_size=12).map(' '.join), st.dictionaries(st.text('pqr.', max_size=3), st.booleans(), max_size=4))
def test_total(text: str, names: dict[str, bool]) -> None:
    """It is refused with a place in the text, or has a value, or says why it has none: nothing else."""
    try:
        formula = parse_formula(text)
    except FormulaSyntaxError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017
        assert error.reason  # noqa: PT017
    else:
        assert isinstance(formula, Formula)
        assert isinstance(formula.evaluate(names), bool | FormulaError)
