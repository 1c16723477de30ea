"""Only who may be shown an advertisement leaves, and only what changed is sent."""

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from canaries import Needles, addresses_in, contents, files_of, hashes_in, needles_of, said
from loops import ADDING, PLATFORMS, REMOVING, Loop, email_hash, phone_hash
from reference.identifiers import normalised_email
from story import Customer, Told
from worlds import AS_OF, parsed_project

# Who may no longer be shown an advertisement, and why.
REFUSED = {
    "objector": {"exc_opted_out"},
    "seller": {"exc_opted_out", "exc_no_ad_consent"},
    "erased": {"exc_erased"},
    "minor": {"exc_under_age"},
    "silent": {"exc_no_ad_consent"},
}
GONE = ("leaver", *REFUSED)
# The people that were planned to be barred, by all the names they have.
BARRED = """
    select distinct exclusion_name, person_id, identifiers.identifier_type, identifiers.identifier
    from read_parquet('{raw}/truth/truth_exclusions.parquet') as planned
    inner join fct_person_identifiers as named
        on planned.subject_type = named.identifier_type and planned.subject = named.identifier
    inner join fct_person_identifiers as identifiers using (person_id)
    where planned.scope in ('everywhere', '{platform}')
"""
BARRED_IN_CRM = """
    select distinct crm.email
    from read_parquet('{raw}/truth/truth_exclusions.parquet') as planned
    inner join read_parquet('{raw}/crm_customers.parquet') as crm
        on planned.subject = crm.customer_id
    where
        planned.scope in ('everywhere', '{platform}')
        and planned.subject_type = 'customer_id'
        and crm.updated_at <= timestamp '{as_of}'
"""


def barred(loop: Loop, platform: str) -> set[str]:
    """The hashes of everybody who was to be barred from the start."""
    rows = loop.query(BARRED.format(raw=loop.raw, platform=platform))
    emails = {text for _, _, kind, text in rows if kind == "email"}
    phones = {text for _, _, kind, text in rows if kind == "phone"}
    raw = loop.query(BARRED_IN_CRM.format(raw=loop.raw, platform=platform, as_of=AS_OF))
    in_crm = {address for (text,) in raw if (address := normalised_email(text))}
    assert len(in_crm) > 50
    assert in_crm <= emails
    return {email_hash(platform, text) for text in emails} | {
        phone_hash(platform, text) for text in phones
    }


def all_hashes(people: dict[str, Customer], roles: tuple[str, ...], platform: str) -> set[str]:
    return set().union(*(people[role].hashes(platform) for role in roles))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nobody_who_is_barred_is_in_an_audience_a_request_or_a_list(
    told: Told, platform: str
) -> None:
    from_the_start = barred(told.loop, platform)
    since_then = all_hashes(told.people, tuple(REFUSED), platform)
    everything = told.sandbox.sent(platform, ADDING | REMOVING)
    added_later = told.sandbox.sent(platform, ADDING, since=told.requests_before)
    rows = told.loop.query(
        "select unnest([email_sha256, phone_sha256]) from fct_audience_members"
        f" where platform = '{platform}'"
    )
    assert len(everything) > 100
    assert from_the_start & everything == set()
    assert since_then <= told.before[platform]
    assert since_then & added_later == set()
    assert (from_the_start | since_then) & told.sandbox.members(platform) == set()
    assert (from_the_start | since_then) & {value for (value,) in rows} == set()


def test_each_reason_to_be_barred_keeps_somebody_out_of_win_back_who_would_be_in_it(
    told: Told,
) -> None:
    for role, exclusions in REFUSED.items():
        found = told.loop.query(
            f"""select distinct exclusions.exclusion_name
                from fct_exclusions as exclusions
                inner join fct_segment_members as members using (person_id)
                inner join fct_person_identifiers as identifiers using (person_id)
                where members.segment_name = 'seg_lapsed'
                    and identifiers.identifier = '{told.people[role].customer_id}'"""
        )
        assert {name for (name,) in found} == exclusions, role


@pytest.mark.parametrize("platform", PLATFORMS)
def test_exactly_the_identifiers_of_who_left_moved_or_shared_change(
    told: Told, platform: str
) -> None:
    people = told.people
    removed = all_hashes(people, GONE, platform)
    removed |= {email_hash(platform, people["mover"].email)}
    removed |= {phone_hash(platform, people["sharer"].phone)}
    added = {email_hash(platform, people["moved"].email)}
    now = told.sandbox.members(platform)
    assert told.before[platform] - now == removed
    assert now - told.before[platform] == added
    since = told.requests_before
    assert told.sandbox.sent(platform, REMOVING, since) == removed
    assert told.sandbox.sent(platform, ADDING, since) == added
    assert email_hash(platform, people["sharer"].email) in now
    assert people["stays"].hashes(platform) | people["moved"].hashes(platform) <= now


def test_a_second_push_sends_nothing_that_changes_members(told: Told) -> None:
    before = told.sandbox.changes()
    outcome = told.loop.tamiz("push", "--sandbox", told.sandbox.url)
    assert outcome.code == 0
    assert outcome.out.endswith("pushed: 0 identifiers added, 0 removed\n")
    assert len(before) > told.requests_before > 0
    assert told.sandbox.changes() == before


def planned(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What the lines of a plan say, by audience and platform."""
    plans: dict[tuple[str, str], dict[str, Any]] = {}
    for line in text.splitlines():
        if head := re.match(r"(\w+) on (\w+): ([\d,]+) people; identifiers: (.*)", line):
            counts = {word: int(count) for word, count in re.findall(r"(\w+) (\d+)", head[4])}
            current = {"reachable": int(head[3]), **counts, "left out": {}}
            plans[head[1], head[2]] = current
        elif line.startswith("  left out: "):
            parts = line.removeprefix("  left out: ").split(", ")
            current["left out"] = {part.partition(" ")[2]: int(part.split()[0]) for part in parts}
    return plans


def test_a_plan_tells_what_is_added_and_removed_and_left_out_as_the_funnel_does(
    told: Told,
) -> None:
    plans = planned(told.outcomes["plan"].out)
    funnel: dict[tuple[str, str], dict[str, Any]] = {}
    for audience, platform, step, reason, count in told.loop.query(
        "select audience_name, platform, step, reason, person_count from fct_audience_funnel"
    ):
        found = funnel.setdefault((audience, platform), {"left out": {}})
        if step == "reachable":
            found["reachable"] = count
        elif step != "segment":
            name = reason if step == "excluded" else step.replace("_", " ")
            found["left out"][name] = count
    assert len(funnel) == 2 + 2 + 9
    assert {
        key: {name: plan[name] for name in ("left out", "reachable")} for key, plan in plans.items()
    } == funnel
    for platform in PLATFORMS:
        plan, now = plans["aud_win_back", platform], told.sandbox.members(platform)
        before = told.before[platform]
        assert (plan["add"], plan["remove"], plan["keep"]) == (
            len(now - before),
            len(before - now),
            len(now & before),
        )
        first = planned(told.outcomes["first plan"].out)["aud_win_back", platform]
        assert (first["add"], first["remove"]) == (len(before), 0)
        assert first["left out"] != plan["left out"]
        assert plans["aud_cart_reminder", platform]["add"] == 0


@pytest.fixture(scope="module")
def needles(told: Told) -> Needles:
    return needles_of(told)


def test_no_planted_address_is_found_in_anything_that_was_written_or_said(
    told: Told, needles: Needles
) -> None:
    files = list(files_of(told))
    found = [
        str(file.relative_to(told.loop.folder))
        for file in files
        if any(addresses_in(content, needles) for content in contents(file))
    ]
    found += [name for name, text in said(told).items() if addresses_in(text, needles)]
    assert found == []
    written = {str(file.relative_to(told.loop.folder)) for file in files}
    assert {
        *("target/manifest.json", "target/run_results.json", "target/catalog.json"),
        *("logs/dbt.log", "quality/index.html", "report.html", "state/ledger.db"),
    } <= written
    assert any(name.endswith("fct_audience_members.parquet") for name in written)
    assert any(name.startswith("target/compiled") for name in written)
    assert any(name.startswith("target/run") for name in written)


def test_hashes_of_planted_addresses_are_in_the_published_tables_and_nowhere_else(
    told: Told, needles: Needles
) -> None:
    published, elsewhere = 0, []
    for file in files_of(told):
        count = sum(hashes_in(content, needles) for content in contents(file))
        if file.is_relative_to(told.loop.published):
            published += count
        elif count:
            elsewhere.append(str(file.relative_to(told.loop.folder)))
    elsewhere += [name for name, text in said(told).items() if hashes_in(text, needles)]
    assert elsewhere == []
    assert published > 0
    assert any(
        digest.decode() in told.sandbox.members(name)
        for name in PLATFORMS
        for digest in needles.hashes
    )


def test_whatever_the_loop_wrote_is_its_owner_s_alone(told: Told) -> None:
    # The tests write the raw tables, under the umask of most machines.
    inside = [
        path
        for path in told.loop.folder.rglob("*")
        if told.loop.raw not in (path, *path.parents) or path.name.startswith("ledger")
    ]
    written = {path.relative_to(told.loop.folder).parts[0] for path in inside}
    assert written > {"logs", "published", "quality", "report.html", "state", "target"}
    assert [str(path) for path in inside if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    "text",
    [
        "to CANARY.0003@POSTA.EXAMPLE, who",
        "?email=canary.0003%40posta.example&",
        "canary.0003&#64;posta.example",
        'phone": "+34601242486"',
        "call 34601242486.",
        "(201) 555-0101",
    ],
)
def test_an_address_that_was_written_would_be_found(
    tmp_path: Path, needles: Needles, text: str
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p>{text}</p>" + "." * 1000)
    table = tmp_path / "table.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 1 as one, ['x', ?] as deep from range(1000))"
            f" to '{table}' (compression zstd)",
            [text],
        )
    for file in (page, table):
        assert any(addresses_in(content, needles) for content in contents(file))
    digest = needles.hashes[0].decode()
    assert hashes_in(f"{digest.upper()}".encode(), needles) == 1
    assert hashes_in(b"x" + bytes.fromhex(digest) + b"x", needles) == 1
    assert addresses_in(digest.encode() + b" 2026-06-30 00:00:00", needles) == 0


FORGETS = {
    "int_barred_people": ("\ngroup by", "\nwhere exclusions.exclusion_name <> '{name}'\ngroup by"),
}
# Who refuses has no consent either: two places to forget it.
FORGETS_REFUSALS = {**FORGETS, "int_person_consent": ("\nwhere refusals.person_id is null", "")}
# Without a row of consent nobody is allowed, whatever is barred: two places again.
FORGETS_CONSENT = {
    **FORGETS,
    "int_sendable_identifiers": (
        "select * from {{ ref('int_person_consent') }}",
        "select distinct person_id, platforms.platform from identifiers cross join platforms",
    ),
}


@pytest.fixture(scope="module")
def other(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """A copy of the warehouse that may be harmed."""
    loop = Loop(tmp_path_factory.mktemp("harmed"))
    loop.target.mkdir()
    shutil.copytree(told.loop.raw, loop.raw)
    shutil.copy(told.loop.database, loop.database)
    return loop


@pytest.mark.parametrize(
    ("exclusion", "forgets", "noticed_by"),
    [
        ("nothing", FORGETS, set()),
        ("exc_opted_out", FORGETS, {"no_member_asked_to_be_erased"}),
        (
            "exc_opted_out",
            FORGETS_REFUSALS,
            {"no_member_asked_to_be_erased", "no_member_has_opted_out"},
        ),
        ("exc_erased", FORGETS, {"no_member_asked_to_be_erased"}),
        ("exc_under_age", FORGETS, {"no_member_is_under_age"}),
        (
            "exc_no_ad_consent",
            FORGETS_CONSENT,
            {"no_member_lacks_consent", "no_member_has_opted_out"},
        ),
    ],
)
def test_audiences_that_forget_an_exclusion_are_noticed(
    other: Loop,
    monkeypatch: pytest.MonkeyPatch,
    exclusion: str,
    forgets: dict[str, tuple[str, str]],
    noticed_by: set[str],
) -> None:
    nodes = parsed_project().nodes
    for model, (text, instead) in forgets.items():
        node = nodes[f"model.tamiz.{model}"]
        assert node.raw_code.count(text) == 1
        harmed = node.raw_code.replace(text, instead.format(name=exclusion))
        monkeypatch.setattr(node, "raw_code", harmed)
    outcome = other.dbt(
        *("build", "--select", "int_person_consent+", "--exclude-resource-type", "unit_test")
    )
    failed = {result.node.name for result in outcome.result.results if str(result.status) == "fail"}
    assert {name for name in failed if name.startswith("no_member")} == noticed_by
    assert bool(failed) is bool(noticed_by)
