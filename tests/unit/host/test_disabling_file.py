"""The file of the disabled programs: what is read, written, kept, refused."""
from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from supvisors.host.disabilities import Disabilities


class Logged(list[tuple[str, str]]):
    def __call__(self, level: str, text: str) -> None:
        self.append((level, text))

    @property
    def text(self) -> str:
        """Of the only warning."""
        (level, text), = self
        assert level == 'warn'
        return text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'disabled.json'


def opened(path: Path | str, logged: Logged | None = None) -> Disabilities:
    disabilities = Disabilities(str(path), Logged() if logged is None else logged)
    disabilities.read()
    return disabilities


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@pytest.mark.parametrize('content', [b'{"a": true, "b": false}', b'\xef\xbb\xbf{"a":true,"b":false}\n'])
def test_the_file_of_the_peer_is_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    logged = Logged()
    disabilities = opened(path, logged)
    assert 'a' in disabilities
    assert 'b' not in disabilities and 'c' not in disabilities and 1 not in disabilities
    assert not logged


def test_no_file_is_no_news(path: Path) -> None:
    logged = Logged()
    assert 'a' not in opened(path, logged)
    assert not logged and not path.exists()


def test_all_known_programs_are_written_and_unknown_ones_are_kept(path: Path) -> None:
    path.write_text('{"elsewhere": true, "gone": false, "a": true}')
    disabilities = opened(path)
    disabilities.set('é"\\', True, ['a', 'b', 'é"\\'])
    disabilities.set('a', False, ['a', 'b', 'é"\\'])
    assert json.loads(path.read_bytes()) == {'elsewhere': True, 'gone': False, 'a': False, 'b': False, 'é"\\': True}
    again = opened(path)
    assert 'elsewhere' in again and 'é"\\' in again and 'a' not in again and 'b' not in again
    assert names(path.parent) == [path.name]


def test_the_mode_of_the_file_is_kept(path: Path) -> None:
    path.write_text('{}')
    path.chmod(0o640)
    opened(path).set('a', True, ['a'])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_can_be_read_by_all_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / 'new' / 'folder' / 'disabled.json'
    opened(path).set('a', True, ['a'])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert 'a' in opened(path)


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / 'link'
    link.symlink_to(path)
    opened(link).set('a', True, ['a'])
    assert link.is_symlink() and json.loads(path.read_text()) == {'a': True}


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    disabilities = opened(tmp_path / 'link')
    (tmp_path / 'link').symlink_to(tmp_path / 'file' / 'disabled.json')
    with pytest.raises(FileExistsError):
        disabilities.set('a', True, ['a'])
    assert 'a' not in disabilities
    assert names(tmp_path) == ['file', 'link']


def test_a_write_that_fails_half_way_leaves_the_former_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('{"a": true}')
    disabilities = opened(path)

    def full(descriptor: int, mode: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fchmod', full)
    with pytest.raises(OSError, match='No space left'):
        disabilities.set('b', True, ['a', 'b'])
    assert 'b' not in disabilities and 'a' in disabilities
    assert path.read_text() == '{"a": true}' and names(path.parent) == [path.name]


CORRUPT = {
    '': 'line 1 column 1',
    '{"a": tr': 'line 1 column 7',
    '{"a": true}\n}': 'line 2 column 1',
    '[]': 'not a JSON object',
    'null': 'not a JSON object',
    '{"a": true, "b": 1}': "the value of 'b' is neither true nor false",
    '{"b": "true"}': "the value of 'b' is neither true nor false",
    '[' * 100_000: '',
    '{"a": ' + '9' * 5000 + '}': '',
}


@pytest.mark.parametrize(('content', 'place'), [
    *((text.encode(), place) for text, place in CORRUPT.items()),
    (b'{"\xff": true}', 'position 2'), ('{"a": true}'.encode('utf-16'), 'position 0'),
], ids=lambda value: None if isinstance(value, bytes) else value or 'anywhere')
def test_a_corrupt_file_is_kept_aside_and_survived(path: Path, content: bytes, place: str) -> None:
    path.write_bytes(content)
    logged = Logged()
    disabilities = opened(path, logged)
    assert 'a' not in disabilities
    kept = Path(f'{path}.corrupt-1')
    assert names(path.parent) == [kept.name] and kept.read_bytes() == content
    assert str(path) in logged.text and str(kept) in logged.text and place in logged.text
    assert 'no program is disabled' in logged.text
    disabilities.set('b', True, ['a', 'b'])
    assert json.loads(path.read_text()) == {'a': False, 'b': True} and kept.read_bytes() == content


def test_what_was_kept_aside_is_never_overwritten(path: Path) -> None:
    for number in range(1, 4):
        path.write_text(f'corrupt {number}')
        opened(path)
    assert [Path(f'{path}.corrupt-{number}').read_text() for number in range(1, 4)] \
        == ['corrupt 1', 'corrupt 2', 'corrupt 3']


def refused(disabilities: Disabilities, reason: str) -> None:
    with pytest.raises(OSError, match=reason) as caught:
        disabilities.set('a', True, ['a'])
    assert 'restart supervisord' in str(caught.value)
    assert 'a' not in disabilities


def test_a_folder_in_its_place_is_told_and_survived(path: Path) -> None:
    path.mkdir()
    logged = Logged()
    disabilities = opened(path, logged)
    assert f'{path} cannot be read (it is not a regular file)' in logged.text
    refused(disabilities, 'not a regular file')
    assert names(path) == []


def test_a_pipe_in_its_place_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    refused(opened(path), 'not a regular file')


def test_what_could_not_be_read_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('{"b": true}')

    def forbidden(*args: object) -> None:
        raise PermissionError(13, 'Permission denied', str(path))

    with monkeypatch.context() as patch:
        # for root, nothing is forbidden
        patch.setattr('supvisors.host.disabilities._content', forbidden)
        logged = Logged()
        disabilities = opened(path, logged)
    assert 'Permission denied' in logged.text
    refused(disabilities, 'Permission denied')
    assert path.read_text() == '{"b": true}'


def test_a_corrupt_file_that_cannot_be_renamed_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('corrupt')

    def forbidden(*args: object) -> None:
        raise PermissionError(1, 'Operation not permitted')

    with monkeypatch.context() as patch:
        patch.setattr(os, 'replace', forbidden)
        logged = Logged()
        disabilities = opened(path, logged)
    assert 'Operation not permitted' in logged.text and 'is corrupt' in logged.text
    refused(disabilities, 'Operation not permitted')
    assert path.read_text() == 'corrupt' and names(path.parent) == [path.name]


def test_without_a_file_it_works_and_warns_once() -> None:
    logged = Logged()
    disabilities = Disabilities('', logged)
    disabilities.read()
    assert not logged
    disabilities.set('a', True, ['a'])
    disabilities.set('b', True, ['b'])
    disabilities.set('a', False, ['a'])
    assert 'a' not in disabilities and 'b' in disabilities
    assert 'forgotten when supervisord restarts' in logged.text


def test_who_reads_it_meanwhile_has_the_former_one_as_a_whole(path: Path) -> None:
    path.write_text('{"a": true}')
    other_name = path.with_name('other')
    os.link(path, other_name)
    opened(path).set('b', True, ['a', 'b'])
    # replaced, never written into
    assert other_name.read_text() == '{"a": true}' and json.loads(path.read_text()) == {'a': True, 'b': True}
