"""Which instance of `supvisors_list` is the local one. Nothing is asked from a name server unless nothing else answers.

The steps, in order; the first one that designates elements decides, and it must designate exactly one:

1. the option `local_identifier`: an identifier or a nick of the list;
2. supervisord's identifier, when it is not the default one, is the nick (or the identifier) of an element;
3. a literal address of an interface, loopback included, with the local port;
4. the name of the host (`gethostname`, its first label, `localhost`), with the local port;
5. a forward look-up of the host of the elements that have the local port: first of those whose first label is that of
   the host, then of the others. A name that does not resolve is not local, and that is all.

`match_local` is the pure part: it knows the host by `HostNames` and looks names up by the function that it is given.
"""
from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

import attrs

from supvisors.config.elements import DEFAULT_NICK, has_own_nick, parse_element
from supvisors.config.errors import ConfigurationError, Note, Problem, Refused, shown
from supvisors.config.network import HostNames, host_names, normalise, short
from supvisors.model.identity import Identity
from supvisors.model.options import Options

LookUp = Callable[[str], Iterable[str]]
"""From a host name to its IP addresses; none when it does not resolve. It does not raise."""

BY_OPTION = 'option local_identifier'
BY_NICK = "supervisord's identifier"


@attrs.frozen
class Found:
    """The local instance, all instances (the local one included, with its nick and stereotypes), and what to log."""
    local: Identity
    instances: tuple[Identity, ...]
    notes: tuple[Note, ...] = ()
    how: str = ''
    """The step that found it; empty when there is no list."""

    @property
    def by_name(self) -> bool:
        """The files say who it is: it would be the same on any host."""
        return self.how in (BY_OPTION, BY_NICK)


class NotHere(ConfigurationError):
    """No element of the list is the local instance: on another host, one might be."""


def look_up(host: str) -> list[str]:
    """Look a host name up, forward only. It may wait for a name server."""
    try:
        return [str(item[4][0]) for item in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def find_local(options: Options, *, http_port: int, nick: str,
               host: HostNames | None = None, look_up: LookUp = look_up) -> Found:
    """Return the local instance and the list where it has its final name.

    :param http_port: the port of the local `[inet_http_server]`, in [1;65535]
    :param nick: supervisord's identifier
    :param host: what the host is called; read from the system by default
    :param look_up: how a host name becomes addresses; `socket.getaddrinfo` by default
    :raise NotHere: when no element is local
    :raise ConfigurationError: when more than one is local, or when its name is refused
    """
    host = host_names() if host is None else host
    nick = '' if nick == DEFAULT_NICK else nick
    notes: list[Note] = []
    how = ''
    if options.instances:
        element, how = match_local(options.instances, http_port=http_port, nick=nick, host=host, look_up=look_up,
                                   local_identifier=options.local_identifier)
        notes.append(Note('info', f'the local instance is {element.identifier}, by {how}'))
    else:
        element = _alone(options.local_identifier, http_port, host)
        notes.append(Note('info', f'supvisors_list is not set: the local instance is {element.identifier}, alone'))
    if element.port != http_port:
        notes.append(Note('warn', f'the local instance is {element.identifier} in the list, but its HTTP server '
                                  f'listens on port {http_port}: the others must reach it through a redirection'))
    local = attrs.evolve(element, nick=_nick(element, nick, notes), stereotypes=options.stereotypes)
    instances = tuple(local if item == element else item for item in options.instances) or (local,)
    _check_nick(local, instances)
    return Found(local, instances, tuple(notes), how)


def match_local(instances: Sequence[Identity], *, http_port: int, nick: str, local_identifier: str, host: HostNames,
                look_up: LookUp) -> tuple[Identity, str]:
    """Return the local element and the step that found it. An empty `nick` says nothing."""
    tried: list[str] = []
    if local_identifier:
        return _only(_named(local_identifier, instances), BY_OPTION, instances,
                     [f'none has the identifier or the nick {shown(local_identifier)} of option local_identifier'])
    if nick:
        if found := _named(nick, instances):
            return _only(found, BY_NICK, instances, tried)
        tried.append(f"no element has supervisord's identifier {shown(nick)} as its nick")
    near = [item for item in instances if item.port == http_port]
    if not near:
        tried.append(f'no element has the local HTTP port {http_port}')
    if found := [item for item in near if _is_local(normalise(item.host_id), host)]:
        return _only(found, 'an address of the host', instances, tried)
    tried.append(f'none is an address of this host ({", ".join(sorted(host.addresses)) or "none known"})')
    if found := [item for item in near if item.host_id.lower() in host.names]:
        return _only(found, 'the name of the host', instances, tried)
    tried.append(f'none is the name of this host ({", ".join(sorted(host.names))})')
    names = [item for item in near if not normalise(item.host_id)]
    alike = [item for item in names if short(item.host_id) == host.short_name]
    for group in (alike, [item for item in names if item not in alike]):
        if found := [item for item in group if any(_is_local(normalise(text), host) for text in look_up(item.host_id))]:
            return _only(found, 'a look-up of the name', instances, tried)
    tried.append(f'no name leads to an address of this host ({len(names)} looked up)')
    return _only([], '', instances, tried)


def _alone(local_identifier: str, http_port: int, host: HostNames) -> Identity:
    if not local_identifier:
        return Identity(host.hostname, http_port, host.hostname)
    try:
        return parse_element(local_identifier, http_port)
    except Refused as exc:
        raise ConfigurationError([Problem('option local_identifier', local_identifier, '[<nick>]host[:port]',
                                          str(exc), 'correct it, or set supvisors_list')]) from None


def _named(name: str, instances: Sequence[Identity]) -> list[Identity]:
    return ([item for item in instances if item.identifier == name]
            or [item for item in instances if item.nick_identifier == name])


def _is_local(address: str, host: HostNames) -> bool:
    return bool(address) and (address in host.addresses or ipaddress.ip_address(address).is_loopback)


def _only(found: Sequence[Identity], step: str, instances: Sequence[Identity],
          tried: Sequence[str]) -> tuple[Identity, str]:
    if len(found) == 1:
        return found[0], step
    names = ', '.join(item.identifier for item in found or instances)
    reason = (f'several elements are local by {step}: {names}' if found
              else f'no element is the local instance, among {names}; {"; ".join(tried)}')
    # a wrong name is wrong on any host
    error = ConfigurationError if found or step else NotHere
    raise error([Problem(
        'option supvisors_list', None, '', reason,
        'set local_identifier to the identifier or nick of the local element, or give the element a nick and '
        'supervisord the same one (-i, or identifier in [supervisord]), or add the local instance to the list')])


def _nick(element: Identity, nick: str, notes: list[Note]) -> str:
    if not nick or nick == element.nick_identifier:
        return element.nick
    if not has_own_nick(element):
        return nick
    notes.append(Note('warn', f"supervisord's identifier is {shown(nick)}, but supvisors_list calls this instance "
                              f'{shown(element.nick)}: the latter is used'))
    return element.nick


def _check_nick(local: Identity, instances: Sequence[Identity]) -> None:
    """A nick that comes from supervisord must not be the name of another instance."""
    others = [item for item in instances if item is not local and local.nick_identifier in (item.identifier, item.nick)]
    if others:
        raise ConfigurationError([Problem(
            "supervisord's identifier", local.nick_identifier, 'a name that no other instance has',
            f'it is the name of {others[0].identifier}', 'change it, or change local_identifier')])
