"""Every method: the states in which it is accepted, the kinds of its parameters. `contract/api.json` says the same."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from supvisors.model.enums import FaultCode, SupvisorsState
from supvisors.rpc.faults import fault
from supvisors.rpc.parameters import (
    APPLICATION_NAME,
    EXTRA_ARGS,
    IDENTIFIER,
    IDENTIFIER_OR_LOCAL,
    LAZY,
    LEVEL,
    NAMESPEC,
    NAMESPEC_OR_ALL,
    NUMPROCS,
    ONE_NAMESPEC,
    PROGRAM_NAME,
    READABLE_ARGS,
    REGEX,
    STRATEGY,
    WAIT,
    Parameter,
    check_choice,
    check_form,
)

_S = SupvisorsState
ANY = frozenset(_S)
# before the election there is no inventory to show
KNOWN = ANY - {_S.OFF, _S.SYNCHRONIZATION}
ENDING = frozenset((_S.DISTRIBUTION, _S.OPERATION, _S.CONCILIATION, _S.RESTARTING, _S.SHUTTING_DOWN))
STOPPING = frozenset((_S.OPERATION, _S.CONCILIATION))
STARTING = frozenset((_S.OPERATION,))
SYNCHRONIZING = frozenset((_S.SYNCHRONIZATION,))


@attrs.frozen
class Method:
    states: frozenset[SupvisorsState]
    parameters: Mapping[str, Parameter] = attrs.field(factory=dict)


METHODS: dict[str, Method] = {
    'get_api_version': Method(ANY),
    'get_supvisors_state': Method(ANY),
    'get_all_instances_state_modes': Method(ANY),
    'get_instance_state_modes': Method(ANY, {'identifier': IDENTIFIER_OR_LOCAL}),
    'get_master_identifier': Method(ANY),
    'get_core_identifiers': Method(ANY),
    'get_strategies': Method(ANY),
    'get_statistics_status': Method(ANY),
    'get_network_info': Method(ANY, {'identifier': IDENTIFIER}),
    'get_instance_info': Method(ANY, {'identifier': IDENTIFIER}),
    'get_all_instances_info': Method(ANY),
    'get_all_applications_info': Method(KNOWN),
    'get_application_info': Method(KNOWN, {'application_name': APPLICATION_NAME}),
    'get_application_rules': Method(KNOWN, {'application_name': APPLICATION_NAME}),
    'get_all_process_info': Method(KNOWN),
    'get_process_info': Method(KNOWN, {'namespec': NAMESPEC}),
    'get_process_rules': Method(KNOWN, {'namespec': NAMESPEC}),
    'get_conflicts': Method(KNOWN),
    'get_all_local_process_info': Method(ANY),
    'get_local_process_info': Method(ANY, {'namespec': ONE_NAMESPEC}),
    'get_all_inner_process_info': Method(ANY, {'identifier': IDENTIFIER_OR_LOCAL}),
    'get_inner_process_info': Method(ANY, {'identifier': IDENTIFIER_OR_LOCAL, 'namespec': NAMESPEC_OR_ALL}),
    'start_application': Method(STARTING, {'strategy': STRATEGY, 'application_name': APPLICATION_NAME, 'wait': WAIT}),
    'test_start_application': Method(STARTING, {'strategy': STRATEGY, 'application_name': APPLICATION_NAME}),
    'stop_application': Method(STOPPING, {'application_name': APPLICATION_NAME, 'wait': WAIT}),
    'restart_application': Method(STARTING, {'strategy': STRATEGY, 'application_name': APPLICATION_NAME,
                                             'wait': WAIT}),
    'start_process': Method(STARTING, {'strategy': STRATEGY, 'namespec': NAMESPEC, 'extra_args': READABLE_ARGS,
                                       'wait': WAIT}),
    'test_start_process': Method(STARTING, {'strategy': STRATEGY, 'namespec': NAMESPEC}),
    'start_any_process': Method(STARTING, {'strategy': STRATEGY, 'regex': REGEX, 'extra_args': READABLE_ARGS,
                                           'wait': WAIT}),
    'stop_process': Method(STOPPING, {'namespec': NAMESPEC, 'wait': WAIT}),
    'restart_process': Method(STARTING, {'strategy': STRATEGY, 'namespec': NAMESPEC, 'extra_args': READABLE_ARGS,
                                         'wait': WAIT}),
    'start_args': Method(ANY, {'namespec': ONE_NAMESPEC, 'extra_args': EXTRA_ARGS, 'wait': WAIT}),
    'update_numprocs': Method(STARTING, {'program_name': PROGRAM_NAME, 'numprocs': NUMPROCS, 'wait': WAIT,
                                         'lazy': LAZY}),
    'enable': Method(STARTING, {'program_name': PROGRAM_NAME, 'wait': WAIT}),
    'disable': Method(STARTING, {'program_name': PROGRAM_NAME, 'wait': WAIT}),
    'restart_sequence': Method(STARTING, {'wait': WAIT}),
    'restart': Method(ENDING),
    'shutdown': Method(ENDING),
    'change_log_level': Method(ANY, {'level_param': LEVEL}),
    'end_sync': Method(SYNCHRONIZING, {'master': IDENTIFIER_OR_LOCAL}),
}


def check_arguments(name: str, values: Sequence[object], state: SupvisorsState) -> list[object]:
    """The arguments to run the method with. The order of the checks is in the contract: forms, state, enumerations."""
    method = METHODS[name]
    given = list(zip(method.parameters.items(), values, strict=True))
    for (parameter_name, parameter), value in given:
        check_form(parameter_name, parameter, value)
    if state not in method.states:
        allowed = ', '.join(member.name for member in sorted(method.states))
        raise fault(FaultCode.BAD_SUPVISORS_STATE, f'{name} is refused in state {state.name}, accepted in {allowed}')
    return [check_choice(parameter_name, parameter, value) for (parameter_name, parameter), value in given]
