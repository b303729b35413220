"""One seed, or many on all cores: run, judge, add up."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from tests.simulation.administration import Removals, administrate
from tests.simulation.arguments import Arguments
from tests.simulation.copies import Copies
from tests.simulation.formation import around_variant
from tests.simulation.liveness import Liveness
from tests.simulation.masters import Masters, Orders
from tests.simulation.ranks import Ranks
from tests.simulation.requests import Requests
from tests.simulation.scenario import draw
from tests.simulation.scenario_base import Scenario
from tests.simulation.suspects import Suspects
from tests.simulation.together import Together
from tests.simulation.world import Stats, Violation, World


@attrs.frozen
class Result:
    """What one run has shown. It crosses processes: plain data only."""

    seed: int
    size: int
    nodes: int
    hours: float
    events: int
    sent: int
    hash: int
    settled: float
    """Virtual seconds from the last fault to equal views."""
    quiet: float
    """Virtual seconds that the run went on after the last fault."""
    seconds: float
    stats: Stats
    violation: Violation | None
    recent: tuple[str, ...]

    @property
    def replay(self) -> str:
        return f'python -m tests.simulation --seed {self.seed}{f" --size {self.size}" if self.size else ""} --verbose'


def build(scenario: Scenario, engine_class: Any = None, verbose: bool = False) -> World:
    """A world with everything that must hold in it."""
    world = World(scenario, engine_class, verbose)
    copies = Copies(world)
    world.invariants += [
        Masters(world),
        Orders(world),
        copies,
        Suspects(world),
        Ranks(world),
        Requests(world),
        Removals(world),
        Together(world),
        Arguments(world, copies),
        Liveness(world, copies),
    ]
    world.around = [*around_variant(world), *administrate(world)]
    return world


def run(
    seed: int,
    size: int = 0,
    engine_class: Any = None,
    verbose: bool = False,
    change: Callable[[Scenario], Scenario] | None = None,
) -> Result:
    """Run one seed. `change` alters the scenario first, to make a failure smaller."""
    started = time.process_time()
    scenario = draw(seed, size)
    if change is not None:
        scenario = change(scenario)
    world = build(scenario, engine_class, verbose)
    world.run()
    return Result(
        seed,
        size,
        len(world.nodes),
        world.now / 3600.0,
        world.scheduler.executed,
        sum(world.stats.messages.values()),
        world.hash,
        world.settled,
        world.now - world.calm,
        time.process_time() - started,
        world.stats,
        world.violation,
        tuple(world.recent) if world.violation else (),
    )


def run_many(seeds: Iterable[int], size: int = 0, jobs: int = 0) -> Iterator[Result]:
    """Run the seeds on all cores; the results come as they are ready."""
    jobs = jobs or multiprocessing.cpu_count()
    if jobs == 1:
        yield from (run(seed, size) for seed in seeds)
        return
    with multiprocessing.get_context('spawn').Pool(jobs) as pool:
        yield from pool.imap_unordered(_run_one, [(seed, size) for seed in seeds])


def _run_one(arguments: tuple[int, int]) -> Result:
    return run(*arguments)


@attrs.define
class Summary:
    """All results together."""

    runs: int = 0
    large: int = 0
    hours: float = 0.0
    events: int = 0
    sent: int = 0
    faults: Counter[str] = attrs.field(factory=Counter)
    requests: Counter[str] = attrs.field(factory=Counter)
    checks: Counter[str] = attrs.field(factory=Counter)
    settled: list[float] = attrs.field(factory=list)
    failures: list[Result] = attrs.field(factory=list)
    cpu: float = 0.0

    def add(self, result: Result) -> None:
        self.runs += 1
        self.large += result.nodes >= 8
        self.hours += result.hours
        self.events += result.events
        self.sent += result.sent
        self.faults += result.stats.faults
        self.requests += result.stats.requests
        self.checks += result.stats.checks
        self.cpu += result.seconds
        if result.violation is not None:
            self.failures.append(result)
        else:
            self.settled.append(result.settled)

    def plain(self) -> dict[str, Any]:
        """The figures as plain data, to be added up by who has not seen the results."""
        values = attrs.asdict(self, filter=lambda field, _: field.name != 'failures')
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}

    def add_plain(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(self, name, getattr(self, name) + (Counter(value) if isinstance(value, dict) else value))

    def __str__(self) -> str:
        settled = sorted(self.settled) or [0.0]
        return '\n'.join(
            (
                f'{self.runs} runs, {self.large} of them with 8 instances or more, {self.hours:.1f} virtual hours, '
                f'{self.events} events, {self.sent} messages, {self.cpu:.0f} s of processor',
                f'faults: {_counts(self.faults)}',
                f'requests: {_counts(self.requests)}',
                f'checks: {_counts(self.checks)}',
                f'equal views after the last fault: '
                f'median {settled[len(settled) // 2]:.1f} s, worst {settled[-1]:.1f} s',
                f'{len(self.failures)} failed',
            )
        )


def _counts(counter: Counter[str]) -> str:
    return ', '.join(f'{count} {kind}' for kind, count in sorted(counter.items())) or 'none'
