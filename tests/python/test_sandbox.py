"""The sandbox as a whole: what every platform refuses, what it keeps, and what it tells."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import urllib3
from sandboxes import A, B, Clock, Probe, many, probing, script

from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer, Verdict
from tamiz.sandbox import World, create_app, running_sandbox, serve

ACT = "/act_100200300400500"
NEW = {"name": "x", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
LISTS = "/v1/accountTypes/GOOGLE_ADS/accounts/1234567890/userLists"
X_LISTS = "/accounts/18ce54d4x5t/custom_audiences"
# An address of each platform that reads, and one that takes a JSON object.
READING = {
    "google": LISTS,
    "linkedin": "/dmpSegments/1",
    "meta": f"{ACT}/customaudiences",
    "pinterest": "/ad_accounts/549755885175/customer_lists",
    "reddit": "/custom_audiences/ca.1",
    "snapchat": "/segments/1",
    "tiktok": "/dmp/custom_audience/list/?advertiser_id=7178918106775994370",
    "x": X_LISTS,
}
WRITING = {
    "google": LISTS,
    "linkedin": "/dmpSegments",
    "meta": f"{ACT}/customaudiences",
    "microsoft": "/Audiences",
    "pinterest": "/ad_accounts/549755885175/customer_lists",
    "reddit": "/ad_accounts/a2_tamiz/custom_audiences",
    "snapchat": "/adaccounts/8adc3db7-8148-4fbf-999c-8d2266369d74/segments",
    "tiktok": "/segment/audience/",
    "x": f"{X_LISTS}/s1/users",
}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


def verdict(name: str, probe: Probe, method: str, path: str, **headers: str) -> Verdict | None:
    told = probe.ask(name, method, path, **headers)
    found = platform(name).classify(Answer(told.status, told.headers, told.body))
    return found.verdict if found is not None else None


def meta_members(probe: Probe, audience: str, *values: str) -> int:
    body = {"payload": {"schema": ["EMAIL"], "data": [[value] for value in values]}}
    return probe.call("meta", "POST", f"{audience}/users", body)[0]


@pytest.fixture
def audience(probe: Probe) -> str:
    """The path of an empty audience of Meta."""
    _, answer = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
    return f"/{answer['id']}"


@pytest.mark.parametrize("name", sorted(READING))
def test_an_unknown_token_is_refused_as_one(probe: Probe, name: str) -> None:
    for token in ("Bearer somebody", "Bearer", "sandbox", "", "Basic YTpi"):
        headers = {"Authorization": token, "Access_Token": token}
        assert verdict(name, probe, "GET", READING[name], **headers) == Verdict.REAUTHENTICATE


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_request_no_operation_takes_is_refused(probe: Probe, name: str) -> None:
    told = probe.ask(name, "PUT", "/nothing/here")
    assert told.status in (400, 404)
    assert platform(name).classify(Answer(told.status, told.headers, told.body)) is not None


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_known_address_tells_which_methods_it_takes(probe: Probe, name: str) -> None:
    told = probe.ask(name, "PUT", WRITING[name])
    assert told.status == 405
    assert "POST" in told.headers["allow"]


@pytest.mark.parametrize("name", sorted(WRITING))
@pytest.mark.parametrize(
    "body", [b"{", b"", b"[]", b'""', b"\xff", b"NaN", b'"\\ud800"', b"1e999", b"[" * 100_000]
)
def test_a_body_that_is_not_what_is_asked_for_is_refused(
    probe: Probe, name: str, body: bytes
) -> None:
    told = probe.ask(name, "POST", WRITING[name], body)
    if name == "tiktok":
        assert (told.status, told.body["code"]) == (200, 40002)
    else:
        assert told.status == 400
    assert probe.look("lists") == []


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_says_that_it_is_json(probe: Probe, media_type: str | None) -> None:
    path = f"{ACT}/customaudiences"
    assert probe.call("meta", "POST", path, NEW, Content_Type=media_type)[0] == 400
    charset = "application/json; charset=utf-8"
    assert probe.call("meta", "POST", path, NEW, Content_Type=charset)[0] == 200


def test_a_request_is_no_larger_than_sixteen_mebibytes(probe: Probe, audience: str) -> None:
    room = b" " * (16 << 20)
    body = orjson.dumps({"payload": {"schema": ["EMAIL"], "data": [[A]]}})
    assert probe.call("meta", "POST", f"{audience}/users", body + room)[0] == 400
    assert probe.call("meta", "POST", f"{audience}/users", body + room[len(body) :])[0] == 200


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("meta", "/act_999/customaudiences"),
        ("google", LISTS.replace("1234567890", "1111111111")),
        ("linkedin", "/dmpSegments?q=account&account=urn:li:sponsoredAccount:1"),
    ],
)
def test_the_account_of_somebody_else_is_refused(probe: Probe, name: str, path: str) -> None:
    assert probe.call(name, "GET", path)[0] == 403


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("meta", f"{ACT}/customaudiences?surprise=1"),
        ("meta", f"{ACT}/customaudiences?limit=501"),
        ("meta", f"{ACT}/customaudiences?limit=5&limit=5"),
        ("meta", f"{ACT}/customaudiences?fields=NAME"),
        ("meta", "/act_abc/customaudiences"),
        ("google", f"{LISTS}?pageSize=0"),
        ("google", f"{LISTS}?pageSize=many"),
        ("google", "/v1/requestStatus:retrieve"),
        ("google", LISTS.replace("1234567890", "123")),
        ("x", f"{X_LISTS}?with_deleted=maybe"),
    ],
)
def test_parameters_are_held_to_the_contract(probe: Probe, name: str, path: str) -> None:
    assert probe.call(name, "GET", path)[0] == 400


def test_a_header_is_held_to_the_contract(probe: Probe) -> None:
    assert probe.call("google", "GET", LISTS, **{"login-account": "somebody"})[0] == 400
    manager = {"login-account": "accountTypes/GOOGLE_ADS/accounts/9876543210"}
    assert probe.call("google", "GET", LISTS, **manager)[0] == 200


def test_a_platform_nobody_knows_is_not_there(probe: Probe) -> None:
    for path in ("/nobody/v1/lists", "/", "/_sandbox/nothing"):
        status = probe.pool.request("POST", f"{probe.url}{path}", retries=False).status
        assert status in (404, 405)


def test_what_was_seen_can_be_looked_at_and_forgotten(probe: Probe, audience: str) -> None:
    meta_members(probe, audience, A)
    (entry,) = probe.look("lists")
    assert entry == {
        "id": audience[1:],
        "name": "x",
        "platform": "meta",
        "account_id": "100200300400500",
        "member_count": 1,
    }
    seen = probe.look("requests")[-1]
    assert seen.pop("milliseconds") > 0
    assert seen == {
        "at": "2026-11-25T00:00:00+00:00",
        "platform": "meta",
        "method": "POST",
        "operation": "addUsers",
        "status": 200,
        "fault": None,
        "member_count": 1,
        "hashes": [A],
    }
    probe.tell("reset")
    assert probe.look("lists") == probe.look("requests") == []


def test_hashes_of_old_requests_are_forgotten_first(probe: Probe, audience: str) -> None:
    values = many(10_000)
    for _ in range(52):
        probe.world.log.add({"hashes": list(values)})
    meta_members(probe, audience, A)
    kept = [len(entry["hashes"]) for entry in probe.look("requests")]
    # The audience was made first; then 52 of 10,000, of which 49 fit beside the last one.
    assert kept == [0] * 4 + [10_000] * 49 + [1]


def test_an_answer_can_be_told_beforehand(probe: Probe, audience: str) -> None:
    told = {"platform": "meta", "operation": "addUsers", "status": 500, "body": {"lost": True}}
    probe.tell("answers", **told, applied=True)
    body = {"payload": {"schema": ["EMAIL"], "data": [[A]]}}
    assert probe.call("meta", "POST", f"{audience}/users", body) == (500, {"lost": True})
    assert probe.members("meta") == [["email", A]]
    assert meta_members(probe, audience, A) == 200


def test_an_answer_of_ours_that_breaks_the_contract_fails_loudly(
    probe: Probe, audience: str
) -> None:
    probe.world.lists[audience[1:]].name = 5  # type: ignore[assignment]
    status, answer = probe.call("meta", "GET", f"{audience}?fields=name")
    assert status == 500
    assert "breaks its own contract" in next(iter(answer))


def test_state_is_kept_in_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sandbox.jsonl"
    for number in range(2):
        with running_sandbox(file) as url:
            probe = Probe(url, Clock(), World(Clock()))
            if number == 0:
                _, made = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
                meta_members(probe, f"/{made['id']}", A, B)
                body = {"payload": {"schema": ["EMAIL"], "data": [[B]]}}
                probe.call("meta", "DELETE", f"/{made['id']}/users", body)
            else:
                assert probe.members("meta") == [["email", A]]
                _, again = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
                assert again["id"] != made["id"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_request_writes_what_it_changes_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.jsonl"
    with running_sandbox(file, script=script(platforms={"meta": {"rates": {}}})) as url:
        probe = Probe(url, Clock(), World(Clock()))
        _, made = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
        meta_members(probe, f"/{made['id']}", *many(10_000))
        before = file.stat().st_size
        meta_members(probe, f"/{made['id']}", A)
        assert 0 < file.stat().st_size - before < 1_000
        for _ in range(5):
            meta_members(probe, f"/{made['id']}", *many(10_000))
        grown = file.stat().st_size
    # Read again, it is written anew without what is over.
    create_app(World(Clock(), file))
    assert file.stat().st_size < grown / 3


def test_a_last_line_that_was_half_written_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.jsonl"
    with running_sandbox(file) as url:
        probe = Probe(url, Clock(), World(Clock()))
        _, made = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
        meta_members(probe, f"/{made['id']}", A)
        whole = file.read_bytes()
        meta_members(probe, f"/{made['id']}", B)
        content = file.read_bytes()
    file.write_bytes(content[: len(whole) + 20])
    world = World(Clock(), file)
    create_app(world)
    assert [set(entry.pairs()) for entry in world.shown()] == [{("email", A)}]


@pytest.mark.parametrize("content", ['{"lists": []}\n', "nothing\n"])
def test_a_file_that_is_no_state_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sandbox.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"is no state of this sandbox: remove it"):
        create_app(World(Clock(), file))
    assert file.read_text(encoding="utf-8") == content


def test_it_runs_as_a_process_of_its_own_on_loopback_only() -> None:
    command = [sys.executable, "-m", "tamiz.sandbox", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert urllib3.request("GET", f"{url}/_sandbox/lists").json() == []
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=20)


def test_a_port_that_is_taken_is_told() -> None:
    with running_sandbox() as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=f"port {port} cannot be used"):
            serve(port)
