"""The options of the section: each one, the corrections, the errors all together."""
import os
import platform

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supvisors.config import ConfigurationError, read_options
from supvisors.config.option_table import FORMER, option_table
from supvisors.model.enums import ConciliationStrategy, StartingStrategy, SupvisorsFailureStrategy, SynchroOption
from supvisors.model.identity import Identity
from supvisors.model.options import Options

MB = 1024 * 1024
CORE, LIST, STRICT, TIMEOUT, USER = (SynchroOption[name] for name in ('CORE', 'LIST', 'STRICT', 'TIMEOUT', 'USER'))
HERE = '/etc/conf folder'
TABLE = option_table(60000)


def read(raw=None, *, nick='supervisor', environ=None, **options):
    return read_options({**(raw or {}), **options}, http_port=60000, nick=nick, here=HERE, environ=environ or {})


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
    *(('starting_strategy', item.name, 'starting_strategy', item) for item in StartingStrategy),
]
NOT_USED = [
    ('software_name', ''), ('software_name', 'Any text: 100 %'), ('software_icon', '%(here)s/*.png'), ('css_files', ''),
    ('multicast_group', '239.0.0.1:1234'), ('multicast_group', '224.0.0.1:1'),
    ('multicast_group', '239.255.255.255:65535'),
    ('multicast_interface', 'any'), ('multicast_interface', 'INADDR_ANY'), ('multicast_interface', '10.0.0.1'),
    ('multicast_ttl', '0'), ('multicast_ttl', '255'), ('event_link', 'zmq'), ('event_link', 'WS'),
    ('event_link', 'NONE'),
    ('event_port', '1'), ('event_port', '65535'), ('disabilities_file', '/tmp/x.json'),
    ('stats_enabled', 'host,PROCESS'), ('stats_enabled', 'ON'), ('stats_collecting_period', '1'),
    ('stats_collecting_period', '3600.0'), ('stats_periods', '60,1,3600'), ('stats_histo', '10'),
    ('stats_histo', '1500'),
    ('stats_irix_mode', 'true'), ('tail_limit', '1KB'), ('tailf_limit', '0'),
    ('orphans', 'STOP'), ('orphans', 'ignore'),
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


@pytest.mark.parametrize(('name', 'text', 'field', 'value'), GOOD)
def test_good(name, text, field, value):
    options, notes = read({name: text})
    assert getattr(options, field) == value
    assert type(getattr(options, field)) is type(value) or isinstance(value, int)
    assert not warnings(notes)
    changed = {key for key in attrs.fields_dict(Options) if getattr(options, key) != getattr(Options(), key)}
    assert changed <= {field, 'synchro_options'} if field == 'core_identifiers' else {field}


@pytest.mark.parametrize(('name', 'text'), NOT_USED)
def test_known_and_not_used(name, text):
    options, notes = read({name: text})
    assert options == Options()
    assert [(level, line) for level, line in notes] == [('info', f'options set but not used yet: {name}')]


@pytest.mark.parametrize(('name', 'text'), [(name, text) for name, texts in BAD for text in texts])
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
    assert {name for name, *_ in GOOD} | {name for name, _ in NOT_USED} | {'supvisors_failure_strategy'} == set(TABLE)


@pytest.mark.parametrize('name', [name for name, option in TABLE.items() if option.default])
def test_the_default_that_is_told_is_the_one_that_is_used(name):
    option = TABLE[name]
    value = option.parser(option.default)
    if option.field and name != 'synchro_options':
        assert value == getattr(Options(), option.field)


def test_the_table_names_fields_of_the_model_once():
    fields = [option.field for option in TABLE.values() if option.field]
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
@pytest.mark.parametrize('name', ['rules_files', 'logfile', 'secret_file', 'supvisors_list'])
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


def test_environment_of_the_process_by_default(monkeypatch):
    monkeypatch.setenv('SUPVISORS_TEST_SITE', 'north')
    raw = {'stereotypes': '%(ENV_SUPVISORS_TEST_SITE)s'}
    options, _ = read_options(raw, http_port=60000, nick='supervisor', here='/')
    assert options.stereotypes == ('north',)


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
