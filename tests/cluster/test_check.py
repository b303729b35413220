"""The command `supvisors check` says what real daemons say, before and while they run."""
from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from supvisors.demo import Layout, LocalCluster, wait_for
from supvisors.demo.daemon import Daemon, find_script
from tests.cluster.conftest import MakeCluster
from tests.cluster.layouts import trio

pytestmark = [pytest.mark.live, pytest.mark.timeout(60)]


def check(*arguments: str | Path, status: int = 0) -> str:
    done = subprocess.run([find_script('supvisors'), 'check', *map(str, arguments)], capture_output=True, text=True,
                          timeout=30, check=False)
    assert (done.returncode, done.stderr) == (status, ''), done.stdout + done.stderr
    return done.stdout


def confs(cluster: LocalCluster) -> list[Path]:
    return [daemon.conf for daemon in cluster]


def add_option(daemon: Daemon, line: str) -> None:
    daemon.conf.write_text(daemon.conf.read_text().replace('supvisors_list = ', f'{line}\nsupvisors_list = '))


def content(folder: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(folder.rglob('*')):
        yield str(path), path.stat().st_mtime_ns


def test_the_files_of_a_system(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio(), start=False)
    before = list(content(cluster.folder))
    told = json.loads(check('--json', '--local', *confs(cluster)))
    assert told['ok'] is True
    assert [(file['identifier'], file['nick_identifier']) for file in told['files']] == [
        (daemon.identifier, daemon.nick) for daemon in cluster]
    assert told['files'][0]['applications'] == ['badly', 'chain', 'homes', 'slow']
    assert list(content(cluster.folder)) == before


def test_while_the_daemons_run(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio())
    pids = {daemon.nick: daemon.call('supervisor.getPID') for daemon in cluster}
    assert check(*confs(cluster)).count('ok: ') == 3
    cluster.wait_operation()
    assert {daemon.nick: daemon.call('supervisor.getPID') for daemon in cluster} == pids


def test_what_is_told_is_what_supervisord_says(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=('a',)), start=False)
    daemon = cluster[0]
    add_option(daemon, 'auto_fence = maybe\nstarting_strategy = FOO\nsynchro_timeout = 5000\nloglvl = info')
    lines = check(daemon.conf, status=1).splitlines()
    errors = [line.removeprefix('error: ') for line in lines if line.startswith('error: ')]
    assert len(errors) == 3
    assert all(f'{daemon.conf}:' in line for line in lines)
    assert "option 'loglvl' is unknown and ignored; did you mean loglevel?" in lines[-1]
    daemon.spawn()
    assert daemon.wait(20) == 2
    log = (daemon.folder / 'supervisord.log').read_text()
    for error in errors:
        # the place of the option comes first
        assert error.partition(': ')[2] in log


def test_a_difference_between_two_files(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(trio(), start=False)
    add_option(cluster['sv02'], 'starting_strategy = LOCAL')
    told = check(*confs(cluster), status=1)
    where = f'in {cluster["sv01"].conf} and LOCAL in {cluster["sv02"].conf}'
    assert f'error: starting_strategy is CONFIG {where}' in told


def test_secrets_that_differ(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=('a', 'b')), start=False)
    for daemon in cluster:
        (daemon.folder / 'secret').write_text(f'of {daemon.nick} alone')
        add_option(daemon, 'secret_file = %%(here)s/secret')
    told = check(*confs(cluster), status=1)
    assert 'error: the secret is not the same: in ' in told
    assert 'alone' not in told + check('--json', *confs(cluster), status=1)


def test_a_pipe_is_an_error(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=('a',)), start=False)
    cluster[0].conf.unlink()
    os.mkfifo(cluster[0].conf)
    assert 'it is not a regular file' in check(cluster[0].conf, status=1)


def test_nicks_that_supervisord_alone_gives_are_known_to_the_others(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(Layout(nicks=('a', 'b')), start=False)
    names = ','.join(daemon.identifier for daemon in cluster)
    for daemon in cluster:
        lines = daemon.conf.read_text().splitlines()
        daemon.conf.write_text('\n'.join(f'supvisors_list = {names}' if line.startswith('supvisors_list') else line
                                         for line in lines))
    told = json.loads(check('--json', *confs(cluster)))
    assert [file['nick_identifier'] for file in told['files']] == ['a', 'b']
    cluster.spawn()
    cluster.wait_operation()

    def known() -> bool:
        return all(daemon.call('supvisors.get_instance_info', other.identifier)[0]['nick_identifier'] == other.nick
                   for daemon in cluster for other in cluster)

    wait_for(known, 10, 'all nicks known to all')
