"""The formula of an application (`operational_status`): whether it is operational, from the truth of its processes.

    formula := conjunction ('or' conjunction)*          conjunction := negation ('and' negation)*
    negation := 'not' negation | term                   term := '(' formula ')' | any(formula) | all(formula) | string

A string is the name of a process, or else a regular expression that the whole name must match. When several processes
match, `any` or `all` must be around it. Line ends and indentation have no meaning. What can be wrong is found when the
formula is parsed; evaluating it never raises.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import attrs

MAX_NESTING = 50
"""Parentheses and negations inside one another; more than a human reads, and less than Python's stack."""

ACCEPTED = "'name', and, or, not, any(...), all(...) and parentheses"

TOKEN = re.compile(r"""
    (?P<string> (?P<raw>[rR])? (?: '(?P<single>(?:[^'\\\n]|\\[^\n])*)' | "(?P<double>(?:[^"\\\n]|\\[^\n])*)" ) )
    | (?P<word> [^\W\d]\w* ) | (?P<sign> [()] )
    """, re.VERBOSE)
BLANKS = re.compile(r'\s*')
ESCAPED = re.compile(r"""\\(['"\\])""")


class FormulaSyntaxError(ValueError):
    """The text is no formula: `reason`, and `offset` of the character where it is seen."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(f'{reason} (character {offset + 1})')


@attrs.frozen
class FormulaError:
    """Why a formula has no value with the processes that there are."""

    text: str

    def __str__(self) -> str:
        return self.text


Value = bool | tuple[bool, ...] | FormulaError
"""The tuple: of the processes that one string matches, when there are several."""


@attrs.frozen
class Formula:
    """A formula that was parsed. `text` is what was written, on one line."""

    text: str
    _root: Node = attrs.field(eq=False, repr=False)

    def evaluate(self, names: Mapping[str, bool]) -> bool | FormulaError:
        """Return the value with the processes `names`, or why there is none. It never raises.

        All operands are looked at, so that an error is told whatever the others are worth.
        """
        return _boolean(self._root, names)


@attrs.frozen
class Leaf:
    """A string."""

    text: str
    regex: re.Pattern[str]

    def value(self, names: Mapping[str, bool]) -> Value:
        if self.text in names:
            return names[self.text]
        found = tuple(truth for name, truth in names.items() if self.regex.fullmatch(name))
        if not found:
            return FormulaError(f'no process matches {self.text!r}')
        return found if len(found) > 1 else found[0]


@attrs.frozen
class Call:
    """`any` or `all`."""

    function: Callable[[tuple[bool, ...]], bool]
    operand: Node

    def value(self, names: Mapping[str, bool]) -> Value:
        value = self.operand.value(names)
        return self.function(value) if isinstance(value, tuple) else value


@attrs.frozen
class Not:
    operand: Node

    def value(self, names: Mapping[str, bool]) -> Value:
        value = _boolean(self.operand, names)
        return value if isinstance(value, FormulaError) else not value


@attrs.frozen
class Chain:
    """Two operands or more, between which there is `and` (`all`) or `or` (`any`)."""

    function: Callable[[tuple[bool, ...]], bool]
    operands: tuple[Node, ...]

    def value(self, names: Mapping[str, bool]) -> Value:
        values = [_boolean(operand, names) for operand in self.operands]
        errors = [value for value in values if isinstance(value, FormulaError)]
        return errors[0] if errors else self.function(tuple(value is True for value in values))


Node = Leaf | Call | Not | Chain


def _boolean(node: Node, names: Mapping[str, bool]) -> bool | FormulaError:
    value = node.value(names)
    if isinstance(value, tuple):
        text = node.text if isinstance(node, Leaf) else ''
        return FormulaError(f'{text!r} matches {len(value)} processes: write any({text!r}) or all({text!r})')
    return value


def parse_formula(text: str) -> Formula:
    """Return the formula, or raise `FormulaSyntaxError`."""
    parser = _Parser(text)
    root = parser.alternatives()
    if parser.token.text:
        raise parser.unexpected()
    return Formula(parser.shown(), root)


@attrs.frozen
class Token:
    """A piece of the text; the last one is empty."""

    text: str
    offset: int
    content: str | None = None
    """What the string says, None when it is no string."""


FUNCTIONS: dict[str, Callable[[tuple[bool, ...]], bool]] = {'any': any, 'all': all}
WORDS = ('and', 'or', 'not', *FUNCTIONS)


class _Parser:
    """Goes through the tokens; each rule of the grammar is a method that leaves them behind what it has taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self, text: str) -> bool:
        """Step over the token when it is that one."""
        if self.token.text != text:
            return False
        self.index += 1
        return True

    def alternatives(self) -> Node:
        return self._chain('or', any, self.conjunction)

    def conjunction(self) -> Node:
        return self._chain('and', all, self.negation)

    def _chain(self, word: str, function: Callable[[tuple[bool, ...]], bool], operand: Callable[[], Node]) -> Node:
        operands = [operand()]
        while self.take(word):
            operands.append(operand())
        return Chain(function, tuple(operands)) if len(operands) > 1 else operands[0]

    def negation(self) -> Node:
        if not self.take('not'):
            return self.term()
        self._deeper(1)
        node = Not(self.negation())
        self._deeper(-1)
        return node

    def term(self) -> Node:
        token = self.token
        if token.content is not None:
            self.index += 1
            return _leaf(token)
        if token.text in FUNCTIONS:
            self.index += 1
            return Call(FUNCTIONS[token.text], self._inside(token))
        if token.text == '(':
            return self._inside(token)
        raise self.unexpected()

    def _inside(self, owner: Token) -> Node:
        """What is between parentheses: alone, or those of `any` and `all`."""
        opening = self.token.offset
        if not self.take('('):
            raise FormulaSyntaxError(f'"(" is missing after {owner.text}', opening)
        if owner.text in FUNCTIONS and self.token.text == ')':
            raise FormulaSyntaxError(f'{owner.text} takes one argument', self.token.offset)
        self._deeper(1)
        node = self.alternatives()
        self._deeper(-1)
        if not self.token.text:
            raise FormulaSyntaxError('this "(" has no ")"', opening)
        if not self.take(')'):
            raise self.unexpected()
        return node

    def _deeper(self, step: int) -> None:
        self.depth += step
        if self.depth > MAX_NESTING:
            raise FormulaSyntaxError(f'more than {MAX_NESTING} parentheses or negations inside one another',
                                     self.token.offset)

    def unexpected(self) -> FormulaSyntaxError:
        """What the token is doing here."""
        token = self.token
        if not token.text:
            return FormulaSyntaxError('it ends too early' if len(self.tokens) > 1 else 'it is empty', token.offset)
        if token.content is not None:
            return FormulaSyntaxError('"and" or "or" is missing before this string', token.offset)
        return FormulaSyntaxError(f'{token.text} is not expected here', token.offset)

    def shown(self) -> str:
        """The tokens on one line: the layout has no meaning."""
        text = ''
        for before, token in zip([Token('(', 0), *self.tokens], self.tokens, strict=False):
            glued = before.text == '(' or token.text in (')', '') or (before.text in FUNCTIONS and token.text == '(')
            text += token.text if glued else f' {token.text}'
        return text


def _tokens(text: str) -> list[Token]:
    tokens = []
    offset = _skip_blanks(text, 0)
    while offset < len(text):
        match = TOKEN.match(text, offset)
        if match is None:
            raise _refused(text, offset)
        if match['word'] and match['word'] not in WORDS:
            raise FormulaSyntaxError(f'{match["word"][:40]} is unknown, accepted: {ACCEPTED}', offset)
        tokens.append(Token(match[0], offset, _content(match)))
        offset = _skip_blanks(text, match.end())
    return [*tokens, Token('', len(text.rstrip()))]


def _skip_blanks(text: str, offset: int) -> int:
    match = BLANKS.match(text, offset)
    return match.end() if match else offset


def _content(match: re.Match[str]) -> str | None:
    """As Python reads it, but for the escapes that mean the same to regular expressions: those are left to them."""
    if match['string'] is None:
        return None
    content = match['single'] if match['single'] is not None else match['double']
    return content if match['raw'] else ESCAPED.sub(r'\1', content)


def _refused(text: str, offset: int) -> FormulaSyntaxError:
    if text[offset] in '\'"':
        return FormulaSyntaxError('this string has no end', offset)
    if text[offset] == ',':
        return FormulaSyntaxError('"," is not accepted: any and all take one argument', offset)
    return FormulaSyntaxError(f'{text[offset]!r} is not accepted, accepted: {ACCEPTED}', offset)


def _leaf(token: Token) -> Leaf:
    content = token.content or ''
    if not content:
        raise FormulaSyntaxError('an empty string is the name of no process', token.offset)
    try:
        return Leaf(content, re.compile(content))
    except (re.error, RecursionError, OverflowError) as exc:
        reason = exc.msg if isinstance(exc, re.error) else 'it is too long'
        raise FormulaSyntaxError(f'{content[:40]!r} is no regular expression: {reason}', token.offset) from None
