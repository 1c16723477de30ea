"""A sandbox on loopback with a clock that stands still, and a caller with its tokens."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import orjson
import urllib3
from oauthlib.oauth1 import Client

from tamiz.platforms import PLATFORMS, Account, platform
from tamiz.sandbox import Script, World, parse_script, running_sandbox

NOTHING = sha256(b"").hexdigest()
A, B, C, D = (sha256(text).hexdigest() for text in (b"a", b"b", b"c", b"d"))


def many(count: int) -> list[str]:
    return [sha256(b"%d" % number).hexdigest() for number in range(count)]


def script(**content: Any) -> Script:
    return parse_script(content, "the script")


def signed(method: str, url: str, account: Account, **more: Any) -> dict[str, str]:
    """The header of OAuth 1.0a; `more` goes to the client (nonce, body …)."""
    body, headers = more.pop("body", None), more.pop("headers", None)
    client = Client(
        account.secret("consumer_key"),
        client_secret=account.secret("consumer_secret"),
        resource_owner_key=account.secret("access_token"),
        resource_owner_secret=account.secret("access_token_secret"),
        **more,
    )
    _, given, _ = client.sign(url, http_method=method, body=body, headers=headers)
    return {"Authorization": given["Authorization"]}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 25, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Told:
    """An answer; `body` is None if there was none."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Probe:
    """A caller of one sandbox; a header given as None is left out."""

    url: str
    clock: Clock
    world: World
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)
    nonces: Iterator[int] = field(default_factory=itertools.count)

    def base(self, name: str) -> str:
        """Below which address a platform's operations stand."""
        return f"{self.url}/{name}{urlsplit(platform(name).base_url).path}"

    def ask(
        self, name: str, method: str, path: str, body: Any = None, **headers: str | None
    ) -> Told:
        entry = platform(name)
        account = entry.sandbox
        address = f"{self.base(name)}{path}"
        content = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        given: dict[str, str | None] = {**entry.headers(account)}
        if name == "linkedin" and path.endswith("/users"):
            given["X-RestLi-Method"] = "BATCH_CREATE"
        if "consumer_key" in account.secrets:
            given |= signed(method, address, account, nonce=f"n{next(self.nonces)}")
        if content is not None:
            given["Content-Type"] = "application/json"
        given |= {key.replace("_", "-"): value for key, value in headers.items()}
        sent = {key: value for key, value in given.items() if value is not None}
        answer = self.pool.request(
            method, address, body=content, headers=sent, redirect=False, retries=False, timeout=20
        )
        shown = {key.lower(): value for key, value in answer.headers.items()}
        return Told(answer.status, orjson.loads(answer.data) if answer.data else None, shown)

    def call(
        self, name: str, method: str, path: str, body: Any = None, **headers: str | None
    ) -> tuple[int, Any]:
        told = self.ask(name, method, path, body, **headers)
        return told.status, told.body

    def look(self, path: str) -> Any:
        return self.pool.request("GET", f"{self.url}/_sandbox/{path}").json()

    def tell(self, path: str, **content: Any) -> int:
        return self.pool.request("POST", f"{self.url}/_sandbox/{path}", json=content).status

    def members(self, name: str, list_name: str = "x") -> list[list[str]]:
        found: list[list[str]] = self.look(f"members?platform={name}&list={list_name}")["members"]
        return found

    def wait(self, seconds: float) -> None:
        self.clock.pass_by(seconds)


@contextmanager
def probing(**content: Any) -> Iterator[Probe]:
    """A sandbox that behaves by a script, all of whose members are matched unless it says so."""
    everybody = {name: {"match_rate": 1.0} for name in PLATFORMS}
    asked = content.pop("platforms", {})
    whole = {name: {**everybody[name], **asked.get(name, {})} for name in PLATFORMS}
    clock = Clock()
    world = World(clock, script=script(platforms=whole, **content))
    with running_sandbox(world=world) as url:
        yield Probe(url, clock, world)
