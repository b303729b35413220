"""What is read from files: rules, options, the programs that are disabled, those that have survived a killed daemon."""
from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from supvisors.config.configuration import gather
from supvisors.config.errors import ConfigurationError
from supvisors.config.option_table import option_table
from supvisors.config.options import read_options
from supvisors.config.rules import parse_rules
from supvisors.host import lives
from supvisors.host.disabilities import Disabilities
from supvisors.host.survivors import BadRecord, Entry, Survivors
from tests.fuzz.running import Check, Target
from tests.fuzz.trees import TEXTS, broken, mutated

LONGEST = 2.0
"""Seconds for one file, however odd: it is read while the daemon starts."""
EXAMPLES = [path.read_bytes() for path in sorted(Path(__file__).parents[2].glob('examples/**/*.xml'))]


@contextmanager
def in_time() -> Iterator[None]:
    begin = time.monotonic()
    yield
    spent = time.monotonic() - begin
    assert spent < LONGEST, f'it took {spent:.1f} s'


def refusal(read: Callable[[], object]) -> ConfigurationError | None:
    """The one error that is allowed: it says where each problem is. None when all is well."""
    try:
        read()
    except ConfigurationError as caught:
        error = caught
    else:
        return None
    assert error.problems and all(problem.where for problem in error.problems), f'an error without a place: {error}'
    return error


# -- rules
BOMB = ('<!DOCTYPE root [<!ENTITY a "aaaaaaaaaa">' +
        ''.join(f'<!ENTITY {name} "{f"&{former};" * 10}">' for former,
                name in zip('abcdefgh', 'bcdefghi', strict=True)) +
        ']><root>&i;</root>').encode()
OUTSIDE = b'<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]><root><application name="&x;"/></root>'
SNIPPETS = (b'<application name="a">', b'</application>', b'<program pattern="', b'"/>', b'&amp;', b'&x;', b'&#0;',
            b'<!--',
            b'<![CDATA[', b']]>', b'<?xml version="1.0" encoding="UTF-7"?>', b'<!DOCTYPE a>', b'\xff\xfe', b'\0',
            b'<root>',
            b'<model name="m"><reference>m</reference></model>', b'<reference>m</reference>', b'(' * 2000, b'1' * 5000,
            b'*' * 500, b'<identifiers>#,#,*,@,@0</identifiers>', b'<expected_loading>nan</expected_loading>',
            b'<start_sequence>-1e999</start_sequence>', b'<operational_status>' + b'all(' * 300
            + b'</operational_status>')


@st.composite
def _spliced(draw: st.DrawFn) -> bytes:
    """A sample with odd pieces in it, mostly between two elements."""
    data = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        gaps = [0, len(data), *(index for index, byte in enumerate(data) if byte in b'<>"')]
        spot = draw(st.sampled_from(gaps)) + draw(st.integers(0, 1))
        data = data[:spot] + draw(st.sampled_from(SNIPPETS)) + data[spot + draw(st.integers(0, 12)):]
    return data


def _deep(depth: int) -> bytes:
    return b'<root>' + b'<application name="a">' * depth + b'</application>' * depth + b'</root>'


def _wide(count: int) -> bytes:
    return b'<root>' + b''.join(b'<application name="a%d"><programs/></application>' % index
                                for index in range(count)) + b'</root>'


RULES = (_spliced() | st.sampled_from(EXAMPLES).flatmap(broken) | st.binary(max_size=200)
         | st.sampled_from((BOMB, OUTSIDE, _deep(5000), _wide(2000), b'<root>' + b'x' * 10 ** 6 + b'</root>',
                            b'<root a="' + b'x' * 10 ** 6 + b'"/>', b'<' + b'r' * 10 ** 6 + b'/>')))


def check_rules(data: bytes) -> None:
    with in_time():
        error = refusal(lambda: parse_rules([('rules.xml', data)]))
    assert len(str(error)) < 1000 * (len(data) + 1000), 'the text of the error grows without bound'


# -- options
PIECES = ('%(here)s', '%(ENV_HOME)s', '%(ENV_X)s', '%(', '%', '<a>', '<', '>', ',', ':', '[::1]', '*', '-1', '1e999',
          'nan',
          '0x10', '1_0', 'true', 'TIMEOUT', 'USER', '239.0.0.1:1', '255.255.255.255', 'h:99999', '\0', '\n', '\ud800',
          '\u0661',
          '9' * 5000, 'x' * 100_000, '/nowhere/*', '~', '**')
OPTION_TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=5).map(''.join)
NAMES = [name for name in option_table(60000) if name != 'rules_files']
OPTIONS = st.tuples(st.dictionaries(st.sampled_from(NAMES) | TEXTS, OPTION_TEXTS, max_size=6), OPTION_TEXTS)


def check_options(value: tuple[dict[str, str], str]) -> None:
    raw, nick = value
    around: Any = {'http_port': 60000, 'nick': nick, 'here': '/nowhere', 'environ': {'HOME': '%(ENV_HOME)s'}}
    with in_time():
        refusal(lambda: read_options(raw, **around))
        # names that would be looked up cost the time of a name server
        gather({name: text for name, text in raw.items() if name not in ('supvisors_list', 'local_identifier')},
               **{**around, 'nick': 'n'})


# -- disabilities
DISABILITIES = (
    mutated({'web': True, 'db': False, 'x': True}).map(lambda tree: json.dumps(tree).encode())
    | st.just(b'{"a": true}').flatmap(broken) | st.binary(max_size=100)
    | st.sampled_from((b'[' * 100_000, b'{"a":' * 100_000, b'{"a": ' + b'9' * 10_000 + b'}', b'\xef\xbb\xbf{}', b'',
                       b'{"a": NaN}',
                       json.dumps({str(number): True for number in range(10_000)}).encode(), b'{"\\ud800": true}')))


@contextmanager
def open_disabilities() -> Iterator[Check]:
    with tempfile.TemporaryDirectory() as folder:
        def check(data: bytes) -> None:
            path = Path(folder, 'disabilities.json')
            path.write_bytes(data)
            with in_time():
                told: list[str] = []
                disabilities = Disabilities(str(path), lambda level, text: told.append(text))
                disabilities.read()
                believed = not told
                assert believed or 'web' not in disabilities
                disabilities.set('web', True, ('web', 'db'))
                # what was written is read by the next one, and what was corrupt is kept aside
                other = Disabilities(str(path), lambda level, text: told.append(text))
                other.read()
                assert 'web' in other and believed == (not told)
            kept = [file for file in os.listdir(folder) if file != path.name]
            assert len(kept) == (not believed)
            for name in kept:
                assert Path(folder, name).read_bytes() == data
                Path(folder, name).unlink()

        yield check


# -- orphans
RECORD = {'boot': lives.boot(), 'processes': [{'pid': 42, 'start': 7, 'namespec': 'a:b'},
                                              {'pid': 43, 'start': 8, 'namespec': 'c'}]}
ORPHANS = (mutated(RECORD, kept=[('boot',)]).map(lambda tree: json.dumps(tree).encode())
           | st.just(json.dumps(RECORD).encode()).flatmap(broken) | st.binary(max_size=100)
           | st.sampled_from((b'[' * 100_000, b' ' * (4 * 2 ** 20 + 1), b'{"boot": "", "processes": ' + b'[' * 10_000)))


@contextmanager
def open_orphans() -> Iterator[Check]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'a.programs')

        def check(data: bytes) -> None:
            path.write_bytes(data)
            path.chmod(0o600)
            with in_time():
                entries: tuple[Entry, ...] = ()
                with suppress(BadRecord):
                    entries = Survivors(path).read().processes
                for entry in entries:
                    assert 1 < entry.pid < 2 ** 31 and entry.start >= 0 and 0 < len(entry.namespec) <= 1000

        yield check


@contextmanager
def open_rules() -> Iterator[Check]:
    yield check_rules


@contextmanager
def open_options() -> Iterator[Check]:
    yield check_options


TARGETS = (
    Target('rules', RULES, open_rules),
    Target('options', OPTIONS, open_options),
    Target('disabilities', DISABILITIES, open_disabilities),
    Target('orphans', ORPHANS, open_orphans),
)
