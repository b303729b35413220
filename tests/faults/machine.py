"""What this machine allows, and how a thread or a program gets into a network namespace."""
from __future__ import annotations

import ctypes
import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CLONE_NEWNET = 0x40000000
TOOLS = ('ip', 'unshare', 'nsenter')
TIMEOUT = 20.0

_BRIDGE = 'ip link add br0 type bridge && ip link add v0 type veth peer name v1 && ip link set v0 master br0'


@functools.cache
def no_networks() -> str:
    """Why there can be no network namespaces joined by a bridge; empty if there can."""
    if not hasattr(os, 'geteuid') or os.geteuid() != 0:
        return 'network namespaces need root (CAP_SYS_ADMIN and CAP_NET_ADMIN)'
    for tool in TOOLS:
        if shutil.which(tool) is None:
            return f'{tool} is not installed (Debian: iproute2 and util-linux)'
    return _refused(['unshare', '--net', 'sh', '-c', _BRIDGE], 'a bridge and a veth pair in a namespace')


@functools.cache
def no_small_disk() -> str:
    """Why no small file system can be mounted; empty if it can."""
    return _refused(['unshare', '--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/tmp'],
                    'a tmpfs of 1 MB')


@functools.cache
def no_own_resolver() -> str:
    """Why a daemon cannot be given a name server of its own; empty if it can."""
    return _refused(['unshare', '--mount', 'mount', '--bind', '/dev/null', '/etc/resolv.conf'],
                    'a bind mount over /etc/resolv.conf')


def no_compiler() -> str:
    """Why the clock of a daemon cannot be set; empty if it can."""
    return '' if shutil.which('gcc') else 'the clock is set by a library that needs gcc, which is not installed'


def run(command: Sequence[str]) -> str:
    """Run a command, and return what it printed.

    Raises:
        RuntimeError: it failed; the text holds the command and its errors.
    """
    done = subprocess.run(list(command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT,
                          check=False)
    if done.returncode:
        raise RuntimeError(f'{" ".join(command)}: status {done.returncode}: {done.stderr.strip()}')
    return done.stdout


def enter(namespace: Path) -> None:
    """Move the calling thread into a network namespace: the sockets that it makes from now on are in there."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(namespace, os.O_RDONLY)
    try:
        if libc.setns(handle, CLONE_NEWNET):
            error = ctypes.get_errno()
            raise OSError(error, f'cannot enter {namespace}: {os.strerror(error)}')
    finally:
        os.close(handle)


def _refused(command: Sequence[str], what: str) -> str:
    try:
        run(command)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        return f'this machine refuses {what}: {error}'
    return ''
