"""What the sandbox remembers: lists, their members, accepted work, tokens and the calls it saw."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from tamiz.sandbox.journal import Journal
from tamiz.sandbox.log import RequestLog
from tamiz.sandbox.script import DEFAULTS, Behaviour, Script

Json = dict[str, Any]
Members = dict[str, dict[str, float]]  # kind -> value -> UTC seconds of the last addition
DRAWN = 1 << 32
HIDDEN = ""  # the platform of lists that only rules know


@dataclass(slots=True)
class SandboxList:
    """A list and its members; `state` is what a platform's rules remember about it."""

    list_id: str
    platform: str
    account_id: str
    name: str
    description: str
    settings: Json
    created_at: float
    changed_at: float | None = None
    state: Json = field(default_factory=dict)
    members: Members = field(default_factory=dict)
    matched: int = 0

    def __len__(self) -> int:
        """Return the number of members."""
        return sum(len(values) for values in self.members.values())

    @property
    def since(self) -> float:
        """Return when its members were last changed, or it was made."""
        return self.created_at if self.changed_at is None else self.changed_at

    def described(self) -> Json:
        """Return all but the members, copied."""
        names = [entry.name for entry in fields(self) if entry.name not in ("members", "matched")]
        return {name: deepcopy(getattr(self, name)) for name in names}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield kind and value of each member."""
        for kind, values in self.members.items():
            for value in values:
                yield kind, value


@dataclass(slots=True)
class World:
    """All state of one sandbox; `clock` gives UTC, `script` says how its platforms behave."""

    clock: Callable[[], datetime]
    state_file: Path | None = None
    script: Script = field(default_factory=Script)
    lists: dict[str, SandboxList] = field(default_factory=dict)
    work: dict[str, Json] = field(default_factory=dict)
    tokens: dict[str, float | None] = field(default_factory=dict)  # when each ends
    nonces: dict[str, float] = field(default_factory=dict)
    log: RequestLog = field(default_factory=RequestLog)
    canned: list[Json] = field(default_factory=list)
    calls: dict[str, deque[float]] = field(default_factory=dict)
    struck: dict[int, int] = field(default_factory=dict)  # fault -> calls it was asked about
    last_number: int = 0
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        """Note changes only if there is a file to write them to."""
        self.journal = Journal(self.state_file)

    def number(self) -> int:
        """A number nobody had before."""
        self.last_number += 1
        self.journal.note(["number", self.last_number])
        return self.last_number

    def seconds(self) -> float:
        """Now, in UTC seconds."""
        return self.clock().timestamp()

    def behaviour(self, platform: str) -> Behaviour:
        """Return how a platform behaves: delays, match rate, minimum size, limits."""
        return self.script.behaviour(platform)

    def of(self, platform: str, account_id: str) -> list[SandboxList]:
        """Return the lists of an account, in the order they were made."""
        lists = self.lists.values()
        return [
            entry for entry in lists if (entry.platform, entry.account_id) == (platform, account_id)
        ]

    def shown(self) -> list[SandboxList]:
        """Return all lists but those that only rules know."""
        return [entry for entry in self.lists.values() if entry.platform in DEFAULTS]

    def put(self, entry: SandboxList) -> SandboxList:
        """Keep a list, or what was changed of it (members are changed by `add` and `remove`)."""
        self.lists[entry.list_id] = entry
        self.journal.note(["list", entry.described()])
        return entry

    def drop(self, entry: SandboxList) -> None:
        """Forget a list."""
        del self.lists[entry.list_id]
        self.journal.note(["drop", entry.list_id])

    def add(
        self, entry: SandboxList, members: Mapping[str, Iterable[str]], at: float | None = None
    ) -> None:
        """Add members, by kind; who is in the list already counts from now on, or from `at`."""
        entry.changed_at = now = self.seconds()
        since = now if at is None else at
        for kind, values in members.items():
            # One text per member in memory, whatever else the request holds.
            given = dict.fromkeys(values, since)
            there = entry.members.setdefault(kind, {})
            entry.matched += sum(
                self.matches(entry.platform, value) for value in given if value not in there
            )
            there.update(given)
            self.journal.note(["add", entry.list_id, now, kind, since, list(given)])

    def remove(self, entry: SandboxList, members: Mapping[str, Iterable[str]]) -> None:
        """Remove members, by kind; strangers are no mistake."""
        entry.changed_at = now = self.seconds()
        for kind, values in members.items():
            there = entry.members.get(kind, {})
            gone = [value for value in values if there.pop(value, None) is not None]
            entry.matched -= sum(self.matches(entry.platform, value) for value in gone)
            self.journal.note(["remove", entry.list_id, now, kind, gone])

    def keep_work(self, work_id: str, work: Json) -> None:
        """Keep accepted work, or what was changed of it."""
        self.work[work_id] = work
        self.journal.note(["work", work_id, work])

    def keep_token(self, token: str, ends_at: float | None) -> None:
        """Keep when a token ends; None: never."""
        self.tokens[token] = ends_at
        self.journal.note(["token", token, ends_at])

    def matches(self, platform: str, value: str) -> bool:
        """Whether the platform knows whose identifier this is: by its first digits and the seed."""
        return self.draw(value[:8]) < self.behaviour(platform).match_rate

    def draw(self, text: str) -> float:
        """Return a number from 0 to 1 that depends on a text and the seed only."""
        return crc32(f"{self.script.seed} {text}".encode("utf-8", "replace")) / DRAWN

    def count_call(self, name: str, seconds: float) -> tuple[int, float]:
        """Count a call; return how many there were within the window and when the first was."""
        seen, now = self.calls.setdefault(name, deque()), self.seconds()
        seen.append(now)
        while seen[0] <= now - seconds:
            seen.popleft()
        return len(seen), seen[0]

    def reset(self) -> None:
        """Forget everything but the script."""
        stores: tuple[Any, ...] = (self.lists, self.work, self.tokens, self.nonces, self.log)
        for store in (*stores, self.canned, self.calls, self.struck):
            store.clear()
        self.last_number = 0
        self.journal.rewrite([])

    def save(self) -> None:
        """Write what was changed since to the state file, in time bounded by that."""
        self.journal.flush()
