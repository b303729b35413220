"""What the server says about itself, and several calls in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supvisors_client.api.runner import Namespace
from supvisors_client.methods import system
from supvisors_client.timeouts import DEFAULT, Timeout


class SystemApi(Namespace):
    """The namespace `system`."""

    def list_methods(self, *, timeout: Timeout = DEFAULT) -> list[str]:
        """Return the names of all methods of the server, namespace included, sorted."""
        return self._run(system.LIST_METHODS, timeout=timeout)

    def method_help(self, name: str, *, timeout: Timeout = DEFAULT) -> str:
        """Return the documentation of a method.

        Args:
            name: name with its namespace.
            timeout: limit in seconds.

        Raises:
            SignatureUnsupportedFault: unknown method.
        """
        return self._run(system.METHOD_HELP, name, timeout=timeout)

    def method_signature(self, name: str, *, timeout: Timeout = DEFAULT) -> list[str]:
        """Return the XML-RPC type of the result of a method, then those of its parameters.

        Args:
            name: name with its namespace.
            timeout: limit in seconds.

        Raises:
            SignatureUnsupportedFault: unknown method, or one that publishes no signature.
        """
        return self._run(system.METHOD_SIGNATURE, name, timeout=timeout)

    def multicall(self, calls: Sequence[tuple[str, Sequence[Any]]], *, timeout: Timeout = DEFAULT) -> list[Any]:
        """Send several calls in one request; they are run in their order, and a fault does not stop those that follow.

        `SupvisorsClient.multicall` does the same with typed results.

        Args:
            calls: name with its namespace, and parameters, of each.
            timeout: limit in seconds; here that of the client is the default even if a call waits.

        Returns:
            The plain result of each call; in place of it, a `Fault` (not raised) for one that was refused or failed.
        """
        structs = [{'methodName': name, 'params': list(params)} for name, params in calls]
        return self._run(system.MULTICALL, structs, timeout=timeout)
