"""A world that tests of the push share: generations, a ledger, and the real sandbox."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import urllib3

from tamiz.ledger import open_ledger
from tamiz.platforms import Account, platform
from tamiz.publish import Generation, PublishedTable
from tamiz.publish.generation import (
    MANIFEST,
    content_hash,
    file_sha256,
    generation_name,
    manifest_of,
)
from tamiz.push import PushResult, plan, push, render
from tamiz.push.accounts import sandbox_account

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
PLATFORMS = ("google", "meta")
OPERATIONS = {
    "google": ("ingestAudienceMembers", "removeAudienceMembers"),
    "meta": ("addUsers", "removeUsers"),
}
KINDS = ("email", "phone", "idfa", "aaid", "x_user_id", "x_handle")
CHANGING = {name for pair in OPERATIONS.values() for name in pair}
TAKEN = (
    '{"audience_id":"1","session_id":"1","num_received":200,"num_invalid_entries":0,'
    '"invalid_entry_samples":{}}'
)
NOTHING = sha256(b"").hexdigest()


def digest(platform_name: str, text: str) -> str:
    """The hash a platform knows a text by; other platforms know it by another one."""
    return sha256(f"{platform_name}:{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Person:
    """Somebody of an audience; None for what is not known."""

    person_id: str
    email: str | None = None
    phone: str | None = None
    is_holdout: bool = False


def people(count: int, start: int = 0) -> list[Person]:
    return [
        Person(f"p{number}", f"person{number}@example.com", f"+3460000{number:04}")
        for number in range(start, start + count)
    ]


@dataclass
class PushWorld:
    """A folder of generations, a ledger and a sandbox; `said` is what pushes said."""

    folder: Path
    sandbox_url: str
    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    published: int = 0
    now: datetime = AS_OF
    platforms: tuple[str, ...] = PLATFORMS

    @property
    def ledger_file(self) -> Path:
        return self.folder / "state" / "ledger.db"

    def publish(
        self, members: Mapping[str, Sequence[Person]] | Sequence[Person], **meta: Any
    ) -> Generation:
        """Publish audiences; `members` alone are those of aud_win_back."""
        audiences = members if isinstance(members, Mapping) else {"aud_win_back": members}
        rows = [
            {
                "audience_name": audience,
                "platform": name,
                "person_id": person.person_id,
                "email_sha256": _hashed(name, person.email, person),
                "phone_sha256": _hashed(name, person.phone, person),
                "rule_version": 1,
                "is_holdout": person.is_holdout,
            }
            for audience, persons in audiences.items()
            for name in self.platforms
            for person in persons
        ]
        funnel = [
            (audience, name, number, step, reason, count)
            for audience, persons in audiences.items()
            for name in self.platforms
            for number, step, reason, count in (
                (1, "segment", None, len(persons) + 9),
                (2, "excluded", "exc_recent_buyers", 4),
                (3, "no_consent", "exc_no_ad_consent", 3),
                (4, "holdout", None, 2),
                (6, "reachable", None, len(persons)),
            )
        ]
        return self.publish_rows(rows, funnel, list(audiences), **meta)

    def publish_rows(
        self, rows: list[dict[str, Any]], funnel: list[Any], audiences: list[str], **meta: Any
    ) -> Generation:
        self.published += 1
        folder = self.folder / "published" / f"aside{self.published}"
        folder.mkdir(parents=True)
        text = pa.string()
        members = pa.schema(
            [
                ("audience_name", text),
                ("platform", text),
                ("person_id", text),
                *((f"{kind}_sha256", text) for kind in KINDS),
                ("rule_version", pa.int32()),
                ("is_holdout", pa.bool_()),
            ]
        )
        counts = pa.schema(
            [
                ("audience_name", text),
                ("platform", text),
                ("step_number", pa.int32()),
                ("step", text),
                ("reason", text),
                ("person_count", pa.int64()),
            ]
        )
        names = ("audience_name", "platform", "step_number", "step", "reason", "person_count")
        steps = [dict(zip(names, row, strict=True)) for row in funnel]
        tables = {
            "fct_audience_members": pa.Table.from_pylist(rows, schema=members),
            "fct_audience_funnel": pa.Table.from_pylist(steps, schema=counts),
        }
        written = {}
        for name, table in tables.items():
            file = folder / f"{name}.parquet"
            pq.write_table(table, file)
            types = {column.name: str(column.type) for column in table.schema}
            written[name] = PublishedTable(file, table.num_rows, file_sha256(file), types)
        described = tuple(
            {
                "name": name,
                "platforms": list(self.platforms),
                "list_name": name.replace("aud_", "tamiz_"),
                "identifiers": ["email", "phone"],
                "minimum_size": 1,
                **meta,
            }
            for name in audiences
        )
        name = generation_name(AS_OF, content_hash(written, described, ()))
        generation = Generation(
            folder, name, self.published, AS_OF, "invocation", written, described, ()
        )
        (folder / MANIFEST).write_text(json.dumps(manifest_of(generation)))
        return generation

    def push(self, generation: Generation, **wanted: Any) -> PushResult:
        by_platform = wanted.pop("known", {})
        in_flight = wanted.pop("in_flight", 8)
        with open_ledger(self.ledger_file, wait=0.2) as ledger:
            plans = plan(generation, ledger, now=self.now, **wanted)
            known = {each.sync_id: self.account(each.platform) for each in plans}
            known |= {
                each.sync_id: by_platform[each.platform]
                for each in plans
                if each.platform in by_platform
            }
            return push(
                plans,
                ledger,
                known,
                clock=lambda: self.now,
                say=self.said.append,
                sleep=self.slept.append,
                ticks=self.now.timestamp,
                in_flight=in_flight,
            )

    def account(self, platform_name: str) -> Account:
        return sandbox_account(platform(platform_name), self.sandbox_url)

    def plan_lines(self, generation: Generation, **wanted: Any) -> list[str]:
        with open_ledger(self.ledger_file, wait=0.2) as ledger:
            return render(plan(generation, ledger, now=self.now, **wanted))

    def members(self, platform_name: str, list_name: str = "tamiz_win_back") -> set[str]:
        query = f"platform={platform_name}&list={list_name}"
        answer = urllib3.request("GET", f"{self.sandbox_url}/_sandbox/members?{query}")
        return {value for _, value in answer.json()["members"]} if answer.status == 200 else set()

    def lists(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = urllib3.request(
            "GET", f"{self.sandbox_url}/_sandbox/lists"
        ).json()
        return found

    def changes(self) -> list[dict[str, Any]]:
        """The requests seen so far that change members."""
        seen = urllib3.request("GET", f"{self.sandbox_url}/_sandbox/requests").json()
        return [entry for entry in seen if entry["operation"] in CHANGING]

    def answer(
        self, platform_name: str, operation: str, status: int, body: Any, **more: Any
    ) -> None:
        told = {"platform": platform_name, "operation": operation, "status": status, "body": body}
        urllib3.request("POST", f"{self.sandbox_url}/_sandbox/answers", json={**told, **more})

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.ledger_file) as connection:
            return connection.execute(sql).fetchall()


def _hashed(platform_name: str, text: str | None, person: Person) -> str | None:
    return None if text is None or person.is_holdout else digest(platform_name, text)


def wanted_by(platform_name: str, persons: Sequence[Person]) -> set[str]:
    texts = [text for person in persons for text in (person.email, person.phone) if text]
    return {digest(platform_name, text) for text in texts}


def processing(state: str = "PROCESSING") -> dict[str, Any]:
    """Google's answer about accepted work."""
    destination = {
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
        "productDestinationId": "1",
    }
    status = {"destination": destination, "requestStatus": state}
    return {"requestStatusPerDestination": [status]}
