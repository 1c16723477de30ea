"""The demo world: the same bytes for the same arguments, dirty as promised, true as planned."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import phonenumbers
import pytest

from tamiz.demo_data import make_demo_world
from tamiz.demo_data.contract import COLUMNS, TRUTHS, columns_of
from tamiz.errors import ConfigError

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
PEOPLE = 600
DAYS = 30
COUNTRIES = {
    "españa": "ES", "spain": "ES", "méxico": "MX", "mexico": "MX", "argentina": "AR",
    "brasil": "BR", "brazil": "BR", "portugal": "PT", "estados unidos": "US",
    "united states": "US", "reino unido": "GB", "united kingdom": "GB",
}  # fmt: skip


def make(out: Path, **changed: Any) -> dict[str, int]:
    arguments: dict[str, Any] = {"people": 120, "days": 14, "seed": 7, "as_of": AS_OF}
    return make_demo_world(**{**arguments, "say": lambda _: None, **changed}, out=out)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(sql.replace("RAW", str(folder))).fetchall()


def one(folder: Path, sql: str) -> Any:
    return rows(folder, sql)[0][0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "raw"
    make(out, people=PEOPLE, days=DAYS)
    return out


def test_the_same_arguments_give_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    make(tmp_path / "one", people=700, days=90, threads=1)
    make(tmp_path / "two", people=700, days=90, threads=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    make(tmp_path / "seven")
    make(tmp_path / "eight", seed=8)
    seven, eight = digests(tmp_path / "seven"), digests(tmp_path / "eight")
    assert seven.keys() == eight.keys()
    # Campaigns are the same in every world; everything else is drawn.
    drawn = [f"{table}.parquet" for table in COLUMNS if table != "ads_campaigns"]
    assert [file for file in drawn if seven[file] == eight[file]] == []


def test_a_moment_with_a_zone_is_the_same_moment_in_utc(tmp_path: Path) -> None:
    make(tmp_path / "raw")
    said: list[str] = []
    there = datetime(2026, 6, 30, 2, tzinfo=timezone(timedelta(hours=2)))
    make(tmp_path / "raw", as_of=there, say=said.append)
    assert said == [f"{tmp_path / 'raw'} holds this world already"]


@pytest.mark.parametrize("table", [*COLUMNS, *(f"truth/{table}" for table in TRUTHS)])
def test_every_column_is_written_in_its_type(world: Path, table: str) -> None:
    declared = columns_of({**COLUMNS, **TRUTHS}[table.removeprefix("truth/")])
    described = rows(world, f"describe select * from 'RAW/{table}.parquet'")
    assert [(name, kind.lower()) for name, kind, *_ in described] == declared
    assert one(world, f"select count(*) from 'RAW/{table}.parquet'") > 0


def test_the_marker_counts_what_is_in_the_files(world: Path) -> None:
    marker = json.loads((world / "demo_world.json").read_text())
    assert marker["arguments"]["people"] == PEOPLE
    for table, count in marker["row_counts"].items():
        assert one(world, f"select count(*) from 'RAW/{table}.parquet'") == count


def test_a_world_that_is_there_is_left_alone_and_another_one_replaces_it(tmp_path: Path) -> None:
    out = tmp_path / "raw"
    counts = make(out)
    written_at = (out / "pixel_events.parquet").stat().st_mtime_ns
    assert make(out) == counts
    assert (out / "pixel_events.parquet").stat().st_mtime_ns == written_at
    make(out, seed=8)
    assert json.loads((out / "demo_world.json").read_text())["arguments"]["seed"] == 8
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_what_was_not_made_here_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "raw" / "mine.csv"
    mine.parent.mkdir()
    mine.write_text("precious")
    with pytest.raises(ConfigError, match="no demo world"):
        make(mine.parent)
    assert mine.read_text() == "precious"
    with pytest.raises(ConfigError, match="no demo world"):
        make(mine)


def test_a_run_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail_late(line: str) -> None:
        if line == "writing shop_orders":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "raw", say=fail_late)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("changed", [{"people": 5}, {"days": 3}, {"days": 5000}])
def test_a_world_too_small_to_hold_everything_is_refused(
    tmp_path: Path, changed: dict[str, int]
) -> None:
    with pytest.raises(ConfigError, match="--"):
        make(tmp_path / "raw", **changed)


def test_events_are_as_dirty_as_promised(world: Path) -> None:
    bots, again, late, unseen = rows(
        world,
        """
        select
            count(*) filter (user_agent ~* 'bot|crawl|spider|slurp|headless|monitor') / count(*),
            1 - count(distinct event_id) / count(event_id),
            count(*) filter (received_at > occurred_at + interval 1 hour) / count(*),
            count(*) filter (received_at > timestamp '2026-06-30') / count(*)
        from 'RAW/pixel_events.parquet'
        """,
    )[0]
    assert 0.03 < bots < 0.07
    assert 0.015 < again < 0.03
    assert 0.03 < late < 0.06
    assert 0.001 < unseen < 0.02


def test_a_few_visitors_make_many_of_the_events(world: Path) -> None:
    top_share, people = rows(
        world,
        """
        with visitors as (
            select count(*) as event_count from 'RAW/pixel_events.parquet'
            where user_agent not similar to '.*([Bb]ot|[Cc]rawl|spider|Slurp|Headless|onitor).*'
            group by anonymous_id
        ),
        ranked as (
            select *, percent_rank() over (order by event_count) as place from visitors
        )
        select sum(event_count) filter (place > 0.9) / sum(event_count), count(*) from ranked
        """,
    )[0]
    assert people > 500
    assert 0.3 < top_share < 0.8


def test_the_pixel_file_lies_in_order_of_arrival(world: Path) -> None:
    backwards = """
        select count(*) from (
            select coalesce(received_at, occurred_at) as arrived_at,
                lag(coalesce(received_at, occurred_at)) over (order by file_row_number) as before
            from read_parquet('RAW/pixel_events.parquet', file_row_number = true)
            where occurred_at is not null
        ) where arrived_at < before
    """
    assert one(world, backwards) == 0


def test_gaps_of_exactly_thirty_minutes_and_one_second_more_are_there(world: Path) -> None:
    gaps = dict(
        rows(
            world,
            """
            with events as (
                select distinct event_id, anonymous_id, occurred_at from 'RAW/pixel_events.parquet'
            ),
            gaps as (
                select occurred_at - lag(occurred_at) over (
                    partition by anonymous_id order by occurred_at
                ) as gap from events
            )
            select cast(epoch(gap) as integer), count(*) from gaps
            where gap in (interval 1800 second, interval 1801 second) group by all
            """,
        )
    )
    assert gaps[1800] > 3
    assert gaps[1801] > 3


def test_most_phone_numbers_are_valid_and_some_are_not(world: Path) -> None:
    numbers = rows(
        world, "select phone, country from 'RAW/crm_customers.parquet' where phone <> ''"
    )
    valid = 0
    for number, country in numbers:
        try:
            parsed = phonenumbers.parse(number, COUNTRIES.get(country.lower(), country.upper()))
        except phonenumbers.NumberParseException:
            continue
        valid += phonenumbers.is_valid_number(parsed)
    assert 0.88 < valid / len(numbers) < 0.98


def test_addresses_are_on_reserved_domains_only(world: Path) -> None:
    strays = """
        select count(*) from 'RAW/crm_customers.parquet'
        where email like '%@%.%'
        and not regexp_matches(trim(email, chr(9) || ' '),
            '[@.](example\\.(com|org|net)|[a-z.]+\\.(example|test))$', 'i')
    """
    assert one(world, strays) == 0


def test_every_segment_and_exclusion_has_members(world: Path) -> None:
    segments = dict(rows(world, "select segment_name, count(*) from 'RAW/truth/"
                                "truth_segment_members.parquet' group by all"))  # fmt: skip
    assert segments.keys() == {
        "seg_cart_abandoners", "seg_visited_5_times_in_a_week", "seg_only_category",
        "seg_most_valued", "seg_lapsed", "seg_existing_customers",
    }  # fmt: skip
    assert min(segments.values()) > 10
    exclusions = rows(world, "select distinct exclusion_name, scope from "
                             "'RAW/truth/truth_exclusions.parquet'")  # fmt: skip
    assert set(exclusions) == {
        ("exc_opted_out", "everywhere"), ("exc_erased", "everywhere"),
        ("exc_under_age", "everywhere"), ("exc_employees", "where_named"),
        ("exc_recent_buyers", "where_named"), ("exc_company_people", "everywhere"),
        ("exc_test_accounts", "everywhere"), ("exc_deceased", "everywhere"),
        ("exc_no_ad_consent", "meta"), ("exc_no_ad_consent", "google"),
    }  # fmt: skip


def test_truths_name_each_human_once_and_only_known_subjects(world: Path) -> None:
    twice = """
        select count(*) - count(distinct (segment_name, segment_key, subject))
        from 'RAW/truth/truth_segment_members.parquet'
    """
    assert one(world, twice) == 0
    unknown = """
        select count(*) from 'RAW/truth/truth_exclusions.parquet' as truths
        anti join 'RAW/truth/truth_people.parquet' using (subject_type, subject)
    """
    assert one(world, unknown) == 0
    humans = "select count(distinct human_id) from 'RAW/truth/truth_people.parquet'"
    assert one(world, humans) == PEOPLE + PEOPLE * 8 // 100


def test_the_planned_sessions_are_found_less_those_of_who_refused_analytics(world: Path) -> None:
    counted = """
        with seen as (
            select distinct event_id, anonymous_id, occurred_at from 'RAW/pixel_events.parquet'
            where event_id is not null and anonymous_id is not null and event_name is not null
            and occurred_at <= timestamp '2026-06-30'
            and coalesce(received_at, occurred_at) <= timestamp '2026-06-30'
            and not coalesce(user_agent ~* 'bot|crawl|spider|slurp|headless|monitor', false)
        ),
        gaps as (
            select occurred_at - lag(occurred_at) over (
                partition by anonymous_id order by occurred_at, event_id
            ) as gap from seen
        )
        select count(*) filter (gap is null or gap > interval 30 minute), count(*) from gaps
    """
    planned = "select session_count, event_count from 'RAW/truth/truth_sessions.parquet'"
    [found], [counts] = rows(world, counted), rows(world, f"{planned} where source = 'pixel'")
    # Who refused analytics is in the events and in no session: a tenth or so of the visitors.
    assert all(0.8 * have < count < have for have, count in zip(found, counts, strict=True))


def test_a_web_purchase_is_in_the_pixel_and_in_the_shop(world: Path) -> None:
    both = """
        select count(distinct order_id) from 'RAW/pixel_events.parquet' as events
        semi join 'RAW/shop_orders.parquet' using (order_id)
        where event_name = 'purchase'
    """
    assert one(world, both) > 50


def test_canaries_are_in_the_customer_file_and_in_nasty_places(world: Path) -> None:
    kinds = dict(rows(world, "select kind, count(distinct value) from "
                             "'RAW/truth/canaries.parquet' group by all"))  # fmt: skip
    assert kinds["email"] >= 20
    assert kinds["phone"] >= 20
    for table, column, least in (
        ("crm_customers", "email", 20),
        ("pixel_events", "page_url", 5),
        ("pixel_events", "referrer_url", 1),
        ("social_mentions", "text", 1),
        ("survey_responses", "answer", 5),
        ("shop_orders", "email", 5),
        ("social_profiles", "bio", 1),
    ):
        found = one(
            world,
            f"""
            select count(distinct canaries.value) from 'RAW/truth/canaries.parquet' as canaries
            inner join 'RAW/{table}.parquet' as places on contains(places.{column}, canaries.value)
            """,
        )
        assert found >= least, (table, column)


def test_every_category_of_the_shop_is_in_a_group() -> None:
    seed = Path(__file__).parents[2] / "seeds" / "category_groups.csv"
    groups = dict(line.split(",") for line in seed.read_text().split()[1:])
    assert len(groups) == 9
    assert set(groups.values()) == {"outdoor", "sport", "home"}


def test_two_thousand_people_are_made_in_a_bounded_time(tmp_path: Path) -> None:
    started = time.process_time()
    counts = make(tmp_path / "raw", people=2000, days=20)
    # Seconds of processor, not of the clock: other work on the machine does not count.
    assert time.process_time() - started < 15
    assert counts["pixel_events"] > 20_000
