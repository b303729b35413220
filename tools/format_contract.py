"""Rewrites contract/*.json in their usual layout, short entries on one line: python tools/format_contract.py"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).resolve().parent.parent / 'contract'
WIDTH = 150


def layout(value: Any, depth: int = 0, lead: int = 0) -> str:
    """Return the JSON text of a value; it is split over lines when it does not fit."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or (len(line) + lead <= WIDTH and depth > 1):
        return line
    indent = ' ' * (depth + 1)
    opening, closing = '{}' if isinstance(value, dict) else '[]'
    entries = [(f'{json.dumps(key)}: ', item) for key, item in value.items()] if isinstance(value, dict) else [
        ('', item) for item in value]
    body = ',\n'.join(indent + key + layout(item, depth + 1, len(indent) + len(key)) for key, item in entries)
    return f'{opening}\n{body}\n{" " * depth}{closing}'


def main() -> None:
    for path in sorted(CONTRACT.glob('*.json')):
        path.write_text(layout(json.loads(path.read_text())) + '\n')


if __name__ == '__main__':
    main()
