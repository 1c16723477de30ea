"""The script of faults: what may stand in it, and what is said of what may not."""

from pathlib import Path
from typing import Any

import pytest
from sandboxes import Clock, script

from tamiz.errors import ConfigError
from tamiz.sandbox import World, create_app, parse_script, read_script

FAULT = {"kind": "reset"}
WHOLE = """
seed: 7
latency: 5
platforms:
  reddit: {delay: 5, match_rate: 0.4}
faults:
  - {platform: meta, operation: addUsers, when: {calls: [2]},
     fault: {kind: status, status: 503, applied: after}}
  - {method: GET, path: /v1/*, when: {every: 3}, fault: {kind: slow, seconds: 0.1}}
"""


def test_a_script_is_yaml_or_json(tmp_path: Path) -> None:
    yaml, json = tmp_path / "faults.yml", tmp_path / "faults.json"
    yaml.write_text(WHOLE, encoding="utf-8")
    read = read_script(yaml)
    json.write_text(read.model_dump_json(exclude_defaults=True), encoding="utf-8")
    assert read_script(json) == read
    assert (read.seed, read.latency, len(read.faults)) == (7, 5, 2)
    yaml.write_text("", encoding="utf-8")
    assert read_script(yaml) == script()


def test_a_platform_keeps_what_the_script_leaves_out() -> None:
    changed = script(platforms={"reddit": {"match_rate": 0.4}}).behaviour("reddit")
    assert (changed.match_rate, changed.minimum_size) == (0.4, 1_000)
    assert changed.rates == script().behaviour("reddit").rates


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"fault": []}, r"^x: fault: Extra inputs"),
        ({"seed": "seven"}, r"seed: .*integer"),
        ({"latency": -1}, r"latency: .*greater than or equal to 0"),
        ([], r"the script: "),
        ("text", r"the script: "),
        ({"platforms": {"myspace": {}}}, r"no platform named 'myspace'; known: google, linkedin"),
        ({"platforms": {"meta": {"match_rate": 2}}}, r"platforms\.meta\.match_rate: "),
        ({"platforms": {"meta": 5}}, r"platforms\.meta: "),
        ({"faults": [{"platform": "myspace", "fault": FAULT}]}, r"no platform named 'myspace'"),
        ({"faults": [{}]}, r"faults\.0\.fault: Field required"),
        ({"faults": [{"fault": {"kind": "boredom"}}]}, r"faults\.0\.fault: .*'boredom'"),
        ({"faults": [{"fault": {"kind": "slow"}}]}, r"faults\.0\.fault\.slow\.seconds: Field req"),
        ({"faults": [{"fault": {"kind": "status", "status": 404}}]}, r"429 or 500 to 599"),
        (
            {"faults": [{"fault": {"kind": "status", "status": 503, "applied": "never"}}]},
            r"applied: .*'before' or 'after'",
        ),
        ({"faults": [{"fault": {"kind": "partial", "share": 1.5}}]}, r"share: "),
        (
            {"faults": [{"fault": FAULT, "when": {"every": 2, "calls": [1]}}]},
            r"say one of calls, every, after, probability",
        ),
        ({"faults": [{"fault": FAULT, "when": {"calls": [0]}}]}, r"when\.calls\.0: "),
        (
            {"faults": [{"fault": FAULT, "operation": "addUsers", "path": "/*"}]},
            r"name an operation, or method and path, not both",
        ),
        (
            {"seed": "seven", "faults": [{"fault": {"kind": "slow"}}]},
            r"seed: .*; faults\.0\.fault\.slow\.seconds: ",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(content: Any, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as raised:
        parse_script(content, "x")
    assert raised.value.exit_code == 10


@pytest.mark.parametrize(
    ("platform", "operation", "told"),
    [
        ("meta", "usersAdd", r"faults\.1\.operation: meta has no operation 'usersAdd'; known: "),
        (None, "addUser", r"faults\.1\.operation: no platform has no operation 'addUser'"),
    ],
)
def test_an_operation_is_one_of_the_platform(
    platform: str | None, operation: str, told: str
) -> None:
    good = {"platform": "snapchat", "operation": "usersAdd", "fault": FAULT}
    bad = {"platform": platform, "operation": operation, "fault": FAULT}
    with pytest.raises(ConfigError, match=told):
        create_app(World(Clock(), script=script(faults=[good, bad])))


@pytest.mark.parametrize("content", [b"seed: [", b"\xff\xfe", b"a: b: c"])
def test_a_file_that_is_neither_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "faults.yml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"faults\.yml: (line \d+: is no YAML|is not UTF-8)"):
        read_script(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yml: cannot be read \(No such file"):
        read_script(tmp_path / "nowhere.yml")
