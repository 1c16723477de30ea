"""What the sandbox remembers: lists, their members, accepted work, and the requests it saw."""

import json
import os
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]
REMEMBERED = 5_000  # requests


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed its schema."""

    operation: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `headers` are the platform's own."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SandboxList:
    """A list of members: `type:value` with the time each was last added, in UTC seconds."""

    list_id: str
    platform: str
    account_id: str
    name: str
    description: str
    settings: Json
    members: dict[str, float] = field(default_factory=dict)
    data_source: str | None = None
    sessions: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """All state of one sandbox; `clock` gives UTC, and limits are the platforms' own."""

    clock: Callable[[], datetime]
    state_file: Path | None = None
    meta_calls_per_hour: int = 5_000
    google_calls_per_minute: int = 300
    lists: dict[str, SandboxList] = field(default_factory=dict)
    work: dict[str, Json] = field(default_factory=dict)
    requests: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    canned: list[Json] = field(default_factory=list)
    calls: dict[str, deque[datetime]] = field(default_factory=dict)
    last_number: int = 0

    def number(self) -> int:
        """A number nobody had before."""
        self.last_number += 1
        return self.last_number

    def seconds(self) -> float:
        """Now, in UTC seconds."""
        return self.clock().timestamp()

    def of(self, platform: str, account_id: str) -> list[SandboxList]:
        """Return the lists of an account, in the order they were made."""
        lists = self.lists.values()
        return [
            entry for entry in lists if (entry.platform, entry.account_id) == (platform, account_id)
        ]

    def count_call(self, name: str, window: timedelta) -> int:
        """Count a call and return how many there were within the window."""
        seen, now = self.calls.setdefault(name, deque()), self.clock()
        seen.append(now)
        while seen[0] <= now - window:
            seen.popleft()
        return len(seen)

    def reset(self) -> None:
        """Forget everything."""
        for store in (self.lists, self.work, self.requests, self.canned, self.calls):
            store.clear()
        self.last_number = 0
        self.save()

    def save(self) -> None:
        """Write lists and accepted work to the state file, whole or not at all."""
        if self.state_file is None:
            return
        aside = self.state_file.with_name(f"{self.state_file.name}.aside")
        state = {
            "last_number": self.last_number,
            "work": self.work,
            "lists": [asdict(entry) for entry in self.lists.values()],
        }
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state, file)
        aside.replace(self.state_file)

    def load(self) -> None:
        """Read the state file, if there is one."""
        if self.state_file is None or not self.state_file.exists():
            return
        state = json.loads(self.state_file.read_text("utf-8"))
        self.last_number, self.work = state["last_number"], state["work"]
        for entry in state["lists"]:
            self.lists[entry["list_id"]] = SandboxList(**entry)
