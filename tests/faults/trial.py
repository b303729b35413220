"""One scenario: a system, a recorder, clients, faults; then calm, and the judgement."""
from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from supvisors.demo import Layout, Program, application, rules_file, wait_for
from tests.faults.cluster import FaultCluster
from tests.faults.court import Court
from tests.faults.history import Fault, History, Life, Pair, View
from tests.faults.judges import Answers, Copies, Masters
from tests.faults.liveness import Liveness, unsettled
from tests.faults.recorder import Recorder
from tests.faults.request_judge import Requests
from tests.faults.traffic import Traffic

JUDGES = (Masters, Copies, Answers, Requests, Liveness)
SETTLING = 40.0
"""Seconds within which all is calm once the faults are over and all requests have their outcome."""
NOTED = 0.2
"""Seconds after a fork within which a daemon has written down the pid, on a machine that is busy."""
WORK = ('one', 'two', 'three', 'slow')
KEEP = ('first', 'second', 'third')
APPLICATION = 'work'
GROUPS = {APPLICATION: WORK, 'keep': KEEP}
SLOW_STOP = 1.0
"""Seconds that the program `slow` needs to end."""
Prepare = Callable[[FaultCluster], contextlib.AbstractContextManager[None]]
"""Changes a cluster before it is started."""


def nicks_of(number: int) -> tuple[str, ...]:
    return tuple('abcde'[:number])


def work(number: int, options: Mapping[str, str] | None = None) -> Layout:
    """Instances a, b, c... and two applications that are started by their rules; what is lost is started elsewhere.

    work    what the clients ask for; the first programs prefer one instance each, `slow` needs a second to be RUNNING
            and another one to stop
    keep    what nobody touches: it must run in the end, whatever happened
    """
    nicks = nicks_of(number)
    applications = [
        application(group, {
            name: {'identifiers': ','.join(nicks[index % number:] + nicks[:index % number]), 'start_sequence': 1,
                   'expected_loading': 5, 'running_failure_strategy': 'RESTART_PROCESS'}
            for index, name in enumerate(names)}, start_sequence=1)
        for group, names in GROUPS.items()]
    stop = f"""/bin/sh -c 'trap "sleep {SLOW_STOP:g}; exit 0" TERM; while :; do sleep 0.2; done' slow"""
    programs = (*(Program(name) for name in (*WORK[:-1], *KEEP)), Program('slow', stop, options={'startsecs': '1'}))
    return Layout(
        nicks=nicks, programs=programs, groups=GROUPS, rules=rules_file(applications),
        options={'synchro_options': 'STRICT,TIMEOUT', 'synchro_timeout': '15', 'orphans': 'stop',
                 'conciliation_strategy': 'INFANTICIDE', **(options or {})})


@attrs.define
class Trial:
    cluster: FaultCluster
    history: History
    recorder: Recorder
    rng: random.Random
    down: set[str] = attrs.field(factory=set)

    # -- faults
    def kill(self, nick: str, programs: bool) -> None:
        """SIGKILL a daemon, alone or with its programs, as when a host loses its power."""
        known = set() if programs else self._programs(nick)
        if not programs:
            self.last(NOTED)
        self._fault('kill', nick, text='with its programs' if programs else 'alone')
        self.down.add(nick)
        self.cluster[nick].kill(programs)
        if not programs:
            # what it had just forked it could not write down, and the next one cannot know of it (docs/reliability.md)
            self.last(NOTED)
            for pid in self._programs(nick) - known:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _programs(self, nick: str) -> set[int]:
        """The pids of the programs of a daemon, orphans included."""
        return {pid for copies in self.look().copies.values() for owner, pid, _ in copies if owner == nick}

    def terminate(self, nick: str) -> None:
        """SIGTERM: the daemon ends its programs, says goodbye, and ends."""
        self._fault('kill', nick, text='SIGTERM')
        self.down.add(nick)
        self.cluster[nick].signal(signal.SIGTERM)

    def spawn(self, nick: str) -> None:
        self.cluster[nick].spawn()
        self.down.discard(nick)
        self._fault('kill', nick, begins=False)

    def freeze(self, nick: str) -> None:
        self._fault('freeze', nick)
        self.cluster[nick].signal(signal.SIGSTOP)

    def resume(self, nick: str) -> None:
        self.cluster[nick].signal(signal.SIGCONT)
        self._fault('freeze', nick, begins=False)

    def pull(self, nick: str) -> None:
        self._fault('cut', nick)
        self.cluster.network.pull(nick)

    def plug(self, nick: str) -> None:
        self.cluster.network.plug(nick)
        self._fault('cut', nick, begins=False)

    def cut(self, pairs: Sequence[Pair], one_way: bool = False) -> None:
        """Nothing passes between the pairs, or nothing from the first to the second of each."""
        self.history.add(Fault(kind='cut', pairs=tuple(pairs), text='one way' if one_way else ''))
        for one, other in pairs:
            self.cluster.network.deafen(one, other)
            if not one_way:
                self.cluster.network.deafen(other, one)

    def heal(self, pairs: Sequence[Pair]) -> None:
        for one, other in pairs:
            self.cluster.network.restore(one, other)
            self.cluster.network.restore(other, one)
        self.history.add(Fault(kind='cut', pairs=tuple(pairs), begins=False))

    def disturb(self, nick: str, delay: float, jitter: float, loss: float) -> None:
        self._fault('disturb', nick, text=f'{delay} s, jitter {jitter} s, loss {loss}')
        self.cluster.network.disturb(nick, delay, jitter, loss, self.rng.randrange(1 << 30))

    def calm(self, nick: str) -> None:
        self.cluster.network.calm(nick)
        self._fault('disturb', nick, begins=False)

    def reload(self, nick: str) -> None:
        """`supervisor.restart`: the daemon ends its programs, reads its configuration again, and starts anew."""
        self._fault('reload', nick)
        self.cluster[nick].call('supervisor.restart')

    def _fault(self, kind: str, nick: str, begins: bool = True, text: str = '') -> None:
        pairs = tuple((nick, other) for other in self.history.nicks if other != nick)
        self.history.add(Fault(kind=kind, nick=nick, pairs=pairs, begins=begins, text=text))

    # -- time
    def last(self, seconds: float) -> None:
        """Let a fault last: how long it does is what is tested, so there is nothing to wait for."""
        time.sleep(seconds)

    @property
    def master(self) -> str:
        return self.cluster.master(next(daemon for daemon in self.cluster.daemons if daemon.alive)).nick

    def one(self, *without: str) -> str:
        return self.rng.choice([nick for nick in self.history.nicks if nick not in without])

    def view(self, nick: str) -> View:
        daemon = self.cluster[nick]
        return daemon.crew.submit(self.recorder.view, daemon).result()

    def connects(self, sender: str, receiver: str) -> float:
        """How long one needs to connect to another, in seconds; 0 if it cannot."""
        target = self.cluster[receiver]

        def connect() -> float:
            begin = time.monotonic()
            with contextlib.suppress(OSError), socket.create_connection((target.address, target.port), 1.0):
                return time.monotonic() - begin
            return 0.0

        return self.cluster[sender].crew.submit(connect).result()

    def seen(self, nick: str) -> set[str]:
        """Those that an instance sees RUNNING."""
        return {other for other, state in self.view(nick).instances.items() if state == 'RUNNING'}

    def look(self) -> Life:
        return self.recorder.look()

    def settled(self, timeout: float = SETTLING) -> float:
        """Wait until the system is calm, and return how long that took."""
        begin, problem = time.monotonic(), ['nothing seen yet']

        def calm() -> bool:
            problem[0] = 'a daemon does not answer'
            up = [nick for nick in self.history.nicks if nick not in self.down]
            problem[0] = unsettled({nick: self.view(nick) for nick in up}, self.look(), self.history.nicks)
            return not problem[0]

        try:
            wait_for(calm, timeout, 'calm', period=0.2)
        except TimeoutError as error:
            raise TimeoutError(f'liveness: not calm within {timeout:g} s: {problem[0]} ({error})') from None
        return time.monotonic() - begin


@contextlib.contextmanager
def trial(name: str, layout: Layout, seed: int = 0, traffic: bool = True,
          prepare: Prepare | None = None) -> Iterator[Trial]:
    """Run a scenario on a system in OPERATION whose programs run; then wait for the calm, and judge.

    Raises:
        AssertionError: the history breaks a property; it is kept in a file that the text names.
    """
    rng = random.Random(f'{name}/{seed}')
    with FaultCluster(layout) as cluster, prepare(cluster) if prepare else contextlib.nullcontext():
        cluster.start()
        history = History(layout.nicks)
        recorder = Recorder(cluster, history)
        one = Trial(cluster, history, recorder, rng)
        clients = None
        problems: list[str] = []
        try:
            try:
                one.settled()
                if traffic:
                    clients = Traffic(cluster, history, APPLICATION, WORK, f'{name}/{seed}/requests')
                yield one
            finally:
                if clients is not None:
                    clients.close()
            took = one.settled()
            print(f'{name}: calm {took:.1f} s after the last outcome')
        except TimeoutError as error:
            problems.append(str(error))
        finally:
            recorder.close()
        court = Court(history)
        court.wanted = tuple(f'{group}:{name}' for group, names in GROUPS.items() for name in names)
        problems += court.judge(JUDGES)
        _tell(name, seed, cluster, court, problems)


def _tell(name: str, seed: int, cluster: FaultCluster, court: Court, problems: Sequence[str]) -> None:
    answers = next(judge for judge in court.judges if isinstance(judge, Answers))
    print(f'{name}: checked {court.figures}; answers: median {answers.percentile(0.5) * 1000:.0f} ms, '
          f'p99 {answers.percentile(0.99) * 1000:.0f} ms, worst {answers.percentile(1.0) * 1000:.0f} ms')
    if problems:
        path = Path(tempfile.gettempdir()) / f'supvisors-faults-{name}-{seed}-{zlib.crc32(cluster.mark.encode()):08x}'
        path.mkdir(exist_ok=True)
        court.history.write(path / 'history.txt')
        (path / 'judgement.txt').write_text('\n'.join(problems))
        for daemon in cluster.daemons:
            (path / f'{daemon.nick}.log').write_text(daemon.tail(2_000_000))
        raise AssertionError('\n'.join([f'{name}, seed {seed}: history and logs in {path}', *problems]))
