"""Starts and stops that a user asks of supervisord itself, through `supervisor.*` or its web page."""
from __future__ import annotations

import functools
import types
from collections.abc import Callable, Container, Iterator
from typing import Any

from supervisor import web
from supervisor.options import ProcessException
from supervisor.rpcinterface import SupervisorNamespaceRPCInterface
from supervisor.states import SupervisorStates
from supervisor.xmlrpc import RPCError

from supvisors.host.http import servers
from supvisors.host.processes import Processes, key_of
from supvisors.host.shield import Shield
from supvisors.model.enums import RUNNING_STATES, FaultCode, ProcessState
from supvisors.model.process import make_namespec

Adopt = Callable[[bool, str, str], None]


class PlainRequests:
    """Wraps `startProcess` and `stopProcess` of each interface object.

    The requests for groups and for all call those two for each member that they act on, so they are covered too; a
    member that they leave alone (already running here, or already stopped here) is not reported. A disabled program is
    not started.
    """

    def __init__(self, supervisord: Any, processes: Processes, disabled: Container[str], adopt: Adopt,
                 shield: Shield) -> None:
        self._supervisord = supervisord
        self._processes = processes
        self._disabled = disabled
        self._adopt = adopt
        self._shield = shield
        self._web_class: Any = None

    def open(self) -> None:
        for interface in _interfaces(self._supervisord.options):
            self._wrap(interface)
        # the page makes an interface object of its own at each request
        self._web_class = web.SupervisorNamespaceRPCInterface
        web.SupervisorNamespaceRPCInterface = self._make_for_web

    def close(self) -> None:
        if self._web_class is not None:
            web.SupervisorNamespaceRPCInterface = self._web_class
            self._web_class = None

    def _make_for_web(self, supervisord: Any) -> Any:
        return self._wrap(SupervisorNamespaceRPCInterface(supervisord))

    def _wrap(self, interface: Any) -> Any:
        for name, start in (('startProcess', True), ('stopProcess', False)):
            method = self._reporting(getattr(interface, name), start)
            # supervisord only serves bound methods
            setattr(interface, name, types.MethodType(method, interface))
        return interface

    def _reporting(self, original: Callable[..., Any], start: bool) -> Callable[..., Any]:
        @functools.wraps(original)
        def method(_interface: Any, name: Any, wait: Any = True) -> Any:
            # supervisord answers to a name of another type
            if isinstance(name, str):
                if start:
                    self._refuse_disabled(name)
                with self._shield(f'noting that {name} is {"started" if start else "stopped"} by a user'):
                    self._report(start, name)
            return original(name, wait)

        return method

    def _refuse_disabled(self, name: str) -> None:
        process = self._processes.find(name)
        # once it is stopping, supervisord refuses everything itself
        if process is not None and self._supervisord.options.mood >= SupervisorStates.RUNNING \
                and self._processes.notes(process).program_name in self._disabled:
            raise RPCError(FaultCode.DISABLED.value, name)

    def _report(self, start: bool, name: str) -> None:
        process = self._processes.find(name)
        if process is not None and self._supervisord.options.mood >= SupervisorStates.RUNNING \
                and _ACCEPTED[start](process):
            extra_args = self._processes.notes(process).extra_args if start else ''
            self._adopt(start, make_namespec(*key_of(process)), extra_args)


def _can_start(process: Any) -> bool:
    # a process that is stopping has a pid, and supervisord does nothing then
    if process.state in RUNNING_STATES or process.state == ProcessState.UNKNOWN or process.pid:
        return False
    try:
        process.get_execv_args()
    except ProcessException:
        return False
    return True


def _can_stop(process: Any) -> bool:
    return process.state in RUNNING_STATES


_ACCEPTED: dict[bool, Callable[[Any], bool]] = {True: _can_start, False: _can_stop}


def _interfaces(options: Any) -> Iterator[Any]:
    """The `supervisor` namespace object of each server: supervisord makes one per server."""
    for server in servers(options):
        for handler in server.handlers:
            # the one that checks credentials wraps the one that answers
            root = getattr(getattr(handler, 'handler', handler), 'rpcinterface', None)
            if root is not None:
                yield from (each for each in vars(root).values() if isinstance(each, SupervisorNamespaceRPCInterface))
