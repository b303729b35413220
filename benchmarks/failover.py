"""How long the system takes to form, to survive, and to start a process.

    python -m benchmarks.failover [--runs 10] [--only formation3,sigkill] [--json FILE]

Everything is measured from outside, by plain XML-RPC. The daemons' own start is part of the formation; the interval of
the polls, 5 ms, is part of each figure.
"""
from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import attrs

from supvisors.demo import Daemon, Layout, LocalCluster, Program, application, rules_file

POLL = 0.005
NICKS = tuple(f'sv{number:02d}' for number in range(1, 17))


@attrs.frozen
class Figure:
    """An endless series of measures in seconds, and what is wanted of them."""
    title: str
    measures: Callable[[], Generator[float, None, None]]
    goal: float


def layout(size: int) -> Layout:
    """`homes` has a process for each of the first three instances, which moves to the next one when it is lost."""
    first = NICKS[:min(size, 3)]
    programs = {f'home{number}': first[number - 1:] + first[:number - 1] for number in range(1, len(first) + 1)}
    rules = application('homes', {
        name: {'identifiers': ','.join(places), 'running_failure_strategy': 'RESTART_PROCESS'}
        for name, places in programs.items()
    })
    return Layout(nicks=NICKS[:size], programs=(*map(Program, programs), Program('quick')),
                  groups={'homes': tuple(programs)}, rules=rules_file([rules]))


def formation(size: int) -> float:
    """From the launch of the first daemon until all are in OPERATION and agree."""
    with LocalCluster(layout(size)) as cluster:
        return cluster.start(timeout=180)


def _cluster_with_homes(cluster: LocalCluster) -> Daemon:
    """Start three daemons and their processes; return the Master."""
    cluster.start(timeout=60)
    cluster[0].call('supvisors.start_process', 'CONFIG', 'homes:*')
    for daemon in cluster:
        for other in cluster:
            cluster.wait_running(_home(other), asked=daemon)
    return cluster.master()


def _home(daemon: Daemon) -> str:
    return f'homes:home{int(daemon.nick[2:])}'


def loss(number: int) -> float:
    """From the signal sent to the Master until its process is RUNNING elsewhere, as a survivor says."""
    with LocalCluster(layout(3)) as cluster:
        master = _cluster_with_homes(cluster)
        survivors = cluster.others(master)
        begin = time.monotonic()
        master.signal(number)
        cluster.wait_running(_home(master), on=survivors, asked=survivors[0], timeout=60, period=POLL)
        return time.monotonic() - begin


def start_process(asked_master: bool) -> Generator[float, None, None]:
    """`start_process(wait=True)` of a `startsecs=0` program, over a connection that is kept, without end."""
    with LocalCluster(layout(3)) as cluster:
        cluster.start(timeout=60)
        master = cluster.master()
        asked = master if asked_master else cluster.others(master)[0]
        with asked.proxy() as proxy:
            while True:
                begin = time.monotonic()
                proxy.supvisors.start_process('CONFIG', 'quick')
                yield time.monotonic() - begin
                proxy.supvisors.stop_process('quick')


def _again(measure: Callable[[], float]) -> Generator[float, None, None]:
    while True:
        yield measure()


def figures() -> dict[str, Figure]:
    return {
        'formation3': Figure('launch to OPERATION, 3 daemons', lambda: _again(lambda: formation(3)), 2.0),
        'formation16': Figure('launch to OPERATION, 16 daemons', lambda: _again(lambda: formation(16)), 5.0),
        'sigkill': Figure('SIGKILL of the Master to its process running elsewhere',
                          lambda: _again(lambda: loss(signal.SIGKILL)), 1.0),
        'sigstop': Figure('SIGSTOP of the Master to its process running elsewhere',
                          lambda: _again(lambda: loss(signal.SIGSTOP)), 4.5),
        'start_master': Figure('start_process(wait=True), startsecs=0, asked of the Master',
                               lambda: start_process(True), 0.05),
        'start_other': Figure('start_process(wait=True), startsecs=0, asked of another',
                              lambda: start_process(False), 0.05),
    }


def run(names: Sequence[str], runs: int) -> dict[str, list[float]]:
    known = figures()
    results: dict[str, list[float]] = {}
    for name in names:
        values = results.setdefault(name, [])
        with closing(known[name].measures()) as measures:
            for seconds in islice(measures, runs):
                values.append(round(seconds, 4))
                print(f'{name}: {seconds:.3f} s', file=sys.stderr, flush=True)
    return results


def table(results: dict[str, list[float]]) -> str:
    known = figures()
    lines = ['| Figure | median | worst | goal | runs |', '|---|---|---|---|---|']
    for name, values in results.items():
        figure = known[name]
        lines.append(f'| {figure.title} | {_seconds(statistics.median(values))} | {_seconds(max(values))} '
                     f'| {_seconds(figure.goal)} | {len(values)} |')
    return '\n'.join(lines)


def _seconds(value: float) -> str:
    return f'{value * 1000:.0f} ms' if value < 0.1 else f'{value:.2f} s'


def main() -> int:
    known = figures()
    parser = argparse.ArgumentParser(prog='python -m benchmarks.failover', description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=10, help='runs of each figure (default 10)')
    parser.add_argument('--only', default='', metavar='NAMES', help=f'some of {",".join(known)}')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the figures there too')
    options = parser.parse_args()
    names = options.only.split(',') if options.only else list(known)
    unknown = set(names) - set(known)
    if unknown or options.runs < 1:
        parser.error(f'unknown: {", ".join(sorted(unknown))}' if unknown else '--runs must be 1 or more')
    results = run(names, options.runs)
    print(table(results))
    document = {'python': platform.python_version(), 'cores': os.cpu_count(), 'seconds': results}
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + '\n')
    print(json.dumps(document))
    return 0


if __name__ == '__main__':
    sys.exit(main())
