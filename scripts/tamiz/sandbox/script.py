"""How the sandbox behaves and fails: the content of `--faults`, validated."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tamiz.errors import ConfigError
from tamiz.strict_yaml import read_yaml

Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Moment = Literal["before", "after"]


class Part(BaseModel):
    """A part of the script: closed, and not to be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Behaviour(Part):
    """How one platform behaves when nothing fails.

    `delay`: seconds of asynchronous work; `ready_after`: seconds before a new list is found;
    `token_lifetime`: seconds an access token lives, None for ever; `rates`: at most so many
    requests in so many seconds, by the name of the limit.
    """

    delay: Seconds = 0.0
    ready_after: Seconds = 0.0
    match_rate: Share = 0.7
    minimum_size: int = 0
    token_lifetime: Seconds | None = None
    rates: Mapping[str, tuple[Positive, float]] = Field(default_factory=dict)


class Status(Part):
    """Too many requests (429, in the platform's own way) or a mistake of the platform's (5xx).

    `applied`: whether it comes before or after the request is applied. `retry_after` is in seconds,
    told as an HTTP date if `as_date`.
    """

    kind: Literal["status"]
    status: int
    retry_after: Seconds | Literal["absurd"] | None = None
    as_date: bool = False
    applied: Moment = "before"

    @field_validator("status")
    @classmethod
    def _is_one_of_these(cls, status: int) -> int:
        if status not in (429, *range(500, 600)):
            raise ValueError("429 or 500 to 599")
        return status


class Reset(Part):
    """The connection is reset instead of an answer."""

    kind: Literal["reset"]
    applied: Moment = "before"


class Slow(Part):
    """The answer waits; the request is applied before or after the wait."""

    kind: Literal["slow"]
    seconds: Seconds
    applied: Moment = "after"


class Garbage(Part):
    """An answer nobody can read; `huge` is 100 MB of it."""

    kind: Literal["garbage"]
    body: Literal["html", "truncated", "empty", "huge"] = "html"
    status: Annotated[int, Field(ge=200, le=599)] = 200
    applied: Moment = "after"


class Partial(Part):
    """A share of all members, always the same ones, is invalid to the platform."""

    kind: Literal["partial"]
    share: Share


class Access(Part):
    """The token ends here (it can be renewed where the platform renews), or may do no more."""

    kind: Literal["token_expired", "permission_revoked"]


class Audience(Part):
    """The list is flagged from now on, or a removal would leave it too small."""

    kind: Literal["audience_flagged", "small_audience"]


Fault = Annotated[
    Status | Reset | Slow | Garbage | Partial | Access | Audience, Field(discriminator="kind")
]


class When(Part):
    """Which of the calls an entry is about are struck: all of them unless it says so."""

    calls: tuple[Positive, ...] | None = None
    every: Positive | None = None
    after: Annotated[int, Field(ge=0)] | None = None
    probability: Share | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "When":
        if len(self.model_fields_set) > 1:
            raise ValueError("say one of calls, every, after, probability")
        return self


class Entry(Part):
    """A fault and the calls it strikes; a `path` may hold `*` for what varies."""

    platform: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    when: When = When()
    fault: Fault

    @model_validator(mode="after")
    def _names_calls_once(self) -> "Entry":
        if self.operation is not None and (self.method is not None or self.path is not None):
            raise ValueError("name an operation, or method and path, not both")
        return self


# The platforms' own figures: contracts_1 and contracts_2 say where each comes from.
DEFAULTS: Mapping[str, Behaviour] = {
    "google": Behaviour(minimum_size=100, rates={"read": (300, 60), "write": (300, 60)}),
    "linkedin": Behaviour(delay=2, ready_after=5, minimum_size=300, rates={"users": (600, 60)}),
    "meta": Behaviour(minimum_size=100, rates={"calls": (5_000, 3_600)}),
    "microsoft": Behaviour(delay=2, minimum_size=300),
    "pinterest": Behaviour(delay=2, minimum_size=100, rates={"calls": (100, 1)}),
    "reddit": Behaviour(
        delay=2,
        minimum_size=1_000,
        rates={
            "ads-custom-audience-ingestion": (3_000, 900),
            "ads-custom-audience-ingestion-burst": (500, 60),
            "ads-targeting-taxonomy": (100, 60),
        },
    ),
    "snapchat": Behaviour(delay=2, minimum_size=1_000, rates={"calls": (10, 1)}),
    "tiktok": Behaviour(delay=2, minimum_size=1_000),
    "x": Behaviour(delay=2, minimum_size=100, rates={"users": (1_500, 60), "other": (450, 60)}),
}


class Script(Part):
    """All of it; the same seed and the same calls give the same faults."""

    seed: int = 0
    latency: Seconds = 0.0  # milliseconds before each answer
    platforms: Mapping[str, Behaviour] = Field(default_factory=dict)
    faults: tuple[Entry, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _over_defaults(cls, given: Any) -> Any:  # noqa: ANN401 - whatever was written
        changes = given.get("platforms") if isinstance(given, Mapping) else None
        if not isinstance(changes, Mapping):
            return given
        whole = {
            name: {**DEFAULTS[name].model_dump(), **change}
            if name in DEFAULTS and isinstance(change, Mapping)
            else change
            for name, change in changes.items()
        }
        return {**given, "platforms": whole}

    @model_validator(mode="after")
    def _names_platforms(self) -> "Script":
        named = [*self.platforms, *(entry.platform for entry in self.faults)]
        unknown = sorted({name for name in named if name and name not in DEFAULTS})
        if unknown:
            raise ValueError(f"no platform named '{unknown[0]}'; known: {', '.join(DEFAULTS)}")
        return self

    def behaviour(self, platform: str) -> Behaviour:
        """Return how a platform behaves; lists that only rules know behave plainly."""
        return self.platforms.get(platform, DEFAULTS.get(platform, Behaviour()))


def read_script(file: Path) -> Script:
    """Read a fault script, YAML or JSON; raises ConfigError naming every entry that is wrong."""
    return parse_script(read_yaml(file) or {}, str(file))


def parse_script(content: object, name: str) -> Script:
    """Return the script of what was written; raises ConfigError as above."""
    try:
        return Script.model_validate(content)
    except ValidationError as error:
        told = "; ".join(
            f"{_place(entry['loc'])}: {entry['msg'].removeprefix('Value error, ')}"
            for entry in error.errors()
        )
        raise ConfigError(f"{name}: {told}") from None


def _place(where: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in where) or "the script"
