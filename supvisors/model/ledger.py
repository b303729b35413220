"""What the Master replicates to all: intents, requests and placements, as versioned items."""

from __future__ import annotations

from typing import Any, NamedTuple

import attrs


class Version(NamedTuple):
    """Larger wins. `sequence` counts the writes of one Master in one term."""

    term: int
    master: str
    sequence: int


AUTOMATIC = 'automatic start'
"""In place of a request: nobody has asked, the start sequence of the rules says so."""


@attrs.frozen
class Intent:
    """What a user wants of one process."""

    running: bool
    extra_args: str = ''
    request: str = ''
    former: str = ''
    """The extra arguments before that request: they count again if it fails."""

    @property
    def automatic(self) -> bool:
        return self.request == AUTOMATIC


@attrs.frozen
class Placement:
    """Where a process runs, on which incarnation of an instance, and the request that it was started for.

    Once `ended`, it tells that the process has run and is not expected to run any more.
    """

    identifier: str
    boot: str
    epoch: int
    request: str = ''
    ended: bool = False


@attrs.frozen
class Failure:
    """Why a process could not be started, where no event of it tells that; no reason: it is over.

    It holds as long as nothing else happens to the process. For that it keeps the request that the process was wanted
    by, the time of its last event on each instance where there was one, and where its program was disabled.
    """

    reason: str = ''
    request: str = ''
    events: dict[str, float] = attrs.field(factory=dict)
    disabled: tuple[str, ...] = ()


@attrs.frozen
class RequestRecord:
    """One request accepted by a Master, and its outcome once `done` (code 0 is a success).

    `begun`: enough others hold it, and it is being carried out. `seen`: how far the Master had read the inventories
    of the instances concerned. The outcome is told only once the instance that tells it has read as far, or its own
    answers would contradict it.
    """

    command: dict[str, Any]
    begun: bool = False
    done: bool = False
    code: int = 0
    text: str = ''
    seen: dict[str, int] = attrs.field(factory=dict)


@attrs.frozen
class Item:
    """One entry of the ledger. One of the values is set, or none when the process is not there any more."""

    key: str
    version: Version
    intent: Intent | None = None
    placement: Placement | None = None
    request: RequestRecord | None = None
    failure: Failure | None = None
