"""From the XML rules files to `Rules`: what each element takes is in `rules_grammar`, what they mean in `rules_build`.

All problems of all files are reported together; rules that are not right are never replaced by no rules at all.
"""
from __future__ import annotations

import glob
import os.path
import re
from collections.abc import Iterable, Sequence

from supvisors.config.errors import ConfigurationError, Note, Problem
from supvisors.config.rules_build import Builder
from supvisors.config.rules_check import Checker
from supvisors.config.rules_xml import Malformed, parse_xml
from supvisors.model.enums import StartingStrategy
from supvisors.model.rules import Rules


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
        if os.path.exists(file) and not os.path.isfile(file):
            problems.append(Problem(file, None, 'a regular file', 'it is not one', 'remove it from rules_files'))
            continue
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

    :raise ConfigurationError: with all that is refused, in the order of the files and their lines, the given `problems`
        first
    """
    checker = Checker(list(problems))
    complete = not checker.problems
    roots = []
    files = []
    for file, data in documents:
        files.append(file)
        try:
            roots.append(checker.check(parse_xml(file, data), 'root'))
        except Malformed as exc:
            complete = False
            checker.problems.append(exc.problem)
    rules = Builder(checker, starting_strategy, complete).build(roots)
    if checker.problems:
        raise ConfigurationError(sorted(checker.problems, key=lambda problem: _place(problem.where, files)))
    return rules, tuple(sorted(checker.notes, key=lambda note: _place(note.text, files)))


def _place(text: str, files: Sequence[str]) -> tuple[int, int]:
    """Return which file and which line the text begins with; what is about no line comes first."""
    for index, file in enumerate(files):
        line = re.match(r'[0-9]+', text[len(file) + 1:]) if text.startswith(f'{file}:') else None
        if line:
            return index, int(line[0])
    return -1, 0
