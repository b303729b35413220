"""Calls that must be refused, made from the contract: whatever the values, one fault each, and nothing changes.

A value is bad for the kind of its parameter. The others are good ones: without the check of the bad one, the call would
do something. A text that happens to be a good one is never drawn.
"""
from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from supvisors.host.numprocs_plan import MAX_NUMPROCS
from supvisors.rpc.text import fits_xml

Strategy = st.SearchStrategy[Any]

INCORRECT = frozenset((2,))
UNKNOWN = frozenset((10,))


@attrs.frozen
class World:
    """What there is in the system that is called."""
    instances: frozenset[str]
    """All that designates an instance."""
    groups: Mapping[str, frozenset[str]]
    """The processes of each group."""
    programs: frozenset[str]
    good: Mapping[str, tuple[Any, ...]]
    """For each parameter that is no choice and no boolean, values that are accepted, and would change something."""

    def namespecs(self) -> list[str]:
        return [f'{group}:{name}' for group, names in self.groups.items() for name in names]

    def designates(self, text: str) -> bool:
        """Is it the namespec of a process or of a group."""
        group, colon, name = text.partition(':')
        return group in self.groups and (name in self.groups[group] | {'', '*'} if colon
                                         else group in self.groups[group])

    def is_process(self, text: str) -> bool:
        return self.designates(text) and not text.endswith((':', ':*'))

    def matches(self, text: str) -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            try:
                return any(re.search(text, namespec) for namespec in self.namespecs())
            except (re.error, OverflowError, RecursionError):
                return False


@attrs.frozen
class BadCall:
    arguments: tuple[Any, ...] = attrs.field(repr=lambda values: f'({", ".join(map(_short, values))})')
    codes: frozenset[int]
    """The faults that may be answered."""


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else f'<{value.bit_length()} bits>'
    return text if len(text) < 200 else f'{text[:200]}... ({len(text)} characters)'


# ---- values of every type

HUGE = ('x' * 100_000, 'é' * 50_000, '<&>' * 30_000, ':' * 100_000, '\0' * 100_000, '\U0001f600' * 30_000)
# not in it: lone surrogates, which no text of XML or base64 has
CHARACTERS = st.text(st.characters(codec='utf-8'), max_size=40)
ODD = ('', ' ', '*', ':', '::', ':*', '*:*', '\0', '\x1b[31m', '\r\n', '\x7f\x85', '\ufffe', 'é', '\u202e',
       '\U0001f600', '../..', '%s', '%(here)s', '{0}', 'None', 'True', '1', 'nan', "'", '"', '\\', '<!--', ']]>',
       '&amp;', 'a:b:c')
TEXTS = CHARACTERS | st.sampled_from(ODD) | st.sampled_from(HUGE)
INTEGERS = st.integers(-2**40, 2**40) | st.sampled_from((0, 1, -1, 2**31 - 1, 2**31, -2**31 - 1, 2**63, 10**4000))
SCALARS = st.one_of(st.none(), st.booleans(), INTEGERS, st.floats(), CHARACTERS,
                    st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1)))


def _nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


ARRAYS = (st.lists(SCALARS, max_size=4) | st.lists(st.lists(SCALARS, max_size=2), max_size=3)
          | st.sampled_from(([0] * 10_000, ['x' * 100] * 1000, _nested(300, True), _nested(50, {'a': []}))))
STRUCTS = (st.dictionaries(CHARACTERS.filter(str.isprintable), SCALARS, max_size=3)
           | st.sampled_from(({'a': {'b': {'c': [1]}}}, {str(key): key for key in range(3000)})))
ANYTHING = SCALARS | TEXTS | ARRAYS | STRUCTS

_OF_TYPE: dict[str, tuple[type, Strategy]] = {
    'string': (str, TEXTS), 'int': (int, INTEGERS), 'boolean': (bool, st.booleans()), 'double': (float, st.floats()),
    'array': (list, ARRAYS), 'struct': (dict, STRUCTS),
}
_NO_TYPE = (st.none(), st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1)))


def wrong_type(types: str) -> Strategy:
    """Values of all types but these, as the contract writes them."""
    accepted = types.split('|')
    return st.one_of(*_NO_TYPE, *(values for name, (_, values) in _OF_TYPE.items() if name not in accepted))


# ---- one parameter

@attrs.frozen
class Kind:
    """Values that are good for a parameter, and those that are bad, each with the faults that may be answered."""
    good: Strategy
    bad: st.SearchStrategy[tuple[Any, frozenset[int]]]


def kind_of(method: str, spec: Mapping[str, Any], world: World, enums: Mapping[str, Mapping[str, int]]) -> Kind:
    """The kind of one parameter of a method of the contract."""
    name, types = spec['name'], spec['type']
    of_wrong_type = _with(INCORRECT, wrong_type(types))
    if 'enum' in spec:
        members = enums[spec['enum']]
        return Kind(st.sampled_from([*members, *members.values()]), _either(of_wrong_type, _no_members(spec, members)))
    if types == 'boolean':
        return Kind(st.booleans(), of_wrong_type)
    return Kind(st.sampled_from(world.good[name]), _either(of_wrong_type, _BAD[name](world, method, spec)))


def _either(first: Strategy, second: Strategy) -> Strategy:
    """As often the one as the other, unlike `|`, which counts what they are made of."""
    return st.booleans().flatmap(lambda choice: second if choice else first)


def _with(codes: frozenset[int], values: Strategy) -> Strategy:
    return values.map(lambda value: (value, codes))


def _no_members(spec: Mapping[str, Any], members: Mapping[str, int]) -> Strategy:
    fold: Callable[[str], str] = str.lower if spec.get('any_case') else str
    near = [form for name, code in members.items() for form in (name.swapcase(), f'{name} ', f'{name}\0', str(code))]
    names = (st.sampled_from(near) | TEXTS).filter(lambda text: fold(text) not in members)
    return _with(INCORRECT, names | INTEGERS.filter(lambda code: code not in members.values()))


def _unknown(known: Callable[[str], bool], near: Sequence[str], codes: frozenset[int] = UNKNOWN) -> Strategy:
    """Texts that are not known, some of them nearly. Control characters are refused before anything is looked up."""
    almost = [form for name in near
              for form in (f'{name} ', f' {name}', name.upper(), name[:-1], f'{name}\0', f'{name}*')]
    texts = (st.sampled_from(almost) | TEXTS).filter(lambda text: not known(text))
    return texts.map(lambda text: (text, codes if fits_xml(text) else INCORRECT))


def _instances(world: World, method: str, spec: Mapping[str, Any], codes: frozenset[int] = UNKNOWN) -> Strategy:
    known = world.instances | {spec.get('default')}
    return _unknown(known.__contains__, sorted(world.instances), codes)


def _one_process(world: World) -> Strategy:
    groups = [f'{group}{end}' for group in world.groups for end in (':', ':*')]
    return _unknown(world.is_process, [*world.namespecs(), *groups])


def _processes(world: World, method: str, spec: Mapping[str, Any]) -> Strategy:
    if method in ('start_args', 'get_local_process_info'):
        return _one_process(world)
    return _unknown(lambda text: world.designates(text) or text == spec.get('default'), world.namespecs())


WRONG = ('[', '(', '*', '(?P<a', '\\', 'a{99999999999}', '(' * 500, '(?<!a+)', 'x' * 1001)
SLOW = ('((.+)+)+!', '(.*)*(.*)*(.*)*!', '(?:(?:.?){9}){9}!')
"""They match nothing, which takes a century to find out."""
UNREADABLE = ('"', "'", "a 'b", 'a "b c', "'" * 99_999, 'x \\')


def _regex(world: World) -> Strategy:
    texts = (st.sampled_from(WRONG) | TEXTS).filter(lambda text: not world.matches(text))
    return _with(frozenset((2, 30)), texts | st.sampled_from(SLOW))


def _extra_args(method: str) -> Strategy:
    control = CHARACTERS.map(lambda text: f'{text}\x01') | st.sampled_from(('\0', '-x \x1b[31m', '\ufffe'))
    if method != 'start_args':
        return _with(INCORRECT, control | st.sampled_from(UNREADABLE))
    # what runs is refused first
    return _with(INCORRECT, control) | _with(frozenset((21, 60)), st.sampled_from(UNREADABLE))


def _numbers() -> Strategy:
    return (_with(INCORRECT, INTEGERS.filter(lambda number: number <= 0))
            | _with(frozenset((30,)), INTEGERS.filter(lambda number: number > MAX_NUMPROCS)))


_BAD: dict[str, Callable[[World, str, Mapping[str, Any]], Strategy]] = {
    'identifier': _instances,
    # in OPERATION it is too late to end the synchronization, whatever the name
    'master': lambda world, method, spec: _instances(world, method, spec, frozenset((101,))),
    'application_name': lambda world, *_: _unknown(world.groups.__contains__, sorted(world.groups)),
    'namespec': _processes,
    'program_name': lambda world, *_: _unknown(world.programs.__contains__, sorted(world.programs)),
    'regex': lambda world, *_: _regex(world),
    'extra_args': lambda world, method, _: _extra_args(method),
    'numprocs': lambda *_: _numbers(),
}
"""Values of the right type, by the name of the parameter."""


# ---- one call

def bad_calls(method: str, spec: Mapping[str, Any], world: World,
              enums: Mapping[str, Mapping[str, int]]) -> st.SearchStrategy[BadCall]:
    """Calls of a method of the contract: one bad value, several, too few values, or too many."""
    params = spec['params']
    all_kinds = [kind_of(method, param, world, enums) for param in params]
    least = sum('default' not in param for param in params)
    calls = [_too_many(all_kinds)]
    if all_kinds:
        calls += [_one_bad(all_kinds, least), _all_bad(all_kinds, frozenset(fault['code'] for fault in spec['faults']))]
    if least:
        calls.append(_too_few(all_kinds, least))
    return st.one_of(calls)


@st.composite
def _one_bad(draw: st.DrawFn, all_kinds: Sequence[Kind], least: int) -> BadCall:
    place = draw(st.integers(0, len(all_kinds) - 1))
    count = draw(st.integers(max(place + 1, least), len(all_kinds)))
    arguments = [draw(kind.good) for kind in all_kinds[:count]]
    arguments[place], codes = draw(all_kinds[place].bad)
    return BadCall(tuple(arguments), codes)


@st.composite
def _all_bad(draw: st.DrawFn, all_kinds: Sequence[Kind], documented: frozenset[int]) -> BadCall:
    return BadCall(tuple(draw(kind.bad)[0] for kind in all_kinds), documented)


@st.composite
def _too_many(draw: st.DrawFn, all_kinds: Sequence[Kind]) -> BadCall:
    more = draw(st.lists(ANYTHING, min_size=1, max_size=3) | st.just([0] * 1000))
    return BadCall((*(draw(kind.good) for kind in all_kinds), *more), INCORRECT)


@st.composite
def _too_few(draw: st.DrawFn, all_kinds: Sequence[Kind], least: int) -> BadCall:
    count = draw(st.integers(0, least - 1))
    return BadCall(tuple(draw(kind.good) for kind in all_kinds[:count]), INCORRECT)


def unknown_methods(known: Iterable[str]) -> Strategy:
    """Names of no method: attributes of the object that has the methods, paths, and any text."""
    names = sorted(known)
    attributes = ('_call', '_control', '_local', '__class__', '__init__', '__dict__', '_reading.get_api_version')
    inside = [f'supvisors.{name}' for name in attributes] + [f'supvisors.{name}.__call__' for name in names]
    near = [form for name in names for form in (name, f'supvisors.{name.upper()}', f'supvisors.{name} ', f'.{name}',
                                                f'supervisor.{name}_', f'system.supvisors.{name}')]
    texts = CHARACTERS.filter(lambda text: fits_xml(text) and text != '')
    anything = texts | texts.map('supvisors.{}'.format)
    return st.sampled_from(inside + near) | anything.filter(lambda text: text.partition('.')[2] not in names)
