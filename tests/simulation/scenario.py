"""What one seed stands for: the instances, their options, rules and programs, the weather, the faults."""

from __future__ import annotations

import random

import attrs

from supvisors.model.enums import DistributionRule, RunningFailureStrategy, StartingStrategy, SynchroOption
from supvisors.model.identity import Identity
from supvisors.model.options import Options
from supvisors.model.process import split_namespec
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules
from tests.simulation.fault_plan import WEIGHTS, draw_faults, focused
from tests.simulation.network import Profile
from tests.simulation.program import Behaviour
from tests.simulation.scenario_base import Scenario
from tests.simulation.variants import vary

SMALL, LARGE = (3, 7), (8, 30)
SYNCHRO = (
    (SynchroOption.STRICT,),
    (SynchroOption.LIST,),
    (SynchroOption.TIMEOUT,),
    (SynchroOption.STRICT, SynchroOption.TIMEOUT),
    (SynchroOption.LIST, SynchroOption.TIMEOUT),
)
ADMINISTRATED = 0.13
DISTRIBUTED = 0.2
FINALES = ('',) * 18 + ('restart', 'shutdown')


def draw(seed: int, size: int = 0) -> Scenario:
    """The scenario of a seed: small when it is even, large when it is odd, unless a size is given.

    Half of the small ones are long: two or three kinds of faults again and again, on programs that are all wanted.
    """
    scenario = _draw(seed, size)
    if seed % 4 == 2:
        rng = random.Random(f'{seed}/kinds')
        scenario = focus(scenario, tuple(rng.sample(sorted(WEIGHTS), rng.choice((2, 3)))), rng.randint(4, 9))
    return _administrate(_distribute(vary(scenario)))


def _distribute(scenario: Scenario) -> Scenario:
    """In every fifth run or so, some applications must stay together, on one instance or on one node."""
    rng = random.Random(f'{scenario.seed}/distributions')
    if rng.random() >= DISTRIBUTED:
        return scenario
    single = (DistributionRule.ALL_INSTANCES, DistributionRule.SINGLE_INSTANCE, DistributionRule.SINGLE_NODE)
    applications = {
        name: attrs.evolve(rules, distribution=rng.choice(single))
        for name, rules in scenario.rules.applications.items()
    }
    return attrs.evolve(scenario, rules=Rules(applications))


def _administrate(scenario: Scenario) -> Scenario:
    """In every eighth run or so, programs are disabled, enabled, removed and added as well."""
    rng = random.Random(f'{scenario.seed}/administrations')
    if rng.random() >= ADMINISTRATED or not scenario.requests:
        return scenario
    start = max(scenario.boots) + 5.0
    times = sorted(rng.uniform(start, scenario.calm) for _ in range(rng.randint(6, 30)))
    return attrs.evolve(scenario, administrations=tuple(times))


def _draw(seed: int, size: int) -> Scenario:
    rng = random.Random(f'{seed}/scenario')
    count = size or _draw_size(rng, *(LARGE if seed % 2 else SMALL))
    identities = tuple(
        Identity(f'10.0.{index // 100}.{index % 100 + 1}', 60000, nick=f'node{index:02d}' if seed % 3 else '')
        for index in range(count)
    )
    synchro = frozenset(rng.choice(SYNCHRO))
    options = Options(instances=identities, synchro_options=synchro, synchro_timeout=rng.choice((15.0, 15.0, 20.0)))
    programs, rules, installed = _draw_applications(rng, [identity.identifier for identity in identities])
    shared = rng.random() < 0.25
    machines = tuple(f'machine{index // 2 if shared else index}' for index in range(count))
    boots = _draw_boots(rng, count, SynchroOption.TIMEOUT in synchro)
    begin = max(boots) + rng.uniform(1.0, 25.0)
    faults, calm = draw_faults(rng, count, begin, may_die=SynchroOption.TIMEOUT in synchro)
    requests = tuple(sorted(rng.uniform(max(boots) + 5.0, calm) for _ in range(rng.randint(4, 20))))
    return Scenario(
        seed,
        identities,
        options,
        rules,
        programs,
        installed,
        machines,
        boots,
        _draw_profile(rng),
        faults,
        requests,
        calm,
        rng.choice((50, 50, 50, 3, 1)),
        rng.choice(FINALES),
    )


def focus(scenario: Scenario, kinds: tuple[str, ...], number: int = 8) -> Scenario:
    """The same instances and network, with faults of these kinds only, and programs that are wanted and stop late."""
    start = max(scenario.boots) + 25.0
    faults, calm = focused(scenario.seed, len(scenario.identities), start, kinds, number)
    rng = random.Random(f'{scenario.seed}/focus requests')
    requests = tuple(sorted(rng.uniform(max(scenario.boots) + 5.0, calm) for _ in range(60)))
    restart = RunningFailureStrategy.RESTART_PROCESS
    applications = {
        name: attrs.evolve(
            rules,
            start_sequence=1,
            programs={
                key: attrs.evolve(program, start_sequence=1 + index % 2, running_failure_strategy=restart)
                for index, (key, program) in enumerate(rules.programs.items())
            },
        )
        for name, rules in scenario.rules.applications.items()
    }
    programs = {namespec: Behaviour(stop_time=rng.uniform(0.2, 4.0)) for namespec in scenario.programs}
    return attrs.evolve(
        scenario,
        faults=faults,
        requests=requests,
        calm=calm,
        finale='',
        rules=Rules(applications),
        programs=programs,
    )


def _draw_size(rng: random.Random, low: int, high: int) -> int:
    """Small sizes more often: they cost less, and show as much."""
    return low + int((high - low + 1) * rng.random() ** 3)


def _draw_boots(rng: random.Random, count: int, may_be_late: bool) -> tuple[float, ...]:
    boots = [rng.uniform(0.0, 2.0) for _ in range(count)]
    if may_be_late and rng.random() < 0.3:
        boots[rng.randrange(count)] = rng.uniform(10.0, 30.0)
    return tuple(boots)


def _draw_profile(rng: random.Random) -> Profile:
    """Half of the runs have a clean network, as TCP gives it; the others a nasty one."""
    if rng.random() < 0.5:
        return Profile(delay=rng.choice((0.0002, 0.005)), jitter=rng.choice((0.001, 0.02)))
    return Profile(
        delay=0.001,
        jitter=rng.choice((0.01, 0.05)),
        spike=rng.choice((0.0, 0.02)),
        loss=rng.choice((0.0, 0.005, 0.02)),
        duplication=rng.choice((0.0, 0.02)),
        reordering=rng.choice((0.0, 0.05)),
    )


def _draw_applications(
    rng: random.Random, names: list[str]
) -> tuple[dict[str, Behaviour], Rules, dict[str, frozenset[int]]]:
    programs: dict[str, Behaviour] = {}
    installed: dict[str, frozenset[int]] = {}
    applications: dict[str, ApplicationRules] = {}
    everywhere = frozenset(range(len(names)))
    for number in range(rng.randint(1, 4)):
        group = f'app{number}'
        rules: dict[str, ProgramRules] = {}
        strategy = rng.choice((RunningFailureStrategy.RESTART_PROCESS,) * 4 + (RunningFailureStrategy.CONTINUE,))
        for index in range(rng.randint(1, 5)):
            name = f'p{index}'
            programs[f'{group}:{name}'] = _draw_behaviour(rng)
            where = (
                everywhere if rng.random() < 0.8 else frozenset(rng.sample(sorted(everywhere), max(2, len(names) // 2)))
            )
            installed[f'{group}:{name}'] = where
            wanted = ('*',) if rng.random() < 0.7 else tuple(rng.sample(names, rng.randint(2, len(names))))
            rules[name] = ProgramRules(
                identifiers=wanted,
                start_sequence=rng.randint(0, 3),
                stop_sequence=0,
                expected_loading=rng.choice((0, 5, 10)),
                running_failure_strategy=strategy,
            )
        applications[group] = ApplicationRules(
            managed=True,
            start_sequence=rng.choice((0, 1, 1, 2)),
            programs=rules,
            running_failure_strategy=strategy,
            starting_strategy=rng.choice((StartingStrategy.CONFIG, StartingStrategy.LESS_LOADED)),
        )
    if rng.random() < 0.3:
        programs['tool'] = _draw_behaviour(rng)
        installed['tool'] = everywhere
    return programs, Rules(applications), installed


def _draw_behaviour(rng: random.Random) -> Behaviour:
    """Most programs behave; some start slowly, crash, end by themselves, stop late or not at all."""
    kind = rng.choices(('plain', 'slow', 'instant', 'crasher', 'ends', 'late', 'refuses'), (50, 12, 10, 8, 6, 9, 5))[0]
    if kind == 'slow':
        return Behaviour(startsecs=rng.choice((3, 6, 10)), stop_time=0.3)
    if kind == 'instant':
        return Behaviour(startsecs=0, stop_time=0.01)
    if kind == 'crasher':
        return Behaviour(startsecs=1, startretries=rng.choice((1, 3)), crash_at_start=rng.choice((0.2, 1.0)))
    if kind == 'ends':
        return Behaviour(
            lifetime=rng.uniform(5.0, 40.0), exit_expected=rng.random() < 0.5, autorestart=rng.random() < 0.5
        )
    if kind == 'late':
        return Behaviour(stop_time=rng.uniform(2.0, 8.0))
    if kind == 'refuses':
        return Behaviour(stop_time=1e9, stopwaitsecs=rng.choice((2, 6)))
    return Behaviour(startsecs=rng.choice((1, 1, 2)), stop_time=rng.uniform(0.01, 0.5))


def is_installed(scenario: Scenario, namespec: str, index: int) -> bool:
    """True if the rules and the configuration let the process run on this instance."""
    group, name = split_namespec(namespec)
    application = scenario.rules.application(group)
    together = application.distribution is not DistributionRule.ALL_INSTANCES
    allowed = application.identifiers if together else application.program(name or '').identifiers
    return index in scenario.installed[namespec] and (
        '*' in allowed or scenario.identities[index].identifier in allowed
    )
