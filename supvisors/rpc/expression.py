"""Regular expressions given by clients: none may be wrong, and none may keep supervisord busy.

Python's engine tries all the ways in which an expression can match, which may be more than there are seconds in a
century, and it cannot tell beforehand. So an expression is tried here, on all names that the Master may search, before
it is carried to the Master: what takes more than its share of the processor is refused. That is measured where it is
run, because no list of dangerous forms is complete.
"""
from __future__ import annotations

import re
import signal
import warnings
from collections.abc import Callable, Iterable

from supvisors.model.enums import FaultCode
from supvisors.rpc.faults import fault
from supvisors.rpc.text import describe

MAX_LENGTH = 1000
"""Characters; more than anybody writes, and little enough that no expression is too deep for the stack."""
BUDGET = 0.010
"""Seconds of processor, for all names together: supervisord's loop waits meanwhile. Enough for any honest expression on
thousands of names."""
MAX_REASON = 100
"""Characters of the reason, which may repeat a part of the expression."""


class _OutOfTime(Exception):
    pass


def check_expression(name: str, text: str, searched: Iterable[str]) -> None:
    """Refuse a parameter that is no regular expression, or that takes too long on the texts that are searched.

    To be called in the main thread, as all methods are: no other can be interrupted.
    """
    if len(text) > MAX_LENGTH:
        raise _refused(name, text, f'has {len(text)} characters, at most {MAX_LENGTH} are accepted')
    texts = list(searched)
    try:
        _within_budget(lambda: _search(text, texts))
    except re.error as error:
        # some errors are about the whole of it, and have no position
        place = '' if error.pos is None else f' (character {error.pos + 1})'
        raise _refused(name, text, f'is not a regular expression: {error.msg[:MAX_REASON]}{place}') from None
    except (OverflowError, RecursionError) as error:
        raise _refused(name, text, f'is not a regular expression that Python can hold: {error}') from None
    except (_OutOfTime, MemoryError):
        raise _refused(name, text, f'needs more than {BUDGET:g} s to be searched in the names of the processes: '
                                   'avoid repetitions of repetitions') from None


def _search(text: str, texts: Iterable[str]) -> None:
    with warnings.catch_warnings():
        # what a later Python may read otherwise is no concern of the console of supervisord
        warnings.simplefilter('ignore')
        regex = re.compile(text)
    for one in texts:
        regex.search(one)


def _within_budget(action: Callable[[], None]) -> None:
    """Run it until it ends, or raise `_OutOfTime`: `re` looks for signals while it searches.

    The clock is that of the processor, so that a busy machine refuses no more than an idle one. That of the kernel is
    included: some expressions spend their time in taking memory, 15 MB at most in this budget.
    """
    former = signal.signal(signal.SIGPROF, _interrupt)
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, BUDGET)
            action()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.signal(signal.SIGPROF, former)


def _interrupt(number: int, frame: object) -> None:
    raise _OutOfTime


def _refused(name: str, text: str, why: str) -> Exception:
    error: Exception = fault(FaultCode.INCORRECT_PARAMETERS, f'{name}: {describe(text)} {why}')
    return error
