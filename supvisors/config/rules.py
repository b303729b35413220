"""From the XML rules files to `Rules`: what each element takes is in `rules_grammar`, this page says what it means.

All problems of all files are reported together; rules that are not right are never replaced by no rules at all.
"""
from __future__ import annotations

import glob
import os.path
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from supvisors.config.errors import ConfigurationError, Note, Problem
from supvisors.config.rules_grammar import NOT_YET, Checked, Checker
from supvisors.config.rules_xml import Malformed, parse_xml
from supvisors.model.enums import RunningFailureStrategy, StartingStrategy
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules

INHERITED = ('starting_failure_strategy', 'running_failure_strategy')
"""What an application gives to its programs that do not say otherwise."""


def read_rules(patterns: Iterable[str], *,
               starting_strategy: StartingStrategy = StartingStrategy.CONFIG) -> tuple[Rules, tuple[Note, ...]]:
    """Read the files and return the rules, and what is to be logged about them.

    :param patterns: paths, in which `*`, `?` and `[...]` are expanded (option `rules_files`)
    :param starting_strategy: the one of the applications that say nothing (option `starting_strategy`)
    :raise ConfigurationError: with all that is refused, in all files
    """
    files, notes, problems = find_files(patterns)
    documents = []
    for file in files:
        try:
            with open(file, 'rb') as stream:
                documents.append((file, stream.read()))
        except OSError as exc:
            problems.append(Problem(file, None, 'a file that can be read', exc.strerror or 'it cannot be read',
                                    'check the file and its permissions, or remove it from rules_files'))
    rules, more = parse_rules(documents, starting_strategy=starting_strategy, problems=problems)
    return rules, (*notes, *more)


def find_files(patterns: Iterable[str]) -> tuple[list[str], list[Note], list[Problem]]:
    """Return the absolute paths, without duplicates, sorted; and what is missing.

    A pattern that matches nothing is worth a warning; a plain path to nothing is a mistake.
    """
    files: set[str] = set()
    notes, problems = [], []
    for pattern in patterns:
        found = glob.glob(pattern)
        files.update(map(os.path.abspath, found))
        if found:
            continue
        if glob.has_magic(pattern):
            notes.append(Note('warn', f'rules_files: no file matches {pattern}'))
        else:
            problems.append(Problem('option rules_files', pattern, 'files that exist', 'there is no such file',
                                    'correct the path, or remove it'))
    return sorted(files), notes, problems


def parse_rules(documents: Iterable[tuple[str, bytes]], *,
                starting_strategy: StartingStrategy = StartingStrategy.CONFIG,
                problems: Iterable[Problem] = ()) -> tuple[Rules, tuple[Note, ...]]:
    """Return the rules of the documents (name, content), in their order, and what is to be logged.

    :raise ConfigurationError: with all that is refused, after the given `problems`
    """
    checker = Checker(list(problems))
    applications: dict[str, tuple[Checked, ApplicationRules]] = {}
    for file, data in documents:
        try:
            root = checker.check(parse_xml(file, data), 'root')
        except Malformed as exc:
            checker.problems.append(exc.problem)
            continue
        for application in root.groups:
            if application.element.tag == 'application' and application.name:
                _keep_first(applications, application, _application(application, starting_strategy, checker), checker)
    if checker.problems:
        raise ConfigurationError(checker.problems)
    unmanaged = ApplicationRules(starting_strategy=starting_strategy)
    return Rules({name: rules for name, (_, rules) in applications.items()}, unmanaged), tuple(checker.notes)


def _application(checked: Checked, starting_strategy: StartingStrategy, checker: Checker) -> ApplicationRules:
    values = _with_stop_sequence({'starting_strategy': starting_strategy, **checked.values})
    _note_strategy(checked, checker)
    inherited = {key: values[key] for key in INHERITED if key in values}
    programs: dict[str, tuple[Checked, ProgramRules]] = {}
    for program in [program for container in checked.groups for program in container.groups]:
        if program.name:
            _keep_first(programs, program, _program(program, inherited, checker), checker)
    return ApplicationRules(managed=True, programs={name: rules for name, (_, rules) in programs.items()},
                            default_program=ProgramRules(**inherited), **values)


def _program(checked: Checked, inherited: Mapping[str, Any], checker: Checker) -> ProgramRules:
    _note_strategy(checked, checker)
    rules = ProgramRules(**_with_stop_sequence({**inherited, **checked.values}))
    if rules.required and not rules.start_sequence:
        checker.note(checked.element, 'is not required, because its start_sequence is 0')
        rules = attrs.evolve(rules, required=False)
    return rules


def _note_strategy(checked: Checked, checker: Checker) -> None:
    strategy = checked.values.get('running_failure_strategy', RunningFailureStrategy.CONTINUE)
    if strategy not in (RunningFailureStrategy.CONTINUE, RunningFailureStrategy.RESTART_PROCESS):
        checker.note(checked.element, f'running_failure_strategy {strategy.name} {NOT_YET}')


def _with_stop_sequence(values: dict[str, Any]) -> dict[str, Any]:
    return {'stop_sequence': values.get('start_sequence', 0), **values}


def _keep_first(known: dict[str, tuple[Checked, Any]], checked: Checked, rules: Any, checker: Checker) -> None:
    first = known.setdefault(checked.name, (checked, rules))[0]
    if first is not checked:
        checker.note(checked.element, f'is ignored: {first.element.where} has the same name and comes first')
