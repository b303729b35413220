"""Acting on the processes of one supervisord.

A call with `wait=True` is answered when the work has ended, and has no limit of time unless one is given.
"""

from __future__ import annotations

from supvisors_client.api.runner import Namespace
from supvisors_client.methods import supervisor
from supvisors_client.models import ProcessStatus
from supvisors_client.timeouts import DEFAULT, Timeout


class ProcessesApi(Namespace):
    """The methods that start, stop, signal and feed processes; a group is given to the `_group` forms only."""

    def start_process(self, name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Start a process of this supervisord, without regard to strategies and rules.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process.
            NoFileFault: the command was not found.
            NotExecutableFault: the command cannot be executed.
            AlreadyStartedFault: it runs already.
            FailedFault: its state is UNKNOWN.
            SpawnErrorFault: it could not be started, or exited too early.
            AbnormalTerminationFault: with `wait`, it ends in another state than RUNNING.
            DisabledFault: its program is disabled.
        """
        return self._run(supervisor.START_PROCESS, name, wait, timeout=timeout)

    def start_process_group(self, name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Start the processes of a group that do not run, by priority.

        The `status` of each may be SPAWN_ERROR, ABNORMAL_TERMINATION, NO_FILE, NOT_EXECUTABLE or DISABLED.

        Args:
            name: name of the group.
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            Those that were started or could not be, in the order in which it ended.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown group.
        """
        return self._run(supervisor.START_PROCESS_GROUP, name, wait, timeout=timeout)

    def start_all_processes(self, wait: bool = True, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Start all processes of this supervisord that do not run, by priority.

        The `status` of each may be SPAWN_ERROR, ABNORMAL_TERMINATION, NO_FILE, NOT_EXECUTABLE or DISABLED.

        Args:
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            Those that were started or could not be, in the order in which it ended.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.START_ALL_PROCESSES, wait, timeout=timeout)

    def stop_process(self, name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop a process of this supervisord.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process.
            NotRunningFault: it does not run.
            FailedFault: the signal could not be sent.
        """
        return self._run(supervisor.STOP_PROCESS, name, wait, timeout=timeout)

    def stop_process_group(self, name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Stop the processes of a group that run.

        The `status` of each may be FAILED.

        Args:
            name: name of the group.
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            Those that were stopped or could not be, in the order in which it ended.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown group.
        """
        return self._run(supervisor.STOP_PROCESS_GROUP, name, wait, timeout=timeout)

    def stop_all_processes(self, wait: bool = True, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Stop all processes of this supervisord that run.

        The `status` of each may be FAILED.

        Args:
            wait: True to get the answer when the work has ended, False as soon as it is under way.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            Those that were stopped or could not be, in the order in which it ended.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.STOP_ALL_PROCESSES, wait, timeout=timeout)

    def signal_process(self, name: str, signal: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Send a signal to a process.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            signal: name or number, such as `HUP`, `SIGHUP` or `1`.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadSignalFault: unknown signal.
            BadNameFault: unknown process.
            NotRunningFault: it does not run.
            FailedFault: the signal could not be sent.
        """
        return self._run(supervisor.SIGNAL_PROCESS, name, signal, timeout=timeout)

    def signal_process_group(self, name: str, signal: str, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Send a signal to the processes of a group that run.

        The `status` of each may be BAD_SIGNAL or FAILED.

        Args:
            name: name of the group.
            signal: name or number, such as `HUP`, `SIGHUP` or `1`.
            timeout: limit in seconds.

        Returns:
            Those that run.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown group.
        """
        return self._run(supervisor.SIGNAL_PROCESS_GROUP, name, signal, timeout=timeout)

    def signal_all_processes(self, signal: str, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Send a signal to all processes of this supervisord that run.

        The `status` of each may be BAD_SIGNAL or FAILED.

        Args:
            signal: name or number, such as `HUP`, `SIGHUP` or `1`.
            timeout: limit in seconds.

        Returns:
            Those that run.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.SIGNAL_ALL_PROCESSES, signal, timeout=timeout)

    def send_process_stdin(self, name: str, chars: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Write to the standard input of a process, in UTF-8.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            chars: what to write; characters that XML cannot carry raise ValueError.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            NotRunningFault: it does not run.
            NoFileFault: it has closed its standard input.
        """
        return self._run(supervisor.SEND_PROCESS_STDIN, name, chars, timeout=timeout)

    def send_remote_comm_event(self, type: str, data: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Send a REMOTE_COMMUNICATION event to the event listeners of this supervisord.

        Args:
            type: type of the event.
            data: body of the event.
            timeout: limit in seconds.

        Returns:
            True.
        """
        return self._run(supervisor.SEND_REMOTE_COMM_EVENT, type, data, timeout=timeout)
