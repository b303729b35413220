"""All targets, by name."""
from __future__ import annotations

from tests.fuzz import bus, daemon, discovery, files
from tests.fuzz.running import Target

TARGETS = {target.name: target for target in (
    Target('bus', bus.STRATEGY, bus.open_engine),
    Target('discovery', discovery.STRATEGY, discovery.open_discovery),
    *files.TARGETS,
    *daemon.TARGETS,
)}
