"""The package as others see it: its import, its names, its types."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import supvisors_client
from supvisors_client import errors, faults
from supvisors_client.exchange import USER_AGENT

SOURCES = Path(supvisors_client.__file__).parent
README = Path(__file__).parents[1] / 'README.md'
HEAVY = ('asyncio', 'ssl', 'http.client', 'xmlrpc.client', 'email')

WRONG_CODE = """
from supvisors_client import DEFAULT, Fault, ProcessState, StartingStrategy, SupvisorsClient

client = SupvisorsClient('http://localhost:60000')
reveal_type(client.get_process_info('a:*'))  # N: list[supvisors_client.models.work.ProcessInfo]
reveal_type(client.get_process_info('a:*')[0].statecode)  # N: supvisors_client.enums.ProcessState
reveal_type(client.get_network_info('x')[0].network)  # N: supvisors_client.models.network.LocalNetwork | None
reveal_type(client.get_application_rules('a').distribution)  # N: supvisors_client.enums.DistributionRule | None
reveal_type(client.get_application_rules('a').identifiers)  # N: tuple[str, ...]
reveal_type(client.test_start_process('LOCAL', 'a')[0].state)  # N: supvisors_client.enums.ProcessState
reveal_type(client.start_any_process('LOCAL', 'a', wait=False))  # N: str
reveal_type(client.start_args('a', ('b', 'c'), wait=False))  # N: bool
client.restart_process('LOCAL', 'a', ['b', 'c'])
client.disable('a', timeout=None)
reveal_type(client.start_process(StartingStrategy.LOCAL, 'a', wait=False, timeout=None))  # N: bool
with client as same:
    reveal_type(same)  # N: supvisors_client.client.SupvisorsClient
reveal_type(SupvisorsClient.from_env())  # N: supvisors_client.client.SupvisorsClient
client.get_process_info('a', timeout=DEFAULT)
reveal_type(client.supervisor.get_process_info('a').state)  # N: supvisors_client.enums.ProcessState
reveal_type(client.supervisor.stop_all_processes()[0].fault)  # N: supvisors_client.errors.Fault | None
reveal_type(client.supervisor.tail_process_log('a', 0, 10).text)  # N: str
reveal_type(client.system.method_signature('a.b'))  # N: list[str]
batch = client.multicall()
state = batch.add(client.supervisor.get_state)
reveal_type(state.result().statecode)  # N: supvisors_client.enums.SupervisordState
reveal_type(batch.add(client.get_api_version))  # N: supvisors_client.multicall.Pending[str]
reveal_type(batch.add(client.start_process, 'LOCAL', 'a', wait=False).result())  # N: bool
batch.add(client.supervisor.get_process_info)  # E: call-arg
batch.add(client.supervisor.get_process_info, 3)  # E: arg-type
batch.add(client.start_process, 'LOCAL', 'a', now=True)  # E: call-arg
batch.add(client.supervisor.get_nothing)  # E: attr-defined
state.result().nothing  # E: attr-defined
state.statecode  # E: attr-defined
client.supervisor.start_process()  # E: call-arg
client.supervisor.signal_process('a', 15)  # E: arg-type
client.supervisor.read_log('0', 10)  # E: arg-type
client.supervisor.reload_config().added.append('x')  # E: attr-defined
client.change_log_level(None)  # E: arg-type
client.end_sync(3)  # E: arg-type
client.get_process_info()  # E: call-arg
client.get_process_info(3)  # E: arg-type
client.get_process_info('a', 5.0)  # E: call-arg
client.get_process_info('a', timeout='5')  # E: arg-type
client.start_process('LOCAL', 'a', False)  # E: arg-type
client.restart_sequence('a')  # E: arg-type
client.start_args('a', ['b', 1])  # E: list-item
client.start_args('a', b'b')  # E: arg-type
client.update_numprocs('a', '3')  # E: arg-type
client.update_numprocs('a')  # E: call-arg
client.enable('a', lazy=True)  # E: call-arg
client.test_start_process('LOCAL', 'a', True)  # E: call-arg
client.get_application_rules('a').start_sequence + 1  # E: operator
client.start_application(None, 'a')  # E: arg-type
client.start_application(1.5, 'a')  # E: arg-type
client.get_all_process_infos()  # E: attr-defined
client.get_process_info('a')[0].nothing  # E: attr-defined
client.get_process_info('a')[0].statecode = ProcessState.RUNNING  # E: misc
client.get_process_info('a').application_name  # E: attr-defined
client.get_network_info('x')[0].network.fqdn  # E: union-attr
ProcessState.RUNING  # E: attr-defined
try:
    client.restart()
except Fault as fault:
    fault.faultCode  # E: attr-defined
"""


def run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, 'PYTHONPATH': str(SOURCES.parent), 'MYPYPATH': str(SOURCES.parent)}
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, env=environment, cwd=cwd
    )


def test_import_is_light() -> None:
    code = f'import sys, supvisors_client; print([name for name in {HEAVY} if name in sys.modules])'
    result = run('-c', code)
    assert (result.stdout.strip(), result.stderr) == ('[]', '')


def test_plain_client_needs_no_ssl_and_no_call() -> None:
    code = (
        'import sys; from supvisors_client import SupvisorsClient; SupvisorsClient("http://h");'
        f'print([name for name in {HEAVY} if name in sys.modules])'
    )
    assert run('-c', code).stdout.strip() == '[]'


def test_every_error_is_public() -> None:
    classes = [value for module in (errors, faults) for value in vars(module).values() if isinstance(value, type)]
    names = {cls.__name__ for cls in classes if issubclass(cls, Exception)}
    assert names - {'KnownFault'} <= set(supvisors_client.__all__)


def test_every_listed_name_is_there() -> None:
    assert [name for name in supvisors_client.__all__ if not hasattr(supvisors_client, name)] == []


def test_version_is_in_one_place() -> None:
    assert f'supvisors-client/{supvisors_client.__version__}' == USER_AGENT
    literal = re.escape(supvisors_client.__version__)
    holders = [path.name for path in SOURCES.rglob('*.py') if re.search(literal, path.read_text())]
    assert holders == ['_version.py']


def test_error_tree_of_the_docstring_is_the_real_one() -> None:
    drawn: dict[str, str] = {}
    branch: list[tuple[int, str]] = []
    for line in (errors.__doc__ or '').splitlines():
        if match := re.match(r'([ │├└─]{4,})(\w+)', line):
            column, name = len(match[1]), match[2]
            branch = [*((place, other) for place, other in branch if place < column), (column, name)]
            drawn[name] = branch[-2][1] if len(branch) > 1 else 'Exception'
    real = {name: cls for name, cls in vars(errors).items() if isinstance(cls, type)}
    for name in ('BadNameFault', 'BadSupvisorsStateFault'):
        assert issubclass(getattr(faults, name), errors.Fault)
        assert drawn.pop(name) == 'Fault'
    assert drawn == {name: cls.__bases__[0].__name__ for name, cls in real.items()}


def test_files_are_small() -> None:
    assert {p.name: n for p in SOURCES.rglob('*.py') if (n := len(p.read_text().splitlines())) >= 300} == {}


@pytest.mark.timeout(240)
def test_wrong_code_is_refused_by_mypy_and_the_examples_are_not(tmp_path: Path) -> None:
    program = tmp_path / 'wrong.py'
    program.write_text(WRONG_CODE)
    examples = re.findall(r'^```python\n(.*?)^```$', README.read_text(), re.MULTILINE | re.DOTALL)
    assert len(examples) > 4
    (tmp_path / 'readme.py').write_text('\n'.join(examples))
    result = run('-m', 'mypy', '--strict', '--show-error-codes', '--no-pretty', 'wrong.py', 'readme.py', cwd=tmp_path)
    found = {}
    for line in result.stdout.splitlines():
        if match := re.match(r'wrong\.py:(\d+): (?:error: .*\[([\w-]+)\]|note: Revealed type is "(.*)")$', line):
            found[int(match[1])] = match[2] or match[3]
    lines = enumerate(WRONG_CODE.splitlines(), 1)
    expected = {number: line.partition('  # ')[2][3:] for number, line in lines if '  # ' in line}
    assert {number: text.replace('builtins.', '') for number, text in found.items()} == expected, result.stdout
    assert 'readme.py' not in result.stdout, result.stdout
