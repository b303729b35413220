"""The namespace `supervisor`, whole."""

from supvisors_client.api.supervisor_daemon import DaemonApi
from supvisors_client.api.supervisor_logs import LogsApi
from supvisors_client.api.supervisor_processes import ProcessesApi


class SupervisorApi(DaemonApi, ProcessesApi, LogsApi):
    """What supervisord offers by itself, for the instance that answers alone.

    `start_process` here knows nothing of strategies and rules: it starts the process there, and nowhere else.
    """
