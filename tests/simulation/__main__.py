"""`python -m tests.simulation --runs 200 --first-seed 0`, or one failing seed again: `--seed 12345 --verbose`."""

from __future__ import annotations

import argparse
import sys
import time

import attrs

from tests.simulation.runner import Result, Summary, run, run_many
from tests.simulation.scenario import draw
from tests.simulation.scenario_base import Scenario


def main() -> int:
    parser = argparse.ArgumentParser(prog='python -m tests.simulation', description=__doc__)
    parser.add_argument('--runs', type=int, default=200)
    parser.add_argument('--first-seed', type=int, default=0)
    parser.add_argument('--size', type=int, default=0, help='number of instances, instead of the one drawn')
    parser.add_argument('--jobs', type=int, default=0, help='processes; all cores by default')
    parser.add_argument('--seed', type=int, help='run this seed only')
    parser.add_argument('--faults', help='with --seed: keep only the faults of these indexes (as 0,2; none for "-")')
    parser.add_argument('--requests', help='with --seed: keep only the requests of these indexes')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    if options.seed is not None:
        return _one(options)
    return _many(options)


def _one(options: argparse.Namespace) -> int:
    def change(scenario: Scenario) -> Scenario:
        faults, requests = scenario.faults, scenario.requests
        if options.faults is not None:
            faults = tuple(faults[index] for index in _indexes(options.faults))
        if options.requests is not None:
            requests = tuple(requests[index] for index in _indexes(options.requests))
        return attrs.evolve(scenario, faults=faults, requests=requests)

    scenario = change(draw(options.seed, options.size))
    print(
        f'seed {options.seed}: {len(scenario.identities)} instances, '
        f'{sorted(option.name for option in scenario.options.synchro_options)} {scenario.variant}, '
        f'{len(scenario.programs)} programs, calm at {scenario.calm:.1f}, {scenario.profile}'
    )
    for index, fault in enumerate(scenario.faults):
        print(f'  {index}: {fault}')
    result = run(options.seed, options.size, verbose=options.verbose, change=change)
    _report(result, options.verbose)
    print(
        f'hash {result.hash:08x}, {result.events} events, {result.seconds:.1f} s, '
        f'equal views after {result.settled:.1f} s'
    )
    return int(result.violation is not None)


def _indexes(text: str) -> list[int]:
    return [int(one) for one in text.split(',') if one.strip('-')]


def _many(options: argparse.Namespace) -> int:
    started, summary = time.monotonic(), Summary()
    shown = started
    for result in run_many(range(options.first_seed, options.first_seed + options.runs), options.size, options.jobs):
        summary.add(result)
        _report(result, options.verbose)
        if time.monotonic() - shown > 10.0:
            shown = time.monotonic()
            print(
                f'... {summary.runs}/{options.runs} runs, {summary.hours:.1f} virtual hours, '
                f'{len(summary.failures)} failed',
                flush=True,
            )
    print(summary)
    print(f'{time.monotonic() - started:.0f} s')
    return int(bool(summary.failures))


def _report(result: Result, verbose: bool) -> None:
    if result.violation is not None:
        print(
            f'seed {result.seed} ({result.nodes} instances) FAILED: '
            f'{result.violation.kind} at {result.violation.time:.3f}\n'
            f'  {result.violation.text}'
        )
        if verbose:
            print('\n'.join(f'    {line}' for line in result.recent[-60:]))
        print(f'  again: {result.replay}', flush=True)


if __name__ == '__main__':
    sys.exit(main())
