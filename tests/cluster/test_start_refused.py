"""What keeps a real supervisord from starting, what it says then, and what no longer keeps it from starting."""
from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from supvisors.demo import Layout, LocalCluster, wait_for
from supvisors.demo.daemon import Daemon
from tests.cluster.conftest import MakeCluster

pytestmark = [pytest.mark.live, pytest.mark.timeout(60)]

FACTORY = 'supervisor.rpcinterface_factory = supvisors.plugin:make_supvisors_rpcinterface'
Make: TypeAlias = Callable[..., Daemon]


@pytest.fixture
def make(make_cluster: MakeCluster) -> Make:
    """A daemon that is not started, named `a`, with these options; `{port}` in a value is its HTTP port."""
    def with_options(options: Mapping[str, str] | None = None, **more: str) -> Daemon:
        cluster = make_cluster(Layout(nicks=('a',)), start=False)
        set_options(cluster[0], {**(options or {}), **more})
        return cluster[0]

    return with_options


def set_options(daemon: Daemon, options: Mapping[str, str]) -> None:
    text = daemon.conf.read_text()
    for name, value in options.items():
        text = re.sub(rf'^{re.escape(name)} = .*\n', '', text, flags=re.MULTILINE)
        line = f'{name} = {value.replace("{port}", str(daemon.port))}'
        text = text.replace(FACTORY, f'{FACTORY}\n{line}')
    daemon.conf.write_text(text)


def without_inet_server(daemon: Daemon) -> None:
    text = daemon.conf.read_text()
    server = f'[inet_http_server]\nport=127.0.0.1:{daemon.port}'
    assert server in text
    daemon.conf.write_text(text.replace(server, '[unix_http_server]\nfile=%(here)s/a.sock'))


def line_of(daemon: Daemon, option: str) -> int:
    """The line of the option, counted by eye as it were."""
    (line,) = [number for number, text in enumerate(daemon.conf.read_text().splitlines(), 1)
               if text.startswith(f'{option} =')]
    return line


def refused(daemon: Daemon) -> str:
    """Start the daemon, which must end with supervisord's status for a wrong configuration; return its log."""
    daemon.spawn()
    assert daemon.wait(20) == 2, daemon.tail()
    assert 'Error: Could not make supvisors rpc interface' in console(daemon)
    return (daemon.folder / 'supervisord.log').read_text()


def console(daemon: Daemon) -> str:
    return (daemon.folder / 'console.log').read_text()


def works(daemon: Daemon) -> str:
    """Start the daemon, which must become the Master of its system; return its log."""
    daemon.spawn()

    def leads() -> bool:
        assert daemon.alive, daemon.tail()
        state = daemon.call('supvisors.get_supvisors_state')
        return state['fsm_statename'] == 'OPERATION' and state['master_identifier'] == daemon.identifier

    wait_for(leads, 20, 'OPERATION')
    return (daemon.folder / 'supervisord.log').read_text()


ALONE = {'supvisors_list': '<a>127.0.0.1:{port}'}
SHORT = {'synchro_options': 'TIMEOUT', 'synchro_timeout': '0'}

UNSAFE = {'auto_fence': 'maybe', 'starting_strategy': 'FOO', 'synchro_timeout': '5000', 'multicast_group': '239.0.0.1'}


def test_no_inet_server(make: Make) -> None:
    daemon = make()
    without_inet_server(daemon)
    assert 'Supvisors needs an [inet_http_server] section' in refused(daemon)


@pytest.mark.parametrize('value', ['', 'CORE'])
def test_no_synchro_option(make: Make, value: str) -> None:
    log = refused(make(synchro_options=value))
    assert 'option synchro_options: nothing is left' in log


def test_elements_that_do_not_follow_the_grammar(make: Make) -> None:
    log = refused(make(supvisors_list='<a>127.0.0.1:{port},h1:123456,h2:1:2,<>h3,fe80::1'))
    for text in ('h1:123456', 'h2:1:2', '<>h3', 'fe80::1'):
        assert f'element {text!r}' in log


@pytest.mark.parametrize('others', ['nowhere.invalid', '<b>nowhere.invalid:60000,<c>really..nowhere'])
def test_a_name_that_does_not_resolve(make: Make, others: str) -> None:
    works(make(SHORT, supvisors_list=f'<a>127.0.0.1:{{port}},{others}'))


def test_no_local_element(make: Make) -> None:
    log = refused(make(supvisors_list='198.51.100.1:{port},198.51.100.2'))
    assert 'no element is the local instance, among 198.51.100.1:' in log
    assert 'remedy: set local_identifier' in log


def test_several_local_elements(make: Make) -> None:
    log = refused(make(supvisors_list='127.0.0.1:{port},127.0.0.2:{port}'))
    assert 'several elements are local by an address of the host: 127.0.0.1:' in log


def test_several_local_elements_and_the_option_that_says_which(make: Make) -> None:
    works(make(SHORT, supvisors_list='127.0.0.1:{port},127.0.0.2:{port}', local_identifier='127.0.0.1:{port}'))


def test_the_bus_on_the_port_of_the_http_server(make: Make) -> None:
    log = refused(make(bus_port='{port}'))
    assert 'it is the port of [inet_http_server]; remedy: choose another port' in log


def test_an_identifier_of_two_lines(make: Make) -> None:
    daemon = make()
    text = daemon.conf.read_text()
    assert text.count('\nidentifier=a\n') == 1
    daemon.conf.write_text(text.replace('\nidentifier=a\n', '\nidentifier=a\n b\n'))
    assert "supervisord's identifier = 'a\\nb': accepted: a name on one line" in refused(daemon)


def test_options_of_the_log(make: Make) -> None:
    log = refused(make(loglevel='loud', logfile_maxbytes='a lot', logfile_backups='-1'))
    for name in ('loglevel', 'logfile_maxbytes', 'logfile_backups'):
        assert f'option {name} = ' in log


@pytest.mark.parametrize('value', ['NONE', 'none', 'syslog', 'AUTO'])
def test_log_without_a_file(make: Make, value: str) -> None:
    daemon = make(logfile=value)
    works(daemon)
    files = {file.name for file in daemon.folder.iterdir() if file.suffix != '.programs'}
    assert files <= {'supervisord.conf', 'supervisord.log', 'supervisord.pid', 'console.log'}


@pytest.mark.parametrize('port', ['7', '80', '443', '65535'])
def test_ports_of_any_length(make: Make, port: str) -> None:
    daemon = make(SHORT, supvisors_list=f'<a>127.0.0.1:{{port}},<b>127.0.0.1:{port},<c>[::1]:{port}')
    works(daemon)
    states = daemon.call('supvisors.get_supvisors_state')['instance_states']
    assert set(states) == {daemon.identifier, f'127.0.0.1:{port}', f'[::1]:{port}'}


def test_unsafe_values_all_at_once(make: Make) -> None:
    log = refused(make(UNSAFE))
    assert '4 errors in the configuration of Supvisors' in log
    for name, value in UNSAFE.items():
        assert f'option {name} = {value!r}: ' in log


def test_file_and_line_of_every_error(make: Make) -> None:
    daemon = make(UNSAFE)
    log = refused(daemon)
    for name, value in UNSAFE.items():
        assert f'{daemon.conf}:{line_of(daemon, name)}: option {name} = {value!r}: ' in log


def test_the_console_tells_the_errors_and_nothing_of_python(make: Make) -> None:
    """Where supervisord does not echo its log: as a daemon, or silent."""
    daemon = make(UNSAFE)
    refused(daemon)
    for name, value in UNSAFE.items():
        assert f'{daemon.conf}:{line_of(daemon, name)}: option {name} = {value!r}: ' in console(daemon)
    assert 'Traceback' not in console(daemon)


def test_the_console_tells_that_there_is_no_inet_server(make: Make) -> None:
    daemon = make()
    without_inet_server(daemon)
    refused(daemon)
    assert 'Supvisors needs an [inet_http_server] section' in console(daemon)


def test_errors_of_the_section_of_the_rules_and_of_the_list_together(make: Make) -> None:
    daemon = make(auto_fence='maybe', rules_files='%%(here)s/bad.xml', secret_file='/no/such/file',
                  supvisors_list='198.51.100.1')
    (daemon.folder / 'bad.xml').write_text('<root>\n<application name="x"><start_sequence>-1</start_sequence>\n</root>')
    log = refused(daemon)
    assert '4 errors in the configuration of Supvisors' in log
    assert f'{daemon.folder}/bad.xml:3' in log
    for name in ('auto_fence', 'secret_file', 'supvisors_list'):
        assert f'{daemon.conf}:{line_of(daemon, name)}: option {name}' in log


def test_an_error_in_an_included_file(make: Make) -> None:
    daemon = make()
    (daemon.folder / 'more').mkdir()
    included = daemon.folder / 'more' / 'site.conf'
    included.write_text('; of this site\n[rpcinterface:supvisors]\n\nloglevel = loud ; no\n')
    daemon.conf.write_text(f'{daemon.conf.read_text()}\n[include]\nfiles = more/*.conf\n')
    assert f"{included}:4: option loglevel = 'loud': " in refused(daemon)


def test_an_unknown_option_is_warned_about(make: Make) -> None:
    daemon = make(synchro_option='STRICT')
    place = f'{daemon.conf}:{line_of(daemon, "synchro_option")}'
    text = f"{place}: option 'synchro_option' is unknown and ignored; did you mean synchro_options?"
    assert text in works(daemon)


def test_unix_server_beside_the_inet_server(make_cluster: MakeCluster) -> None:
    cluster: LocalCluster = make_cluster(Layout(nicks=('a',), unix_socket=True), start=False)
    assert 'unknown' not in works(cluster[0])


def test_a_configuration_that_comes_through_a_pipe(make: Make) -> None:
    """supervisord reads it to its end; it is not waited for a second time."""
    daemon = make(ALONE)
    text = daemon.conf.read_text()
    daemon.conf.unlink()
    os.mkfifo(daemon.conf)
    writer = threading.Thread(target=daemon.conf.write_text, args=(text,), daemon=True)
    writer.start()
    works(daemon)
    assert not writer.is_alive()
