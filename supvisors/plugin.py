"""The door that supervisord opens: builds everything, wires it, and nothing else."""

from __future__ import annotations

import ipaddress
import os
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
from supervisor.options import ServerOptions
from supervisor.states import SupervisorStates

from supvisors.bus import Bus
from supvisors.config import Found, Note, find_local, local_network, read_options, read_rules
from supvisors.engine import commands, effects
from supvisors.engine.commands import Command, Refused
from supvisors.engine.engine import Engine
from supvisors.engine.events import HostLeaving, HostLeft, HostReady, HostTick, Obeyed, ProcessChanged
from supvisors.engine.messages import Envelope, Info
from supvisors.engine.settings import Settings
from supvisors.host import Host, Observation, register_faults
from supvisors.host.http import credentials, inet_address
from supvisors.host.log import Log
from supvisors.model.identity import Identity, Now
from supvisors.model.options import Options
from supvisors.model.process import ProcessRecord
from supvisors.model.rules import Rules
from supvisors.rpc import RPCInterface
from supvisors_client import __version__

ATTRIBUTE = 'supvisors_plugin'
BATCH = 100
"""Messages taken from the bus before the engine moves on."""
SLICE = 0.010
"""How long one turn may hold supervisord's loop, in seconds; the rest waits for the next pass."""
CLOSE_TIMEOUT = 2.0


def make_supvisors_rpcinterface(supervisord: Any, **raw: str) -> RPCInterface:
    """Called by supervisord for each of its HTTP servers: all of them share one plugin."""
    plugin = getattr(supervisord, ATTRIBUTE, None)
    if plugin is None:
        plugin = Plugin(supervisord, raw)
        setattr(supervisord, ATTRIBUTE, plugin)
    return plugin.namespace


def clock() -> Now:
    return Now(time.monotonic(), time.time())


@attrs.frozen
class Configuration:
    """All that the files say."""

    options: Options
    rules: Rules
    found: Found
    notes: tuple[Note, ...]


def read_configuration(options: ServerOptions, raw: dict[str, str]) -> Configuration:
    """Read the options and the rules, and find the local instance."""
    port = inet_address(options)[1]
    environ = {key.removeprefix('ENV_'): value for key, value in options.environ_expansions.items()}
    here = options.here or os.getcwd()
    read, notes = read_options(raw, http_port=port, nick=options.identifier, here=here, environ=environ)
    rules, rule_notes = read_rules(read.rules_files, starting_strategy=read.starting_strategy)
    found = find_local(read, http_port=port, nick=options.identifier)
    return Configuration(read, rules, found, (*notes, *rule_notes, *found.notes))


class Plugin:
    """Callbacks of the host, and the hands of the engine."""

    def __init__(self, supervisord: Any, raw: dict[str, str]) -> None:
        server = supervisord.options
        configuration = read_configuration(server, raw)
        options, found = configuration.options, configuration.found
        self.log = Log(server.logger, options)
        for note in configuration.notes:
            self.log(note.level, note.text)
        boot = uuid.uuid4().hex
        info = Info(__version__, found.local.nick, found.local.stereotypes, **_host_info())
        self.engine = Engine(Settings(found.local, found.instances, options, configuration.rules, boot, info), clock())
        self.host = Host(supervisord, self, self._wake_at)
        secret = _secret(options, credentials(server)[1])
        self._warn_about_trust(secret, found.instances)
        self.bus = Bus(
            found.local,
            found.instances,
            boot,
            secret,
            self.host.wake,
            inet_address(server)[0],
            options.bus_port,
            options.bus_host,
        )
        self.host.add_http_route('/supvisors/bus', self.bus.description)
        register_faults()
        self.namespace = RPCInterface(
            self.engine,
            clock=clock,
            version=__version__,
            options=options,
            is_stopping=lambda: server.mood < SupervisorStates.RUNNING,
            wake=self.host.wake,
            log_error=lambda text: self.log('error', text),
        )
        self._awaited = float('inf')
        self._records: tuple[ProcessRecord, ...] | None = None
        self._perform = self._make_perform()

    def _warn_about_trust(self, secret: str, instances: Iterable[Identity]) -> None:
        remote = [identity.identifier for identity in instances if not _is_loopback(identity.host_id)]
        if remote and not secret:
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
            f'Supvisors {__version__}: {self.engine.local.identifier}, bus on port {self.bus.description()["port"]}',
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
        more = self._take()
        self.engine.tick(clock())
        while wanted := self.engine.drain():
            for effect in wanted:
                self._perform[type(effect)](effect)
            more |= self._take()
            self.engine.tick(clock())
            if time.monotonic() >= end:
                more = True
                break
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
            if isinstance(item, Envelope):
                self.engine.receive(item, now)
            else:
                self.engine.observe(item, now)
        return len(received) == BATCH

    def _wake_at(self, mono: float) -> None:
        self.bus.wake_at(mono)

    # -- effects
    def _make_perform(self) -> dict[type, Callable[[Any], object]]:
        return {
            effects.Send: lambda effect: self.bus.send(effect.to, effect.envelope),
            effects.SetBeat: lambda effect: self.bus.set_beat(effect.to, effect.envelope),
            effects.ProbeTcp: lambda effect: self.bus.probe_tcp(effect.identifier),
            effects.Spawn: self._spawn,
            effects.Stop: lambda effect: self._obeyed(effect.number, self.host.stop(effect.namespec)),
            effects.Wake: lambda effect: self.host.answer_ready(),
            effects.Log: lambda effect: self.log(effect.level, effect.text),
            effects.RestartHost: lambda effect: self.host.restart(),
            effects.ShutdownHost: lambda effect: self.host.shutdown(),
        }

    def _spawn(self, effect: effects.Spawn) -> None:
        outcome = self.host.start(effect.namespec, effect.extra_args)
        # supervisord tells STARTING before it forks, and nothing when the pid is known
        if record := self.host.record(effect.namespec):
            self.engine.observe(ProcessChanged(record), clock())
        self._obeyed(effect.number, outcome)

    def _obeyed(self, number: int, outcome: tuple[int, str]) -> None:
        self.engine.observe(Obeyed(number, *outcome), clock())


def _host_info() -> dict[str, Any]:
    network = local_network()
    return {'machine_id': network['machine_id'], 'network': dict(network)}


def _secret(options: Options, password: str) -> str:
    return Path(options.secret_file).read_text().strip() if options.secret_file else password


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'
