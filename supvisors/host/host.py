"""The local supervisord, as the plugin sees it."""
from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

from supervisor import events
from supervisor.states import SupervisorStates

from supvisors.engine.events import HostTick, OrphansChanged, ProcessChanged, ProcessRemoved
from supvisors.host import http
from supvisors.host.arguments import Arguments
from supvisors.host.callbacks import Callbacks, Observation
from supvisors.host.deadlines import Deadlines
from supvisors.host.disabilities import Disabilities
from supvisors.host.disabling import Disabling
from supvisors.host.forking import Forking
from supvisors.host.leaving import Leaving
from supvisors.host.numprocs import Numprocs
from supvisors.host.orphans import Orphans, OrphanSettings
from supvisors.host.overrides import Overrides
from supvisors.host.plain_requests import PlainRequests
from supvisors.host.processes import Key, Processes, key_of
from supvisors.host.programs import Programs
from supvisors.host.route import Route
from supvisors.host.shield import Shielded
from supvisors.host.spawning import Outcome, Spawning, Work
from supvisors.host.stopping import Stopping
from supvisors.host.uncaught import Uncaught
from supvisors.host.wakeup import Wakeup
from supvisors.model.process import ProcessRecord, make_namespec


class Host:
    """One per supervisord, whatever the number of its HTTP servers. Makes no thread, and no socket before RUNNING.

    Everything but `wake` and `answer_ready` belongs to supervisord's thread.
    """

    def __init__(self, supervisord: Any, callbacks: Callbacks, wake_at: Callable[[float], None],
                 orphans: OrphanSettings | None = None, disabilities: Disabilities | None = None) -> None:
        self._supervisord = supervisord
        self._options = supervisord.options
        self._callbacks = callbacks
        self._shield = Shielded(self._options)
        self._wakeup = Wakeup(self._woken, self._shield)
        self._deadlines = Deadlines(wake_at)
        self._programs = Programs(self._options, self._shield)
        disabled = disabilities or Disabilities()
        self._processes = Processes(supervisord, self._programs, disabled)
        self._overrides = Overrides(self._processes)
        self._arguments = Arguments(self._processes, self._overrides, self._adopt)
        self._spawning = Spawning(supervisord, self._processes, self._arguments, disabled, self._changed)
        self._stopping = Stopping(self._processes, self._spawning, self._adopt)
        self._disabling = Disabling(self._processes, disabled, self._overrides, self._stopping, self._adopt,
                                    self._changed)
        self._plain_requests = PlainRequests(supervisord, self._processes, disabled, self._adopt, self._shield)
        self._uncaught = Uncaught(self._options)
        self._forking = Forking(self._options)
        self._orphans = Orphans(supervisord, self._processes, orphans or OrphanSettings(), wake_at,
                                lambda found: self._observe(OrphansChanged(found)))
        self._numprocs = Numprocs(supervisord, self._programs, self._processes, self._overrides, self._stopping,
                                  self._adopt, self._appeared, self._disappeared, self.wake)
        self._autostarting: list[str] = []
        self._routes: list[Route] = []
        self._running = False
        self._answers_ready = False
        self._subscriptions = [(kind, self._shielded(handler)) for kind, handler in (
            (events.SupervisorRunningEvent, self._on_running),
            (events.SupervisorStoppingEvent, self._on_stopping),
            (events.ProcessStateEvent, self._on_process),
            (events.ProcessGroupAddedEvent, self._on_group_added),
            (events.ProcessGroupRemovedEvent, self._on_group_removed),
            (events.Tick5Event, self._on_tick))]
        for subscription in self._subscriptions:
            events.subscribe(*subscription)
        Leaving(self._options, self._close, self._shield)

    # ---- the loop

    def wake(self) -> None:
        """From any thread: have `turn` called at once."""
        self._wakeup.wake()

    def answer_ready(self) -> None:
        """From any thread: have the deferred answers called at once."""
        self._answers_ready = True
        self._wakeup.wake()

    # ---- the processes

    def records(self) -> tuple[ProcessRecord, ...]:
        """All of them, sorted by group and name."""
        return self._processes.records()

    def record(self, namespec: str) -> ProcessRecord | None:
        process = self._processes.find(namespec)
        return None if process is None else self._processes.record(process)

    def start(self, namespec: str, extra_args: str) -> Outcome:
        """Spawn a process, and do not wait for RUNNING."""
        return self._spawning.start(namespec, extra_args)

    def stop(self, namespec: str) -> Outcome:
        """Send its stop signal to a process, and do not wait for its end."""
        return self._spawning.stop(namespec)

    # ---- the programs, as a user wants them. Each raises `Refused` when nothing can be done

    def start_args(self, namespec: str, extra_args: str) -> Work:
        """Ended when the process has reached RUNNING, or cannot any more."""
        return self._spawning.start_args(namespec, extra_args)

    def enable(self, program: str) -> Work:
        return self._disabling.enable(program)

    def disable(self, program: str) -> Work:
        """Ended when the processes of the program have stopped."""
        return self._disabling.disable(program)

    def update_numprocs(self, program_name: str, numprocs: int, lazy: bool) -> Work:
        """Change the number of processes of a program, in all groups that use it. Raises `Refused`."""
        return self._numprocs.update(program_name, numprocs, lazy)

    # ---- supervisord

    def restart(self) -> None:
        self._leave(SupervisorStates.RESTARTING)

    def shutdown(self) -> None:
        self._leave(SupervisorStates.SHUTDOWN)

    def _leave(self, mood: int) -> None:
        # as its own RPC: once it is leaving, it does not change its mind
        if self._options.mood >= SupervisorStates.RUNNING:
            self._options.mood = mood
            self.wake()

    # ---- HTTP

    def inet_address(self) -> tuple[str, int]:
        """Host and port of the first inet server; an empty host means all interfaces."""
        return http.inet_address(self._options)

    def credentials(self) -> tuple[str, str]:
        """User name and password of that server; empty when there is none."""
        return http.credentials(self._options)

    def add_http_route(self, path: str, answer: Callable[[dict[str, str]], dict[str, Any]]) -> None:
        """Serve `answer(query)` as JSON to who GETs this path on an inet server, without credentials."""
        route = Route(path, answer, self._shield)
        self._routes.append(route)
        if self._running:
            self._install(route)

    def _install(self, route: Route) -> None:
        for server in http.servers(self._options, socket.AF_INET):
            server.install_handler(route)

    # ---- what supervisord says

    def _shielded(self, handler: Callable[[Any], None]) -> Callable[[Any], None]:
        def shielded(event: Any) -> None:
            with self._shield(f'handling {type(event).__name__}'):
                handler(event)

        return shielded

    def _on_running(self, _event: Any) -> None:
        self._running = True
        self._wakeup.open()
        with self._shield('preparing the HTTP servers'):
            http.speed_up(self._options)
            for route in self._routes:
                self._install(route)
            self._plain_requests.open()
            self._uncaught.open()
        with self._shield('holding back the disabled programs'):
            self._disabling.open()
        with self._shield('looking for programs that have survived'):
            self._orphans.open()
        self._callbacks.ready(self.records())
        self.wake()

    def _on_stopping(self, _event: Any) -> None:
        self._callbacks.leaving()
        self.wake()

    def _on_process(self, event: Any) -> None:
        self._arguments.follow(event.process)
        record = self._processes.stamp(event.process, event.expected)
        self._deadlines.watch(key_of(event.process), event.process)
        self._changed(record)

    def _on_group_added(self, event: Any) -> None:
        self._programs.follow(self._supervisord.process_groups[event.group].config)
        self._appeared(self._processes.of_group(event.group))

    def _on_group_removed(self, event: Any) -> None:
        self._programs.forget(event.group)
        self._numprocs.forget(event.group)
        for key in self._processes.forget(event.group):
            self._disappeared(key)

    def _on_tick(self, _event: Any) -> None:
        with self._shield('looking at programs that had survived'):
            self._orphans.tick()
        self._observe(HostTick())

    # ---- what the plugin is told

    def _appeared(self, processes: Iterable[Any]) -> None:
        self._orphans.hold()
        self._disabling.hold_back(processes)
        for process in processes:
            self._changed(self._processes.record(process))
            if process.config.autostart:
                self._autostarting.append(make_namespec(*key_of(process)))

    def _disappeared(self, key: Key) -> None:
        self._deadlines.forget(key)
        self._answers_ready = True
        self._observe(ProcessRemoved(make_namespec(*key)))

    def _adopt_autostarts(self, namespecs: Iterable[str]) -> None:
        # who adds a program that has autostart wants it to run, even if he had stopped it before: supervisord's own
        # `update` stops what it replaces
        for namespec in namespecs:
            self._adopt(True, namespec, '')

    def _changed(self, record: ProcessRecord) -> None:
        # who waits for this process in a plain request is answered at once too
        self._answers_ready = True
        self._observe(ProcessChanged(record))

    def _observe(self, observation: Observation) -> None:
        # first: whatever the callback does, the loop goes on with the next transition
        self.wake()
        self._callbacks.observe(observation)

    def _adopt(self, start: bool, namespec: str, extra_args: str) -> None:
        self.wake()
        self._callbacks.adopt(start, namespec, extra_args)

    def _woken(self) -> None:
        self._deadlines.check()
        with self._shield('changing numbers of processes'):
            self._numprocs.settle()
        autostarting, self._autostarting = self._autostarting, []
        with self._shield('taking a turn'):
            self._callbacks.turn()
        with self._shield('noting what supervisord starts by itself'):
            # after the turn that tells of the processes: the Master refuses what it does not know
            self._adopt_autostarts(autostarting)
        with self._shield('writing down the local programs'):
            self._orphans.check()
        if self._answers_ready:
            self._answers_ready = False
            http.release_answers()

    def _close(self) -> None:
        try:
            self._callbacks.closing()
        finally:
            for subscription in self._subscriptions:
                if subscription in events.callbacks:
                    events.unsubscribe(*subscription)
            with self._shield('leaving the record of the local programs'):
                self._orphans.close()
            self._plain_requests.close()
            self._uncaught.close()
            self._programs.close()
            self._forking.close()
            self._wakeup.close()
