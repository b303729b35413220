"""`engine/` and `model/` decide and compute: they import nothing that does I/O, reads a clock, starts a thread, logs or
draws at random. What they may import is listed, all else is refused."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / 'supvisors'
PURE_ROOMS = ('engine', 'model')
ALLOWED = (
    '__future__', 'attrs', 'bisect', 'collections', 'dataclasses', 'enum', 'functools', 'hashlib', 'heapq', 'itertools',
    'math', 'msgspec', 're', 'typing', 'zlib', 'supvisors.engine', 'supvisors.model',
)


def imports(source: str) -> Iterator[str]:
    """The modules that a source names in its import statements, wherever they stand, and in calls of `__import__`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield f'relative import of {node.module or "."}'
            else:
                # `from supvisors import bus` names a module after the import
                yield from (f'{node.module}.{alias.name}' for alias in node.names)
        elif isinstance(node, ast.Name) and node.id in ('__import__', 'open', 'print', 'input'):
            yield node.id


def refused(source: str) -> list[str]:
    return [name for name in imports(source)
            if not any(name == allowed or name.startswith(f'{allowed}.') for allowed in ALLOWED)]


SOURCES = sorted(path for room in PURE_ROOMS for path in (PACKAGE / room).rglob('*.py'))


@pytest.mark.parametrize('path', SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pure(path: Path) -> None:
    assert refused(path.read_text(encoding='utf-8')) == []


def test_the_rooms_are_there() -> None:
    assert {path.relative_to(PACKAGE).parts[0] for path in SOURCES} == set(PURE_ROOMS)
    assert len(SOURCES) > 10


@pytest.mark.parametrize('planted', [
    'import time', 'import socket as s', 'from time import monotonic', 'import os.path', 'import random, math',
    'def f():\n    import threading', 'if True:\n    from logging import getLogger', 'from supvisors import bus',
    'from supvisors.host import events', 'from . import clock', 'from ..rpc import methods', 'import supvisors.bus.bus',
    'from datetime import datetime', 'import zmq', 'm = __import__("time")', 'import enumerations', 'open("x")',
    'import supvisors.engineering', 'import supvisors', 'import asyncio', 'import importlib', 'import psutil',
])
def test_a_planted_import_is_found(planted: str) -> None:
    assert len(refused(planted)) == 1


@pytest.mark.parametrize('good', [
    'import attrs', 'from collections.abc import Mapping', 'from supvisors.model.enums import ProcessState',
    'from supvisors.model import enums', 'from supvisors.engine import messages', 'from __future__ import annotations',
    'import msgspec', 'from enum import IntEnum',
])
def test_a_good_import_is_not(good: str) -> None:
    assert refused(good) == []
