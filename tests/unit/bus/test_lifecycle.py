"""Start, close, fork: nothing before, nothing left."""
from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from supvisors.bus import Bus
from supvisors.engine.events import LinkUp
from supvisors.engine.messages import Submit
from supvisors.model.identity import Identity
from tests.unit.bus.nodes import (
    HttpServer,
    Node,
    all_linked,
    cluster,
    introduce,
    json_answer,
    linked,
    spawned,
    submit,
    wait_for,
)

CLOSE = 2.0


def do_nothing() -> None:
    pass


def descriptors() -> set[str]:
    return set(os.listdir('/proc/self/fd'))


def native_threads() -> int:
    return len(os.listdir('/proc/self/task'))


def test_nothing_exists_before_start() -> None:
    node = Node('n', 'secret')
    try:
        before = descriptors(), native_threads()
        node.new_bus()
        node.bus.send(['x:1'], node.envelope(submit(1)))
        node.bus.set_beat(['x:1'], node.envelope(submit(1)))
        node.bus.probe_tcp('x:1')
        node.bus.main_loop_alive()
        assert node.bus.drain(10) == []
        assert node.bus.description()['port'] == 0
        assert (descriptors(), native_threads()) == before
        node.bus.close()
        node.bus.close()
    finally:
        node.close()


def test_start_twice_is_an_error_and_close_twice_is_not() -> None:
    with cluster('') as (node,):
        with pytest.raises(RuntimeError, match='started already'):
            node.bus.start()
        node.bus.close()
        node.bus.close()
        node.bus.start()
        assert node.bus.description()['port']


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]
        bus = Bus(Identity('127.0.0.1', 1), [], 'b', '', do_nothing, '127.0.0.1', port)
        before = descriptors()
        with pytest.raises(OSError, match=f'the bus cannot listen at 127.0.0.1:{port}'):
            bus.start()
        assert descriptors() == before


@pytest.mark.parametrize('host', ['', '*', '0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'])
def test_hosts_to_bind(host: str) -> None:
    bus = Bus(Identity('127.0.0.1', 1), [], 'b', '', do_nothing, host)
    try:
        bus.start()
    except OSError:
        if ':' not in host:
            raise
        pytest.skip('no IPv6 here')
    try:
        target = '::1' if host in ('::1', '::') else '127.0.0.1'
        try:
            socket.create_connection((target, int(bus.description()['port'])), 5).close()
        except OSError:
            assert host in ('::', 'localhost')
    finally:
        bus.close()


@pytest.mark.parametrize('secret', ['', 'secret'])
def test_a_hundred_cycles_leave_nothing(secret: str) -> None:
    peer = Node('peer', secret)
    node = Node('node', secret)
    introduce(peer, node)
    try:
        peer.start()
        node.start()
        wait_for(lambda: all_linked(peer, node))
        node.bus.close()
        settle(peer, node)
        before = len(descriptors()), threading.active_count(), native_threads()
        for cycle in range(100):
            node.new_bus()
            node.start()
            if cycle % 10 == 0:  # most are closed while they still look around
                node.told.clear()
                wait_for(lambda: node.is_linked(peer))
            node.bus.close()
        settle(peer, node)
        wait_for(lambda: (len(descriptors()), threading.active_count(), native_threads()) <= before,
                 f'{before} again, not {len(descriptors()), threading.active_count(), native_threads()}')
        assert peer.bus.counters.errors == 0
    finally:
        peer.close()
        node.close()


def settle(peer: Node, node: Node) -> None:
    """The peer has seen the other leave, and the threads of the HTTP servers have ended."""
    wait_for(lambda: not peer.is_linked(node))
    wait_for(lambda: not [thread for thread in threading.enumerate() if 'process_request' in thread.name])


def test_all_descriptors_are_closed_on_exec() -> None:
    before = descriptors()
    with linked('secret', 'secret'):
        for name in descriptors() - before:
            try:
                flags = fcntl.fcntl(int(name), fcntl.F_GETFD)
            except OSError:
                continue  # that of the listing itself
            assert flags & fcntl.FD_CLOEXEC, os.readlink(f'/proc/self/fd/{name}')


def test_programs_may_be_forked_while_messages_fly() -> None:
    with linked('secret', 'secret') as (a, b):
        for number in range(60):
            a.send(b, submit(number))
            child = os.fork()
            if child == 0:
                os._exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        wait_for(lambda: len(b.bodies(Submit)) == 60)
        assert subprocess.run([sys.executable, '-c', ''], check=True).returncode == 0


def test_signals_go_to_the_main_thread() -> None:
    with cluster('') as (_node,):
        wait_for(lambda: all(map(blocks_signals, bus_threads())))


def bus_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == 'supvisors-bus']


def blocks_signals(thread: threading.Thread) -> bool:
    with open(f'/proc/self/task/{thread.native_id}/status') as status:
        mask = next(line for line in status if line.startswith('SigBlk'))
    return bool(int(mask.split()[1], 16) & (1 << 16))  # SIGCHLD is 17


@pytest.mark.parametrize('secret', ['', 'secret'])
def test_close_does_not_wait_for_a_peer_that_hangs(secret: str) -> None:
    """Its bus port accepts and never answers; so does the HTTP port of another."""
    with socket.create_server(('127.0.0.1', 0)) as silent:
        port = silent.getsockname()[1]
        server = HttpServer(lambda: json_answer(
            {'identifier': f'127.0.0.1:{server.port}', 'boot': 'x', 'port': port, 'version': 1}))
        node = Node('n', secret)
        node.peers = [Identity('127.0.0.1', server.port), Identity('127.0.0.1', port)]
        node.new_bus()
        try:
            node.start()
            connections = [silent.accept()[0], silent.accept()[0]]
            node.bus.send([peer.identifier for peer in node.peers], node.envelope(submit(1)))
            assert time_to_close(node) < CLOSE
            for connection in connections:
                connection.close()
        finally:
            node.close()
            server.close()


def test_close_does_not_wait_for_a_peer_that_stops_reading() -> None:
    """It was linked; then its process was stopped with the connection open."""
    node = Node('n')
    try:
        with spawned() as (process, peer):
            node.peers = [peer]
            node.new_bus()
            node.start()
            wait_for(lambda: node.events(LinkUp, peer.identifier))
            process.send_signal(signal.SIGSTOP)
            for _ in range(2000):
                node.bus.send([peer.identifier], node.envelope(submit('x' * 10_000)))
            wait_for(lambda: node.bus.counters.overflow_out)  # what is not read does not pile up without end
            assert time_to_close(node) < CLOSE
    finally:
        node.close()


def time_to_close(node: Node) -> float:
    start = time.monotonic()
    node.bus.close(CLOSE)
    assert not bus_threads()
    return time.monotonic() - start


def test_imports_stay_light() -> None:
    """Start-up time counts: what is not needed is not imported."""
    heavy = 'asyncio', 'zmq.asyncio', 'zmq.auth', 'http.client', 'ssl'
    code = f'import sys, supvisors.bus; print([name for name in {heavy} if name in sys.modules])'
    assert subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stdout == '[]\n'
