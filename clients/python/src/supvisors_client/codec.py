"""XML-RPC bodies to and from Python values: no I/O, and nothing trusted.

The marshalling is that of the standard library. The parser is ours, because an answer may come from anybody: it refuses
every document type declaration, hence every entity, before it is read. `xmlrpc.client` brings http.client and ssl
along, so it is only imported when the first call is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn
from xml.parsers import expat

from supvisors_client.errors import ProtocolError
from supvisors_client.faults import received_fault

_METHOD_NAME = re.compile(r'[A-Za-z0-9_.:/]+')
_NOT_XML = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')
# these bytes are no part of another character in UTF-8, and xmlrpc.client sends them as they are: logs are full of them
_CONTROL = re.compile(b'[\x00-\x08\x0b\x0c\x0e-\x1f]')
_REPLACEMENT = '\ufffd'.encode()
_EXCERPT = 60


def encode_call(method: str, params: Sequence[Any]) -> bytes:
    """Return the body of a call.

    Raises:
        TypeError: a parameter of a type that XML-RPC does not have, such as None or an enumeration.
        ValueError: an integer of more than 32 bits, or text that XML cannot carry.
    """
    from xmlrpc.client import dumps

    if not _METHOD_NAME.fullmatch(method):
        raise ValueError(f'{method!r} is not the name of a method')
    try:
        text = dumps(tuple(params), method)
    except OverflowError:
        raise ValueError(f'{method}: an integer does not fit in 32 bits') from None
    if found := _NOT_XML.search(text):
        raise ValueError(f'{method}: XML cannot carry the character {found[0]!r}')
    # a parser turns a bare carriage return into a line feed
    return text.replace('\r', '&#13;').encode()


def decode_answer(body: bytes) -> Any:
    """Return the value that an answer holds: str, int, bool, float, bytes, datetime, list, dict or None.

    A control character that XML cannot carry, such as the escape of a coloured log, is read as U+FFFD.

    Raises:
        Fault: the answer is a fault.
        ProtocolError: the body is not one XML-RPC answer.
    """
    from xmlrpc import client as standard

    unmarshaller = standard.Unmarshaller(use_datetime=True, use_builtin_types=True)
    try:
        _parse(body, unmarshaller)
        values = unmarshaller.close()
    except standard.Fault as fault:
        if type(fault.faultCode) is not int or not isinstance(fault.faultString, str):
            raise ProtocolError('malformed fault') from None
        raise received_fault(fault.faultCode, fault.faultString) from None
    except (ProtocolError, MemoryError):
        raise
    except Exception as error:  # Unmarshaller fails in many ways on a document that is XML and not XML-RPC
        raise ProtocolError(f'not an XML-RPC answer: {error or type(error).__name__}: {_excerpt(body)}') from None
    if len(values) != 1:
        raise ProtocolError(f'an answer holds one value, got {len(values)}')
    return values[0]


def _parse(body: bytes, unmarshaller: Any) -> None:
    parser = expat.ParserCreate()

    def start_root(tag: str, attributes: dict[str, str]) -> None:
        if tag != 'methodResponse':
            raise ProtocolError(f'not an XML-RPC answer: {_excerpt(body)}')
        parser.StartElementHandler = unmarshaller.start

    parser.buffer_text = True
    parser.StartElementHandler = start_root
    parser.EndElementHandler = unmarshaller.end
    parser.CharacterDataHandler = unmarshaller.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    unmarshaller.xml(None, None)
    parser.Parse(_CONTROL.sub(_REPLACEMENT, body), True)


def _refuse_doctype(*_: object) -> NoReturn:
    raise ProtocolError('an answer with a document type declaration is refused')


def _excerpt(body: bytes) -> str:
    return repr(body[:_EXCERPT]) + ('...' if len(body) > _EXCERPT else '')
