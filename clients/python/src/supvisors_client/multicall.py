"""Several typed calls in one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, ParamSpec, TypeVar, cast

from supvisors_client.api.runner import Namespace, Runner
from supvisors_client.api.supvisors import SupvisorsApi
from supvisors_client.errors import Fault, ProtocolError, SupvisorsError
from supvisors_client.methods import Method, system
from supvisors_client.timeouts import DEFAULT, Timeout

T = TypeVar('T')
P = ParamSpec('P')

_UNANSWERED = object()


class Pending(Generic[T]):
    """The result of one call of a batch, once the batch has run."""

    def __init__(self, wire_name: str, decode: Callable[[object], T]) -> None:
        self._wire_name = wire_name
        self._decode = decode
        self._raw: object = _UNANSWERED

    def result(self) -> T:
        """Return the result, as the call alone would have.

        Raises:
            Fault: this call was refused or failed; the others were run all the same.
            ProtocolError: the value is not what the API says.
            SupvisorsError: the batch has not run, or got no answer.
        """
        if self._raw is _UNANSWERED:
            raise SupvisorsError(f'{self._wire_name}: no result before run() has returned')
        if isinstance(self._raw, Fault):
            # a new one each time: an exception keeps where it was raised
            raise type(self._raw)(*self._raw.args)
        return self._decode(self._raw)

    def __repr__(self) -> str:
        return f'<Pending {self._wire_name}>'


@dataclass(frozen=True, slots=True)
class _Entry:
    call: dict[str, Any]
    held: bool
    pending: Pending[Any]


class _Recorder(SupvisorsApi):
    """Has the methods of the client, and notes the calls instead of making them."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []

    def call(self, method: str, *params: Any, timeout: Timeout = DEFAULT) -> Any:
        return self._note(method, list(params), False, lambda raw: raw, timeout)

    def _run(self, method: Method[T], *arguments: object, timeout: Timeout) -> T:
        params = method.encode(arguments)
        return cast(T, self._note(method.wire_name, params, method.holds_answer(arguments), method.decode, timeout))

    def _note(
        self, wire_name: str, params: list[Any], held: bool, decode: Callable[[object], T], timeout: Timeout
    ) -> Pending[T]:
        if timeout is not DEFAULT:
            raise ValueError(f'{wire_name}: the calls of a batch share one time-out, give it to run()')
        if wire_name == system.MULTICALL.wire_name:
            raise ValueError(f'{wire_name}: the server refuses one inside another, add its calls to the batch')
        pending = Pending(wire_name, decode)
        self.entries.append(_Entry({'methodName': wire_name, 'params': params}, held, pending))
        return pending


class Batch:
    """Calls that are sent in one request and run by the server in their order, for one thread.

        batch = client.multicall()
        state = batch.add(client.get_supvisors_state)
        info = batch.add(client.supervisor.get_process_info, 'group:name')
        batch.run()
        print(state.result().fsm_statename, info.result().pid)

    The server runs the next call when the one before has ended, so that a call that waits holds up those after it.
    supervisord cuts the answer short when a call that waits and text outside ASCII are in one batch: keep them apart.
    """

    def __init__(self, client: Runner) -> None:
        self._client = client
        self._recorder = _Recorder()
        self._answered = False

    def __len__(self) -> int:
        return len(self._recorder.entries)

    def add(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Pending[T]:
        """Add a call.

        Args:
            function: a method of the client, or of its `supervisor` or `system`; it is not called.
            args: its arguments, without `timeout`.
            kwargs: the same, by name.

        Returns:
            Where the result will be.

        Raises:
            TypeError: not a method of the API of this client, or a wrong argument.
            ValueError: a wrong argument.
            SupvisorsError: the batch has run.
        """
        if self._answered:
            raise SupvisorsError('the batch has run: make another one')
        return cast('Pending[T]', self._recorded(function)(*args, **kwargs))

    def run(self, *, timeout: Timeout = DEFAULT) -> None:
        """Send the calls; faults are raised by the results, when they are read.

        Args:
            timeout: limit in seconds for the whole; none by default if one of the calls waits.

        Raises:
            TransportError: no answer, so no results; calls that change something may have been executed.
            SupvisorsError: the batch has run.
        """
        if self._answered:
            raise SupvisorsError('the batch has run: make another one')
        entries = self._recorder.entries
        if entries:
            method = replace(system.MULTICALL, held=any(entry.held for entry in entries))
            answers = self._client._run(method, [entry.call for entry in entries], timeout=timeout)
            if len(answers) != len(entries):
                raise ProtocolError(f'{method.wire_name}: {len(answers)} results for {len(entries)} calls')
            for entry, raw in zip(entries, answers, strict=True):
                entry.pending._raw = raw
        self._answered = True

    def _recorded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        owner, name = getattr(function, '__self__', None), getattr(function, '__name__', '_')
        twin: Runner | None = None
        if owner is self._client:
            twin = self._recorder
        elif isinstance(owner, Namespace) and owner._owner is self._client:
            twin = type(owner)(self._recorder)
        recorded: Callable[..., Any] | None = None if name.startswith('_') else getattr(twin, name, None)
        if recorded is None:
            raise TypeError(f'{function!r} is not a method of the API of this client')
        return recorded
