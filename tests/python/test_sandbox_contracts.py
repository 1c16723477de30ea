"""The contracts: their examples, their rules, and the probe set that Prism is asked too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from probes import Question, accepts, new_lists, questions
from sandboxes import A, B, Probe

from tamiz.platforms import PLATFORMS
from tamiz.sandbox.contract import Operation
from tamiz.sandbox.loading import load_contract, read_contract
from tamiz.sandbox.rules import RULES

NAMES = sorted(PLATFORMS)
HERE = Path(__file__).parent


def inside(value: Any) -> Iterator[Any]:
    """Every object of a document, itself too."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from inside(part)


def operation(name: str, operation_id: str) -> Operation:
    operations = load_contract(name).operations
    return next(entry for entry in operations if entry.operation_id == operation_id)


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_of_the_contract_is_carried_out(name: str) -> None:
    written = {
        entry["operationId"]
        for entry in inside(read_contract(name)["paths"])
        if "operationId" in entry
    }
    assert written == set(RULES[name].operations)
    assert written == {entry.operation_id for entry in load_contract(name).operations}


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_the_contract_has_a_test_of_its_name(name: str) -> None:
    rules = [entry["id"] for entry in read_contract(name)["x-sandbox-rules"]]
    text = (HERE / f"test_sandbox_{name}.py").read_text("utf-8")
    missing = [
        rule
        for rule in rules
        if not re.search(rf'def test_(?:[a-z]+_)?{rule.lower()}_|\("{rule}", ', text)
    ]
    assert (len(rules) > 3, missing) == (True, [])


@pytest.mark.parametrize("name", ["google", "linkedin", "meta", "x"])
def test_every_example_of_a_body_passes_and_a_broken_one_does_not(name: str) -> None:
    document = read_contract(name)
    bodies = document["components"].get("requestBodies", {})
    examples = [
        (entry["operationId"], example["value"])
        for entry in inside(document["paths"])
        if "requestBody" in entry
        for body in [entry["requestBody"]]
        for whole in [bodies[body["$ref"].split("/")[-1]] if "$ref" in body else body]
        for content in whole["content"].values()
        for example in content.get("examples", {}).values()
    ]
    assert examples
    for operation_id, example in examples:
        body = operation(name, operation_id).body
        assert body is not None
        assert body.gate.violation(example) is None
        one = example[0] if isinstance(example, list) else example
        broken = {**one, "surprise": 1}
        assert body.gate.violation([broken] if isinstance(example, list) else broken) is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_a_pattern_fits_it_and_a_broken_one_does_not(name: str) -> None:
    schemas = [
        entry for entry in inside(read_contract(name)) if {"pattern", "examples"} <= set(entry)
    ]
    assert schemas
    for schema in schemas:
        for example in schema["examples"]:
            assert jsonschema_rs.is_valid(schema, example)
            assert not jsonschema_rs.is_valid(schema, f" {example}")


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[Probe, dict[str, str]]]:
    with new_lists() as found:
        yield found


@pytest.mark.parametrize("question", questions(), ids=lambda one: f"{one.name}: {one.says}")
def test_the_sandbox_answers_the_probe_set_as_it_should(
    asked: tuple[Probe, dict[str, str]], question: Question
) -> None:
    probe, lists = asked
    assert accepts(probe, question, lists[question.name])[0] is question.accepted


def test_the_probe_set_asks_every_platform_for_both_answers() -> None:
    found = questions()
    assert len(found) >= 33
    assert {(one.name, one.accepted) for one in found} == {
        (name, accepted) for name in NAMES for accepted in (True, False)
    }
    assert {one.name for one in found if one.rule} == set(NAMES)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (("linkedin", "createDmpSegment", 201, None, {"X-RestLi-Id": "7"}), None),
        (("linkedin", "createDmpSegment", 201, None, {}), "x-restli-id breaks 'required'"),
        (("linkedin", "createDmpSegment", 201, None, {"x-restli-id": "x"}), "x-restli-id breaks"),
        (("linkedin", "createDmpSegment", 201, {}, {"x-restli-id": "7"}), "a body nobody declared"),
        (("linkedin", "createDmpSegment", 200, {}, {}), "declares no answer 200"),
        (("reddit", "audienceDelete", 204, None, {}), None),
        (("pinterest", "customerListGet", 418, {"code": 1, "message": "tea"}, {}), None),
        (("pinterest", "customerListGet", 418, {"code": "1"}, {}), "breaks"),
        (("pinterest", "customerListGet", 302, None, {}), "declares no answer 302"),
        (("x", "getCustomAudience", 404, {"errors": []}, {}), None),
        (("x", "getCustomAudience", 404, {}, {}), "breaks 'anyOf'"),
    ],
)
def test_answers_are_held_to_the_contract_too(answer: Any, told: str | None) -> None:
    name, operation_id, *rest = answer
    found = operation(name, operation_id).answer_violation(*rest)
    assert (found is None) if told is None else (found is not None and told in found)


def test_a_message_about_a_request_never_repeats_it() -> None:
    ingest = operation("google", "ingestAudienceMembers")
    texts: dict[str, dict[str, str]] = {"path": {}, "query": {A: B}, "header": {}}
    found = ingest.violation(texts, None, "application/json")
    assert found is not None
    assert A not in found.said()
    texts["query"] = {}
    found = ingest.violation(texts, {A: B}, "application/json")
    assert found is not None
    assert A not in found.said()
