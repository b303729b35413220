"""Users: they ask random instances for random things, through the doors of Supvisors or straight from supervisord."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import attrs

from supvisors.engine.commands import (
    ADOPT_START,
    ADOPT_STOP,
    RESTART,
    RESTART_APPLICATION,
    RESTART_PROCESS,
    SHUTDOWN,
    START_APPLICATION,
    START_PROCESS,
    STOP_APPLICATION,
    STOP_PROCESS,
    Command,
    Refused,
    Ticket,
)
from supvisors.model.enums import StartingStrategy

if TYPE_CHECKING:
    from tests.simulation.node import Node
    from tests.simulation.world import World

KINDS = {
    START_APPLICATION: 20,
    STOP_APPLICATION: 18,
    START_PROCESS: 25,
    STOP_PROCESS: 25,
    RESTART_APPLICATION: 8,
    RESTART_PROCESS: 10,
    ADOPT_START: 6,
    ADOPT_STOP: 6,
}
STARTS = (START_APPLICATION, START_PROCESS, RESTART_APPLICATION, RESTART_PROCESS, ADOPT_START)
GIVE_ARGUMENTS = (START_PROCESS, RESTART_PROCESS, ADOPT_START)
ARGUMENTS = ('', '-a', '-b', "-c 'd e'")
_OF_APPLICATIONS = (START_APPLICATION, STOP_APPLICATION, RESTART_APPLICATION)


@attrs.define(eq=False)
class Submission:
    """One request that was taken in, and what became of it. `outcome` is set when the ticket is done."""

    time: float
    node: Node
    life: int
    command: Command
    ticket: Ticket
    namespecs: tuple[str, ...]
    one_copy: bool = False
    """It ran elsewhere too: who stops it by hand on one instance wants it all the same."""
    outcome: tuple[int, str] | None = None
    ended: float = float('inf')
    woken: int = 0
    witnesses: tuple[tuple[str, int], ...] = ()
    """Instances (and their lives) that were in touch with the receiver around the outcome: see `requests`."""

    @property
    def starts(self) -> bool:
        return self.command.kind in STARTS

    @property
    def lost(self) -> bool:
        """True if the instance that received it has ended since."""
        return self.node.life != self.life

    def __str__(self) -> str:
        return f'{self.command.kind} {self.command.target} at {self.time:.3f} on {self.node.name}'


class Clients:
    def __init__(self, world: World, rng: random.Random) -> None:
        self.world = world
        self.submissions: list[Submission] = []
        self._rng = rng
        self._arguments = random.Random(f'{world.scenario.seed}/arguments')

    def act(self) -> None:
        """One request to one instance that is up and whose main loop runs."""
        nodes = [node for node in self.world.alive() if node.state == 'up' and not node.blocked]
        programs = self.world.scenario.programs
        if nodes:
            kind = self._rng.choices(list(KINDS), list(KINDS.values()))[0]
            node = self._rng.choice(nodes)
            target = self._rng.choice(sorted(programs))
            if kind in _OF_APPLICATIONS:
                target = target.partition(':')[0]
            elif kind in (ADOPT_START, ADOPT_STOP):
                found = [
                    (node, key) for node in nodes for key in sorted(node.host.programs) if self._adopts(node, kind, key)
                ]
                if not found:
                    return
                node, target = self._rng.choice(found)
            strategy = self._rng.choice((StartingStrategy.CONFIG, StartingStrategy.LESS_LOADED))
            extra_args = self._arguments.choice(ARGUMENTS) if kind in GIVE_ARGUMENTS else ''
            self.ask(node, Command(kind, target, int(strategy), extra_args, origin=node.name))

    def _adopts(self, node: Node, kind: str, namespec: str) -> bool:
        """True if supervisord will do what the user asks of it. Most start by hand what does not run elsewhere."""
        program = node.host.programs[namespec]
        if node.index == self.world.scenario.contrary and self._is_contrary(node):
            return False  # nobody else can know what a user starts there
        if kind == ADOPT_STOP:
            return program.running
        if program.disabled or program.present:
            return False
        return not self.runs(namespec) or self.world.scenario.seed % 5 == 0

    def runs(self, namespec: str, beside: Node | None = None) -> bool:
        """True if it lives anywhere, or anywhere else."""
        return any(
            other.host.programs[namespec].present
            for other in self.world.alive()
            if namespec in other.host.programs and other is not beside
        )

    def _is_contrary(self, node: Node) -> bool:
        running = node.settings
        others = next(one.settings for one in self.world.nodes.values() if one is not node)
        return running is not None and others is not None and running.info.agreement != others.info.agreement

    def end_all(self, kind: str) -> None:
        node = self._rng.choice([node for node in self.world.alive() if node.state == 'up'])
        self.ask(node, Command(RESTART if kind == 'restart' else SHUTDOWN, origin=node.name))

    def ask(self, node: Node, command: Command) -> Submission | None:
        """Hand a command to the engine; what a user does to supervisord itself then follows."""
        world = self.world
        answer = node.request(command)
        done = None
        if isinstance(answer, Refused):
            world.stats.requests[f'refused {answer.code}'] += 1
            world.note('refused', f'{command.kind} {command.target} on {node.name}: {answer.code} {answer.text}')
        elif answer is not None:
            copies = any(self.runs(key, beside=node) for key in self._namespecs(command))
            done = Submission(world.now, node, node.life, command, answer, self._namespecs(command), copies)
            self.submissions.append(done)
            world.stats.requests[command.kind] += 1
            world.note('request', f'{done} is {answer.request}')
        if command.kind == ADOPT_START:
            node.host.user_start(command.target, command.extra_args)
        elif command.kind == ADOPT_STOP:
            node.host.user_stop(command.target)
        return done

    def _namespecs(self, command: Command) -> tuple[str, ...]:
        programs = self.world.scenario.programs
        if command.kind in _OF_APPLICATIONS:
            return tuple(key for key in programs if key.partition(':')[0] == command.target)
        return (command.target,) if command.target in programs else ()
