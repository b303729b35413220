"""supervisord itself: its state, its configuration, its groups, what it knows of its processes."""

from __future__ import annotations

from supvisors_client.api.runner import Namespace
from supvisors_client.methods import supervisor
from supvisors_client.models import ConfigInfo, ReloadResult, SupervisorProcessInfo, SupervisorState
from supvisors_client.timeouts import DEFAULT, Timeout


class DaemonApi(Namespace):
    """The methods about one supervisord as a whole, and those that read its processes."""

    def get_api_version(self, *, timeout: Timeout = DEFAULT) -> str:
        """Return the version of the API of supervisord, such as `3.0`.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_API_VERSION, timeout=timeout)

    def get_version(self, *, timeout: Timeout = DEFAULT) -> str:
        """Return the same as `get_api_version`; older name.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_VERSION, timeout=timeout)

    def get_supervisor_version(self, *, timeout: Timeout = DEFAULT) -> str:
        """Return the release of Supervisor, such as `4.3.0`.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_SUPERVISOR_VERSION, timeout=timeout)

    def get_identification(self, *, timeout: Timeout = DEFAULT) -> str:
        """Return the option `identifier` of supervisord.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_IDENTIFICATION, timeout=timeout)

    def get_state(self, *, timeout: Timeout = DEFAULT) -> SupervisorState:
        """Return the state of supervisord.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_STATE, timeout=timeout)

    def get_pid(self, *, timeout: Timeout = DEFAULT) -> int:
        """Return the process identifier of supervisord.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_PID, timeout=timeout)

    def shutdown(self, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop this supervisord and its processes; the other instances go on.

        Answers True at once, before it is done.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.SHUTDOWN, timeout=timeout)

    def restart(self, *, timeout: Timeout = DEFAULT) -> bool:
        """Restart this supervisord and its processes; the other instances go on.

        Answers True at once, before it is done.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.RESTART, timeout=timeout)

    def reload_config(self, *, timeout: Timeout = DEFAULT) -> ReloadResult:
        """Read the configuration files again, and compare; the active groups are left as they are.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            CantRereadFault: a file is wrong or cannot be read; the detail tells.
        """
        return self._run(supervisor.RELOAD_CONFIG, timeout=timeout)

    def add_process_group(self, name: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Make a group of the configuration active; its processes with `autostart` start.

        Args:
            name: name of the group.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            AlreadyAddedFault: the group is active.
            BadNameFault: no such group in the configuration that was read last.
        """
        return self._run(supervisor.ADD_PROCESS_GROUP, name, timeout=timeout)

    def remove_process_group(self, name: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Remove a stopped group from the active ones.

        Args:
            name: name of the group.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: no such active group.
            StillRunningFault: a process of the group runs.
        """
        return self._run(supervisor.REMOVE_PROCESS_GROUP, name, timeout=timeout)

    def get_all_config_info(self, *, timeout: Timeout = DEFAULT) -> list[ConfigInfo]:
        """Return the configuration of all processes as it was read last, sorted by process name.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_ALL_CONFIG_INFO, timeout=timeout)

    def get_process_info(self, name: str, *, timeout: Timeout = DEFAULT) -> SupervisorProcessInfo:
        """Return information about one process of this supervisord.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
        """
        return self._run(supervisor.GET_PROCESS_INFO, name, timeout=timeout)

    def get_all_process_info(self, *, timeout: Timeout = DEFAULT) -> list[SupervisorProcessInfo]:
        """Return information about all processes of this supervisord, sorted by group then name.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.GET_ALL_PROCESS_INFO, timeout=timeout)
