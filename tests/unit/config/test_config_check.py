"""The command `supvisors check`: one file, several files, and that it changes nothing."""
import json
import os
import subprocess
import sys

import pytest

from supvisors import cli
from supvisors.config.check import as_json, as_text, check
from supvisors.config.option_table import option_table

RULES = """\
<root>
  <application name="shop"><programs><program name="db"/></programs></application>
  <application name="web"/>
</root>
"""
SHARED = {'rules_files': '%%(here)s/rules.xml'}
FACTORY = 'supervisor.rpcinterface_factory = supvisors.plugin:make_supvisors_rpcinterface'


def text_of(nick='', port=60001, options=None, server='inet_http_server', section='rpcinterface:supvisors', more='',
            password=''):
    listen = f'port=127.0.0.1:{port}' if server == 'inet_http_server' else 'file=%(here)s/a.sock'
    identifier = f'identifier={nick}\n' if nick else ''
    listen += f'\nusername=u\npassword={password}' if password else ''
    lines = ''.join(f'{name} = {value}\n' for name, value in (options or {}).items())
    return (f'[{server}]\n{listen}\n[supervisord]\nlogfile=%(here)s/s.log\n{identifier}[rpcinterface:supervisor]\n'
            'supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n'
            f'[{section}]\n{FACTORY}\n{lines}{more}')


@pytest.fixture
def write(tmp_path):
    """Writes a configuration file in a folder of its own, with rules beside it; returns its path."""
    def file(name='a', nick='', port=60001, rules=RULES, text=None, **kwargs):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / 'rules.xml').write_text(rules)
        (folder / 's.conf').write_text(text_of(nick, port, **kwargs) if text is None else text)
        return str(folder / 's.conf')

    return file


def line_of(path, start):
    with open(path) as stream:
        return [number for number, line in enumerate(stream, 1) if line.startswith(start)][-1]


def errors_of(path, **kwargs):
    return check([path], **kwargs).files[0].errors


LIST = '<a>127.0.0.1:60001,<b>127.0.0.1:60002'


def pair(write, mine=None, theirs=None, rules=RULES, nicks=('a', 'b'), passwords=('', '')):
    """Two files of one system, which agree but for these options and rules."""
    common = {'supvisors_list': LIST, **SHARED}
    return [write('a', nicks[0], 60001, options={**common, **(mine or {})}, password=passwords[0]),
            write('b', nicks[1], 60002, options={**common, **(theirs or {})}, password=passwords[1], rules=rules)]


# -- one file
def test_a_right_file(write):
    path = write(options={'supvisors_list': LIST, **SHARED})
    report = check([path])
    assert report.ok
    assert (report.files[0].errors, report.files[0].warnings) == ([], [])
    rules = os.path.join(os.path.dirname(path), 'rules.xml')
    assert as_text(report) == (
        f'ok: {path}: instance 127.0.0.1:60001 (a); 2 instances: 127.0.0.1:60001, 127.0.0.1:60002; rules: {rules}; '
        'applications: shop, web')


def test_all_errors_of_a_file(write, tmp_path):
    bad = {'auto_fence': 'maybe', 'synchro_timeout': '5000', 'secret_file': '/no/such/file', 'logfile': '/no/such/log',
           'rules_files': '%%(here)s/rules.xml %%(here)s/none.xml', 'supvisors_list': '198.51.100.1'}
    path = write(options=bad, rules='<root>\n<application name="x"><nothing/></application>\n</root>')
    report = check([path], local=True)
    assert not report.ok
    told = as_text(report)
    for name in bad:
        assert f'error: {path}:{line_of(path, name)}: option {name}' in told
    assert f'error: {tmp_path}/a/rules.xml:2: ' in told
    assert len(report.files[0].errors) == len(bad) + 1
    assert 'ok:' not in told


def test_unknown_option(write):
    path = write(options={'synchro_option': 'LIST'})
    report = check([path])
    assert report.ok
    assert report.files[0].warnings == [
        f"{path}:{line_of(path, 'synchro_option')}: option 'synchro_option' is unknown and ignored; "
        'did you mean synchro_options?']
    assert 'warning: ' in as_text(report)


@pytest.mark.parametrize(('kwargs', 'part'), [
    ({'server': 'unix_http_server'}, 'needs an [inet_http_server], reachable from the other instances; remedy: add'),
    ({'section': 'rpcinterface:other'}, 'rename it to [rpcinterface:supvisors]'),
    ({'text': '[supervisord]\n[inet_http_server]\nport=1\n'}, f'add: [rpcinterface:supvisors] with {FACTORY}'),
    ({'text': '[supervisord]\n[inet_http_server]\nport=1\n[rpcinterface:supvisors]\nsupervisor.rpcinterface_factory='
              'supervisor.rpcinterface:make_main_rpcinterface\n'}, 'remedy: set it to supvisors.plugin:'),
    ({'text': '[supervisord]\n[rpcinterface:supvisors]\n'}, 'does not specify a supervisor.rpcinterface_factory'),
    ({'text': '[supervisord]\n[rpcinterface:x]\nsupervisor.rpcinterface_factory=no:no\n'}, 'cannot be resolved'),
    ({'text': ''}, '.ini file does not include supervisord section'),
    ({'text': 'x'}, 'File contains no section headers'),
    ({'text': '[supervisord]\nlogfile=/no/such/folder/x\n'}, 'does not exist'),
    ({'text': '[supervisord]\nuser=nobody-of-that-name\n'}, 'Invalid user name'),
    ({'text': '[supervisord]\nminfds=x\n'}, "invalid literal for int() with base 10: 'x'"),
])
def test_supervisord_would_not_start(write, capfd, kwargs, part):
    path = write(**kwargs)
    (error,) = errors_of(path)
    assert error.startswith(f'{path}: ')
    assert part in error
    assert capfd.readouterr() == ('', '')


def test_supervisord_would_end_with_a_traceback(write, tmp_path, monkeypatch):
    (tmp_path / 'broken_plugin.py').write_text('raise RuntimeError("broken")')
    monkeypatch.syspath_prepend(tmp_path)
    path = write(text='[supervisord]\n[rpcinterface:x]\nsupervisor.rpcinterface_factory=broken_plugin:x\n')
    assert errors_of(path) == [f'{path}: supervisord cannot read it (RuntimeError: broken); remedy: correct the file']


def test_both_sections_missing(write):
    assert len(errors_of(write(text='[supervisord]\n'))) == 2


def test_no_such_file(tmp_path):
    assert 'could not find config file' in errors_of(str(tmp_path / 'none.conf'))[0]


def test_no_main_interface(write):
    path = write(text=f'[supervisord]\n[inet_http_server]\nport=:1\n[rpcinterface:supvisors]\n{FACTORY}\n')
    (warning,) = check([path]).files[0].warnings
    assert 'there is no [rpcinterface:supervisor]' in warning


@pytest.mark.parametrize(('value', 'more', 'right'), [
    ('%%(here)s/rules.xml', '', True), ('%(here)s/rules.xml', '', False),
    ('%%(here)s/rules.xml', '[include]\nfiles=*.none\n', False),
    ('%(here)s/rules.xml', '[include]\nfiles=*.none\n', True),
])
def test_here(write, value, more, right):
    path = write(options={'rules_files': value}, more=more)
    report = check([path])
    assert report.ok == right
    if right:
        assert report.files[0].applications == ['shop', 'web']
    else:
        (error,) = report.files[0].errors
        assert error.startswith(f'{path}:{line_of(path, "rules_files")}: option rules_files: supervisord says')
        assert 'with [include], it is written %(here)s' in error
        assert 'Available names' not in error


def test_errors_of_included_files_have_their_place(write, tmp_path):
    path = write(more='[include]\nfiles=*.inc\n')
    included = tmp_path / 'a' / 'x.inc'
    included.write_text('[rpcinterface:supvisors]\nauto_fence=maybe\n')
    assert errors_of(path)[0].startswith(f'{included}:2: option auto_fence')


def test_a_file_for_another_host(write):
    path = write(options={'supvisors_list': '<a>198.51.100.1:60001,<b>198.51.100.2'})
    report = check([path])
    assert report.ok
    assert report.files[0].warnings[0].startswith(f'this file is not for this host: {path}:')
    assert 'an instance on another host; 2 instances' in as_text(report)
    assert not check([path], local=True).ok
    report = check([path], local=True, nick='b')
    assert report.ok
    assert report.files[0].local.identifier == '198.51.100.2:60001'


@pytest.mark.parametrize('options', [{'local_identifier': 'nobody'}, {'supvisors_list': '127.0.0.1,127.0.0.2'}])
def test_a_file_that_is_wrong_on_any_host(write, options):
    assert 'option supvisors_list' in errors_of(write(options={'supvisors_list': LIST, **options}))[0]


def test_own_log(write, tmp_path):
    (tmp_path / 'a').mkdir()
    for name in ('%%(here)s/x.log', 'NONE', 'syslog', 'AUTO'):
        assert not errors_of(write(options={'logfile': name}))
    assert not (tmp_path / 'a' / 'x.log').exists()


def test_own_log_that_is_a_folder(write, tmp_path):
    (tmp_path / 'logs').mkdir()
    path = write(options={'logfile': str(tmp_path / 'logs')})
    assert errors_of(path) == [f"{path}:{line_of(path, 'logfile = ')}: option logfile = '{tmp_path}/logs': it is a "
                               'folder; remedy: name a file in it, or use AUTO']


def test_the_bus_on_the_port_of_the_http_server(write):
    path = write(options={'bus_port': '60001'})
    (error,) = errors_of(path)
    assert error.startswith(f'{path}:{line_of(path, "bus_port")}: option bus_port')


def test_an_identifier_of_several_lines(write):
    (error,) = errors_of(write(options={'supvisors_list': LIST, 'local_identifier': 'a'}), nick='x\ny')
    assert "supervisord's identifier = 'x\\ny'" in error


@pytest.mark.timeout(20)
def test_pipes_are_not_read(write, tmp_path):
    os.mkfifo(tmp_path / 'pipe')
    path = write(more=f'[include]\nfiles={tmp_path}/pi*\n')
    for file in (str(tmp_path / 'pipe'), path):
        assert errors_of(file) == [f'{tmp_path}/pipe: it is not a regular file, hence it is not read: reading it might '
                                   'never end; remedy: copy its content into a file, and check that one']


def test_a_folder(tmp_path):
    assert 'could not read config file' in errors_of(str(tmp_path))[0]


# -- several files
def test_files_that_agree(write):
    report = check(pair(write))
    assert report.ok
    assert not report.warnings
    assert as_text(report).count('ok: ') == 2


@pytest.mark.parametrize(('mine', 'theirs', 'text'), [
    ({}, {'starting_strategy': 'LOCAL'}, 'starting_strategy is CONFIG in {a} and LOCAL in {b}'),
    ({'auto_fence': 'yes'}, {}, 'auto_fence is true in {a} and false in {b}'),
    ({'conciliation_strategy': 'STOP'}, {'conciliation_strategy': 'RESTART'},
     'conciliation_strategy is STOP in {a} and RESTART in {b}'),
    ({'supvisors_failure_strategy': 'RESYNC', 'synchro_options': 'LIST'}, {},
     'supvisors_failure_strategy is RESYNC in {a} and CONTINUE in {b}'),
    ({'core_identifiers': 'a,b'}, {}, 'core_identifiers is 127.0.0.1:60001,127.0.0.1:60002 in {a} and not set in {b}'),
    ({'supvisors_list': f'{LIST},h3:1'}, {},
     'supvisors_list is 127.0.0.1:60001,127.0.0.1:60002,h3:1 in {a} and 127.0.0.1:60001,127.0.0.1:60002 in {b}'),
])
def test_files_that_differ(write, mine, theirs, text):
    a, b = pair(write, mine, theirs)
    report = check([a, b])
    assert text.format(a=a, b=b) in report.errors
    assert not report.ok


DIFFERENT = {
    'supvisors_list': (LIST, f'{LIST},h3:1'), 'core_identifiers': ('a', 'b'),
    'multicast_group': ('239.0.0.2:60100', '239.0.0.2:60101'), 'secret_file': ('{tmp}/one', '{tmp}/other'),
    'auto_fence': ('yes', 'no'), 'conciliation_strategy': ('STOP', 'USER'), 'starting_strategy': ('LOCAL', 'CONFIG'),
    'supvisors_failure_strategy': ('RESYNC', 'SHUTDOWN'),
    'rules_files': ('%%(here)s/rules.xml', '%%(here)s/rules2.xml'),
}
NAMED = {'rules_files': 'the rules of application', 'secret_file': 'the secret is not the same'}


def test_all_that_must_be_the_same_is_tried():
    assert set(DIFFERENT) == {option.name for option in option_table(1).values() if option.same}


@pytest.mark.parametrize('name', DIFFERENT)
def test_what_must_be_the_same_is_compared(write, tmp_path, name):
    for file in ('one', 'other'):
        (tmp_path / file).write_text(f'{file} secret')
    values = [value.format(tmp=tmp_path) if name == 'secret_file' else value for value in DIFFERENT[name]]
    common = {'synchro_options': 'LIST', 'core_identifiers': 'a'}
    files = pair(write, *({**common, name: value} for value in values))
    (tmp_path / 'b' / 'rules2.xml').write_text('<root><application name="other"/></root>')
    report = check(files)
    assert not any(file.errors for file in report.files)
    assert report.errors
    assert all(NAMED.get(name, f'{name} is ') in error for error in report.errors)
    assert all(file in error for error in report.errors for file in files)
    assert not check(reversed(files)).ok
    assert check(pair(write, *({**common, name: values[0]} for _ in values))).ok


@pytest.mark.parametrize(('passwords', 'mine', 'theirs', 'ok'), [
    (('p@ss1', 'p@ss1'), {}, {}, True), (('p@ss1', 'p@ss2'), {}, {}, False), (('p@ss1', ''), {}, {}, False),
    (('p@ss1', 'p@ss2'), {'secret_file': '{tmp}/s'}, {'secret_file': '{tmp}/t'}, True),
    (('p@ss1', 'p@ss2'), {'secret_file': '{tmp}/s'}, {}, False),
    (('p@ss1', 'p@ss3'), {'secret_file': '{tmp}/s'}, {}, True),
])
def test_secrets_are_compared_and_never_shown(write, tmp_path, passwords, mine, theirs, ok):
    for name in 'st':
        (tmp_path / name).write_text('p@ss3\n')
    mine, theirs = ({key: value.format(tmp=tmp_path) for key, value in item.items()} for item in (mine, theirs))
    report = check(pair(write, mine, theirs, passwords=passwords))
    assert report.ok is ok
    told = as_text(report) + as_json(report) + repr(report)
    assert 'p@ss' not in told
    if not ok:
        (error,) = report.errors
        assert error.startswith('the secret is not the same: in ')
        assert ('it is the content of secret_file' in error) == bool(mine)
        assert ('it is not set' in error) == (not passwords[1])


def test_rules_that_differ(write):
    a, b = pair(write, rules='<root><application name="web"/></root>')
    (error,) = check([a, b]).errors
    assert error.startswith('the rules of application shop are ')
    assert error.endswith(f' in {a} and not set in {b}')


def test_order_of_the_list_is_harmless(write):
    a, b = pair(write, theirs={'supvisors_list': ','.join(reversed(LIST.split(',')))})
    assert check([a, b]).ok


def test_two_files_for_one_instance(write):
    a = write('a', 'a', 60001, options={'supvisors_list': LIST})
    b = write('b', '', 60001, options={'supvisors_list': LIST})
    report = check([a, b])
    assert report.errors == [f'{a} and {b} are both for 127.0.0.1:60001: correct local_identifier, or the identifier '
                             'of supervisord, in one of them']
    assert report.warnings == ['no file is for 127.0.0.1:60002, which is in supvisors_list']


def test_two_files_that_this_host_takes_for_one_instance(write, monkeypatch):
    """Their own hosts would not: nothing in them says who they are."""
    monkeypatch.setattr('socket.gethostname', lambda: 'h1')
    a, b = (write(name, options={'supvisors_list': 'h1:60001,h2:60001'}) for name in 'ab')
    report = check([a, b])
    assert report.ok
    assert report.warnings[0].startswith(f'{a} and {b} are both for h1:60001 on this host')


def test_one_nick_for_two(write):
    a, b = pair(write, {'supvisors_list': '127.0.0.1:60001,127.0.0.1:60002'},
                {'supvisors_list': '127.0.0.1:60001,127.0.0.1:60002'}, nicks=('x', 'x'))
    assert check([a, b]).errors == [
        f"{a} and {b}: the nick 'x' is given to 127.0.0.1:60001 and to 127.0.0.1:60002: change one of them"]


@pytest.mark.parametrize('turned', [False, True])
def test_a_nick_that_is_the_identifier_of_another_one(write, turned):
    names = {'supvisors_list': '127.0.0.1:60001,127.0.0.1:60002', 'local_identifier': '127.0.0.1:60001'}
    alone = {'local_identifier': '<127.0.0.1:60001>127.0.0.1:60002'}
    files = [write('a', 'x', 60001, options=names), write('b', '', 60002, options=alone)]
    text = "the nick '127.0.0.1:60001' of 127.0.0.1:60002 is the identifier of another instance: change it"
    report = check(reversed(files) if turned else files)
    assert [error for error in report.errors if text in error]


# -- names
def rules_for(*names):
    return f'<root><application name="x"><identifiers>{",".join(names)}</identifiers></application></root>'


def named(write, core='', rules='', more=None, count=2, **kwargs):
    """The report of some of two files, one of which has the stereotype @s."""
    options = {'supvisors_list': LIST, **SHARED, **({'core_identifiers': core} if core else {}), **(more or {})}
    text = rules_for(*rules.split(',')) if rules else RULES
    files = [write('a', 'a', 60001, options=options, rules=text, **kwargs),
             write('b', 'b', 60002, options={**options, 'stereotypes': '@s'}, rules=text)]
    return check(files[:count])


@pytest.mark.parametrize('where', ['core', 'rules'])
@pytest.mark.parametrize('name', ['a', 'b', '127.0.0.1:60001', '@s', '*'])
def test_names_of_somebody(write, where, name):
    for count in (1, 2):
        report = named(write, **{where: name}, count=count)
        assert report.ok
        assert not report.warnings
        assert not [note for note in report.files[0].notes if 'correct it' in note]


@pytest.mark.parametrize('name', ['c', '@t', '127.0.0.1:60003'])
def test_names_of_nobody_when_each_instance_has_its_file(write, tmp_path, name):
    report = named(write, f'a,{name}', f'b,{name}')
    assert report.ok
    core, rules = report.warnings
    lines = [f'{tmp_path}/{folder}/s.conf:{line_of(f"{tmp_path}/{folder}/s.conf", "core_identifiers")}: '
             'option core_identifiers' for folder in 'ab']
    assert core == (f"{', '.join(lines)}: {name!r} is the identifier, the nick or a stereotype of no instance: "
                    'correct it')
    assert rules.startswith(f'{tmp_path}/a/rules.xml:1')
    assert f', {tmp_path}/b/rules.xml:1' in rules
    assert f': {name!r} is the identifier' in rules


def test_names_that_may_be_stereotypes_of_instances_without_a_file(write):
    report = named(write, 'a,c,h9:60000', 'a,c,h8:60000', count=1)
    assert report.ok
    (note,) = [note for note in report.files[0].notes if 'correct it' in note]
    assert "'h9:60000' is" in note
    (warning,) = report.warnings
    assert "'h8:60000' is" in warning
    report = named(write, 'a,c,h9:60000', 'a,c,h8:60000', more={'supvisors_list': f'{LIST},h3:1'})
    assert [text for text in report.warnings if 'correct it' in text and "'c'" in text] == []
    assert len([text for text in report.warnings if 'correct it' in text]) == 2


def test_names_of_instances_that_may_be_discovered(write):
    report = named(write, 'c,h9:60000', 'c,h9:60000', more={'multicast_group': '239.0.0.2:60100'})
    assert (report.ok, report.warnings) == (True, [])


def test_a_nick_that_replaces_the_one_of_the_list(write):
    """Without port, the nick is the host, until supervisord gives another one."""
    options = {'supvisors_list': '127.0.0.1', 'local_identifier': '127.0.0.1:60001', **SHARED}
    path = write('a', 'x', 60001, options=options, rules=rules_for('127.0.0.1', 'x'))
    (warning,) = check([path]).warnings
    assert "'127.0.0.1' is" in warning


def test_nicks_that_supervisord_alone_gives(write):
    report = named(write, 'a,b', 'a,b', more={'supvisors_list': '127.0.0.1:60001,127.0.0.1:60002'})
    assert (report.ok, report.warnings) == (True, [])


@pytest.mark.parametrize(('core', 'synchro', 'ok'), [
    ('c', 'CORE', False), ('c', 'CORE,TIMEOUT', True), ('c,a', 'CORE', True), ('@s', 'CORE', True),
    ('*', 'CORE', True)])
def test_core_that_would_wait_for_nobody(write, core, synchro, ok):
    report = named(write, core, more={'synchro_options': synchro})
    assert report.ok is ok
    assert all('the synchronization would never end' in error for error in report.errors)
    assert named(write, core, more={'synchro_options': synchro}, count=1).ok


def test_an_instance_without_a_file(write):
    files = pair(write, *[{'supvisors_list': f'{LIST},h3:1'}] * 2)
    report = check(files)
    assert report.ok
    assert report.warnings == ['no file is for h3:1, which is in supvisors_list']


def test_files_of_other_hosts_may_be_for_those_that_are_missing(write):
    options = {'supvisors_list': '<a>198.51.100.1:60001,<b>198.51.100.2:60001'}
    report = check([write('a', 'a', options=options), write('b', options=options)])
    assert report.ok
    assert not report.warnings


def test_the_same_file_twice_is_one_file(write):
    path = write(options={'supvisors_list': LIST})
    assert len(check([path, path]).files) == 1


# -- the command
def test_json(write):
    files = pair(write, {'auto_fence': 'yes', 'unknwon': '1'})
    told = json.loads(as_json(check(files)))
    assert told['ok'] is False
    assert told['errors'] == [f'auto_fence is true in {files[0]} and false in {files[1]}']
    assert told['warnings'] == []
    first = told['files'][0]
    assert {key: first[key] for key in ('file', 'identifier', 'nick_identifier', 'instances', 'applications')} == {
        'file': files[0], 'identifier': '127.0.0.1:60001', 'nick_identifier': 'a',
        'instances': ['127.0.0.1:60001', '127.0.0.1:60002'], 'applications': ['shop', 'web']}
    assert first['errors'] == []
    assert 'unknwon' in first['warnings'][0]
    assert any('auto_fence = True' in text or 'local instance' in text for text in first['notes'])


def test_status(write, capsys):
    right = write('a', options={'supvisors_list': LIST})
    wrong = write('b', options={'auto_fence': 'maybe'})
    assert cli.main(['check', right]) == 0
    assert capsys.readouterr().out.startswith('ok: ')
    assert cli.main(['check', wrong]) == 1
    assert capsys.readouterr().out.startswith('error: ')
    assert cli.main(['check', '--json', wrong]) == 1
    assert json.loads(capsys.readouterr().out)['ok'] is False
    assert cli.main(['check', '-i', 'b', '--local', right]) == 0
    assert '127.0.0.1:60002' in capsys.readouterr().out


@pytest.mark.parametrize('arguments', [[], ['--nothing', 'x'], ['-i', 'a', 'x', 'y']])
def test_usage(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        cli.main(['check', *arguments])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith('usage: supvisors')


def test_help(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(['check', '--help'])
    assert caught.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ('--json', '--local', '--identifier', 'status: 0', 'another host'))
    assert max(map(len, told.splitlines())) <= 120


PROBE = """
import os, sys
from supvisors import cli
def seen():
    mask = os.umask(0); os.umask(mask)
    return mask, dict(os.environ), os.getcwd(), sorted(os.listdir('/proc/self/fd'))
from supvisors.config import check
import supvisors.plugin
os.umask(0o022)
before = seen()
status = cli.main(['check', *sys.argv[1:]])
assert seen() == before, (seen(), before)
sys.exit(status)
"""


@pytest.mark.skipif(not os.path.isdir('/proc/self/fd'), reason='Linux alone shows its descriptors there')
def test_nothing_is_changed(write, tmp_path):
    more = '[unix_http_server]\nfile=%(here)s/x.sock\n'
    path = write(options={'supvisors_list': LIST, 'logfile': '%%(here)s/own.log', 'bus_port': '0', **SHARED}, more=more)
    with open(path) as stream:
        text = stream.read()
    with open(path, 'w') as stream:
        stream.write(text.replace('[supervisord]', '[supervisord]\numask=007\nenvironment=A=1\ndirectory=/\nuser=root'))
    done = subprocess.run([sys.executable, '-c', PROBE, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert sorted(os.listdir(tmp_path / 'a')) == ['rules.xml', 's.conf']
