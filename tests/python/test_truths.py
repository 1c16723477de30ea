"""The demo world's people are exactly where its plan says they are; and the build is repeatable."""

import shutil
from collections.abc import Callable

import pytest
from worlds import PROJECT, World, failures

# People by the subjects that the truths name them with.
SUBJECTS = """
    select distinct identifier_type as subject_type, identifier as subject, person_id
    from fct_person_identifiers where identifier_type in ('customer_id', 'email')
"""
PUBLIC = (
    "dim_people",
    "dim_segments",
    "fct_audience_funnel",
    "fct_audience_members",
    "fct_baskets",
    "fct_daily_activity",
    "fct_exclusions",
    "fct_person_value",
    "fct_row_counts",
    "fct_segment_members",
    "fct_segment_overlap",
    "fct_sessions",
)


def truth(world: World, name: str) -> str:
    return f"read_parquet('{world.raw / 'truth' / name}.parquet')"


def segments(world: World) -> list[str]:
    return [name for (name,) in world.query("select distinct segment_name from dim_segments")]


def test_every_segment_holds_exactly_the_people_planted_in_it(demo_world: World) -> None:
    planted = demo_world.query(
        f"""select distinct segment_name, coalesce(segment_key, ''), person_id
            from {truth(demo_world, "truth_segment_members")}
            left join ({SUBJECTS}) using (subject_type, subject) order by all"""
    )
    found = demo_world.query(
        "select segment_name, segment_key, person_id from fct_segment_members order by all"
    )
    assert found == planted
    assert {name for name, _, _ in planted} == set(segments(demo_world))


def test_every_exclusion_holds_exactly_the_people_planted_in_it(demo_world: World) -> None:
    planted = demo_world.query(
        f"""select distinct exclusion_name, scope, person_id
            from {truth(demo_world, "truth_exclusions")}
            left join ({SUBJECTS}) using (subject_type, subject) order by all"""
    )
    found = demo_world.query(
        f"""select exclusion_name, scope, person_id from fct_exclusions
            where scope in ('everywhere', 'where_named', 'meta', 'google') and person_id in (
                select person_id from {truth(demo_world, "truth_people")}
                join ({SUBJECTS}) using (subject_type, subject))
            order by all"""
    )
    assert found == planted
    # As shipped, there is a legal basis in every country.
    files = {file.stem for file in (PROJECT / "models/exclusions").glob("*.sql")}
    assert {name for name, _, _ in planted} == files - {"exc_no_basis_in_country"}


def test_one_human_is_one_person_and_strangers_stay_apart(demo_world: World) -> None:
    [(subjects, humans, people, pairs)] = demo_world.query(
        f"""select count(*), count(distinct human_id), count(distinct person_id),
                count(distinct (human_id, person_id))
            from {truth(demo_world, "truth_people")}
            left join ({SUBJECTS}) using (subject_type, subject)"""
    )
    assert humans == people == pairs
    assert subjects > humans


def test_sessions_and_their_events_are_those_of_the_plan(demo_world: World) -> None:
    assert demo_world.query(
        "select source, count(*), sum(event_count) from fct_sessions group by source order by all"
    ) == demo_world.query(
        f"""select source, session_count, event_count from {truth(demo_world, "truth_sessions")}
            order by all"""
    )


def test_every_raw_row_seen_at_as_of_is_accepted_a_duplicate_or_rejected(demo_world: World) -> None:
    seen = "received_at is null or received_at <= timestamp '2026-06-30'"
    [(rows,)] = demo_world.query(
        f"""select count(*) from read_parquet('{demo_world.raw}/pixel_events.parquet')
            where (occurred_at is null or occurred_at <= timestamp '2026-06-30') and ({seen})"""
    )
    counts = dict(
        demo_world.query(
            "select outcome, cast(sum(row_count) as bigint) from fct_row_counts"
            " where table_name = 'pixel_events' group by outcome"
        )
    )
    assert sum(counts.values()) == rows
    assert set(counts) == {"accepted", "duplicate", "rejected"}
    assert (
        demo_world.query(
            "select * from fct_row_counts where outcome = 'rejected' and reason is null"
        )
        == []
    )


@pytest.fixture(scope="module")
def again(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("again"))
    shutil.copytree(demo_world.raw, world.raw)
    shutil.copy(demo_world.database, world.database)
    world.build("--threads", "1", command="run")
    return world


@pytest.mark.parametrize("table", PUBLIC)
def test_a_second_build_with_another_number_of_threads_gives_the_same_rows(
    demo_world: World, again: World, table: str
) -> None:
    rows = f"select * from {table} order by all"
    assert again.query(rows) == demo_world.query(rows)
    assert demo_world.query(f"select count(*) > 0 from {table}") == [(True,)]


@pytest.mark.parametrize(
    ("table", "statement", "remedy"),
    [
        (
            "pixel_events",
            "select 'e' as event_id, 'v' as anonymous_id, 'page_view' as event_name",
            "missing column: pixel_events has no column occurred_at",
        ),
        (
            "pixel_events",
            """select 'e' as event_id, 'v' as anonymous_id, 'page_view' as event_name,
                'yesterday' as occurred_at""",
            "wrong type: pixel_events.occurred_at is VARCHAR",
        ),
        (
            "shop_orders",
            "select 'o' as order_id, 'c' as customer_id, 12 as ordered_at",
            "wrong type: shop_orders.ordered_at is INTEGER",
        ),
        # An age that cannot be read might be a minor's.
        (
            "crm_customers",
            "select 'c' || range as customer_id, 'yesterday' as birth_date from range(2)",
            "wrong type: crm_customers.birth_date is VARCHAR",
        ),
    ],
)
def test_a_raw_table_that_breaks_the_contract_stops_the_build_in_one_line(
    new_world: Callable[[str], World], table: str, statement: str, remedy: str
) -> None:
    world = new_world("broken")
    world.write(table, statement)
    outcome = world.dbt("run", "--select", f"stg_{table.replace('_', '__', 1)}")
    assert not outcome.success
    message = failures(outcome)
    assert remedy in message
    assert "yesterday" not in message


def test_optional_values_that_cannot_be_read_are_left_empty_and_counted(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("dirty")
    world.write(
        "crm_customers",
        """select * from (values ('a', 'perhaps', 'soon'), ('b', 'yes', null), ('b', 'yes', null),
            (null, 'no', null)) as rows (customer_id, is_employee, updated_at)""",
    )
    world.build("--select", "+stg_crm__customers", "+stg_row_counts")
    assert world.query("select customer_id, is_employee from stg_crm__customers order by all") == [
        # Who may be an employee is kept away.
        ("a", True),
        ("b", True),
    ]
    assert world.query("select outcome, reason, row_count from stg_row_counts order by all") == [
        ("accepted", "left empty, cannot be read: updated_at", 1),
        ("accepted", None, 1),
        ("duplicate", "same customer_id as another row", 1),
        ("rejected", "customer_id is missing", 1),
    ]


def test_a_line_that_is_no_csv_stops_the_build_and_is_not_printed(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("csv")
    table = world.raw / "crm_customers.csv"
    table.write_text("customer_id,email\nc1,c1@example.com\n", encoding="utf-8")
    world.build("--select", "+stg_crm__customers")
    assert world.query("select customer_id from stg_crm__customers") == [("c1",)]
    with table.open("a", encoding="utf-8") as file:
        file.write("c2,canary@example.com,one,too,many\n")
    outcome = world.dbt("build", "--select", "stg_crm__customers")
    assert not outcome.success
    assert "wrong type: 1 lines of" in failures(outcome)
    logs = "".join(path.read_text(encoding="utf-8") for path in world.folder.rglob("*.log"))
    assert "canary@" not in failures(outcome) + logs


def test_without_any_raw_table_everything_is_empty_and_nothing_fails(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("nothing")
    world.write("unrelated", "select 1 as one")
    world.build(command="run")
    assert world.query("select count(*) from dim_people") == [(0,)]
    assert world.query("select count(*) from dim_segments") == [(6,)]
