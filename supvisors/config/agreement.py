"""What must be the same on all instances, as texts that are compared between them (see `model.agreement`).

A text depends on what was configured only: not on the order of a dictionary, the layout of a file, or the process.
"""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from enum import Enum
from typing import Any

import attrs

from supvisors.model.enums import StartingStrategy
from supvisors.model.formula import Formula
from supvisors.model.identity import Identity, resolve
from supvisors.model.options import Options
from supvisors.model.rules import ApplicationRules, Rules

DIGEST_SIZE = 8


def agreement(options: Options, instances: tuple[Identity, ...], rules: Rules) -> dict[str, dict[str, str]]:
    """Return topic -> key -> value.

    The order of the list is harmless, hence not compared; with the discovery the lists may differ, hence there is none.
    """
    topics = {
        'strategies': {
            'auto_fence': 'true' if options.auto_fence else 'false',
            'starting_strategy': options.starting_strategy.name,
            'conciliation_strategy': options.conciliation_strategy.name,
            'supvisors_failure_strategy': options.supvisors_failure_strategy.name,
        },
        'list': {'supvisors_list': ','.join(sorted(identity.identifier for identity in instances))},
        'rules': _rules(rules, options.starting_strategy),
        'core': {'core_identifiers': _core(options)},
    }
    if options.multicast_group is not None:
        del topics['list']
    return topics


def _core(options: Options) -> str:
    """The names that the list knows become identifiers: of the nicks that it does not give, each instance knows its own
    alone at first. With the discovery the lists may differ, hence the names are compared as they are written."""
    known = {} if options.multicast_group else {identity.identifier: identity for identity in options.instances}
    names = set()
    for name in options.core_identifiers:
        names.update((name != '*' and resolve((name,), known)) or [name])
    return ','.join(sorted(names))


def _rules(rules: Rules, strategy: StartingStrategy) -> dict[str, str]:
    """Each application apart. Which pattern comes first counts where both are as specific."""
    texts = {f'application {name}': digest(rules.applications[name], strategy) for name in sorted(rules.applications)}
    ranks: Counter[int] = Counter()
    for item in rules.patterns:
        rank = ranks[item.literals]
        texts[f'application pattern {item.pattern}'] = digest(item.rules, strategy) + (f'-{rank}' if rank else '')
        ranks[item.literals] += 1
    return texts


def digest(rules: ApplicationRules, starting_strategy: StartingStrategy = StartingStrategy.CONFIG) -> str:
    """Return a short text that changes with the rules. What has its default does not count: a release that adds a rule
    agrees with those that do not know it, until it is used."""
    values = attrs.asdict(rules, filter=_is_set, value_serializer=_plain)
    if rules.starting_strategy is starting_strategy:
        # the one of the options, compared there
        values.pop('starting_strategy', None)
    text = json.dumps(values, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_SIZE).hexdigest()


def _is_set(attribute: attrs.Attribute[Any], value: Any) -> bool:
    default: Any = attribute.default
    # a factory has no public class
    usual = default.factory() if hasattr(default, 'factory') else default
    return bool(attribute.eq and value != usual)


def _plain(_: type, __: object, value: Any) -> Any:
    if isinstance(value, Formula):
        return value.text
    return value.name if isinstance(value, Enum) else value
