"""Two real data sets, mapped as the README's "Bring your own data" says."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from worlds import SHARED, World

PAGE_VIEWS = SHARED / "data/pageviews/pageviews.parquet"
ORDERS = SHARED / "data/orders/online_retail_2009_2010.parquet"
pytestmark = pytest.mark.skipif(not PAGE_VIEWS.exists(), reason="../shared/data is not here")

FIRST_DAY = datetime(2014, 1, 7)
DAYS = 16
EVENTS = f"""
    select event_id, anonymous_id, event_type as event_name, timestamp as occurred_at,
        url as page_url
    from '{PAGE_VIEWS}'
"""
# Less than +fct_sessions: what else is upstream does not change from day to day here.
SESSIONS = (
    "--select",
    *(
        "stg_pixel__events",
        "int_events",
        "int_events_seen",
        "int_events_profiled",
        "int_sessions+1",
        "fct_sessions",
    ),
)
ALL_SESSIONS = "select * from fct_sessions order by all"


@pytest.fixture(scope="module")
def page_views(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("page_views"))
    world.write("pixel_events", EVENTS)
    world.build("--select", "+fct_sessions", as_of="2014-02-01 00:00:00", command="run")
    return world


def test_63524_page_views_are_22224_sessions_of_which_59_cross_midnight(page_views: World) -> None:
    assert page_views.query(
        "select count(*), count_if(cast(started_at as date) <> cast(ended_at as date)),"
        " sum(event_count), count_if(channel <> 'direct') from fct_sessions"
    ) == [(22_224, 59, 63_524, 0)]


@pytest.mark.soak
def test_fed_one_day_at_a_time_the_sessions_equal_the_full_run(
    page_views: World, new_world: Callable[[str], World]
) -> None:
    world = new_world("days")
    for day in range(DAYS):
        until = FIRST_DAY + timedelta(days=day + 1)
        world.write("pixel_events", f"{EVENTS} where timestamp < timestamp '{until}'")
        selection = ("--select", "+fct_sessions") if day == 0 else SESSIONS
        world.build(*selection, as_of="2014-02-01 00:00:00", command="run")
    assert world.query(ALL_SESSIONS) == page_views.query(ALL_SESSIONS)


@pytest.mark.soak
def test_the_days_may_arrive_in_reverse_and_the_clock_may_follow_arrival(
    page_views: World, new_world: Callable[[str], World]
) -> None:
    world = new_world("reverse")
    # The last day is received first, on 1 February; the first day last, sixteen days later.
    world.write(
        "pixel_events",
        f"""select *, timestamp '2014-02-01' + interval 1 day
            * (date '2014-01-22' - cast(occurred_at as date)) as received_at from ({EVENTS})""",
    )
    for day in range(DAYS):
        now = datetime(2014, 2, 1, 12) + timedelta(days=day)
        selection = ("--select", "+fct_sessions") if day == 0 else SESSIONS
        world.build(*selection, as_of=str(now), command="run")
        if day == 0:
            assert world.query("select min(cast(started_at as date)) from fct_sessions") == [
                (datetime(2014, 1, 22).date(),)
            ]
    assert world.query(ALL_SESSIONS) == page_views.query(ALL_SESSIONS)


@pytest.mark.soak
def test_a_later_run_may_look_from_an_earlier_day(
    page_views: World, new_world: Callable[[str], World]
) -> None:
    world = new_world("earlier")
    world.write("pixel_events", EVENTS)
    world.build("--select", "+fct_sessions", as_of="2014-02-01 00:00:00", command="run")
    world.build(*SESSIONS, as_of="2014-01-15 12:00:00", command="run")
    earlier = world.query(ALL_SESSIONS)
    world.build(*SESSIONS, "--full-refresh", as_of="2014-01-15 12:00:00", command="run")
    assert earlier == world.query(ALL_SESSIONS)
    world.build(*SESSIONS, as_of="2014-02-01 00:00:00", command="run")
    assert world.query(ALL_SESSIONS) == page_views.query(ALL_SESSIONS)


def test_4312_people_have_recency_frequency_and_monetary_value_to_the_cent(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("orders")
    world.write(
        "shop_orders",
        f"""select invoice_no as order_id, cast(min(customer_id) as varchar) as customer_id,
                min(invoice_at) as ordered_at, 'GBP' as currency,
                case when starts_with(invoice_no, 'C') then 'cancelled' else 'paid' end as status
            from '{ORDERS}' group by invoice_no""",
    )
    world.write(
        "shop_order_items",
        f"""select invoice_no as order_id, row_number() over (partition by invoice_no)
                as line_number, stock_code as product_id, quantity, unit_price
            from '{ORDERS}'""",
    )
    world.build("--select", "+fct_person_value", as_of="2010-12-10 00:00:00")
    # Independent of the models: straight from the lines.
    expected = f"""
        select cast(customer_id as varchar) as customer_id,
            date '2010-12-10' - max(cast(invoice_at as date)) as recency_days,
            count(distinct invoice_no) as frequency,
            sum(round(cast(quantity * unit_price as decimal(18, 6)), 2)) as monetary_amount
        from '{ORDERS}'
        where customer_id is not null and quantity > 0 and unit_price > 0
        group by 1"""
    columns = "customer_id, recency_days, frequency, monetary_amount"
    assert world.query("select count(*) from fct_person_value") == [(4_312,)]
    assert world.query(f"select {columns} from fct_person_value order by all") == world.query(
        f"select {columns} from ({expected}) order by all"
    )
