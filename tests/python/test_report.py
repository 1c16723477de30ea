"""The report says what was published, to anybody who may read it and to nobody else."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tamiz.errors import ConfigError, GateError
from tamiz.publish import Generation, PublishedTable
from tamiz.report import ReceiptLine, words, write_report

TABLES = {
    "dim_people": "person_id text, customer_id text",
    "dim_segments": "segment_name text, segment_key text, label text, member_count bigint",
    "fct_audience_funnel": (
        "audience_name text, platform text, step_number integer, step text, reason text, "
        "person_count bigint"
    ),
    "fct_audience_members": (
        "audience_name text, platform text, person_id text, email_sha256 text, phone_sha256 text, "
        "rule_version text, is_holdout boolean"
    ),
    "fct_match_readiness": (
        "audience_name text, platform text, person_count bigint, identified_person_count bigint, "
        "valid_person_count bigint, consented_person_count bigint, unique_identifier_count bigint"
    ),
    "fct_row_counts": "table_name text, outcome text, reason text, row_count bigint",
    "fct_segment_members": "segment_name text, segment_key text, person_id text",
    "fct_segment_overlap": "segment_a text, segment_b text, person_count bigint",
    "fct_sessions": "session_id text, source text, channel text, started_at timestamp",
}
HOSTILE = "<b>Left</b> <script>window.pwned = 1</script> & co"
NOW = {
    ("seg_cart_abandoners", "", HOSTILE): range(20),
    ("seg_lapsed", "", "Lapsed"): range(8, 35),
    ("seg_only_category", "outdoor", "One category"): [*range(7), *range(35, 40)],
    ("seg_only_category", "sport", "One category"): [],
}
BEFORE = {
    ("seg_cart_abandoners", "", HOSTILE): range(3, 25),
    ("seg_lapsed", "", "Lapsed"): range(8, 31),
    ("seg_only_category", "outdoor", "One category"): [*range(7), *range(35, 40)],
    ("seg_retired", "", "Retired"): range(9),
}
FUNNEL = [
    (1, "segment", None, 27),
    (2, "excluded", "exc_recent_buyers", 3),
    (2, "excluded", "exc_employees", 0),
    (3, "no_consent", "exc_no_ad_consent", 6),
    (4, "holdout", None, 2),
    (5, "no_identifier", None, 1),
    (6, "reachable", None, 15),
]


def receipt(platform: str, operation: str, batches: int, **counts: int) -> ReceiptLine:
    nothing = dict.fromkeys(("accepted", "invalid", "retried", "left_out", "pending"), 0)
    values = {"is_counted": True, **nothing, **counts}
    return ReceiptLine("aud_win_back", platform, operation, batches, **values)


RECEIPTS = (
    receipt("meta", "add", 3, sent=20, accepted=13, invalid=2, retried=1, left_out=1, pending=3),
    receipt("tiktok", "remove", 1, sent=4, accepted=4, is_counted=False),
)


def email(person: int) -> str:
    return f"person{person}@example.com"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def segment_rows(segments: dict) -> dict[str, list[tuple]]:
    held = {f"{name}:{key}" if key else name: set(p) for (name, key, _), p in segments.items()}
    return {
        "dim_segments": [(*names, len(people)) for names, people in segments.items()],
        "fct_segment_members": [
            (name, key or None, email(person))
            for (name, key, _), people in segments.items()
            for person in people
        ],
        "fct_segment_overlap": [
            (one, other, len(held[one] & held[other])) for one in held for other in held
        ],
    }


def rows_of(segments: dict) -> dict[str, list[tuple]]:
    days = ["27 10:00", "27 11:00", "27 12:00", "27 23:59", "29 00:00", "29 01:00", "30 00:00"]
    return {
        "dim_people": [(email(person), f"C-{person}") for person in range(1240)],
        **segment_rows(segments),
        "fct_audience_funnel": [("aud_win_back", "meta", *step) for step in FUNNEL],
        "fct_audience_members": [
            ("aud_win_back", "meta", email(person), sha256(email(person)), None, "1", False)
            for person in range(8, 23)
        ]
        + [("aud_win_back", "meta", email(23), None, None, "1", True)]
        + [("aud_win_back", "meta", email(24), None, None, "1", False)],
        "fct_match_readiness": [("aud_win_back", "meta", 27, 26, 24, 18, 19)],
        "fct_row_counts": [
            ("pixel_events", "accepted", None, 990),
            ("pixel_events", "duplicate", "same event_id", 8),
            ("pixel_events", "rejected", "occurred after as_of", 2),
            ("crm_customers", "accepted", None, 1240),
        ],
        "fct_sessions": [
            (f"s{number}", "pixel", "direct", f"2026-06-{day}:00")
            for number, day in enumerate(days)
        ]
        + [(f"e{number}", "app", None, "2026-06-27 09:00:00") for number in range(2)],
    }


def published(folder: Path, rows: dict[str, list[tuple]], day: str = "2026-06-30") -> Generation:
    folder.mkdir()
    tables = {}
    with duckdb.connect() as connection:
        for name, columns in TABLES.items():
            file = folder / f"{name}.parquet"
            connection.execute(f"create table {name} ({columns})")
            if rows.get(name):
                marks = ", ".join("?" * len(rows[name][0]))
                connection.executemany(f"insert into {name} values ({marks})", rows[name])
            connection.table(name).write_parquet(str(file))
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            tables[name] = PublishedTable(file, len(rows.get(name, [])), digest, {})
    return Generation(
        path=folder,
        generation_id=f"{day.replace('-', '')}T000000-0123456789ab",
        published_sequence=1,
        as_of=datetime.fromisoformat(day).replace(tzinfo=UTC),
        dbt_invocation_id="6b1c5b3e-3b1f-4c0e-9a70-5d8b0a3f2c11",
        tables=tables,
        audiences=({"name": "aud_win_back", "label": "Win back"},),
        segments=(),
    )


class Reader(HTMLParser):
    """Collects the page without its largest script, which is plotly's and not ours."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.cells: list[list[str]] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.text += [value or "" for _, value in attrs]
        if tag == "tr":
            self.cells.append([])
        if tag in {"td", "th"}:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag in {"td", "th", "script"} else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts.append(data)
            return
        self.text.append(data)
        if self.inside in {"td", "th"}:
            self.cells[-1][-1] += data

    @property
    def drawings(self) -> dict:
        return json.loads(next(script for script in self.scripts if script.startswith("{")))

    @property
    def ours(self) -> str:
        plotly = max(self.scripts, key=len)
        return "\n".join(self.text + [script for script in self.scripts if script != plotly])


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    now = published(folder / "now", rows_of(NOW))
    before = published(folder / "before", rows_of(BEFORE), "2026-06-29")
    return write_report(now, before, RECEIPTS, folder / "out" / "report.html")


@pytest.fixture(scope="module")
def page_text(page_file: Path) -> Reader:
    return Reader(page_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on PATH, so no page can be drawn: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def drawn(browser: Browser, page_file: Path) -> tuple[Page, list[str]]:
    return opened(browser, page_file)


def opened(browser: Browser, file: Path, width: int = 1280) -> tuple[Page, list[str]]:
    """Return the drawn page and everything it asked for or complained about."""
    faults: list[str] = []

    def gate(route: Route) -> None:
        if route.request.url == file.as_uri():
            route.continue_()
            return
        faults.append(f"asked for {route.request.url[:80]}")
        route.abort()

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*", gate)
    page.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    page.wait_for_timeout(300)
    return page, faults


def shown_rows(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
    return page.eval_on_selector_all("tr", "rows => rows.map(row => row.innerText)")


def drawn_marks(page: Page) -> dict[str, int]:
    return page.eval_on_selector_all(
        ".picture",
        "all => Object.fromEntries(all.map(one => [one.id, one.querySelectorAll("
        "'svg .bars path, svg .heatmaplayer image, svg .scatterlayer .js-fill').length]))",
    )


def test_a_reader_sees_the_headline_figures_and_how_they_changed(
    drawn: tuple[Page, list[str]],
) -> None:
    page, _ = drawn
    tiles = page.eval_on_selector_all(".tiles > div", "all => all.map(one => one.innerText)")
    assert [tile.split() for tile in tiles] == [
        ["People", "1,240", "±0"],
        ["Sessions", "9", "±0"],
        ["Segments", "4", "±0"],
        ["Audiences", "1"],
        ["Reachable", "on", "Meta", "15", "±0"],
    ]
    assert page.inner_text("h1") == "Of 1,240 people, 15 can be reached on Meta"
    assert page.get_attribute("html", "lang") == "en"


def test_a_reader_sees_every_figure_in_a_table(drawn: tuple[Page, list[str]]) -> None:
    page, _ = drawn
    rows = shown_rows(page)
    for expected in (
        "In a segment\t40\t3%",
        "Lapsed\tseg_lapsed\t27\t2%",
        "One category: outdoor\tseg_only_category:outdoor\t12\t<1%",
        f"{HOSTILE}\t3\t5\t\N{MINUS SIGN}2",
        "Lapsed\t4\t0\t+4",
        "Retired\t0\t9\t\N{MINUS SIGN}9",
        f"Lapsed\t{HOSTILE}\t12\t60%",
        "Recent buyers\t\N{MINUS SIGN}3\t24",
        "Employees\t0\t24",
        "No consent for ads\t\N{MINUS SIGN}6\t18",
        "Held out to measure\t\N{MINUS SIGN}2\t16",
        "No identifier to send\t\N{MINUS SIGN}1\t15",
        "Reachable\t\t15",
        "Identifiers at Meta\t\t13",
        "27 June 2026\t4\t2\t6",
        "28 June 2026\t0\t0\t0",
        "29 June 2026\t2\t0\t2",
        "Win back\tMeta\t27\t26\t24\t18\t19",
        "Win back\tMeta\tAdd\t3\t20\t13\t2\t1\t1\t3\tplatform",
        "Win back\tTikTok\tRemove\t1\t4\t4\t0\t0\t0\t0\tnobody",
        "pixel_events\t990\t8\t2\t1%",
        "pixel_events\tduplicate\tsame event_id\t8",
        "pixel_events\trejected\toccurred after as_of\t2",
    ):
        assert expected in rows
    assert not [row for row in rows if row.startswith("30 June 2026")]


def test_headings_say_the_finding(page_text: Reader) -> None:
    for sentence in (
        "3% of all people are in a segment",
        "15 of 27 members can be reached; “No consent for ads” takes out the most, 6",
        "“Lapsed” is the largest of 4 segments, with 27 people",
        "7 entries into segments and 14 exits since the last generation",
        "There are 3 sessions a day, 75% of them from “Direct”",
        "89% of the people in audiences' segments have a valid identifier, and 67% also consented",
        (
            "Platforms accepted 17 of 24 identifiers sent; 2 invalid, 1 sent again, 1 left out and"
            " 3 still worked on"
        ),
        "2,230 of 2,240 raw rows were accepted; 8 duplicate, 2 rejected",
    ):
        assert sentence in page_text.text


def test_every_picture_is_drawn_and_nothing_leaves_the_page(drawn: tuple[Page, list[str]]) -> None:
    page, faults = drawn
    marks = drawn_marks(page)
    assert sorted(marks) == [
        "changes", "funnel-0", "overlap", "readiness", "receipts", "rows", "sessions", "sieve",
        "sizes",
    ]  # fmt: skip
    assert all(marks.values()), marks
    assert faults == []


def test_a_narrow_page_does_not_scroll_sideways(browser: Browser, tmp_path: Path) -> None:
    rows = rows_of({**NOW, ("seg_long", "", "unbroken" * 12): range(30)})
    now = published(tmp_path / "now", rows)
    page, faults = opened(browser, write_report(now, None, RECEIPTS, tmp_path / "r.html"), 400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert all(drawn_marks(page).values())
    assert faults == []


def test_no_figure_of_a_picture_is_cut_off(browser: Browser, tmp_path: Path) -> None:
    rows = rows_of(NOW)
    rows["fct_audience_funnel"] = [
        ("aud_win_back", "meta", *step[:3], step[3] * 1_234_567) for step in FUNNEL
    ]
    now = published(tmp_path / "now", rows)
    page, _ = opened(browser, write_report(now, None, RECEIPTS, tmp_path / "r.html"), 400)
    cut = page.eval_on_selector_all(
        ".picture",
        """all => all.flatMap(one => {
            const frame = one.getBoundingClientRect();
            return [...one.querySelectorAll("svg text")].filter(text => {
                const box = text.getBoundingClientRect();
                return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
            }).map(text => `${one.id}: ${text.textContent}`);
        })""",
    )
    assert cut == []


def test_a_picture_has_words_for_those_who_do_not_see_it(drawn: tuple[Page, list[str]]) -> None:
    page, _ = drawn
    words_of = page.eval_on_selector_all(
        "figure[role=img]", "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert len(words_of) == 9
    assert all(words_of)
    assert "Bars: Everybody 1,240; In a segment 40; Reachable on Meta 15" in words_of


def test_a_label_is_shown_as_written_and_never_run(
    drawn: tuple[Page, list[str]], page_file: Path
) -> None:
    page, _ = drawn
    assert page.evaluate("window.pwned") is None
    ticks = page.eval_on_selector_all(
        "#sizes .ytick text", "all => all.map(one => one.textContent)"
    )
    assert any(tick.startswith("<b>Left</b><script>") for tick in ticks)
    assert "<script>window" not in page_file.read_text(encoding="utf-8")


def test_small_overlaps_are_hidden_in_table_and_picture(page_text: Reader) -> None:
    assert [HOSTILE, "One category: outdoor", "<10", "\N{EN DASH}"] in page_text.cells
    assert ["Lapsed", "One category: outdoor", "0", "0%"] in page_text.cells
    shares = page_text.drawings["pictures"]["overlap"]["data"][0]["z"]
    assert shares == [[None, 0.6, 0.0], [0.6, None, None], [0.0, None, None]]
    assert ": 7 people" not in page_text.ours
    assert ": fewer than 10 people" in page_text.ours
    assert "An overlap of 1 to 9 people is shown as <10." in " ".join(page_text.text)


def test_the_smallest_shown_overlap_is_the_caller_s_choice(tmp_path: Path) -> None:
    now = published(tmp_path / "now", rows_of(NOW))
    page = Reader(write_report(now, None, (), tmp_path / "r.html", smallest_cell=7).read_text())
    assert [HOSTILE, "One category: outdoor", "7", "58%"] in page.cells


def test_the_page_holds_no_address_no_hash_and_no_key_of_a_person(page_text: Reader) -> None:
    assert not re.search(r"\S@\S", page_text.ours)
    assert "C-1" not in page_text.ours
    assert not re.search(r"[0-9a-f]{64}", page_text.ours)
    assert sha256(email(8)) not in "".join(page_text.scripts)


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, page_file: Path) -> None:
    now = published(tmp_path / "now", rows_of(NOW))
    before = published(tmp_path / "before", rows_of(BEFORE), "2026-06-29")
    again = write_report(now, before, RECEIPTS, tmp_path / "elsewhere.html")
    assert again.read_bytes() == page_file.read_bytes()


def test_only_the_page_is_left_in_its_folder(page_file: Path) -> None:
    assert [file.name for file in page_file.parent.iterdir()] == ["report.html"]


def test_the_footer_says_which_generation_this_is(page_text: Reader) -> None:
    for said in (
        "30 June 2026, 00:00 UTC",
        "20260630T000000-0123456789ab",
        "6b1c5b3e-3b1f-4c0e-9a70-5d8b0a3f2c11",
    ):
        assert said in page_text.text


def test_receipts_close_and_a_platform_that_does_not_count_is_named(page_text: Reader) -> None:
    for line in RECEIPTS:
        parts = line.accepted + line.invalid + line.retried + line.left_out + line.pending
        assert parts == line.sent
    bars = page_text.drawings["pictures"]["receipts"]["data"]
    assert [sum(bar["x"][place] for bar in bars) for place in (0, 1)] == [20, 4]
    said = " ".join(page_text.text)
    assert "TikTok gives no count of its own: accepted is what was said yes to." in said


def test_the_bars_of_readiness_add_up_to_all_people(page_text: Reader) -> None:
    bars = page_text.drawings["pictures"]["readiness"]["data"]
    assert [bar["x"] for bar in bars] == [[18], [6], [2], [1]]


def test_a_generation_without_readiness_is_still_reported(tmp_path: Path) -> None:
    now = published(tmp_path / "now", rows_of(NOW))
    tables = {name: table for name, table in now.tables.items() if name != "fct_match_readiness"}
    older = replace(now, tables=tables)
    page = Reader(write_report(older, None, (), tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "Match-readiness is not known" in page.text


def test_many_platforms_fit_in_one_heading(tmp_path: Path) -> None:
    rows = rows_of(NOW)
    rows["fct_audience_members"] += [
        ("aud_win_back", name, email(person), sha256(email(person)), None, "1", False)
        for name, people in (("google", 9), ("snapchat", 3), ("x", 20))
        for person in range(people)
    ]
    now = published(tmp_path / "now", rows)
    page = Reader(write_report(now, None, (), tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "Of 1,240 people, from 3 (Snapchat) to 20 (X) can be reached on 4 platforms" in page.text


def test_a_first_generation_says_that_there_is_nothing_to_compare(tmp_path: Path) -> None:
    now = published(tmp_path / "now", rows_of(NOW))
    page = Reader(write_report(now, None, (), tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "This is the first generation: there is nothing to compare it with" in page.text
    assert "Nothing has been pushed yet" in page.text
    assert ["Identifiers at Meta", "", "not pushed"] in page.cells
    assert "changes" not in page.drawings["pictures"]


def test_steps_that_do_not_add_up_are_said(tmp_path: Path) -> None:
    rows = rows_of(NOW)
    rows["fct_audience_funnel"].pop(3)
    page = Reader(
        write_report(published(tmp_path / "now", rows), None, (), tmp_path / "r.html").read_text()
    )
    assert "The steps do not add up: they leave 21 people." in page.text


def test_an_empty_generation_still_makes_a_page(browser: Browser, tmp_path: Path) -> None:
    now = published(tmp_path / "now", {})
    before = published(tmp_path / "before", {}, "2026-06-29")
    page, faults = opened(browser, write_report(now, before, (), tmp_path / "r.html"))
    assert page.inner_text("h1") == "0 people, and nobody can be reached yet"
    assert drawn_marks(page) == {}
    assert faults == []


def test_segments_and_audiences_of_nobody_still_make_a_page(
    browser: Browser, tmp_path: Path
) -> None:
    rows = segment_rows(dict.fromkeys(NOW, ()))
    rows["fct_audience_funnel"] = [("aud_win_back", "meta", *step[:3], 0) for step in FUNNEL]
    now = published(tmp_path / "now", rows)
    page, faults = opened(browser, write_report(now, now, (), tmp_path / "r.html"))
    assert "Win back on Meta: nobody is in its segments" in page.inner_text("main")
    assert "Nobody is in a segment" in page.inner_text("main")
    assert faults == []


def test_an_absent_table_is_named(tmp_path: Path) -> None:
    now = published(tmp_path / "now", {})
    del now.tables["fct_sessions"]
    with pytest.raises(GateError, match="has no table fct_sessions: run `dbt build`"):
        write_report(now, None, (), tmp_path / "r.html")


def test_a_damaged_table_is_no_traceback(tmp_path: Path) -> None:
    now = published(tmp_path / "now", rows_of(NOW))
    now.tables["fct_sessions"].file.write_bytes(b"not Parquet")
    with pytest.raises(GateError, match="cannot be read"):
        write_report(now, None, (), tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    now = published(tmp_path / "now", {})
    (tmp_path / "taken").mkdir()
    with pytest.raises(ConfigError, match="taken"):
        write_report(now, None, (), tmp_path / "taken")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["now", "taken"]


def test_a_share_never_rounds_to_nothing_or_to_everything() -> None:
    assert words.share(1, 1000) == "<1%"
    assert words.share(999, 1000) == ">99%"
    assert (words.share(0, 9), words.share(9, 9), words.share(0, 0)) == (
        "0%",
        "100%",
        "\N{EN DASH}",
    )


def test_long_numbers_fit_narrow_cells() -> None:
    numbers = (9, 9_999, 10_000, 999_499, 999_999, 1_240_000)
    assert [words.short(number) for number in numbers] == [
        "9", "9,999", "10k", "999k", "1.0M", "1.2M",
    ]  # fmt: skip
