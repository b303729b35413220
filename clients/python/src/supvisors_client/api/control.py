"""Acting on applications, processes and the whole.

A call with `wait=True` is answered when the work has ended, and has no limit of time unless one is given. When it ends
in a `TransportError` the work may go on: ask for the state before asking again.
"""

from __future__ import annotations

from collections.abc import Sequence

from supvisors_client.api.runner import Runner
from supvisors_client.enums import LoggerLevel, StartingStrategy
from supvisors_client.methods import supvisors
from supvisors_client.timeouts import DEFAULT, Timeout


class ControlApi(Runner):
    """The methods that act. A strategy is a member, its exact name or its value; a level too, in any case.

    Extra arguments are a sequence of arguments, each of which arrives as it is; or one text, which is split as a shell
    does, so that blanks, quotes and backslashes in it have their meaning.
    """

    def start_application(
        self,
        strategy: StartingStrategy | str | int,
        application_name: str,
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Start the processes of an application in the order of its start sequence.

        Args:
            strategy: how instances are chosen.
            application_name: a managed application that is STOPPED.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application.
            NotManagedFault: the application has no rules.
            AlreadyStartedFault: the application is not STOPPED.
            AbnormalTerminationFault: nothing can be started: no resource, or no process with a start sequence.
            NotRunningFault: with `wait`, the application ends not RUNNING.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.START_APPLICATION, strategy, application_name, wait, timeout=timeout)

    def stop_application(self, application_name: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop the processes of an application in the order of its stop sequence.

        Args:
            application_name: a managed application.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is neither in OPERATION nor in CONCILIATION.
            BadNameFault: unknown application.
            NotManagedFault: the application has no rules.
            NotRunningFault: no process of the application is running.
            StillRunningFault: with `wait`, a process still runs at the end.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.STOP_APPLICATION, application_name, wait, timeout=timeout)

    def restart_application(
        self,
        strategy: StartingStrategy | str | int,
        application_name: str,
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Stop an application in the order of its stop sequence if it runs, then start it.

        Args:
            strategy: how instances are chosen for the start.
            application_name: a managed application, in any state.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application.
            NotManagedFault: the application has no rules.
            AbnormalTerminationFault: nothing can be started: no resource, or no process with a start sequence.
            NotRunningFault: with `wait`, the application ends not RUNNING.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.RESTART_APPLICATION, strategy, application_name, wait, timeout=timeout)

    def start_process(
        self,
        strategy: StartingStrategy | str | int,
        namespec: str,
        extra_args: str | Sequence[str] = '',
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Start one process, or those of a group, where the strategy and the rules say.

        Args:
            strategy: how the instance is chosen.
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            extra_args: appended to the command line; see the class.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application or process.
            AlreadyStartedFault: one of the processes is running.
            AbnormalTerminationFault: no instance can run it: resources, rules, or disabled everywhere.
            NotRunningFault: with `wait`, a process ends not RUNNING; the detail lists the namespecs.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.START_PROCESS, strategy, namespec, extra_args, wait, timeout=timeout)

    def start_any_process(
        self,
        strategy: StartingStrategy | str | int,
        regex: str,
        extra_args: str | Sequence[str] = '',
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> str:
        """Start the first stopped process whose namespec matches and that some instance can take.

        The order is by application, then process.

        Args:
            strategy: how the instance is chosen.
            regex: regular expression, searched anywhere in the namespecs; another text is an IncorrectParametersFault.
            extra_args: appended to the command line; see the class.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            The namespec of the process.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            FailedFault: no stopped process matches and can be started; or the Master could not be reached, or was lost,
                before the outcome was known.
            NotRunningFault: with `wait`, the process ends not RUNNING.
        """
        return self._run(supvisors.START_ANY_PROCESS, strategy, regex, extra_args, wait, timeout=timeout)

    def stop_process(self, namespec: str, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop a process, or those of a group, wherever they run.

        Args:
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is neither in OPERATION nor in CONCILIATION.
            BadNameFault: unknown application or process.
            NotRunningFault: nothing is running.
            StillRunningFault: with `wait`, a process still runs at the end.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.STOP_PROCESS, namespec, wait, timeout=timeout)

    def restart_process(
        self,
        strategy: StartingStrategy | str | int,
        namespec: str,
        extra_args: str | Sequence[str] = '',
        wait: bool = True,
        *,
        timeout: Timeout = DEFAULT,
    ) -> bool:
        """Stop a process, or those of a group, wherever they run, then start them where the strategy and the rules say.

        Args:
            strategy: how the instance is chosen for the start.
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            extra_args: appended to the command line; see the class.
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application or process.
            AbnormalTerminationFault: no instance can run it: resources, rules, or disabled everywhere.
            NotRunningFault: with `wait`, a process ends not RUNNING; the detail lists the namespecs.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.RESTART_PROCESS, strategy, namespec, extra_args, wait, timeout=timeout)

    def restart_sequence(self, wait: bool = True, *, timeout: Timeout = DEFAULT) -> bool:
        """Run the automatic start again: what the start sequences want, does not run and no user has stopped.

        Args:
            wait: True to get the answer when the work has ended, False as soon as it is accepted.
            timeout: limit in seconds; none by default if `wait`.

        Returns:
            True.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION, or something is being started or stopped.
            AbnormalTerminationFault: no application has anything to start.
            FailedFault: the Master could not be reached, or was lost, before the outcome was known.
        """
        return self._run(supvisors.RESTART_SEQUENCE, wait, timeout=timeout)

    def restart(self, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop all applications in the order of their stop sequence, then restart every supervisord.

        Answers True at once, before it is done.

        Raises:
            BadSupvisorsStateFault: not in DISTRIBUTION, OPERATION, CONCILIATION, RESTARTING or SHUTTING_DOWN.
        """
        return self._run(supvisors.RESTART, timeout=timeout)

    def shutdown(self, *, timeout: Timeout = DEFAULT) -> bool:
        """Stop all applications in the order of their stop sequence, then shut every supervisord down.

        Answers True at once, before it is done.

        Raises:
            BadSupvisorsStateFault: not in DISTRIBUTION, OPERATION, CONCILIATION, RESTARTING or SHUTTING_DOWN.
        """
        return self._run(supvisors.SHUTDOWN, timeout=timeout)

    def change_log_level(self, level_param: LoggerLevel | str | int, *, timeout: Timeout = DEFAULT) -> bool:
        """Change the level of the log of the instance that answers, until it restarts.

        When Supvisors shares the log of supervisord, the level of both changes.

        Args:
            level_param: member, name in any case or value: critical (50), error (40), warn (30), info (20), debug (10),
                trace (5), blather (3).
            timeout: limit in seconds.

        Returns:
            True.
        """
        return self._run(supvisors.CHANGE_LOG_LEVEL, level_param, timeout=timeout)

    def end_sync(self, master: str = '', *, timeout: Timeout = DEFAULT) -> bool:
        """End the synchronization, with the given Master or the one that the election gives.

        Args:
            master: identifier, nick name, or stereotype of one instance; empty to let the election choose.
            timeout: limit in seconds.

        Returns:
            True at once, before it is done.

        Raises:
            BadSupvisorsStateFault: not in SYNCHRONIZATION, or there is a Master already.
            NotApplicableFault: USER is not among the `synchro_options` of the instance.
            BadNameFault: no instance has this identifier, nick name or stereotype.
            NotRunningFault: that instance is not RUNNING.
        """
        return self._run(supvisors.END_SYNC, master, timeout=timeout)
