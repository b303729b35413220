"""Settings, rules and records in a few letters: the instance of host `a` is `a:1`, its first boot is `a1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import msgspec

from supvisors.engine.messages import (
    Envelope,
    Info,
)
from supvisors.engine.settings import Settings, Timing
from supvisors.model.enums import ProcessState as P
from supvisors.model.enums import SynchroOption
from supvisors.model.identity import Identity, Incarnation
from supvisors.model.options import Options
from supvisors.model.process import ProcessRecord, split_namespec
from supvisors.model.rules import ApplicationRules, ProgramRules, Rules

PORT = 1

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Envelope).decode


def ident(letter: str) -> str:
    """The identifier of the instance whose host is called so."""
    return f'{letter}:{PORT}'


def idents(letters: Iterable[str]) -> list[str]:
    return [ident(letter) for letter in letters]


A, B, C, D, E = idents('abcde')


def identity(letter: str) -> Identity:
    return Identity(letter, PORT, letter)


def settings(
    letter: str = 'a',
    letters: str = 'abc',
    rules: Rules | None = None,
    machine: str = '',
    boot: str = '',
    timing: Timing | None = None,
    agreement: Mapping[str, Mapping[str, str]] | None = None,
    nicks: Mapping[str, str] | None = None,
    **options: Any,
) -> Settings:
    """`agreement`: what it says must be the same everywhere. `nicks`: those of its list; `nick` is its own."""
    stereotypes = tuple(options.get('stereotypes', ()))
    options.setdefault('synchro_options', frozenset((SynchroOption.STRICT,)))
    nick = options.pop('nick', letter)
    listed = {one: Identity(one, PORT, (nicks or {}).get(one, one)) for one in letters}
    return Settings(
        listed[letter],
        tuple(listed.values()),
        Options(**options),
        rules or Rules(),
        boot or f'{letter}1',
        Info('1.0', nick, stereotypes, machine, agreement={key: dict(rows) for key, rows in (agreement or {}).items()}),
        timing or Timing(),
    )


def record(namespec: str, state: int = P.STOPPED, **values: Any) -> ProcessRecord:
    group, name = split_namespec(namespec)
    if state != P.STOPPED:
        values.setdefault('start', 1)
    return ProcessRecord(group, name or '', int(state), **values)


def managed(**named: ApplicationRules) -> Rules:
    return Rules({name: attrs.evolve(rules, managed=True) for name, rules in named.items()})


def application(start_sequence: int = 0, strategy: int = 0, stop: int = 0, **programs: Any) -> ApplicationRules:
    """Rules from the names of the programs: a rank (an int) or `ProgramRules`."""
    rules = {
        name: rule if isinstance(rule, ProgramRules) else ProgramRules(start_sequence=rule)
        for name, rule in programs.items()
    }
    return ApplicationRules(True, start_sequence, stop, strategy, programs=rules)  # type: ignore[arg-type]


def incarnation(letter: str, epoch: int = 0, boots: int = 1) -> Incarnation:
    return Incarnation(f'{letter}{boots}', epoch)
