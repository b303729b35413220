"""What keeps an instance out is told as what it is, and it comes in by itself once that is put right."""
from __future__ import annotations

import json
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from supvisors.demo import Layout, LocalCluster, wait_for
from supvisors.demo.daemon import Daemon
from supvisors.demo.ports import HOST, Ports
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import USER
from tests.unit.bus.groups import make_place, needs_multicast

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

PAIR = ('sv01', 'sv02')
OTHER_HOST = '127.0.0.2'
"""Another address of this machine, where the daemons do not listen."""
FORMING = {'synchro_options': 'LIST,TIMEOUT', 'synchro_timeout': '1'}


def info(daemon: Daemon, name: str) -> Any:
    return daemon.call('supvisors.get_instance_info', name)[0]


def wait_reason(daemon: Daemon, name: str, words: str) -> str:
    """Wait until a daemon says these words of an instance, in its answers and in its log; return the whole reason."""
    def told() -> str:
        reason: str = info(daemon, name)['reason']
        return reason if words in reason else ''

    reason = wait_for(told, 20, f'{daemon.nick} says {words!r} of {name}')
    wait_for(lambda: reason in (daemon.folder / 'supervisord.log').read_text(), 5, f'{reason!r} in the log')
    assert info(daemon, name)['statename'] != 'RUNNING'
    return reason


def rewrite(daemon: Daemon, old: str, new: str) -> None:
    text = daemon.conf.read_text()
    assert old in text
    daemon.conf.write_text(text.replace(old, new))


def options_line(daemon: Daemon, name: str) -> str:
    return next(line for line in daemon.conf.read_text().splitlines() if line.startswith(f'{name} ='))


def assert_joined(cluster: LocalCluster) -> None:
    cluster.wait_operation()
    for daemon in cluster:
        for other in cluster:
            assert info(daemon, other.identifier)['reason'] == ''


# -- two instances that do not agree
def test_another_password_until_it_is_corrected(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=PAIR, username=USER, password='one', options=FORMING), start=False)
    first, second = cluster
    rewrite(second, 'password=one', 'password=two')
    second.password = 'two'
    cluster.spawn()
    for daemon, other in ((first, second), (second, first)):
        reason = wait_reason(daemon, other.identifier, 'refuses the authentication')
        assert other.identifier in reason and 'secret_file' in reason and 'password' in reason
    rewrite(second, 'password=two', 'password=one')
    second.call('supervisor.restart')
    second.password = 'one'
    assert_joined(cluster)


def test_a_list_that_lacks_the_other_until_it_is_corrected(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=PAIR, options=FORMING), start=False)
    first, second = cluster
    whole = options_line(second, 'supvisors_list')
    rewrite(second, whole, f'supvisors_list = <sv02>{second.identifier}')
    cluster.spawn()
    assert wait_reason(first, 'sv02', 'does not have') == (
        f'the instance at {second.identifier} does not have {first.identifier} in its supvisors_list: '
        f'use the same list everywhere')
    wait_for(lambda: f"'{first.identifier}' wants to join" in second.tail(20_000), 10, 'a word in the log of the other')
    rewrite(second, f'supvisors_list = <sv02>{second.identifier}', whole)
    second.ctl('reload')
    assert_joined(cluster)


# -- no list at all
@needs_multicast
def test_daemons_without_list_find_each_other(make_cluster: MakeCluster) -> None:
    place = make_place()
    options = {'supvisors_list': '', 'multicast_group': f'{place.group}:{place.port}', 'synchro_options': 'TIMEOUT',
               'multicast_interface': place.interface, 'synchro_timeout': '3'}
    cluster = make_cluster(Layout(nicks=(*PAIR, 'sv03'), options=options, username=USER, password='one'), start=False)
    for daemon in cluster:
        # the name of this host may lead anywhere
        rewrite(daemon, 'multicast_group', f'local_identifier = <{daemon.nick}>{daemon.identifier}\nmulticast_group')
    stranger = cluster['sv03']
    rewrite(stranger, 'password=one', 'password=two')
    stranger.password = 'two'
    cluster.spawn()
    pair = [cluster[nick] for nick in PAIR]
    cluster.wait_operation(pair)
    wait_for(lambda: 'sealed with another secret' in stranger.tail(20_000), 10, 'a word on the secret')
    for daemon in pair:
        assert {known['identifier'] for known in daemon.call('supvisors.get_all_instances_info')} == {
            other.identifier for other in pair}
    # who starts again has another boot and another port of its bus
    pair[1].kill()
    wait_for(lambda: info(pair[0], 'sv02')['statename'] != 'RUNNING', 20, 'the loss of sv02')
    pair[1].spawn()
    cluster.wait_operation(pair)
    rewrite(stranger, 'password=two', 'password=one')
    stranger.call('supervisor.restart')
    stranger.password = 'one'
    assert_joined(cluster)


# -- what is at the port is no instance
class Handler(BaseHTTPRequestHandler):
    """Some web server."""
    body = b'<html><body>It works!</body></html>'

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header('Content-Length', str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        pass


class FutureHandler(Handler):
    """An instance of a release whose bus is another one."""
    body = json.dumps({'version': 99, 'who': 'knows'}).encode()


@contextmanager
def web_server(handler: type[Handler], port: int = 0) -> Iterator[int]:
    with ThreadingHTTPServer((HOST, port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def tcp_server(host: str, port: int, serve: Any) -> Iterator[int]:
    """Call `serve(connection)` in a thread for each connection."""
    with socket.create_server((host, port)) as listener, ExitStack() as connections:
        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connections.callback(hang_up, connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)  # `close` alone would leave `accept` waiting
        thread.join(5)


def hang_up(connection: socket.socket) -> None:
    """Wake whoever reads it."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def greet(connection: socket.socket) -> None:
    """What an SSH server says first."""
    with suppress(OSError):
        connection.recv(1000)
        connection.sendall(b'SSH-2.0-OpenSSH_9.6\r\n')
    hang_up(connection)


@pytest.mark.slow
def test_what_is_no_instance_is_told_as_what_it_is(make_cluster: MakeCluster) -> None:
    """One list with every mistake: none of them keeps the others from working."""
    cluster = make_cluster(Layout(nicks=PAIR, options=FORMING), start=False)
    first, second = cluster
    plugin = cluster.layout.text('sv02', {daemon.nick: daemon.port for daemon in cluster}, second.folder)
    ports = Ports()
    with ExitStack() as stack:
        stack.callback(ports.release)
        nobody = ports.take()
        wrong = {
            'web': (f'{HOST}:{stack.enter_context(web_server(Handler))}', 'another HTTP server'),
            'future': (f'{HOST}:{stack.enter_context(web_server(FutureHandler))}', 'speaks version 99 of the bus'),
            'ssh': (f'{HOST}:{stack.enter_context(tcp_server(HOST, 0, greet))}', 'is not a supervisord'),
            'nobody': (f'{HOST}:{nobody}', 'no supervisord listens'),
            'nowhere': (f'no-such-host.invalid:{nobody}', 'the name no-such-host.invalid cannot be resolved'),
            'alias': (f'localhost:{second.port}', f'calls itself {second.identifier}'),
        }
        whole = options_line(first, 'supvisors_list')
        longer = ','.join([whole, *(f'<{nick}>{where}' for nick, (where, _) in wrong.items())])
        second.conf.write_text(plugin.partition('[rpcinterface:supvisors]')[0])
        rewrite(first, whole, longer)
        cluster.spawn()
        wait_reason(first, 'sv02', 'has no Supvisors')
        # with the plugin it becomes a member, and what was hidden behind another mistake shows
        second.conf.write_text(plugin.replace(whole, longer))
        second.ctl('reload')
        cluster.wait_operation()
        for daemon in cluster:
            for nick, (where, words) in wrong.items():
                assert where in wait_reason(daemon, nick, words) or nick == 'nowhere'
        # looked at again and again: another mistake is another reason
        stack.enter_context(web_server(Handler, nobody))
        wait_reason(first, 'nobody', 'another HTTP server')


# -- half of the way
@contextmanager
def passage(port: int) -> Iterator[int]:
    """Let a port through from the other address of this machine."""
    def serve(inner: socket.socket) -> None:
        try:
            with socket.create_connection((HOST, port)) as outer:
                back = threading.Thread(target=pump, args=(outer, inner), daemon=True)
                back.start()
                pump(inner, outer)
                back.join(5)
        except OSError:
            hang_up(inner)

    with tcp_server(OTHER_HOST, port, serve) as passed:
        yield passed


def pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def bus_port(daemon: Daemon) -> int:
    def told() -> int:
        with urllib.request.urlopen(f'{daemon.url}/supvisors/bus', timeout=5) as answer:
            return int(json.load(answer)['port'])

    return wait_for(told, 20, f'the bus of {daemon.nick}')


def test_a_firewall_that_lets_http_alone_through(make_cluster: MakeCluster) -> None:
    """The second one is known by an address where only its HTTP port is let through; it reaches the first one."""
    cluster = make_cluster(Layout(nicks=PAIR, options=FORMING), start=False)
    first, second = cluster
    outside = f'{OTHER_HOST}:{second.port}'
    for daemon in cluster:
        whole = options_line(daemon, 'supvisors_list')
        rewrite(daemon, whole, whole.replace(second.identifier, outside))
    with passage(second.port):
        cluster.spawn()
        port = bus_port(second)
        reason = wait_reason(first, 'sv02', 'answers over HTTP but its bus does not')
        assert outside in reason and f'open TCP {port}' in reason and 'bus_port' in reason
        with passage(port):
            def joined() -> bool:
                return all(info(daemon, nick)['statename'] == 'RUNNING' and info(daemon, nick)['reason'] == ''
                           for daemon in cluster for nick in PAIR)

            wait_for(joined, 20, 'both in')
            # let both end before the way between them does
            for daemon in cluster:
                daemon.call('supervisor.shutdown')
            for daemon in cluster:
                daemon.wait(20)
