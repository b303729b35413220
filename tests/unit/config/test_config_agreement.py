"""What is compared between instances says the same for the same configuration, and something else for another one."""
import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from supvisors.config import agreement, read_options
from supvisors.config.agreement import digest
from supvisors.config.option_table import option_table
from supvisors.config.rules import parse_rules
from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingFailureStrategy, StartingStrategy
from supvisors.model.formula import parse_formula
from supvisors.model.identity import Identity
from supvisors.model.options import Options
from supvisors.model.patterns import PatternRule, by_specificity
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules
from supvisors.model.spreading import Spread

LIST = (Identity('h2', 60000, 'b'), Identity('h1', 60000, 'a'))
SHOP = ApplicationRules(managed=True, start_sequence=1, programs={'db': ProgramRules(identifiers=('h1', 'h2')),
                                                                  'web': ProgramRules(expected_loading=10)})


def of(options=None, instances=LIST, rules=None):
    return agreement(options or Options(), instances, rules or Rules())


def test_as_a_user_writes_it():
    raw = {'auto_fence': 'yes', 'starting_strategy': 'less_loaded', 'conciliation_strategy': 'stop',
           'synchro_options': 'LIST', 'supvisors_failure_strategy': 'resync', 'core_identifiers': 'b, a'}
    options, _ = read_options(raw, http_port=60000, nick='', here='/', environ={})
    assert of(options) == {
        'strategies': {'auto_fence': 'true', 'starting_strategy': 'LESS_LOADED', 'conciliation_strategy': 'STOP',
                       'supvisors_failure_strategy': 'RESYNC'},
        'list': {'supvisors_list': 'h1:60000,h2:60000'},
        'rules': {},
        'core': {'core_identifiers': 'a,b'},
    }


def core(names, **raw):
    options, _ = read_options({'core_identifiers': names, **raw}, http_port=60000, nick='x', here='/', environ={})
    return of(options)['core']['core_identifiers']


CORE_LIST = {'supvisors_list': '<a>h1:60000,<b>h2:60000,h3'}


@pytest.mark.parametrize(('names', 'text'), [
    ('a,b', 'h1:60000,h2:60000'), ('b,a', 'h1:60000,h2:60000'), ('b, h1:60000 ,a', 'h1:60000,h2:60000'),
    ('h3', 'h3:60000'), ('@core,a', '@core,h1:60000'), ('x', 'x'), ('*', '*'), ('', ''),
])
def test_core_identifiers_say_the_same_in_any_order_by_nick_or_by_identifier(names, text):
    assert core(names, **CORE_LIST) == text


def test_core_identifiers_are_as_they_are_written_when_the_lists_may_differ():
    group = {'multicast_group': '239.0.0.2:60100'}
    assert core('b,a', **group, **CORE_LIST) == core('a,b', **group) == core('b,a') == 'a,b'


def test_a_nick_that_supervisord_alone_gives_is_not_known_to_the_others():
    """Each instance has its own in the list of its instances, the others do not: the texts must be the same."""
    options, _ = read_options({'supvisors_list': 'h1:1,h2:1', 'core_identifiers': 'a,b'}, http_port=1, nick='a',
                              here='/', environ={})
    mine, theirs = (tuple(attrs.evolve(item, nick=nick) if item.host_id == host else item for item in options.instances)
                    for host, nick in (('h1', 'a'), ('h2', 'b')))
    assert of(options, mine) == of(options, theirs)


def test_defaults():
    assert of()['strategies'] == {'auto_fence': 'false', 'starting_strategy': 'CONFIG', 'conciliation_strategy': 'USER',
                                  'supvisors_failure_strategy': 'CONTINUE'}
    assert of()['core'] == {'core_identifiers': ''}


def test_the_effective_strategy():
    options, _ = read_options({'supvisors_failure_strategy': 'SHUTDOWN'}, http_port=1, nick='', here='/', environ={})
    assert of(options) == of()


def test_order_and_nicks_of_the_list_do_not_count():
    assert of(instances=LIST[::-1]) == of(instances=tuple(attrs.evolve(item, nick='') for item in LIST)) == of()
    assert of(instances=LIST[:1]) != of()


def test_no_list_with_the_discovery():
    assert 'list' not in of(Options(multicast_group=('239.0.0.1', 60100)))


def test_one_key_for_each_application():
    topic = of(rules=Rules({'web': SHOP, 'db': ApplicationRules(managed=True)}))['rules']
    assert list(topic) == ['application db', 'application web']
    assert topic['application web'] == digest(SHOP) != topic['application db']
    assert all(len(value) == 16 and int(value, 16) >= 0 for value in topic.values())


OTHERS = [
    ('managed', False), ('start_sequence', 2), ('stop_sequence', 2), ('starting_strategy', StartingStrategy.LOCAL),
    ('starting_failure_strategy', StartingFailureStrategy.STOP),
    ('running_failure_strategy', RunningFailureStrategy.RESTART_PROCESS), ('programs', {}),
    ('default_program', ProgramRules(required=True)), ('distribution', DistributionRule.SINGLE_NODE),
    ('identifiers', ('h1',)), ('spread', Spread.EVENLY), ('formula', parse_formula("'db'")),
    ('patterns', (PatternRule('.*', ProgramRules()),)),
]
OTHER_PROGRAMS = [
    ('identifiers', ('h2', 'h1')), ('start_sequence', 1), ('stop_sequence', 1), ('required', True), ('wait_exit', True),
    ('expected_loading', 1), ('starting_failure_strategy', StartingFailureStrategy.STOP),
    ('running_failure_strategy', RunningFailureStrategy.RESTART_PROCESS), ('spread', Spread.ONE_EACH),
]


@pytest.mark.parametrize(('name', 'value'), OTHERS)
def test_every_rule_of_an_application_counts(name, value):
    assert digest(attrs.evolve(SHOP, **{name: value})) != digest(SHOP)


@pytest.mark.parametrize(('name', 'value'), OTHER_PROGRAMS)
def test_every_rule_of_a_program_counts(name, value):
    programs = {**SHOP.programs, 'db': attrs.evolve(SHOP.programs['db'], **{name: value})}
    assert digest(attrs.evolve(SHOP, programs=programs)) != digest(SHOP)


def test_a_renamed_program_counts():
    programs = {'db': SHOP.programs['db'], 'www': SHOP.programs['web']}
    assert digest(attrs.evolve(SHOP, programs=programs)) != digest(SHOP)


def test_no_rule_is_forgotten():
    assert {name for name, _ in OTHERS} == {field.name for field in attrs.fields(ApplicationRules) if field.eq}
    assert {name for name, _ in OTHER_PROGRAMS} == set(attrs.fields_dict(ProgramRules))


def test_no_rule_that_is_new_changes_the_digest_of_those_that_do_not_use_it():
    """The texts of the release before patterns, signs, distributions and formulas."""
    assert (digest(SHOP), digest(ApplicationRules(managed=True))) == ('e3ae93831ca57e2e', 'dece615edf47e6a5')


def test_what_was_asked_does_not_count():
    rules = attrs.evolve(SHOP, patterns=(PatternRule('x', ProgramRules(required=True)),))
    before = digest(rules)
    assert rules.program('x1').required
    assert digest(rules) == before


def by_pattern(*patterns):
    return of(rules=Rules(patterns=by_specificity(PatternRule(item, SHOP) for item in patterns)))['rules']


def test_each_pattern_and_the_order_of_those_that_are_as_specific():
    assert by_pattern('^web') == {'application pattern ^web': digest(SHOP)}
    assert by_pattern('web', 'a.*') == by_pattern('a.*', 'web')
    assert by_pattern('web', 'www') != by_pattern('www', 'web')
    assert set(by_pattern('web', 'www')) == set(by_pattern('www', 'web'))


def test_patterns_of_programs_count_in_the_order_that_counts():
    def of_programs(*patterns):
        rules = by_specificity(PatternRule(item, ProgramRules()) for item in patterns)
        return digest(attrs.evolve(SHOP, patterns=rules))
    assert of_programs('aa', 'b') == of_programs('b', 'aa')
    assert len({of_programs('a', 'b'), of_programs('b', 'a'), of_programs('a'), of_programs()}) == 4


def test_the_layout_of_a_formula_does_not_count():
    one, other = (digest(attrs.evolve(SHOP, formula=parse_formula(text))) for text in (
        "'db' and 'web'", "\n 'db'\n and  'web'"))
    assert one == other != digest(attrs.evolve(SHOP, formula=parse_formula("'db' or 'web'")))


def test_a_rule_that_is_not_used_does_not_count():
    """As an older release, which does not know it, sees the same file."""
    newer = attrs.make_class('Newer', {'later': attrs.field(default=3)}, bases=(ApplicationRules,), frozen=True)
    values = {field.name: getattr(SHOP, field.name) for field in attrs.fields(ApplicationRules) if field.init}
    assert digest(newer(**values)) == digest(SHOP)
    assert digest(newer(**values, later=4)) != digest(SHOP)


def test_order_of_programs_and_layout_do_not_count():
    assert digest(attrs.evolve(SHOP, programs=dict(reversed(SHOP.programs.items())))) == digest(SHOP)
    texts = [b'<root><application name="a"><start_sequence>1</start_sequence><programs><program name="x"/>'
             b'<program name="y"><required>true</required><start_sequence>1</start_sequence></program></programs>'
             b'</application></root>',
             b'<!-- . --><root>\n<application name="a">\n<programs><program name="y">'
             b'<start_sequence> 1 </start_sequence><required>YES</required></program>'
             b'<program name="x"></program></programs><start_sequence>01</start_sequence></application></root>']
    first, second = (parse_rules([('x', text)])[0].applications['a'] for text in texts)
    assert digest(first) == digest(second)


def test_seed_of_the_process_does_not_count():
    command = [sys.executable, '-c', f'from {Path(__file__).stem} import SHOP, digest; print(digest(SHOP))']
    for seed in ('0', '1'):
        done = subprocess.run(command, env={**os.environ, 'PYTHONHASHSEED': seed}, stdout=subprocess.PIPE, text=True,
                              check=True, timeout=60, cwd=Path(__file__).parent)
        assert done.stdout.strip() == digest(SHOP)


def test_the_table_of_options_says_what_is_compared():
    same = {option.name for option in option_table(1).values() if option.same}
    compared = {key for topic, values in of().items() if topic != 'rules' for key in values}
    # compared otherwise: by application, by the greeting itself, or not at all
    assert same == compared | {'rules_files', 'secret_file', 'multicast_group'}
