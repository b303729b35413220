"""Extra arguments: a text is sent as it is, a sequence so that each argument arrives as it is."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdk_server import Running, answer

from supvisors_client import SupvisorsClient, methods

pytestmark = pytest.mark.filterwarnings('error')

ODD = ['a b', '', '"', "it's", 'dé jà\u3042', '\U0001f600', '\\', '$HOME `id` *', '# a', '-x=\t1\n2', ';', '%(here)s']

TAKERS: dict[str, Callable[[SupvisorsClient, Any], Any]] = {
    'start_args': lambda client, args: client.start_args('a:p', args),
    'start_process': lambda client, args: client.start_process('LOCAL', 'a:p', args),
    'restart_process': lambda client, args: client.restart_process('LOCAL', 'a:p', args),
    'start_any_process': lambda client, args: client.start_any_process('LOCAL', 'p', args),
}


def text_of(args: object) -> str:
    sent = methods.supvisors.EXTRA_ARGS.encode(args)
    assert type(sent) is str
    return sent


def test_every_method_that_has_extra_arguments() -> None:
    table = [value for value in vars(methods.supvisors).values() if isinstance(value, methods.Method)]
    named = {method.name for method in table if 'extra_args' in {param.name for param in method.params}}
    assert named == TAKERS.keys()


@pytest.mark.parametrize('name', TAKERS)
def test_what_is_sent(server: Running, client: SupvisorsClient, name: str) -> None:
    result: object = 'a:p' if name == 'start_any_process' else True
    sent: dict[str, object] = {}
    for given_args in ('-x  "y', '', [], ['a b', ''], ('é', "it's")):
        server.script.add(answer(result))
        assert TAKERS[name](client, given_args) == result
        _, params = server.script.call
        sent[repr(given_args)] = params[-2]
    assert sent == {
        repr('-x  "y'): '-x  "y',
        repr(''): '',
        repr([]): '',
        repr(['a b', '']): "'a b' ''",
        repr(('é', "it's")): "'é' 'it'\"'\"'s'",
    }


def test_in_a_batch_too(server: Running, client: SupvisorsClient) -> None:
    server.script.add(answer([True]))
    batch = client.multicall()
    started = batch.add(client.start_args, 'a:p', ['a b'], wait=False)
    batch.run()
    assert started.result() is True
    _, (calls,) = server.script.call
    assert calls == [{'methodName': 'supvisors.start_args', 'params': ['a:p', "'a b'", False]}]


def test_a_program_gets_each_argument_as_it_is() -> None:
    """supervisord splits the whole command line by shlex."""
    command = f'{shlex.quote(sys.executable)} -c "import sys; print(ascii(sys.argv[1:]))" {text_of(ODD)}'
    out = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True).stdout
    assert out.strip() == ascii(ODD)


@given(st.lists(st.text()))
def test_any_arguments_are_those_that_a_command_line_has(args: list[str]) -> None:
    assert shlex.split(f'program -x {text_of(args)}') == ['program', '-x', *args]
    assert text_of(tuple(args)) == text_of(args)


@pytest.mark.parametrize(
    ('args', 'text'),
    [
        (3, 'extra_args: expected str or a sequence of str, got 3'),
        (None, 'extra_args: expected str or a sequence of str, got None'),
        (b'', "extra_args: expected str or a sequence of str, got b''"),
        (['a', 1], r'extra_args\[1\]: expected str, got 1'),
        ([['a']], r"extra_args\[0\]: expected str, got \['a'\]"),
        ({'a'}, "extra_args: expected str or a sequence of str, got {'a'}"),
    ],
)
def test_nothing_is_sent_for_wrong_arguments(
    server: Running, client: SupvisorsClient, args: Sequence[str], text: str
) -> None:
    for taker in TAKERS.values():
        with pytest.raises(TypeError, match=text):
            taker(client, args)
    with pytest.raises(TypeError, match='numprocs: expected int, got True'):
        client.update_numprocs('p', True)
    assert server.script.requests == []
