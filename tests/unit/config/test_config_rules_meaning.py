"""What the elements of rules files mean together: models, aliases, signs, patterns, and what is wrong or in vain."""
from __future__ import annotations

import time

import pytest

from supvisors.config import ConfigurationError, rules_build
from supvisors.config.errors import Problem
from supvisors.config.rules import parse_rules
from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingFailureStrategy
from supvisors.model.formula import FormulaError
from supvisors.model.rules import Rules
from supvisors.model.spreading import Spread


@pytest.fixture(autouse=True)
def _all_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine does not act on yet is not the subject here."""
    monkeypatch.setattr(rules_build, 'LATER', frozenset())


def read(*bodies: str) -> tuple[Rules, list[str]]:
    """Read files f0.xml, f1.xml... whose roots hold these from their line 2 on; return the texts of the notes, too."""
    documents = [(f'f{index}.xml', f'<root>\n{body}\n</root>'.encode()) for index, body in enumerate(bodies)]
    rules, notes = parse_rules(documents)
    return rules, [note.text for note in notes]


def problems(*bodies: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(*bodies)
    return caught.value.problems


def app(programs: str, head: str = '', name: str = 'name="app"') -> str:
    return f'<application {name}>{head}<programs>\n{programs}\n</programs></application>'


# ---------------------------------------------------------------------------------------------------------------------
CHAIN = ('<model name="a"><reference>b</reference><wait_exit>true</wait_exit><start_sequence>1</start_sequence></model>'
         '<model name="b"><reference>c</reference><start_sequence>2</start_sequence>'
         '<identifiers>h1</identifiers></model>'
         '<model name="c"><reference>d</reference><expected_loading>30</expected_loading></model>'
         '<model name="d"><reference>e</reference><stop_sequence>9</stop_sequence></model>'
         '<model name="e"><running_failure_strategy>RESTART_PROCESS</running_failure_strategy>'
         '<identifiers>h2</identifiers><expected_loading>40</expected_loading></model>')


def test_a_chain_of_models_of_any_length_in_any_file() -> None:
    rules, notes = read(app('<program name="p"><reference>a</reference><start_sequence>5</start_sequence></program>'
                            '<program name="q"><reference>e</reference></program>',
                            '<starting_failure_strategy>STOP</starting_failure_strategy>'), CHAIN)
    found = rules.program('app', 'p')
    assert (found.start_sequence, found.stop_sequence, found.wait_exit, found.expected_loading) == (5, 9, True, 30)
    assert found.identifiers == ('h1',)
    assert found.running_failure_strategy is RunningFailureStrategy.RESTART_PROCESS
    assert found.starting_failure_strategy is StartingFailureStrategy.STOP
    assert rules.program('app', 'q').identifiers == ('h2',)
    assert notes == []


def test_the_stop_sequence_follows_the_last_start_sequence() -> None:
    rules, _ = read('<model name="m"><start_sequence>2</start_sequence></model>',
                    app('<program name="p"><reference>m</reference></program>'
                        '<program name="q"><reference>m</reference><start_sequence>0</start_sequence></program>'))
    assert [(rules.program('app', name).start_sequence, rules.program('app', name).stop_sequence)
            for name in 'pq'] == [(2, 2), (0, 0)]


@pytest.mark.parametrize(('bodies', 'where', 'part'), [
    ((app('<program name="p"><reference>svc</reference></program>'), '<model name="src"/><model name="db"/>'),
     "f0.xml:3: <application name='app'> / <programs> / <program name='p'> / <reference>", "write 'src'"),
    ((app('<program pattern="p"><reference>x</reference></program>'),), "<program pattern='p'> / <reference>",
     'declare the model'),
    (('<model name="a"><reference>b</reference></model>',), "f0.xml:2: <model name='a'> / <reference>",
     'no file has this model'),
])
def test_a_reference_to_nothing(bodies: tuple[str, ...], where: str, part: str) -> None:
    (problem,) = problems(*bodies)
    assert where in problem.where
    assert part in str(problem)


@pytest.mark.parametrize(('links', 'loops'), [
    ('aa', ['a -> a']), ('ab ba', ['a -> b -> a']), ('ab bc cb', ['b -> c -> b']), ('ca ab bc', ['c -> a -> b -> c']),
    ('aa bb', ['a -> a', 'b -> b']), ('ab bc ca da ea', ['a -> b -> c -> a']),
])
def test_loops_of_models_are_told_once(links: str, loops: list[str]) -> None:
    models = ''.join(f'<model name="{one}"><reference>{other}</reference></model>' for one, other in links.split())
    found = problems(models, app(f'<program name="p"><reference>{links[0]}</reference></program>'))
    assert [problem.reason for problem in found] == [f'models that refer to themselves: {loop!r}' for loop in loops]


def test_models_of_files_that_cannot_be_read_are_not_missed() -> None:
    good = app('<program name="p"><reference>m</reference></program>')
    with pytest.raises(ConfigurationError) as caught:
        parse_rules([('bad.xml', b'<root><model name="m"/>'), ('f.xml', f'<root>{good}</root>'.encode())])
    assert [problem.where for problem in caught.value.problems] == ['bad.xml:1']


# ---------------------------------------------------------------------------------------------------------------------
def declared(aliases: tuple[str, ...]) -> str:
    """Each one is written name=text."""
    pairs = [alias.partition('=') for alias in aliases]
    return ''.join(f'<alias name="{name}">{text}</alias>' for name, _, text in pairs)


def named(identifiers: str, *aliases: str) -> tuple[tuple[str, ...], Spread]:
    element = f'<identifiers>{identifiers}</identifiers>'
    rules, notes = read(declared(aliases) + app(f'<program pattern="p">{element}</program>'))
    assert notes == []
    return rules.program('app', 'p').identifiers, rules.program('app', 'p').spread


@pytest.mark.parametrize(('identifiers', 'aliases', 'expected', 'spread'), [
    ('a,b', (), ('a', 'b'), ''), ('front', ('front=web1,web2',), ('web1', 'web2'), ''),
    ('db,front,web2', ('front=web1,web2',), ('db', 'web1', 'web2'), ''),
    # before and after those that they use
    ('all', ('front=web1', 'all=front,db'), ('web1', 'db'), ''),
    ('all', ('all=front,db', 'front=web1'), ('web1', 'db'), ''),
    ('x', ('x=y,y', 'y=z', 'z=h1,h2'), ('h1', 'h2'), ''),
    ('everywhere,a', ('everywhere=*',), ('*',), ''),
    ('@', (), ('*',), '@'), ('#', (), ('*',), '#'), ('#,b,a', (), ('b', 'a'), '#'), ('b,@,a', (), ('b', 'a'), '@'),
    ('#,*', (), ('*',), '#'), ('spread', ('spread=#,front', 'front=b,a'), ('b', 'a'), '#'),
    ('#,spread', ('spread=#,b',), ('b',), '#'),
])
def test_identifiers(identifiers: str, aliases: tuple[str, ...], expected: tuple[str, ...], spread: str) -> None:
    assert named(identifiers, *aliases) == (expected, spread)


@pytest.mark.parametrize(('aliases', 'part'), [
    (('a=a',), "'a -> a'"), (('a=b', 'b=a'), "'a -> b -> a'"), (('c=a', 'a=b', 'b=a'), "'a -> b -> a'"),
    (('#=a',), 'no list of identifiers can name it'), (('*=a',), 'no list'), (('a,b=c',), 'no list'),
])
def test_wrong_aliases(aliases: tuple[str, ...], part: str) -> None:
    (problem,) = problems(declared(aliases))
    assert problem.where.startswith('f0.xml:2: <alias name=')
    assert part in str(problem)


def test_very_long_chains() -> None:
    aliases = ''.join(f'<alias name="a{index}">a{index + 1}</alias>' for index in range(3000))
    assert 'more than 50 aliases' in str(problems(aliases)[0])
    models = ''.join(f'<model name="m{index}"><reference>m{index + 1}</reference></model>' for index in range(3000))
    rules, _ = read(f'{models}<model name="m3000"><wait_exit>1</wait_exit><start_sequence>1</start_sequence></model>',
                    app('<program name="p"><reference>m0</reference></program>'))
    assert rules.program('app', 'p').wait_exit


def test_names_that_no_instance_has_are_told_with_their_places() -> None:
    rules, _ = read('<alias name="front">web1,webb2</alias>\n'
                    '<model name="m"><identifiers>front,db</identifiers></model>',
                    app('<program name="p"><identifiers>front,db,#x,*</identifiers></program>\n'
                        '<program name="q"><reference>m</reference></program>'
                        '<program name="r"><reference>m</reference></program>'))
    assert rules.unknown(['web1', 'db']) == {
        'webb2': ("f0.xml:2: <alias name='front'>",),
        '#x': ("f1.xml:3: <application name='app'> / <programs> / <program name='p'> / <identifiers>",)}
    assert rules.unknown(['web1', 'webb2', '#x'])['db'] == (
        "f0.xml:3: <model name='m'> / <identifiers>",
        "f1.xml:3: <application name='app'> / <programs> / <program name='p'> / <identifiers>")


# ---------------------------------------------------------------------------------------------------------------------
def test_identifiers_override_the_sign_of_the_model_too() -> None:
    model = '<model name="m"><identifiers>#,a,b</identifiers></model>'
    rules, _ = read(model + app('<program pattern="^x"><reference>m</reference></program>'
                                '<program pattern="^y"><reference>m</reference><identifiers>c</identifiers></program>'
                                '<program name="z"><reference>m</reference><identifiers>*</identifiers></program>'))
    found = [rules.program('app', name) for name in 'xyz']
    assert [(item.identifiers, item.spread) for item in found] == [
        (('a', 'b'), Spread.EVENLY), (('c',), Spread.NONE), (('*',), Spread.NONE)]


@pytest.mark.parametrize(('body', 'where', 'part'), [
    (app('<program name="p"><identifiers>@</identifiers></program>'), "<program name='p'> / <identifiers>",
     '@ spreads the programs of a pattern, and this one has none;'),
    (app('<program name="p"><identifiers>a,#</identifiers></program>'), "<program name='p'> / <identifiers>", '# spre'),
    ('<model name="m">\n<identifiers>#</identifiers></model>'
     + app('<program name="p"><reference>m</reference></program>'),
     "<program name='p'>", "(identifiers of f0.xml:3: <model name='m'> / <identifiers>)"),
    (app('<program pattern="p"><identifiers>@,#</identifiers></program>'), '<identifiers>', 'both signs'),
    ('<alias name="x">#</alias>' + app('<program pattern="p"><identifiers>@,x</identifiers></program>'),
     '<identifiers>', 'both signs'),
    ('<model name="m"><identifiers>@,#</identifiers></model>', "<model name='m'> / <identifiers>", 'both signs'),
    (app('', '<identifiers>@</identifiers>'), "<application name='app'> / <identifiers>", '@ has no meaning'),
    (app('', '<identifiers>#</identifiers>'), "<application name='app'> / <identifiers>", 'ends with -N or _N'),
    (app('', '<identifiers>#</identifiers>', 'name="web_0"'), '<identifiers>', 'N being 1 or more'),
    (app('', '<identifiers>#</identifiers>', 'pattern="^web_$"'), '<identifiers>', 'ends with -N or _N'),
    (app('', '<identifiers>#</identifiers>', 'pattern="^web$"'), "<application pattern='^web$'>", 'ends with -N or _N'),
])
def test_signs_where_they_mean_nothing(body: str, where: str, part: str) -> None:
    (problem,) = problems(body)
    assert where in problem.where
    assert problem.where.startswith('f0.xml:')
    assert part in str(problem)
    assert problem.remedy


@pytest.mark.parametrize('name', ['name="web_01"', 'name="web-3"', 'pattern="web"', r'pattern="^web_\d$"',
                                  'pattern="^(web|x_1)$"', 'pattern="^x_1|web$"', 'name="a" pattern="web"'])
def test_an_application_with_a_number(name: str) -> None:
    rules, notes = read(app('', '<distribution>SINGLE_INSTANCE</distribution><identifiers>#,b,a</identifiers>', name))
    (found,) = [*rules.applications.values(), *(item.rules for item in rules.patterns)][:1]
    assert (found.distribution, found.identifiers, found.spread) == (
        DistributionRule.SINGLE_INSTANCE, ('b', 'a'), Spread.EVENLY)
    assert notes == []


# ---------------------------------------------------------------------------------------------------------------------
def test_the_careful_pattern_beats_the_long_match() -> None:
    rank = '<start_sequence>{}</start_sequence>'.format
    rules, _ = read(app(f'<program pattern=".*">{rank(1)}</program><program pattern="prg_">{rank(2)}</program>'
                        f'<program name="prg_00">{rank(3)}</program>'),
                    app('', rank(4), 'pattern="^a"'), app('', rank(5), r'pattern="^apps_\d"'))
    assert [rules.program('app', name).start_sequence for name in ('prg_00', 'prg_01', 'other')] == [3, 2, 1]
    assert [rules.application(name).start_sequence for name in ('app', 'apps_1', 'apps_x', 'x')] == [0, 5, 4, 0]
    assert rules.application('apps_1').managed
    assert not rules.application('x').managed


def test_an_element_with_both_is_found_both_ways() -> None:
    rules, _ = read(app('<program name="p" pattern="^q"><expected_loading>7</expected_loading></program>',
                        name='name="a" pattern="^b"'))
    assert [rules.program(*pair).expected_loading for pair in (('a', 'p'), ('b1', 'q1'), ('a', 'x'), ('c', 'p'))] == [
        7, 7, 0, 0]


@pytest.mark.parametrize(('body', 'where', 'reason'), [
    (app('', name='pattern="a(b"'), "f0.xml:2: <application pattern='a(b'>", 'character 2 of the pattern: missing )'),
    (app('<program pattern="*"/>'), "<program pattern='*'>", 'character 1 of the pattern: nothing to repeat'),
    (app('<program name="p" pattern="["/>'), "<program name='p' pattern='['>", 'unterminated character set'),
    (app(f'<program pattern="{"(" * 20000}"/>'), '<program pattern=', ''),
])
def test_a_wrong_pattern_is_refused_when_it_is_read(body: str, where: str, reason: str) -> None:
    (problem,) = problems(body)
    assert where in problem.where
    assert reason in problem.reason
    assert problem.accepted == 'a regular expression'


@pytest.mark.parametrize(('bodies', 'first', 'second', 'attribute'), [
    ((app(''), app('')), "f0.xml:2: <application name='app'>", "f1.xml:2: <application name='app'>", 'name'),
    ((app('', name='pattern="p"'),) * 2, 'f0.xml:2', "f1.xml:2: <application pattern='p'>", 'pattern'),
    (('<model name="m"/>\n<model name=" m"/>',), 'f0.xml:2', "f0.xml:3: <model name=' m'>", 'name'),
    (('<alias name="m">a</alias>', '<alias name="m">a</alias>'), 'f0.xml:2', "f1.xml:2: <alias name='m'>", 'name'),
    ((app('<program name="p"/>\n<program name="p"/>'),), 'f0.xml:3', "f0.xml:4: <application name='app'>", 'name'),
    ((app('<program pattern="p"/>\n<program pattern="p"/>'),), 'f0.xml:3', 'f0.xml:4: <application', 'pattern'),
])
def test_what_is_given_twice_is_refused_with_both_places(bodies: tuple[str, ...], first: str, second: str,
                                                         attribute: str) -> None:
    (problem,) = problems(*bodies)
    assert problem.where.startswith(second)
    assert problem.reason.startswith(first)
    assert problem.reason.endswith(f'has the same {attribute}')


def test_the_same_program_in_two_applications() -> None:
    rules, notes = read(app('<program name="p"/>'), app('<program name="p"/>', name='name="b"'))
    assert set(rules.applications) == {'app', 'b'}
    assert notes == []


# ---------------------------------------------------------------------------------------------------------------------
SINGLE = '<distribution>SINGLE_INSTANCE</distribution>'


@pytest.mark.parametrize(('body', 'where', 'part'), [
    (app('<program name="p"><required>1</required></program>'), "<program name='p'>", 'is not required, because'),
    (app('<program pattern="p"><wait_exit>1</wait_exit></program>'), "<program pattern='p'>", 'wait_exit that does'),
    ('<model name="m"><required>1</required></model>' + app('<program name="p"><reference>m</reference></program>'),
     "<program name='p'>", 'is not required'),
    (app('<program name="p"><identifiers>a</identifiers></program>', SINGLE), "'p'> / <identifiers>",
     'the distribution is SINGLE_INSTANCE: those of the application are'),
    (app('<program pattern="p"><identifiers>#</identifiers></program>', SINGLE), "'p'> / <identifiers>", 'not used'),
    ('<model name="m"><identifiers>a</identifiers></model>'
     + app('<program name="p"><reference>m</reference></program>', SINGLE), "<program name='p'>", 'that are not used'),
    (app('', '<identifiers>a</identifiers>'), "'app'> / <identifiers>", 'not used, because the distribution is ALL'),
    (app('', '<identifiers>#</identifiers>', 'name="a_1"'), '<identifiers>', 'not used'),
    (app(''.join(f'<program name="{name}"><expected_loading>51</expected_loading><start_sequence>1</start_sequence>'
                 '</program>' for name in 'pq'), SINGLE), "<application name='app'>", 'take 102 percent together'),
])
def test_what_is_in_vain_is_noted_with_its_place(body: str, where: str, part: str) -> None:
    _, (note,) = read(body)
    assert note.startswith('f0.xml:')
    assert where in note
    assert part in note


def test_what_is_not_in_vain() -> None:
    loads = ''.join(f'<program name="{name}"><expected_loading>50</expected_loading>'
                    '<start_sequence>1</start_sequence></program>' for name in 'pq')
    later = '<program name="r"><expected_loading>50</expected_loading><identifiers>*</identifiers></program>'
    assert read(app(loads + later, f'{SINGLE}<identifiers>a,b</identifiers>'))[1] == []
    assert read(app(loads.replace('50', '60'), '<identifiers>*</identifiers>'))[1] == []


def test_what_is_not_required_after_all() -> None:
    rules, notes = read('<model name="m"><required>1</required></model>',
                        app('<program name="p"><reference>m</reference><start_sequence>1</start_sequence></program>'
                            '<program name="q"><reference>m</reference></program>'))
    assert [rules.program('app', name).required for name in 'pq'] == [True, False]
    assert len(notes) == 1


# ---------------------------------------------------------------------------------------------------------------------
def operational(text: str) -> str:
    return f'<application name="app">\n<operational_status>{text}</operational_status></application>'


def test_a_formula_on_many_lines() -> None:
    rules, notes = read(operational("\n\n    'db' and\n      any('http_.*')\n  "))
    formula = rules.application('app').formula
    assert formula is not None
    assert formula.text == "'db' and any('http_.*')"
    assert formula.evaluate({'db': True, 'http_1': False, 'http_2': True}) is True
    assert formula.evaluate({'db': True}) == FormulaError("no process matches 'http_.*'")
    assert notes == []


@pytest.mark.parametrize(('text', 'line', 'column'), [
    ("len('x')", 3, 21), ("'db' and\n  any('[')", 4, 7), ("\n\n'db' xor 'x'", 5, 6), ("'a' &amp; 'b'", 3, 25),
    ("&quot;a&quot; &lt; 'b'", 3, 35), ("<![CDATA['a'\n <]]>", 4, 2), ("'a' or <!-- why -->\n 1", 4, 2), ('', 3, 1),
    ("'a' and", 3, 28), ('\r\n é', 4, 2),
])
def test_a_wrong_formula_is_told_where_it_is_wrong(text: str, line: int, column: int) -> None:
    (problem,) = problems(operational(text))
    assert problem.where == f"f0.xml:{line}: <application name='app'> / <operational_status>"
    assert problem.reason.startswith(f'column {column}: ')


# ---------------------------------------------------------------------------------------------------------------------
def test_all_that_is_wrong_in_all_files_is_told_at_once() -> None:
    found = problems(
        '<alias name="a">a</alias><model name="m"><reference>x</reference></model>' + operational('pass'),
        app('<program pattern="("/><program name="p"><identifiers>@</identifiers><required>x</required></program>'),
        '<model name="m"/>')
    places = [tuple(problem.where.split(':')[:2]) for problem in found]
    assert places == [('f0.xml', '2')] * 2 + [('f0.xml', '3')] + [('f1.xml', '2')] + [('f1.xml', '3')] * 3 + [
        ('f2.xml', '2')]
    assert all(problem.remedy for problem in found)


EXAMPLE = """
  <alias name="front">web1,web2</alias>
  <model name="svc">
    <start_sequence>1</start_sequence><required>true</required><expected_loading>10</expected_loading>
  </model>
  <application name="shop">
    <start_sequence>2</start_sequence>
    <running_failure_strategy>RESTART_PROCESS</running_failure_strategy>
    <operational_status>'db' and any('http_.*')</operational_status>
    <programs>
      <program name="migrate"><start_sequence>1</start_sequence><wait_exit>true</wait_exit><required>true</required></program>
      <program name="db"><reference>svc</reference><start_sequence>2</start_sequence><identifiers>dbhost</identifiers></program>
      <program pattern="^http_\\d+$"><reference>svc</reference><start_sequence>3</start_sequence><identifiers>#,front</identifiers></program>
      <program name="console"><expected_loading>5</expected_loading></program>
    </programs>
  </application>
"""  # noqa: E501


def test_a_whole_file() -> None:
    rules, notes = read(EXAMPLE)
    assert notes == []
    names = ('migrate', 'db', 'http_00', 'console', 'http_x')
    found = [rules.program('shop', name) for name in names]
    assert [item.start_sequence for item in found] == [1, 2, 3, 0, 0]
    assert [item.stop_sequence for item in found] == [1, 2, 3, 0, 0]
    assert [item.required for item in found] == [True, True, True, False, False]
    assert [item.expected_loading for item in found] == [0, 10, 10, 5, 0]
    assert [item.identifiers for item in found] == [('*',), ('dbhost',), ('web1', 'web2'), ('*',), ('*',)]
    assert {item.running_failure_strategy for item in found} == {RunningFailureStrategy.RESTART_PROCESS}
    assert found[2].spread is Spread.EVENLY


def test_a_thousand_programs_are_read_at_once() -> None:
    programs = ''.join(f'<program name="p{index}">\n<reference>svc</reference>\n'
                       f'<identifiers>front,h{index}</identifiers>\n<start_sequence>3</start_sequence>\n</program>'
                       for index in range(1000))
    patterns = ''.join(f'<program pattern="^x{index}_"/>' for index in range(100))
    body = EXAMPLE + app(programs + patterns, name='name="big"')
    before = time.process_time()
    rules, _ = read(body)
    assert time.process_time() - before < 1
    assert len(rules.application('big').programs) == 1000
    assert rules.program('big', 'p999').identifiers == ('web1', 'web2', 'h999')
    before = time.process_time()
    for _ in range(100):
        for index in range(100):
            rules.program('big', f'x{index}_0')
    assert time.process_time() - before < 1
