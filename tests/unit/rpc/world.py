"""What the engine shows, as data that a test fills: the input of the namespace. And a namespace made upon it."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from supvisors.engine.commands import Command, Refused, Ticket
from supvisors.engine.messages import Info
from supvisors.engine.view import (
    ApplicationView,
    InnerProcessView,
    InstanceView,
    ModesView,
    Prediction,
    ProcessView,
)
from supvisors.model.enums import (
    ApplicationState,
    DistributionRule,
    FaultCode,
    InstanceState,
    ProcessState,
    RunningFailureStrategy,
    StartingFailureStrategy,
    StartingStrategy,
    SupvisorsState,
)
from supvisors.model.formula import parse_formula
from supvisors.model.identity import Identity, Now, resolve
from supvisors.model.options import Options
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules
from supvisors.rpc import RPCInterface
from supvisors.rpc.local import Work

LOCAL = Identity('10.0.0.1', 61000, 'alpha', ('edge',))
OTHER = Identity('10.0.0.2', 61000, '', ('edge', 'gpu'))
ABSENT = Identity('::1', 61010, 'zulu')
NOW = Now(1000.5, 1_700_000_000.25)
NETWORK: dict[str, object] = {
    'fqdn': 'alpha.example.org',
    'addresses': {'eth0': {
        'nic_info': {'nic_name': 'eth0', 'ipv4_address': '10.0.0.1', 'netmask': '255.255.255.0'},
        'host_name': 'alpha', 'aliases': ['a'], 'ipv4_addresses': ['10.0.0.1'],
    }},
}


def instance_view(identity: Identity, info: Info | None,
                  state: InstanceState = InstanceState.RUNNING) -> InstanceView:
    # some times are integers: they must travel as doubles all the same
    return InstanceView(identity, state, 20, False, 7, 500.0, 1.7e9, 8, 1000, 1_700_000_000, 0, '', info)


def modes_view(identity: Identity) -> ModesView:
    return ModesView(identity, SupvisorsState.OPERATION, True, False, LOCAL.identifier, True, False,
                     {LOCAL.identifier: InstanceState.RUNNING, OTHER.identifier: InstanceState.RUNNING,
                      ABSENT.identifier: InstanceState.STOPPED})


def process_view(group: str, name: str, state: int = ProcessState.STOPPED, *identifiers: str) -> ProcessView:
    return ProcessView(group, name, state, True, identifiers, '', 900.0)


def inner_views() -> dict[str, list[InnerProcessView]]:
    """The local instance and the other one; nothing of the third one, which was never met."""
    running = ProcessRecord('web', 'api', state=ProcessState.RUNNING, pid=43, start=1_699_999_700, start_mono=250.0,
                            event_mono=251.0)
    cache = ProcessRecord('web', 'cache', state=ProcessState.STOPPING, start_mono=240.0, event_mono=260.0)
    return {
        LOCAL.identifier: [
            InnerProcessView(LOCAL, ProcessRecord('backup', 'backup', description='Not started'), 0.0, False),
            InnerProcessView(LOCAL, attrs.evolve(running, pid=42, start_mono=900.0, event_mono=901.0), 901, True),
        ],
        OTHER.identifier: [InnerProcessView(OTHER, running, 751.5, False), InnerProcessView(OTHER, cache, 760, True)],
    }


def rules() -> Rules:
    """`web` says everything, `backup` only that it is managed, `free` is not there."""
    api = ProgramRules(('alpha', 'edge'), 3, 4, True, False, 15, StartingFailureStrategy.CONTINUE,
                       RunningFailureStrategy.RESTART_PROCESS)
    web = ApplicationRules(True, 1, 2, StartingStrategy.LOCAL, StartingFailureStrategy.STOP,
                           RunningFailureStrategy.RESTART_APPLICATION, {'api': api},
                           distribution=DistributionRule.SINGLE_NODE, identifiers=('edge', '*'),
                           formula=parse_formula('"api"  or "cache"'))
    return Rules({'web': web, 'backup': ApplicationRules(managed=True)})


@attrs.define
class World:
    """An `EngineView` that only holds data: `requests` are the commands it was given, `outcome` what it answers.

    `predicted` are the commands whose effects it was asked for, `predictions` what it answers.
    """
    state: SupvisorsState = SupvisorsState.OPERATION
    local: Identity = LOCAL
    master: str = LOCAL.identifier
    starting_instances: Sequence[str] = ()
    stopping_instances: Sequence[str] = ()
    instances: dict[str, InstanceView] = attrs.field(factory=lambda: {view.identity.identifier: view for view in (
        instance_view(OTHER, Info('1.0', '', ('edge', 'gpu'), 'machine-2', {})),
        instance_view(LOCAL, Info('1.0', 'alpha', ('edge',), 'machine-1', NETWORK)),
        instance_view(ABSENT, None, InstanceState.STOPPED),
    )})
    shown_applications: dict[str, ApplicationView] = attrs.field(factory=lambda: {view.name: view for view in (
        ApplicationView('backup', True, ApplicationState.STOPPED, True, False),
        ApplicationView('free', False, ApplicationState.STOPPED, False, False),
        ApplicationView('web', True, ApplicationState.RUNNING, False, True),
    )})
    shown_processes: list[ProcessView] = attrs.field(factory=lambda: [
        process_view('backup', 'backup'),
        process_view('backup', 'mirror', ProcessState.EXITED),
        process_view('free', 'free'),
        process_view('web', 'api', ProcessState.RUNNING, OTHER.identifier, LOCAL.identifier),
        process_view('web', 'cache', ProcessState.STOPPING),
    ])
    records: list[ProcessRecord] = attrs.field(factory=lambda: [
        ProcessRecord('backup', 'backup', description='Not started'),
        ProcessRecord('web', 'api', state=ProcessState.RUNNING, pid=42, start=1_699_999_900, start_mono=900.0),
    ])
    cores: list[str] = attrs.field(factory=lambda: [OTHER.identifier, LOCAL.identifier])
    inner: dict[str, list[InnerProcessView]] = attrs.field(factory=inner_views)
    rules: Rules = attrs.field(factory=rules)
    predictions: list[Prediction] = attrs.field(factory=lambda: [
        Prediction('backup', 'backup', ProcessState.RUNNING, '', (OTHER.identifier,)),
        Prediction('backup', 'mirror', ProcessState.FATAL, 'alpha: no resource', ()),
    ])
    predicted: list[Command] = attrs.field(factory=list)
    masters: list[str] = attrs.field(factory=list)
    requests: list[Command] = attrs.field(factory=list)
    outcome: Ticket | Refused | Exception | None = None

    def resolve(self, name: str) -> list[str]:
        return resolve([name], {key: view.identity for key, view in self.instances.items()})

    def identity(self, identifier: str) -> Identity:
        return self.instances[identifier].identity

    def modes(self, identifier: str) -> ModesView:
        return modes_view(self.identity(identifier))

    def instance(self, identifier: str) -> InstanceView:
        return self.instances[identifier]

    def identifiers(self) -> Sequence[str]:
        return list(self.instances)

    def applications(self) -> Iterable[ApplicationView]:
        return self.shown_applications.values()

    def application(self, name: str) -> ApplicationView | None:
        return self.shown_applications.get(name)

    def processes(self, group: str | None = None) -> Iterable[ProcessView]:
        return [view for view in self.shown_processes if group in (None, view.group)]

    def process(self, group: str, name: str) -> ProcessView | None:
        return next((view for view in self.shown_processes if (view.group, view.name) == (group, name)), None)

    def local_records(self) -> Iterable[ProcessRecord]:
        return self.records

    def application_rules(self, name: str) -> ApplicationRules:
        return self.rules.application(name)

    def process_rules(self, group: str, name: str) -> ProgramRules:
        return self.rules.program(group, name)

    def conflicts(self) -> Iterable[ProcessView]:
        return [view for view in self.shown_processes if len(view.identifiers) > 1]

    def predict(self, command: Command) -> Iterable[Prediction]:
        self.predicted.append(command)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.predictions

    def core_identifiers(self) -> Sequence[str]:
        return self.cores

    def inner_processes(self, identifier: str) -> Iterable[InnerProcessView]:
        return self.inner.get(identifier, [])

    def end_sync(self, master: str, now: Now) -> None:
        self.masters.append(master)
        if isinstance(self.outcome, Exception):
            raise self.outcome

    def request(self, command: Command, now: Now) -> Ticket:
        self.requests.append(command)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome or Ticket('r1', command)


@attrs.define
class Here:
    """A `LocalHost` that only holds data: `begun` is the work it was given, `outcome` what the polls of it answer."""
    names: Sequence[str] = ('backup', 'web:api')
    """Of the processes and of the programs."""
    begun: list[tuple[object, ...]] = attrs.field(factory=list)
    outcome: tuple[int, str] | None = (0, '')
    polls: int = 0
    refusal: Refused | None = None

    def start_args(self, namespec: str, extra_args: str) -> Work:
        return self._begin('start_args', namespec, extra_args)

    def update_numprocs(self, program_name: str, numprocs: int, lazy: bool) -> Work:
        if numprocs < 1:
            raise Refused(FaultCode.INCORRECT_PARAMETERS, 'numprocs')
        return self._begin('update_numprocs', program_name, numprocs, lazy)

    def enable(self, program_name: str) -> Work:
        return self._begin('enable', program_name)

    def disable(self, program_name: str) -> Work:
        return self._begin('disable', program_name)

    def _begin(self, *work: object) -> Work:
        if self.refusal:
            raise self.refusal
        if work[1] not in self.names:
            raise Refused(FaultCode.BAD_NAME, 'unknown')
        self.begun.append(work)
        return self._poll

    def _poll(self) -> tuple[int, str] | None:
        self.polls += 1
        return self.outcome


@attrs.define
class Daemon:
    """A namespace, and what it was built with."""
    world: World = attrs.field(factory=World)
    here: Here = attrs.field(factory=Here)
    options: Options = attrs.field(factory=Options)
    stopping: bool = False
    errors: list[str] = attrs.field(factory=list)
    wakes: list[bool] = attrs.field(factory=list)
    levels: list[str] = attrs.field(factory=list)
    interface: RPCInterface = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.interface = RPCInterface(self.world, clock=lambda: NOW, version='1.0.0', options=self.options,
                                      host=self.here, is_stopping=lambda: self.stopping,
                                      wake=lambda: self.wakes.append(True), log_error=self.errors.append,
                                      set_level=self.levels.append)
