"""Texts that travel in an answer: what XML cannot carry must never reach supervisord's marshaller."""
from __future__ import annotations

import re
import reprlib

# the complement of `Char` in XML 1.0; lone surrogates are in it, and could not be encoded either
_NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')

LONGEST_FAULT = 8000
"""Characters: room for the reasons of hundreds of instances."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SHORT.maxlevel = _SHORT.maxlist = _SHORT.maxdict = _SHORT.maxtuple = 2


def fits_xml(text: str) -> bool:
    # isprintable() is a fast yes for nearly all texts
    return text.isprintable() or _NOT_XML.search(text) is None


def for_xml(text: str) -> str:
    """The text, with `?` for each character that XML cannot carry."""
    return text if text.isprintable() else _NOT_XML.sub('?', text)


def for_fault(text: str) -> str:
    """The text in ASCII: the Content-Length of a deferred answer counts its characters, not its bytes.

    It is cut when it is long: it may repeat what a client has given.
    """
    plain = text if text.isascii() and text.isprintable() else ascii(text[:LONGEST_FAULT])[1:-1]
    return plain if len(plain) <= LONGEST_FAULT else f'{plain[:LONGEST_FAULT - 3]}...'


def describe(value: object) -> str:
    """A short text that shows a value given by a client."""
    try:
        return for_fault(_SHORT.repr(value))
    except Exception:  # an int of more than 4,300 digits has no decimal text
        return f'<{type(value).__name__}>'
