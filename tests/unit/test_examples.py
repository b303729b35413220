"""The files that users are given to begin with are accepted without a remark: `examples/` and the README's."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from supvisors.config import read_options, read_rules

ROOT = Path(__file__).parents[2]


def fenced(language: str) -> str:
    """The only block of that language in the README."""
    (block,) = re.findall(rf'```{language}\n(.*?)```', (ROOT / 'README.md').read_text(encoding='utf-8'), re.DOTALL)
    assert isinstance(block, str)
    return block


@pytest.fixture(params=['examples', 'README'])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of supervisord.conf and rules.xml."""
    if request.param == 'examples':
        return ROOT / 'examples'
    (tmp_path / 'supervisord.conf').write_text(fenced('ini'))
    (tmp_path / 'rules.xml').write_text(fenced('xml'))
    return tmp_path


def test_accepted(files: Path) -> None:
    # supervisord's own parser, since it refuses what its expansion does not understand
    server = ServerOptions()
    server.realize(['-c', str(files / 'supervisord.conf')])
    (section,) = [values for name, _, values in server.rpcinterface_factories if name == 'supvisors']
    options, notes = read_options(section, http_port=60000, nick='supervisor', here=str(files))
    assert notes == ()
    assert [one.identifier for one in options.instances] == ['host1:60000', 'host2:60000', 'host3:60000']

    rules, notes = read_rules(options.rules_files)
    assert notes == ()
    programs = {process.name for group in server.process_group_configs for process in group.process_configs}
    assert rules.applications
    for application in rules.applications.values():
        assert application.start_sequence > 0
        assert set(application.programs) <= programs
