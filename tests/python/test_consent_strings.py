"""TC strings and GPP strings: read as the IAB's own libraries read them, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from tamiz.functions.gpp_signal import gpp_signal
from tamiz.functions.tcf_signal import tcf_signal

VENDORS = "755,1126"
VECTORS = json.loads(
    (Path(__file__).parent / "reference" / "consent_strings.json").read_text(encoding="utf-8")
)
REFUSES = {
    "SaleOptOut": "us sale",
    "SharingOptOut": "us sharing",
    "TargetedAdvertisingOptOut": "us targeted advertising",
    "PersonalDataConsents": "us personal data",
    "AdditionalDataProcessingConsent": "us personal data",
}


def read(signal: str) -> tuple[set[str], str | None]:
    told = json.loads(signal)
    return set(told["words"]), told["problem"]


def expected_of_tcf(vector: dict[str, Any]) -> set[str]:
    vendors = set(vector["vendors"])
    if vector["disclosed"] is not None:
        vendors &= set(vector["disclosed"])
    return {
        "tcf",
        *(f"tcf purpose {purpose}" for purpose in vector["purposes"]),
        *(f"tcf basis {purpose}" for purpose in [*vector["purposes"], *vector["interests"]]),
        *(f"tcf vendor {vendor}" for vendor in vendors),
    }


def expected_of_section(name: str, fields: dict[str, Any]) -> set[str]:
    if name == "tcfcav1":
        purposes = zip(
            fields["PurposesExpressConsent"], fields["PurposesImpliedConsent"], strict=True
        )
        return {
            "tcfca",
            *(f"tcfca purpose {place}" for place, told in enumerate(purposes, 1) if any(told)),
        }
    words = {"us"} | {word for field, word in REFUSES.items() if fields.get(field) == 1}
    children = fields.get("KnownChildSensitiveDataConsents", 0)
    if any(children) if isinstance(children, list) else children:
        words.add("us known child")
    if fields.get("Gpc"):
        words.add("us gpc")
    if fields.get("OptOutSale") == "Y":
        words.add("us sale")
    return words


def test_a_tc_string_is_read_as_the_library_of_the_iab_reads_it() -> None:
    different = [
        place
        for place, vector in enumerate(VECTORS["tcf"])
        if read(tcf_signal(vector["text"], VENDORS)) != (expected_of_tcf(vector), None)
    ]
    assert different == []
    assert any(vector["disclosed"] == [] for vector in VECTORS["tcf"])


def test_a_gpp_string_is_read_as_the_library_of_the_iab_reads_it() -> None:
    different = []
    for place, vector in enumerate(VECTORS["gpp"]):
        expected = set().union(
            *(expected_of_section(name, told) for name, told in vector["sections"].items())
        )
        if read(gpp_signal(vector["text"], VENDORS)) != (expected, None):
            different.append((place, sorted(vector["sections"])))
    assert different == []


def test_a_tc_string_in_a_gpp_string_is_read_like_one_of_its_own() -> None:
    text = VECTORS["tcf"][-1]["text"]
    assert gpp_signal(f"DBABMA~{text}", VENDORS) == tcf_signal(text, VENDORS)


def test_a_string_that_was_cut_off_never_allows_more() -> None:
    for vector in VECTORS["tcf"]:
        core = vector["text"].split(".")[0]
        for length in range(len(core)):
            words, problem = read(tcf_signal(core[:length], VENDORS))
            assert problem or words <= expected_of_tcf(vector) | {"tcf"}
    for vector in VECTORS["gpp"]:
        before, _, section = vector["text"].rpartition("~")
        for length in range(4 if len(section) > 4 else 0):
            assert read(gpp_signal(f"{before}~{section[:length]}", VENDORS))[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "1---",
        "granted",
        "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA",
        "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA====.x",
        "CÑtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA",
        "{}",
    ],
)
def test_what_is_no_tc_string_is_a_problem(text: str) -> None:
    words, problem = read(tcf_signal(text, VENDORS))
    assert (words, bool(problem)) == (set(), True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "DBABMA",
        "DBABMA~",
        "DBACLMA~BAAAAAAAAABA",
        "DBAA",
        "1YXN",
        "2YNN",
        "~",
        "BAAA~1YNN",
    ],
)
def test_what_is_no_gpp_string_is_a_problem(text: str) -> None:
    words, problem = read(gpp_signal(text, VENDORS))
    assert (words, bool(problem)) == (set(), True)


def test_since_march_2026_a_tc_string_tells_the_vendors_disclosed() -> None:
    newer, older = (
        next(vector["text"] for vector in VECTORS["tcf"] if (vector["disclosed"] is None) is is_old)
        for is_old in (False, True)
    )
    assert read(tcf_signal(newer.split(".")[0], VENDORS)) == (
        set(),
        "no disclosed vendors, which TCF 2.3 asks for",
    )
    assert read(tcf_signal(older.split(".")[0], VENDORS))[1] is None
