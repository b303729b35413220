"""The files that users are given to begin with are accepted without a remark: `examples/` and the README's."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from supvisors.config import Configuration, read_configuration
from supvisors.config.check import as_text, check
from supvisors.config.server import read_server
from supvisors.model.enums import SynchroOption

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / 'examples'
HOSTS = ('host1', 'host2', 'host3')
DAEMONS = ('north', 'south', 'west')

FILES = {
    'supervisord.conf': HOSTS, 'three-hosts/supervisord.conf': HOSTS, 'user/supervisord.conf': HOSTS[:2],
    'core/supervisord.conf': (*HOSTS, 'host4', 'host5'), 'discovery/supervisord.conf': (),
    'one-host/north.conf': DAEMONS, 'one-host/south.conf': DAEMONS, 'one-host/west.conf': DAEMONS,
}
"""Each sample, and the nicks of its list."""


def fenced(language: str) -> str:
    """The only block of that language in the README."""
    (block,) = re.findall(rf'```{language}\n(.*?)```', (ROOT / 'README.md').read_text(encoding='utf-8'), re.DOTALL)
    assert isinstance(block, str)
    return block


@pytest.fixture(params=[*FILES, 'README'])
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, tuple[str, ...]]:
    """A configuration file, and the nicks of its list."""
    if request.param in FILES:
        return str(EXAMPLES / request.param), FILES[request.param]
    (tmp_path / 'supervisord.conf').write_text(fenced('ini'))
    (tmp_path / 'rules.xml').write_text(fenced('xml'))
    return str(tmp_path / 'supervisord.conf'), HOSTS


def nicks_for(file: str, nicks: tuple[str, ...]) -> tuple[str, ...]:
    """What supervisord is given with `-i`, so that the file is for this host; nothing when the file says who it is."""
    return ('',) if Path(file).stem in DAEMONS or not nicks else nicks


def as_the_plugin(file: str, nick: str) -> Configuration:
    server = read_server(file, nick)
    return read_configuration(server.raw, http_port=server.http_port, nick=server.nick, here=server.here,
                              password=server.password, environ=server.environ, places=server.places)


def test_no_sample_is_forgotten() -> None:
    assert {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob('*.conf')} == set(FILES)


def test_checked_without_a_remark(sample: tuple[str, tuple[str, ...]]) -> None:
    file, nicks = sample
    for nick in nicks_for(file, nicks):
        report = check([file], local=True, nick=nick)
        assert [line for line in as_text(report).splitlines() if not line.startswith('ok: ')] == []
        (found,) = report.files
        assert [note for note in found.notes if 'local instance' not in note] == []


def test_read_as_the_plugin_reads_them(sample: tuple[str, tuple[str, ...]]) -> None:
    file, nicks = sample
    for nick in nicks_for(file, nicks):
        configuration = as_the_plugin(file, nick)
        assert tuple(one.nick_identifier for one in configuration.options.instances) == nicks
        if nicks:
            assert configuration.found.local.nick_identifier == (nick or Path(file).stem)


def test_rules_are_about_the_programs_of_the_file(sample: tuple[str, tuple[str, ...]]) -> None:
    file, nicks = sample
    rules = as_the_plugin(file, nicks_for(file, nicks)[0]).rules
    server = ServerOptions()
    server.realize(['-c', file])
    groups = {group.name: {item.name for item in group.process_configs} for group in server.process_group_configs}
    assert set(rules.applications) == set(groups)
    assert rules.applications
    for name, application in rules.applications.items():
        assert application.start_sequence > 0
        # each rule has its program, and each program its rule
        assert set(application.programs) <= groups[name]
        assert all(application.program(program).start_sequence > 0 for program in groups[name])


def test_the_daemons_of_one_host_are_one_system() -> None:
    report = check([str(EXAMPLES / 'one-host' / f'{name}.conf') for name in DAEMONS], local=True)
    assert (report.ok, report.warnings) == (True, [])
    assert [file.local.nick for file in report.files if file.local] == list(DAEMONS)


@pytest.mark.parametrize(('name', 'waits_for', 'has'), [
    ('discovery', SynchroOption.TIMEOUT, 'multicast_group'), ('core', SynchroOption.CORE, 'core_identifiers'),
    ('user', SynchroOption.USER, ''),
])
def test_samples_show_what_they_are_named_after(name: str, waits_for: SynchroOption, has: str) -> None:
    options = as_the_plugin(str(EXAMPLES / name / 'supervisord.conf'), '' if name == 'discovery' else 'host1').options
    assert options.synchro_options == {waits_for}
    assert not has or getattr(options, has)
