"""The typed methods are thin: each hands its arguments, in order, to the method of the table that has its name."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from supvisors_client import methods
from supvisors_client.api.runner import Runner
from supvisors_client.api.supervisor import SupervisorApi
from supvisors_client.api.supvisors import SupvisorsApi
from supvisors_client.api.system import SystemApi


class Noted(SupvisorsApi):
    """Notes what would be run."""

    def _run(self, *call: Any, **options: Any) -> Any:
        return call, options


def every() -> list[tuple[Runner, str, Any]]:
    noted = Noted()
    pairs = ((noted, methods.supvisors), (SupervisorApi(noted), methods.supervisor), (SystemApi(noted), methods.system))
    return [
        (api, name, table)
        for api, table in pairs
        for name, _ in inspect.getmembers(type(api), inspect.isroutine)
        if not name.startswith('_') and name != 'multicall'
    ]


def test_count() -> None:
    assert len(every()) == len({(id(table), name) for _, name, table in every()}) >= 40 + 37 + 3


@pytest.mark.parametrize(('api', 'name', 'table'), every(), ids=lambda value: value if isinstance(value, str) else '')
def test_arguments_are_handed_over(api: Runner, name: str, table: Any) -> None:
    function = getattr(api, name)
    *names, timeout = inspect.signature(function).parameters
    given = {name: object() for name in [*names, timeout]}
    described = getattr(table, name.upper())
    assert [param.name for param in described.params] == names
    assert function(**given) == ((described, *(given[name] for name in names)), {'timeout': given['timeout']})
