"""What a scenario is made of."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from supvisors.engine.messages import Info
from supvisors.engine.settings import Settings
from supvisors.model.identity import Identity
from supvisors.model.options import Options
from supvisors.model.rules import Rules
from tests.simulation.faults import Fault
from tests.simulation.network import Profile
from tests.simulation.program import Behaviour


@attrs.frozen
class Scenario:
    seed: int
    identities: tuple[Identity, ...]
    options: Options
    rules: Rules
    programs: Mapping[str, Behaviour]
    installed: Mapping[str, frozenset[int]]
    """Indexes of the instances that have each program."""
    machines: tuple[str, ...]
    boots: tuple[float, ...]
    """When each instance is started first."""
    profile: Profile
    faults: tuple[Fault, ...]
    requests: tuple[float, ...]
    """When the clients ask for something."""
    calm: float
    """When all faults are over, and the last request has been made."""
    slice_size: int = 50
    variant: str = ''
    """Which way to form a system it shows: see `variants`."""
    contrary: int = -1
    """The instance that has another configuration, before `corrected`."""
    corrected: float = 0.0
    needed: int = -1
    """The instance whose loss ends the whole system, for the finale `lost`."""
    administrations: tuple[float, ...] = ()
    """When a program is disabled, enabled, removed or added on one instance."""
    finale: str = ''
    """'restart' or 'shutdown': what is asked of the whole system once all is calm; 'lost': a needed instance dies."""

    @property
    def ends(self) -> bool:
        """Nobody is left at the end."""
        return self.finale in ('shutdown', 'lost')

    def programs_of(self, index: int) -> dict[str, Behaviour]:
        return {
            namespec: behaviour for namespec, behaviour in self.programs.items() if index in self.installed[namespec]
        }

    def settings(self, index: int, boot: str, now: float) -> Settings:
        local = self.identities[index]
        contrary = index == self.contrary and now < self.corrected
        info = Info(
            version='1.0',
            nick=local.nick_identifier,
            machine_id=self.machines[index],
            agreement={'strategies': {'starting_strategy': 'LOCAL' if contrary else 'CONFIG'}},
        )
        return Settings(
            local=local,
            instances=self.identities if self.options.multicast_group is None else (local,),
            options=self.options,
            rules=self.rules,
            boot=boot,
            info=info,
        )
