"""A disk that is full, a clock that is set, a name server that does not answer."""
from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from supvisors.demo import wait_for
from tests.faults.cluster import FaultCluster
from tests.faults.machine import no_compiler, no_own_resolver, no_small_disk, run
from tests.faults.trial import SLOW_STOP, Trial, trial, work

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

HOUR = 3600
NAME_SERVER = '10.99.0.250'
NOBODY = 'somewhere.else.test'
ENDING = 3.0
"""Seconds within which a daemon that is told to end does, besides what its programs need."""


def _need(reason: str) -> None:
    if reason:
        pytest.skip(reason)


# -- full disk
@contextmanager
def _small_disks(cluster: FaultCluster) -> Iterator[None]:
    """The logs of all daemons are on file systems of 1 MB."""
    with ExitStack() as stack:
        for daemon in cluster.daemons:
            disk = daemon.folder / 'disk'
            disk.mkdir()
            run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', str(disk)])
            stack.callback(run, ['umount', '--lazy', str(disk)])
            daemon.conf.write_text(daemon.conf.read_text().replace('%(here)s/supervisord.log',
                                                                   '%(here)s/disk/supervisord.log'))
        yield


def _fill(disk: Path) -> None:
    with open(disk / 'filler', 'ab', buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while True:
                    filler.write(b'x' * size)
            except OSError:
                continue
    with pytest.raises(OSError, match='No space'), open(disk / 'more', 'wb', buffering=0) as more:
        more.write(b'x')


def _pad(log: Path) -> None:
    """Use up the last page of a log, which counts as taken already."""
    with open(log, 'ab', buffering=0) as file:
        file.write(b'-' * (-os.fstat(file.fileno()).st_size % os.sysconf('SC_PAGE_SIZE')))


def test_full_disk_under_the_log() -> None:
    """All daemons go on, the system works, and what happens meanwhile is handled."""
    _need(no_small_disk())
    with trial('full-disk', work(3), prepare=_small_disks) as one:
        one.last(2)
        disks = [daemon.folder / 'disk' for daemon in one.cluster.daemons]
        for disk in disks:
            _fill(disk)
            _pad(disk / 'supervisord.log')
        sizes = [(disk / 'supervisord.log').stat().st_size for disk in disks]
        one.last(5)
        lost = one.master
        one.kill(lost, programs=True)
        one.last(6)
        # a log that has grown was not on a full disk
        assert sizes == [(disk / 'supervisord.log').stat().st_size for disk in disks]
        one.spawn(lost)
        one.last(3)
        for disk in disks:
            (disk / 'filler').unlink()
        one.last(3)


# -- clock step
@contextmanager
def _own_clocks(cluster: FaultCluster) -> Iterator[None]:
    library = cluster.folder / 'clock_step.so'
    run(['gcc', '-O1', '-shared', '-fPIC', '-o', str(library), str(Path(__file__).with_name('clock_step.c'))])
    for daemon in cluster.daemons:
        step = daemon.folder / 'clock_step'
        step.write_bytes(struct.pack('l', 0))
        daemon.environ = {**daemon.environ, 'LD_PRELOAD': str(library), 'CLOCK_STEP': str(step)}
    yield


def _set_clock(one: Trial, nick: str, seconds: int) -> None:
    with open(one.cluster[nick].folder / 'clock_step', 'r+b') as step:
        step.write(struct.pack('l', seconds))
    wait_for(lambda: abs(_wall(one, nick) - time.time() - seconds) < 30, 15, f'the clock of {nick} set')


def _wall(one: Trial, nick: str) -> float:
    return float(one.cluster[nick].call('supervisor.getProcessInfo', 'work:one')['now'])


@pytest.mark.parametrize('seconds', [HOUR, -HOUR], ids=['forward', 'back'])
def test_clock_step(seconds: int) -> None:
    """The clock of the Master is set by an hour, then that of another one: nobody is lost, nothing stops."""
    _need(no_compiler())
    with trial(f'clock-{"forward" if seconds > 0 else "back"}', work(3), prepare=_own_clocks) as one:
        one.last(2)
        master = one.master
        for nick in (master, one.one(master)):
            _set_clock(one, nick, seconds)
            one.last(6)
            assert one.master == master
        _set_clock(one, master, 0)
        one.last(4)


# -- name server
@contextmanager
def _silent_name_server(cluster: FaultCluster) -> Iterator[None]:
    """All daemons have an instance more in their list, whose name must be asked of a server that never answers.

    Their own addresses are in the hosts file: supervisord itself looks up that of its HTTP server before all else.
    """
    hosts = cluster.folder / 'hosts'
    hosts.write_text(''.join(f'{daemon.address} {daemon.nick}\n' for daemon in cluster.daemons) +
                     f'127.0.0.1 localhost {socket.gethostname()}\n')
    resolver = cluster.folder / 'resolv.conf'
    resolver.write_text(f'nameserver {NAME_SERVER}\n')
    for daemon in cluster.daemons:
        cluster.network.swallow(daemon.nick, NAME_SERVER)
        bind = 'mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts && exec "$@"'
        daemon.prefix = [*daemon.prefix, 'unshare', '--mount', 'sh', '-c', bind, str(cluster.folder)]
        text = daemon.conf.read_text()
        assert 'supvisors_list = ' in text
        daemon.conf.write_text(text.replace('supvisors_list = ', f'supvisors_list = <z>{NOBODY}:60000,'))
    yield


def test_name_server_that_does_not_answer() -> None:
    _need(no_own_resolver())
    with trial('name-server', work(3), prepare=_silent_name_server) as one:
        one.last(6)
        lost = one.one()
        one.kill(lost, programs=True)
        one.last(8)
        one.spawn(lost)
        one.last(8)
        ended = one.one(lost)
        daemon = one.cluster[ended]
        begin = time.monotonic()
        one.terminate(ended)
        daemon.wait(30)
        took = time.monotonic() - begin
        assert took < ENDING + SLOW_STOP, f'{ended} needed {took:.1f} s to end'
        one.last(2)
        one.spawn(ended)
        one.last(2)

