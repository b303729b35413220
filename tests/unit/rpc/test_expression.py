"""Regular expressions: what is wrong is told with its place, and what would last is stopped."""
from __future__ import annotations

import re
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from xmlrpc.client import Fault

import pytest

from supvisors.model.enums import ProcessState
from supvisors.rpc.expression import MAX_LENGTH, check_expression
from tests.unit.rpc.dispatcher import WAITING, Dispatcher
from tests.unit.rpc.world import Daemon, World, process_view

HELD = 0.025
"""Seconds of processor for which a call may hold the loop: 20 ms, and what the kernel rounds its timers to."""


def refusal(rpc: Dispatcher, regex: str) -> str:
    with pytest.raises(Fault) as caught:
        rpc.call('start_any_process', 0, regex)
    assert caught.value.faultCode == 2
    text = caught.value.faultString
    assert text.startswith('INCORRECT_PARAMETERS: regex: ')
    return text.removeprefix('INCORRECT_PARAMETERS: regex: ')


@pytest.fixture(autouse=True)
def signals_are_left_as_they_were() -> Iterator[None]:
    former = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    yield
    assert signal.signal(signal.SIGPROF, former) is signal.SIG_IGN
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@pytest.mark.parametrize(('regex', 'text'), [
    ('[', "'[' is not a regular expression: unterminated character set (character 1)"),
    ('web:(api', "'web:(api' is not a regular expression: missing ), unterminated subpattern (character 5)"),
    ('web:*+*', "'web:*+*' is not a regular expression: multiple repeat (character 7)"),
    ('\\', "'\\\\' is not a regular expression: bad escape (end of pattern) (character 1)"),
    ('(?P<é>', "'(?P<\\xe9>' is not a regular expression: missing ), unterminated subpattern (character 1)"),
    ('a{99999999999999}',
     "'a{99999999999999}' is not a regular expression that Python can hold: the repetition number is too large"),
])
def test_wrong(rpc: Dispatcher, world: World, regex: str, text: str) -> None:
    if regex == 'web:*+*' and sys.version_info < (3, 11):
        text = text.replace('character 7', 'character 6')
    assert refusal(rpc, regex) == text
    assert world.requests == []


def test_long(rpc: Dispatcher, world: World) -> None:
    assert rpc.send('start_any_process', 0, 'a' * MAX_LENGTH).poll() is WAITING
    world.requests.clear()
    assert refusal(rpc, 'a' * (MAX_LENGTH + 1)).endswith(' has 1001 characters, at most 1000 are accepted')
    assert world.requests == []


def test_deep(rpc: Dispatcher) -> None:
    assert 'that Python can hold' in refusal(rpc, '(' * 500 + ')' * 500)


def test_a_reason_that_repeats_the_expression_is_cut(rpc: Dispatcher) -> None:
    assert len(refusal(rpc, f'(?P={"m" * 900})')) < 300


@pytest.mark.parametrize('regex', ['', 'web', '^web:', 'WEB', '(?i)WEB', '(web|back).*[0-9]*$', '(?!web)', '[[a]', '☃'])
def test_right(rpc: Dispatcher, world: World, regex: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert rpc.send('start_any_process', 0, regex).poll() is WAITING
    assert [command.target for command in world.requests] == [regex]


GREEDY = ('(?:){4294967294}', '(?:(?:){65535}){65535}')
"""These take memory as well."""


@pytest.mark.parametrize('regex', [
    '(a+)+$', '(a|a)*$', '(a?){60}a{60}$', '(?:a*)*$', '(.*)*=', '.*.*.*.*.*.*.*=', '(?=(a+)+$)b',
    *GREEDY,
    # compiling takes long as well
    '(?i)' + '[!-\U0010ffff]' * 70,
])
def test_endless(rpc: Dispatcher, world: World, regex: str) -> None:
    """A name is enough that a client has never seen."""
    world.shown_processes.append(process_view('web', 'a' * 60 + '!', ProcessState.RUNNING))
    spent = time.process_time()
    assert refusal(rpc, regex).endswith(
        ' needs more than 0.01 s to be searched in the names of the processes: avoid repetitions of repetitions')
    # taking memory cannot be interrupted: it is the kernel's, and lasts longer on a busy machine
    assert time.process_time() - spent < (4 * HELD if regex in GREEDY else HELD)
    assert world.requests == []


def test_an_endless_one_that_is_not_tried_on_a_name_is_harmless(rpc: Dispatcher) -> None:
    assert rpc.send('start_any_process', 0, '(a+)+$').poll() is WAITING


def test_the_limit_is_for_all_names_together(rpc: Dispatcher, world: World) -> None:
    """Each name takes little time by itself."""
    world.shown_processes.extend(process_view('web', f'{"a" * 12}{number}', ProcessState.STOPPED)
                                 for number in range(1000))
    spent = time.process_time()
    refusal(rpc, '(.*)*x')
    assert time.process_time() - spent < HELD


def test_many_names_are_no_reason_to_refuse(world: World) -> None:
    names = [f'application_{number}:process_{number}' for number in range(2000)]
    check_expression('regex', '^application_1.*[02468]$', names)


def test_what_fails_otherwise_is_ours(rpc: Dispatcher, daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> re.Pattern[str]:
        raise KeyError(text)

    monkeypatch.setattr(re, 'compile', broken)
    with pytest.raises(Fault) as caught:
        rpc.call('start_any_process', 0, 'web')
    assert caught.value.faultCode == 30
    assert len(daemon.errors) == 1
