"""What `GET /supvisors/bus` of a peer says, or why it says nothing: one sentence, with what to do."""
from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

import msgspec

from supvisors.bus.dial import Ending, Outcome
from supvisors.bus.wire import Description
from supvisors.engine.messages import WIRE_VERSION
from supvisors.model.identity import Identity

PATH = '/supvisors/bus'
CALLER = 'from'
"""The parameter of the question that says who asks: the answer then says whether it is known there."""
TIMEOUT = 2.0


class Found(NamedTuple):
    description: Description
    address: str
    """The numeric address that has answered."""


class Missing(NamedTuple):
    reason: str
    absent: bool = False
    """True when nobody can be behind the port: it refuses connections."""
    unwanted: bool = False
    """True when the peer is there, and would drop whatever we send."""


Answer = Found | Missing

NO_ANSWER = {
    Ending.REFUSED: 'no supervisord listens at {where}: start it, or correct supvisors_list',
    Ending.TIMED_OUT: 'no answer from {where} in {timeout:.0f} s: check that the host is up, that TCP {port} passes '
                      'its firewall, and that its supervisord is not frozen',
    Ending.UNRESOLVED: 'the name {host} cannot be resolved: correct supvisors_list, or add it to DNS or /etc/hosts',
    Ending.FAILED: 'cannot connect to {where} ({detail}): check the network between both hosts',
}
NOT_HTTP = 'what listens at {where} is not a supervisord: correct supvisors_list'
NOT_JSON = 'another HTTP server than supervisord answers at {where}: correct supvisors_list'
STATUS = {
    404: 'the supervisord at {where} has no Supvisors, or one too old or not started yet: install the same release '
         'there and check its log',
    401: 'the supervisord at {where} asks for a password where none is needed: install the same release there',
}
OTHER_STATUS = 'the server at {where} answers HTTP status {status} for {path}: check its log'
OTHER_VERSION = ('the Supvisors at {where} speaks version {version} of the bus and this one version {own}: '
                 'install the same release on both')
OTHER_NAME = 'the instance at {where} calls itself {name}: use that name in supvisors_list everywhere'
NO_PORT = 'the bus of {where} is not started yet: if that lasts, check its log'
UNREACHABLE = ('{where} answers over HTTP but its bus does not on port {bus_port}: open TCP {bus_port} in its '
               'firewall, or set bus_port there to a port that is open')
NOT_LISTED = 'the instance at {where} does not have {us} in its supvisors_list: use the same list everywhere'
SECRETS = ('{where} refuses the authentication of the bus: use the same secret_file, or else the same HTTP password, '
           'on all instances')


class _Version(msgspec.Struct):
    version: int


class _Reply(msgspec.Struct):
    knows: bool = True
    """Whether who asks is known there; an older release does not say."""


def question(peer: Identity, us: str) -> bytes:
    # HTTP 1.0: the answer cannot be chunked
    target = f'{PATH}?{CALLER}={quote(us, safe="")}'
    return f'GET {target} HTTP/1.0\r\nHost: {peer.identifier}\r\nConnection: close\r\n\r\n'.encode('ascii', 'replace')


def say(peer: Identity, sentence: str, **details: object) -> str:
    return sentence.format(where=peer.identifier, host=peer.host_id, port=peer.port, timeout=TIMEOUT, path=PATH,
                           **details)


def interpret(peer: Identity, outcome: Outcome, us: str) -> Answer:
    """Turn the end of a search into a description, or a reason. `us`: our own identifier."""
    if outcome.ending is not Ending.ANSWERED:
        # an answer that was cut is a time-out like any other
        reason = say(peer, NO_ANSWER[outcome.ending], detail=outcome.detail)
        return Missing(reason, outcome.ending is Ending.REFUSED)
    head, _, body = outcome.data.partition(b'\r\n\r\n')
    words = head.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b'HTTP/') or len(words[1]) != 3 or not words[1].isdigit():
        return Missing(say(peer, NOT_HTTP))
    status = int(words[1])
    if status != 200:
        return Missing(say(peer, STATUS.get(status, OTHER_STATUS), status=status))
    return _described(peer, body, outcome.address, us)


def _described(peer: Identity, body: bytes, address: str, us: str) -> Answer:
    try:
        version = msgspec.json.decode(body, type=_Version).version
        if version != WIRE_VERSION:  # told before the rest, that another version may have changed
            return Missing(say(peer, OTHER_VERSION, version=version, own=WIRE_VERSION))
        description = msgspec.json.decode(body, type=Description)
        knows = msgspec.json.decode(body, type=_Reply).knows
    except Exception:  # whatever the decoder makes of bytes from outside
        return Missing(say(peer, NOT_JSON))
    if description.identifier != peer.identifier:
        return Missing(say(peer, OTHER_NAME, name=description.identifier))
    if not knows:
        return Missing(say(peer, NOT_LISTED, us=us), unwanted=True)
    if not 0 < description.port < 65536:
        return Missing(say(peer, NO_PORT))
    return Found(description, address)
