"""From checked elements to rules: what the elements mean together, and which combinations are wrong or in vain."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from supvisors.config.rules_check import Checked, Checker
from supvisors.config.rules_grammar import LATER, MAX_LOADING
from supvisors.config.rules_models import Merged, Models
from supvisors.config.rules_names import ALL, Aliases, Names
from supvisors.config.rules_xml import Element
from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingStrategy
from supvisors.model.patterns import PatternRule, by_specificity
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules
from supvisors.model.spreading import Spread, application_number

INHERITED = ('starting_failure_strategy', 'running_failure_strategy')
"""What an application gives to its programs that do not say otherwise."""
NOT_YET = 'is not applied yet'
APPLIED_STRATEGIES = (RunningFailureStrategy.CONTINUE, RunningFailureStrategy.RESTART_PROCESS)
UNNUMBERED = re.compile(r'[^|]*(?<!\\)[a-zA-Z_-]\$')
"""Patterns that are found only in names that end with a letter or so, hence with no number."""


@attrs.define
class Builder:
    """Builds the rules of all files, and tells the checker what is wrong."""
    checker: Checker
    starting_strategy: StartingStrategy
    complete: bool = True
    """Every file was read."""
    aliases: Aliases = attrs.field(init=False)
    models: Models = attrs.field(init=False)
    _names: dict[int, Names] = attrs.field(factory=dict, init=False)

    def build(self, roots: Iterable[Checked]) -> Rules:
        """Return the rules; they have a meaning only when the checker has no problem."""
        roots = list(roots)
        self.aliases = Aliases(self.checker, self._declared(roots, 'alias'))
        self.aliases.check()
        self.models = Models(self.checker, self._declared(roots, 'model'), self.complete)
        self.models.check()
        for model in self.models.declared.values():
            self._identifiers(model.values, model.leaves)
            self._note_strategy(model)
        elements = [item for root in roots for item in root.inner('application')]
        named, patterns = self._both(elements, [self.application(item) for item in elements])
        mentions = {name: tuple(places) for name, places in self.aliases.mentions.items()}
        return Rules(named, ApplicationRules(starting_strategy=self.starting_strategy), patterns, mentions)

    def application(self, checked: Checked) -> ApplicationRules:
        values = {'starting_strategy': self.starting_strategy, **_with_stop_sequence(checked.values)}
        self._note_strategy(checked)
        self._note_later(checked.leaves.get('operational_status'), 'operational_status')
        values['formula'] = values.pop('operational_status', None)
        names = self._identifiers(values, checked.leaves)
        distribution = values.get('distribution', DistributionRule.ALL_INSTANCES)
        self._application_identifiers(checked, names, distribution)
        inherited = {key: values[key] for key in INHERITED if key in values}
        elements = [program for container in checked.inner('programs') for program in container.inner('program')]
        merged = [self.models.merged(program) for program in elements]
        rules = [self._program(program, item, inherited) for program, item in zip(elements, merged, strict=True)]
        if distribution is not DistributionRule.ALL_INSTANCES:
            self._together(checked, distribution, elements, merged, rules)
        programs, patterns = self._both(elements, rules)
        return ApplicationRules(managed=True, programs=programs, patterns=patterns,
                                default_program=ProgramRules(**inherited), **values)

    def _program(self, checked: Checked, merged: Merged, inherited: Mapping[str, Any]) -> ProgramRules:
        self.models.check_reference(checked)
        self._note_strategy(checked)
        values = _with_stop_sequence({**inherited, **merged.values})
        if self._identifiers(values, merged.leaves).signs and not checked.pattern:
            leaf = merged.leaves['identifiers']
            source = '' if 'identifiers' in checked.leaves else f' (identifiers of {leaf.where})'
            self.checker.refuse(_place(checked, 'identifiers'), f'{values["spread"].value} spreads the programs of a '
                                f'pattern, and this one has none{source}', 'identifiers without @ and #',
                                remedy='give the program a pattern, or remove the sign')
        rules = ProgramRules(**values)
        if rules.start_sequence:
            return rules
        if rules.wait_exit:
            self.checker.note(checked.element, 'has a wait_exit that does nothing, because its start_sequence is 0')
        if rules.required:
            self.checker.note(checked.element, 'is not required, because its start_sequence is 0')
        return attrs.evolve(rules, required=False)

    def _identifiers(self, values: dict[str, Any], leaves: Mapping[str, Element]) -> Names:
        """Put the names and the sign where there are words, which is told once for each element."""
        if 'identifiers' not in leaves:
            return Names()
        element = leaves['identifiers']
        names = self._names.get(id(element))
        if names is None:
            names = self._names[id(element)] = self.aliases.names(element, values['identifiers'])
            if len(names.signs) > 1:
                self.checker.refuse(element, 'it has both signs', '@, or #, or none', element.text.strip(),
                                    'remove one of them')
            for sign in names.signs:
                self._note_later(element, 'spread', f'{sign} ')
        values.update(identifiers=names.identifiers, spread=names.spread)
        return names

    def _application_identifiers(self, checked: Checked, names: Names, distribution: DistributionRule) -> None:
        element = checked.leaves.get('identifiers')
        if distribution is not DistributionRule.ALL_INSTANCES:
            self._note_later(checked.leaves['distribution'], 'distribution')
        if element is None:
            return
        if Spread.ONE_EACH.value in names.signs:
            self.checker.refuse(element, '@ has no meaning for an application', 'identifiers, with or without #',
                                element.text.strip(), 'write # to give each application its instance')
        if Spread.EVENLY.value in names.signs and not _may_have_number(checked):
            self.checker.refuse(element, '# takes the number at the end of the name of the application, and there is '
                                'none', 'a name that ends with -N or _N, N being 1 or more', element.text.strip(),
                                'change the name, or remove #')
        if distribution is DistributionRule.ALL_INSTANCES and (names.signs or names.identifiers != (ALL,)):
            self.checker.note(element, 'is not used, because the distribution is ALL_INSTANCES: each program has its '
                              'own identifiers')

    def _together(self, checked: Checked, distribution: DistributionRule, elements: list[Checked],
                  merged: list[Merged], rules: list[ProgramRules]) -> None:
        """What is in vain, or cannot be, when all processes go to the same place."""
        for program, item, rule in zip(elements, merged, rules, strict=True):
            if 'identifiers' in item.leaves and (rule.spread or rule.identifiers != (ALL,)):
                self.checker.note(_place(program, 'identifiers'), 'has identifiers that are not used, because the '
                                  f'distribution is {distribution.name}: those of the application are')
        loading = sum(rule.expected_loading for program, rule in zip(elements, rules, strict=True)
                      if program.name and rule.start_sequence)
        if loading > MAX_LOADING:
            self.checker.note(checked.element, f'cannot be started: its programs take {loading} percent together, and '
                              f'the distribution {distribution.name} has {MAX_LOADING} for all of them')

    def _declared(self, roots: Iterable[Checked], tag: str) -> dict[str, Checked]:
        """Return the groups of that name, in all files."""
        return self._unique([item for root in roots for item in root.inner(tag)], 'name')

    def _both(self, elements: list[Checked], rules: list[Any]) -> tuple[dict[str, Any], tuple[PatternRule[Any], ...]]:
        """Return the rules by name, and those by pattern."""
        built = {id(element): rule for element, rule in zip(elements, rules, strict=True)}
        named = {name: built[id(item)] for name, item in self._unique(elements, 'name').items()}
        patterns = self._unique(elements, 'pattern')
        if self.checker.problems:
            # the patterns may be no regular expressions, and nothing of all this will be used
            return named, ()
        return named, by_specificity(PatternRule(text, built[id(item)]) for text, item in patterns.items())

    def _unique(self, elements: Iterable[Checked], attribute: str) -> dict[str, Checked]:
        """Return the elements that have the attribute by its value, and refuse those that have the same."""
        known: dict[str, Checked] = {}
        for checked in elements:
            text = checked.element.attribute(attribute)
            if text and known.setdefault(text, checked) is not checked:
                self.checker.refuse(checked.element, f'{known[text].element.where} has the same {attribute}',
                                    f'each {attribute} once', remedy='put all into one of them, and remove the other')
        return known

    def _note_strategy(self, checked: Checked) -> None:
        strategy = checked.values.get('running_failure_strategy', RunningFailureStrategy.CONTINUE)
        if strategy not in APPLIED_STRATEGIES:
            self._note_later(checked.element, 'running_failure_strategy', f'running_failure_strategy {strategy.name} ')

    def _note_later(self, element: Element | None, rule: str, what: str = '') -> None:
        if element is not None and rule in LATER:
            self.checker.note(element, f'{what}{NOT_YET}')


def _with_stop_sequence(values: Mapping[str, Any]) -> dict[str, Any]:
    return {'stop_sequence': values.get('start_sequence', 0), **values}


def _place(checked: Checked, tag: str) -> Element:
    """The element to correct: its own leaf, or itself when it has that from a model."""
    return checked.leaves.get(tag, checked.element)


def _may_have_number(checked: Checked) -> bool:
    if checked.pattern and not UNNUMBERED.fullmatch(checked.pattern):
        return True
    return application_number(checked.name) is not None
