"""The platform modules: every request keeps to its contract, its limits, and secrets to itself."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platform_cases import (
    EMAIL,
    LISTS,
    MARK,
    NAMES,
    NEW,
    SHA256_OF_NOTHING,
    answer,
    batches_of,
    created_answer,
    described_list,
    digest,
    list_answer,
    lists_answer,
    requests_of,
    taken,
)

from tamiz.errors import ConfigError, UnknownPlatform
from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer, Batch, Request
from tamiz.platforms.shared import safe_code, split_name
from tamiz.sandbox.contract import Contract, Operation
from tamiz.sandbox.loading import load_contract

SECRET_HEADERS = ("Authorization", "Access-Token", "DeveloperToken")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


@cache
def contract(name: str) -> Contract:
    return load_contract(name)


def operation_of(name: str, request: Request) -> tuple[Operation, dict[str, str]]:
    found = contract(name).match(request.method, request.path)
    assert found is not None, (name, request.method)
    return found


def violation(name: str, request: Request) -> object:
    operation, path = operation_of(name, request)
    headers = {**platform(name).headers(platform(name).sandbox), **request.headers}
    low = {key.lower(): text for key, text in headers.items()}
    texts = {"path": path, "query": request.query, "header": low}
    return operation.violation(texts, request.body, "application/json")


def encoded(request: Request) -> bytes:
    return json.dumps(request.body, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", NAMES)
def test_every_request_keeps_to_the_contract(name: str) -> None:
    for purpose, request in requests_of(name):
        assert violation(name, request) is None, purpose


@pytest.mark.parametrize("name", NAMES)
def test_x2_g2_a_full_batch_keeps_the_limits_in_rows_and_in_bytes(name: str) -> None:
    entry = platform(name)
    list_id = {"x": LISTS["x"], "pinterest": "9" * 18}.get(name, "9" * 19)
    for batch in batches_of(entry, entry.batch_size):
        for make in (entry.add_members, entry.remove_members):
            request = make(entry.sandbox, list_id, batch)
            assert violation(name, request) is None
            assert len(batch.members) <= entry.batch_rows
            assert len(encoded(request)) <= entry.batch_bytes
            larger, smaller = (
                len(encoded(make(entry.sandbox, list_id, replace(batch, members=members))))
                for members in (batch.members[:20], batch.members[:10])
            )
            assert larger - smaller <= 10 * entry.member_bytes


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        *(("google", 10_000), ("linkedin", 5_000), ("meta", 10_000), ("microsoft", 1_000)),
        *(("pinterest", 10_000), ("reddit", 2_500), ("tiktok", 1_000), ("x", 2_500)),
        ("snapchat", 28_571),  # 100,000 by its rows: the bytes in flight are what stops it
    ],
)
def test_a_batch_is_as_large_as_the_platform_takes(name: str, rows: int) -> None:
    assert platform(name).batch_size == rows


@pytest.mark.parametrize(
    ("name", "people"),
    [
        *(("google", 100), ("linkedin", 300), ("meta", 100), ("microsoft", 300)),
        *(("pinterest", 100), ("reddit", 1_000), ("snapchat", 1_000), ("tiktok", 1_000)),
        ("x", 100),
    ],
)
def test_c2_8_small_lists_are_known_by_the_platforms_minimum(name: str, people: int) -> None:
    assert platform(name).minimum_size == people


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        *(("google", "email phone"), ("linkedin", "email"), ("meta", "email phone")),
        *(("microsoft", "email"), ("pinterest", "email"), ("reddit", "email idfa aaid")),
        ("snapchat", "email phone idfa aaid"),
        ("tiktok", "email phone idfa aaid"),
        ("x", "email phone idfa aaid x_user_id x_handle"),
    ],
)
def test_c2_2_only_what_a_platform_takes_hashed_is_pushed(name: str, kinds: str) -> None:
    entry = platform(name)
    assert [identifier.kind for identifier in entry.pushed] == kinds.split()
    assert all(identifier.is_hashed for identifier in entry.pushed)
    for identifier in entry.pushed:
        assert identifier.column == f"{identifier.kind}_sha256"


@pytest.mark.parametrize("name", NAMES)
def test_c2_1_every_platform_has_a_rule_version_of_its_own(name: str) -> None:
    assert re.fullmatch(rf"{name}-[1-9][0-9]*", platform(name).rule_version)


@pytest.mark.parametrize("name", NAMES)
def test_t10_c2_4_a_removal_sends_the_very_hashes_that_were_added(name: str) -> None:
    entry = platform(name)
    for batch in batches_of(entry, 7):
        made = (entry.add_members, entry.remove_members)
        added, removed = (
            re.findall(r"[0-9a-f]{64}", encoded(make(entry.sandbox, LISTS[name], batch)).decode())
            for make in made
        )
        assert added == removed == [hashed for _, hashed in batch.members]


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"google", "microsoft"}))
def test_c2_9_a_platform_without_a_field_for_consent_says_so(name: str) -> None:
    assert platform(name).consent == "no field for consent: who did not give it is not sent"
    shown = str([request.body for _, request in requests_of(name)]).lower()
    assert "consent" not in shown


@pytest.mark.parametrize("name", sorted({entry.name for entry in PLATFORMS.values()}))
def test_a_platform_is_known_by_its_own_name_and_https_addresses(name: str) -> None:
    entry = platform(name)
    assert (entry.name, entry.sandbox.platform) == (name, name)
    renewed = [entry.renewal.token_url] if entry.renewal is not None else []
    assert all(address.startswith("https://") for address in (entry.base_url, *renewed))


def test_an_unknown_platform_is_named_with_the_known_ones() -> None:
    told = (
        r"^no platform named 'myspace'; known: google, linkedin, meta, microsoft, pinterest,"
        r" reddit, snapchat, tiktok, x$"
    )
    with pytest.raises(UnknownPlatform, match=told):
        platform("myspace")


@pytest.mark.parametrize("name", NAMES)
def test_a_sandbox_account_has_all_it_needs_and_no_real_secret(name: str) -> None:
    entry = platform(name)
    assert set(entry.secrets) <= set(entry.sandbox.secrets)
    assert set(entry.settings) <= set(entry.sandbox.settings)
    assert set(entry.sandbox.settings) <= {*entry.settings, *entry.optional_settings}
    for secret in entry.sandbox.secrets:
        assert entry.sandbox.secret(secret).startswith(f"sandbox-{name}-")
    assert entry.clean_account_id(f" {entry.sandbox.account_id} ") == entry.sandbox.account_id


@pytest.mark.parametrize("name", NAMES)
def test_no_identifier_and_no_secret_is_in_a_repr(name: str) -> None:
    entry = platform(name)
    (batch, *_) = batches_of(entry, 3)
    renewed = entry.renewal.request(entry.sandbox) if entry.renewal is not None else None
    read = [entry.read_receipt(taken(name, 3), batch), taken(name, 3), NEW, renewed, batch]
    shown = repr([entry, entry.sandbox, *requests_of(name), *read])
    assert EMAIL not in shown
    assert digest(0) not in shown
    for secret in entry.sandbox.secrets:
        assert entry.sandbox.secret(secret) not in shown


@pytest.mark.parametrize("name", NAMES)
def test_a_token_stands_in_a_header_and_nowhere_else(name: str) -> None:
    entry = platform(name)
    values = [entry.sandbox.secret(secret) for secret in entry.sandbox.secrets]
    for _, request in requests_of(name):
        shown = str((request.path, request.query, request.headers, request.body))
        assert not [value for value in values if value in shown]
    headers = entry.headers(entry.sandbox)
    holding = [key for key, text in headers.items() if any(value in text for value in values)]
    assert set(holding) <= set(SECRET_HEADERS)
    assert holding or entry.sign is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_list_of_ours_is_known_again_by_its_mark(name: str) -> None:
    entry, list_id = platform(name), LISTS[name]
    described = described_list(name, NEW, list_id)
    replies = {
        "get": list_answer(name, described),
        "create": created_answer(name, described, list_id),
    }
    if entry.find_lists is not None:
        replies["find"] = lists_answer(name, [described])
    for purpose, request in requests_of(name):
        if purpose in replies:
            reply, (operation, _) = replies[purpose], operation_of(name, request)
            found = operation.answer_violation(reply.http_status, reply.body, reply.headers)
            assert found is None
            assert entry.classify(reply) is None
    there = entry.read_list(replies["get"])
    assert (there.list_id, there.name, there.trouble) == (list_id, NEW.name, None)
    assert MARK in there.mark
    assert there.account_id == (None if name == "reddit" else entry.sandbox.account_id)
    assert entry.read_created(replies["create"]) == list_id
    if entry.read_lists is not None:
        page = entry.read_lists(replies["find"])
        assert (page.lists, page.next_page) == ((there,), None)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_a_platform_would_cut_is_refused(name: str) -> None:
    long = replace(NEW, name="n" * 400)
    with pytest.raises(ConfigError, match=r"^the list_name of aud_win_back has 400 characters"):
        platform(name).create_list(platform(name).sandbox, long)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_only_a_name_with_a_mark_of_ours_is_split(text: str) -> None:
    assert split_name(f"{text} [{MARK}]") == (text, MARK)
    for other in (f"{text} [2024]", f"{text} [{MARK.upper()}]", f"{text}x[{MARK}]"):
        assert split_name(other) == (other, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_that_was_taken_is_taken_whole(name: str) -> None:
    entry = platform(name)
    for batch in batches_of(entry, 4):
        reply = taken(name, 4)
        assert entry.classify(reply) is None
        receipt = entry.read_receipt(reply, batch)
        assert (receipt.accepted, receipt.invalid, receipt.bad_rows) == (4, 0, ())
        request = entry.add_members(entry.sandbox, LISTS[name], batch)
        operation, _ = operation_of(name, request)
        assert operation.answer_violation(reply.http_status, reply.body, {}) is None


@settings(deadline=None)
@given(body=JSON, status=st.sampled_from((200, 204, 400, 404, 429, 500)))
@pytest.mark.parametrize("name", NAMES)
def test_no_answer_breaks_a_reader(name: str, body: object, status: int) -> None:
    entry = platform(name)
    (batch, *_) = batches_of(entry, 3)
    reply = Answer(status, {"ratelimit": str(body)}, body, is_empty=False)
    names = (
        "classify",
        "read_list",
        "read_created",
        "read_lists",
        "read_targetable",
        "read_status",
    )
    for reader in (getattr(entry, each) for each in names):
        with suppress(KeyError, TypeError, ValueError):
            if reader is not None:
                reader(reply)
    try:
        receipt = entry.read_receipt(reply, batch)
    except (KeyError, TypeError, ValueError):
        return
    assert receipt.accepted + receipt.invalid == len(batch.members)


@settings(deadline=None)
@given(text=st.text(max_size=60))
@pytest.mark.parametrize("name", NAMES)
def test_no_header_breaks_the_reading_of_the_pace(name: str, text: str) -> None:
    entry = platform(name)
    if entry.pace is not None:
        names = ("x-business-use-case-usage", "x-rate-limit-remaining", "x-rate-limit-reset")
        assert entry.pace(dict.fromkeys((*names, "ratelimit"), text), 0.0).wait >= 0


def test_t1_the_hash_of_nothing_fits_in_no_batch() -> None:
    with pytest.raises(ValueError, match=r"^the hash of nothing is among the members"):
        Batch("b", 1, [("email", EMAIL), ("phone", SHA256_OF_NOTHING)])


@pytest.mark.parametrize("name", ["google", "linkedin", "meta", "x"])
def test_t1_the_contracts_that_know_the_hash_of_nothing_refuse_it(name: str) -> None:
    entry = platform(name)
    batch = Batch("b", 1, [("email", EMAIL)])
    request = entry.add_members(entry.sandbox, LISTS[name], batch)
    body = json.loads(encoded(request).replace(EMAIL.encode(), SHA256_OF_NOTHING.encode()))
    assert violation(name, request) is None
    assert violation(name, replace(request, body=body)) is not None


@pytest.mark.parametrize("text", [EMAIL, "somebody@example.com", "+34600000000", "", "a b", None])
def test_words_of_an_answer_are_never_shown(text: str | None) -> None:
    assert safe_code(text) == "an unreadable code"


@pytest.mark.parametrize(
    ("name", "pasted", "clean"),
    [
        ("meta", " act_123 ", "123"),
        ("google", "123-456-7890", "1234567890"),
        ("linkedin", "urn:li:sponsoredAccount:5168", "5168"),
        ("x", " 18CE54D4X5T", "18ce54d4x5t"),
    ],
)
def test_account_ids_are_read_without_what_people_paste(name: str, pasted: str, clean: str) -> None:
    assert platform(name).clean_account_id(pasted) == clean


def test_an_answer_is_a_success_by_its_status_alone() -> None:
    assert [answer({}, status).is_success for status in (200, 204, 302, 400)] == [
        *(True, True, False, False)
    ]
