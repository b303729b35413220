"""All that the plugin reads at its start: everything that is wrong with it, at once."""
import pytest

from supvisors.config import ConfigurationError, read_configuration
from supvisors.config.configuration import gather
from supvisors.config.instances import NotHere


def read(raw, **kwargs):
    return read_configuration(raw, http_port=60001, nick='supervisor', here='/', environ={}, **kwargs)


def test_everything(tmp_path):
    (tmp_path / 'rules.xml').write_text('<root><application name="web"/></root>')
    (tmp_path / 'secret').write_text('s3cret\n')
    raw = {'supvisors_list': '127.0.0.1:60001,h2', 'rules_files': f'{tmp_path}/*.xml', 'auto_fence': 'yes',
           'secret_file': str(tmp_path / 'secret'), 'nothing': '1'}
    found = read(raw, password='p', places={'nothing': '/a:3'})
    assert found.options.auto_fence
    assert list(found.rules.applications) == ['web']
    assert found.found.local.identifier == '127.0.0.1:60001'
    assert found.secret == 's3cret'
    assert 's3cret' not in repr(found)
    levels = [note.level for note in found.notes]
    assert levels == ['warn', 'info', 'info'], found.notes
    assert found.notes[0].text.startswith('/a:3: ')


def test_password_when_there_is_no_secret():
    assert read({}, password='p').secret == 'p'


def test_all_that_is_wrong_together(tmp_path):
    rules = tmp_path / 'rules.xml'
    rules.write_text('<root>\n<nothing/></root>')
    raw = {'auto_fence': 'maybe', 'rules_files': f'{rules} {tmp_path}/none.xml', 'secret_file': str(tmp_path / 'none'),
           'supvisors_list': '198.51.100.1'}
    places = {name: f'/a:{line}' for line, name in enumerate(raw, 1)}
    with pytest.raises(ConfigurationError) as caught:
        read(raw, places=places)
    told = list(map(str, caught.value.problems))
    starts = ['/a:1: option auto_fence', '/a:2: option rules_files', f'{rules}:2: <nothing>',
              '/a:3: option secret_file', '/a:4: option supvisors_list']
    assert len(told) == len(starts)
    assert all(text.startswith(start) for text, start in zip(told, starts, strict=True)), told


@pytest.mark.parametrize(('raw', 'options'), [
    ({'supvisors_list': 'h1:0'}, ['supvisors_list']),
    ({'supvisors_list': '198.51.100.1', 'local_identifier': '%(x)s'}, ['local_identifier']),
    ({'supvisors_list': 'h1', 'secret_file': ''}, ['secret_file', 'supvisors_list']),
    ({'rules_files': '%(x)s', 'multicast_group': ''}, ['multicast_group', 'rules_files']),
])
def test_what_depends_on_a_refused_option_is_not_told_twice(raw, options):
    with pytest.raises(ConfigurationError) as caught:
        read(raw)
    assert sorted(problem.option for problem in caught.value.problems) == options


def test_why_this_host_is_not_the_one():
    for raw, elsewhere in (({'supvisors_list': '198.51.100.1'}, True),
                           ({'supvisors_list': '198.51.100.1', 'local_identifier': 'x'}, False),
                           ({'supvisors_list': '127.0.0.1,127.0.0.2'}, False)):
        reading = gather(raw, http_port=60000, nick='supervisor', here='/', environ={})
        assert [bool(reading.elsewhere), bool(reading.problems)] == [elsewhere, not elsewhere]
        assert reading.found is None
    assert issubclass(NotHere, ConfigurationError)


def test_discovery_without_a_list():
    found = read({'multicast_group': '239.0.0.1:60100', 'local_identifier': '127.0.0.1:60001'})
    assert found.options.multicast_group == ('239.0.0.1', 60100)
    assert found.found.instances == (found.found.local,)
    assert found.found.local.identifier == '127.0.0.1:60001'
