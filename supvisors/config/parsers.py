"""Parsers of single values. Each one takes a text and gives a value or raises `Refused`; none has a fallback.

A parser comes with `accepts`, the words that tell a user what it takes: errors and documentation use the same ones.
"""
from __future__ import annotations

import ipaddress
import math
import os.path
import re
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, TypeVar

import attrs

from supvisors.config.errors import Refused, shown

E = TypeVar('E', bound=IntEnum)

BOOLEANS = {**dict.fromkeys(('yes', 'true', 'on', '1'), True), **dict.fromkeys(('no', 'false', 'off', '0'), False)}
UNITS = {'': 1, 'KB': 1024, 'MB': 1024 ** 2, 'GB': 1024 ** 3}
MAX_DIGITS = 18
"""Longer numbers are refused: nothing here is counted in more, and Python refuses to convert very long ones."""
HOST = re.compile(r'[\w.-]+')
RESERVED_GROUPS = frozenset(map(ipaddress.IPv4Address, ('224.0.0.0', '232.0.0.0', '233.0.0.0', '239.0.0.0')))


@attrs.frozen
class Parser:
    """A function from text to value, and what it accepts in words."""
    parse: Callable[[str], Any]
    accepts: str

    def __call__(self, text: str) -> Any:
        return self.parse(text.strip())


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items trimmed, without the empty ones and the duplicates, in the order of their first occurrence."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, items))))


def _words(text: str) -> tuple[str, ...]:
    return unique(text.split(','))


def _globs(text: str) -> tuple[str, ...]:
    return unique(text.split())


def _path(text: str) -> str:
    if not text or '\0' in text:
        raise Refused
    return os.path.abspath(os.path.expanduser(text))


def _size(text: str) -> int:
    match = re.fullmatch(r'([0-9]+)\s*([KMG]B)?', text.upper())
    if not match or len(match[1]) > MAX_DIGITS:
        raise Refused
    return int(match[1]) * UNITS[match[2] or '']


def _host(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text.removeprefix('[').removesuffix(']') if text[:1] == '[' else text)
    except ValueError:
        if HOST.fullmatch(text):
            return text
        raise Refused from None
    if address.scope_id:
        raise Refused('the zone after "%" has no meaning on other hosts')
    return str(text).strip('[]')


def _ipv4(text: str) -> ipaddress.IPv4Address:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        raise Refused from None


def _interface(text: str) -> str:
    return '' if text.upper() in ('ANY', 'INADDR_ANY') else str(_ipv4(text))


def _multicast_group(text: str) -> tuple[str, int]:
    host, _, number = text.rpartition(':')
    group = _ipv4(host)
    if not group.is_multicast or group in RESERVED_GROUPS:
        raise Refused
    return str(group), PORT(number)


def integer(low: int, high: int | None = None) -> Parser:
    """An integer from `low` to `high`, both included; no upper bound when `high` is None."""
    def parse(text: str) -> int:
        if not re.fullmatch(r'[+-]?[0-9]+', text) or len(text) > MAX_DIGITS:
            raise Refused
        value = int(text)
        if value < low or (high is not None and value > high):
            raise Refused
        return value
    return Parser(parse, f'an integer in [{low};{high}]' if high is not None else f'an integer, {low} or more')


def number(low: float, high: float) -> Parser:
    """A decimal number from `low` to `high`, both included."""
    def parse(text: str) -> float:
        if not re.fullmatch(r'[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?', text, re.IGNORECASE):
            raise Refused
        value = float(text)
        if not math.isfinite(value) or not low <= value <= high:
            raise Refused
        return value
    return Parser(parse, f'a number in [{low:g};{high:g}]')


def choice(values: Iterable[str]) -> Parser:
    """One of the words, whatever the case; the value is the word as the table writes it."""
    known = {value.upper(): value for value in values}
    return Parser(_lookup(known), f'one of {", ".join(known.values())}')


def member(enum: type[E]) -> Parser:
    """The name of a member of the enumeration, whatever the case. Numbers are not accepted."""
    return Parser(_lookup({item.name: item for item in enum}), f'one of {", ".join(item.name for item in enum)}')


def members(enum: type[E]) -> Parser:
    """A comma separated list of names of the enumeration, as a frozenset; one unknown name refuses the whole."""
    names = ', '.join(item.name for item in enum)
    return Parser(lambda text: frozenset(_each(member(enum), _words(text))), f'a comma separated list among {names}')


def numbers(low: float, high: float, at_most: int) -> Parser:
    """A comma separated list of 1 to `at_most` numbers, as a sorted tuple."""
    parser = number(low, high)

    def parse(text: str) -> tuple[float, ...]:
        values = tuple(sorted(_each(parser, _words(text))))
        if not 1 <= len(values) <= at_most:
            raise Refused
        return values
    return Parser(parse, f'1 to {at_most} comma separated numbers, each in [{low:g};{high:g}]')


def words_among(values: Iterable[str]) -> Parser:
    """A comma separated list, not empty, of the given words, whatever the case."""
    known = tuple(values)

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(_each(choice(known), _words(text)))
        if not found:
            raise Refused
        return found
    return Parser(parse, f'a comma separated list among {", ".join(known)}')


def statistics() -> Parser:
    """A comma separated list of what is collected, or a boolean, as a pair: of the host, of the processes."""
    words = words_among(('OFF', 'HOST', 'PROCESS', 'ALL', *(word for word in BOOLEANS if word != 'off')))
    everything = {'ALL', *(word for word, value in BOOLEANS.items() if value)}

    def parse(text: str) -> tuple[bool, bool]:
        found = set(words(text))
        return bool(found & {'HOST', *everything}), bool(found & {'PROCESS', *everything})
    return Parser(parse, words.accepts)


def path_or(words: Mapping[str, str]) -> Parser:
    """One of the words (in capitals in the table), whatever the case, giving what the table says; else a path."""
    return Parser(lambda text: words.get(text.upper()) or PATH(text), f'a path, or {", ".join(words)}')


def _lookup(known: dict[str, Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return known[text.upper()]
        except KeyError:
            raise Refused from None
    return parse


def _each(parser: Parser, items: Iterable[str]) -> list[Any]:
    """Parse all items; the reason names all those that are refused."""
    values, bad = [], []
    for item in items:
        try:
            values.append(parser(item))
        except Refused:
            bad.append(shown(item))
    if bad:
        raise Refused(f'not accepted: {", ".join(bad)}')
    return values


TEXT = Parser(str, 'any text')
WORDS = Parser(_words, 'a comma separated list of names')
GLOBS = Parser(_globs, 'paths separated by blanks, "*", "?" and "[...]" allowed')
PATH = Parser(_path, 'a path')
HOST_NAME = Parser(_host, 'a host name or an IP address')
SIZE = Parser(_size, 'an integer, 0 or more, with an optional unit KB, MB or GB')
BOOLEAN = Parser(_lookup({key.upper(): value for key, value in BOOLEANS.items()}), f'one of {", ".join(BOOLEANS)}')
PORT = integer(1, 65535)
INTERFACE = Parser(_interface, 'an IPv4 address, or ANY')
MULTICAST_GROUP = Parser(_multicast_group, (
    'ip:port, the ip in [224.0.0.0;239.255.255.255] except 224.0.0.0, 232.0.0.0, 233.0.0.0 and 239.0.0.0, '
    'the port in [1;65535]'))
