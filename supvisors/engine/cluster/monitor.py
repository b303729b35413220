"""Who is lost: silence, confirmed by others; or a dropped connection whose port refuses.

Heartbeats go to the Master and from the Master; from each to all only while there is none. So a follower watches its
Master, the
Master watches all, and without a Master each watches all.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from supvisors.engine.cluster.peers import FOREVER, Peer, Peers
from supvisors.engine.core import Core
from supvisors.engine.effects import ProbeTcp
from supvisors.engine.messages import Ping, Pong, ProbeReport, ProbeRequest

HELPERS = 3
BEAT = 1.0
"""Period of the heartbeats that the bus sends, in seconds."""


@attrs.define(eq=False)
class Probe:
    """A silent instance that others are asked to reach."""

    number: int
    deadline: float
    alive: bool = False


@attrs.define(eq=False)
class Errand:
    """A probe made for another instance."""

    asker: str
    target: str
    number: int
    """What the asker calls it."""
    deadline: float


class Monitor:
    def __init__(self, core: Core, peers: Peers, count_out: Callable[[Peer, str], None]) -> None:
        self.core = core
        self.peers = peers
        self.count_out = count_out
        self._probes: dict[str, Probe] = {}
        self._errands: dict[int, Errand] = {}
        self._number = 0
        self._expected = core.mono

    # -- dropped connections
    def link_down(self, peer: Peer) -> None:
        peer.linked = False
        peer.probe_delay = self.core.timing.probe_again
        self._probe_tcp(peer)

    def link_problem(self, peer: Peer, reason: str) -> None:
        """Why it cannot be reached; told in the log once that has lasted, as all of them start one after the other."""
        peer.problem = reason
        peer.problem_due = self.core.mono + self.core.options.failure_timeout if reason else FOREVER
        self.core.wake_by(peer.problem_due)

    def tell_problems(self) -> None:
        for peer in self.peers.others():
            if peer.problem_due == FOREVER:
                continue
            if self.core.mono >= peer.problem_due:
                peer.problem_due = FOREVER
                self.core.log('warn', f'{peer.name}: {peer.problem}')
            self.core.wake_by(peer.problem_due)

    def _probe_tcp(self, peer: Peer) -> None:
        peer.probe_at = FOREVER
        if peer.incarnation is not None and not peer.linked:
            self.core.effects.append(ProbeTcp(peer.name))

    def tcp_probed(self, peer: Peer, refused: bool) -> None:
        """Refused twice: no supervisord listens there any more.

        The port of a daemon that is being killed may accept for some milliseconds longer than its bus: ask again.
        """
        if peer.linked or peer.incarnation is None:
            return
        if refused:
            self.count_out(peer, 'its HTTP port refuses connections')
        else:
            peer.probe_at = self.core.mono + peer.probe_delay
            peer.probe_delay = min(2 * peer.probe_delay, 1.0)

    # -- silence
    def discount_lateness(self) -> None:
        """When our own loop was late, the silence of the others is partly our own."""
        late = self.core.mono - self._expected
        if late > self.core.timing.late:
            for peer in self.peers.others():
                peer.last_heard += min(late, max(0.0, self.core.mono - peer.last_heard))
            for probe in self._probes.values():
                probe.deadline = max(probe.deadline, self.core.mono + self.core.timing.probe_wait)
            self.core.log('warn', f'main loop late by {late:.1f} s')

    def grace(self) -> None:
        """Who watches whom has changed: leave the members the time to speak first."""
        earliest = self.core.mono - self.core.options.failure_timeout + 2 * BEAT
        for peer in self.peers.other_members():
            peer.last_heard = max(peer.last_heard, earliest)

    def expect(self, mono: float) -> None:
        self._expected = mono

    def watch(self, watched: list[Peer]) -> None:
        """Count out those that stay silent although others were asked to reach them."""
        now, timeout = self.core.mono, self.core.options.failure_timeout
        for peer in self.peers.others():
            if now >= peer.probe_at:
                self._probe_tcp(peer)
            if peer.probe_at != FOREVER:
                self.core.wake_by(peer.probe_at)
        self._forget_probes(watched)
        due = FOREVER
        for peer in watched:
            silent_at = peer.last_heard + timeout
            if now < silent_at:
                due = min(due, silent_at)
                continue
            probe = self._probes.get(peer.name)
            if probe is None:
                self._probes[peer.name] = self._start(peer)
            elif now >= probe.deadline:
                self._conclude(peer, probe)
            else:
                self.core.wake_by(probe.deadline)
        self.core.wake_by(due)

    def _forget_probes(self, watched: list[Peer]) -> None:
        """Those of instances that are not watched any more, or that were heard again."""
        if self._probes:
            timeout = self.core.options.failure_timeout
            silent = {peer.name for peer in watched if self.core.mono >= peer.last_heard + timeout}
            self._probes = {name: probe for name, probe in self._probes.items() if name in silent}

    def _start(self, peer: Peer) -> Probe:
        self._number += 1
        helpers = [other.name for other in self.peers.other_members() if other is not peer and other.linked][:HELPERS]
        self.core.send((peer.name,), Ping(self._number))
        self.core.send(helpers, ProbeRequest(peer.name, self._number))
        deadline = self.core.mono + self.core.timing.probe_wait
        self.core.wake_by(deadline)
        return Probe(self._number, deadline)

    def _conclude(self, peer: Peer, probe: Probe) -> None:
        del self._probes[peer.name]
        if not probe.alive:
            self.count_out(
                peer, f'silent for {self.core.mono - peer.last_heard:.1f} s, and no other instance reaches it'
            )
            return
        if not peer.suspect:
            peer.suspect = True
            self.core.log('warn', f'{peer.name} is silent here but others reach it: nothing new starts there')
        self._probes[peer.name] = self._start(peer)

    def suspect_now(self, peer: Peer) -> None:
        """Another instance believes that it is lost: do not wait for the whole silence to check."""
        if peer.name not in self._probes and self.core.mono - peer.last_heard > self.core.options.failure_timeout / 2:
            self._probes[peer.name] = self._start(peer)

    # -- probes
    def probe_asked(self, asker: Peer, body: ProbeRequest) -> None:
        target = self.peers.get(body.target)
        if target is None or target is self.peers.local:
            return
        self._forget_errands()
        self._number += 1
        deadline = self.core.mono + self.core.timing.probe_wait
        self._errands[self._number] = Errand(asker.name, body.target, body.number, deadline)
        self.core.send((target.name,), Ping(self._number))

    def _forget_errands(self) -> None:
        for number in [number for number, errand in self._errands.items() if errand.deadline < self.core.mono]:
            del self._errands[number]

    def pong(self, peer: Peer, body: Pong) -> None:
        errand = self._errands.pop(body.number, None)
        if errand is not None and errand.target == peer.name:
            self.core.send((errand.asker,), ProbeReport(peer.name, errand.number))

    def probe_reported(self, body: ProbeReport) -> None:
        probe = self._probes.get(body.target)
        if probe is not None and probe.number == body.number:
            probe.alive = True
