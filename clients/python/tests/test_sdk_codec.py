"""XML-RPC bodies."""

from __future__ import annotations

import copy
import pickle
import xmlrpc.client
from datetime import datetime, timezone
from typing import Any

import pytest
from sdk_server import answer_body, fault_body

from supvisors_client import BadNameFault, Fault, ProtocolError
from supvisors_client.codec import decode_answer, encode_call

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<methodResponse><params><param><value><string>&b;</string></value></param></params></methodResponse>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE methodResponse SYSTEM "file:///etc/passwd"><methodResponse/>"""


@pytest.mark.parametrize(
    'value',
    ['', 'é <&> ]]> 漢字', '\r\n\t\r', 0, -(2**31), 2**31 - 1, True, 1.5, b'\0\xff', [1, ['a']], {'k': {'é': []}}],
)
def test_values_survive(value: Any) -> None:
    params, name = xmlrpc.client.loads(encode_call('a.b', [value]), use_builtin_types=True)
    assert (name, params) == ('a.b', (value,))
    if value != '\r\n\t\r':
        assert decode_answer(answer_body(value)) == value


def test_datetime_is_plain() -> None:
    value = datetime(2026, 1, 2, 3, 4, 5)
    assert decode_answer(answer_body(value)) == value
    assert encode_call('a', [datetime(2026, 1, 2, tzinfo=timezone.utc)])


@pytest.mark.parametrize('value', [None, object(), {1: 2}, {1, 2}])
def test_values_without_an_xmlrpc_type(value: object) -> None:
    with pytest.raises(TypeError):
        encode_call('a.b', [value])


@pytest.mark.parametrize('value', [2**31, 'nul \0', 'escape \x1b', '\ufffe', '\ud800'])
def test_values_that_xml_cannot_carry(value: object) -> None:
    with pytest.raises(ValueError, match=r'32 bits|XML cannot carry|surrogates'):
        encode_call('a.b', [value])


@pytest.mark.parametrize('name', ['', 'a b', 'a</methodName><x>', 'é', 'a\n'])
def test_method_names(name: str) -> None:
    with pytest.raises(ValueError, match='name of a method'):
        encode_call(name, [])


@pytest.mark.parametrize('body', [BOMB, EXTERNAL])
def test_document_type_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError, match='document type declaration is refused'):
        decode_answer(body)


@pytest.mark.parametrize(
    'body',
    [
        b'',
        b'garbage',
        b'<html><body>It works</body></html>',
        b'<methodResponse>',
        b'<methodResponse/>',
        b'<methodResponse></value></methodResponse>',
        b'<methodResponse><params></params></methodResponse>',
        b'<methodResponse><params><param><value><int>x</int></value></param></params></methodResponse>',
        b'<methodResponse><params><param><value><boolean>2</boolean></value></param></params></methodResponse>',
        b'<methodResponse><params><param><value><unknown/></value></param></params></methodResponse>',
        b'<methodResponse><params><param><value><struct><member><name>a</name></member></struct></value></param></params>'
        b'</methodResponse>',
        b'<methodResponse><params><param><value/></param><param><value/></param></params></methodResponse>',
        b'<methodResponse><fault><value><string>x</string></value></fault></methodResponse>',
        b'<methodResponse><fault><value><struct></struct></value></fault></methodResponse>',
        answer_body('text')[:-3],
        answer_body('text') + b'<more/>',
        encode_call('a.b', [1]),
        fault_body('ten', 'text'),  # type: ignore[arg-type]
        fault_body(True, 'text'),
        fault_body(10, 5),  # type: ignore[arg-type]
    ],
)
def test_not_an_answer(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_answer(body)


@pytest.mark.parametrize('control', ['\0', '\x01', '\x1b', '\x0c'])
def test_control_characters_of_a_log_are_replaced(control: str) -> None:
    assert decode_answer(answer_body(f'é{control}[31m\tred\n')) == 'é\ufffd[31m\tred\n'


@pytest.mark.parametrize(
    ('code', 'text', 'name', 'detail'),
    [
        (10, 'BAD_NAME: unknown: é', 'BAD_NAME', 'unknown: é'),
        (10, 'BAD_NAME', 'BAD_NAME', ''),
        (10, 'something else', 'BAD_NAME', 'something else'),
        (10, 'BAD_NAME: two\nlines', 'BAD_NAME', 'two\nlines'),
        (999, 'NEW_FAULT: what', 'NEW_FAULT', 'what'),
        (999, 'what', '', 'what'),
        (999, '', '', ''),
    ],
)
def test_faults(code: int, text: str, name: str, detail: str) -> None:
    with pytest.raises(Fault) as caught:
        decode_answer(fault_body(code, text))
    fault = caught.value
    assert (fault.code, fault.name, fault.detail) == (code, name, detail)
    assert type(fault) is (BadNameFault if code == 10 else Fault)
    for again in (copy.copy(fault), pickle.loads(pickle.dumps(fault))):
        assert (type(again), again.code, str(again)) == (type(fault), code, str(fault))


def test_fault_text() -> None:
    assert str(BadNameFault(10, 'BAD_NAME', 'who?')) == 'BAD_NAME: who? (fault 10)'
    assert str(Fault(999, '', '')) == '(fault 999)'
