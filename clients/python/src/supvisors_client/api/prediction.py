"""What a start would do, without doing it: nothing here changes anything."""

from __future__ import annotations

from supvisors_client.api.runner import Runner
from supvisors_client.enums import StartingStrategy
from supvisors_client.methods import supvisors
from supvisors_client.models import StartPrediction
from supvisors_client.timeouts import DEFAULT, Timeout


class PredictionApi(Runner):
    """The methods that predict, with the same arguments and the same refusals as those that start."""

    def test_start_application(
        self, strategy: StartingStrategy | str | int, application_name: str, *, timeout: Timeout = DEFAULT
    ) -> list[StartPrediction]:
        """Return what starting an application would do now, sorted by process.

        Args:
            strategy: how instances are chosen.
            application_name: a managed application that is STOPPED.
            timeout: limit in seconds.

        Returns:
            What would become of each process of its start sequence.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application.
            NotManagedFault: the application has no rules.
            AlreadyStartedFault: the application is not STOPPED.
        """
        return self._run(supvisors.TEST_START_APPLICATION, strategy, application_name, timeout=timeout)

    def test_start_process(
        self, strategy: StartingStrategy | str | int, namespec: str, *, timeout: Timeout = DEFAULT
    ) -> list[StartPrediction]:
        """Return what starting one process, or those of a group, would do now, sorted by process.

        Args:
            strategy: how the instance is chosen.
            namespec: `group:name`, or `name` when both are equal; `group:*` for all processes of the group.
            timeout: limit in seconds.

        Returns:
            What would become of each process.

        Raises:
            BadSupvisorsStateFault: Supvisors is not in OPERATION.
            BadNameFault: unknown application or process.
            AlreadyStartedFault: one of the processes is running.
        """
        return self._run(supvisors.TEST_START_PROCESS, strategy, namespec, timeout=timeout)
