"""What a method of supervisord did not expect is answered as a fault, where supervisord would answer HTTP 500."""
from __future__ import annotations

import functools
import secrets
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

from supervisor.xmlrpc import Faults, RPCError, supervisor_xmlrpc_handler

from supvisors.host.http import servers

_OF_PARAMETERS = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError)
"""What a value of another type, or one that is out of range, makes of a method that does not look at it."""
_LONGEST = 200
"""Characters of an error that are told: it may repeat the value."""


class Uncaught:
    """Wraps `call` of the XML-RPC handler of each server, and the deferred answers that it gives."""

    def __init__(self, options: Any) -> None:
        # the logger itself is not kept: supervisord makes a new one at each reload
        self._options = options
        self._wrapped: list[Any] = []

    def open(self) -> None:
        for handler in _handlers(self._options):
            handler.call = self._guarded(handler.call)
            self._wrapped.append(handler)

    def close(self) -> None:
        for handler in self._wrapped:
            del handler.call
        self._wrapped.clear()

    def _guarded(self, call: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
        def guarded(method: str, params: Any) -> Any:
            answer = self._answer(method, params, lambda: call(method, params))
            # what supervisord takes for an answer that is not known yet
            if isinstance(answer, types.FunctionType):
                return functools.wraps(answer)(lambda: self._answer(method, params, answer))
            return answer

        return guarded

    def _answer(self, method: str, params: Any, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except RPCError:
            raise
        except Exception as error:
            # without parameters, it is not their fault
            fault = self._blame if params and isinstance(error, _OF_PARAMETERS) else self._own_up
            raise fault(method, error) from None

    def _blame(self, method: str, error: Exception) -> RPCError:
        told = f'{method}: {_describe(error)}'
        self._options.logger.warn(f'supvisors: {told}; told to the client as INCORRECT_PARAMETERS')
        return RPCError(Faults.INCORRECT_PARAMETERS, told)

    def _own_up(self, method: str, error: Exception) -> RPCError:
        reference = secrets.token_hex(4)
        self._options.logger.critical(f'supvisors: {method} failed, reference {reference}\n{traceback.format_exc()}')
        return RPCError(Faults.FAILED, f'{method}: internal error {type(error).__name__}, reference {reference}')


def _describe(error: Exception) -> str:
    # a fault is XML and a log has lines: neither takes any character
    text = ascii(str(error))[1:-1]
    return f'{type(error).__name__}: {text[:_LONGEST]}'


def _handlers(options: Any) -> Iterator[Any]:
    """The XML-RPC handler of each server, inet or unix."""
    for server in servers(options):
        for handler in server.handlers:
            # the one that checks credentials wraps the one that answers
            inner = getattr(handler, 'handler', handler)
            if isinstance(inner, supervisor_xmlrpc_handler):
                yield inner
