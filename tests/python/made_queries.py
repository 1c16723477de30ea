"""The SQL of `tamiz hash` for several platforms and identifiers, compiled at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from worlds import PROJECT

from tamiz.hashing.compiling import compiled_queries
from tamiz.hashing.running import Hashed, Value, hashed


class Query:
    """Answers what becomes of values on a platform, by the macros that the models use."""

    def __init__(self, folder: Path, pairs: Sequence[tuple[str, str]]) -> None:
        queries = compiled_queries(PROJECT, folder, pairs)
        self.by_pair = dict(zip(pairs, queries, strict=True))

    def __call__(
        self, platform: str, kind: str, values: Iterable[tuple[str | None, str | None]]
    ) -> list[Hashed]:
        given = (Value(text, country) for text, country in values)
        portions = hashed(self.by_pair[platform, kind], given, PROJECT)
        return [row for portion in portions for row in portion]

    def forms(self, platform: str, kind: str, *texts: str, country: str | None = None) -> list[str]:
        """What becomes of each text: its normalised form, or the reason in brackets."""
        rows = self(platform, kind, [(text, country) for text in texts])
        return [row.normalised or f"({row.reason})" for row in rows]
