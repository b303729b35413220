"""What each kind of parameter accepts. Types are compared exactly: a boolean is not an integer."""
from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

import attrs
from supervisor.loggers import LevelsByDescription

from supvisors.model.enums import FaultCode, StartingStrategy
from supvisors.rpc.faults import fault
from supvisors.rpc.text import describe, fits_xml


@attrs.frozen
class Parameter:
    """One kind of parameter. `choices`, when there are some, maps each name to its value."""
    types: tuple[type, ...]
    accepted: str
    choices: Mapping[str, int] = attrs.field(factory=dict)
    any_case: bool = False
    """True when the case of a name does not matter; `choices` are in small letters then."""
    unreadable: Callable[[str], str] = lambda text: ''
    """Why a text cannot be read; empty when it can."""


def _unreadable_arguments(text: str) -> str:
    try:
        shlex.split(text)
    except ValueError as error:
        return str(error)
    return ''


LEVELS = {name: int(value) for name, value in vars(LevelsByDescription).items() if not name.startswith('_')}
_LEVELS_TEXT = ', '.join(f'{name} ({value})' for name, value in LEVELS.items())
_STRATEGIES = {strategy.name: int(strategy) for strategy in StartingStrategy}
_STRATEGIES_TEXT = ', '.join(f'{name} ({value})' for name, value in _STRATEGIES.items())

IDENTIFIER = Parameter((str,), 'the identifier, nick name or stereotype of an instance')
IDENTIFIER_OR_LOCAL = attrs.evolve(IDENTIFIER, accepted=f'{IDENTIFIER.accepted}, or an empty string')
APPLICATION_NAME = Parameter((str,), 'the name of an application')
NAMESPEC = Parameter((str,), 'group:name, name, or group:* for all processes of the group')
NAMESPEC_OR_ALL = attrs.evolve(NAMESPEC, accepted=f'{NAMESPEC.accepted}, or an empty string')
ONE_NAMESPEC = Parameter((str,), 'group:name or name')
STRATEGY = Parameter((str, int), f'the exact name or the integer value of a starting strategy: {_STRATEGIES_TEXT}',
                     choices=_STRATEGIES)
LEVEL = Parameter((str, int), f'the name, in any case, or the integer value of a level: {_LEVELS_TEXT}',
                  choices=LEVELS, any_case=True)
REGEX = Parameter((str,), 'a regular expression')
EXTRA_ARGS = Parameter((str,), 'a string')
READABLE_ARGS = attrs.evolve(EXTRA_ARGS, accepted='arguments as a shell reads them', unreadable=_unreadable_arguments)
PROGRAM_NAME = Parameter((str,), 'the name of a program of the configuration')
NUMPROCS = Parameter((int,), 'an integer greater than 0')
WAIT = Parameter((bool,), 'a boolean')
LAZY = WAIT


def check_form(name: str, parameter: Parameter, value: object) -> None:
    """Refuse a value of another type, and a text that no answer could carry."""
    if type(value) not in parameter.types:
        raise _incorrect(name, parameter, f'{describe(value)} ({type(value).__name__})')
    if isinstance(value, str) and not parameter.choices and not fits_xml(value):
        raise _incorrect(name, parameter, f'{describe(value)}, with control characters,')


def check_choice(name: str, parameter: Parameter, value: object) -> object:
    """The integer value of a member of an enumeration given by its name or its value; other parameters as they are."""
    choices = parameter.choices
    if not choices:
        if isinstance(value, str) and (reason := parameter.unreadable(value)):
            raise _incorrect(name, parameter, f'{describe(value)} ({reason})')
        return value
    name_given = value.lower() if isinstance(value, str) and parameter.any_case else value
    if isinstance(name_given, str) and name_given in choices:
        return choices[name_given]
    if isinstance(value, int) and value in choices.values():
        return value
    raise _incorrect(name, parameter, describe(value))


def _incorrect(name: str, parameter: Parameter, given: str) -> Exception:
    error: Exception = fault(FaultCode.INCORRECT_PARAMETERS, f'{name}: {given} given, expected {parameter.accepted}')
    return error
