"""The methods that change something: what can be refused here is, the rest is carried to the Master.

Names and rules are the same everywhere. What runs is not checked here: our view may lag behind what the client was
just told by another instance, and only the Master knows what is already on its way.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from supvisors.engine import commands
from supvisors.engine.commands import Command, Ticket
from supvisors.engine.view import EngineView
from supvisors.model.identity import Now
from supvisors.model.process import make_namespec
from supvisors.rpc.deferred import Answer, answer
from supvisors.rpc.expression import check_expression
from supvisors.rpc.faults import fault
from supvisors.rpc.names import check_managed, find_processes
from supvisors.rpc.parameters import LEVELS

_LEVEL_NAMES = {value: name for name, value in LEVELS.items()}


class Control:
    """Arguments are already checked; strategies are values of `StartingStrategy`, and levels those of supervisord."""

    def __init__(self, engine: EngineView, clock: Callable[[], Now], wake: Callable[[], None],
                 set_level: Callable[[str], None]) -> None:
        self._engine = engine
        self._clock = clock
        self._wake = wake
        self._set_level = set_level

    def start_application(self, strategy: int, application_name: str, wait: bool) -> Answer:
        check_managed(self._engine, application_name)
        return answer(self._request(commands.START_APPLICATION, application_name, strategy), wait)

    def stop_application(self, application_name: str, wait: bool) -> Answer:
        check_managed(self._engine, application_name)
        return answer(self._request(commands.STOP_APPLICATION, application_name), wait)

    def restart_application(self, strategy: int, application_name: str, wait: bool) -> Answer:
        check_managed(self._engine, application_name)
        return answer(self._request(commands.RESTART_APPLICATION, application_name, strategy), wait)

    def start_process(self, strategy: int, namespec: str, extra_args: str, wait: bool) -> Answer:
        target, _ = find_processes(self._engine, namespec)
        return answer(self._request(commands.START_PROCESS, target, strategy, extra_args), wait)

    def start_any_process(self, strategy: int, regex: str, extra_args: str, wait: bool) -> Answer:
        check_expression('regex', regex, (make_namespec(view.group, view.name) for view in self._engine.processes()))
        return answer(self._request(commands.START_ANY_PROCESS, regex, strategy, extra_args), wait)

    def stop_process(self, namespec: str, wait: bool) -> Answer:
        target, _ = find_processes(self._engine, namespec)
        return answer(self._request(commands.STOP_PROCESS, target), wait)

    def restart_process(self, strategy: int, namespec: str, extra_args: str, wait: bool) -> Answer:
        target, _ = find_processes(self._engine, namespec)
        return answer(self._request(commands.RESTART_PROCESS, target, strategy, extra_args), wait)

    def restart_sequence(self, wait: bool) -> Answer:
        return answer(self._request(commands.RESTART_SEQUENCE), wait)

    def restart(self) -> Literal[True]:
        return self._accept(commands.RESTART)

    def shutdown(self) -> Literal[True]:
        return self._accept(commands.SHUTDOWN)

    def change_log_level(self, level_param: int) -> Literal[True]:
        self._set_level(_LEVEL_NAMES[level_param])
        return True

    def end_sync(self, master: str) -> Literal[True]:
        self._engine.end_sync(master, self._clock())
        self._wake()
        return True

    def _accept(self, kind: str) -> Literal[True]:
        # never deferred: the daemon that holds the answer is about to end
        ticket = self._request(kind)
        if ticket.done and ticket.code:
            raise fault(ticket.code, ticket.text)
        return True

    def _request(self, kind: str, target: str = '', strategy: int = 0, extra_args: str = '') -> Ticket:
        command = Command(kind, target, strategy, extra_args, origin=self._engine.local.identifier)
        self._wake()
        return self._engine.request(command, self._clock())
