"""The initial conditions: when the synchronization ends, and whether they still hold afterwards.

They look at who is a member, never at whether all views agree: a join changes nothing that they could mistake for a
loss. And a loss counts only once it has lasted: an instance that is restarted on purpose is no reason to start again.

With the discovery, who cannot find the others is not alone for that: it waits until the multicast group is joined, and
then for the first meetings. TIMEOUT alone ends that wait too: the user has asked for a bound.
"""

from __future__ import annotations

from supvisors.engine.cluster.peers import NEVER, Peer, Peers
from supvisors.engine.commands import Refused
from supvisors.engine.core import Core
from supvisors.model.enums import FaultCode, InstanceState, SupvisorsFailureStrategy, SupvisorsState, SynchroOption
from supvisors.model.identity import resolve

ANY = '*'
"""As choice of a Master by the user: the one that the election gives."""
_EXPECTED = (SynchroOption.STRICT, SynchroOption.LIST, SynchroOption.CORE)
_ENOUGH_ALONE = (SynchroOption.CORE, SynchroOption.USER)
_BY_PRIORITY = (SynchroOption.USER, SynchroOption.CORE, SynchroOption.STRICT, SynchroOption.LIST)
"""The first one that is selected decides whether the conditions are lost."""
_UNSETTLED = (SupvisorsState.SYNCHRONIZATION, SupvisorsState.ELECTION)


class Synchro:
    def __init__(self, core: Core, peers: Peers) -> None:
        self.core = core
        self.peers = peers
        self.choice = ''
        """What a user has answered here: `ANY`, or the identifier of the Master; empty until then."""
        self._options = core.options.synchro_options
        self._initial = frozenset(identity.identifier for identity in core.settings.instances)
        self.joined: bool | None = None
        """Whether the multicast group of the discovery is joined; None until the bus has said it."""
        self._joined_at = NEVER
        self._started = core.mono
        self._crew: set[str] = set()
        """The members that there were since the synchronization has ended."""
        self._lost_since: float | None = None
        """Kept over a synchronization that others end: who leads then gives up at once, or two would do so in turns."""
        self._waits_for = ''

    # -- the synchronization
    def begin(self) -> None:
        """The synchronization begins, for the first time or again."""
        self._crew.clear()
        self.choice = self._waits_for = ''

    def ready(self) -> None:
        """The local supervisord has started: the clock of TIMEOUT and of the first meetings runs from here."""
        self._started = self.core.mono
        self.begin()

    def group_joined(self, joined: bool) -> None:
        """The multicast group of the discovery is joined, or is not."""
        if joined is self.joined:
            return
        if not joined:
            self.core.log('warn', 'the discovery does not work, and the log says why: the synchronization waits for '
                                  'it, or for synchro_timeout if TIMEOUT is selected')
        elif self.joined is not None:
            self.core.log('warn', 'the discovery works')
        self.joined = joined
        self._joined_at = self.core.mono

    def synchronized(self) -> bool:
        """True when one of the selected options is satisfied."""
        if self._is_held_back():
            return False
        if self.core.options.multicast_group is not None:
            if not self.joined:
                return self._gives_up_the_discovery()
            if not self._has_met():
                return False
        if SynchroOption.TIMEOUT in self._options and self._reached(self._started + self.core.options.synchro_timeout):
            return not self._meeting()
        return any(self._ends(option) for option in self._options)

    def _ends(self, option: SynchroOption) -> bool:
        holds = bool(self.wanted()) if option is SynchroOption.USER else self._satisfied(option)
        # who is enough alone must not lead before it has met those that it could meet
        return holds and (option not in _ENOUGH_ALONE or not self._meeting())

    def _gives_up_the_discovery(self) -> bool:
        """True when the time that the user gives is over, although nobody could be found."""
        timeout = self.core.options.synchro_timeout
        # not before the bus could say that the group is joined
        due = self._started + max(timeout, self.core.timing.meeting)
        if SynchroOption.TIMEOUT not in self._options or not self._reached(due):
            return False
        self.core.log('critical', f'the discovery does not work after synchro_timeout ({timeout:g} s): this instance '
                                  'goes on without those that it cannot find, and may start what runs there')
        return True

    def _has_met(self) -> bool:
        """True when the time of the first meetings is over."""
        return self._reached(max(self._started, self._joined_at) + self.core.timing.meeting)

    def _reached(self, due: float) -> bool:
        if self.core.mono < due:
            self.core.wake_by(due)
        return self.core.mono >= due

    def _meeting(self) -> bool:
        """True as long as others may still be on their way in, at the very beginning."""
        return not self._has_met() and any(
            peer.state in (InstanceState.CHECKING, InstanceState.CHECKED)
            or (peer.state is InstanceState.STOPPED and (peer.linked or not peer.problem))
            for peer in self.peers.others()
        )

    def _is_held_back(self) -> bool:
        """Two groups that refuse each other must not run everything twice: the one that is at work, or else the larger
        one, goes on, and the other waits."""
        size = len(self.peers.members())
        for peer in self.peers.others():
            if peer.state is not InstanceState.ISOLATED or not peer.linked:
                continue
            if peer.claim.master or peer.claim.begun or (-peer.claim.size, peer.name) < (-size, self.core.name):
                self._tell_wait(peer)
                return True
        return False

    def _tell_wait(self, peer: Peer) -> None:
        if self._waits_for != peer.name:
            self._waits_for = peer.name
            self.core.log('warn', f'the synchronization waits: {peer.name} has another configuration: {peer.refused}')

    # -- the choice of a user
    def end(self, master: str) -> None:
        """Take the answer of a user: a name of the Master, or empty for the one that the election gives.

        Raises `Refused`.
        """
        if SynchroOption.USER not in self._options:
            raise Refused(FaultCode.NOT_APPLICABLE, 'USER is not among the synchro_options of this instance')
        if self._is_held_back():
            waits = f'{self._waits_for} has another configuration and goes on first'
            raise Refused(FaultCode.BAD_SUPVISORS_STATE, f'{waits}: correct one of both')
        self.choice = self._chosen(master) if master else ANY
        self.core.log('warn', f'a user ends the synchronization: {self.choice if master else "any instance"} may lead')

    def _chosen(self, name: str) -> str:
        found = resolve((name,), self.peers.identities())
        if not found or name == ANY:
            raise Refused(FaultCode.BAD_NAME, f'no instance has {name!r} as identifier, nick name or stereotype')
        if len(found) > 1:
            raise Refused(FaultCode.INCORRECT_PARAMETERS, f'{name!r} designates {len(found)} instances: give one')
        if not self.peers[found[0]].running:
            raise Refused(FaultCode.NOT_RUNNING, f'{found[0]} is {self.peers[found[0]].state.name}, not RUNNING')
        return found[0]

    def wanted(self) -> str:
        """The choice of a user, made here or told by a member; empty if there is none."""
        if self.choice or SynchroOption.USER not in self._options:
            return self.choice
        told = {
            peer.status.sync_end
            for peer in self.peers.other_members()
            if peer.status.sync_end and peer.status.state in _UNSETTLED
        }
        return min(told - {ANY}, default=ANY if told else '')

    def preferred(self) -> str:
        """The member that a user wants as Master; empty if any will do."""
        wanted = self.wanted()
        peer = self.peers.get(wanted)
        return wanted if peer is not None and peer.running and not peer.status.leaving else ''

    def led(self) -> None:
        """There is a Master: the choice has served."""
        self.choice = ''

    # -- afterwards
    @property
    def degraded(self) -> bool:
        """True when an option about expected instances is selected and not satisfied."""
        return any(option in self._options and not self._satisfied(option) for option in _EXPECTED)

    def lost(self, strategy: SupvisorsFailureStrategy) -> bool:
        """True when this is the strategy, and the conditions have not held for `failure_timeout`."""
        if self.core.options.supvisors_failure_strategy is not strategy or not self._failing():
            return False
        if self._lost_since is None:
            self._lost_since = self.core.mono
        due = self._lost_since + self.core.options.failure_timeout
        if self.core.mono < due:
            self.core.wake_by(due)
        return self.core.mono >= due

    def watch(self) -> None:
        """The system is at work: note who is there, and since when somebody is missing."""
        self._crew |= self._members()
        if not self._failing():
            self._lost_since = None

    def _failing(self) -> bool:
        option = next((option for option in _BY_PRIORITY if option in self._options), None)
        if option is SynchroOption.USER:
            return not self._crew <= self._members()
        if option is SynchroOption.LIST:
            # one that was only discovered may never join: a beacon proves nothing
            return not self._initial | self._crew <= self._members()
        return option is not None and not self._satisfied(option)

    def _has_core(self, members: set[str]) -> bool:
        """A name that means nothing yet may be the stereotype of an instance that was not met."""
        names, identities = self.core.options.core_identifiers, self.peers.identities()
        found = [resolve((name,), identities) for name in names]
        if not all(found) and any(peer.info is None for peer in self.peers.others()):
            return False
        cores = {identifier for identifiers in found for identifier in identifiers}
        return bool(cores) and cores <= members

    def _members(self) -> set[str]:
        return {peer.name for peer in self.peers.members() if not peer.status.leaving}

    def _satisfied(self, option: SynchroOption) -> bool:
        members = self._members()
        if option is SynchroOption.CORE:
            return self._has_core(members)
        if option is SynchroOption.STRICT:
            return members >= self._initial
        return option is SynchroOption.LIST and members >= set(self.peers)
