"""The recorded answers of the peer: one `Record` for each call."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / 'tests' / 'contract' / 'record'
DECISIONS = ROOT / 'contract' / 'compatibility' / 'answers.json'
FILES = ('status', 'control', 'supervisor', 'system')

Shape = Any
"""Names of Python types, as in `float|int`; keys to shapes, where `key?` may be absent; `['list', shape, ...]`: items
that have one of these shapes; or an array without `'list'`: one of these shapes."""


@attrs.frozen(eq=False)
class Record:
    """One call, and what the peer made of it: a result of some shape, a fault, or an HTTP status."""
    id: str
    method: str
    context: str
    instance: str
    params: tuple[Any, ...]
    note: str
    shape: Shape = None
    value: Any = None
    has_value: bool = False
    fault: int = 0
    http: int = 0

    @property
    def outcome(self) -> Any:
        """The code of the fault, `HTTP 500`, or `result`."""
        return self.fault or (f'HTTP {self.http}' if self.http else 'result')

    def __str__(self) -> str:
        arguments = ', '.join(map(repr, self.params))
        return f'{self.id} {self.instance} {self.method}({arguments})' + (f' [{self.note}]' if self.note else '')


def _read(name: str, method: str, index: int, call: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Record:
    return Record(
        f'{name}/{call["context"]}/{index}', method, call['context'], call['instance'],
        tuple(call['params']), call.get('note', ''), shapes.get(call.get('shape', '')), call.get('value'),
        'value' in call, call.get('fault', 0), call.get('http', 0))


@cache
def load() -> Mapping[str, Record]:
    """All records by their identifiers, `method/context/index`, in the order of the record."""
    def each() -> Iterator[Record]:
        for name in FILES:
            methods = json.loads((FOLDER / f'{name}.json').read_text(encoding='utf-8'))
            for method, content in methods.items():
                short = method if name == 'system' else method.removeprefix('supvisors.')
                for index, call in enumerate(content['calls']):
                    yield _read(short, method, index, call, content['shapes'])

    return {record.id: record for record in each()}


@cache
def _numbers() -> Mapping[tuple[str, int], Record]:
    return {(record.id.partition('/')[0], int(record.id.rpartition('/')[2])): record for record in load().values()}


def numbered(method: str, index: int) -> Record:
    """The record of that number of a method: `numbered('start_args', 15)`, `numbered('supervisor.getPID', 2)`."""
    return _numbers()[method, index]


@cache
def recorded_methods() -> tuple[str, ...]:
    """What `system.listMethods` of the peer told."""
    return tuple(json.loads((FOLDER / 'methods.json').read_text(encoding='utf-8')))


@cache
def decisions() -> Mapping[str, Any]:
    """What differs from the record on purpose (`answers`, `fields`), and what cannot be replayed yet (`missing`)."""
    found: dict[str, Any] = json.loads(DECISIONS.read_text(encoding='utf-8'))
    return found
