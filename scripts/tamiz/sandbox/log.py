"""The requests the sandbox saw, the latest of them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
REMEMBERED = 5_000  # requests
HASHES = 500_000  # members of requests; those of the oldest are forgotten first


@dataclass(slots=True)
class RequestLog:
    """Requests, oldest first; `hashes` of an entry are all digests in it."""

    entries: deque[Json] = field(default_factory=deque)
    hashes: int = 0

    def __iter__(self) -> Iterator[Json]:
        """Yield the entries, oldest first."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self.entries)

    def add(self, entry: Json) -> None:
        """Remember a request."""
        self.entries.append(entry)
        self.hashes += len(entry["hashes"])
        if len(self.entries) > REMEMBERED:
            self.hashes -= len(self.entries.popleft()["hashes"])
        for oldest in self.entries:
            if self.hashes <= HASHES:
                break
            self.hashes -= len(oldest["hashes"])
            oldest["hashes"] = []

    def clear(self) -> None:
        """Forget all of them."""
        self.entries.clear()
        self.hashes = 0
