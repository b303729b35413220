"""The blocking client."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from supvisors_client.api.supervisor import SupervisorApi
from supvisors_client.api.supvisors import SupvisorsApi
from supvisors_client.api.system import SystemApi
from supvisors_client.base import BaseClient
from supvisors_client.endpoint import Endpoint
from supvisors_client.methods import Method, reads_only
from supvisors_client.multicall import Batch
from supvisors_client.pool import Pool
from supvisors_client.timeouts import DEFAULT, Timeout

if TYPE_CHECKING:
    from ssl import SSLContext

T = TypeVar('T')
S = TypeVar('S', bound='SupvisorsClient')


class SupvisorsClient(BaseClient, SupvisorsApi):
    """Blocking client of the XML-RPC API of Supvisors.

        with SupvisorsClient('http://localhost:60000') as client:
            for process in client.get_all_process_info():
                print(process.application_name, process.process_name, process.statename)
            print(client.supervisor.get_state().statename)

    The methods of the namespace `supvisors` are those of the client itself; `supervisor` and `system` have the others.

    Threads may share a client: each call has a connection to itself, and up to four idle ones are kept. A child process
    made by fork must create its own.

    Besides the faults that each method lists, every method may raise a `TransportError`, `IncorrectParametersFault`,
    and, when the plugin is not loaded, `UnknownMethodFault`. A wrong argument raises TypeError or ValueError before
    anything is sent.

    `timeout` limits the whole call, in seconds above 0; None for no limit. Left out, it is that of the client, 30 s
    unless told otherwise; but there is none for a call with `wait=True`, which ends when the work ends.
    """

    @property
    def supervisor(self) -> SupervisorApi:
        """What the supervisord that answers offers by itself."""
        return SupervisorApi(self)

    @property
    def system(self) -> SystemApi:
        """What the server says about itself."""
        return SystemApi(self)

    def multicall(self) -> Batch:
        """Return an empty batch: `add` calls to it, `run` it, then read each `result`."""
        return Batch(self)

    def call(self, method: str, *params: Any, timeout: Timeout = DEFAULT) -> Any:
        """Call any method that the server has, such as `system.listMethods` or `supervisor.getState`.

        Args:
            method: name with its namespace.
            params: str, int of 32 bits, bool, float, bytes, datetime, list, dict.
            timeout: limit in seconds; here that of the client is the default even if the method waits.

        Returns:
            What was answered, as str, int, bool, float, bytes, datetime, list or dict.

        Raises:
            Fault: refused or failed.
            TransportError: no answer.
            TypeError, ValueError: the parameters cannot be sent.
        """
        request = self._raw_request(method, params, timeout, reads_only(method))
        return self._read(self._pool.exchange(request.body, request.timeout, request.reads_only))

    def close(self) -> None:
        """Close the connections; those in use are closed when their call ends. Later calls raise `SupvisorsError`."""
        self._pool.close()

    def __enter__(self: S) -> S:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _configure(
        self,
        endpoint: Endpoint,
        timeout: float | None,
        connect_timeout: float,
        ssl_context: SSLContext | None,
        max_answer_bytes: int,
    ) -> None:
        super()._configure(endpoint, timeout, connect_timeout, ssl_context, max_answer_bytes)
        self._pool = Pool(self._endpoint, self._connect_timeout, self._ssl_context, self._max_answer_bytes)

    def _run(self, method: Method[T], *arguments: object, timeout: Timeout) -> T:
        request = self._request(method, arguments, timeout)
        return method.decode(self._read(self._pool.exchange(request.body, request.timeout, request.reads_only)))
