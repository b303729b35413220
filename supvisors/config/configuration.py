"""All that the plugin reads at its start, and all that is wrong with it, in one go."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from supvisors.config.errors import ConfigurationError, Note, Problem, placed
from supvisors.config.instances import Found, NotHere, find_local
from supvisors.config.options import collect_options
from supvisors.config.rules import read_rules
from supvisors.config.secret import read_secret
from supvisors.model.options import Options
from supvisors.model.rules import Rules

T = TypeVar('T')


@attrs.frozen
class Configuration:
    """All that the files say."""
    options: Options
    rules: Rules
    found: Found
    secret: str = attrs.field(repr=False)
    notes: tuple[Note, ...] = ()


@attrs.define
class Reading:
    """As much as could be read. What has a problem is None, or has its default."""
    options: Options
    rules: Rules | None = None
    found: Found | None = None
    secret: str | None = attrs.field(default=None, repr=False)
    notes: list[Note] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    elsewhere: list[Problem] = attrs.field(factory=list)
    """Why this host is none of the list: another one may be."""


def read_configuration(raw: Mapping[str, str], *, http_port: int, nick: str, here: str, password: str = '',
                       environ: Mapping[str, str] | None = None,
                       places: Mapping[str, str] | None = None) -> Configuration:
    """Return the options, the rules, the local instance and the secret; the parameters are those of `read_options`.

    :param password: the password of the HTTP server, the secret when there is no `secret_file`
    :raise ConfigurationError: with all that is refused, in the section, the rules files and the secret
    """
    reading = gather(raw, http_port=http_port, nick=nick, here=here, password=password, environ=environ, places=places)
    problems = [*reading.problems, *reading.elsewhere]
    if problems or reading.rules is None or reading.found is None or reading.secret is None:
        raise ConfigurationError(problems)
    return Configuration(reading.options, reading.rules, reading.found, reading.secret, tuple(reading.notes))


def gather(raw: Mapping[str, str], *, http_port: int, nick: str, here: str, password: str = '',
           environ: Mapping[str, str] | None = None, places: Mapping[str, str] | None = None) -> Reading:
    """Do what `read_configuration` does, without raising. What depends on a refused option is not looked at."""
    read = collect_options(raw, http_port=http_port, nick=nick, here=here, environ=environ, places=places)
    options = read.options
    reading = Reading(options, notes=list(read.notes), problems=list(read.problems))
    refused = {problem.option for problem in read.problems}
    if 'rules_files' not in refused:
        rules = _try(reading, lambda: read_rules(options.rules_files, starting_strategy=options.starting_strategy))
        if rules:
            reading.rules = rules[0]
            reading.notes += rules[1]
    if not refused & {'supvisors_list', 'local_identifier'}:
        reading.found = _try(reading, lambda: find_local(options, http_port=http_port, nick=nick))
        reading.notes += reading.found.notes if reading.found else ()
    if 'secret_file' not in refused:
        reading.secret = _try(reading, lambda: read_secret(options.secret_file, password))
    reading.problems = placed(reading.problems, places or {})
    reading.elsewhere = placed(reading.elsewhere, places or {})
    return reading


def _try(reading: Reading, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except NotHere as error:
        reading.elsewhere += error.problems
    except ConfigurationError as error:
        reading.problems += error.problems
    return None
