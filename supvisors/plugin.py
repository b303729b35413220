"""The door that supervisord opens: builds everything, wires it, and nothing else."""

from __future__ import annotations

import ipaddress
import os
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from typing import Any

from supervisor.options import ServerOptions
from supervisor.states import SupervisorStates

from supvisors.bus import Bus, Discovery
from supvisors.config import Configuration, ConfigurationError, agreement, local_network, places, read_configuration
from supvisors.engine import commands, effects
from supvisors.engine.commands import Command, Refused
from supvisors.engine.engine import Engine
from supvisors.engine.events import HostLeaving, HostLeft, HostReady, HostTick, Obeyed, ProcessChanged
from supvisors.engine.messages import Envelope, Info
from supvisors.engine.settings import Settings
from supvisors.host import Disabilities, Host, Observation, OrphanSettings, register_faults
from supvisors.host.http import HostError, credentials, inet_address
from supvisors.host.log import Log
from supvisors.model.enums import FaultCode
from supvisors.model.identity import Identity, Now
from supvisors.model.options import Options
from supvisors.model.process import ProcessRecord
from supvisors.rpc import RPCInterface

# not imported from the client, which owns it: that would cost a tenth of the start of a daemon
VERSION = version('supvisors')
ATTRIBUTE = 'supvisors_plugin'
BATCH = 20
"""Messages taken from the bus before the engine moves on."""
SLICE = 0.010
"""How long one turn may hold supervisord's loop, in seconds; the rest waits for the next pass."""
SPAWNS_PER_TURN = 20
"""Forks in one turn, on however quick a machine; the rest waits for the next pass."""
CLOSE_TIMEOUT = 2.0


def make_supvisors_rpcinterface(supervisord: Any, **raw: str) -> RPCInterface:
    """Called by supervisord for each of its HTTP servers: all of them share one plugin."""
    plugin = getattr(supervisord, ATTRIBUTE, None)
    if plugin is None:
        try:
            plugin = Plugin(supervisord, raw)
        except (ConfigurationError, HostError) as error:
            _tell(supervisord.options, error)
            raise error.with_traceback(None) from None
        setattr(supervisord, ATTRIBUTE, plugin)
    return plugin.namespace


def _tell(options: ServerOptions, error: Exception) -> None:
    """supervisord logs the error with its traceback; where the console does not get the log, it gets the error."""
    if options.silent or not options.nodaemon:
        options.stderr.write(f'Error: {error}\n')


def clock() -> Now:
    return Now(time.monotonic(), time.time())


def configure(options: ServerOptions, raw: dict[str, str]) -> Configuration:
    """Read all that the files say. What is wrong is told with its file and line."""
    environ = {key.removeprefix('ENV_'): value for key, value in options.environ_expansions.items()}
    return read_configuration(
        raw,
        http_port=inet_address(options)[1],
        nick=options.identifier,
        here=options.here or os.getcwd(),
        password=credentials(options)[1],
        environ=environ,
        places=places(options.configfile or '', environ),
    )


class Plugin:
    """Callbacks of the host, and the hands of the engine."""

    def __init__(self, supervisord: Any, raw: dict[str, str]) -> None:
        server = supervisord.options
        configuration = configure(server, raw)
        options, found = configuration.options, configuration.found
        self.log = Log(server, options)
        for note in configuration.notes:
            self.log(note.level, note.text)
        boot = uuid.uuid4().hex
        agreed = agreement(options, found.instances, configuration.rules)
        info = Info(VERSION, found.local.nick, found.local.stereotypes, **_host_info(), agreement=agreed)
        self.engine = Engine(Settings(found.local, found.instances, options, configuration.rules, boot, info), clock())
        self._warn_about_trust(configuration.secret, found.instances, options.multicast_group is not None)
        bind_host = inet_address(server)[0]
        self.bus = Bus(
            found.local,
            found.instances,
            boot,
            configuration.secret,
            lambda: self.host.wake(),
            bind_host,
            options.bus_port,
            options.bus_host,
            _discovery(options),
            VERSION,
        )
        self._awaited = float('inf')
        self._records: tuple[ProcessRecord, ...] | None = None
        self._spawns = 0
        """In the present turn."""
        self._perform = self._make_perform()
        # last: from here on, the host calls back whatever becomes of supervisord
        orphans = OrphanSettings(options.orphans, found.local.identifier, self.log)
        disabilities = Disabilities(options.disabilities_file, self.log)
        self.host = Host(supervisord, self, self.bus.wake_at, orphans, disabilities)
        self.host.add_http_route('/supvisors/bus', self.bus.description)
        register_faults()
        self.namespace = RPCInterface(
            self.engine,
            clock=clock,
            version=VERSION,
            options=options,
            host=self.host,
            is_stopping=lambda: server.mood < SupervisorStates.RUNNING,
            wake=self.host.wake,
            log_error=lambda text: self.log('error', text),
            set_level=self.log.set_level,
        )

    def _warn_about_trust(self, secret: str, instances: Iterable[Identity], discovery: bool) -> None:
        remote = [identity.identifier for identity in instances if not _is_loopback(identity.host_id)]
        if (remote or discovery) and not secret:
            self.log(
                'warn',
                'no secret protects the bus: whoever reaches its port is trusted. Set secret_file, or a password in '
                '[inet_http_server], the same on all instances',
            )

    # -- what the host says
    def ready(self, records: tuple[ProcessRecord, ...]) -> None:
        self._records = records
        self._open()

    def _open(self) -> None:
        """Without its bus an instance must not believe that it is alone: it stays OFF, and tries again."""
        try:
            self.bus.start()
        except (OSError, RuntimeError) as error:
            self.log('critical', f'{error}: correct bus_port or free the port; trying again in 5 s')
            return
        self.log(
            'info',
            f'Supvisors {VERSION}: {self.engine.local.identifier}, bus on port {self.bus.description()["port"]}',
        )
        self._records = None
        self.engine.observe(HostReady(self.host.records()), clock())

    def observe(self, event: Observation) -> None:
        if isinstance(event, HostTick) and self._records is not None:
            self._open()
        self.engine.observe(event, clock())

    def adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        kind = commands.ADOPT_START if start else commands.ADOPT_STOP
        with suppress(Refused):
            self.engine.request(Command(kind, namespec, 0, extra_args, self.engine.local.identifier), clock())

    def leaving(self) -> None:
        self.engine.observe(HostLeaving(), clock())
        self.turn()

    def closing(self) -> None:
        self.engine.observe(HostLeft(), clock())
        self.turn()
        self.bus.close(CLOSE_TIMEOUT)
        self.log.close()

    # -- one turn
    def turn(self) -> None:
        """Take what the bus has brought, let the engine move on, and carry out what it wants; in slices."""
        self.bus.main_loop_alive()
        end = time.monotonic() + SLICE
        self._spawns = 0
        more = True
        while more and self._spawns < SPAWNS_PER_TURN and time.monotonic() < end:
            more = self._take()
            self.engine.tick(clock())
            more |= self._carry_out(end)
        for text in self.bus.problems():
            self.log('warn', text)
        if more:
            self.host.wake()
        elif self.engine.next_deadline < self._awaited or self._awaited <= time.monotonic():
            self._awaited = self.engine.next_deadline
            self.bus.wake_at(self._awaited)

    def _take(self) -> bool:
        """Give the engine what the bus has received; True when there may be more."""
        received = self.bus.drain(BATCH)
        for item, mono in received:
            now = Now(mono, time.time())
            with self._shield(f'taking {type(item).__name__}'):
                if isinstance(item, Envelope):
                    self.engine.receive(item, now)
                else:
                    self.engine.observe(item, now)
        return len(received) == BATCH

    def _carry_out(self, end: float) -> bool:
        """Carry out what the engine wants, one by one; True when that may have given it more to do."""
        acted = False
        while (not acted or time.monotonic() < end) and self._spawns < SPAWNS_PER_TURN:
            wanted = self.engine.drain(1)
            if not wanted:
                return acted
            acted = True
            self._spawns += isinstance(wanted[0], effects.Spawn)
            with self._shield(f'carrying out {type(wanted[0]).__name__}'):
                self._perform[type(wanted[0])](wanted[0])
        return True

    @contextmanager
    def _shield(self, doing: str) -> Iterator[None]:
        """One message or effect that goes wrong must not take the others with it."""
        try:
            yield
        except Exception:
            self.log('error', f'unexpected error while {doing}, please report it:\n{traceback.format_exc()}')

    # -- effects
    def _make_perform(self) -> dict[type, Callable[[Any], object]]:
        return {
            effects.Send: lambda effect: self.bus.send(effect.to, effect.envelope),
            effects.SetBeat: lambda effect: self.bus.set_beat(effect.to, effect.envelope),
            effects.AddPeer: lambda effect: self.bus.add_peer(effect.identity),
            effects.ProbeTcp: lambda effect: self.bus.probe_tcp(effect.identifier),
            effects.Spawn: self._spawn,
            effects.Stop: lambda effect: self._obey(effect.number, lambda: self.host.stop(effect.namespec)),
            effects.Wake: lambda effect: self.host.answer_ready(),
            effects.Log: lambda effect: self.log(effect.level, effect.text),
            effects.RestartHost: lambda effect: self.host.restart(),
            effects.ShutdownHost: lambda effect: self.host.shutdown(),
        }

    def _spawn(self, effect: effects.Spawn) -> None:
        self._obey(effect.number, lambda: self._start(effect.namespec, effect.extra_args))

    def _start(self, namespec: str, extra_args: str) -> tuple[int, str]:
        outcome = self.host.start(namespec, extra_args)
        # supervisord tells STARTING before it forks, and nothing when the pid is known
        if record := self.host.record(namespec):
            self.engine.observe(ProcessChanged(record), clock())
        return outcome

    def _obey(self, number: int, action: Callable[[], tuple[int, str]]) -> None:
        """Whatever happens, the Master gets an answer."""
        outcome = (int(FaultCode.FAILED), 'unexpected error, see the log of the instance')
        try:
            outcome = action()
        finally:
            self.engine.observe(Obeyed(number, *outcome), clock())


def _host_info() -> dict[str, Any]:
    network = local_network()
    return {'machine_id': network['machine_id'], 'network': dict(network)}


def _discovery(options: Options) -> Discovery | None:
    if options.multicast_group is None:
        return None
    return Discovery(*options.multicast_group, options.multicast_interface, options.multicast_ttl)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'
