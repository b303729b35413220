"""What `supvisors check` found: one report for each file, and one for the system that they make."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from supvisors.config.configuration import Reading
from supvisors.config.errors import Note
from supvisors.config.network import is_loopback
from supvisors.config.rules import find_files
from supvisors.model.identity import Identity


@attrs.define
class FileReport:
    """One file. `reading` is None when supervisord would not even call the plugin."""
    file: str
    reading: Reading | None = None
    places: Mapping[str, str] = attrs.field(factory=dict)
    errors: list[str] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    @property
    def local(self) -> Identity | None:
        """The instance that the file makes of this host."""
        return self.reading.found.local if self.reading and self.reading.found else None

    @property
    def is_certain(self) -> bool:
        """It would be the same instance on any host."""
        if self.reading is None or self.reading.found is None:
            return False
        return self.reading.found.by_name or is_loopback(self.reading.found.local.host_id)

    @property
    def instances(self) -> tuple[Identity, ...]:
        if self.reading is None:
            return ()
        return self.reading.found.instances if self.reading.found else self.reading.options.instances

    @property
    def rules_files(self) -> list[str]:
        return find_files(self.reading.options.rules_files)[0] if self.reading and self.reading.rules else []

    @property
    def applications(self) -> list[str]:
        return sorted(self.reading.rules.applications) if self.reading and self.reading.rules else []

    def take(self, notes: Sequence[Note]) -> None:
        for note in notes:
            (self.notes if note.level == 'info' else self.warnings).append(note.text)


@attrs.define
class Report:
    """All files, and what is wrong between them."""
    files: list[FileReport]
    errors: list[str] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors and not any(file.errors for file in self.files)

    @property
    def readings(self) -> list[tuple[FileReport, Reading]]:
        """The files that have no error, and what was read of them."""
        return [(file, file.reading) for file in self.files if file.reading and not file.errors]
