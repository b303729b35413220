"""Acting on the supervisord that answers, alone: its programs, whatever the rules and the other instances say.

A call with `wait=True` is answered when the work has ended, as those of `supvisors_client.api.control`.
"""

from __future__ import annotations

from collections.abc import Sequence

from supvisors_client.api.runner import Runner
from supvisors_client.methods import supvisors
from supvisors_client.timeouts import DEFAULT, Timeout


class LocalApi(Runner):
    """The methods that act on the local supervisord. A program is a section of its configuration, not a process."""

    def start_args(
        self,
        namespec: str,
        extra_args: str | Sequence[str] = '',
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Start one process of the local supervisord, without regard to rules or strategies.

        Args:
            namespec: `group:name`, or `name` when both are equal; no wildcard.
            extra_args: appended to the command line: a sequence of arguments, each of which arrives as it is, or one
                text that is split as a shell does. They replace those of the former start, and are kept for automatic
                restarts.
            wait: True to get the answer when the process is RUNNING, False as soon as its start has begun.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            ShutdownStateFault: the local supervisord is stopping.
            BadNameFault: it does not know the process, or the namespec is a group.
            DisabledFault: the program is disabled.
            AlreadyStartedFault: the process is running.
            StillRunningFault: the process is stopping.
            NoFileFault: the command is not found; the process becomes FATAL.
            NotExecutableFault: the command cannot be executed, and the process becomes FATAL; or the arguments cannot
                be parsed, and nothing changes.
            SpawnErrorFault: the process could not be spawned; or, with `wait`, it does not reach RUNNING.
            FailedFault: the process is in an unknown state.
        """
        return self._run(supvisors.START_ARGS, namespec, extra_args, wait, timeout=timeout)

    def update_numprocs(
        self,
        program_name: str,
        numprocs: int,
        wait: bool = True,
        lazy: bool = False,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Change the number of processes of a program in the local supervisord, until it restarts or reloads.

        All groups that use the program change. The processes in excess are those with the highest numbers.

        Args:
            program_name: name of a program, FastCGI program or event listener of the configuration.
            numprocs: number of processes wanted in each group, above 0.
            wait: True to get the answer when the processes in excess have been removed, False as soon as the work has
                begun.
            lazy: True to let the processes in excess run until they end by themselves; the answer does not wait for
                them.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: the local supervisord has no such program.
            NotApplicableFault: the `process_name` of the program does not depend on the process number.
            FailedFault: the configuration cannot be applied; nothing has changed.
            StillRunningFault: with `wait`, a process in excess could not be stopped.
        """
        return self._run(supvisors.UPDATE_NUMPROCS, program_name, numprocs, wait, lazy, timeout=timeout)

    def enable(self, program_name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Enable a program in the local supervisord; if it has autostart, its processes that were stopped are started.

        Args:
            program_name: name of a program, FastCGI program or event listener of the configuration.
            wait: True to get the answer when the work has ended, False as soon as it has begun.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True, also when it was enabled.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: the local supervisord has no such program.
            FailedFault: the `disabilities_file` could not be written; nothing has changed.
        """
        return self._run(supvisors.ENABLE, program_name, wait, timeout=timeout)

    def disable(self, program_name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Disable a program in the local supervisord: its processes are stopped, and cannot be started there.

        Args:
            program_name: name of a program, FastCGI program or event listener of the configuration.
            wait: True to get the answer when the processes have stopped, False as soon as the program is disabled.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True, also when it was disabled.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: the local supervisord has no such program.
            FailedFault: the `disabilities_file` could not be written; nothing has changed.
            StillRunningFault: with `wait`, a process could not be stopped.
        """
        return self._run(supvisors.DISABLE, program_name, wait, timeout=timeout)
