"""The object that supervisord publishes as `supvisors`.

supervisord finds the methods in the dictionary of this very class, and reads their signatures in the docstrings: one
`@param type name text` for each parameter, optional ones included, and one `@return`. Python itself checks the number
of the arguments, supervisord turns the TypeError into a fault; everything else is checked in `_call`.
"""
from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from supervisor.xmlrpc import RPCError

from supvisors.engine.commands import Refused
from supvisors.engine.view import EngineView
from supvisors.model.enums import FaultCode
from supvisors.model.identity import Now
from supvisors.model.options import Options
from supvisors.rpc.control import Control
from supvisors.rpc.deferred import Answer
from supvisors.rpc.faults import fault
from supvisors.rpc.local import Local, LocalHost
from supvisors.rpc.methods import check_arguments
from supvisors.rpc.payloads import Struct
from supvisors.rpc.reading import Reading

T = TypeVar('T')


class RPCInterface:
    """The methods of the namespace."""

    def __init__(self, engine: EngineView, *, clock: Callable[[], Now], version: str, options: Options,
                 host: LocalHost, is_stopping: Callable[[], bool], wake: Callable[[], None],
                 log_error: Callable[[str], object], set_level: Callable[[str], None]) -> None:
        """`host` is where local work is done; `is_stopping`: is the local supervisord stopping.

        `wake` has what was asked carried out at once. `log_error` is given tracebacks of what must not happen,
        `set_level` the name of the level of the log.
        """
        self._engine = engine
        self._log_error = log_error
        self._reading = Reading(engine, clock, version, options, is_stopping)
        self._control = Control(engine, clock, wake, set_level)
        self._local = Local(host, is_stopping)

    def _call(self, action: Callable[..., T], *values: object) -> T:
        """Check the arguments, then act. Nothing but RPCError leaves: supervisord would answer HTTP 500."""
        name = action.__name__
        try:
            return action(*check_arguments(name, values, self._engine.state))
        except RPCError:
            raise
        except Refused as refusal:
            raise fault(refusal.code, refusal.text) from None
        except Exception as error:
            raise self._unexpected(name, error) from error

    def _unexpected(self, name: str, error: Exception) -> RPCError:
        reference = secrets.token_hex(4)
        with suppress(Exception):
            self._log_error(f'supvisors.{name} failed, reference {reference}\n{traceback.format_exc()}')
        return fault(FaultCode.FAILED, f'{name}: internal error {type(error).__name__}, reference {reference}')

    def get_api_version(self) -> str:
        """Release of Supvisors.

        @return string result The release.
        """
        return self._call(self._reading.get_api_version)

    def get_supvisors_state(self) -> Struct:
        """State of Supvisors, as seen by the instance that answers.

        @return struct result Struct SupvisorsStatus.
        """
        return self._call(self._reading.get_supvisors_state)

    def get_all_instances_state_modes(self) -> list[Struct]:
        """State and modes of all instances, sorted by identifier.

        @return array result Structs StateModes.
        """
        return self._call(self._reading.get_all_instances_state_modes)

    def get_instance_state_modes(self, identifier: str = '') -> list[Struct]:
        """State and modes of the instances that the identifier designates; the local one without identifier.

        @param string identifier Identifier, nick name or stereotype of instances.
        @return array result Structs StateModes.
        """
        return self._call(self._reading.get_instance_state_modes, identifier)

    def get_master_identifier(self) -> Struct:
        """Names of the Master; an empty struct when there is none.

        @return struct result Struct MasterIdentifier.
        """
        return self._call(self._reading.get_master_identifier)

    def get_core_identifiers(self) -> list[Struct]:
        """Names of the Core instances, in the order of the option `core_identifiers`.

        @return array result Structs Identifier.
        """
        return self._call(self._reading.get_core_identifiers)

    def get_strategies(self) -> Struct:
        """Strategies in force.

        @return struct result Struct Strategies.
        """
        return self._call(self._reading.get_strategies)

    def get_statistics_status(self) -> Struct:
        """What is collected by the local instance.

        @return struct result Struct StatisticsStatus.
        """
        return self._call(self._reading.get_statistics_status)

    def get_network_info(self, identifier: str) -> list[Struct]:
        """Network details of the instances that the identifier designates.

        @param string identifier Identifier, nick name or stereotype of instances.
        @return array result Structs NetworkInfo.
        """
        return self._call(self._reading.get_network_info, identifier)

    def get_instance_info(self, identifier: str) -> list[Struct]:
        """Information about the instances that the identifier designates.

        @param string identifier Identifier, nick name or stereotype of instances.
        @return array result Structs InstanceInfo.
        """
        return self._call(self._reading.get_instance_info, identifier)

    def get_all_instances_info(self) -> list[Struct]:
        """Information about all instances, sorted by identifier.

        @return array result Structs InstanceInfo.
        """
        return self._call(self._reading.get_all_instances_info)

    def get_all_applications_info(self) -> list[Struct]:
        """Information about all applications, sorted by name.

        @return array result Structs ApplicationInfo.
        """
        return self._call(self._reading.get_all_applications_info)

    def get_application_info(self, application_name: str) -> Struct:
        """Information about one application.

        @param string application_name Name of an application.
        @return struct result Struct ApplicationInfo.
        """
        return self._call(self._reading.get_application_info, application_name)

    def get_application_rules(self, application_name: str) -> Struct:
        """Rules of one application.

        @param string application_name Name of an application.
        @return struct result Struct ApplicationRules.
        """
        return self._call(self._reading.get_application_rules, application_name)

    def get_all_process_info(self) -> list[Struct]:
        """Information about all processes, sorted by application then process.

        @return array result Structs ProcessInfo.
        """
        return self._call(self._reading.get_all_process_info)

    def get_process_info(self, namespec: str) -> list[Struct]:
        """Information about the processes that the namespec designates.

        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @return array result Structs ProcessInfo.
        """
        return self._call(self._reading.get_process_info, namespec)

    def get_process_rules(self, namespec: str) -> list[Struct]:
        """Rules of the processes that the namespec designates.

        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @return array result Structs ProcessRules.
        """
        return self._call(self._reading.get_process_rules, namespec)

    def get_conflicts(self) -> list[Struct]:
        """The processes of managed applications that run on several instances, sorted by application then process.

        @return array result Structs ProcessInfo.
        """
        return self._call(self._reading.get_conflicts)

    def get_all_local_process_info(self) -> list[Struct]:
        """Information about all processes of the local supervisord, sorted by group then name.

        @return array result Structs LocalProcessInfo.
        """
        return self._call(self._reading.get_all_local_process_info)

    def get_local_process_info(self, namespec: str) -> Struct:
        """Information about one process of the local supervisord.

        @param string namespec `group:name`, or `name` when both are equal; no wildcard.
        @return struct result Struct LocalProcessInfo.
        """
        return self._call(self._reading.get_local_process_info, namespec)

    def get_all_inner_process_info(self, identifier: str = '') -> list[Struct]:
        """What the local instance knows of all processes of these instances, sorted by group then name.

        @param string identifier Identifier, nick name or stereotype of instances.
        @return array result Structs InnerProcessInfo.
        """
        return self._call(self._reading.get_all_inner_process_info, identifier)

    def get_inner_process_info(self, identifier: str = '', namespec: str = '') -> list[Struct]:
        """What the local instance knows of the processes that the namespec designates on these instances.

        @param string identifier Identifier, nick name or stereotype of instances.
        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @return array result Structs InnerProcessInfo.
        """
        return self._call(self._reading.get_inner_process_info, identifier, namespec)

    def start_application(self, strategy: str | int, application_name: str, wait: bool = True) -> Answer:
        """Start the processes of an application in the order of its start sequence.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string application_name Name of an application.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.start_application, strategy, application_name, wait)

    def test_start_application(self, strategy: str | int, application_name: str) -> list[Struct]:
        """What starting the application would do, without doing it; sorted by process.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string application_name Name of an application.
        @return array result Structs StartPrediction.
        """
        return self._call(self._reading.test_start_application, strategy, application_name)

    def stop_application(self, application_name: str, wait: bool = True) -> Answer:
        """Stop the processes of an application in the order of its stop sequence.

        @param string application_name Name of an application.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.stop_application, application_name, wait)

    def restart_application(self, strategy: str | int, application_name: str, wait: bool = True) -> Answer:
        """Stop an application in the order of its stop sequence if it runs, then start it.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string application_name Name of an application.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.restart_application, strategy, application_name, wait)

    def start_process(self, strategy: str | int, namespec: str, extra_args: str = '', wait: bool = True) -> Answer:
        """Start one process, or those of a group, where the strategy and the rules say.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @param string extra_args Arguments appended to the command line.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.start_process, strategy, namespec, extra_args, wait)

    def test_start_process(self, strategy: str | int, namespec: str) -> list[Struct]:
        """What starting the processes would do, without doing it; sorted by process.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @return array result Structs StartPrediction.
        """
        return self._call(self._reading.test_start_process, strategy, namespec)

    def start_any_process(self, strategy: str | int, regex: str, extra_args: str = '', wait: bool = True) -> Answer:
        """Start the first stopped process, by application then process, whose namespec the expression matches anywhere and that some instance can take.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string regex Regular expression, searched in the namespecs.
        @param string extra_args Arguments appended to the command line.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return string result The namespec of the process.
        """  # noqa: E501
        return self._call(self._control.start_any_process, strategy, regex, extra_args, wait)

    def stop_process(self, namespec: str, wait: bool = True) -> Answer:
        """Stop a process, or those of a group, wherever they run.

        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.stop_process, namespec, wait)

    def restart_process(self, strategy: str | int, namespec: str, extra_args: str = '', wait: bool = True) -> Answer:
        """Stop a process, or those of a group, wherever they run, then start them where the strategy and the rules say.

        @param string strategy Starting strategy, by its exact name or its value.
        @param string namespec `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
        @param string extra_args Arguments appended to the command line.
        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.restart_process, strategy, namespec, extra_args, wait)

    def start_args(self, namespec: str, extra_args: str = '', wait: bool = True) -> Answer:
        """Start one process of the local supervisord, without regard to rules or strategies.

        @param string namespec `group:name`, or `name` when both are equal; no wildcard.
        @param string extra_args Arguments appended to the command line; they replace those of the former start, and are kept for automatic restarts.
        @param boolean wait True to get the answer when the work has ended, False as soon as it has begun.
        @return boolean result True.
        """  # noqa: E501
        return self._call(self._local.start_args, namespec, extra_args, wait)

    def update_numprocs(self, program_name: str, numprocs: int, wait: bool = True, lazy: bool = False) -> Answer:
        """Change the number of processes of a program in the local supervisord, in all groups that use it.

        @param string program_name Name of a program of the configuration, as in `[program:name]`, `[fcgi-program:name]` or `[eventlistener:name]`.
        @param int numprocs Number of processes wanted, in each group.
        @param boolean wait True to get the answer when the processes in excess have been removed, False as soon as the work has begun.
        @param boolean lazy True to let the processes in excess run until they end by themselves; the answer does not wait for them.
        @return boolean result True.
        """  # noqa: E501
        return self._call(self._local.update_numprocs, program_name, numprocs, wait, lazy)

    def enable(self, program_name: str, wait: bool = True) -> Answer:
        """Enable a program in the local supervisord; if it has autostart, its processes that have been stopped are started.

        @param string program_name Name of a program of the configuration, as in `[program:name]`, `[fcgi-program:name]` or `[eventlistener:name]`.
        @param boolean wait True to get the answer when the work has ended, False as soon as it has begun.
        @return boolean result True.
        """  # noqa: E501
        return self._call(self._local.enable, program_name, wait)

    def disable(self, program_name: str, wait: bool = True) -> Answer:
        """Disable a program in the local supervisord: its processes are stopped, and cannot be started there.

        @param string program_name Name of a program of the configuration, as in `[program:name]`, `[fcgi-program:name]` or `[eventlistener:name]`.
        @param boolean wait True to get the answer when the work has ended, False as soon as it has begun.
        @return boolean result True.
        """  # noqa: E501
        return self._call(self._local.disable, program_name, wait)

    def restart_sequence(self, wait: bool = True) -> Answer:
        """Run the automatic start again: what the start sequences want, does not run and no user has stopped.

        @param boolean wait True to get the answer when the request has ended, False as soon as it is accepted.
        @return boolean result True.
        """
        return self._call(self._control.restart_sequence, wait)

    def restart(self) -> Answer:
        """Stop all applications in the order of their stop sequence, then restart every supervisord. Answers at once.

        @return boolean result True.
        """
        return self._call(self._control.restart)

    def shutdown(self) -> Answer:
        """Stop all applications in the order of their stop sequence, then shut every supervisord down. Answers at once.

        @return boolean result True.
        """
        return self._call(self._control.shutdown)

    def change_log_level(self, level_param: str | int) -> Answer:
        """Change the level of the log of the local instance (and of supervisord when shared) until it restarts.

        @param string level_param Level, by its name in any case or by its value.
        @return boolean result True.
        """
        return self._call(self._control.change_log_level, level_param)

    def end_sync(self, master: str = '') -> Answer:
        """End the synchronization, with the given Master or, without one, with the one that the election gives.

        @param string master Identifier, nick name, or stereotype of one instance.
        @return boolean result True.
        """
        return self._call(self._control.end_sync, master)
