"""The state file: one line for each change, so that a request costs what it changes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tamiz.errors import ConfigError

Note = list[Any]


@dataclass(slots=True)
class Journal:
    """Changes not written yet, and the file they go to; without one nothing is noted."""

    file: Path | None = None
    notes: list[Note] = field(default_factory=list)

    def note(self, note: Note) -> None:
        """Note a change for the next `flush`."""
        if self.file is not None:
            self.notes.append(note)

    def flush(self) -> None:
        """Append what was noted to the file."""
        if self.file is not None and self.notes:
            _write(self.file, self.notes, os.O_APPEND)
            self.notes.clear()

    def rewrite(self, notes: Iterable[Note]) -> None:
        """Replace the file, whole or not at all."""
        self.notes.clear()
        if self.file is None:
            return
        aside = self.file.with_name(f"{self.file.name}.aside")
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(aside, notes, os.O_TRUNC)
        aside.replace(self.file)

    def read(self) -> list[Note]:
        """Return the notes of the file, without a last one that was only half written.

        Raises ConfigError if the file is something else.
        """
        if self.file is None or not self.file.exists():
            return []
        lines = self.file.read_bytes().split(b"\n")
        try:
            notes = [orjson.loads(line) for line in lines[:-1]]
        except orjson.JSONDecodeError:
            notes = [None]
        if not all(isinstance(note, list) for note in notes):
            raise ConfigError(
                f"{self.file} is no state of this sandbox: remove it, or name another file"
            )
        return notes


def _write(file: Path, notes: Iterable[Note], how: int) -> None:
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | how, 0o600)
    with os.fdopen(handle, "wb") as stream:
        for note in notes:
            stream.write(orjson.dumps(note) + b"\n")
