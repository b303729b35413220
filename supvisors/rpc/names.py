"""Names given by clients, looked up in what the engine shows. An unknown one is fault 10."""
from __future__ import annotations

from collections.abc import Sequence

from supvisors.engine.view import ApplicationView, EngineView, InnerProcessView, ProcessView
from supvisors.model.enums import FaultCode
from supvisors.model.process import ProcessRecord, make_namespec, split_namespec
from supvisors.rpc.faults import fault
from supvisors.rpc.text import describe


def find_identifiers(engine: EngineView, name: str) -> Sequence[str]:
    identifiers = engine.resolve(name)
    if not identifiers:
        raise fault(FaultCode.BAD_NAME, f'no instance has {describe(name)} as identifier, nick name or stereotype')
    return identifiers


def find_application(engine: EngineView, name: str) -> ApplicationView:
    application = engine.application(name)
    if application is None:
        raise fault(FaultCode.BAD_NAME, f'application {describe(name)} is unknown')
    return application


def check_managed(engine: EngineView, name: str) -> None:
    """Refuse an application that is unknown, or that has no rules."""
    if not find_application(engine, name).managed:
        raise fault(FaultCode.NOT_MANAGED, f'application {describe(name)} has no rules')


def find_processes(engine: EngineView, namespec: str) -> tuple[str, list[ProcessView]]:
    """The namespec in its usual form (`group:*` for a group), and the processes that it designates."""
    group, name = split_namespec(namespec)
    find_application(engine, group)
    if name is None:
        return f'{group}:*', list(engine.processes(group))
    process = engine.process(group, name)
    if process is None:
        raise fault(FaultCode.BAD_NAME, f'process {describe(name)} is unknown in application {describe(group)}')
    return make_namespec(group, name), [process]


def find_inner(engine: EngineView, identifier: str, namespec: str) -> list[InnerProcessView]:
    """What is known on one instance of the processes that the namespec designates, which some instance knows."""
    group, name = split_namespec(namespec)
    found = [view for view in engine.inner_processes(identifier)
             if view.record.group == group and name in (None, view.record.name)]
    if not found:
        raise fault(FaultCode.FAILED, f'{describe(namespec)} is not known on {describe(identifier)}')
    return found


def find_local_record(engine: EngineView, namespec: str) -> ProcessRecord:
    group, name = split_namespec(namespec)
    if name is None:
        raise fault(FaultCode.BAD_NAME, f'{describe(namespec)} is a group, not a process')
    for record in engine.local_records():
        if record.name == name and record.group == group:
            return record
    raise fault(FaultCode.BAD_NAME, f'process {describe(namespec)} is unknown to the local supervisord')
