"""The HTTP layer without a socket: whatever the cut of the bytes, the answer is the same."""

from __future__ import annotations

import pytest

from supvisors_client import ConnectionLostError, ProtocolError
from supvisors_client.endpoint import parse_endpoint
from supvisors_client.exchange import USER_AGENT, HttpAnswer, HttpExchange

PLAIN = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n'
OLD = b'HTTP/1.0 200 OK\r\n\r\nhello'
CONTINUED = b'HTTP/1.1 100 Continue\r\n\r\n' + PLAIN
HELLO = HttpAnswer(200, 'OK', b'hello')


def exchange(limit: int = 1000, url: str = 'http://host:1') -> HttpExchange:
    http = HttpExchange(parse_endpoint(url), limit)
    http.request(b'<x/>')
    return http


def feed(http: HttpExchange, data: bytes, size: int) -> HttpAnswer | None:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    answers = [answer for answer in map(http.receive, pieces) if answer]
    return answers[0] if answers else None


def test_request() -> None:
    http = HttpExchange(parse_endpoint('http://user:p@host:1/RPC2'), 10)
    head, _, body = http.request('é'.encode()).partition(b'\r\n\r\n')
    lines = head.decode().split('\r\n')
    assert lines[0] == 'POST /RPC2 HTTP/1.1'
    assert set(lines[1:]) == {
        'Host: host:1',
        f'User-Agent: {USER_AGENT}',
        'Accept: text/xml',
        'Content-Type: text/xml',
        'Content-Length: 2',
        'Authorization: Basic dXNlcjpw',
    }
    assert body == 'é'.encode()


def test_no_authorization_without_a_user() -> None:
    assert b'authorization' not in HttpExchange(parse_endpoint('http://h'), 10).request(b'').lower()


@pytest.mark.parametrize('size', [1, 2, 7, 1000])
@pytest.mark.parametrize('data', [PLAIN, CHUNKED, CONTINUED])
def test_answer_in_pieces(data: bytes, size: int) -> None:
    http = exchange()
    assert feed(http, data, size) == HELLO
    assert http.reusable
    http.request(b'<y/>')
    assert not http.answered
    assert feed(http, data, size) == HELLO


def test_answer_that_ends_with_the_connection() -> None:
    http = exchange()
    assert feed(http, OLD, 3) is None
    assert http.receive(b'') == HELLO
    assert not http.reusable


def test_not_reusable_when_the_server_says_so() -> None:
    http = exchange()
    assert http.receive(PLAIN.replace(b'\r\n\r\n', b'\r\nConnection: close\r\n\r\n')) == HELLO
    assert not http.reusable


@pytest.mark.parametrize('cut', range(1, len(PLAIN)))
def test_truncated(cut: int) -> None:
    http = exchange()
    assert http.receive(PLAIN[:cut]) is None
    with pytest.raises(ConnectionLostError, match='in the middle of') as caught:
        http.receive(b'')
    assert caught.value.answered


@pytest.mark.parametrize('cut', [CHUNKED.index(b'llo'), len(CHUNKED) - 2])
def test_truncated_chunks(cut: int) -> None:
    http = exchange()
    assert http.receive(CHUNKED[:cut]) is None
    with pytest.raises(ConnectionLostError):
        http.receive(b'')


def test_closed_without_an_answer() -> None:
    with pytest.raises(ConnectionLostError, match='without') as caught:
        exchange().receive(b'')
    assert (caught.value.sent, caught.value.answered) == (True, False)


@pytest.mark.parametrize(
    'data', [b'SSH-2.0-OpenSSH\r\n\r\n', b'\x16\x03\x01' * 30, b'HTTP/1.1 200 OK\r\nX: ' + b'a' * 70000]
)
def test_not_http(data: bytes) -> None:
    with pytest.raises(ProtocolError, match='not an HTTP answer'):
        exchange().receive(data)


@pytest.mark.parametrize('limit', [4, 5])
@pytest.mark.parametrize('data', [PLAIN, CHUNKED])
def test_length_limit(data: bytes, limit: int) -> None:
    if limit == 5:
        assert feed(exchange(limit), data, 3) == HELLO
    else:
        with pytest.raises(ProtocolError, match='longer than 4 bytes'):
            feed(exchange(limit), data, 3)


def test_declared_length_is_refused_before_the_body_comes() -> None:
    with pytest.raises(ProtocolError, match='longer than 10 bytes'):
        exchange(10).receive(b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n')
