"""The elements of `supvisors_list`: `[<nick>]host[:port]`.

* nick: letters, digits, `_`, `-`, `:`, `.`; `supervisor` is none, as it is supervisord's default identifier;
* host: a host name, an IPv4 address, or an IPv6 address in brackets; kept as it is written;
* port: 1 to 65535; without it, the HTTP port of the local instance.

An element with neither nick nor port has its host as nick, so that rules and clients can go on using that name.
"""
from __future__ import annotations

import re
from collections import Counter

from supvisors.config.errors import Refused, shown
from supvisors.config.parsers import HOST_NAME, PORT, Parser, unique
from supvisors.model.identity import Identity

DEFAULT_NICK = 'supervisor'
"""supervisord's identifier when the user gives none."""

ACCEPTS = 'a comma separated list of [<nick>]host[:port], an IPv6 address in brackets, the port in [1;65535]'

_ELEMENT = re.compile(r'(?:<(?P<nick>[\w:.-]+)>)?(?P<host>\[[^\[\]]*]|[\w.-]+)(?::(?P<port>[0-9]{1,5}))?')
_BARE_IPV6 = re.compile(r'(?:<[\w:.-]+>)?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*')


def parse_element(text: str, http_port: int) -> Identity:
    """Return what the element says; raise `Refused`, with the reason, when it does not follow the grammar."""
    match = _ELEMENT.fullmatch(text)
    if not match:
        hint = ' (an IPv6 address is written in brackets)' if _BARE_IPV6.fullmatch(text) else ''
        raise Refused(f'element {shown(text)} is not [<nick>]host[:port]{hint}')
    what = 'host'
    try:
        host = HOST_NAME(match['host'])
        what = 'port'
        port = PORT(match['port']) if match['port'] else http_port
    except Refused as exc:
        reason = f' ({exc})' if str(exc) else ''
        raise Refused(f'element {shown(text)}: its {what} is not accepted{reason}') from None
    nick = '' if match['nick'] == DEFAULT_NICK else match['nick'] or ''
    return Identity(host, port, nick or ('' if match['port'] else host))


def has_own_nick(identity: Identity) -> bool:
    """Tell if a nick was really chosen: a nick that only repeats the host is none."""
    return identity.nick not in ('', identity.host_id)


def elements_parser(http_port: int) -> Parser:
    """The parser of the whole list. `http_port` is the local one; all bad elements are named together."""
    def parse(text: str) -> tuple[Identity, ...]:
        found, reasons = [], []
        for item in unique(text.split(',')):
            try:
                found.append(parse_element(item, http_port))
            except Refused as exc:
                reasons.append(str(exc))
        elements = tuple(dict.fromkeys(found))
        reasons += _ambiguities(elements)
        if reasons:
            raise Refused('; '.join(reasons))
        return elements
    return Parser(parse, ACCEPTS)


def _ambiguities(elements: tuple[Identity, ...]) -> list[str]:
    """Two elements with one identifier, or one name for two elements."""
    identifiers = Counter(element.identifier for element in elements)
    reasons = [f'{shown(name)} is given by {count} elements' for name, count in identifiers.items() if count > 1]
    nicks = Counter(element.nick for element in elements if element.nick and identifiers[element.identifier] == 1)
    reasons += [f'the nick {shown(name)} is given to {count} elements' for name, count in nicks.items() if count > 1]
    reasons += [f'the nick {shown(element.nick)} is the identifier of another element' for element in elements
                if element.nick in identifiers and element.nick != element.identifier]
    return reasons
