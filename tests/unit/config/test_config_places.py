"""Where the options stand: the same ones as supervisord reads, with the file and the line where a user finds them."""
import configparser
import os
import platform

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from supervisor.options import ServerOptions, UnhosedConfigParser

from supvisors.config.places import SECTION, endless, places

BASE = """\
[supervisord]
[inet_http_server]
port=:60000
"""
OURS = f"""\
[{SECTION}]
supervisor.rpcinterface_factory = supvisors.plugin:make_supvisors_rpcinterface
"""


@pytest.fixture
def write(tmp_path):
    """Writes a file of the folder, and returns its path."""
    def file(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return str(path)

    return file


def lines_of(found, path):
    """Option -> line, of the options that stand in that file."""
    return {name: int(place.rpartition(':')[2]) for name, place in found.items()
            if place.rpartition(':')[0] == path}


def test_lines(write):
    path = write('a.conf', '; first\n[other]\nauto_fence=no\n\n[rpcinterface:supvisors] ; ours\n'
                 '# comment\nauto_fence = yes ; safe\n\nsupvisors_list = h1,\n  h2,\n\n  h3\nloglevel: info\nbad\n')
    assert lines_of(places(path), path) == {'auto_fence': 7, 'supvisors_list': 9, 'loglevel': 13}


def test_the_last_one_counts(write):
    path = write('a.conf', f'[{SECTION}]\nauto_fence=yes\n[x]\nauto_fence=1\n'
                 f'[{SECTION}]\nauto_fence=no\nloglevel=info\n')
    assert lines_of(places(path), path) == {'auto_fence': 6, 'loglevel': 7}
    path = write('a.conf', f'[{SECTION}]\nauto_fence=yes\nauto_fence=no\n')
    assert lines_of(places(path), path) == {'auto_fence': 3}


def test_capitals_are_read_as_supervisord_reads_them(write):
    path = write('a.conf', f'{BASE}{OURS}Auto_Fence=yes\n')
    assert lines_of(places(path), path)['auto_fence'] == 6
    assert 'auto_fence' in supervisord_reads(path)


def test_defaults_of_the_file(write):
    path = write('a.conf', f'[{SECTION}]\nloglevel=info\n[DEFAULT]\nauto_fence=yes\nloglevel=debug\n')
    assert lines_of(places(path), path) == {'loglevel': 2, 'auto_fence': 4}


def test_included_files(write):
    more = [write('conf.d/b.conf', f'[{SECTION}]\nauto_fence=no\nloglevel=info\n'),
            write('conf.d/a.conf', f'\n[{SECTION}]\nauto_fence=1\nsynchro_timeout=1\n')]
    path = write('a.conf', f'{BASE}[include]\nfiles = conf.d/*.conf none*\n{OURS}auto_fence=yes\nbus_port=0\n')
    found = places(path)
    assert lines_of(found, path) == {'supervisor.rpcinterface_factory': 7, 'bus_port': 9}
    assert lines_of(found, more[0]) == {'auto_fence': 2, 'loglevel': 3}
    assert lines_of(found, more[1]) == {'synchro_timeout': 4}
    assert set(found) == supervisord_reads(path)


@pytest.mark.parametrize('files', ['%(here)s/more.conf', '%(ENV_FOLDER)s/more.conf', 'more.conf', './more*',
                                   'other.conf\n  more.conf', 'more.conf ; of the site', 'more.conf # *.none',
                                   'other.conf\nfiles = more.conf', '%(host_node_name)s.conf more.conf'])
def test_ways_to_include(write, tmp_path, monkeypatch, files):
    monkeypatch.setenv('FOLDER', str(tmp_path))
    more = write('more.conf', f'[{SECTION}]\nauto_fence=no\n')
    write(';', f'[{SECTION}]\nloglevel=info\n')
    path = write('a.conf', f'{BASE}[include]\nfiles = {files}\n{OURS}')
    assert lines_of(places(path), more) == {'auto_fence': 2}
    assert set(places(path)) == supervisord_reads(path)


def test_a_file_that_is_named_after_the_host(write):
    more = write(f'{platform.node()}.conf', f'[{SECTION}]\nauto_fence=no\n')
    path = write('a.conf', '[include]\nfiles = %(host_node_name)s.conf\n')
    assert lines_of(places(path), more) == {'auto_fence': 2}


def test_included_files_do_not_include(write):
    write('c.conf', f'[{SECTION}]\nauto_fence=no\n')
    write('b.conf', '[include]\nfiles=c.conf\n')
    path = write('a.conf', f'{BASE}[include]\nfiles=b.conf\n{OURS}')
    assert set(places(path)) == supervisord_reads(path) == {'supervisor.rpcinterface_factory'}


def test_relative_path(write, tmp_path, monkeypatch):
    path = write('a.conf', OURS)
    monkeypatch.chdir(tmp_path)
    assert places('a.conf') == {'supervisor.rpcinterface_factory': f'{path}:2'}


@pytest.mark.parametrize('name', ['', 'none.conf', 'folder', 'a\0b'])
def test_no_file(tmp_path, name):
    (tmp_path / 'folder').mkdir()
    assert places(name and os.path.join(tmp_path, name)) == {}


@pytest.mark.parametrize('text', [
    '', 'auto_fence=1\n', '[include]\n', '[include]\nfiles=%(nothing)s\n', '[include]\nfiles=100%\n',
    '[include]\nfiles=%(ENV_NOT_SET_ANYWHERE)s/x\n', '[include]\nfiles=\n', '[include]\nfiles\n', '[supervisord]\n'])
def test_nothing_to_find(write, text):
    assert places(write('a.conf', text)) == {}


def test_included_file_that_cannot_be_read(write, tmp_path):
    (tmp_path / 'more').mkdir()
    (tmp_path / 'bytes.conf').write_bytes(b'[x]\ny=\xff\xfe\n[rpcinterface:supvisors]\nauto_fence=1\n')
    path = write('a.conf', f'[include]\nfiles=more none bytes.conf\n{OURS}')
    assert lines_of(places(path), path) == {'supervisor.rpcinterface_factory': 4}
    assert lines_of(places(path), str(tmp_path / 'bytes.conf')) == {'auto_fence': 4}


def test_what_comes_before_an_error_is_kept(write):
    path = write('a.conf', f'{OURS}auto_fence=1\n[x\nloglevel=info\n')
    assert lines_of(places(path), path)['auto_fence'] == 3


@pytest.mark.timeout(20)
def test_pipes_are_left_alone(write, tmp_path):
    """supervisord has read them: nobody will ever write into them again."""
    os.mkfifo(tmp_path / 'pipe')
    assert places(str(tmp_path / 'pipe')) == {}
    assert endless(str(tmp_path / 'pipe')) == [str(tmp_path / 'pipe')]
    path = write('a.conf', f'[include]\nfiles=pi* more.conf\n{OURS}')
    more = write('more.conf', f'[{SECTION}]\nauto_fence=no\n')
    assert lines_of(places(path), path) == {'supervisor.rpcinterface_factory': 4}
    assert lines_of(places(path), more) == {'auto_fence': 2}
    assert endless(path) == [str(tmp_path / 'pipe')]


def test_what_is_regular_or_nothing_is_not_endless(write, tmp_path):
    (tmp_path / 'folder').mkdir()
    os.symlink('a.conf', tmp_path / 'link')
    write('a.conf', '[include]\nfiles=folder link none\n')
    for name in ('a.conf', 'link', 'folder', 'none'):
        assert endless(str(tmp_path / name)) == []


def supervisord_reads(path):
    options = ServerOptions()
    options.realize(['-c', path])
    (raw,) = [raw for name, _, raw in options.rpcinterface_factories if name == 'supvisors']
    return {*raw, 'supervisor.rpcinterface_factory'}


HEADERS = st.sampled_from((f'[{SECTION}]', f'[{SECTION}] ; u', '[other]', '[DEFAULT]'))
LINES = st.lists(HEADERS | st.sampled_from((
    'a=1', 'b = 2', 'a : 3 ; c', 'B=4', '  more', '  x = y', '', ' ', '# x', ';y', 'd = ; z', '  ; w', 'b=5 # v',
    'e.f=6')), max_size=14)


@pytest.fixture(scope='module')
def any_file(tmp_path_factory):
    return tmp_path_factory.mktemp('places') / 'a.conf'


@settings(max_examples=200)
@given(header=HEADERS, lines=LINES)
def test_as_the_parser_of_supervisord(any_file, header, lines):
    lines, path = [header, *lines], any_file
    path.write_text('\n'.join(lines))
    parser = UnhosedConfigParser()
    # a continuation that follows a header is an error for supervisord, whose text is not ours to check
    try:
        parser.read_string(path.read_text())
    except configparser.Error:
        assert places(str(path)) is not None
        return
    expected = dict(parser.items(SECTION)) if parser.has_section(SECTION) else {}
    found = places(str(path))
    assert set(found) == set(expected)
    for name, place in found.items():
        line = lines[int(place.rpartition(':')[2]) - 1]
        again = UnhosedConfigParser()
        again.read_string(f'[x]\n{line}\n')
        assert again.get('x', name) == expected[name].partition('\n')[0]
