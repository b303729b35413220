"""From the bytes of an XML file to elements that know their line. DTD, hence entities, are refused."""
from __future__ import annotations

import bisect
from collections.abc import Mapping
from xml.parsers import expat

import attrs

from supvisors.config.errors import SHOWN_LENGTH, Problem, shown

MAX_DEPTH = 8
"""Elements nested deeper are not kept: the grammar needs 5 levels, and what is above them is refused anyway."""

NAMES = ('name', 'pattern')


@attrs.define
class Element:
    """One element. `text` is what it holds beside its children, `path` the names of the elements around it."""
    tag: str
    attributes: Mapping[str, str]
    file: str
    line: int
    text: str = ''
    path: str = ''
    children: list[Element] = attrs.field(factory=list)
    chunks: list[tuple[int, int, int]] = attrs.field(factory=list, repr=False)
    """Of each piece of the text: its offset there, its line and its column in the file."""
    size: int = 0

    @property
    def title(self) -> str:
        """The element as a message shows it: with its name or its pattern."""
        names = ''.join(f' {key}={shown(self.attributes[key])}' for key in NAMES if key in self.attributes)
        return f'<{self.tag[:SHOWN_LENGTH]}{names}>'

    @property
    def where(self) -> str:
        return f'{self.file}:{self.line}: {f"{self.path} / " if self.path else ""}{self.title}'

    def at(self, offset: int) -> tuple[str, int]:
        """Return `where`, with the line of that character of the text instead, and its column."""
        index = bisect.bisect(self.chunks, (offset, float('inf'))) - 1
        begin, line, column = self.chunks[index] if index >= 0 else (offset, self.line, 1)
        place = self.where.removeprefix(f'{self.file}:{self.line}: ')
        return f'{self.file}:{line}: {place}', column + offset - begin

    def attribute(self, name: str) -> str:
        """Return the attribute without blanks around, empty when it is absent."""
        return self.attributes.get(name, '').strip()


class Malformed(Exception):
    """The file is not XML that is accepted here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def parse_xml(file: str, data: bytes) -> Element:
    """Return the root element; raise `Malformed` when there is none to trust."""
    builder = _Builder(file)
    parser = builder.parser
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise Malformed(Problem(f'{file}:{exc.lineno}', None, 'well-formed XML', f'column {exc.offset + 1}: '
                                f'{expat.ErrorString(exc.code)}', 'correct the file')) from None
    except (ValueError, LookupError):
        raise Malformed(Problem(f'{file}:{parser.CurrentLineNumber}', None, 'XML in UTF-8, or in the encoding that it '
                                'declares', 'its encoding cannot be read', 'save the file in UTF-8')) from None
    assert builder.root is not None, 'expat accepts no document without a root'
    return builder.root


class _Builder:
    """Builds the elements while expat reads."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self.open: list[Element] = []
        self.pieces: list[list[str]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self.open[-1] if self.open else None
        path = '' if parent is None or parent.tag == 'root' else f'{parent.path} / {parent.title}'.removeprefix(' / ')
        element = Element(tag, attributes, self.file, self.parser.CurrentLineNumber,
                          path='' if len(self.open) > MAX_DEPTH else path)
        if parent is None:
            self.root = element
        elif len(self.open) <= MAX_DEPTH:
            parent.children.append(element)
        self.open.append(element)
        self.pieces.append([])

    def end(self, tag: str) -> None:
        self.open.pop().text = ''.join(self.pieces.pop())

    def characters(self, text: str) -> None:
        # not buffered by the parser: the place of each piece is needed
        element, pieces = self.open[-1], self.pieces[-1]
        offset = element.size
        element.size += len(text)
        element.chunks.append((offset, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1))
        pieces.append(text)

    def doctype(self, *_: object) -> None:
        raise Malformed(Problem(f'{self.file}:{self.parser.CurrentLineNumber}', None, 'XML without <!DOCTYPE>',
                                'a document type declaration (hence entities) is refused', 'remove the declaration'))
