"""Build hook: the plugin requires the client of its own version, so that the number is written once."""
from __future__ import annotations

from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class SameVersionHook(MetadataHookInterface):
    """Adds `supvisors-client==<this version>` to the dependencies listed in `pyproject.toml`."""
    PLUGIN_NAME = 'custom'

    def update(self, metadata: dict[str, Any]) -> None:
        listed = self.config['dependencies']
        metadata['dependencies'] = [*listed, f'supvisors-client=={metadata["version"]}']
