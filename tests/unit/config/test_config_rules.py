"""The rules files: what each element gives, and what is said of what is not right."""
import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supvisors.config import ConfigurationError, read_rules, rules_build
from supvisors.config.rules import parse_rules
from supvisors.config.rules_grammar import GRAMMAR
from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingFailureStrategy, StartingStrategy
from supvisors.model.formula import parse_formula
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules

PROG = "<application name='app'> / <programs> / <program name='prog'>"


def parse(*bodies, **kwargs):
    """Parse files f0.xml, f1.xml...: each body is put in a root, from line 2 on."""
    documents = [(f'f{index}.xml', f'<root>\n{body}\n</root>'.encode()) for index, body in enumerate(bodies)]
    return parse_rules(documents, **kwargs)


def application(body):
    return f'<application name="app">\n{body}\n</application>'


def program(body):
    return application(f'<programs><program name="prog">\n{body}\n</program></programs>')


def problems(*bodies):
    with pytest.raises(ConfigurationError) as caught:
        parse(*bodies)
    return caught.value.problems


BOTH = [
    *(('start_sequence', text, value) for text, value in (('0', 0), (' 1\n', 1), ('127', 127))),
    *(('stop_sequence', text, value) for text, value in (('0', 0), ('127', 127))),
    *(('starting_failure_strategy', item.name, item) for item in StartingFailureStrategy),
    *(('running_failure_strategy', item.name, item) for item in RunningFailureStrategy),
]
APPLICATION = [
    *BOTH, *(('starting_strategy', item.name, item) for item in StartingStrategy),
    *(('distribution', f' {item.name}\n', item) for item in DistributionRule),
    ('operational_status', "\n  not 'x' \n", parse_formula("not 'x'")), ('identifiers', ' b , a,,b', ('b', 'a')),
]
PROGRAM = [
    *BOTH,
    ('identifiers', '*', ('*',)), ('identifiers', 'a', ('a',)), ('identifiers', ' b , a,,b', ('b', 'a')),
    ('identifiers', 'h1:60000,*', ('*',)),
    *(('wait_exit', text, value) for text, value in (('true', True), ('0', False), ('Yes', True), ('off', False))),
    *(('wait_exit', text, False) for text in ('no', 'NO', 'oFF', 'False')),
    *(('wait_exit', text, True) for text in ('TRUE', '1', 'on', ' yes ')),
    ('required', 'false', False), ('expected_loading', '0', 0), ('expected_loading', '100', 100),
]
BAD_BOTH = [
    *((tag, text, '[0;127]') for tag in ('start_sequence', 'stop_sequence')
      for text in ('', '-1', '128', '1.5', 'x', '9' * 5000)),
    ('starting_failure_strategy', 'NONE', 'ABORT, STOP, CONTINUE'),
    ('running_failure_strategy', '', 'CONTINUE, RESTART_PROCESS'),
    ('running_failure_strategy', '1', 'CONTINUE, RESTART_PROCESS'),
    ('identifiers', ' , ', 'comma separated'),
]
BAD_APPLICATION = [*BAD_BOTH, ('starting_strategy', 'FASTEST', 'CONFIG, LESS_LOADED'),
                   ('starting_strategy', 'config', 'CONFIG, LESS_LOADED'),
                   ('distribution', 'EVERYWHERE', 'ALL_INSTANCES'), ('distribution', 'single_node', 'SINGLE_NODE')]
BAD_PROGRAM = [*BAD_BOTH, ('required', 'maybe', 'yes, true'), ('wait_exit', '', 'yes, true'),
               ('expected_loading', '101', '[0;100]'), ('expected_loading', '-1', '[0;100]'),
               ('reference', '', 'a name')]


IN_VAIN = ('because its start_sequence is 0', 'each program has its own identifiers')


@pytest.mark.parametrize(('tag', 'text', 'value'), APPLICATION)
def test_element_of_an_application(tag, text, value):
    rules, notes = parse(application(f'<{tag}>{text}</{tag}>'))
    assert getattr(rules.applications['app'], 'formula' if tag == 'operational_status' else tag) == value
    assert rules.applications['app'].managed
    assert [note.text for note in notes if not note.text.endswith(('is not applied yet', *IN_VAIN))] == []


@pytest.mark.parametrize(('tag', 'text', 'value'), PROGRAM)
def test_element_of_a_program(tag, text, value):
    rules, notes = parse(program(f'<{tag}>{text}</{tag}>'))
    found = rules.program('app', 'prog')
    assert getattr(found, tag) == value
    assert [note.text for note in notes if not note.text.endswith(('is not applied yet', *IN_VAIN))] == []
    kept = {tag, 'stop_sequence'} if tag == 'start_sequence' else {tag}
    default = ProgramRules()
    assert {name for name in attrs.fields_dict(ProgramRules) if getattr(found, name) != getattr(default, name)} <= kept


@pytest.mark.parametrize(('tag', 'text', 'accepted'), BAD_APPLICATION)
def test_bad_element_of_an_application(tag, text, accepted):
    problem, = problems(application(f'<{tag}>{text}</{tag}>'))
    assert problem.where == f"f0.xml:3: <application name='app'> / <{tag}>"
    assert problem.value == text.strip()
    assert accepted in problem.accepted


@pytest.mark.parametrize(('tag', 'text', 'accepted'), BAD_PROGRAM)
def test_bad_element_of_a_program(tag, text, accepted):
    problem, = problems(program(f'<{tag}>{text}</{tag}>'))
    assert problem.where == f'f0.xml:4: {PROG} / <{tag}>'
    assert problem.value == text.strip()
    assert accepted in problem.accepted


def test_every_element_is_tested():
    assert {tag for tag, *_ in APPLICATION} == set(GRAMMAR['application'].leaves)
    assert {tag for tag, *_ in PROGRAM} | {'reference'} == set(GRAMMAR['program'].leaves)


def test_stop_sequence_follows_start_sequence():
    rules, _ = parse('<application name="app"><start_sequence>3</start_sequence><programs><program name="p">'
                     '<start_sequence>2</start_sequence></program><program name="q"><start_sequence>2</start_sequence>'
                     '<stop_sequence>0</stop_sequence></program></programs></application>')
    found = rules.application('app')
    assert (found.start_sequence, found.stop_sequence) == (3, 3)
    assert [(item.start_sequence, item.stop_sequence) for item in found.programs.values()] == [(2, 2), (2, 0)]


def test_a_program_inherits_the_failure_strategies_and_nothing_else():
    rules, _ = parse(application(
        '<programs><program name="p"/><program name="q">'
        '<running_failure_strategy>SHUTDOWN</running_failure_strategy></program></programs><start_sequence>1</start_sequence><starting_failure_strategy>STOP</starting_failure_strategy>'
        '<running_failure_strategy>RESTART_PROCESS</running_failure_strategy>'))
    inherited = ProgramRules(starting_failure_strategy=StartingFailureStrategy.STOP,
                             running_failure_strategy=RunningFailureStrategy.RESTART_PROCESS)
    found = rules.application('app')
    assert found.program('p') == found.program('unknown') == inherited
    assert found.program('q') == attrs.evolve(inherited, running_failure_strategy=RunningFailureStrategy.SHUTDOWN)


def test_default_starting_strategy():
    rules, _ = parse(application(''), starting_strategy=StartingStrategy.LOCAL)
    assert rules.application('app').starting_strategy == StartingStrategy.LOCAL
    assert rules.application('other') == ApplicationRules(starting_strategy=StartingStrategy.LOCAL)
    body = application('<starting_strategy>CONFIG</starting_strategy>')
    rules, _ = parse(body, starting_strategy=StartingStrategy.LOCAL)
    assert rules.application('app').starting_strategy == StartingStrategy.CONFIG


def test_required():
    rules, notes = parse(program('<required>true</required><start_sequence>1</start_sequence>'))
    assert rules.program('app', 'prog').required
    assert notes == ()
    rules, notes = parse(program('<required>true</required>'))
    assert not rules.program('app', 'prog').required
    (level, text), = notes
    assert level == 'warn'
    assert text.startswith(f'f0.xml:3: {PROG} is not required')


NODE = '<distribution>SINGLE_NODE</distribution>'


@pytest.mark.parametrize(('body', 'where'), [
    (application(NODE), '<distribution>'),
    (application("<operational_status>any('.*')</operational_status>"), '<operational_status>'),
    ('<model name="m"><identifiers>@</identifiers></model><application name="app"><programs><program pattern="p">'
     '<reference>m</reference></program></programs></application>', "<model name='m'> / <identifiers> @"),
    (application('<programs><program pattern="p"><identifiers>a,#</identifiers></program></programs>'),
     '<identifiers> #'),
])
def test_what_is_not_applied_yet_is_noted_once(body, where, monkeypatch):
    assert parse(body)[1] == ()
    monkeypatch.setattr(rules_build, 'LATER', frozenset(('distribution', 'operational_status', 'spread')))
    _, notes = parse(body)
    assert [note.level for note in notes] == ['warn']
    assert where in notes[0].text
    assert 'is not applied yet' in notes[0].text


def test_what_changes_nothing_is_not_noted():
    assert parse(application('<distribution>ALL_INSTANCES</distribution><identifiers>*</identifiers>'))[1] == ()
    assert parse('<!-- a comment -->')[0] == Rules()


def test_no_name_is_noted_and_skipped():
    rules, notes = parse('<application/>' + application('<programs><program/></programs>'))
    assert rules.application('app').programs == {}
    assert rules.application('app').patterns == ()
    assert [note.text.partition(' has ')[2] for note in notes] == ['neither name nor pattern: it is never used'] * 2


@pytest.mark.parametrize(('body', 'where', 'part'), [
    ('<aplication/>', 'f0.xml:2: <aplication>', 'accepted: <alias>, <model>, <application>'),
    ('text', 'f0.xml:1: <root>', 'no text'),
    ('<alias>a</alias>', 'f0.xml:2: <alias>', 'no name'),
    ('<alias name=" ">a</alias>', 'f0.xml:2: <alias', 'the name is empty'),
    ('<application pattern=""/>', 'f0.xml:2: <application', 'the pattern is empty'),
    ('<model/>', 'f0.xml:2: <model>', 'no name'),
    ('<alias name="a"/>', "<alias name='a'>", 'comma separated'),
    ('<alias name="a">b<c/></alias>', "<alias name='a'> / <c>", 'a text only'),
    ('<model name="m"><distribution>ALL</distribution></model>', "<model name='m'> / <distribution>", 'unknown here'),
    ('<model name="m"><wait_exit>x</wait_exit></model>', "<model name='m'> / <wait_exit>", 'yes, true'),
    ('<application pattern="p"><programs><x/></programs></application>', "'p'> / <programs> / <x>", '<program>'),
    ('<application name="a" nane="b"/>', "<application name='a'>", "'nane' is unknown"),
    ('<application name="a">x</application>', "<application name='a'>", 'no text'),
    (application('<identifiers>*</identifiers><identifiers>*</identifiers>'), '<identifiers>', 'at line 3'),
    (application('<programs/><programs/>'), '<programs>', 'one at most'),
    (application('<required>true</required>'), '<required>', 'unknown here'),
    (application('<programs name="x"/>'), '<programs', 'no attribute'),
    (application('<programs><application/></programs>'), '<application>', 'accepted: <program>'),
    (program('<loading>1</loading>'), '<loading>', '<expected_loading>'),
    (program('<wait_exit><x/>1</wait_exit>'), '<wait_exit> / <x>', 'a text only'),
    (program('<wait_exit a="1">1</wait_exit>'), '<wait_exit>', "'a' is unknown"),
])
def test_structure(body, where, part):
    problem, = problems(body)
    assert where in problem.where
    assert part in str(problem)


@pytest.mark.parametrize(('data', 'where', 'part'), [
    (b'', 'f.xml:1', 'no element found'),
    (b'<root>\n<application>\n</root>', 'f.xml:3', 'mismatched tag'),
    (b'<root/><root/>', 'f.xml:1', 'junk'),
    (b'<root>&x;</root>', 'f.xml:1', 'undefined entity'),
    (b'<root>\xff</root>', 'f.xml:1', 'invalid token'),
    (b'<?xml version="1.0" encoding="klingon"?><root/>', 'f.xml:1', 'encoding'),
    (b'\n<!DOCTYPE root [<!ENTITY a "b">]><root>&a;</root>', 'f.xml:2', 'refused'),
    (b'<!DOCTYPE root SYSTEM "file:///etc/passwd"><root/>', 'f.xml:1', 'refused'),
    (b'<rules/>', 'f.xml:1: <rules>', 'accepted: <root>'),
])
def test_malformed(data, where, part):
    with pytest.raises(ConfigurationError) as caught:
        parse_rules([('f.xml', data)])
    problem, = caught.value.problems
    assert problem.where == where
    assert part in str(problem)


def test_encodings():
    text = '<root><application name="é"/></root>'
    for encoding, head in (('utf-8', ''), ('latin-1', '<?xml version="1.0" encoding="latin-1"?>'), ('utf-16', '')):
        assert set(parse_rules([('f.xml', (head + text).encode(encoding))])[0].applications) == {'é'}


def test_all_errors_of_all_files_together(tmp_path):
    (tmp_path / 'b.xml').write_text('<root><x/></root>')
    (tmp_path / 'a.xml').write_text('<root>')
    (tmp_path / 'c.xml').mkdir()
    (tmp_path / 'd.xml').write_text(f'<root>{program("<required>2</required><wait_exit>x</wait_exit>")}</root>')
    with pytest.raises(ConfigurationError) as caught:
        read_rules([f'{tmp_path}/*.xml', f'{tmp_path}/none.xml'])
    places = [problem.where.removeprefix(f'{tmp_path}/').split(' / ')[0] for problem in caught.value.problems]
    assert places == ['option rules_files', 'c.xml', 'a.xml:1', 'b.xml:1: <x>',
                      *["d.xml:3: <application name='app'>"] * 2]
    assert len(str(caught.value).split('\n')) == 7


def test_files_are_absolute_sorted_and_read_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'b.xml').write_text('<root><application pattern="b"/></root>')
    (tmp_path / 'a.xml').write_text(f'<root>{application("<start_sequence>1</start_sequence>")}'
                                    '<application pattern="a"/></root>')
    rules, notes = read_rules(['b.xml', './*.xml', str(tmp_path / 'a.xml')])
    assert rules.application('app').start_sequence == 1
    assert [item.pattern for item in rules.patterns] == ['a', 'b']
    assert notes == ()


def test_nothing_to_read(tmp_path):
    assert read_rules([]) == (Rules(), ())
    rules, notes = read_rules([f'{tmp_path}/*.xml'], starting_strategy=StartingStrategy.LOCAL)
    assert rules == Rules(unmanaged=ApplicationRules(starting_strategy=StartingStrategy.LOCAL))
    assert [(note.level, note.text) for note in notes] == [('warn', f'rules_files: no file matches {tmp_path}/*.xml')]


def test_depth_and_newlines():
    deep = b'<root>' + b'<a>' * 20000 + b'</a>' * 20000 + b'</root>'
    with pytest.raises(ConfigurationError):
        parse_rules([('f.xml', deep)])
    problem, = problems('<application name="a&#10;b"><x/></application>')
    assert '\n' not in str(problem)


TAGS = ('root', *GRAMMAR, *GRAMMAR['program'].leaves, *GRAMMAR['application'].leaves, 'x')
TREES = st.recursive(
    st.text('*01a,@# ', max_size=4),
    lambda inner: st.builds(lambda tag, attribute, parts: f'<{tag}{attribute}>{"".join(parts)}</{tag}>',
                            st.sampled_from(TAGS), st.sampled_from(('', ' name="a"', ' pattern="b"', ' name=""')),
                            st.lists(inner, max_size=4)),
    max_leaves=12)


@settings(max_examples=200)
@given(st.binary(max_size=60) | TREES.map(str.encode) | st.lists(TREES, max_size=3).map(
    lambda parts: f'<root>{"".join(parts)}</root>'.encode()))
def test_any_bytes_are_read_or_refused(data):
    try:
        rules, notes = parse_rules([('f.xml', data)])
    except ConfigurationError as exc:
        assert all(problem.where.startswith('f.xml:') for problem in exc.problems)  # noqa: PT017
    else:
        assert isinstance(rules, Rules)
        assert all(note.text.startswith('f.xml:') for note in notes)


@pytest.mark.parametrize('strategy', ['STOP_APPLICATION', 'RESTART_APPLICATION', 'SHUTDOWN', 'RESTART'])
def test_a_strategy_that_nothing_acts_on_yet_is_noted_with_its_place(strategy: str) -> None:
    document = (f'<root><application name="app">\n<running_failure_strategy>{strategy}</running_failure_strategy>'
                '</application></root>')
    _, notes = parse_rules([('f.xml', document.encode())])
    assert [note.text for note in notes] == [
        f"f.xml:1: <application name='app'> running_failure_strategy {strategy} is not applied yet"]
