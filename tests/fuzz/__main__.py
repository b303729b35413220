"""Run the targets for longer than the tests do: `python -m tests.fuzz --seconds 300 [TARGET...]`."""
from __future__ import annotations

import argparse
import random
import sys

from tests.fuzz.running import run
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog='python -m tests.fuzz', description=__doc__)
    parser.add_argument('targets', nargs='*', metavar='TARGET', help=f'all by default: {", ".join(TARGETS)}')
    parser.add_argument('--seconds', type=float, default=300, help='for each target (default: %(default)s)')
    parser.add_argument('--seed', type=int, help='the first one (default: by chance)')
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f'unknown: {", ".join(unknown)}; the targets are {", ".join(TARGETS)}')
    first = random.randrange(2 ** 31) if arguments.seed is None else arguments.seed
    outcomes = []
    for name in arguments.targets or TARGETS:
        outcomes.append(run(TARGETS[name], arguments.seconds, first))
        print(outcomes[-1], flush=True)
        if outcomes[-1].finding:
            print(outcomes[-1].finding, flush=True)
    found = sum(bool(outcome.finding) for outcome in outcomes)
    print(f'{sum(outcome.executions for outcome in outcomes)} executions of {len(outcomes)} targets, {found} findings')
    return min(found, 1)


if __name__ == '__main__':
    sys.exit(main())
