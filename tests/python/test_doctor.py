"""The doctor finds what would stop a push, says what to do, and changes nothing anywhere."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from doctoring import LIST, MARK, WIN_BACK, Practice, shown

from tamiz.cli import cli
from tamiz.doctor import as_json, exit_code, render
from tamiz.errors import ConfigError, UnknownPlatform
from tamiz.platforms import PLATFORMS
from tamiz.sandbox import running_sandbox

ACCOUNT = "default on meta"
LISTED = ("aud_win_back on meta", "list")
EVERYWHERE = WIN_BACK | {"platforms": sorted(PLATFORMS)}
# Reads all the same: Microsoft's look-ups are POST.
READ_BY_POST = {"queryAudiences"}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with running_sandbox() as url:
        yield Practice(tmp_path, url)


def said(practice: Practice, place: tuple[str, str], **chosen: Any) -> tuple[str, str, int]:
    checks = practice.look(**chosen)
    [check] = [each for each in checks if (each.where, each.what) == place]
    return check.state.value, check.said, exit_code(checks)


def test_a_place_where_all_is_well_exits_with_0_and_says_so(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", practice.make_list("meta"))
    checks = practice.look()
    assert exit_code(checks) == 0
    assert [(check.what, check.state.value) for check in checks] == [
        ("accounts", "well"),
        ("published", "well"),
        ("ledger", "well"),
        ("settings", "well"),
        ("reachable", "well"),
        ("token", "well"),
        ("identity", "well"),
        ("list", "well"),
    ]
    assert shown(checks)[LISTED][1].startswith(f"'{LIST}'")


def test_every_platform_is_looked_at_by_reading_only(practice: Practice, tmp_path: Path) -> None:
    practice.publish(EVERYWHERE)
    for name in PLATFORMS:
        practice.keep(name, practice.make_list(name))
    before = len(practice.requests())
    files = {file: sha256(file.read_bytes()).hexdigest() for file in tmp_path.rglob("*.*")}
    checks = practice.look()
    assert [check for check in checks if check.state.value == "wrong"] == []
    looked = [check.where for check in checks if check.what == "list"]
    assert looked == [f"aud_win_back on {name}" for name in sorted(PLATFORMS)]
    assert {check.state.value for check in checks if check.what == "list"} == {"well"}
    made = practice.requests()[before:]
    assert len(made) >= 2 * len(PLATFORMS) - 1
    changing = [
        entry
        for entry in made
        if entry["method"] != "GET" and entry["operation"] not in READ_BY_POST
    ]
    assert changing == []
    assert {entry["platform"] for entry in made} == set(PLATFORMS)
    after = {file: sha256(file.read_bytes()).hexdigest() for file in tmp_path.rglob("*.*")}
    beside = ("ledger.db-shm", "ledger.db-wal")  # SQLite's own, also where it only reads
    assert {file: after[file] for file in after if file.name not in beside} == {
        file: files[file] for file in files if file.name not in beside
    }


def test_nothing_is_made_where_nothing_is(practice: Practice, tmp_path: Path) -> None:
    checks = shown(practice.look())
    assert checks["project", "ledger"][0] == "unknown"
    assert checks["project", "published"][0] == "wrong"
    assert list(tmp_path.iterdir()) == []


def test_a_platform_without_look_up_says_what_could_not_be_checked(practice: Practice) -> None:
    practice.publish(WIN_BACK | {"platforms": ["reddit"]})
    checks = shown(practice.look())
    for what in ("reachable", "token", "identity"):
        state, words = checks["default on reddit", what]
        assert state == "unknown"
        assert "Reddit has no look-up of lists, and none is known yet" in words
    state, words = checks["aud_win_back on reddit", "list"]
    assert (state, words) == (
        "unknown",
        f"'{LIST}' cannot be looked up: nobody knows whether the name is free",
    )
    assert practice.requests() == []


def test_a_list_that_is_not_there_yet_is_not_wrong(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    assert said(practice, LISTED) == (
        "unknown",
        f"'{LIST}' is not there yet: the first push makes it",
        0,
    )


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ({"account_id": "7"}, "the ledger fills lists of account 7, and platforms.yml names 1002"),
        ({"list_name": "old"}, "the ledger fills 'old' and list_name is now"),
        ({"owner_marker": "0" * 16}, "bears no mark of this ledger: look who fills it"),
    ],
)
def test_a_list_that_is_not_the_ledgers_is_wrong(
    practice: Practice, kept: dict[str, str], words: str
) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", practice.make_list("meta"), **kept)
    state, text, code = said(practice, LISTED)
    assert (state, code) == ("wrong", 10)
    assert words in text


def test_a_list_that_is_gone_or_renamed_is_wrong(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", "123456789012345")
    state, text, code = said(practice, LISTED)
    assert (state, text, code) == (
        "wrong",
        f"'{LIST}' is gone from the platform: restore it there",
        10,
    )


def test_a_renamed_list_is_wrong(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", practice.make_list("meta", list_name="renamed"))
    assert said(practice, LISTED)[1] == f"it is not called '{LIST}' any more: call it so again"


def test_somebody_elses_list_of_the_name_is_wrong(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.make_list("meta", mark="0" * 16)
    state, text, code = said(practice, LISTED)
    assert (state, code) == ("wrong", 10)
    assert "is there already and this ledger did not make it" in text


def test_a_flagged_list_is_wrong_and_the_platform_must_be_asked(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", practice.make_list("meta"))
    meta = PLATFORMS["meta"]
    flagged = replace(meta, read_list=lambda answer: replace(meta.read_list(answer), trouble="471"))
    monkeypatch.setitem(PLATFORMS, "meta", flagged)
    state, text, code = said(practice, LISTED)
    assert (state, code) == ("wrong", 20)
    assert text == f"'{LIST}' is in trouble (code 471): look at it on the platform"


@pytest.mark.parametrize(
    ("fault", "what", "state", "code"),
    [
        ({"kind": "status", "status": 429}, "token", "wrong", 30),
        ({"kind": "status", "status": 503}, "token", "wrong", 30),
        ({"kind": "reset"}, "reachable", "wrong", 30),
        ({"kind": "garbage"}, "token", "wrong", 30),
        ({"kind": "permission_revoked"}, "token", "wrong", 20),
        ({"kind": "token_expired"}, "token", "wrong", 10),
    ],
)
def test_what_the_platform_refuses_is_told_apart(
    practice: Practice, fault: dict[str, Any], what: str, state: str, code: int
) -> None:
    name = "snapchat" if fault["kind"] == "permission_revoked" else "meta"
    practice.publish(WIN_BACK | {"platforms": [name]})
    practice.strike({"platform": name, "fault": fault})
    checks = practice.look()
    assert shown(checks)[f"default on {name}", what][0] == state
    assert exit_code(checks) == code
    not_looked_at = ("unknown", "not looked at, for the account is not well")
    assert shown(checks)[f"aud_win_back on {name}", "list"] == not_looked_at


def test_a_token_that_can_be_renewed_is_left_to_the_push(practice: Practice) -> None:
    practice.publish(WIN_BACK | {"platforms": ["snapchat"]})
    practice.strike({"platform": "snapchat", "fault": {"kind": "token_expired"}})
    state, text, code = said(practice, ("default on snapchat", "token"))
    assert (state, code) == ("unknown", 0)
    assert "the push renews it by itself" in text
    assert all(entry["method"] == "GET" for entry in practice.requests())


def test_a_token_that_expires_on_the_way_is_not_renewed(practice: Practice) -> None:
    practice.publish(WIN_BACK | {"platforms": ["snapchat"]})
    practice.keep("snapchat", practice.make_list("snapchat"))
    before = len(practice.requests())
    fault = {"kind": "token_expired"}
    practice.strike({"platform": "snapchat", "when": {"calls": [2]}, "fault": fault})
    state, _, code = said(practice, ("aud_win_back on snapchat", "list"))
    assert (state, code) == ("wrong", 10)
    assert {entry["method"] for entry in practice.requests()[before:]} == {"GET"}


def test_a_host_that_is_not_there_is_not_reachable(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.url = "http://127.0.0.1:9"
    state, text, code = said(practice, (ACCOUNT, "reachable"))
    assert (state, code) == ("wrong", 30)
    assert text == "127.0.0.1:9: no connection: check network, proxy and certificates"


def test_settings_and_secrets_are_told_apart_and_nothing_is_asked_without_them(
    practice: Practice,
) -> None:
    practice.publish(WIN_BACK)
    practice.write_accounts("accounts: {other: {meta: {account_id: '1'}}}")
    state, text, code = said(practice, (ACCOUNT, "settings"), is_sandbox=False)
    assert (state, code) == ("wrong", 10)
    assert "no account reference 'default' (there are: other)" in text
    practice.write_accounts("accounts: {default: {meta: {account_id: '1'}}}")
    state, text, code = said(practice, (ACCOUNT, "secrets"), is_sandbox=False)
    assert (state, code) == ("wrong", 10)
    assert text.startswith("TAMIZ_META_ACCESS_TOKEN not set")
    assert practice.requests() == []


def test_every_mistake_of_the_accounts_file_is_a_line(practice: Practice) -> None:
    practice.write_accounts("accounts: {default: {meta: {account_id: 1}, metta: {}}}")
    checks = practice.look(is_sandbox=False)
    assert [(check.what, check.state.value) for check in checks] == [("accounts", "wrong")] * 2
    assert exit_code(checks) == 10


def test_a_ledger_that_cannot_be_read_is_wrong(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", None)
    practice.ledger.with_name("ledger.key").unlink()
    state, text, code = said(practice, ("project", "ledger"))
    assert (state, code) == ("wrong", 10)
    assert "is missing" in text


def test_a_name_nobody_has_is_refused(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    with pytest.raises(UnknownPlatform, match="no platform named 'myspace'"):
        practice.look(platforms=["myspace"])
    with pytest.raises(UnknownPlatform, match="no audience named 'aud_x'; known: aud_win_back"):
        practice.look(audiences=["aud_x"])
    practice.url = "http://10.0.0.1:80"
    with pytest.raises(ConfigError, match="is not on this machine"):
        practice.look()


def test_only_the_named_platforms_are_asked(practice: Practice) -> None:
    practice.publish(EVERYWHERE)
    practice.look(platforms=["x"], audiences=["aud_win_back"])
    assert {entry["platform"] for entry in practice.requests()} == {"x"}


def test_no_secret_is_in_the_table_or_in_its_json(practice: Practice) -> None:
    practice.publish(EVERYWHERE)
    practice.environment = {"TAMIZ_META_ACCESS_TOKEN": "canary-of-a-token"}
    checks = practice.look() + practice.look(is_sandbox=False)
    text = "\n".join(render(checks)) + json.dumps(as_json(checks))
    assert "canary" not in text
    assert MARK not in text
    for entry in PLATFORMS.values():
        for name in entry.sandbox.secrets:
            assert entry.sandbox.secret(name) not in text


def test_the_table_has_a_mark_and_a_remedy_on_every_line(practice: Practice) -> None:
    practice.publish(WIN_BACK)
    practice.keep("meta", "123456789012345")
    lines = render(practice.look())
    assert lines[0].startswith("✓ project ")
    assert lines[-1].startswith("✗ aud_win_back on meta  list ")
    assert lines[-1].endswith("restore it there")
    [last] = as_json(practice.look())[-1:]
    assert sorted(last) == ["code", "said", "state", "what", "where"]


def test_the_command_prints_the_table_and_exits_with_the_worst(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.publish(WIN_BACK)
    practice.write_accounts("accounts: {default: {meta: {account_id: '1'}}}")
    for name, path in (
        ("PLATFORMS", practice.folder / "platforms.yml"),
        ("PUBLISHED", practice.folder / "published"),
        ("LEDGER", practice.ledger),
    ):
        monkeypatch.setenv(f"TAMIZ_{name}", str(path))
    monkeypatch.delenv("TAMIZ_META_ACCESS_TOKEN", raising=False)
    table = CliRunner().invoke(cli, ["doctor"])
    assert table.exit_code == 10
    assert "✗ default on meta  secrets    TAMIZ_META_ACCESS_TOKEN not set" in table.output
    told = CliRunner().invoke(cli, ["doctor", "--json", "--sandbox", practice.url])
    assert told.exit_code == 0
    assert [check["what"] for check in json.loads(told.output)][-1] == "list"
