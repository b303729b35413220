"""From the text of the `[rpcinterface:supvisors]` section to `Options`. The options themselves are in `option_table`.

Everything that is wrong is reported at once, in one `ConfigurationError`. A bad value never becomes a default.
"""
from __future__ import annotations

import difflib
import os
import platform
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from supvisors.config.elements import DEFAULT_NICK
from supvisors.config.errors import ConfigurationError, Note, Problem, Refused, at, placed, shown
from supvisors.config.expansion import NotExpanded, expander
from supvisors.config.option_table import FORMER, Option, option_table
from supvisors.model.enums import ConciliationStrategy, SupvisorsFailureStrategy, SynchroOption
from supvisors.model.options import Options

FACTORY_KEY = 'supervisor.rpcinterface_factory'
Values = dict[str, Any]
USUAL = {'auto_fence': False, 'conciliation_strategy': ConciliationStrategy.USER}
"""Options whose other values are not applied yet."""
UNCLEAN = ('Cc', 'Cs', 'Zl', 'Zp')
"""Kinds of characters that no name may have: control characters, halves of characters, ends of lines."""
TICK = 5.0
"""Seconds of one tick of `inactivity_ticks`."""


@attrs.frozen
class OptionsRead:
    """The options as far as they could be read: those of `problems` have their defaults."""
    options: Options
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()


def read_options(raw: Mapping[str, str], *, http_port: int, nick: str, here: str,
                 environ: Mapping[str, str] | None = None,
                 places: Mapping[str, str] | None = None) -> tuple[Options, tuple[Note, ...]]:
    """Return the options of the section, and what is to be logged about them.

    :param raw: what supervisord hands to the factory: option names and their texts
    :param http_port: the port of the local `[inet_http_server]`, given to the elements without a port, in [1;65535]
    :param nick: supervisord's identifier
    :param here: the folder of supervisord's configuration file, for `%(here)s`
    :param environ: the variables of `%(ENV_X)s`; those of the process by default
    :param places: the file and the line of each option, for the messages (see `places`)
    :raise ConfigurationError: with all that is refused
    """
    read = collect_options(raw, http_port=http_port, nick=nick, here=here, environ=environ, places=places)
    if read.problems:
        raise ConfigurationError(read.problems)
    return read.options, read.notes


def collect_options(raw: Mapping[str, str], *, http_port: int, nick: str, here: str,
                    environ: Mapping[str, str] | None = None,
                    places: Mapping[str, str] | None = None) -> OptionsRead:
    """Do what `read_options` does, without raising: for those who look for more problems than these."""
    table, places = option_table(http_port), places or {}
    expand = expander(here, platform.node(), os.environ if environ is None else environ)
    values: Values = {}
    problems: list[Problem] = []
    notes = [*_nick_notes(nick), *_unknown_notes(raw, table, places)]
    for name, text in raw.items():
        if option := table.get(name):
            try:
                values[name] = _parse(option, text, expand)
            except ValueError as exc:
                problems.append(_problem(option, text, exc))
    for correct in (_correct_ticks, _correct_synchro, _correct_strategy):
        correct(values, table, notes, problems, places)
    problems += [*_nick_problems(nick), *_port_problems(values, http_port)]
    waiting = [name + (f' ({places[name]})' if name in places else '') for name in values if not table[name].fields]
    if waiting:
        notes.append(Note('info', f'options set but not used yet: {", ".join(waiting)}'))
    notes += _not_applied(values, places)
    fields: Values = {}
    for name, value in values.items():
        names = table[name].fields
        fields.update(zip(names, value if len(names) > 1 else (value,), strict=False))
    return OptionsRead(attrs.evolve(Options(), **fields), tuple(notes), tuple(placed(problems, places)))


def _not_applied(values: Values, places: Mapping[str, str]) -> list[Note]:
    """Values that are accepted, and that nothing acts on yet."""
    found = {name: values[name] for name, usual in USUAL.items() if values.get(name, usual) != usual}
    return [Note('info', f'{at(places, name)}option {name} = {getattr(value, "name", value)} is not applied yet')
            for name, value in found.items()]


def _parse(option: Option, text: str, expand: Callable[[str], str]) -> Any:
    """A list of files is split before it is expanded: the folder of the configuration may have blanks in its name."""
    if option.split_first:
        return tuple(map(expand, option.parser(text)))
    return option.parser(expand(text))


def _problem(option: Option, text: str, error: ValueError) -> Problem:
    """The text is shown before its expansion, and no reason is given that could quote the environment."""
    told = isinstance(error, NotExpanded) or (isinstance(error, Refused) and not option.hidden and '%(ENV_' not in text)
    reason = str(error) if told else ''
    remedy = 'correct it' + (f', or remove the option to get its default: {option.default}' if option.default else '')
    return Problem(f'option {option.name}', None if option.hidden else text, option.parser.accepts, reason, remedy)


def _nick_notes(nick: str) -> list[Note]:
    writable = nick.strip() == nick and nick not in ('', '*') and ',' not in nick
    if nick == DEFAULT_NICK or writable or not _is_clean(nick):
        return []
    return [Note('warn', f"supervisord's identifier {shown(nick)} cannot be written in a list of names (blanks around, "
                         'a comma, empty or "*"): options, rules and requests cannot name this instance by it')]


def _nick_problems(nick: str) -> list[Problem]:
    """Answers name the instance in XML, logs on one line: neither can hold such characters."""
    if _is_clean(nick):
        return []
    return [Problem("supervisord's identifier", nick, 'a name on one line, without control characters', '',
                    'change the option -i of supervisord, or identifier in [supervisord]')]


def _is_clean(nick: str) -> bool:
    return not any(unicodedata.category(character) in UNCLEAN for character in nick)


def _port_problems(values: Values, http_port: int) -> list[Problem]:
    if values.get('bus_port') != http_port:
        return []
    return [Problem('option bus_port', str(http_port), '', 'it is the port of [inet_http_server]',
                    'choose another port, or 0 for any free one')]


def _unknown_notes(raw: Mapping[str, str], table: Mapping[str, Option], places: Mapping[str, str]) -> list[Note]:
    """The values are not shown: an unknown option may hold anything, a password too."""
    notes = []
    for name in raw:
        if name in table or name == FACTORY_KEY:
            continue
        if name in FORMER:
            notes.append(Note('warn', f'{at(places, name)}option {name} is ignored: {FORMER[name]}'))
            continue
        nearest = difflib.get_close_matches(name.lower()[:100], table, 1)
        hint = f'; did you mean {nearest[0]}?' if nearest else ''
        notes.append(Note('warn', f'{at(places, name)}option {shown(name)} is unknown and ignored{hint}'))
    return notes


def _correct_ticks(values: Values, table: Mapping[str, Option], notes: list[Note], problems: list[Problem],
                   places: Mapping[str, str]) -> None:
    ticks = values.pop('inactivity_ticks', None)
    if ticks is None:
        return
    where = at(places, 'inactivity_ticks')
    if 'failure_timeout' in values or any(problem.option == 'failure_timeout' for problem in problems):
        notes.append(Note('info', f'{where}inactivity_ticks = {ticks} is not used, because failure_timeout is set'))
        return
    values['failure_timeout'] = TICK * ticks
    notes.append(Note('info', f'{where}inactivity_ticks = {ticks} means failure_timeout = {TICK * ticks:g} seconds; '
                              'failure_timeout can be set instead (default 3): losses are then seen sooner'))


def _correct_synchro(values: Values, table: Mapping[str, Option], notes: list[Note], problems: list[Problem],
                     places: Mapping[str, str]) -> None:
    if any(problem.option in ('synchro_options', 'core_identifiers') for problem in problems):
        return
    option, written = table['synchro_options'], values.get('synchro_options')
    wanted: frozenset[SynchroOption] = option.parser(option.default) if written is None else written
    if SynchroOption.CORE in wanted and not values.get('core_identifiers'):
        wanted -= {SynchroOption.CORE}
        if written is not None and wanted:
            notes.append(Note('warn', f'{at(places, "synchro_options")}CORE is removed from synchro_options, because '
                                      'core_identifiers is empty'))
    if not wanted:
        only_core = ' without CORE, which needs core_identifiers' if written else ''
        problems.append(Problem('option synchro_options', None, option.parser.accepts,
                                f'nothing is left{only_core}', 'name at least one, or set core_identifiers'))
    values['synchro_options'] = wanted


def _correct_strategy(values: Values, table: Mapping[str, Option], notes: list[Note], problems: list[Problem],
                      places: Mapping[str, str]) -> None:
    strategy = values.get('supvisors_failure_strategy', SupvisorsFailureStrategy.CONTINUE)
    if SynchroOption.TIMEOUT in values.get('synchro_options', ()) and strategy != SupvisorsFailureStrategy.CONTINUE:
        values['supvisors_failure_strategy'] = SupvisorsFailureStrategy.CONTINUE
        where = at(places, 'supvisors_failure_strategy')
        notes.append(Note('warn', f'{where}supvisors_failure_strategy = {strategy.name} is changed to CONTINUE, '
                                  'because synchro_options has TIMEOUT (as by default): set it without TIMEOUT to '
                                  'keep the strategy'))
