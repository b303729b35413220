"""Reading: nothing here changes anything."""

from __future__ import annotations

from supvisors_client.api.runner import Runner
from supvisors_client.methods import supvisors
from supvisors_client.models import (
    ApplicationInfo,
    ApplicationRules,
    Identifier,
    InnerProcessInfo,
    InstanceInfo,
    LocalProcessInfo,
    MasterIdentifier,
    NetworkInfo,
    ProcessInfo,
    ProcessRules,
    StateModes,
    StatisticsStatus,
    Strategies,
    SupvisorsStatus,
)
from supvisors_client.timeouts import DEFAULT, Timeout


class StatusApi(Runner):
    """The methods that read. An identifier is that of an instance, its nick name, or a stereotype: hence a list."""

    def get_api_version(self, *, timeout: Timeout = DEFAULT) -> str:
        """Return the release of Supvisors, such as `1.0.0`."""
        return self._run(supvisors.GET_API_VERSION, timeout=timeout)

    def get_supvisors_state(self, *, timeout: Timeout = DEFAULT) -> SupvisorsStatus:
        """Return the state of Supvisors, as seen by the instance that answers."""
        return self._run(supvisors.GET_SUPVISORS_STATE, timeout=timeout)

    def get_all_instances_state_modes(self, *, timeout: Timeout = DEFAULT) -> list[StateModes]:
        """Return the state and modes of all instances, sorted by identifier."""
        return self._run(supvisors.GET_ALL_INSTANCES_STATE_MODES, timeout=timeout)

    def get_instance_state_modes(self, identifier: str = '', *, timeout: Timeout = DEFAULT) -> list[StateModes]:
        """Return the state and modes of some instances.

        Args:
            identifier: identifier, nick name or stereotype; empty for the instance that answers.
            timeout: limit in seconds.

        Raises:
            BadNameFault: no instance has this identifier, nick name or stereotype.
        """
        return self._run(supvisors.GET_INSTANCE_STATE_MODES, identifier, timeout=timeout)

    def get_master_identifier(self, *, timeout: Timeout = DEFAULT) -> MasterIdentifier:
        """Return the names of the Master; false in a condition when there is none."""
        return self._run(supvisors.GET_MASTER_IDENTIFIER, timeout=timeout)

    def get_core_identifiers(self, *, timeout: Timeout = DEFAULT) -> list[Identifier]:
        """Return the names of the Core instances, in the order of the option `core_identifiers`."""
        return self._run(supvisors.GET_CORE_IDENTIFIERS, timeout=timeout)

    def get_strategies(self, *, timeout: Timeout = DEFAULT) -> Strategies:
        """Return the strategies in force."""
        return self._run(supvisors.GET_STRATEGIES, timeout=timeout)

    def get_statistics_status(self, *, timeout: Timeout = DEFAULT) -> StatisticsStatus:
        """Return what the instance that answers collects."""
        return self._run(supvisors.GET_STATISTICS_STATUS, timeout=timeout)

    def get_network_info(self, identifier: str, *, timeout: Timeout = DEFAULT) -> list[NetworkInfo]:
        """Return the network details of some instances.

        Args:
            identifier: identifier, nick name or stereotype.
            timeout: limit in seconds.

        Raises:
            BadNameFault: no instance has this identifier, nick name or stereotype.
        """
        return self._run(supvisors.GET_NETWORK_INFO, identifier, timeout=timeout)

    def get_instance_info(self, identifier: str, *, timeout: Timeout = DEFAULT) -> list[InstanceInfo]:
        """Return information about some instances.

        Args:
            identifier: identifier, nick name or stereotype.
            timeout: limit in seconds.

        Raises:
            BadNameFault: no instance has this identifier, nick name or stereotype.
        """
        return self._run(supvisors.GET_INSTANCE_INFO, identifier, timeout=timeout)

    def get_all_instances_info(self, *, timeout: Timeout = DEFAULT) -> list[InstanceInfo]:
        """Return information about all instances, sorted by identifier."""
        return self._run(supvisors.GET_ALL_INSTANCES_INFO, timeout=timeout)

    def get_all_applications_info(self, *, timeout: Timeout = DEFAULT) -> list[ApplicationInfo]:
        """Return information about all applications, sorted by name.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
        """
        return self._run(supvisors.GET_ALL_APPLICATIONS_INFO, timeout=timeout)

    def get_application_info(self, application_name: str, *, timeout: Timeout = DEFAULT) -> ApplicationInfo:
        """Return information about one application.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
            BadNameFault: unknown application.
        """
        return self._run(supvisors.GET_APPLICATION_INFO, application_name, timeout=timeout)

    def get_application_rules(self, application_name: str, *, timeout: Timeout = DEFAULT) -> ApplicationRules:
        """Return the rules of one application; little is in them when it is not managed.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
            BadNameFault: unknown application.
        """
        return self._run(supvisors.GET_APPLICATION_RULES, application_name, timeout=timeout)

    def get_all_process_info(self, *, timeout: Timeout = DEFAULT) -> list[ProcessInfo]:
        """Return information about all processes, sorted by application then process.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
        """
        return self._run(supvisors.GET_ALL_PROCESS_INFO, timeout=timeout)

    def get_process_info(self, namespec: str, *, timeout: Timeout = DEFAULT) -> list[ProcessInfo]:
        """Return information about one process, or those of a group.

        Args:
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            timeout: limit in seconds.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
            BadNameFault: unknown application or process.
        """
        return self._run(supvisors.GET_PROCESS_INFO, namespec, timeout=timeout)

    def get_process_rules(self, namespec: str, *, timeout: Timeout = DEFAULT) -> list[ProcessRules]:
        """Return the rules of one process, or those of a group.

        Args:
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            timeout: limit in seconds.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
            BadNameFault: unknown application or process.
        """
        return self._run(supvisors.GET_PROCESS_RULES, namespec, timeout=timeout)

    def get_conflicts(self, *, timeout: Timeout = DEFAULT) -> list[ProcessInfo]:
        """Return the processes of managed applications that run on several instances.

        Sorted by application then process.

        Raises:
            BadSupvisorsStateFault: in OFF or SYNCHRONIZATION.
        """
        return self._run(supvisors.GET_CONFLICTS, timeout=timeout)

    def get_all_local_process_info(self, *, timeout: Timeout = DEFAULT) -> list[LocalProcessInfo]:
        """Return information about all processes of the supervisord that answers, sorted by group then name.

        Raises:
            ShutdownStateFault: that supervisord is stopping.
        """
        return self._run(supvisors.GET_ALL_LOCAL_PROCESS_INFO, timeout=timeout)

    def get_local_process_info(self, namespec: str, *, timeout: Timeout = DEFAULT) -> LocalProcessInfo:
        """Return information about one process of the supervisord that answers.

        Args:
            namespec: `group:name`, or `name` when both are equal; no wildcard.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: that supervisord is stopping.
            BadNameFault: unknown there, or a group.
        """
        return self._run(supvisors.GET_LOCAL_PROCESS_INFO, namespec, timeout=timeout)

    def get_all_inner_process_info(self, identifier: str = '', *, timeout: Timeout = DEFAULT) -> list[InnerProcessInfo]:
        """Return information about all processes of some instances, as the one that answers knows them.

        Sorted by group then name.

        Args:
            identifier: identifier, nick name or stereotype; empty for the instance that answers.
            timeout: limit in seconds.

        Raises:
            BadNameFault: no instance has this identifier, nick name or stereotype.
        """
        return self._run(supvisors.GET_ALL_INNER_PROCESS_INFO, identifier, timeout=timeout)

    def get_inner_process_info(
        self, identifier: str = '', namespec: str = '', *, timeout: Timeout = DEFAULT
    ) -> list[InnerProcessInfo]:
        """Return information about processes of some instances, as the one that answers knows them.

        Args:
            identifier: identifier, nick name or stereotype; empty for the instance that answers.
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group; empty for
                all processes.
            timeout: limit in seconds.

        Raises:
            BadNameFault: no instance has this identifier, nick name or stereotype; unknown application or process.
            FailedFault: one of these instances does not know the process, or was never met.
        """
        return self._run(supvisors.GET_INNER_PROCESS_INFO, identifier, namespec, timeout=timeout)
