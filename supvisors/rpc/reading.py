"""The methods that only read: look up, then build the structs."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from supvisors.engine import commands
from supvisors.engine.commands import Command
from supvisors.engine.view import EngineView, InnerProcessView
from supvisors.model.enums import FaultCode
from supvisors.model.identity import Now
from supvisors.model.options import Options
from supvisors.rpc import payloads
from supvisors.rpc.faults import fault
from supvisors.rpc.names import (
    check_managed,
    find_application,
    find_identifiers,
    find_inner,
    find_local_record,
    find_processes,
)
from supvisors.rpc.payloads import Struct


class Reading:
    """Arguments are already checked."""

    def __init__(self, engine: EngineView, clock: Callable[[], Now], version: str, options: Options,
                 is_stopping: Callable[[], bool]) -> None:
        self._engine = engine
        self._clock = clock
        self._version = version
        self._options = options
        self._is_stopping = is_stopping

    def get_api_version(self) -> str:
        return self._version

    def get_supvisors_state(self) -> Struct:
        engine = self._engine
        return payloads.supvisors_status(engine.modes(engine.local.identifier), engine.starting_instances,
                                         engine.stopping_instances, self._clock())

    def get_all_instances_state_modes(self) -> list[Struct]:
        now = self._clock()
        return [payloads.state_modes(self._engine.modes(identifier), now)
                for identifier in sorted(self._engine.identifiers())]

    def get_instance_state_modes(self, identifier: str) -> list[Struct]:
        now = self._clock()
        return [payloads.state_modes(self._engine.modes(one), now) for one in self._find_or_local(identifier)]

    def get_master_identifier(self) -> Struct:
        master = self._engine.master
        return payloads.identifier(self._engine.identity(master)) if master else {}

    def get_core_identifiers(self) -> list[Struct]:
        return [payloads.identifier(self._engine.identity(one)) for one in self._engine.core_identifiers()]

    def get_strategies(self) -> Struct:
        return payloads.strategies(self._options)

    def get_statistics_status(self) -> Struct:
        return payloads.statistics_status(False, False, self._options)

    def get_network_info(self, identifier: str) -> list[Struct]:
        return [payloads.network_info(self._engine.instance(one))
                for one in find_identifiers(self._engine, identifier)]

    def get_instance_info(self, identifier: str) -> list[Struct]:
        return [payloads.instance_info(self._engine.instance(one))
                for one in find_identifiers(self._engine, identifier)]

    def get_all_instances_info(self) -> list[Struct]:
        return [payloads.instance_info(self._engine.instance(one)) for one in sorted(self._engine.identifiers())]

    def get_all_applications_info(self) -> list[Struct]:
        now = self._clock()
        return [payloads.application_info(application, now) for application in self._engine.applications()]

    def get_application_info(self, application_name: str) -> Struct:
        return payloads.application_info(find_application(self._engine, application_name), self._clock())

    def get_application_rules(self, application_name: str) -> Struct:
        find_application(self._engine, application_name)
        return payloads.application_rules(application_name, self._engine.application_rules(application_name))

    def get_all_process_info(self) -> list[Struct]:
        now = self._clock()
        return [payloads.process_info(process, now) for process in self._engine.processes()]

    def get_process_info(self, namespec: str) -> list[Struct]:
        _, processes = find_processes(self._engine, namespec)
        now = self._clock()
        return [payloads.process_info(process, now) for process in processes]

    def get_process_rules(self, namespec: str) -> list[Struct]:
        _, processes = find_processes(self._engine, namespec)
        return [payloads.process_rules(process, self._engine.process_rules(process.group, process.name))
                for process in processes]

    def get_conflicts(self) -> list[Struct]:
        now = self._clock()
        return [payloads.process_info(process, now) for process in self._engine.conflicts()]

    def get_all_local_process_info(self) -> list[Struct]:
        self._refuse_when_stopping()
        now = self._clock()
        return [payloads.local_process_info(record, now) for record in self._engine.local_records()]

    def get_local_process_info(self, namespec: str) -> Struct:
        self._refuse_when_stopping()
        return payloads.local_process_info(find_local_record(self._engine, namespec), self._clock())

    def get_all_inner_process_info(self, identifier: str) -> list[Struct]:
        return self._inner({one: self._engine.inner_processes(one) for one in self._find_or_local(identifier)})

    def get_inner_process_info(self, identifier: str, namespec: str) -> list[Struct]:
        found = self._find_or_local(identifier)
        if not namespec:
            return self._inner({one: self._engine.inner_processes(one) for one in found})
        target, _ = find_processes(self._engine, namespec)
        return self._inner({one: find_inner(self._engine, one, target) for one in found})

    def test_start_application(self, strategy: int, application_name: str) -> list[Struct]:
        check_managed(self._engine, application_name)
        return self._predict(commands.START_APPLICATION, application_name, strategy)

    def test_start_process(self, strategy: int, namespec: str) -> list[Struct]:
        target, _ = find_processes(self._engine, namespec)
        return self._predict(commands.START_PROCESS, target, strategy)

    def _predict(self, kind: str, target: str, strategy: int) -> list[Struct]:
        command = Command(kind, target, strategy, origin=self._engine.local.identifier)
        return [payloads.start_prediction(prediction) for prediction in self._engine.predict(command)]

    def _inner(self, found: Mapping[str, Iterable[InnerProcessView]]) -> list[Struct]:
        now = self._clock()
        structs = []
        for identifier, views in found.items():
            instance = self._engine.instance(identifier)
            # the start of a process is on the clock of its own host
            there = now.mono + instance.remote_mono - instance.local_mono
            structs += [payloads.inner_process_info(view, now, there) for view in views]
        return structs

    def _find_or_local(self, identifier: str) -> Sequence[str]:
        return find_identifiers(self._engine, identifier) if identifier else [self._engine.local.identifier]

    def _refuse_when_stopping(self) -> None:
        if self._is_stopping():
            raise fault(FaultCode.SHUTDOWN_STATE, 'the local supervisord is stopping')
