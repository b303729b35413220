"""The checker itself: what it must let pass, and what it must refuse, with the path."""
from __future__ import annotations

import pytest

from tests.contract.checker import ContractError, check

CONTRACT = {
    'enums': {'Color': {'RED': 0, 'BLUE': 4}, 'Level': {'low': 1}},
    'structures': {
        'Dot': {'fields': [
            {'name': 'x', 'type': 'int', 'range': [1, 9]},
            {'name': 'color', 'type': 'int', 'enum': 'Color', 'as': 'code'},
            {'name': 'note', 'type': 'string', 'optional': True},
        ]},
        'Line': {'fields': [{'name': 'dots', 'type': 'array', 'items': 'struct', 'structure': 'Dot'}]},
    },
}
DOT = {'x': 1, 'color': 4}
LINE = {'type': 'struct', 'structure': 'Line'}
DOTS = {'type': 'struct', 'values': 'struct', 'structure': 'Dot'}
COLORS = {'type': 'struct', 'values': 'string', 'enum': 'Color', 'as': 'name'}
BOTH = {'type': 'string|int', 'enum': 'Color'}
TABLE = {'type': 'array', 'items': {'type': 'array', 'items': 'int'}}
TRIPLE = {'type': 'array', 'elements': [{'type': 'string'}, {'type': 'int', 'range': [0, None]}, {'type': 'boolean'}]}
ONE_OR_SEVERAL = {'type': 'boolean|array', 'items': 'struct', 'structure': 'Dot'}
ANY_CASE = {'type': 'string|int', 'enum': 'Level', 'any_case': True}


@pytest.mark.parametrize(('value', 'description'), [
    ('a', {'type': 'string'}),
    (1.0, {'type': 'double'}),
    (True, {'type': 'boolean'}),
    ([], {'type': 'array', 'items': 'int'}),
    ({'dots': [DOT, {**DOT, 'note': ''}]}, LINE),
    ({'k': DOT}, DOTS),
    ({'k': 'RED'}, COLORS),
    ('RED', BOTH),
    (4, BOTH),
    ('Low', ANY_CASE),
    ([[1], []], TABLE),
    (['', 0, True], TRIPLE),
    (True, ONE_OR_SEVERAL),
    ([DOT], ONE_OR_SEVERAL),
    ([{}, 1, None], {'type': 'array', 'items': 'any'}),
    (1, ANY_CASE),
    (0, {'type': 'int', 'range': [0, None]}),
])
def test_accepted(value: object, description: dict[str, object]) -> None:
    check(value, description, CONTRACT)


@pytest.mark.parametrize(('value', 'description', 'text'), [
    (True, {'type': 'int'}, 'result: int expected, got bool True'),
    (1, {'type': 'boolean'}, 'result: boolean expected'),
    (1, {'type': 'double'}, 'result: double expected'),
    (1.0, {'type': 'int'}, 'result: int expected'),
    (float('nan'), {'type': 'double'}, 'result: nan is not a number'),
    (2**31, {'type': 'int'}, 'does not fit in 32 bits'),
    (-1, {'type': 'int', 'range': [0, None]}, r'-1 is not in \[0; None\]'),
    (None, {'type': 'string'}, 'result: string expected, got NoneType'),
    ((1,), {'type': 'array', 'items': 'int'}, 'result: array expected, got tuple'),
    ([1, 'a'], {'type': 'array', 'items': 'int'}, r'result\[1\]: int expected'),
    ({'dots': [DOT, {**DOT, 'x': 10}]}, LINE, r'result\.dots\[1\]\.x: 10 is not in \[1; 9\]'),
    ({'dots': [{'x': 1}]}, LINE, r'result\.dots\[0\]\.color: missing'),
    ({'dots': [{**DOT, 'y': 1}]}, LINE, r"result\.dots\[0\]: unknown keys \['y'\]"),
    ({'dots': [{**DOT, 'color': 1}]}, LINE, r'color: 1 is not in Color'),
    ({}, LINE, r'result\.dots: missing'),
    ({1: DOT}, DOTS, 'the key 1 is not a string'),
    ({'k': {}}, DOTS, r'result\.k\.x: missing'),
    ({'k': 'red'}, COLORS, r"result\.k: 'red' is not in Color"),
    ('red', BOTH, "'red' is not in Color"),
    (1, BOTH, '1 is not in Color'),
    ([[1], ['a']], TABLE, r'result\[1\]\[0\]: int expected'),
    (['', 0], TRIPLE, 'result: 3 elements expected'),
    (['', -1, True], TRIPLE, r'result\[1\]: -1 is not in'),
    (['', 0, 0], TRIPLE, r'result\[2\]: boolean expected'),
    (1, ONE_OR_SEVERAL, r'result: boolean\|array expected'),
    ([{}], ONE_OR_SEVERAL, r'result\[0\]\.x: missing'),
    ('lowest', ANY_CASE, "'lowest' is not in Level"),
])
def test_refused(value: object, description: dict[str, object], text: str) -> None:
    with pytest.raises(ContractError, match=text):
        check(value, description, CONTRACT)
