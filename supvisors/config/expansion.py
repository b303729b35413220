"""The expansions of supervisord in option values: `%(here)s`, `%(host_node_name)s`, `%(ENV_X)s`.

supervisord's own reader treats `%(ENV_X)s` of this section, but not `%(here)s` (except in files with `[include]`) nor
`%(host_node_name)s`; what it leaves reaches us. As it has been there before, a lone `%` is a character like any other.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from supvisors.config.errors import Refused, shown

_NAME = re.compile(r'%\(([^()]*)\)s')


class NotExpanded(Refused):
    """The text names something that cannot be expanded. The message quotes names only, never a value."""


def expander(here: str, host_node_name: str, environ: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that expands a text once (what comes out of an expansion is not expanded again)."""
    values = {**{f'ENV_{name}': value for name, value in environ.items()},
              'here': here, 'host_node_name': host_node_name}

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return values[name]
        if name.startswith('ENV_'):
            raise NotExpanded(f'the environment has no variable {shown(name[4:])}')
        raise NotExpanded(f'{shown(name)} cannot be expanded: here, host_node_name and ENV_X can')

    return lambda text: _NAME.sub(replace, text)
