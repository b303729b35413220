"""The command `supvisors demo`, as a user runs it."""
from __future__ import annotations

import os
import re
import signal
import subprocess
import uuid
from pathlib import Path

import psutil
import pytest

from supvisors.demo import wait_for
from supvisors.demo.daemon import find_script

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

MARK = 'SUPVISORS_DEMO_TEST'


def start(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    mark = uuid.uuid4().hex
    command = [str(find_script('supvisors')), 'demo', '--base', str(folder), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env={**os.environ, MARK: mark, 'PYTHONUNBUFFERED': '1'})
    return process, mark


def alive(mark: str) -> list[str]:
    """The command lines of what a demo has started and not ended."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(' '.join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def test_once(tmp_path: Path) -> None:
    process, mark = start(tmp_path, '--once')
    output, _ = process.communicate(timeout=100)
    assert process.returncode == 0, output
    assert len(re.findall(r'^shop:web +RUNNING +beta$', output, re.MULTILINE)) == 1, output
    assert len(re.findall(r'^shop:web +RUNNING +gamma$', output, re.MULTILINE)) == 1, output
    assert re.search(r'^shop has left beta for gamma in \d+\.\d\d s$', output, re.MULTILINE), output
    assert alive(mark) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    process, mark = start(tmp_path)
    assert process.stdout is not None
    wait_for(lambda: 'application shop is RUNNING' in (process.stdout.readline() if process.stdout else ''), 60,
             'the demo shows the applications', period=0)
    assert len(alive(mark)) > 3
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert alive(mark) == []
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_told(tmp_path: Path) -> None:
    """With a plugin that cannot be loaded, the demo says so, shows the console, and ends with 1."""
    broken = tmp_path / 'broken'
    broken.mkdir()
    (broken / 'sitecustomize.py').write_text("import sys\nsys.modules['zmq'] = None\n")
    folder = tmp_path / 'base'
    folder.mkdir()
    mark = uuid.uuid4().hex
    command = [str(find_script('supvisors')), 'demo', '--once', '--base', str(folder)]
    environ = {**os.environ, MARK: mark, 'PYTHONPATH': str(broken)}
    done = subprocess.run(command, text=True, timeout=100, capture_output=True, check=False, env=environ)
    assert done.returncode == 1
    assert 'supvisors demo: failed: ' in done.stderr
    assert 'console.log' in done.stderr
    assert alive(mark) == []
    assert list(folder.iterdir()) == []
