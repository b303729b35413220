"""Requests to a daemon, as bytes on a socket: whatever they are, it goes on and answers others meanwhile."""
from __future__ import annotations

import http.client
import socket
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import psutil
from hypothesis import strategies as st

from supvisors.demo import Layout, LocalCluster
from supvisors.demo.daemon import Daemon
from supvisors.demo.ports import HOST
from tests.fuzz.running import Check, Target
from tests.fuzz.trees import ANY, TEXTS, broken

ANSWER = 5.0
"""Seconds in which others are answered, on a machine with much else to do."""
READ = 0.05
"""Seconds given to a daemon to answer what may need no answer."""
MOST_GROWN = 64 * 2 ** 20
"""Bytes by which it may grow over a run."""


def _head(line: str, headers: dict[str, str]) -> bytes:
    lines = [line, *(f'{name}: {value}' for name, value in headers.items()), '', '']
    return '\r\n'.join(lines).encode('utf-8', 'replace')


# -- GET /supvisors/bus
METHODS = st.sampled_from(('GET', 'GET', 'GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'get', 'X' * 5000, ''))
QUERIES = st.sampled_from(('', '?', '?from=', '?from=%00', '?from=%ff%fe', '?from=' + 'x' * 3000, '?' + 'a=1&' * 500,
                           '?' + '&' * 2000, '?from=<a>&from=b', '?%', '?from=%ED%A0%80', ';x', '#x', '//', '/../bus',
                           '%2e')) | (
    TEXTS.map(lambda text: f'?from={quote(text[:2000], errors="replace")}'))
VERSIONS = st.sampled_from(('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.1', 'HTTP/9.9', 'HTTP/1.1 x', '', 'x' * 100))
LENGTHS = st.sampled_from(('0', '3', '-1', '99999999999999999999', 'x', '1e3', '0x10', '', ' 5 ', '\u0665'))
HEADERS = st.dictionaries(
    st.sampled_from(('Host', 'Connection', 'Content-Length', 'Transfer-Encoding', 'Expect', 'Authorization', 'Range',
                     'X-Long')),
    st.sampled_from(('keep-alive', 'close', 'chunked', '100-continue', 'Basic', 'Basic !!!', 'Basic Og==', 'bytes=0-',
                     'x' * 9000,
                     '', '\t', 'a,b')) | LENGTHS, max_size=4)


@st.composite
def _gets(draw: st.DrawFn) -> bytes:
    request = _head(f'{draw(METHODS)} /supvisors/bus{draw(QUERIES)} {draw(VERSIONS)}', draw(HEADERS))
    request *= draw(st.sampled_from((1, 1, 1, 5)))
    return draw(broken(request)) if draw(st.booleans()) else request


# -- XML-RPC
CALLS = ('supvisors.get_supvisors_state', 'supvisors.get_instance_info', 'supvisors.start_process', 'supvisors.x', '',
         '.', 'a' * 5000,
         'system.multicall', 'system.methodHelp', 'supervisor.getState', 'supervisor.__class__', 'supvisors._plugin',
         'supvisors')
LAUGHS = ('<!DOCTYPE m [<!ENTITY a "ha">' + ''.join(
    f'<!ENTITY {name} "{f"&{former};" * 10}">' for former, name in zip('abcdefghi', 'bcdefghij', strict=True)) + ']>')
"""supervisord would expand it, as far as expat goes."""


def _asking(value: str) -> str:
    return ('<methodCall><methodName>supvisors.get_instance_info</methodName><params><param><value>'
            f'{value}</value></param></params></methodCall>')


BODIES = (
    f'<?xml version="1.0"?>{LAUGHS}<methodCall><methodName>&j;</methodName></methodCall>',
    '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><methodCall><methodName>&x;</methodName></methodCall>',
    '<methodCall><methodName>supvisors.get_instance_info</methodName><params>' + '<param><value><array><data>' * 3000,
    '<methodCall><methodName>supvisors.get_instance_info</methodName><params><param>' + '<value><array><data>' * 3000
    + '</data></array></value>' * 3000 + '</param></params></methodCall>',
    '<?xml version="1.0" encoding="UTF-7"?><methodCall/>', '<?xml version="1.0" encoding="x"?><methodCall/>',
    '<methodCall/>', '<methodCall></methodCall>', '<methodResponse/>', '', '<', '\0', 'x' * 200_000, '<a>' * 20_000,
    '<methodCall><methodName/><params><param/></params></methodCall>',
    *map(_asking, ('<int>x</int>', f'<int>{"9" * 5000}</int>', '<dateTime.iso8601>x</dateTime.iso8601>',
                   '<base64>!</base64>', '<double>1e9999</double>', '<boolean>2</boolean>',
                   '<struct><member/></struct>', '<nil/>', '<int/>', '')),
)


@st.composite
def _calls(draw: st.DrawFn) -> bytes:
    values = draw(st.lists(ANY.filter(lambda value: value is not None), max_size=3))
    with suppress(Exception):
        # what the library refuses to write is left to the texts above
        text = xmlrpc.client.dumps(tuple(values), draw(st.sampled_from(CALLS)), allow_none=True)
        return text.encode('utf-8', 'replace')
    return b'<methodCall/>'


BODY = _calls() | _calls().flatmap(broken) | st.sampled_from(BODIES).map(lambda text: text.encode('utf-8', 'replace'))


@st.composite
def _posts(draw: st.DrawFn) -> bytes:
    request = b''
    for _ in range(draw(st.sampled_from((1, 1, 2, 4)))):
        body = draw(BODY)
        headers = {'Content-Type': 'text/xml', 'Content-Length': str(len(body)), **draw(HEADERS)}
        if headers.get('Transfer-Encoding') == 'chunked':
            sizes = draw(st.sampled_from((f'{len(body):x}', 'x', '-1', 'ffffffffffffffff', '0')))
            body = f'{sizes}\r\n'.encode() + body + b'\r\n0\r\n\r\n'
        if draw(st.integers(0, 4)) == 0:
            headers.pop('Content-Length')
        path = draw(st.sampled_from(('/RPC2', '/RPC2', '/RPC2/', '/RPC2?x')))
        request += _head(f'POST {path} HTTP/1.1', headers) + body
    return draw(broken(request)) if draw(st.integers(0, 3)) == 0 else request


# -- the daemon
class Attacked:
    """One daemon, and a client that is no enemy."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.process = psutil.Process(daemon.pid)
        self.client = http.client.HTTPConnection(HOST, daemon.port, timeout=ANSWER)
        self.body = xmlrpc.client.dumps((), 'supvisors.get_supvisors_state').encode()
        self.latencies: list[float] = []
        self.answered()
        self.size = self.process.memory_info().rss
        self.descriptors = self.process.num_fds()

    def send(self, request: bytes) -> None:
        """Say it, and hang up after a while; what is answered is read, and whether it is answered does not matter."""
        with suppress(OSError), socket.create_connection((HOST, self.daemon.port), ANSWER) as connection:
            connection.settimeout(READ)
            connection.sendall(request)
            while connection.recv(65536):
                pass

    def answered(self) -> None:
        begin = time.monotonic()
        self.client.request('POST', '/RPC2', self.body, {'Content-Type': 'text/xml'})
        response = self.client.getresponse()
        (state,), _ = xmlrpc.client.loads(response.read())
        self.latencies.append(time.monotonic() - begin)
        assert isinstance(state, dict) and state['fsm_statename'], state

    def check(self, request: bytes) -> None:
        self.send(request)
        assert self.daemon.alive, self.daemon.tail(20_000)
        self.answered()
        grown = self.process.memory_info().rss - self.size
        assert grown < MOST_GROWN, f'the daemon has grown by {grown} bytes'
        assert self.process.num_fds() < self.descriptors + 50, 'connections are not let go of'


def lone() -> Layout:
    return Layout(nicks=('sv01',), options={'synchro_options': 'TIMEOUT', 'synchro_timeout': '0'})


@contextmanager
def open_daemon() -> Iterator[Check]:
    with LocalCluster(lone()) as cluster:
        cluster.spawn()
        cluster.wait_operation()
        attacked = Attacked(cluster[0])
        yield attacked.check
        latencies = sorted(attacked.latencies)
        worst = latencies[int(0.99 * (len(latencies) - 1))]
        grown = (attacked.process.memory_info().rss - attacked.size) / 2 ** 20
        median = latencies[len(latencies) // 2]
        print(f'others were answered within {median * 1000:.1f} ms (median), {worst * 1000:.1f} ms (p99), '
              f'{latencies[-1] * 1000:.1f} ms (worst); the daemon has grown by {grown:.1f} MB')
        log = (attacked.daemon.folder / 'supervisord.log').read_text(errors='replace')
        assert 'please report it' not in log and 'supvisors: error' not in log, log[-20_000:]


TARGETS = (
    Target('http-bus', _gets(), open_daemon, live=True),
    Target('xml-rpc', _posts(), open_daemon, live=True),
)
