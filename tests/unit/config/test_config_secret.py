"""The secret is what the file holds, and nothing else when there is a file."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

from supvisors.config import ConfigurationError, read_secret


def test_the_file_wins_over_the_password(tmp_path: Path) -> None:
    (tmp_path / 'secret').write_text('  open sesame\n')
    assert read_secret(str(tmp_path / 'secret'), 'password') == 'open sesame'
    assert read_secret('', 'password') == 'password'
    assert read_secret('', '') == ''


@pytest.mark.parametrize('content, reason', [
    (b'', 'is empty'), (b' \n', 'is empty'), (b'\xff\xfe\x00', 'cannot be read'),
    (None, 'cannot be read .No such file')])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / 'secret'
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f'secret_file.*{reason}.*remedy'):
        read_secret(str(path), 'password')


@pytest.mark.timeout(20)
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'pipe')
    with pytest.raises(ConfigurationError, match=r'secret_file.*is not a regular file.*remedy'):
        read_secret(str(tmp_path / 'pipe'), 'password')
