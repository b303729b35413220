"""What the bus has counted since it started."""
from __future__ import annotations

import attrs


@attrs.define
class Counters:
    """Each field is written by one thread only, so that none needs a lock."""
    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    malformed: int = 0
    """Frames that do not decode."""
    other_version: int = 0
    unknown_kind: int = 0
    unknown_sender: int = 0
    unknown_fields: int = 0
    """Fields that this release does not know and has ignored. Only looked for in frames of another release."""
    refused: int = 0
    """Connections refused here: another secret, or none."""
    unlinked: int = 0
    """Frames not sent because the link was down."""
    overflow_out: int = 0
    """Frames not sent because the receiver does not read, or because they are too big."""
    overflow_in: int = 0
    """Envelopes forgotten because the main loop does not drain."""
    backlog: int = 0
    """Sends of the main thread that the bus thread could not take. Written by the main thread."""
    errors: int = 0
    """Unexpected exceptions of the bus thread; see `Bus.problems`."""
    beacons_in: int = 0
    """Beacons of other instances that were read; our own are not counted."""
    beacons_out: int = 0
    beacons_unsent: int = 0
    """Beacons that the system refused to send."""
    beacons_oversized: int = 0
    """Datagrams on the multicast group that are longer than any beacon."""
    beacons_malformed: int = 0
    """Datagrams on the multicast group that are no beacon, or describe no instance."""
    beacons_other_version: int = 0
    """Beacons of a version that this release does not read."""
    beacons_refused: int = 0
    """Beacons sealed with another secret, damaged, or forged."""
    beacons_namesake: int = 0
    """Beacons of another daemon that has our identifier."""
    beacons_overflow: int = 0
    """Beacons ignored because too many instances are announced; see `acquaintances.LIMIT`."""
