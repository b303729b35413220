"""The options of the section: each one, the corrections, the errors all together."""
import os
import platform

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supvisors.config import ConfigurationError, read_options
from supvisors.config.expansion import expander
from supvisors.config.option_table import FORMER, option_table
from supvisors.config.options import _parse, collect_options
from supvisors.model.enums import ConciliationStrategy, StartingStrategy, SupvisorsFailureStrategy, SynchroOption
from supvisors.model.identity import Identity
from supvisors.model.options import Options

MB = 1024 * 1024
CORE, LIST, STRICT, TIMEOUT, USER = (SynchroOption[name] for name in ('CORE', 'LIST', 'STRICT', 'TIMEOUT', 'USER'))
HERE = '/etc/conf folder'
TABLE = option_table(60000)


def read(raw=None, *, nick='supervisor', environ=None, places=None, **options):
    return read_options({**(raw or {}), **options}, http_port=60000, nick=nick, here=HERE, environ=environ or {},
                        places=places)


def refusal(raw=None, **kwargs):
    with pytest.raises(ConfigurationError) as caught:
        read(raw, **kwargs)
    return caught.value


def outcome(raw, **kwargs):
    """The notes, or the error."""
    try:
        return read(raw, **kwargs)[1], None
    except ConfigurationError as exc:
        return (), exc


def warnings(notes):
    return [note.text for note in notes if note.level == 'warn']


BOOLS = [('yes', True), ('TRUE', True), ('on', True), ('1', True), ('no', False), ('False', False), ('off', False),
         ('0', False)]
GOOD = [
    *(('software_name', text, 'software_name', text) for text in ('', 'Any text: 100 %')),
    ('multicast_group', '239.0.0.1:1234', 'multicast_group', ('239.0.0.1', 1234)),
    ('multicast_group', '224.0.0.1:1', 'multicast_group', ('224.0.0.1', 1)),
    ('multicast_group', '239.255.255.255:65535', 'multicast_group', ('239.255.255.255', 65535)),
    *(('multicast_interface', text, 'multicast_interface', '') for text in ('any', 'INADDR_ANY')),
    ('multicast_interface', '10.0.0.1', 'multicast_interface', '10.0.0.1'),
    ('multicast_ttl', '0', 'multicast_ttl', 0),
    ('multicast_ttl', '255', 'multicast_ttl', 255),
    ('stats_collecting_period', '1', 'stats_collecting_period', 1),
    ('stats_collecting_period', '3600.0', 'stats_collecting_period', 3600),
    *(('auto_fence', text, 'auto_fence', value) for text, value in BOOLS),
    ('supvisors_list', 'h1, <n>h2:1 ,,h1', 'instances', (Identity('h1', 60000, 'h1'), Identity('h2', 1, 'n'))),
    ('supvisors_list', '', 'instances', ()),
    ('local_identifier', ' h1:60000 ', 'local_identifier', 'h1:60000'),
    ('stereotypes', '@A, b,,@A', 'stereotypes', ('@A', 'b')),
    ('core_identifiers', 'b,a,b', 'core_identifiers', ('b', 'a')),
    ('core_identifiers', '', 'core_identifiers', ()),
    ('rules_files', 'a.xml  *.xml a.xml', 'rules_files', ('a.xml', '*.xml')),
    ('synchro_options', 'user,LIST', 'synchro_options', frozenset((USER, LIST))),
    ('synchro_timeout', '0', 'synchro_timeout', 0),
    ('synchro_timeout', '1200', 'synchro_timeout', 1200),
    ('inactivity_ticks', '2', 'failure_timeout', 10),
    ('inactivity_ticks', '720', 'failure_timeout', 3600),
    ('failure_timeout', '0.5', 'failure_timeout', 0.5),
    ('failure_timeout', '3600', 'failure_timeout', 3600),
    ('failure_timeout', '1e1', 'failure_timeout', 10),
    ('wait_exit_timeout', '0', 'wait_exit_timeout', 0),
    ('wait_exit_timeout', '0.5', 'wait_exit_timeout', 0.5),
    ('wait_exit_timeout', '86400', 'wait_exit_timeout', 86400),
    ('bus_port', '0', 'bus_port', 0),
    ('bus_port', '65535', 'bus_port', 65535),
    ('bus_host', 'relay-1.net', 'bus_host', 'relay-1.net'),
    ('bus_host', '[fd00::2]', 'bus_host', 'fd00::2'),
    ('bus_host', 'fd00::2', 'bus_host', 'fd00::2'),
    ('secret_file', '/etc/secret', 'secret_file', '/etc/secret'),
    ('logfile', 'auto', 'logfile', 'AUTO'),
    ('logfile', 'none', 'logfile', 'NONE'),
    ('logfile', 'off', 'logfile', 'NONE'),
    ('logfile', 'syslog', 'logfile', 'SYSLOG'),
    ('logfile', '/var/log/x.log', 'logfile', '/var/log/x.log'),
    ('logfile', 'x.log', 'logfile', os.path.abspath('x.log')),
    ('logfile', '~/x.log', 'logfile', os.path.expanduser('~/x.log')),
    ('logfile_maxbytes', '0', 'logfile_maxbytes', 0),
    ('logfile_maxbytes', '3kb', 'logfile_maxbytes', 3072),
    ('logfile_maxbytes', '2 GB', 'logfile_maxbytes', 2048 * MB),
    ('logfile_backups', '0', 'logfile_backups', 0),
    ('logfile_backups', '100', 'logfile_backups', 100),
    *(('loglevel', name.upper(), 'loglevel', name)
      for name in ('critical', 'error', 'warn', 'info', 'debug', 'trace', 'blather')),
    *(('conciliation_strategy', item.name.lower(), 'conciliation_strategy', item) for item in ConciliationStrategy),
    ('disabilities_file', '%(here)s/x.json', 'disabilities_file', f'{HERE}/x.json'),
    ('disabilities_file', 'x.json', 'disabilities_file', os.path.abspath('x.json')),
    ('disabilities_file', '~/x.json', 'disabilities_file', os.path.expanduser('~/x.json')),
    *(('orphans', text, 'orphans', text.lower()) for text in ('STOP', 'ignore', 'Report')),
    *(('starting_strategy', item.name, 'starting_strategy', item) for item in StartingStrategy),
    *(('synchro_options', item.name.lower(), 'synchro_options', frozenset((item,))) for item in SynchroOption
      if item.name != 'CORE'),
]
KNOWN = [
    # option, text, value: the option is checked, and gives no field yet
    ('software_icon', '%(here)s/*.png', (f'{HERE}/*.png',)), ('software_icon', '', ()),
    ('css_files', '', ()), ('css_files', 'b.css a.css b.css', ('b.css', 'a.css')),
    *(('event_link', text, text.upper()) for text in ('zmq', 'WS', 'NONE', 'none')),
    ('event_port', '1', 1), ('event_port', '65535', 65535),
    ('stats_periods', '60,1,3600', (1, 60, 3600)), ('stats_periods', '1', (1,)), ('stats_periods', '3600', (3600,)),
    ('stats_histo', '10', 10), ('stats_histo', '1500', 1500),
    *(('stats_irix_mode', text, value) for text, value in BOOLS),
    *((name, text, value) for name in ('tail_limit', 'tailf_limit')
      for text, value in (('0', 0), ('512', 512), ('1kb', 1024), ('2MB', 2 * MB), ('1gb', 1024 * MB))),
]
STATISTICS = [
    # text, host_stats, process_stats
    ('OFF', False, False), ('host', True, False), ('PROCESS', False, True), ('ALL', True, True),
    ('host, process', True, True), ('OFF,HOST', True, False), ('all,OFF', True, True),
    *((text, value, value) for text, value in BOOLS),
]
NUMBERS = ('', 'x', 'nan', 'inf', '-1', '1_0', '٣', '0x10', '9' * 5000, '1e400', '1 2')
BAD = [
    ('auto_fence', ('', 'maybe', 'ture', '2', 'y')),
    ('supvisors_list', ('h1:0', 'h1:65536', 'h1:123456', 'h1:60000:60001', '<>h1', '<a b>h1', 'h 1', 'fe80::1', '[::1',
                        '[h1]', '[fe80::1%eth0]', '[::1]60000', 'http://h1', '<a>', ':60000', '<a>h1,<a>h2', '<a>h1,h1',
                        '<h2:1>h1,h2:1')),
    ('synchro_options', ('', 'STRICT,NEVER', '0', 'STRICT LIST')),
    ('synchro_timeout', (*NUMBERS, '1201', '1.5')),
    ('inactivity_ticks', (*NUMBERS, '1', '721', '2.0')),
    ('failure_timeout', (*NUMBERS, '0.49', '3600.1', '0')),
    ('wait_exit_timeout', (*NUMBERS, '-0.1', '86400.1')),
    ('bus_port', (*NUMBERS, '65536')),
    ('bus_host', ('', 'a b', 'h1:60000', 'fe80::1%eth0', '<a>h1')),
    ('secret_file', ('', 'a\0b')),
    ('disabilities_file', ('', '\0')),
    ('logfile', ('', 'a\0b')),
    *((name, ('', 'x', '-1', '1TB', '1.5MB', 'MB', '1K', '9' * 40))
      for name in ('logfile_maxbytes', 'tail_limit', 'tailf_limit')),
    ('logfile_backups', (*NUMBERS, '1.5')),
    ('loglevel', ('', 'warning', '20')),
    *((name, ('', 'FOO', '0', 'USER,STOP')) for name in
      ('conciliation_strategy', 'starting_strategy', 'supvisors_failure_strategy', 'event_link', 'orphans')),
    ('multicast_group', ('', '239.0.0.1', '223.255.255.255:1', '240.0.0.0:1', '224.0.0.0:1', '232.0.0.0:1',
                         '233.0.0.0:1', '239.0.0.0:1', '239.0.0.1:0', '239.0.0.1:65536', 'h1:1')),
    ('multicast_interface', ('', 'eth0', '::1')),
    ('multicast_ttl', (*NUMBERS, '256')),
    ('event_port', (*NUMBERS, '0', '65536')),
    ('stats_enabled', ('', 'CPU', 'ALL,CPU')),
    ('stats_collecting_period', (*NUMBERS, '0.9', '3601')),
    ('stats_periods', ('', '0.9', '1,2,3,4', '1,x', '3601')),
    ('stats_histo', (*NUMBERS, '9', '1501')),
    ('stats_irix_mode', ('', 'maybe')),
]


def ids(rows):
    """Option and text: what a test is about can be read, and searched for, in its name."""
    return [f'{name}={text[:30]}' for name, text, *_ in rows]


BAD_TEXTS = [(name, text) for name, texts in BAD for text in texts]


@pytest.mark.parametrize(('name', 'text', 'field', 'value'), GOOD, ids=ids(GOOD))
def test_good(name, text, field, value):
    options, notes = read({name: text})
    assert getattr(options, field) == value
    assert type(getattr(options, field)) is type(value) or isinstance(value, int)
    assert not warnings(notes)
    changed = {key for key in attrs.fields_dict(Options) if getattr(options, key) != getattr(Options(), key)}
    assert changed <= ({field, 'synchro_options'} if field == 'core_identifiers' else {field})


@pytest.mark.parametrize(('name', 'text', 'value'), KNOWN, ids=ids(KNOWN))
def test_known_and_not_used(name, text, value):
    options, notes = read({name: text})
    assert options == Options()
    assert [(level, line) for level, line in notes] == [('info', f'options set but not used yet: {name}')]
    assert _parse(TABLE[name], text, expander(HERE, '', {})) == value


@pytest.mark.parametrize(('text', 'host', 'process'), STATISTICS)
def test_stats_enabled(text, host, process):
    options, notes = read(stats_enabled=text)
    assert options == Options(host_stats=host, process_stats=process)
    assert notes == ()


@pytest.mark.parametrize('strategy', SupvisorsFailureStrategy)
def test_supvisors_failure_strategy(strategy):
    options, notes = read(supvisors_failure_strategy=strategy.name.lower(), synchro_options='LIST')
    assert options.supvisors_failure_strategy is strategy
    assert notes == ()


def test_core_among_synchro_options():
    assert read(synchro_options='Core', core_identifiers='a')[0].synchro_options == {CORE}


@pytest.mark.parametrize(('name', 'text'), BAD_TEXTS, ids=ids(BAD_TEXTS))
def test_bad(name, text):
    error = refusal({name: text})
    problem, = error.problems
    assert problem.where == f'option {name}'
    assert problem.accepted == TABLE[name].parser.accepts
    assert problem.remedy
    if text and name not in ('secret_file', 'synchro_options'):
        assert repr(text)[1:50] in str(error) if len(text) < 40 else repr(text[:40])[1:-1] in str(error)


def test_every_option_is_tested():
    assert {name for name, _ in BAD} | {'software_name', 'software_icon', 'css_files', 'rules_files', 'stereotypes',
                                        'core_identifiers', 'local_identifier'} == set(TABLE)
    assert {name for name, *_ in GOOD} | {name for name, *_ in KNOWN} | {
        'supvisors_failure_strategy', 'stats_enabled'} == set(TABLE)
    assert {name for name, *_ in DEFAULTS} == set(TABLE)


DEFAULTS = [
    # option, the default that is told, the value of each field
    ('supvisors_list', '', [()]), ('local_identifier', '', ['']), ('stereotypes', '', [()]),
    ('core_identifiers', '', [()]), ('multicast_group', '', [None]), ('multicast_interface', 'ANY', ['']),
    ('multicast_ttl', '1', [1]), ('bus_port', '0', [0]), ('bus_host', '', ['']), ('secret_file', '', ['']),
    ('wait_exit_timeout', '0', [0]), ('failure_timeout', '3', [3]), ('inactivity_ticks', '', [3]),
    ('synchro_options', 'STRICT, TIMEOUT, CORE', [frozenset((STRICT, TIMEOUT))]), ('synchro_timeout', '15', [15]),
    ('auto_fence', 'false', [False]), ('conciliation_strategy', 'USER', [ConciliationStrategy.USER]),
    ('starting_strategy', 'CONFIG', [StartingStrategy.CONFIG]),
    ('supvisors_failure_strategy', 'CONTINUE', [SupvisorsFailureStrategy.CONTINUE]), ('rules_files', '', [()]),
    ('orphans', 'report', ['report']), ('disabilities_file', '', ['']), ('logfile', 'AUTO', ['AUTO']),
    ('logfile_maxbytes', '50MB', [50 * MB]), ('logfile_backups', '10', [10]), ('loglevel', 'info', ['info']),
    ('event_link', 'NONE', []), ('event_port', '', []), ('stats_enabled', 'ALL', [True, True]),
    ('stats_collecting_period', '5', [5]), ('stats_periods', '10', []), ('stats_histo', '200', []),
    ('stats_irix_mode', 'false', []), ('software_name', '', ['']), ('software_icon', '', []), ('css_files', '', []),
    ('tail_limit', '1KB', []), ('tailf_limit', '1KB', []),
]


@pytest.mark.parametrize(('name', 'told', 'values'), DEFAULTS, ids=[name for name, *_ in DEFAULTS])
def test_default(name, told, values):
    """The default that is told is the one that is used."""
    option = TABLE[name]
    assert option.default == told
    used = read()[0]
    assert [getattr(used, field) for field in option.fields] == values
    if told:
        assert read({name: told})[0] == used


def test_the_table_names_fields_of_the_model_once():
    fields = [field for option in TABLE.values() for field in option.fields if option.name != 'inactivity_ticks']
    assert sorted(fields) == sorted(attribute.name for attribute in attrs.fields(Options))
    assert all(option.help and option.parser.accepts for option in TABLE.values())


def test_nothing_set():
    assert read() == (Options(), ())
    assert read({'supervisor.rpcinterface_factory': 'supvisors.plugin:make_supvisors_rpcinterface'}) == (Options(), ())


def test_all_errors_together_and_nothing_else():
    bad = {'auto_fence': 'maybe', 'loglevel': 'loud', 'stats_histo': '1', 'synchro_options': 'CORE', 'bus_port': '12'}
    error = refusal(bad, core_identifers='a')
    assert [problem.where for problem in error.problems] == [
        'option auto_fence', 'option loglevel', 'option stats_histo', 'option synchro_options']
    lines = str(error).splitlines()
    assert lines[0] == '4 errors in the configuration of Supvisors:'
    assert lines[1].strip() == ("option auto_fence = 'maybe': accepted: one of yes, true, on, 1, no, false, off, 0; "
                                'remedy: correct it, or remove the option to get its default: false')
    assert len(lines) == 5


def test_all_bad_elements_are_named():
    error = refusal(supvisors_list='h1:0,fe80::1,h2:60000:60001,<a>h3,<a>h4')
    for part in ("'h1:0': its port", "'fe80::1' is not", 'in brackets',
                 "'h2:60000:60001' is not", "nick 'a' is given to 2"):
        assert part in str(error)


@pytest.mark.parametrize(('name', 'nearest'), [
    ('synchro_option', 'synchro_options'), ('autofence', 'auto_fence'), ('supvisor_list', 'supvisors_list'),
    ('rule_files', 'rules_files'), ('AUTO_FENCE', 'auto_fence'), ('failure_time', 'failure_timeout')])
def test_unknown_option_with_the_nearest_name(name, nearest):
    options, notes = read({name: 'p@ssw0rd'})
    assert options == Options()
    assert warnings(notes) == [f"option '{name}' is unknown and ignored; did you mean {nearest}?"]


def test_unknown_option_near_nothing_and_former_names():
    assert warnings(read(zzzzzz='1')[1]) == ["option 'zzzzzz' is unknown and ignored"]
    _, notes = read(dict.fromkeys(FORMER, 'x'))
    assert warnings(notes) == [f'option {name} is ignored: {text}' for name, text in FORMER.items()]


@pytest.mark.parametrize(('raw', 'options', 'strategy', 'warned'), [
    ({}, {STRICT, TIMEOUT}, 'CONTINUE', []),
    ({'core_identifiers': 'a'}, {STRICT, TIMEOUT, CORE}, 'CONTINUE', []),
    ({'synchro_options': 'CORE,LIST'}, {LIST}, 'CONTINUE', ['CORE is removed']),
    ({'synchro_options': 'CORE', 'core_identifiers': 'a'}, {CORE}, 'CONTINUE', []),
    ({'synchro_options': 'STRICT'}, {STRICT}, 'CONTINUE', []),
    ({'synchro_options': 'USER', 'supvisors_failure_strategy': 'resync'}, {USER}, 'RESYNC', []),
    ({'supvisors_failure_strategy': 'SHUTDOWN'}, {STRICT, TIMEOUT}, 'CONTINUE', ['SHUTDOWN is changed to CONTINUE']),
    ({'synchro_options': 'timeout, CORE', 'supvisors_failure_strategy': 'RESYNC'}, {TIMEOUT}, 'CONTINUE',
     ['CORE is removed', 'RESYNC is changed to CONTINUE']),
    ({'synchro_options': 'TIMEOUT', 'supvisors_failure_strategy': 'CONTINUE'}, {TIMEOUT}, 'CONTINUE', []),
])
def test_corrections(raw, options, strategy, warned):
    read(core_identifiers='x')
    result, notes = read(raw)
    assert result.synchro_options == options
    assert result.supvisors_failure_strategy == SupvisorsFailureStrategy[strategy]
    assert len(warnings(notes)) == len(warned)
    assert all(part in text for part, text in zip(warned, warnings(notes), strict=True))
    assert read()[0].synchro_options == {STRICT, TIMEOUT}, 'the default has been edited'


@pytest.mark.parametrize('text', ['', ' , ', 'CORE'])
def test_no_synchro_option_left(text):
    problem, = refusal(synchro_options=text).problems
    assert 'nothing is left' in problem.reason
    assert ('CORE' in problem.reason) == (text == 'CORE')
    # told once: the error says more than the warning
    found = collect_options({'synchro_options': text}, http_port=60000, nick='', here=HERE)
    assert not [note for note in found.notes if 'CORE' in note.text]


def test_failure_timeout_wins_over_ticks_and_says_so():
    options, notes = read(inactivity_ticks='2', failure_timeout='1.5')
    assert options.failure_timeout == 1.5
    assert [note.level for note in notes] == ['info']
    assert 'failure_timeout is set' in notes[0].text
    _, notes = read(inactivity_ticks='2')
    assert 'failure_timeout = 10 seconds' in notes[0].text
    assert [problem.where for problem in refusal(inactivity_ticks='2', failure_timeout='x').problems] == [
        'option failure_timeout']


def test_expansions():
    options, _ = read({'rules_files': '%(here)s/*.xml /%(ENV_SITE)s/x.xml', 'logfile': '/log/%(host_node_name)s',
                       'stereotypes': '%(ENV_SITE)s,100%,%%(x)'}, environ={'SITE': 'a%(here)s'})
    assert options.rules_files == (f'{HERE}/*.xml', '/a%(here)s/x.xml')
    assert options.logfile == f'/log/{platform.node()}'
    assert options.stereotypes == ('a%(here)s', '100%', '%%(x)')


@pytest.mark.parametrize(('text', 'part'), [('%(foo)s', "'foo' cannot be expanded"), ('%(ENV_NO)s', "no variable 'NO'"),
                                            ('%()s', 'cannot be expanded'), ('%(there)s', 'cannot be expanded')])
@pytest.mark.parametrize('name', ['rules_files', 'logfile', 'secret_file', 'supvisors_list', 'local_identifier',
                                  'stereotypes', 'core_identifiers', 'software_name', 'software_icon', 'css_files'])
def test_expansion_refused(name, text, part):
    assert part in str(refusal({name: f'/a/{text}'}))


@pytest.mark.parametrize('text', ['%(ENV_SECRET)s\0 %(ENV_SECRET)s', '%(ENV_SECRET)s, <%(ENV_SECRET)s'])
@pytest.mark.parametrize('name', sorted(TABLE))
def test_no_variable_in_any_text(name, text):
    notes, error = outcome({name: text}, environ={'SECRET': 'p@ssw0rd'})
    assert 'p@ssw0rd' not in f'{notes} {error}'


def test_no_secret_in_any_text():
    assert 'p@ss' not in str(refusal(secret_file='p@ss\0'))
    assert 'p@ss' not in str(read(pasword='p@ss')[1])


@pytest.mark.parametrize(('nick', 'count'), [
    ('supervisor', 0), ('sv1', 0), ('a:b', 0), ('a b', 0), ('a,b', 1), ('*', 1), (' a', 1)])
def test_identifier_of_supervisord_that_no_list_can_hold(nick, count):
    assert len(warnings(read(nick=nick)[1])) == count


@pytest.mark.parametrize('nick', ['a\nb', '\0', '\t', 'a\x7f', 'a\x85', 'a\u2028', '\ud800', ' a\n,'])
def test_identifier_of_supervisord_that_no_answer_can_hold(nick):
    found = collect_options({}, http_port=60000, nick=nick, here=HERE)
    (problem,) = found.problems
    assert problem.where == "supervisord's identifier"
    assert repr(nick) in str(problem)
    assert 'change the option -i' in str(problem)
    assert len(str(problem).splitlines()) == 1
    assert not warnings(found.notes)


def test_the_bus_cannot_have_the_port_of_the_http_server():
    (problem,) = refusal(bus_port='60000').problems
    assert str(problem) == ("option bus_port = '60000': it is the port of [inet_http_server]; "
                            'remedy: choose another port, or 0 for any free one')
    assert read(bus_port='60001')[0].bus_port == 60001
    assert refusal(places={'bus_port': 'x.conf:3'}, bus_port='60000').problems[0].place == 'x.conf:3'


def test_environment_of_the_process_by_default(monkeypatch):
    monkeypatch.setenv('SUPVISORS_TEST_SITE', 'north')
    raw = {'stereotypes': '%(ENV_SUPVISORS_TEST_SITE)s'}
    options, _ = read_options(raw, http_port=60000, nick='supervisor', here='/')
    assert options.stereotypes == ('north',)


def places(*names):
    return {name: f'/etc/a.conf:{line}' for line, name in enumerate(names, 1)}


def test_every_problem_has_its_place():
    bad = {'auto_fence': 'maybe', 'synchro_options': '', 'starting_strategy': 'FOO', 'multicast_group': 'h1:1'}
    error = refusal(bad, places=places(*bad))
    assert {problem.option: problem.place for problem in error.problems} == places(*bad)
    for name, place in places(*bad).items():
        assert f'\n  {place}: option {name}' in str(error)
    assert 'None' not in str(refusal(bad, places={'auto_fence': '/x:1'}))


@pytest.mark.parametrize(('raw', 'name', 'part'), [
    ({'synchro_option': '1'}, 'synchro_option', "option 'synchro_option' is unknown"),
    ({'internal_port': '1'}, 'internal_port', 'option internal_port is ignored'),
    ({'auto_fence': '1'}, 'auto_fence', 'option auto_fence = True is not applied yet'),
    ({'conciliation_strategy': 'STOP'}, 'conciliation_strategy', 'option conciliation_strategy = STOP is not applied'),
    ({'inactivity_ticks': '2'}, 'inactivity_ticks', 'inactivity_ticks = 2 means'),
    ({'inactivity_ticks': '2', 'failure_timeout': '3'}, 'inactivity_ticks', 'inactivity_ticks = 2 is not used'),
    ({'synchro_options': 'CORE,LIST'}, 'synchro_options', 'CORE is removed'),
    ({'supvisors_failure_strategy': 'RESYNC'}, 'supvisors_failure_strategy', 'supvisors_failure_strategy = RESYNC is'),
])
def test_every_note_about_an_option_has_its_place(raw, name, part):
    (note,) = read(raw, places={name: '/etc/a.conf:7'})[1]
    assert note.text.startswith(f'/etc/a.conf:7: {part}')
    assert read(raw)[1][0].text.startswith(part)


def test_options_not_used_yet_have_their_places():
    (note,) = read({'stats_histo': '10', 'css_files': 'a'}, places={'css_files': '/etc/a.conf:7'})[1]
    assert note.text == 'options set but not used yet: stats_histo, css_files (/etc/a.conf:7)'


@pytest.mark.parametrize('raw', [
    {'synchro_options': 'USER'},
    {'synchro_options': 'LIST', 'supvisors_failure_strategy': 'SHUTDOWN'},
    {'multicast_group': '239.0.0.1:60100'},
])
def test_nothing_to_say(raw):
    assert read(raw)[1] == ()


def test_refused_options_have_their_defaults():
    found = collect_options({'auto_fence': 'yes', 'synchro_timeout': '-1'}, http_port=60000, nick='', here=HERE)
    assert found.options == Options(auto_fence=True)
    assert [problem.option for problem in found.problems] == ['synchro_timeout']


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(raw=st.dictionaries(st.sampled_from(sorted(TABLE)) | st.text(max_size=10),
                           st.text(max_size=30) | st.from_regex(r'[-<>\[\]:,.@%()\w~ ]{0,20}'), max_size=6),
       nick=st.text(max_size=5))
def test_any_text_is_read_or_refused(raw, nick):
    notes, error = outcome(raw, nick=nick)
    if error:
        assert error.problems
        assert len(str(error).split('\n')) == len(error.problems) + 1
    else:
        options, _ = read(raw, nick=nick)
        assert options.synchro_options
        assert 0.5 <= options.failure_timeout <= 3600
        assert all(note.level in ('info', 'warn') for note in notes)


@pytest.mark.parametrize('name', sorted(TABLE))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=40) | st.text(alphabet='0123456789.:-+eE[]<>,% KMGB~\0', max_size=20))
def test_any_text_for_each_option(name, text):
    _, error = outcome({name: text})
    assert error is None or name in str(error)
