"""Every spelling of a time, amount, date of birth, flag or id is read right or counted."""

import csv
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from worlds import World

NOON = datetime(2026, 6, 1, 12)
TIMES: dict[str, datetime | None] = {
    "2026-06-01T12:00:00Z": NOON,
    "2026-06-01 14:00:00+02:00": NOON,
    "2026-06-01T06:30:00-0530": NOON,
    "2026-06-01 14:00:00+02": NOON,
    "2026-06-01T12:00:00.000000000 UTC": NOON,
    "2026-06-01 12:00 GMT": NOON,
    "1780315200": NOON,
    "1780315200000": NOON,
    "1780315200000000": NOON,
    "2026-06-01": datetime(2026, 6, 1),
    "2026-02-30 12:00:00": None,
    "01/06/2026": None,
    "26-06-01 12:00:00": None,
}
AMOUNTS: dict[str, str | None] = {
    "20,50": "20.5",
    "1.250,00": "1250",
    "1,250.00": "1250",
    "R$ 1.250,00": "1250",
    "1\u202f250,00 \u20ac": "1250",
    "EUR 12.5": "12.5",
    "(12.50)": "-12.5",
    "12.50-": "-12.5",
    "-3": "-3",
    "0,250": "0.25",
    "1.250.000": "1250000",
    "1.250": None,
    "1,250": None,
    "1e15": None,
    "1000000000000": None,
    "nan": None,
    "inf": None,
    "12 apples": None,
}
BIRTHS: dict[str, date | None] = {
    "2010-09-01": date(2010, 9, 1),
    "20100901": date(2010, 9, 1),
    "2010/09/01": date(2010, 9, 1),
    "2010-09-01T00:00:00Z": date(2010, 9, 1),
    "25/12/2000": date(2000, 12, 25),
    "12/25/2000": date(2000, 12, 25),
    "01/02/2000": None,
    "10-09-01": None,
    "1890-01-01": None,
    "2030-01-01": None,
    "2001-02-29": None,
}
FLAGS = {
    "si": True,
    "S\u00ed": True,
    "x": True,
    "n\u00e3o": False,
    "No": False,
    "0": False,
    "hmm": True,
}
IDS: dict[str, str | None] = {
    "1001.0": "1001",
    "007": "007",
    "aB": "aB",
    "1.0E+05": None,
    "null": None,
    "0": None,
    "00000000-0000-0000-0000-000000000000": None,
    "guest": None,
}


def write(world: World, table: str, columns: str, rows: list[tuple[str, ...]]) -> None:
    world.raw.mkdir(parents=True, exist_ok=True)
    with (world.raw / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns.split(), *rows])


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("typed"))
    orders = [(f"t{n}", "", "2026-06-01", "1", text) for n, text in enumerate(TIMES)]
    orders += [(f"a{n}", "", "2026-06-01", text, "") for n, text in enumerate(AMOUNTS)]
    orders += [(f"i{n}", text, "2026-06-01", "1", "") for n, text in enumerate(IDS)]
    orders += [("late", "", "01/06/2026", "1", "")]
    write(world, "shop_orders", "order_id customer_id ordered_at amount refunded_at", orders)
    people = [(f"b{n}", text, "no") for n, text in enumerate(BIRTHS)]
    people += [(f"f{n}", "", text) for n, text in enumerate(FLAGS)]
    write(world, "crm_customers", "customer_id birth_date is_employee", people)
    models = "stg_shop__orders stg_crm__customers +stg_unread_values +stg_row_counts"
    world.build("--select", *models.split(), command="run")
    return world


def read(world: World, letter: str, column: str, model: str, key: str) -> list[Any]:
    found = dict(
        world.query(f"select {key}, {column} from {model} where {key} similar to '{letter}[0-9]+'")
    )
    return [found[f"{letter}{number}"] for number in range(len(found))]


def test_each_spelling_is_read_or_left_empty(typed: World) -> None:
    orders = ("stg_shop__orders", "order_id")
    people = ("stg_crm__customers", "customer_id")
    amounts = [None if text is None else Decimal(text) for text in AMOUNTS.values()]
    assert read(typed, "t", "refunded_at", *orders) == list(TIMES.values())
    assert read(typed, "a", "amount", *orders) == amounts
    assert read(typed, "i", "customer_id", *orders) == list(IDS.values())
    assert read(typed, "b", "birth_date", *people) == list(BIRTHS.values())
    assert read(typed, "f", "is_employee", *people) == list(FLAGS.values())


def test_what_is_not_read_is_counted_and_stops_the_gate_where_it_bars(typed: World) -> None:
    counted = typed.query("""
        select column_name, sum(value_count)::int, bool_or(stops_gate)
        from stg_unread_values
        group by column_name
        order by column_name
    """)
    unread = {
        "amount": (sum(value is None for value in AMOUNTS.values()), False),
        "birth_date": (sum(value is None for value in BIRTHS.values()), True),
        "customer_id": (sum(value is None for value in IDS.values()), False),
        "is_employee": (1, False),
        "ordered_at": (1, False),
        "refunded_at": (sum(value is None for value in TIMES.values()), False),
    }
    assert {name: (count, stops) for name, count, stops in counted} == unread
    assert ("rejected", 1) in typed.query("""
        select outcome, sum(row_count)::int from stg_row_counts
        where table_name = 'shop_orders' group by outcome
    """)
