"""Writes tests/contract/record/ from the recorded answers of the peer:

    python tests/contract/replay/make_record.py FOLDER

The folder holds rpc_status.json, rpc_control.json, rpc_supervisor.json, rpc_system.json and list_methods.json. What is
kept of a call is what can be replayed: context, instance, parameters, and the shape of the result, the code of the
fault or the HTTP status. The values of short results are kept too, without what depends on the time or on the machine.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / 'record'
FILES = ('status', 'control', 'supervisor', 'system')
LONGEST_VALUE = 2000


def without(value: Any, volatile: frozenset[str]) -> Any:
    """The value without the keys that are volatile."""
    if isinstance(value, dict):
        return {key: without(item, volatile) for key, item in value.items() if key not in volatile}
    if isinstance(value, list):
        return [without(item, volatile) for item in value]
    return value


def outcome(call: Mapping[str, Any]) -> dict[str, Any]:
    if 'error' in call:
        return {'http': call['error']['status']}
    if 'fault' in call:
        return {'fault': call['fault']['code']}
    kept: dict[str, Any] = {'shape': call['types']}
    if not call.get('volatile_result') and 'trimmed_from' not in call:
        value = without(call['result'], frozenset(call.get('volatile', ())))
        if len(json.dumps(value)) <= LONGEST_VALUE:
            kept['value'] = value
    return kept


def compact(call: Mapping[str, Any]) -> dict[str, Any]:
    kept = {'context': call['context'], 'instance': call['instance'], 'params': call['params'], **outcome(call)}
    return {**kept, 'note': call['note']} if call.get('note') else kept


def render(methods: Mapping[str, Any]) -> str:
    """One line for each shape and each call."""
    texts = []
    for method, content in methods.items():
        shapes = ',\n'.join(f'   {json.dumps(name)}: {json.dumps(shape)}' for name, shape in content['shapes'].items())
        calls = ',\n'.join(f'   {json.dumps(call)}' for call in content['calls'])
        texts.append(f' {json.dumps(method)}: {{\n  "shapes": {{\n{shapes}\n  }},\n  "calls": [\n{calls}\n  ]\n }}')
    return '{\n' + ',\n'.join(texts) + '\n}\n'


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    source = Path(arguments[0])
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        recorded = json.loads((source / f'rpc_{name}.json').read_text(encoding='utf-8'))['methods']
        methods = {method: {'shapes': content['type_shapes'], 'calls': [compact(call) for call in content['calls']]}
                   for method, content in recorded.items()}
        (FOLDER / f'{name}.json').write_text(render(methods), encoding='utf-8')
    listed = json.loads((source / 'list_methods.json').read_text(encoding='utf-8'))['methods']
    (FOLDER / 'methods.json').write_text(json.dumps(listed, indent=1) + '\n', encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
