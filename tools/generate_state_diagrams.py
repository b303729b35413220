"""Write the state diagrams of `docs/architecture.md` from the tables of the engine, or check them with `--check`."""
from __future__ import annotations

import re
import sys
from pathlib import Path

from supvisors.engine.cluster.tables import INSTANCE_TABLE, SYSTEM_TABLE, diagram

PAGE = Path(__file__).parents[1] / 'docs' / 'architecture.md'
TABLES = {'instance': INSTANCE_TABLE, 'system': SYSTEM_TABLE}


def with_diagrams(text: str) -> str:
    """Return the page with its diagrams made anew."""
    for name, table in TABLES.items():
        block = f'<!-- {name}: generated -->\n```mermaid\n{diagram(table)}\n```\n<!-- end -->'
        place = re.compile(f'<!-- {name}: generated -->.*?<!-- end -->', re.DOTALL)
        text, count = place.subn(block.replace('\\', r'\\'), text)
        if count != 1:
            raise ValueError(f'{PAGE}: expected one place for the diagram {name}, found {count}')
    return text


def main(arguments: list[str]) -> int:
    text = PAGE.read_text()
    made = with_diagrams(text)
    if '--check' in arguments:
        return int(made != text)
    PAGE.write_text(made)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
