"""`tamiz platforms` tells of all nine what they take, their limits and what an account needs."""

import json

import pytest
from click.testing import CliRunner

from tamiz.catalogue import catalogue, render
from tamiz.cli import cli
from tamiz.platforms import PLATFORMS

KEYS = {
    *("name", "label", "api", "host", "rule_version", "identifiers", "limits", "minimum_size"),
    *("membership_days", "has_replace", "has_look_up", "consent", "settings"),
    *("optional_settings", "secrets", "optional_secrets"),
}
LIMITS = {"batch_rows", "batch_bytes", "batch_size", "is_one_kind", "rates", "max_in_flight"}


def printed(*arguments: str) -> str:
    outcome = CliRunner().invoke(cli, ["platforms", *arguments], catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.output


def test_the_json_has_every_platform_and_the_keys_programs_rely_on() -> None:
    found = json.loads(printed("--json"))
    assert [facts["name"] for facts in found] == sorted(PLATFORMS)
    assert len(found) == 9
    for facts in found:
        assert set(facts) == KEYS
        assert set(facts["limits"]) == LIMITS
        assert {tuple(sorted(each)) for each in facts["identifiers"]} == {
            ("is_hashed", "is_pushed", "kind", "wire")
        }
        assert facts["settings"][0] == "account_id"


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_the_figures_are_those_of_the_platforms_own_module(name: str) -> None:
    entry = PLATFORMS[name]
    [facts] = [facts for facts in catalogue() if facts["name"] == name]
    pushed = [each["kind"] for each in facts["identifiers"] if each["is_pushed"]]
    assert pushed == [each.kind for each in entry.pushed]
    assert facts["minimum_size"] == entry.minimum_size
    assert facts["limits"]["batch_size"] <= min(entry.batch_rows, entry.batch_bytes)
    assert facts["host"] in entry.base_url
    for secret in entry.secrets:
        assert f"TAMIZ_{name}_{secret}".upper() in facts["secrets"]


def test_the_text_has_a_block_for_every_platform_and_no_line_is_too_long() -> None:
    lines = render(catalogue())
    assert printed().splitlines() == lines
    assert [line.partition(":")[0] for line in lines if line[0] != " "] == sorted(PLATFORMS)
    assert all(len(line) <= 96 for line in lines)
    meta = lines[lines.index("meta: Meta, Marketing API v26.0, rules meta-1") :]
    assert meta[1] == "  pushed            email (EMAIL), phone (PHONE)"
    assert "  secrets           TAMIZ_META_ACCESS_TOKEN" in meta


def test_no_secret_of_a_sandbox_is_told() -> None:
    text = printed() + printed("--json")
    for entry in PLATFORMS.values():
        assert not [name for name in entry.sandbox.secrets if entry.sandbox.secret(name) in text]
