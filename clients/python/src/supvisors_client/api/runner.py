"""What the typed methods need from the client that has them."""

from __future__ import annotations

from typing import TypeVar

from supvisors_client.methods import Method
from supvisors_client.timeouts import Timeout

T = TypeVar('T')


class Runner:
    """Runs a method of the table."""

    def _run(self, method: Method[T], *arguments: object, timeout: Timeout) -> T:
        raise NotImplementedError


class Namespace(Runner):
    """The methods of one namespace, run by the client that they belong to."""

    def __init__(self, owner: Runner) -> None:
        self._owner = owner

    def _run(self, method: Method[T], *arguments: object, timeout: Timeout) -> T:
        return self._owner._run(method, *arguments, timeout=timeout)
