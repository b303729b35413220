"""Where the options stand: supervisord hands their texts to the plugin, and forgets the files and the lines.

The files are read again as supervisord reads them: the configuration file, then those that `files` of its `[include]`
section names, whatever section they hold; of an option that is given several times, the last one counts.
"""
from __future__ import annotations

import configparser
import glob
import os
import platform
from collections.abc import Iterable, Iterator, Mapping

SECTION = 'rpcinterface:supvisors'
_SEPARATOR = '\n'
"""Between the place and the name of an option: neither of them can hold it."""


def places(configfile: str, environ: Mapping[str, str] | None = None, section: str = SECTION) -> dict[str, str]:
    """Return `file:line` of every option of the section. Nothing is raised: what cannot be read has no place.

    :param configfile: supervisord's configuration file; empty or unreadable: there are no places
    :param environ: the variables of `%(ENV_X)s` in `files`; those of the process by default
    """
    reader = _Reader()
    if not configfile or not reader.take(configfile):
        return {}
    for file in _included(reader.parser, configfile, os.environ if environ is None else environ):
        reader.take(file)
    return reader.options(section)


def endless(configfile: str) -> list[str]:
    """Return those of the files that are neither regular nor folders: who reads them may wait forever."""
    reader = _Reader()
    files = [configfile]
    if reader.take(configfile):
        files += _included(reader.parser, configfile, os.environ)
    return [file for file in files if os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file)]


class _Reader:
    """Reads with the settings of supervisord's own parser, except that the name of an option holds its place.

    So a later line never replaces an earlier one, and the parser of the standard library does the rest: comments,
    values of several lines, sections that come twice.
    """

    def __init__(self) -> None:
        self.parser = configparser.RawConfigParser(inline_comment_prefixes=(';', '#'), strict=False)
        self._usual = self.parser.optionxform
        self.parser.optionxform = self._mark  # type: ignore[method-assign]
        self._file = ''
        self._line = 0

    def take(self, file: str) -> bool:
        """Read one more file; False when it cannot be opened. What comes before an error is kept.

        A pipe is read once, by supervisord: whoever reads it again waits forever.
        """
        self._file = os.path.abspath(file)
        if not os.path.isfile(file):
            return False
        try:
            with open(file, encoding='locale', errors='replace') as stream:
                self.parser.read_file(self._counted(stream), file)
        except (OSError, ValueError):
            return False
        except configparser.Error:
            # supervisord refuses the file in its own words: nobody will ask for places
            return True
        return True

    def options(self, section: str) -> dict[str, str]:
        if not self.parser.has_section(section):
            return {}
        defaults = list(self.parser.defaults())
        own = [mark for mark in self.parser.options(section) if mark not in defaults]
        return {name: place for place, name in (mark.rsplit(_SEPARATOR, 1) for mark in [*defaults, *own])}

    def _counted(self, lines: Iterable[str]) -> Iterator[str]:
        for self._line, line in enumerate(lines, 1):
            yield line

    def _mark(self, optionstr: str) -> str:
        return f'{self._file}:{self._line}{_SEPARATOR}{self._usual(optionstr)}'


def _included(parser: configparser.RawConfigParser, configfile: str, environ: Mapping[str, str]) -> Iterator[str]:
    folder = os.path.dirname(os.path.abspath(configfile))
    marked = parser.items('include') if parser.has_section('include') else []
    texts = [text for mark, text in marked if mark.rpartition(_SEPARATOR)[2] == 'files']
    values = {'here': folder, 'host_node_name': platform.node(),
              **{f'ENV_{name}': value for name, value in environ.items()}}
    try:
        patterns = (texts[-1] % values).split() if texts else []
    except (KeyError, ValueError, TypeError):
        return
    for pattern in patterns:
        yield from sorted(glob.glob(os.path.join(folder, pattern)))
