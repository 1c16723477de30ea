"""Exports hold who may be sent, as each platform's own page takes it, and nobody else."""

import csv
import json
import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from worlds import World

from tamiz.cli import cli
from tamiz.errors import ConfigError, GateError, UnknownPlatform
from tamiz.export import ExportedFile, export
from tamiz.export.formats import FORMATS, FileFormat
from tamiz.export.writer import FORMULA
from tamiz.platforms import PLATFORMS
from tamiz.publish.generation import (
    Generation,
    PublishedTable,
    content_hash,
    file_sha256,
    generation_name,
    manifest_of,
    read_generation,
)

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
KINDS = ("email", "phone", "idfa", "aaid", "x_user_id", "x_handle")
WIN_BACK: dict[str, Any] = {
    "name": "aud_win_back",
    "label": "Win back",
    "account": "default",
    "list_name": "tamiz_win_back",
    "platforms": sorted(PLATFORMS),
    "identifiers": list(KINDS),
    "minimum_size": 1,
}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def person(number: int, *kinds: str, platform: str, is_holdout: bool = False) -> dict[str, Any]:
    """Return a member with a hash of each kind; one held out carries none, as in the models."""
    hashes = {f"{kind}_sha256": digest(f"{kind} {number} {platform}") for kind in kinds}
    held = {} if is_holdout else hashes
    return {"platform": platform, "person_id": f"p{number:05}", "is_holdout": is_holdout, **held}


def everywhere(count: int, *kinds: str) -> list[dict[str, Any]]:
    return [person(n, *kinds, platform=name) for name in PLATFORMS for n in range(count)]


def published(
    folder: Path, rows: Iterable[dict[str, Any]], *audiences: dict[str, Any]
) -> Generation:
    """Publish members of aud_win_back, or of the audience a row names."""
    said = audiences or (WIN_BACK,)
    columns = {f"{kind}_sha256": pa.string() for kind in KINDS}
    schema = pa.schema(
        {
            **dict.fromkeys(("audience_name", "platform", "person_id"), pa.string()),
            **columns,
            "is_holdout": pa.bool_(),
        }
    )
    folder.mkdir(parents=True)
    file = folder / "fct_audience_members.parquet"
    full = [{"audience_name": "aud_win_back", **row} for row in rows]
    pq.write_table(pa.Table.from_pylist(full, schema), file)
    types = {field.name: str(field.type) for field in schema}
    tables = {"fct_audience_members": PublishedTable(file, len(full), file_sha256(file), types)}
    name = generation_name(AS_OF, content_hash(tables, said, ()))
    generation = Generation(folder, name, 1, AS_OF, "invocation", tables, said, ())
    (folder / "manifest.json").write_text(json.dumps(manifest_of(generation)), encoding="utf-8")
    return read_generation(folder)


def exported(
    generation: Generation, out: Path, *, now: datetime = AS_OF, **chosen: Any
) -> list[ExportedFile]:
    return list(export(generation, out, now=now, **chosen))


def lines(out: Path, platform: str, name: str = "members") -> list[list[str]]:
    file = out / "aud_win_back" / platform / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def small_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of people be enough on every platform."""
    for name, entry in PLATFORMS.items():
        monkeypatch.setitem(PLATFORMS, name, replace(entry, minimum_size=1))


@pytest.mark.usefixtures("small_minimum")
@pytest.mark.parametrize(
    ("platform", "name", "header"),
    [
        ("google", "members", ["Email", "Phone"]),
        ("linkedin", "members", ["email"]),
        ("meta", "members", ["email", "phone"]),
        ("reddit", "email_sha256", ["EMAIL_SHA256"]),
        ("tiktok", "members", ["Email_SHA256", "Phone_SHA256", "MAID_SHA256", "MAID_SHA256"]),
    ],
)
def test_a_file_with_headers_has_those_the_platform_asks_for(
    tmp_path: Path, platform: str, name: str, header: list[str]
) -> None:
    exported(published(tmp_path / "now", everywhere(3, *KINDS)), tmp_path / "out")
    [top, *rows] = lines(tmp_path / "out", platform, name)
    assert top == header
    assert len(rows) == 3
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.usefixtures("small_minimum")
@pytest.mark.parametrize(
    ("platform", "files"),
    [
        ("pinterest", {"email": 3}),
        ("snapchat", {"email": 3, "phone": 3, "mobile_ad_id": 6}),
        ("x", {"email": 3, "phone": 3, "mobile_ad_id": 6, "user_id": 3, "handle": 3}),
    ],
)
def test_a_file_without_header_holds_values_of_one_kind(
    tmp_path: Path, platform: str, files: dict[str, int]
) -> None:
    exported(published(tmp_path / "now", everywhere(3, *KINDS)), tmp_path / "out")
    folder = tmp_path / "out" / "aud_win_back" / platform
    assert {file.stem for file in folder.iterdir()} == set(files)
    for name, count in files.items():
        rows = lines(tmp_path / "out", platform, name)
        assert len(rows) == count
        assert all(len(row) == 1 and len(row[0]) == 64 for row in rows)
        assert rows == sorted(rows)


@pytest.mark.usefixtures("small_minimum")
def test_a_bulk_file_of_microsoft_holds_the_list_and_its_items(tmp_path: Path) -> None:
    exported(published(tmp_path / "now", everywhere(2, "email")), tmp_path / "out")
    top, version, made, *items = (
        dict(zip(lines(tmp_path / "out", "microsoft")[0], row, strict=True))
        for row in lines(tmp_path / "out", "microsoft")
    )
    assert top["Parent Id"] == "Parent Id"
    assert (version["Type"], version["Name"]) == ("Format Version", "6.0")
    assert (made["Type"], made["Name"], made["Action Type"]) == (
        "Customer List",
        "tamiz_win_back",
        "Add",
    )
    assert [(item["Type"], item["Parent Id"], item["Sub Type"]) for item in items] == [
        ("Customer List Item", made["Id"], "Email")
    ] * 2
    assert {item["Text"] for item in items} == {digest(f"email {n} microsoft") for n in (0, 1)}


@pytest.mark.usefixtures("small_minimum")
def test_nobody_held_out_and_no_kind_the_audience_leaves_out_is_exported(tmp_path: Path) -> None:
    rows = [
        person(1, "email", "phone", platform="meta"),
        person(2, "email", platform="meta", is_holdout=True) | {"email_sha256": digest("held")},
        person(3, "phone", platform="meta"),
        person(4, platform="meta"),
        person(5, "email", platform="google"),
    ]
    only_email = WIN_BACK | {"identifiers": ["email"], "platforms": ["meta"]}
    exported(published(tmp_path / "now", rows, only_email), tmp_path / "out")
    assert lines(tmp_path / "out", "meta") == [["email", "phone"], [digest("email 1 meta"), ""]]


@pytest.mark.usefixtures("small_minimum")
def test_a_person_is_in_one_row_and_one_address_of_two_people_in_one_row_too(
    tmp_path: Path,
) -> None:
    shared = person(1, "email", platform="meta")
    rows = [shared, shared | {"person_id": "p00009"}, person(2, "email", "phone", platform="meta")]
    [written] = exported(published(tmp_path / "now", rows), tmp_path / "out", platforms=["meta"])
    assert written.row_count == 2
    assert [digest("email 2 meta"), digest("phone 2 meta")] in lines(tmp_path / "out", "meta")


@pytest.mark.usefixtures("small_minimum")
def test_the_same_generation_gives_the_same_bytes_for_the_owner_only(tmp_path: Path) -> None:
    rows = everywhere(5, *KINDS)
    first = exported(published(tmp_path / "a", rows), tmp_path / "one")
    second = exported(published(tmp_path / "b", reversed(rows)), tmp_path / "two")
    assert len(first) == len(second) > len(PLATFORMS)
    for one, two in zip(first, second, strict=True):
        assert one.file
        assert two.file
        assert one.file.read_bytes() == two.file.read_bytes()
        assert stat.S_IMODE(one.file.stat().st_mode) == 0o600
        assert stat.S_IMODE(one.file.parent.stat().st_mode) == 0o700
        assert b'"' not in one.file.read_bytes()


@pytest.mark.usefixtures("small_minimum")
def test_a_file_is_cut_at_the_platforms_limit_and_what_is_older_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_rows = FileFormat((("email", "email"),), most_rows=3)
    by_bytes = FileFormat((("email", "email"),), most_bytes=len("email\n") + 4 * 65)
    monkeypatch.setitem(FORMATS, "linkedin", by_rows)
    monkeypatch.setitem(FORMATS, "tiktok", by_bytes)
    chosen = {"platforms": ["linkedin", "tiktok"]}
    out = tmp_path / "out"
    written = exported(published(tmp_path / "now", everywhere(7, "email")), out, **chosen)
    assert [(each.platform, each.row_count) for each in written] == [
        *(("linkedin", 3), ("linkedin", 3), ("linkedin", 1)),
        *(("tiktok", 4), ("tiktok", 3)),
    ]
    for each in written:
        assert each.file
        assert each.file.read_text().startswith("email\n")
        assert each.platform == "linkedin" or each.file.stat().st_size <= by_bytes.most_bytes
    exported(published(tmp_path / "later", everywhere(2, "email")), out, **chosen)
    folder = out / "aud_win_back" / "linkedin"
    assert [file.name for file in folder.iterdir()] == ["members.csv"]
    assert sorted(path.name for path in folder.parent.iterdir()) == ["linkedin", "tiktok"]


def test_an_audience_too_small_is_not_exported_and_its_older_files_are_gone(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    chosen = {"platforms": ["meta"]}
    exported(published(tmp_path / "now", everywhere(100, "email")), out, **chosen)
    assert (out / "aud_win_back" / "meta" / "members.csv").exists()
    [written] = exported(published(tmp_path / "later", everywhere(99, "email")), out, **chosen)
    assert (written.file, written.row_count) == (None, 0)
    assert written.note == "99 people, and it takes 100: nobody was exported"
    assert not (out / "aud_win_back").exists()


def test_of_an_audience_without_anybody_nothing_is_written_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    exported(published(tmp_path / "now", everywhere(1_000, "email")), out)
    assert len(list((out / "aud_win_back").iterdir())) == len(PLATFORMS)
    held_out = [person(1, "email", platform=name, is_holdout=True) for name in PLATFORMS]
    for number, rows in enumerate(([], held_out)):
        for reader in (False, True):
            nobody = published(tmp_path / f"later{number}{reader}", rows)
            written = exported(nobody, out, is_for_people=reader)
            assert {(each.file, each.row_count) for each in written} == {(None, 0)}
            assert {each.note for each in written} == {"it has no people: nobody was exported"}
            assert not any(out.iterdir())


@pytest.mark.parametrize("days", [3, -2])
def test_a_generation_too_old_or_of_the_future_is_not_exported(tmp_path: Path, days: int) -> None:
    generation = published(tmp_path / "now", everywhere(100, "email"))
    with pytest.raises(GateError, match="nothing was exported: run `dbt build`"):
        exported(generation, tmp_path / "out", now=AS_OF + timedelta(days=days))
    assert not (tmp_path / "out").exists()


def test_an_old_generation_of_made_up_people_is_exported_when_asked_for(tmp_path: Path) -> None:
    generation, later = published(tmp_path / "now", everywhere(100, "email")), timedelta(days=300)
    chosen = {"platforms": ["meta"], "however_old": True}
    [written] = exported(generation, tmp_path / "out", now=AS_OF + later, **chosen)
    assert written.row_count == 100


def test_a_platform_no_audience_goes_to_is_told(tmp_path: Path) -> None:
    said = WIN_BACK | {"platforms": ["google"]}
    generation = published(tmp_path / "now", everywhere(1, "email"), said)
    with pytest.raises(ConfigError, match="no audience goes to the named platforms"):
        exported(generation, tmp_path / "out", platforms=["meta"])


def test_what_an_audience_left_behind_goes_with_the_next_export_of_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    exported(published(tmp_path / "now", everywhere(100, "email")), out)
    (out / "aud_win_back" / "notes").mkdir()
    fewer = WIN_BACK | {"platforms": ["google"]}
    later = published(tmp_path / "later", everywhere(100, "email"), fewer)
    exported(later, out, audiences=["aud_win_back"])
    assert (out / "aud_win_back" / "meta").exists()
    exported(later, out)
    assert sorted(path.name for path in (out / "aud_win_back").iterdir()) == ["google", "notes"]


def test_a_generation_that_was_changed_is_not_exported(tmp_path: Path) -> None:
    generation = published(tmp_path / "now", everywhere(100, "email"))
    with (tmp_path / "now" / "fct_audience_members.parquet").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(GateError, match="was changed"):
        exported(generation, tmp_path / "out")


@pytest.mark.usefixtures("small_minimum")
@pytest.mark.parametrize("value", [digest(""), "ana@example.com", "AB" * 32, "=cmd"])
def test_what_is_no_hash_never_leaves(tmp_path: Path, value: str) -> None:
    rows = [person(1, "email", platform="meta") | {"email_sha256": value}]
    with pytest.raises(GateError, match="1 values of fct_audience") as caught:
        exported(published(tmp_path / "now", rows), tmp_path / "out", platforms=["meta"])
    assert value not in str(caught.value)
    assert not (tmp_path / "out" / "aud_win_back" / "meta").exists()


def test_a_name_nobody_has_is_refused(tmp_path: Path) -> None:
    generation = published(tmp_path / "now", everywhere(1, "email"))
    with pytest.raises(UnknownPlatform, match="no platform named 'myspace'"):
        exported(generation, tmp_path / "out", platforms=["myspace"])
    with pytest.raises(UnknownPlatform, match="no audience named 'aud_x'; known: aud_win_back"):
        exported(generation, tmp_path / "out", audiences=["aud_x"])


@pytest.mark.usefixtures("small_minimum")
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    generation = published(tmp_path / "now", everywhere(1, "email"))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be written"):
        exported(generation, tmp_path / "out", platforms=["meta"])


@pytest.mark.usefixtures("small_minimum")
@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_is_a_formula_where_people_open_it(tmp_path: Path, start: str) -> None:
    formula = f'{start}HYPERLINK("http://127.0.0.1")'
    hostile = WIN_BACK | {"label": formula, "list_name": formula, "platforms": ["meta"]}
    generation = published(tmp_path / "now", everywhere(2, "email", "phone"), hostile)
    [written] = exported(generation, tmp_path / "out", is_for_people=True)
    assert written.file
    with written.file.open(encoding="utf-8-sig", newline="") as stream:
        top, *rows = csv.reader(stream)
    assert top[:4] == ["Audience", "Platform", "List", "Person"]
    assert top[4:] == ["E-mail (SHA-256)", "Phone (SHA-256)"]
    assert [row[0] for row in rows] == [f"'{formula}"] * 2
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    assert [row[4] for row in rows] == [digest(f"email {n} meta") for n in (0, 1)]


@pytest.mark.usefixtures("small_minimum")
def test_nothing_is_altered_where_machines_read_it(tmp_path: Path) -> None:
    hostile = WIN_BACK | {"list_name": '=list, "one"', "platforms": ["microsoft"]}
    exported(published(tmp_path / "now", everywhere(1, "email"), hostile), tmp_path / "out")
    assert lines(tmp_path / "out", "microsoft")[2][6] == '=list, "one"'


@pytest.mark.usefixtures("small_minimum")
def test_the_command_prints_files_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path / "published" / "now", everywhere(2, "email"))
    monkeypatch.setenv("TAMIZ_PUBLISHED", str(tmp_path / "published"))
    monkeypatch.setattr("tamiz.cli._now", lambda: AS_OF)
    out = tmp_path / "out"
    asked = ["export", "--platform", "meta", "--platform", "microsoft", "--out", str(out)]
    printed = CliRunner().invoke(cli, asked, catch_exceptions=False).output.splitlines()
    assert printed[0] == f"{out}/aud_win_back/meta/members.csv: 2 rows"
    assert printed[1].startswith(f"{out}/aud_win_back/microsoft/members.csv: 2 rows; makes a new")


def test_every_platform_has_a_format_of_kinds_it_is_sent() -> None:
    assert set(FORMATS) == set(PLATFORMS)
    for name, chosen in FORMATS.items():
        assert {kind for _, kind in chosen.columns} == {
            each.kind for each in PLATFORMS[name].pushed
        }, name


def test_the_three_views_hold_nobody_held_out_and_no_address(demo_world: World) -> None:
    held_or_gone = """
        from fct_export_memberships anti join (
            select audience_name, platform, person_id from fct_audience_members
            where not is_holdout
        ) using (audience_name, platform, person_id)
    """
    assert demo_world.query(f"select count(*) {held_or_gone}") == [(0,)]
    [(people, addresses)] = demo_world.query("""
        select
            count(*),
            count(case when concat_ws('|', email_sha256, phone_sha256) like '%@%' then 1 end)
        from dim_export_people
    """)
    assert people > 0
    assert addresses == 0


def test_an_identifier_that_one_audience_keeps_back_is_in_no_view(demo_world: World) -> None:
    for kind in KINDS:
        column = f"{kind}_sha256"
        assert demo_world.query(f"""
            select count(*)
            from dim_export_people
            inner join fct_audience_members using (platform, person_id)
            where
                dim_export_people.{column} is not null
                and not fct_audience_members.is_holdout
                and fct_audience_members.{column} is distinct from dim_export_people.{column}
        """) == [(0,)]


def test_the_view_of_audiences_says_what_their_authors_wrote(demo_world: World) -> None:
    rows = demo_world.query("""
        select
            dim_export_audiences.audience_name, account, list_name, member_count,
            count(distinct person_id)
        from dim_export_audiences
        left join fct_export_memberships using (audience_name)
        group by all
        order by all
    """)
    assert ("aud_win_back", "default", "tamiz_win_back") in [row[:3] for row in rows]
    assert all(row[3] == row[4] for row in rows)
    assert any(row[3] for row in rows)


def test_match_readiness_counts_each_audience_and_platform_by_hand(demo_world: World) -> None:
    rows = demo_world.query("from fct_match_readiness order by all")
    pairs = demo_world.query("select distinct audience_name, platform from fct_audience_funnel")
    assert {row[:2] for row in rows} == set(pairs)
    for audience, platform, people, *_, identifiers in rows:
        where = f"where audience_name = '{audience}' and platform = '{platform}'"
        [(by_funnel,)] = demo_world.query(
            f"select sum(person_count) from fct_audience_funnel {where} and step = 'segment'"
        )
        sums = " + ".join(f"count(distinct {kind}_sha256)" for kind in KINDS)
        [(by_hand,)] = demo_world.query(f"select {sums} from fct_audience_members {where}")
        assert (people, identifiers) == (by_funnel, by_hand)


def test_match_readiness_loses_the_unreadable_then_those_without_consent(
    demo_world: World,
) -> None:
    # Microsoft takes e-mails only, so a handful of people has none that can be read.
    [counts] = demo_world.query("""
        select person_count, identified_person_count, valid_person_count, consented_person_count
        from fct_match_readiness
        where audience_name = 'aud_existing_customers' and platform = 'microsoft'
    """)
    assert list(counts) == sorted(counts, reverse=True)
    assert len(set(counts)) == 4
    [(consented,)] = demo_world.query("""
        select count(distinct person_id)
        from int_person_consent
        semi join (select person_id from fct_segment_members
            where segment_name = 'seg_existing_customers') using (person_id)
        semi join (select person_id from fct_person_identifiers
            where identifier_type = 'email' and is_current) using (person_id)
        where platform = 'microsoft'
    """)
    assert counts[3] == consented
