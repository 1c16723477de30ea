"""A place for the doctor to look at: a published generation, a ledger, accounts, a sandbox."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

from tamiz.doctor import Check, examine
from tamiz.doctor.accounts import open_line
from tamiz.ledger import Sync, open_ledger
from tamiz.platforms import PLATFORMS
from tamiz.platforms.base import NewList
from tamiz.publish.generation import Generation, content_hash, generation_name, manifest_of
from tamiz.push.accounts import sandbox_account

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
MARK = "ab12cd34ef56ab12"
LIST = "tamiz_win_back"
WIN_BACK = {
    "name": "aud_win_back",
    "label": "Win back",
    "account": "default",
    "list_name": LIST,
    "platforms": ["meta"],
}


@dataclass
class Practice:
    """Files below a folder, and the sandbox the requests go to."""

    folder: Path
    url: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def ledger(self) -> Path:
        return self.folder / "state" / "ledger.db"

    def publish(self, *audiences: dict[str, Any]) -> None:
        """Publish a generation without tables; only its audiences are of interest here."""
        said = content_hash({}, audiences, ())
        name = generation_name(AS_OF, said)
        place = self.folder / "published" / name
        place.mkdir(parents=True)
        generation = Generation(place, name, 1, AS_OF, "invocation", {}, audiences, ())
        text = json.dumps(manifest_of(generation))
        (place / "manifest.json").write_text(text, encoding="utf-8")

    def write_accounts(self, text: str) -> None:
        (self.folder / "platforms.yml").write_text(text, encoding="utf-8")

    def make_list(self, name: str, mark: str = MARK, list_name: str = LIST) -> str:
        """Make a list at the sandbox as a push would; return its id."""
        entry = PLATFORMS[name]
        account = sandbox_account(entry, self.url)
        line = open_line(entry, account, lambda: AS_OF, time.sleep)
        member = ("email", "ab" * 32) if entry.creates_with_member else None
        new = NewList(list_name, "aud_win_back", mark, member)
        made = line.read(entry.read_created, line.expect(entry.create_list(account, new)))
        line.transport.close()
        return made

    def keep(self, name: str, list_id: str | None, **changes: str) -> None:
        """Record in the ledger which list the audience fills."""
        account_id = PLATFORMS[name].sandbox.account_id
        values = {"account_id": account_id, "list_name": LIST, "owner_marker": MARK, **changes}
        sync = Sync(f"{name}/aud_win_back", name, audience_name="aud_win_back", **values)
        with open_ledger(self.ledger) as ledger:
            ledger.register(sync)
            if list_id is not None:
                ledger.keep_list_id(sync.sync_id, list_id, AS_OF)

    def look(self, *, is_sandbox: bool = True, **chosen: Any) -> list[Check]:
        return list(
            examine(
                self.folder / "platforms.yml",
                self.environment,
                self.folder / "published",
                self.ledger,
                clock=lambda: AS_OF + timedelta(hours=9),
                sleep=time.sleep,
                sandbox_url=self.url if is_sandbox else None,
                **chosen,
            )
        )

    def strike(self, *faults: dict[str, Any]) -> None:
        """Let the sandbox answer otherwise from now on."""
        content = {"seed": 1, "faults": list(faults)}
        answer = urllib3.request("POST", f"{self.url}/_sandbox/faults", json=content)
        assert answer.status < 300, answer.data

    def requests(self) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]]
        seen = urllib3.request("GET", f"{self.url}/_sandbox/requests").json()
        return seen


def shown(checks: Iterable[Check]) -> dict[tuple[str, str], tuple[str, str]]:
    """State and words by where and what."""
    return {(check.where, check.what): (check.state.value, check.said) for check in checks}
