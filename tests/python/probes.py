"""The probe set: requests that a contract accepts or refuses, and who says so.

Run as a program it compares the sandbox with Prism: scripts/check-contracts.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3
import yaml
from sandboxes import NOTHING, A, B, C, Probe, probing

from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer, NewList

FILE = Path(__file__).with_name("contract_probes.yml")
HOMES = {
    "pinterest": "/ad_accounts/$ACCOUNT",
    "snapchat": "/adaccounts/$ACCOUNT",
    "x": "/accounts/$ACCOUNT",
}
LISTS = "/v1/accountTypes/GOOGLE_ADS/accounts/$ACCOUNT/userLists"
READY_WITHIN = 60.0  # seconds
FAILURE = 400  # HTTP statuses from here on are errors
BROKEN = 500  # and from here on Prism's own


@dataclass(frozen=True)
class Question:
    """One request of the set; `rule` is what a schema cannot say."""

    name: str
    says: str
    method: str
    path: str
    body: Any
    headers: dict[str, str | None]
    accepted: bool
    rule: str | None


def questions() -> list[Question]:
    content = yaml.safe_load(FILE.read_text("utf-8"))
    return [
        Question(
            part["platform"],
            one["says"],
            one["method"],
            one["path"],
            one.get("body"),
            one.get("headers", {}),
            one["accepted"],
            one.get("rule"),
        )
        for part in content
        for one in part["probes"]
    ]


def filled(value: Any, name: str, list_id: str) -> Any:
    """The value with what the words beginning with $ stand for."""
    if isinstance(value, dict):
        return {key: filled(one, name, list_id) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, name, list_id) for one in value]
    if not isinstance(value, str):
        return value
    words = {
        "$HOME": HOMES.get(name, ""),
        "$LISTS": LISTS,
        "$LIST": list_id,
        "$ACCOUNT": platform(name).sandbox.account_id,
        "$EMPTY": NOTHING,
        "$A": A,
        "$B": B,
        "$C": C,
    }
    for word, meant in words.items():
        value = value.replace(word, meant)
    return value


def new_list(probe: Probe, name: str) -> str:
    """The id of a list made with our own module."""
    entry = platform(name)
    new = NewList("probes", "aud_probes", "0123456789abcdef", (entry.pushed[0].kind, A))
    request = entry.create_list(entry.sandbox, new)
    path = f"{request.path}?{urlencode(request.query)}" if request.query else request.path
    told = probe.ask(name, request.method, path, request.body)
    is_empty = told.body is None
    return entry.read_created(Answer(told.status, told.headers, told.body, is_empty=is_empty))


def accepts(probe: Probe, question: Question, list_id: str) -> tuple[bool, int]:
    """Whether a server takes a request, by our own module's reading of the answer; HTTP status."""
    name = question.name
    path, body = (filled(part, name, list_id) for part in (question.path, question.body))
    told = probe.ask(name, question.method, path, body, **question.headers)
    answer = Answer(told.status, told.headers, told.body, is_empty=told.body is None)
    return answer.is_success and platform(name).classify(answer) is None, told.status


@contextmanager
def new_lists() -> Iterator[tuple[Probe, dict[str, str]]]:
    """A sandbox with one list of each platform, that may be filled."""
    with probing(platforms={"linkedin": {"ready_after": 0}, "snapchat": {"rates": {}}}) as probe:
        yield probe, {name: new_list(probe, name) for name in sorted(PLATFORMS)}


@dataclass
class Prism(Probe):
    """Prism with the contract of one platform."""

    def base(self, name: str) -> str:
        assert name
        return self.url


@contextmanager
def running_prism(command: str, name: str, sandbox: Probe) -> Iterator[Prism]:
    """Prism on loopback, strict, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    contract = files("tamiz.sandbox").joinpath("contracts", f"{name}.openapi.yaml")
    with as_file(contract) as file:
        process = subprocess.Popen(  # noqa: S603 - Prism, as installed
            [command, "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(file)],
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + READY_WITHIN
            while time.monotonic() < until:
                with suppress(urllib3.exceptions.HTTPError):
                    urllib3.request("GET", f"{url}/nothing", retries=False, timeout=2)
                    break
                time.sleep(0.2)
            yield Prism(url, sandbox.clock, sandbox.world)
        finally:
            process.terminate()
            process.wait(10)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def compare(command: str) -> int:
    """Print who accepts what; the number of disagreements nobody gave a reason for."""
    wrong = same = excused = 0
    say(f"{'platform':10} {'sandbox':8} {'prism':12} request")
    with new_lists() as (sandbox, lists):
        for name in sorted(PLATFORMS):
            with running_prism(command, name, sandbox) as prism:
                for question in (one for one in questions() if one.name == name):
                    ours, _ = accepts(sandbox, question, lists[name])
                    status = accepts(prism, question, lists[name])[1]
                    # Its answers are made up: only the status says something.
                    theirs = status < FAILURE
                    verdict = ""
                    if ours != question.accepted or (theirs != ours and not question.rule):
                        wrong, verdict = wrong + 1, "  <-- disagreement"
                    elif status >= BROKEN:
                        wrong, verdict = wrong + 1, "  <-- Prism cannot answer"
                    elif question.rule and theirs == ours:
                        wrong, verdict = wrong + 1, "  <-- Prism knows it: take the rule out"
                    elif question.rule:
                        excused, verdict = excused + 1, f"  (rule: {question.rule})"
                    else:
                        same += 1
                    said = ["refuses", "accepts"]
                    shown = f"{said[theirs]} {status}"
                    say(f"{name:10} {said[ours]:8} {shown:12} {question.says}{verdict}")
    say(
        f"{same + excused + wrong} probes: {same} agree, {excused} are rules only the sandbox"
        f" knows, {wrong} disagree"
    )
    return wrong


if __name__ == "__main__":
    sys.exit(1 if compare(sys.argv[1]) else 0)
