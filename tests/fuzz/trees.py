"""Valid values with some of their parts replaced: what passes the first checks goes deeper than chance does."""
from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

Path = tuple[Any, ...]

BIG = 100_000
ODD_TEXTS = ('', ' ', '*', ':', 'a:', ':a', 'a:*', '\0', '\n', '\ud7ff', '\ufffe', '%s %(x)s {}', '../..', '<a&b>',
             'é' * 50,
             'x' * BIG, '-1', 'nan', 'b:1', 'a:1', 'web:front', 'intent/web:front', 'request/a:1 a1/1')
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(max_size=20)
INTEGERS = st.sampled_from((0, 1, -1, 2, 3, 7, 20, 255, 10 ** 6, 2 ** 31, 2 ** 53, 2 ** 62, 2 ** 63 - 1, 2 ** 63,
                            2 ** 64 - 1,
                            -2 ** 31, -2 ** 63)) | st.integers(-100, 1000)
FLOATS = st.sampled_from((0.0, -1.0, 1e-300, 1e18, 1e308, -1e308, float('inf'), float('-inf'), float('nan')))
ANY: st.SearchStrategy[Any] = st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS | st.just([]) | st.just({})
ODD = {bool: st.booleans(), int: INTEGERS, float: FLOATS, str: TEXTS}


def parts(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each part of a tree of dicts and lists, and the way to it."""
    yield path, tree
    for key, value in (tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()):
        yield from parts(value, (*path, key))


def replaced(tree: Any, path: Path, value: Any) -> Any:
    """The tree, with another part there; what is not there any more stays away."""
    if not path:
        return value
    tree = copy.copy(tree)
    if (isinstance(tree, dict) and path[0] in tree) or (isinstance(tree, list) and path[0] < len(tree)):
        tree[path[0]] = replaced(tree[path[0]], path[1:], value)
    return tree


@st.composite
def mutated(draw: st.DrawFn, tree: Any, most: int = 4, kept: Sequence[Path] = ()) -> Any:
    """The tree with up to `most` parts replaced, mostly by values of the same kind; those of `kept` stay."""
    for _ in range(draw(st.integers(0, most))):
        rows = [row for row in parts(tree) if row[0] and row[0] not in kept]
        if not rows:
            break
        path, part = draw(st.sampled_from(rows))
        tree = replaced(tree, path, draw(_instead(part)))
    return tree


def _instead(part: Any) -> st.SearchStrategy[Any]:
    if isinstance(part, list) and part:
        return st.sampled_from((0, 2, 1000)).map(lambda times: part * times) | ANY
    if isinstance(part, dict):
        return st.dictionaries(TEXTS, ANY, max_size=3).map(lambda more: {**part, **more}) | ANY
    same = ODD.get(type(part))
    return ANY if same is None else same | same | same | ANY


@st.composite
def broken(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes cut, doubled, flipped or overwritten somewhere."""
    spot = draw(st.integers(0, max(0, len(data) - 1)))
    noise = draw(st.binary(max_size=8))
    return draw(st.sampled_from((data[:spot], data[:spot] + noise + data[spot:], data[:spot] + noise
                                 + data[spot + len(noise):],
                                 data + noise, data * 2, noise)))
