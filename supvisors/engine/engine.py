"""The engine: one object per daemon, one thread, no I/O.

Messages and events go in, effects come out; time is told. Everything is level-triggered: each input changes what is
known, then
`tick` derives what is to be done from what is wanted and what is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from supvisors.engine import commands, events, messages
from supvisors.engine.cluster.election import Election
from supvisors.engine.cluster.membership import Membership
from supvisors.engine.cluster.monitor import Monitor
from supvisors.engine.cluster.peers import FOREVER, NEVER, Peer, Peers
from supvisors.engine.cluster.registry import Registry
from supvisors.engine.cluster.rivals import Rivals
from supvisors.engine.cluster.synchro import Synchro
from supvisors.engine.cluster.system import AT_WORK, ENDING, System
from supvisors.engine.cluster.tables import InstanceEvent, SystemEvent
from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.engine.core import Core
from supvisors.engine.effects import AddPeer, Effect, RestartHost, SetBeat, ShutdownHost
from supvisors.engine.messages import Envelope, Heartbeat, Order, OrderResult, Status, Times, Update
from supvisors.engine.orchestration.conductor import Conductor
from supvisors.engine.orchestration.display import Display
from supvisors.engine.orchestration.failures import Failures
from supvisors.engine.orchestration.inventory import Inventory
from supvisors.engine.orchestration.jobs import Jobs
from supvisors.engine.orchestration.ledger import Ledger
from supvisors.engine.orchestration.memory import Memory
from supvisors.engine.orchestration.obedience import Obedience
from supvisors.engine.orchestration.plans import Planner
from supvisors.engine.orchestration.replication import Replication
from supvisors.engine.orchestration.requests import Requests
from supvisors.engine.orchestration.upkeep import Upkeep
from supvisors.engine.settings import Settings
from supvisors.engine.view import Prediction
from supvisors.engine.views import Views
from supvisors.model.enums import FaultCode, InstanceState, SupvisorsFailureStrategy, SupvisorsState
from supvisors.model.identity import Incarnation, Now
from supvisors.model.ledger import Item
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord

IDLE = 1.0
"""The longest time between two ticks, in seconds."""
END_WAIT = 2.0
"""How long a Master that ends waits for the others to know it, in seconds."""


class Engine(Views):
    """See `receive`, `observe`, `request`, `tick` for what goes in, `drain` for what comes out."""

    def __init__(self, settings: Settings, now: Now) -> None:
        rules = settings.rules
        self.core = Core(settings, now)
        self.peers = Peers(self.core)
        self.inventory = Inventory(self.peers, rules)
        self.ledger = Ledger()
        self.synchro = Synchro(self.core, self.peers)
        self.election = Election(self.core, self.peers, self.ledger, self.synchro.preferred, self._master_changed)
        self.registry = Registry(self.core, self.peers)
        self.membership = Membership(
            self.core, self.peers, self.inventory, self.election.claim, self._member, self._lost
        )
        self.monitor = Monitor(self.core, self.peers, self.membership.count_out)
        self.system = System(self.core, self.synchro, self.election)
        self.rivals = Rivals(self.core, self.peers, self.membership, self.election, self.system)
        self.replication = Replication(self.core, self.peers, self.ledger, self.election, self._ledger_changed)
        self.failures = Failures(self.inventory, self.ledger, self.replication)
        self.display = Display(self.inventory, self.failures, rules)
        self.obedience = Obedience(self.core, self._answer_order)
        self.jobs = Jobs(self.core, self.peers, self.inventory, self.ledger, rules, self._send_order)
        self.planner = Planner(self.inventory, self.ledger, rules, self.jobs)
        self.upkeep = Upkeep(
            self.core,
            self.peers,
            self.inventory,
            self.ledger,
            rules,
            self.replication,
            self.jobs,
            self.planner,
            self.failures,
        )
        self.conductor = Conductor(
            self.core,
            self.peers,
            self.ledger,
            self.election,
            self.replication,
            self.jobs,
            self.planner,
            self.upkeep,
            self.failures,
        )
        self.requests = Requests(self.core, self.peers, self.election, self.ledger, self.conductor.submit)
        self.memory = Memory(self.core, self.ledger)
        self.leaving = False
        self.peers.local.info = settings.info
        self.peers.local.agreed = True
        self.peers.local.incarnation = self.core.incarnation
        self._changed: dict[str, ProcessRecord] = {}
        self._removed: set[str] = set()
        self._orphans: tuple[Orphan, ...] = ()
        self._urgent: tuple[Any, ...] = ()
        self._beat: Heartbeat | None = None
        self._beaten = NEVER
        self._master_state: SupvisorsState | None = None
        self._ending = SupvisorsState.OFF
        self._end_by: float | None = None
        self._resync_by: float | None = None
        """Until when a Master that gives up the lead waits for the others to have followed it."""
        self._ended = False
        self._listed: Mapping[str, Incarnation] = {}
        """The members that the Master publishes."""
        self._handlers = self._make_handlers()
        self._observers = self._make_observers()

    # -- what goes in
    def receive(self, envelope: Envelope, now: Now) -> None:
        """A message from another instance; `now` is when the bus received it."""
        peer = self.peers.get(envelope.sender)
        if peer is None or peer is self.peers.local or self.state is SupvisorsState.OFF:
            return
        self._advance_clock(now)
        body = envelope.body
        greeting = isinstance(body, (messages.Hello, messages.Welcome))
        if envelope.receiver not in (None, self.core.incarnation) and not isinstance(body, messages.Hello):
            return
        if not self.membership.admit(peer, envelope, now):
            return
        if not peer.running and not greeting:
            return
        if not isinstance(body, messages.Hello):
            self.election.check_term(peer, envelope)
        self._handlers[type(body)](peer, envelope, body, now)
        self.membership.check_gap(peer, envelope.inventory_seq)

    def observe(self, event: events.Event, now: Now) -> None:
        """Something that happened in the local supervisord or on the links."""
        self._advance_clock(now)
        self._observers[type(event)](event)

    def request(self, command: Command, now: Now) -> Ticket:
        """Something a client asked for. Raises `Refused`."""
        self._advance_clock(now)
        if self.leaving or self.state is SupvisorsState.FINAL:
            raise Refused(FaultCode.SHUTDOWN_STATE, 'the local supervisord is stopping')
        return self.requests.open(command)

    def end_sync(self, master: str, now: Now) -> None:
        """A user ends the synchronization, with this Master or (empty) the one that the election gives.

        Raises `Refused`.
        """
        self._advance_clock(now)
        if self.master:
            raise Refused(FaultCode.BAD_SUPVISORS_STATE, f'{self.master} is Master already')
        self.synchro.end(master)

    def predict(self, command: Command) -> list[Prediction]:
        return self.planner.predict(command)

    def tick(self, now: Now) -> None:
        """Time passed. To be called after each batch of inputs and whenever `next_deadline` is reached."""
        self._advance_clock(now)
        self.core.deadline = now.mono + IDLE
        if self.state is SupvisorsState.OFF:
            return
        self.monitor.discount_lateness()
        self._evaluate_cluster()
        self.election.check_ready()
        self.memory.evaluate()
        self.conductor.prepare()
        if self.election.ready:
            self._resync_if_lost()
        if self._resync_by is None:
            self.conductor.evaluate()
        self._evaluate_system()
        self._end()
        self.requests.evaluate()
        self._publish()
        if self.election.leading:
            self.replication.flush()
        self._set_beat()
        self.monitor.expect(self.core.deadline)

    @property
    def next_deadline(self) -> float:
        """Monotonic time at which `tick` must be called next."""
        return self.core.deadline

    def drain(self, budget: int = 50) -> list[Effect]:
        """At most `budget` effects to carry out, in order; empty when there is nothing to do."""
        effects = self.core.effects
        return [effects.popleft() for _ in range(min(budget, len(effects)))]

    def _advance_clock(self, now: Now) -> None:
        if now.mono > self.core.now.mono:
            self.core.now = now

    # -- messages
    def _make_handlers(self) -> dict[type, Callable[[Peer, Envelope, Any, Now], None]]:
        return {
            messages.Hello: lambda peer, envelope, body, now: self.rivals.hello(peer, envelope, body),
            messages.Welcome: self.membership.welcome,
            messages.Update: self.membership.update,
            messages.SnapshotRequest: lambda peer, envelope, body, now: self.membership.snapshot_asked(peer),
            messages.Heartbeat: self._heartbeat,
            messages.Tick: lambda peer, envelope, body, now: self.peers.timed(peer, body.times, now),
            messages.Bye: lambda peer, envelope, body, now: self._bye(peer),
            messages.Ping: lambda peer, envelope, body, now: None,
            messages.Pong: lambda peer, envelope, body, now: self.monitor.pong(peer, body),
            messages.ProbeRequest: lambda peer, envelope, body, now: self.monitor.probe_asked(peer, body),
            messages.ProbeReport: lambda peer, envelope, body, now: self.monitor.probe_reported(body),
            messages.VoteRequest: lambda peer, envelope, body, now: self._vote_asked(peer, body),
            messages.Vote: lambda peer, envelope, body, now: self.election.voted(peer, envelope, body),
            messages.Replicate: lambda peer, envelope, body, now: self.replication.replicate(peer, body, envelope.term),
            messages.ReplicateAck: lambda peer, envelope, body, now: self.replication.acknowledged(
                peer, body, envelope.term
            ),
            messages.LedgerOffer: lambda peer, envelope, body, now: self._offered(peer, body),
            messages.Submit: lambda peer, envelope, body, now: self._submitted(peer, body),
            messages.SubmitRefused: lambda peer, envelope, body, now: self.requests.refused(body),
            messages.Order: self._ordered,
            messages.OrderResult: lambda peer, envelope, body, now: self._order_result(peer, envelope, body),
        }

    def _heartbeat(self, peer: Peer, envelope: Envelope, body: Heartbeat, now: Now) -> None:
        self.peers.timed(peer, body.times, now)
        peer.loop_age = body.loop_age
        if body.claim.master == self.core.name:
            peer.deserted = FOREVER
        if self.election.leading and body.claim.master == peer.name:
            peer.claim = body.claim
            self.rivals.met(peer, envelope.term)
            return
        self.election.heartbeat(peer, envelope, body)
        if peer.name == self.election.master and body.claim.master != peer.name:
            if envelope.term >= self.core.term:
                self.election.step_down()
        elif peer.name == self.election.master and envelope.term == self.core.term:
            self._follow(peer, body)

    def _follow(self, master: Peer, body: Heartbeat) -> None:
        """What the Master says of the system holds here."""
        for name, incarnation in body.gone.items():
            peer = self.peers.get(name)
            if peer is not None and peer is not master and peer.incarnation == incarnation and name != self.core.name:
                self.membership.count_out(peer, 'the Master has lost it')
        self._listed = body.members or {}
        for name, incarnation in self._listed.items():
            if name in self.peers and self.peers[name].lost == incarnation:
                self.peers[name].lost = None
        if body.system_state == SupvisorsState.SYNCHRONIZATION:
            self.system.resync()
            return
        self._master_state = SupvisorsState(body.system_state)
        self._ending = SupvisorsState(body.ending)
        self.replication.compare(master, body)

    def _bye(self, peer: Peer) -> None:
        peer.left = self.core.mono
        self.membership.count_out(peer, 'it has left')

    def _vote_asked(self, peer: Peer, body: messages.VoteRequest) -> None:
        refused = self.election.vote_asked(peer, body, self.state)
        master = self.peers.get(self.election.master)
        if refused and master is not None and master is not self.peers.local:
            self.monitor.suspect_now(master)

    def _offered(self, peer: Peer, body: messages.LedgerOffer) -> None:
        if self.election.leading:
            self.replication.offered(peer, body.items)

    def _submitted(self, peer: Peer, body: messages.Submit) -> None:
        if not self.election.ready:
            return
        try:
            self.conductor.submit(body.request, Command.from_dict(body.command))
        except Refused as refused:
            # what is shown of it is known there before it is told
            self.replication.flush()
            self.core.send(
                (peer.name,), messages.SubmitRefused(body.request, int(refused.code), refused.text), peer.incarnation
            )

    def _ordered(self, peer: Peer, envelope: Envelope, body: Order, now: Now) -> None:
        self.obedience.order(peer.name, envelope.term, body)

    def _order_result(self, peer: Peer, envelope: Envelope, body: OrderResult) -> None:
        if self.election.leading and envelope.term == self.core.term:
            self.jobs.result(peer.name, body)

    # -- orders, from and to the local instance too
    def _send_order(self, peer: Peer, order: Order) -> None:
        if peer is self.peers.local:
            self.obedience.order(self.core.name, self.core.term, order)
        else:
            self.core.send((peer.name,), order, peer.incarnation)

    def _answer_order(self, master: str, result: OrderResult) -> None:
        if master == self.core.name:
            self.jobs.result(master, result)
        else:
            self._publish()
            self.core.send((master,), result)

    # -- observations
    def _make_observers(self) -> dict[type, Callable[[Any], None]]:
        return {
            events.HostReady: self._host_ready,
            events.ProcessChanged: self._process_changed,
            events.ProcessRemoved: self._process_removed,
            events.OrphansChanged: self._orphans_changed,
            events.Obeyed: self._obeyed,
            events.HostLeaving: lambda event: self._host_leaving(),
            events.HostLeft: lambda event: self._host_left(),
            events.HostTick: lambda event: self._host_tick(),
            events.LinkUp: self._link_up,
            events.LinkDown: lambda event: self.monitor.link_down(self.peers[event.identifier]),
            events.LinkProblem: lambda event: self.monitor.link_problem(self.peers[event.identifier], event.reason),
            events.Discovered: self._discovered,
            events.DiscoveryJoined: lambda event: self.synchro.group_joined(event.joined),
            events.TcpProbed: lambda event: self.monitor.tcp_probed(self.peers[event.identifier], event.refused),
        }

    def _host_ready(self, event: events.HostReady) -> None:
        local = self.peers.local
        for step in (InstanceEvent.MET, InstanceEvent.WELCOMED, InstanceEvent.ACTIVATED):
            self.peers.step(local, step)
        self.inventory.replace(local.name, event.records, self.core.mono)
        self.peers.timed(local, Times(0, self.core.now.mono, self.core.now.wall), self.core.now)
        self.system.ready()
        self._publish()

    def _process_changed(self, event: events.ProcessChanged) -> None:
        record = event.record
        self.inventory.apply(self.core.name, (record,), (), self.core.mono)
        self._changed[record.namespec] = record
        self._removed.discard(record.namespec)

    def _process_removed(self, event: events.ProcessRemoved) -> None:
        self.inventory.apply(self.core.name, (), (event.namespec,), self.core.mono)
        self._changed.pop(event.namespec, None)
        self._removed.add(event.namespec)

    def _orphans_changed(self, event: events.OrphansChanged) -> None:
        self._orphans = event.orphans

    def _obeyed(self, event: events.Obeyed) -> None:
        self._publish()
        self.obedience.obeyed(event)

    def _host_leaving(self) -> None:
        self.leaving = self.obedience.leaving = True
        if self.election.leading:
            self.election.step_down()
        self.system.step(SystemEvent.HOST_LEAVING)

    def _host_left(self) -> None:
        self._publish()
        self.core.send([peer.name for peer in self.peers.other_members()], messages.Bye())

    def _host_tick(self) -> None:
        local = self.peers.local
        self.peers.timed(local, Times(local.times.counter + 1, self.core.now.mono, self.core.now.wall), self.core.now)
        local.received = (local.times.counter, *self.core.now)
        self.core.send([peer.name for peer in self.peers.other_members()], messages.Tick(local.times))

    def _link_up(self, event: events.LinkUp) -> None:
        peer = self.peers[event.identifier]
        peer.linked, peer.greeted = True, NEVER
        self.monitor.link_problem(peer, '')

    def _discovered(self, event: events.Discovered) -> None:
        identity = self.registry.discovered(event.identity)
        if identity is not None:
            self.peers.add(identity)
            self.core.effects.append(AddPeer(identity))
            self.core.log('warn', f'{identity.nick_identifier} is discovered at {identity.identifier}')

    # -- changes
    def _member(self, peer: Peer) -> None:
        self.replication.forget(peer.name)

    def _lost(self, peer: Peer) -> None:
        self.replication.forget(peer.name)
        self.election.lost(peer)

    def _master_changed(self) -> None:
        self._master_state = self._resync_by = None
        self._listed = {}
        if self.election.master:
            self.synchro.led()
        self.monitor.grace()
        self.replication.reset()
        self.conductor.reset()
        self.requests.master_changed()

    def _ledger_changed(self, items: Iterable[Item]) -> None:
        self.requests.recorded(items)
        self.conductor.noticed(items)
        self.memory.recorded(items)

    # -- evaluation
    def _evaluate_cluster(self) -> None:
        others = self.peers.other_members()
        master = self.peers.get(self.election.master)
        if master is not None and master is not self.peers.local and master.status.leaving:
            self.election.step_down()
            master = None
        watched = others if master is None or self.election.leading else [master]
        checking = [
            peer for peer in self.peers.others() if peer.state in (InstanceState.CHECKING, InstanceState.CHECKED)
        ]
        self.monitor.watch([*watched, *checking])
        self.monitor.tell_problems()
        if not self.leaving:
            self.membership.greet(self._to_greet)
            self.election.stand(self.state)

    def _to_greet(self, peer: Peer) -> bool:
        if self.election.master and not self.election.leading:
            return peer.state in (InstanceState.CHECKING, InstanceState.ISOLATED) or peer.name in self._listed
        return True

    def _evaluate_system(self) -> None:
        if self.leaving:
            return
        if self.election.leading:
            self._ending = self.conductor.ending
            self._master_state = self.conductor.system_state
            if self._master_state is SupvisorsState.FINAL and not self._others_know_the_end():
                self._master_state = self._ending
        self.system.evaluate(self._master_state if self.election.master else None)
        self._shut_down_if_lost()

    def _resync_if_lost(self) -> None:
        """All go back to the synchronization together: the Master says so, and gives up the lead last."""
        if self._resync_by is None:
            if self.conductor.ending in ENDING or not self.synchro.lost(SupvisorsFailureStrategy.RESYNC):
                return
            self._resync_by = self.core.mono + END_WAIT
        self.core.wake_by(self._resync_by)
        followed = all(
            peer.status.state == SupvisorsState.SYNCHRONIZATION or peer.status.leaving
            for peer in self.peers.other_members()
        )
        if followed or self.core.mono >= self._resync_by:
            self.system.resync()

    def _shut_down_if_lost(self) -> None:
        """The initial conditions are lost, and the strategy is SHUTDOWN: in order, as when a user asks for it."""
        wanted = self.election.ready and self.state in AT_WORK and self.conductor.ending not in ENDING
        if wanted and self.synchro.lost(SupvisorsFailureStrategy.SHUTDOWN):
            self.core.log('critical', 'the initial conditions are lost: SHUTDOWN')
            self.requests.open(Command(commands.SHUTDOWN, origin=self.core.name))

    def _others_know_the_end(self) -> bool:
        """The Master ends last: the others must have read FINAL in its heartbeat."""
        if self._end_by is None:
            self._end_by = self.core.mono + END_WAIT
        if self.core.mono >= self._end_by:
            return True
        self.core.wake_by(self._end_by)
        return all(
            peer.status.state == SupvisorsState.FINAL or peer.status.leaving for peer in self.peers.other_members()
        )

    def _end(self) -> None:
        """Told to end: restart or shut down the local supervisord, once."""
        if self.state is SupvisorsState.FINAL and not self.leaving and not self._ended:
            self._ended = True
            restarting = SupvisorsState.RESTARTING in (self.system.ended_by, self._ending)
            self.core.effects.append(RestartHost() if restarting else ShutdownHost())

    # -- what goes out
    def _publish(self) -> None:
        """Tell the members what has changed here."""
        status = self._status()
        changed_status = status if status != self.peers.local.status else None
        if not (self._changed or self._removed or changed_status):
            return
        self.peers.local.status = status
        self.core.inventory_seq += 1
        update = Update(tuple(self._changed.values()), tuple(sorted(self._removed)), changed_status)
        self.core.send([peer.name for peer in self.peers.other_members()], update)
        self._changed.clear()
        self._removed.clear()

    def _status(self) -> Status:
        return Status(
            int(self.state),
            self.synchro.degraded,
            self.core.options.multicast_group is not None,
            self.election.master,
            self.conductor.starting or self.requests.starting,
            self.conductor.stopping or self.requests.stopping,
            self.leaving,
            self.peers.states(),
            self.synchro.choice,
            self._orphans,
        )

    def _published_state(self) -> SupvisorsState:
        return self.conductor.system_state if self._resync_by is None else SupvisorsState.SYNCHRONIZATION

    def _set_beat(self) -> None:
        """Keep the heartbeat of the bus up to date."""
        others = self.peers.other_members()
        leading, master = self.election.leading, self.election.master
        targets = tuple(peer.name for peer in others) if leading or not master else (master,)
        members = (
            {peer.name: peer.incarnation for peer in self.peers.members() if peer.incarnation} if leading else None
        )
        gone = (
            {peer.name: peer.lost for peer in self.peers.others() if peer.lost and not peer.running} if leading else {}
        )
        state = int(self._published_state()) if leading else int(self.state)
        beat = Heartbeat(
            self.election.claim(),
            self.peers.local.times,
            self.replication.index,
            self.ledger.digest,
            members,
            gone,
            state,
            int(self._ending),
        )
        urgent = (targets, beat.claim, members, gone, state, self._ending, self.core.term, self.core.incarnation)
        due = self._beaten + self.core.timing.resend
        if urgent == self._urgent and (beat == self._beat or self.core.mono < due):
            if beat != self._beat:
                self.core.wake_by(due)
            return
        self._urgent, self._beat, self._beaten = urgent, beat, self.core.mono
        self.core.effects.append(SetBeat(targets, self.core.envelope(beat)))
