"""How a system starts an application of 1,000 processes, and how supervisord answers meanwhile.

    python -m benchmarks.scale [--runs 3] [--only spread,piled] [--json FILE]

`start_application(wait=True)` of 10 ranks of 100 processes, on three instances, each of which is asked again and again
for `supvisors.get_supvisors_state` over a connection that is kept. The clients share the processors with the daemons.
"""
from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs

from supvisors.demo import Daemon, Layout, LocalCluster, Program, rules_file

ROOT = Path(__file__).parents[1]
NICKS = ('sv01', 'sv02', 'sv03')
APPLICATION = 'scale'
RANKS = 10
WIDTH = 100
"""Processes of a rank."""
GOAL = 0.05
"""Seconds: the 99th percentile of the answers while the application starts."""
ANY = 'any'
TIMEOUT = 150.0
PAUSE = 0.01
"""Seconds between an answer and the next request, as little as leaves the processors to the daemons."""
PLACES = {
    'spread': 'each rank on all three instances',
    'piled': 'each rank on one instance, in turn',
    'placed': 'the last rank placed among all three instances, the others as spread',
}
_PROBE = """
[rpcinterface:probe]
supervisor.rpcinterface_factory = benchmarks.scale_probe:make_probe
"""


@attrs.frozen
class Start:
    """What one start of the application was, by nick name where each daemon has its own."""
    seconds: float
    answered: bool
    most: dict[str, int]
    """The most processes that one pass of the main loop has spawned."""
    passes: dict[str, int]
    """Passes of the main loop while the application started."""
    events: list[tuple[str, str, float]]
    """STARTING or RUNNING, name of the process, time: of all daemons."""
    latencies: dict[str, list[float]]

    def times(self, state: str, rank: int) -> list[float]:
        """When the processes of a rank entered that state."""
        return [mono for told, name, mono in self.events if told == state and name.startswith(prefix(rank))]

    def answers(self) -> list[float]:
        return sorted(latency for latencies in self.latencies.values() for latency in latencies)


def prefix(rank: int) -> str:
    """How the names of the processes of a rank begin."""
    return f'rank{rank:02d}_'


def layout(place: str) -> Layout:
    """Each process is known to one instance: one that is known to all costs each supervisord a look in every pass.

    But for the last rank of `placed`, where the Master chooses.
    """
    programs = tuple(_program(rank, nick, number) for rank in range(1, RANKS + 1)
                     for nick, number in _share(place, rank).items())
    lines = [f'      <program pattern="^{prefix(rank)}"><start_sequence>{rank}</start_sequence></program>'
             for rank in range(1, RANKS + 1)]
    rules = [f'  <application name="{APPLICATION}">', '    <programs>', *lines, '    </programs>', '  </application>']
    return Layout(nicks=NICKS, programs=programs, rules=rules_file(['\n'.join(rules)]),
                  groups={APPLICATION: tuple(program.name for program in programs)})


def _share(place: str, rank: int) -> dict[str, int]:
    """How many processes of a rank each instance has; those of `ANY` are known to all."""
    if place == 'placed' and rank == RANKS:
        return {ANY: WIDTH}
    if place == 'piled':
        return {NICKS[rank % len(NICKS)]: WIDTH}
    return {nick: len(range(number, WIDTH, len(NICKS))) for number, nick in enumerate(NICKS)}


def _program(rank: int, nick: str, number: int) -> Program:
    # redirected, to spare a pipe each: 400 processes stay within the 1024 descriptors that supervisord asks for
    options = {'numprocs': str(number), 'process_name': '%(program_name)s_%(process_num)02d', 'redirect_stderr': 'true'}
    return Program(f'{prefix(rank)}{nick}', on=None if nick == ANY else (nick,), options=options)


def add_probe(cluster: LocalCluster) -> None:
    """Have the daemons load the probe, at their next start."""
    for daemon in cluster:
        with open(daemon.conf, 'a') as file:
            file.write(_PROBE)
        paths = [str(ROOT), daemon.environ.get('PYTHONPATH', '')]
        daemon.environ = {**daemon.environ, 'PYTHONPATH': os.pathsep.join(filter(None, paths))}


def start(cluster: LocalCluster) -> Start:
    """Start the application of a running cluster that has the probe."""
    before = _ask(cluster, 'probe.passes')
    with _asking(cluster) as latencies:
        begin = time.monotonic()
        answered = cluster.master().call('supvisors.start_application', 'CONFIG', APPLICATION, timeout=TIMEOUT)
        seconds = time.monotonic() - begin
    passes = {nick: number - before[nick] for nick, number in _ask(cluster, 'probe.passes').items()}
    events = [tuple(event) for events in _ask(cluster, 'probe.events').values() for event in events]
    return Start(seconds, answered, _ask(cluster, 'probe.most'), passes, events, latencies)


def _ask(cluster: LocalCluster, method: str) -> dict[str, Any]:
    return {daemon.nick: daemon.call(method) for daemon in cluster}


@contextmanager
def _asking(cluster: LocalCluster) -> Iterator[dict[str, list[float]]]:
    """Ask each daemon for its state until the end, and give how long each answer took."""
    done = threading.Event()
    latencies: dict[str, list[float]] = {daemon.nick: [] for daemon in cluster}

    def ask(daemon: Daemon) -> None:
        with daemon.proxy(TIMEOUT) as proxy:
            while not done.wait(PAUSE):
                begin = time.monotonic()
                proxy.supvisors.get_supvisors_state()
                latencies[daemon.nick].append(time.monotonic() - begin)

    with ThreadPoolExecutor(len(latencies)) as pool:
        tasks = [pool.submit(ask, daemon) for daemon in cluster]
        try:
            yield latencies
        finally:
            done.set()
    for task in tasks:
        task.result()


def measure(place: str) -> Start:
    with ExitStack() as stack:
        cluster = stack.enter_context(LocalCluster(layout(place)))
        add_probe(cluster)
        cluster.start(timeout=TIMEOUT)
        return start(cluster)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of these sorted values that `percent` of them do not exceed."""
    return values[max(0, -int(-len(values) * percent // 100) - 1)]


def figures(place: str, measured: Start) -> dict[str, Any]:
    answers = measured.answers()
    return {
        'place': place, 'seconds': round(measured.seconds, 3), 'answers': len(answers),
        **{name: round(percentile(answers, percent), 4) for name, percent in (('p50', 50), ('p99', 99), ('max', 100))},
        'most_spawned': max(measured.most.values()), 'passes': sum(measured.passes.values()),
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f'| Ranks | start | answers | p50 | p99 (goal {_ms(GOAL)}) | max | most spawned in a pass |',
             '|---|---|---|---|---|---|---|']
    lines += [f'| {PLACES[row["place"]]} | {row["seconds"]:.2f} s | {row["answers"]} | {_ms(row["p50"])} '
              f'| {_ms(row["p99"])} | {_ms(row["max"])} | {row["most_spawned"]} |' for row in rows]
    return '\n'.join(lines)


def _ms(seconds: float) -> str:
    return f'{seconds * 1000:.0f} ms'


def main() -> int:
    parser = argparse.ArgumentParser(prog='python -m benchmarks.scale', description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=3, help='runs of each layout (default 3)')
    parser.add_argument('--only', default='', metavar='NAMES', help=f'some of {",".join(PLACES)}')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the figures there too')
    options = parser.parse_args()
    names = options.only.split(',') if options.only else list(PLACES)
    unknown = set(names) - set(PLACES)
    if unknown or options.runs < 1:
        parser.error(f'unknown: {", ".join(sorted(unknown))}' if unknown else '--runs must be 1 or more')
    rows = []
    for name in names:
        for _ in range(options.runs):
            rows.append(figures(name, measure(name)))
            print(rows[-1], file=sys.stderr, flush=True)
    print(table(rows))
    document = {'python': platform.python_version(), 'cores': os.cpu_count(), 'runs': rows}
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + '\n')
    print(json.dumps(document))
    return 0


if __name__ == '__main__':
    sys.exit(main())
